import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../support/eventually.ts";
import { RoleProcess } from "../support/role-process.ts";

const keys = { API_KEY: "key-of-the-interface", JWT_SECRET: "a-secret-that-signs-the-tokens-of-it" };

describe("zigquant as a process", function () {
  this.timeout(60_000);
  let folder: string;
  let api: RoleProcess;
  const args = (): string[] => [
    "serve",
    "--config",
    join(folder, "config.json"),
    "--log-file",
    join(folder, "app.log"),
  ];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "zigquant-"));
    const config = { api: { port: 0 }, tickMs: 10, fastTicks: 1, slowTicks: 2, seed: 7, dataDir: folder };
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    api = new RoleProcess("zigquant", { ...keys, ZIGQUANT_LOG_LEVEL: "debug" }, args());
  });
  after(async () => {
    await api.stop("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  it("is healthy with its version, and ready with its checks [S3-09, S3-10]", async () => {
    const health = await api.get("/health");
    assert.deepEqual([health.status, JSON.parse(health.text)], [200, { status: "healthy", version: "1.0.0" }]);
    await eventually(async () => {
      const ready = await api.get("/ready");
      const checks = { config: "ok", data: "ok", market: "ok" };
      assert.deepEqual([ready.status, JSON.parse(ready.text)], [200, { status: "ready", checks }]);
    });
  });

  it("exports its three metrics [S3-38]", async () => {
    await eventually(async () => assert.ok((await api.metric("zigquant_trades_total")) > 3));
    const rate = await api.metric("zigquant_win_rate");
    assert.ok(rate >= 0 && rate <= 1, String(rate));
    const { text } = await api.get("/metrics");
    assert.match(text, /^# TYPE zigquant_api_latency_seconds histogram$/m);
    assert.match(text, /^zigquant_api_latency_seconds_bucket\{le="0\.001",path="\/health"\} \d+$/m);
  });

  it("shows trades to who has a token, and gives tokens to who has the key [S3-17]", async () => {
    const method = "POST";
    assert.equal((await api.get("/api/v1/token", { method })).status, 401);
    assert.equal(
      (await api.get("/api/v1/token", { method, headers: { "x-api-key": "key-of-somebody-else" } })).status,
      401,
    );
    const given = await api.get("/api/v1/token", { method, headers: { "x-api-key": keys.API_KEY } });
    const { token } = JSON.parse(given.text) as { readonly token: string };
    for (const authorization of ["", "Bearer ", `Bearer ${token.slice(0, -4)}AAAA`]) {
      assert.equal((await api.get("/api/v1/trades", { headers: { authorization } })).status, 401, authorization);
    }
    const { status, text } = await api.get("/api/v1/trades", { headers: { authorization: `Bearer ${token}` } });
    assert.equal(status, 200);
    assert.ok((JSON.parse(text) as { readonly trades: number }).trades > 3);
  });

  it("names the method and the path that it knows", async () => {
    assert.deepEqual(await api.get("/api/v1/token"), { status: 405, text: '{"error":"use POST"}\n' });
    assert.equal((await api.get("/nothing")).status, 404);
  });

  it("ends in order on TERM, and goes on from its ledger [S3-11, S3-18]", async () => {
    assert.equal(await api.stop("SIGTERM"), 0);
    assert.equal(api.messages.at(-1), "stopped");
    const { trades } = JSON.parse(readFileSync(join(folder, "ledger.json"), "utf8")) as { readonly trades: number };
    api = new RoleProcess("zigquant", keys, args());
    assert.ok((await api.metric("zigquant_trades_total")) >= trades);
  });

  it("says where its configuration is, and writes a copy of the log [S3-30]", () => {
    const lines = readFileSync(join(folder, "app.log"), "utf8");
    assert.match(lines, /"logLevel":"debug","msg":"serving"/);
    assert.ok(lines.includes(join(folder, "config.json")));
    for (const key of Object.values(keys)) assert.ok(!lines.includes(key) && !api.output.includes(key));
  });
});
