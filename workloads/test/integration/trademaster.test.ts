import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { eventually } from "../support/eventually.ts";
import { RoleProcess } from "../support/role-process.ts";
import { type Services, startServices } from "../support/services.ts";

const schema = readFileSync(join(import.meta.dirname, "../../sql/trademaster/01-schema.sql"), "utf8");
const keys = { API_SECRET_KEY: "key-of-the-interface", JWT_SECRET: "a-secret-that-signs-the-tokens-of-it" };

describe("TradeMaster as processes", function () {
  this.timeout(120_000);
  let services: Services | undefined;
  let pool: pg.Pool;
  const running: RoleProcess[] = [];
  const start = (role: string, environment: Readonly<Record<string, string>> = {}): RoleProcess => {
    assert.ok(services !== undefined);
    const { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL } = services;
    const ground = { DATABASE_URL, REDIS_URL, METRICS_PORT: "0", DATA_DIR: tmpdir(), DATABASE_MAX_CONNECTIONS: "3" };
    const started = new RoleProcess(`trademaster-${role}`, { ...ground, ...environment });
    running.push(started);
    return started;
  };
  let [web, api, worker]: RoleProcess[] = [];

  before(async function () {
    const found = await startServices();
    if ("missing" in found) {
      console.log(`      skipped: ${found.missing}`);
      this.skip();
    }
    services = found;
    pool = new pg.Pool({ connectionString: found.databaseUrl });
    pool.on("error", () => {});
    await pool.query(schema);
    await pool.query(schema);
    web = start("web");
    api = start("api", keys);
    worker = start("worker", { SEED: "7", TICK_MS: "20" });
  });
  after(async () => {
    await Promise.all(running.map((role) => role.stop("SIGKILL")));
    await pool?.end();
    await services?.stop();
  });

  const token = async (): Promise<string> => {
    const given = await api?.get("/api/token", { method: "POST", headers: { "x-api-key": keys.API_SECRET_KEY } });
    return (JSON.parse(given?.text ?? "") as { readonly token: string }).token;
  };
  const order = async (body: string, authorization: string): Promise<{ status: number; text: string }> => {
    const answer = await api?.get("/api/orders", { method: "POST", headers: { authorization }, body });
    assert.ok(answer !== undefined);
    return answer;
  };

  it("takes orders from who has a token, trades each once, and shows what is held [S2-03]", async () => {
    const authorization = `Bearer ${await token()}`;
    const placed = await Promise.all(
      Array.from({ length: 20 }, () => order('{"symbol":"MSFT","quantity":0.5}', authorization)),
    );
    assert.deepEqual(new Set(placed.map(({ status }) => status)), new Set([202]));
    start("worker", { SEED: "8", TICK_MS: "20" });
    await eventually(async () => {
      const { rows } = await pool.query(
        "SELECT status, count(*)::int, sum(quantity)::float AS held FROM orders WHERE method = 'manual' GROUP BY status",
      );
      assert.deepEqual(rows, [{ status: "success", count: 20, held: 10 }]);
    });
    await eventually(async () => {
      const { positions } = JSON.parse((await web?.get("/portfolio"))?.text ?? "") as {
        readonly positions: readonly { readonly symbol: string; readonly quantity: number }[];
      };
      const { rows } = await pool.query(
        "SELECT sum(quantity)::float AS held FROM orders WHERE status = 'success' AND symbol = 'MSFT'",
      );
      assert.equal(positions.find(({ symbol }) => symbol === "MSFT")?.quantity, rows[0].held);
    });
    const page = await web?.get("/");
    assert.match(page?.text ?? "", /<th>MSFT<\/th>/);
    const { trades } = JSON.parse((await api?.get("/api/trades"))?.text ?? "") as {
      readonly trades: readonly object[];
    };
    assert.ok(trades.length > 0 && trades.length <= 50);
  });

  it("refuses orders without a token, of what is not traded, and that make no sense", async () => {
    const authorization = `Bearer ${await token()}`;
    const good = '{"symbol":"MSFT","quantity":1}';
    assert.equal((await order(good, "Bearer x")).status, 401);
    assert.equal((await order('{"symbol":"NOPE","quantity":1}', authorization)).status, 422);
    for (const body of ["{", '{"symbol":"MSFT"}', '{"symbol":"MSFT","quantity":0}', '{"symbol":"<b>","quantity":1}']) {
      const { status, text } = await order(body, authorization);
      assert.deepEqual([status, /^\{"error":"the order cannot be read: /.test(text)], [400, true], body);
    }
    assert.equal((await order(`{"symbol":"${"A".repeat(5_000)}"}`, authorization)).status, 413);
    const method = "POST";
    assert.equal((await api?.get("/api/token", { method, headers: { "x-api-key": "guess" } }))?.status, 401);
  });

  it("has metrics at a port of their own alone [S2-49]", async () => {
    assert.equal((await web?.get("/metrics"))?.status, 404);
    const { metricsPort } = (await worker?.said("serving metrics")) ?? {};
    const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
    assert.match(await answer.text(), /^trademaster_trade_requests_total\{method="manual",status="success"\} \d+$/m);
    assert.equal((await fetch(`http://127.0.0.1:${metricsPort}/`)).status, 404);
  });

  it("keeps to its number of connections [S2-32]", async () => {
    await Promise.all(Array.from({ length: 30 }, () => api?.get("/api/trades")));
    const { rows } = await pool.query(
      "SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'trademaster-api'",
    );
    assert.ok(rows[0].count >= 1 && rows[0].count <= 3, `${rows[0].count}`);
  });

  it("is healthy with both stores, and ends in order", async () => {
    const health = await web?.get("/health");
    assert.deepEqual([health?.status, JSON.parse(health?.text ?? "").status], [200, "healthy"]);
    assert.equal(await web?.stop("SIGTERM"), 0);
    assert.equal(await worker?.stop("SIGTERM"), 0);
  });
});
