import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { dockerPlatform } from "./docker/platform";
import { eventually } from "./eventually";
import { removeOnExit } from "./harness/exit";
import { programs, PulumiStack } from "./harness/pulumi";

const hostPortBase = 20_000 + 100 * randomInt(30);

/** How often each job is scraped, as the system states it. */
const jobs: Readonly<Record<string, string>> = {
  alertmanager: "15s",
  cadvisor: "15s",
  "market-data": "15s",
  node: "15s",
  "order-execution": "15s",
  postgres: "15s",
  prometheus: "15s",
  redis: "15s",
  "redis-streams": "15s",
  "risk-manager": "15s",
  "trading-bot": "5s",
};
const alerts = ["HighDrawdown", "HighMemoryUsage", "MarketDataStale", "OrderExecutionSlow"];

interface Target {
  readonly labels: { readonly job: string };
  readonly health: string;
  readonly scrapeInterval: string;
}

describe("algo-trading on docker", function () {
  this.timeout(240_000);
  const namePrefix = `twofold-test-${randomBytes(4).toString("hex")}`;
  const prefix = `${namePrefix}-algo-trading`;
  const live = dockerPlatform.live(prefix);
  let stack: PulumiStack;
  let forgetExit: () => void;
  let addresses: Readonly<Record<string, string>>;

  before(async function () {
    this.timeout(1_800_000); // images may have to be built
    const missing = await dockerPlatform.missing();
    if (missing !== undefined) {
      console.log(`    skipped: ${missing}`);
      this.skip();
    }
    stack = await PulumiStack.create(namePrefix, randomBytes(12).toString("hex"), programs.catalogue);
    forgetExit = removeOnExit({ stack, settings: { platform: dockerPlatform.id, prefix } });
    await stack.configure({
      namePrefix,
      "hostPortBase.algo-trading": String(hostPortBase),
      subnets: "10.224.0.0/16",
      "algoTrading.development": "true",
    });
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    ({ "algo-trading": addresses = {} } = (await stack.output("addresses")) as Record<string, Record<string, string>>);
  });
  after(async () => {
    await live.sweep();
    stack.remove();
    forgetExit();
  });

  const get = async (service: string, path: string): Promise<Response> => {
    const base = addresses[service];
    assert.ok(base !== undefined, `${service} has no address`);
    const response = await fetch(`${base}${path}`, { signal: AbortSignal.timeout(5000) });
    assert.ok(response.ok, `${service}${path}: ${response.status}`);
    return response;
  };
  const inside = async (service: string, ...command: readonly string[]): Promise<string> => {
    const [instance] = await live.instances(service);
    assert.ok(instance !== undefined, `there is no ${service}`);
    const { code, stdout, stderr } = await live.exec(instance, command);
    assert.equal(code, 0, stderr);
    return stdout.trim();
  };
  const metric = async (name: string): Promise<number> => {
    const text = await (await get("trading-bot/http", "/metrics")).text();
    return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  };

  it("answers where it says, on this machine only", async () => {
    for (const [service, path] of Object.entries({
      "adminer/http": "/",
      "alertmanager/http": "/-/ready",
      "prometheus/http": "/-/ready",
      "redis-commander/http": "/",
      "trading-bot/http": "/health",
    }))
      await get(service, path);
    for (const address of Object.values(addresses)) assert.match(address, /^(http:\/\/)?127\.0\.0\.1:[23]\d{4}$/);
  });

  it("turns simulated prices into orders, fills and P&L", async () => {
    const sql = ["psql", "-h", "127.0.0.1", "-U", "trader", "-d", "trading", "-At", "-c"];
    await eventually(async () => {
      assert.ok(Number(await inside("postgres", ...sql, "SELECT count(*) FROM orders WHERE status = 'filled'")) >= 3);
      assert.ok((await metric("trading_orders_filled")) >= 3);
      assert.notEqual(await metric("trading_pnl_usd"), 0);
      assert.ok((await metric("trading_drawdown_percent")) >= 0);
    }, 90);
    const seconds = Number(await inside("redis", "redis-cli", "ttl", "price:BTCUSDT"));
    assert.ok(seconds > 0 && seconds <= 60, `the price lives for ${seconds} s`);
  });

  it("is scraped as often as it states, with its alert rules loaded", async () => {
    await eventually(async () => {
      const { data } = (await (await get("prometheus/http", "/api/v1/targets")).json()) as {
        readonly data: { readonly activeTargets: readonly Target[] };
      };
      assert.deepEqual(
        Object.fromEntries(data.activeTargets.map(({ labels, scrapeInterval }) => [labels.job, scrapeInterval])),
        jobs,
      );
      assert.deepEqual(new Set(data.activeTargets.map(({ health }) => health)), new Set(["up"]));
    }, 60);
    const { data } = (await (await get("prometheus/http", "/api/v1/rules")).json()) as {
      readonly data: { readonly groups: readonly { readonly rules: readonly { readonly name: string }[] }[] };
    };
    assert.deepEqual(data.groups.flatMap(({ rules }) => rules.map(({ name }) => name)).sort(), alerts);
  });

  it("changes nothing when nothing has changed", async () => {
    const { code, steps, output } = await stack.up();
    assert.equal(code, 0, output);
    assert.deepEqual(steps, [], output);
  });

  it("leaves nothing behind", async () => {
    assert.notDeepEqual(await live.objects(), []);
    const { code, output } = await stack.destroy();
    assert.equal(code, 0, output);
    assert.deepEqual(await live.objects(), []);
  });
});
