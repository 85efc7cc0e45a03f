import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import pg from "pg";
import { type Books, booksIn } from "../support/books.ts";
import { eventually } from "../support/eventually.ts";
import { RoleProcess } from "../support/role-process.ts";
import { type Services, startServices } from "../support/services.ts";

const sql = (name: string): string => readFileSync(join(import.meta.dirname, "../../sql", name), "utf8");

/** The four roles against a real PostgreSQL and a real Redis; the tests build upon each other. */
describe("the four roles together", function () {
  this.timeout(60_000);
  let services: Services;
  let pool: pg.Pool;
  let books: Books;
  let redis: Redis;
  let messages: Redis;
  const configDirectory = mkdtempSync(join(tmpdir(), "strategy-"));
  const running = new Set<RoleProcess>();

  const start = (role: string, environment: Readonly<Record<string, string>> = {}): RoleProcess => {
    const process = new RoleProcess(role, {
      DATABASE_URL: services.databaseUrl,
      REDIS_URL: services.redisUrl,
      MESSAGES_REDIS_URL: `${services.redisUrl}/1`,
      EXCHANGE_API_KEY: "key-of-the-account",
      EXCHANGE_API_SECRET: "secret-of-the-account",
      CONFIG_DIR: configDirectory,
      TICK_MS: "50",
      SNAPSHOT_MS: "500",
      SEED: "7",
      EXCHANGE_REJECT_RATE: "0.1",
      ...environment,
    });
    running.add(process);
    return process;
  };
  const stop = async (process: RoleProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<number | string> => {
    running.delete(process);
    return process.stop(signal);
  };
  const fills = "SELECT count(*) AS value FROM fills";

  let bot: RoleProcess;
  let feed: RoleProcess;
  let risk: RoleProcess;
  let execution: RoleProcess;

  before(async function () {
    const started = await startServices();
    if ("missing" in started) {
      console.log(`      skipped: ${started.missing} on this machine`);
      this.skip();
    }
    services = started;
    pool = new pg.Pool({ connectionString: services.databaseUrl });
    pool.on("error", () => {});
    books = booksIn(pool);
    redis = new Redis(services.redisUrl);
    messages = new Redis(`${services.redisUrl}/1`);
    for (const name of ["01-init.sql", "02-schema.sql", "01-init.sql", "02-schema.sql"]) {
      await pool.query(sql(name));
    }
    writeFileSync(join(configDirectory, "strategy.json"), JSON.stringify({ cooldownSeconds: 0 }));
    [bot, feed, risk, execution] = [
      start("trading-bot"),
      start("market-data"),
      start("risk-manager"),
      start("order-execution"),
    ];
  });

  after(async () => {
    await Promise.all([...running].map((process) => process.stop("SIGKILL")));
    rmSync(configDirectory, { recursive: true });
    if (services !== undefined) {
      redis.disconnect();
      messages.disconnect();
      await pool.end();
      await services.stop();
    }
  });

  it("are healthy and ready", async () => {
    for (const role of [bot, feed, risk, execution]) {
      await role.said("ready");
      const health = await role.get("/health");
      assert.equal(health.status, 200, health.text);
      const { dependencies } = JSON.parse(health.text);
      const states = Object.entries<{ status: string }>(dependencies).map(([name, { status }]) => `${name} ${status}`);
      const expected = role === feed ? ["postgres unknown"] : ["messages healthy", "postgres healthy"];
      assert.deepEqual(states.sort(), [...expected, "redis healthy"]);
      assert.equal((await role.get("/ready")).status, 200);
    }
  });

  it("keep a price of every symbol in Redis, for a minute at most", async () => {
    for (const symbol of ["BTCUSDT", "ETHUSDT", "SOLUSDT"]) {
      const price = await eventually(async () => {
        const fields = await redis.hgetall(`price:${symbol}`);
        assert.deepEqual(Object.keys(fields).sort(), ["ask", "at", "bid", "last", "symbol", "volume"]);
        return fields;
      });
      assert.ok(Number(price["bid"]) < Number(price["last"]) && Number(price["last"]) < Number(price["ask"]));
      const ttl = await redis.ttl(`price:${symbol}`);
      assert.ok(ttl > 50 && ttl <= 60, `time to live ${ttl}`);
    }
    assert.deepEqual((await redis.zrange("prices:live", "0", "-1")).sort(), ["BTCUSDT", "ETHUSDT", "SOLUSDT"]);
    const updated = await feed.metric("trading_last_price_update_timestamp");
    const age = Date.now() / 1_000 - updated;
    assert.ok(age >= 0 && age < 10, `last price is ${age} s old`);
    assert.equal(await feed.metric("market_data_live_symbols"), 3);
  });

  it("turn prices into orders, orders into fills and fills into P&L", async () => {
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
    const { text } = await bot.get("/metrics");
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
        const [inFlight] = await messages.xpending("orders.approved", "order-execution");
        assert.ok(Number(inFlight) > 0, "no order is in flight");
      }, 30_000);
      assert.equal(await stop(execution, "SIGKILL"), "SIGKILL");
      const before = await books.number(fills);
      execution = start("order-execution");
      await books.atLeast(fills, before + 5);
    }
    await books.areRight();
  });

  it("go on after Redis has lost its data, and after the database has dropped its connections", async () => {
    await redis.flushall();
    const before = await books.number(fills);
    await pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('trading-bot', 'risk-manager', 'order-execution')",
    );
    await books.atLeast(fills, before + 10);
    await books.areRight();
    for (const role of [bot, feed, risk, execution]) {
      assert.equal((await role.get("/health")).status, 200);
    }
  });

  it("stop what goes beyond a limit of risk, and write down why", async () => {
    assert.equal(await stop(risk), 0);
    risk = start("risk-manager", { MAX_POSITION_SIZE: "1" });
    await books.atLeast("SELECT count(*) AS value FROM risk_events WHERE rule = 'max-position-size'", 3);
    const { rows } = await pool.query(
      "SELECT status, orders.reason FROM orders JOIN risk_events ON order_id = orders.id",
    );
    for (const { status, reason } of rows) {
      assert.equal(status, "rejected");
      assert.match(reason, /^max-position-size: position would be worth \d+\.\d\d USD, the limit is 1\.00 USD$/);
    }
    const { text } = await risk.get("/metrics");
    assert.match(text, /^risk_orders_rejected_total\{rule="max-position-size"\} [1-9]/m);
    assert.equal(await stop(risk), 0);
    risk = start("risk-manager");
  });

  it("execute nothing that was not signed for the account", async () => {
    assert.equal(await stop(execution), 0);
    execution = start("order-execution", { EXCHANGE_API_SECRET: "secret-of-another-account" });
    await books.atLeast("SELECT count(*) AS value FROM orders WHERE reason LIKE 'signature: %'", 1);
    assert.equal(await execution.metric("execution_orders_filled_total"), 0);
    assert.equal(await stop(execution), 0);
    execution = start("order-execution");
  });

  it("let one bot of several trade, and the next one follow it", async () => {
    assert.equal(await stop(bot), 0);
    const bots = [
      start("trading-bot", { TRADING_LEADER_LOCK: "true" }),
      start("trading-bot", { TRADING_LEADER_LOCK: "true" }),
    ];
    const leading = (): Promise<number[]> => Promise.all(bots.map((each) => each.metric("trading_leader")));
    await eventually(async () => assert.deepEqual((await leading()).sort(), [0, 1]));
    const first = (await leading()).indexOf(1);
    const [leader, follower] = [bots[first], bots[1 - first]];
    assert.ok(leader && follower);
    const before = await books.number(fills);
    await books.atLeast(fills, before + 3);
    assert.equal(await follower.metric("trading_orders_total"), 0);
    assert.equal((await follower.get("/health")).status, 200);

    assert.equal(await stop(leader), 0);
    bot = follower;
    await eventually(async () => assert.equal(await follower.metric("trading_leader"), 1), 8_000);
    await eventually(async () => assert.ok((await follower.metric("trading_orders_filled")) >= 3), 30_000);
    await books.areRight();
  });

  it("never let two bots place orders, though one sleeps over its turn and wakes up again", async () => {
    const lock = { TRADING_LEADER_LOCK: "true" };
    const sleeper = bot;
    const other = start("trading-bot", lock);
    await other.said("ready");
    sleeper.signal("SIGSTOP");
    // By Redis it is the other's turn now, but the sleeper may have an order in its hands.
    await other.said("leading from now on");
    await other.said("taking the right to trade: failed, trying again");
    const asleep = await books.number("SELECT count(*) AS value FROM orders");
    await delay(2_000);
    assert.equal(await books.number("SELECT count(*) AS value FROM orders"), asleep);
    assert.equal(await other.metric("trading_leader"), 0);

    sleeper.signal("SIGCONT");
    await eventually(async () => assert.equal(await other.metric("trading_leader"), 1), 15_000);
    assert.equal(await sleeper.metric("trading_leader"), 0);
    const before = await sleeper.metric("trading_orders_total");
    await eventually(async () => assert.ok((await other.metric("trading_orders_filled")) >= 3), 30_000);
    assert.equal(await sleeper.metric("trading_orders_total"), before);
    await books.areRight();

    // Killed, it says nothing to anybody; its connection ends with it.
    assert.equal(await stop(other, "SIGKILL"), "SIGKILL");
    await eventually(async () => assert.equal(await sleeper.metric("trading_leader"), 1), 20_000);
    bot = sleeper;
  });

  it("never let two bots place orders, though Redis forgets whose turn it is", async () => {
    const other = start("trading-bot", { TRADING_LEADER_LOCK: "true" });
    await other.said("ready");
    for (let loss = 0; loss < 40; loss += 1) {
      await messages.del("lock:trading-bot");
      await delay(100);
    }
    await other.said("leading from now on");
    await eventually(async () => {
      const leading = [await bot.metric("trading_leader"), await other.metric("trading_leader")];
      assert.deepEqual(leading.sort(), [0, 1]);
    }, 30_000);
    const before = await books.number(fills);
    await books.atLeast(fills, before + 3);
    await books.areRight();
    assert.equal(await stop(other), 0);
  });

  it("end with 0 and their last words when they are asked to, with the account written down", async () => {
    const snapshots = await books.number("SELECT max(id) AS value FROM pnl_snapshots");
    const roles = [bot, feed, risk, execution];
    const began = performance.now();
    assert.deepEqual(await Promise.all(roles.map((role) => stop(role))), [0, 0, 0, 0]);
    assert.ok(performance.now() - began < 10_000);
    assert.deepEqual(
      roles.map((role) => role.messages.at(-1)),
      ["stopped", "stopped", "stopped", "stopped"],
    );
    assert.ok((await books.number("SELECT max(id) AS value FROM pnl_snapshots")) > snapshots);
    assert.equal((await messages.xlen("orders.approved")) > 0, true);
    assert.deepEqual(await messages.xinfo("CONSUMERS", "orders.approved", "order-execution"), []);
  });
});
