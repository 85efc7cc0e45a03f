import assert from "node:assert/strict";
import { fills } from "../support/books.ts";
import { eventually } from "../support/eventually.ts";
import { TradingSystem } from "../support/trading-system.ts";
import { itLetsOneBotTrade } from "./leader-lock-cases.ts";

/** The four roles against a real PostgreSQL and a real Redis; the tests build upon each other. */
describe("the four roles together", function () {
  this.timeout(60_000);
  const system = new TradingSystem();

  before(async function () {
    const missing = await system.setUp();
    if (missing !== undefined) {
      console.log(`      skipped: ${missing} on this machine`);
      this.skip();
    }
  });
  after(() => system.tearDown());

  it("are healthy and ready", async () => {
    for (const role of system.roles) {
      await role.said("ready");
      const health = await role.get("/health");
      assert.equal(health.status, 200, health.text);
      const { dependencies } = JSON.parse(health.text);
      const states = Object.entries<{ status: string }>(dependencies).map(([name, { status }]) => `${name} ${status}`);
      const expected = role === system.feed ? ["postgres unknown"] : ["messages healthy", "postgres healthy"];
      assert.deepEqual(states.sort(), [...expected, "redis healthy"]);
      assert.equal((await role.get("/ready")).status, 200);
    }
  });

  it("keep a price of every symbol in Redis, for a minute at most", async () => {
    for (const symbol of ["BTCUSDT", "ETHUSDT", "SOLUSDT"]) {
      const price = await eventually(async () => {
        const fields = await system.redis.hgetall(`price:${symbol}`);
        assert.deepEqual(Object.keys(fields).sort(), ["ask", "at", "bid", "last", "symbol", "volume"]);
        return fields;
      });
      assert.ok(Number(price["bid"]) < Number(price["last"]) && Number(price["last"]) < Number(price["ask"]));
      const ttl = await system.redis.ttl(`price:${symbol}`);
      assert.ok(ttl > 50 && ttl <= 60, `time to live ${ttl}`);
    }
    assert.deepEqual((await system.redis.zrange("prices:live", "0", "-1")).sort(), ["BTCUSDT", "ETHUSDT", "SOLUSDT"]);
    const updated = await system.feed.metric("trading_last_price_update_timestamp");
    const age = Date.now() / 1_000 - updated;
    assert.ok(age >= 0 && age < 10, `last price is ${age} s old`);
    assert.equal(await system.feed.metric("market_data_live_symbols"), 3);
  });

  it("turn prices into orders, orders into fills and fills into P&L", async () => {
    const { bot, risk, execution, books } = system;
    await books.atLeast(fills, 10);
    await books.atLeast("SELECT count(*) AS value FROM pnl_snapshots", 3);
    await eventually(async () => {
      assert.ok((await bot.metric("trading_orders_filled")) >= 10);
      assert.ok((await bot.metric("trading_orders_rejected")) >= 1);
    }, 30_000);
    const [total, filled, rejected] = await Promise.all(
      ["trading_orders_total", "trading_orders_filled", "trading_orders_rejected"].map((name) => bot.metric(name)),
    );
    assert.ok(total !== undefined && filled !== undefined && rejected !== undefined && total >= filled + rejected - 3);
    assert.notEqual(await bot.metric("trading_pnl_usd"), 0);
    assert.ok((await bot.metric("trading_drawdown_percent")) >= 0);
    assert.ok((await bot.metric("trading_open_positions")) >= 1);
    assert.equal(await bot.metric("trading_leader"), 1);
    const [meanMs, lastSeconds] = [
      await bot.metric("trading_order_execution_avg_ms"),
      await bot.metric("trading_order_execution_seconds"),
    ];
    assert.ok(meanMs >= 20 && meanMs < 30_000, `mean ${meanMs} ms`);
    assert.ok(lastSeconds >= 0.02 && lastSeconds < 30, `last ${lastSeconds} s`);
    assert.ok((await risk.metric("risk_orders_approved_total")) >= filled);
    assert.ok((await execution.metric("execution_orders_filled_total")) >= filled);
  });

  it("export the bot's metrics with their types and without labels", async () => {
    const { text } = await system.bot.get("/metrics");
    const types = [...text.matchAll(/^# TYPE (trading_\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`);
    assert.deepEqual(types.sort(), [
      "trading_drawdown_percent gauge",
      "trading_last_pnl_update_timestamp gauge",
      "trading_leader gauge",
      "trading_open_positions gauge",
      "trading_order_execution_avg_ms gauge",
      "trading_order_execution_seconds gauge",
      "trading_orders_filled counter",
      "trading_orders_rejected counter",
      "trading_orders_total counter",
      "trading_pnl_usd gauge",
    ]);
    assert.deepEqual(text.match(/^trading_\w+\{/gm), null);
  });

  it("fill each order once although the execution is killed in the middle of its work", async () => {
    for (let kill = 0; kill < 3; kill += 1) {
      await eventually(async () => {
        const [inFlight] = await system.messages.xpending("orders.approved", "order-execution");
        assert.ok(Number(inFlight) > 0, "no order is in flight");
      }, 30_000);
      assert.equal(await system.stop(system.execution, "SIGKILL"), "SIGKILL");
      const before = await system.books.number(fills);
      system.execution = system.start("order-execution");
      await system.books.atLeast(fills, before + 5);
    }
    await system.books.areRight();
  });

  it("go on after Redis has lost its data, and after the database has dropped its connections", async () => {
    await system.redis.flushall();
    const before = await system.books.number(fills);
    await system.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('trading-bot', 'risk-manager', 'order-execution')",
    );
    await system.books.atLeast(fills, before + 10);
    await system.books.areRight();
    for (const role of system.roles) {
      assert.equal((await role.get("/health")).status, 200);
    }
  });

  it("stop what goes beyond a limit of risk, and write down why", async () => {
    assert.equal(await system.stop(system.risk), 0);
    system.risk = system.start("risk-manager", { MAX_POSITION_SIZE: "1" });
    await system.books.atLeast("SELECT count(*) AS value FROM risk_events WHERE rule = 'max-position-size'", 3);
    const { rows } = await system.pool.query(
      "SELECT status, orders.reason FROM orders JOIN risk_events ON order_id = orders.id",
    );
    for (const { status, reason } of rows) {
      assert.equal(status, "rejected");
      assert.match(reason, /^max-position-size: position would be worth \d+\.\d\d USD, the limit is 1\.00 USD$/);
    }
    const { text } = await system.risk.get("/metrics");
    assert.match(text, /^risk_orders_rejected_total\{rule="max-position-size"\} [1-9]/m);
    assert.equal(await system.stop(system.risk), 0);
    system.risk = system.start("risk-manager");
  });

  it("execute nothing that was not signed for the account", async () => {
    assert.equal(await system.stop(system.execution), 0);
    system.execution = system.start("order-execution", { EXCHANGE_API_SECRET: "secret-of-another-account" });
    await system.books.atLeast("SELECT count(*) AS value FROM orders WHERE reason LIKE 'signature: %'", 1);
    assert.equal(await system.execution.metric("execution_orders_filled_total"), 0);
    assert.equal(await system.stop(system.execution), 0);
    system.execution = system.start("order-execution");
  });

  itLetsOneBotTrade(system);

  it("end with 0 and their last words when they are asked to, with the account written down", async () => {
    const snapshots = await system.books.number("SELECT max(id) AS value FROM pnl_snapshots");
    const { roles } = system;
    const began = performance.now();
    assert.deepEqual(await Promise.all(roles.map((role) => system.stop(role))), [0, 0, 0, 0]);
    assert.ok(performance.now() - began < 10_000);
    assert.deepEqual(
      roles.map((role) => role.messages.at(-1)),
      ["stopped", "stopped", "stopped", "stopped"],
    );
    assert.ok((await system.books.number("SELECT max(id) AS value FROM pnl_snapshots")) > snapshots);
    assert.equal((await system.messages.xlen("orders.approved")) > 0, true);
    assert.deepEqual(await system.messages.xinfo("CONSUMERS", "orders.approved", "order-execution"), []);
  });
});
