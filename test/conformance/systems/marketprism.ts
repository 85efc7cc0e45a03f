import assert from "node:assert/strict";
import { services } from "../../../systems/marketprism/settings";
import { eventually } from "../eventually";
import type { DeployedSystem } from "./deployed-system";

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Tick {
  readonly id: string;
  readonly symbol: string;
  readonly price: number;
  readonly at: number;
}

/** What one of the system's programs answers, asked from within its own container or another one's. */
async function ask(deployed: DeployedSystem, from: string, url: string): Promise<Answer> {
  const script = `fetch(${JSON.stringify(url)}, { signal: AbortSignal.timeout(8000) }).then(async (answer) => console.log(JSON.stringify({ status: answer.status, body: await answer.json() })))`;
  return JSON.parse(await deployed.inside(from, "node", "-e", script)) as Answer;
}

/** What a service answers to itself. */
export const askItself = (deployed: DeployedSystem, service: string, path: string): Promise<Answer> =>
  ask(deployed, service, `http://127.0.0.1:8000${path}`);

/** The newest tick of each symbol, as the gateway tells. */
export async function latest(deployed: DeployedSystem): Promise<readonly Tick[]> {
  const { status, body } = await askItself(deployed, services.gateway, "/api/latest");
  assert.equal(status, 200, JSON.stringify(body));
  return body["ticks"] as readonly Tick[];
}

/** Prices flow, services report themselves, and names lead where they should. */
export function marketPrismCases(deployed: DeployedSystem): void {
  it("takes a tick through NATS to ClickHouse and out of the gateway, the same at each place", async () => {
    const began = Date.now();
    await eventually(async () => {
      const ticks = await latest(deployed);
      assert.deepEqual(ticks.map(({ symbol }) => symbol).sort(), ["BTCUSDT", "ETHUSDT", "SOLUSDT"]);
      assert.ok(
        ticks.every(({ at, price }) => at > began && price > 0),
        `the newest are ${JSON.stringify(ticks)}`,
      );
    }, 60);
    const [tick] = await latest(deployed);
    assert.ok(tick !== undefined);
    const path = `/ticks?symbol=${tick.symbol}&limit=1000`;
    const { body } = await ask(deployed, services.gateway, `http://${services.storage}:8000${path}`);
    const same = (body["ticks"] as readonly Tick[]).filter(({ id }) => id === tick.id);
    assert.deepEqual(same, [tick]);
  });

  it("reports itself with five keys, each service by its name and version [S5-26, S5-12, S5-01]", async () => {
    for (const service of Object.values(services)) {
      const { status, body } = await askItself(deployed, service, "/health");
      assert.deepEqual([status, body["status"]], [200, "healthy"], JSON.stringify(body));
      assert.deepEqual(Object.keys(body), ["service", "status", "version", "timestamp", "dependencies"]);
      assert.equal(body["service"], service);
      assert.equal(body["version"], "v1.0.0");
      assert.ok(Math.abs(Date.now() - Date.parse(String(body["timestamp"]))) < 60_000);
    }
    const { body } = await askItself(deployed, services.collector, "/health");
    assert.deepEqual(Object.keys(body["dependencies"] as object).sort(), ["clickhouse", "nats", "redis", "storage"]);
  });

  it("is alive by itself: its liveness names no dependency [S5-27]", async () => {
    for (const service of Object.values(services))
      assert.deepEqual(await askItself(deployed, service, "/live"), { status: 200, body: { status: "live" } });
  });

  it("finds the broker as message-broker, and ClickHouse from collector and storage [S5-10, S5-11]", async () => {
    const connects = (from: string, host: string, port: number) =>
      deployed.inside(
        from,
        "node",
        "-e",
        `require("node:net").connect(${port}, "${host}").on("connect", () => process.exit(0)).on("error", () => process.exit(1))`,
      );
    await connects(services.collector, "message-broker", 4222);
    await connects(services.scheduler, "message-broker", 4222);
    for (const from of [services.collector, services.storage])
      for (const host of ["clickhouse", "data-storage"]) await connects(from, host, 8123);
  });

  it("keeps streams on disk, and its reports answer [S5-09]", async () => {
    const look = (path: string) =>
      deployed.inside("message-broker-service", "wget", "-q", "-O", "-", `http://127.0.0.1:8222${path}`);
    assert.deepEqual(JSON.parse(await look("/healthz")), { status: "ok" });
    const report = JSON.parse(await look("/jsz?streams=true&config=true")) as {
      readonly config: { readonly store_dir: string; readonly sync_always?: boolean };
      readonly streams: number;
      readonly messages: number;
    };
    assert.match(report.config.store_dir, /^\/data/);
    assert.equal(report.config.sync_always, true);
    assert.equal(report.streams, 2);
    assert.ok(report.messages > 0);
  });

  it("lets nobody in without a password: NATS, ClickHouse and Redis [S5-37]", async () => {
    const clickhouse = `fetch("http://clickhouse:8123/?query=SELECT+1", { signal: AbortSignal.timeout(5000) }).then((answer) => console.log(answer.status))`;
    assert.match(await deployed.inside(services.storage, "node", "-e", clickhouse), /^(401|403|516)$/);
    const hello = (host: string, port: number, say: string) =>
      `const s = require("node:net").connect(${port}, "${host}", () => s.write(${JSON.stringify(say)})); let t = ""; s.on("data", (d) => { t += d; }); setTimeout(() => { console.log(t); process.exit(0); }, 1500);`;
    const nats = hello("message-broker", 4222, 'CONNECT {"verbose":true}\r\nPING\r\n');
    assert.match(await deployed.inside(services.collector, "node", "-e", nats), /Authorization Violation/);
    const redis = hello("redis", 6379, "PING\r\n");
    assert.match(await deployed.inside(services.collector, "node", "-e", redis), /NOAUTH/);
  });

  it("exports the system's metrics, the broker's among them [S5-35]", async () => {
    await eventually(async () => {
      for (const query of [
        "count(count by (service) (marketprism_up)) == 5",
        "sum(marketprism_messages_published_total) > 0",
        "sum(marketprism_rows_written_total) > 0",
        "nats_jetstream_messages > 0",
        "nats_consumer_pending_messages >= 0",
        "sum(marketprism_service_up) == 4",
        "ClickHouseProfileEvents_InsertedRows > 0",
      ]) {
        const { result } = (await deployed.prometheus(`query?query=${encodeURIComponent(query)}`)) as {
          readonly result: readonly unknown[];
        };
        assert.ok(result.length > 0, query);
      }
    }, 60);
  });
}
