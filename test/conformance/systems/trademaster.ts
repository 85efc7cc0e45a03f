import assert from "node:assert/strict";
import { eventually } from "../eventually";
import type { DeployedSystem } from "./deployed-system";

const front = "http://127.0.0.1:8080";
const pages = ["/", "/static/site.css", "/api/trades", "/nothing"];
const headers = {
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "x-xss-protection": "1; mode=block",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "referrer-policy": "strict-origin-when-cross-origin",
};
const nineMetrics = [
  "trademaster_trade_requests_total",
  "trademaster_trade_duration_seconds_count",
  "trademaster_active_positions",
  "trademaster_portfolio_value",
  "trademaster_memory_usage_bytes",
  "trademaster_cpu_usage_percent",
  "trademaster_disk_usage_percent",
  "trademaster_model_predictions_total",
  "trademaster_model_accuracy",
];

/** A request that goes through nginx to the database and back, and how what it passes is set up. */
export function tradeMasterCases(deployed: DeployedSystem): void {
  const sh = (where: string, script: string, ...args: readonly string[]): Promise<string> =>
    deployed.inside(where, "sh", "-c", script, "sh", ...args);
  /** What nginx answers to a request, asked beside it; `given` are further arguments of wget. */
  const asked = (path: string, ...given: readonly string[]): Promise<string> =>
    deployed.inside("nginx", "wget", "-q", "-O", "-", ...given, `${front}${path}`);
  /** The head of an answer, whatever its status. */
  const headOf = (path: string, ...given: readonly string[]): Promise<string> =>
    sh("nginx", 'wget -S -q -O /dev/null "$@" 2>&1; true', ...given, `${front}${path}`);
  const sql = (statement: string): Promise<string> =>
    sh(
      "postgres",
      'PGPASSWORD=$(cat /run/secrets/postgres-password) exec psql -h 127.0.0.1 -U trademaster -d trademaster -Atc "$1"',
      statement,
    );
  const redis = (...command: readonly string[]): Promise<string> =>
    sh("redis", 'REDISCLI_AUTH=$(cat /run/secrets/redis-password) exec redis-cli "$@"', ...command);

  it("takes an order through nginx to the database, trades it, and shows it [S2-01, S2-02, S2-03, S2-11]", async () => {
    const key = await deployed.inside("api", "cat", "/run/secrets/api_key");
    const { token } = JSON.parse(await asked("/api/token", "--post-data=", `--header=X-Api-Key: ${key}`)) as {
      readonly token: string;
    };
    const order = JSON.stringify({ symbol: "MSFT", quantity: 7.25 });
    assert.match(await headOf("/api/orders", `--post-data=${order}`), /HTTP\/1\.1 401/);
    const placed = await asked("/api/orders", `--post-data=${order}`, `--header=Authorization: Bearer ${token}`);
    const { id } = JSON.parse(placed) as { readonly id: string };
    await eventually(async () => {
      const row = await sql(`SELECT status, method, quantity, price > 0 FROM orders WHERE id = ${Number(id)}`);
      assert.equal(row, "success|manual|7.2500|t");
    }, 30);
    await eventually(async () => {
      const { positions } = JSON.parse(await asked("/portfolio")) as {
        readonly positions: readonly { readonly symbol: string; readonly quantity: number }[];
      };
      const held = await sql("SELECT sum(quantity) FROM orders WHERE status = 'success' AND symbol = 'MSFT'");
      assert.equal(positions.find(({ symbol }) => symbol === "MSFT")?.quantity, Number(held));
      assert.match(await asked("/"), /<th>MSFT<\/th>/);
    }, 30);
  });

  it("has security headers on every answer, and static files are kept by browsers [S2-14]", async () => {
    for (const path of pages) {
      const said = await headOf(path);
      const found = Object.fromEntries(
        [...said.matchAll(/^\s*([A-Za-z-]+): (.*?)\s*$/gm)].map(([, name = "", value]) => [name.toLowerCase(), value]),
      );
      for (const [name, value] of Object.entries(headers)) assert.equal(found[name], value, `${path}: ${said}`);
      if (path.endsWith(".css")) assert.equal(found["cache-control"], "public, max-age=31536000, immutable");
    }
  });

  it("does not lead to the metrics, which answer at port 8000 [S2-49]", async () => {
    const said = await headOf("/metrics");
    assert.match(said, /HTTP\/1\.1 404/);
    for (const service of ["web", "api", "worker"]) {
      const script = 'fetch("http://127.0.0.1:8000/metrics").then(async (r) => console.log(await r.text()))';
      assert.match(await deployed.inside(service, "node", "-e", script), /^trademaster_memory_usage_bytes /m);
    }
  });

  it("has a valid configuration, with all replicas behind it [S2-13, S2-17]", async () => {
    await deployed.inside("nginx", "nginx", "-t");
    await eventually(async () => {
      const upstreams = await deployed.inside("nginx", "cat", "/tmp/upstreams.conf");
      for (const service of ["web", "api"]) {
        const own = new RegExp(`^upstream ${service} \\{\n([^}]*)\\}`, "m").exec(upstreams)?.[1] ?? "";
        const servers = own.match(/server [0-9.]+:\d+ max_fails=3 fail_timeout=30s;/g) ?? [];
        assert.equal(servers.length, (await deployed.live.instances(service)).length, upstreams);
        assert.match(own, /least_conn;/);
      }
    }, 30);
  });

  it("refuses more than ten requests a second from one address, after twenty at once [S2-12]", async () => {
    const flood =
      'ok=0; refused=0; for i in $(seq 80); do if said=$(wget -S -q -O /dev/null "$1" 2>&1); then ok=$((ok + 1)); else case $said in *429*) refused=$((refused + 1));; esac; fi; done; echo $ok $refused';
    const began = performance.now();
    const [ok = 0, refused = 0] = (await sh("nginx", flood, `${front}/portfolio`)).split(" ").map(Number);
    const seconds = (performance.now() - began) / 1_000;
    assert.equal(ok + refused, 80);
    assert.ok(ok <= 21 + Math.ceil(10 * seconds), `${ok} answered in ${seconds} s`);
    assert.ok(refused > 0, `none refused in ${seconds} s`);
  });

  it("runs as 1000 on a read-only root without rights, and may write where it says [S2-22, S2-23, S2-25, S2-26]", async () => {
    const write =
      'for f in /app /var /tmp /var/tmp /app/cache /app/data; do if touch "$f/t" 2>/dev/null; then echo "$f"; rm "$f/t"; fi; done';
    for (const service of ["web", "api", "worker"]) {
      const status = await deployed.inside(service, "cat", "/proc/1/status");
      const field = (key: string): string | undefined => new RegExp(`^${key}:\\s*(\\S+)`, "m").exec(status)?.[1];
      assert.deepEqual(
        [field("Uid"), field("Gid"), BigInt(`0x${field("CapEff")}`), field("NoNewPrivs"), field("Seccomp")],
        ["1000", "1000", 0n, "1", "2"],
      );
      const written = await sh(service, write);
      assert.deepEqual(written.split("\n"), ["/tmp", "/var/tmp", "/app/cache", "/app/data"]);
      const mounts = await deployed.inside(service, "cat", "/proc/mounts");
      for (const folder of ["/tmp", "/var/tmp"]) assert.match(mounts, new RegExp(`^tmpfs ${folder} tmpfs `, "m"));
    }
  });

  it("has its secrets as files that are not in the environment [S2-34, S2-35]", async () => {
    const lengths = await deployed.inside("api", "wc", "-c", "/run/secrets/api_key", "/run/secrets/jwt_secret");
    assert.match(lengths, /^\s*64 \/run\/secrets\/api_key\n\s*32 \/run\/secrets\/jwt_secret\n/);
    for (const service of ["web", "api", "worker"]) {
      const url = await deployed.inside(service, "cat", "/run/secrets/database_url");
      const password = new URL(url).password;
      assert.equal(password.length, 32);
      assert.ok(!(await deployed.inside(service, "env")).includes(password));
    }
  });

  it("has a database that is tuned to its memory, and tells what statements cost [S2-30, S2-31]", async () => {
    const settings = ["shared_buffers", "effective_cache_size", "work_mem", "max_wal_size", "max_connections"];
    const said = await Promise.all(settings.map((name) => sql(`SHOW ${name}`)));
    assert.match(await sql("SHOW server_version"), /^13\./);
    assert.deepEqual(said, ["256MB", "768MB", "16MB", "256MB", "200"]);
    assert.ok(Number(await sql("SELECT count(*) FROM pg_stat_statements WHERE query LIKE '%orders%'")) > 0);
    const others = Number(
      await sql("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'trademaster-%'"),
    );
    // pools let go of connections that nobody uses
    assert.ok(others >= 1 && others <= 197, `${others} connections`);
  });

  it("keeps results in a Redis that appends to a file [S2-33]", async () => {
    assert.equal(await redis("CONFIG", "GET", "appendonly"), "appendonly\nyes");
    assert.match(await sh("redis", "redis-cli ping 2>&1; true"), /NOAUTH/);
    await eventually(async () => {
      await asked("/portfolio");
      const [key] = (await redis("--scan", "--pattern", "tm:positions:*")).split("\n");
      assert.match(key ?? "", /^tm:positions:[0-9a-f]{32}$/);
      const seconds = Number(await redis("TTL", key ?? ""));
      assert.ok(seconds > 3_000 && seconds <= 3_600, `${seconds} s`);
    }, 30);
  });

  it("has all nine metrics in Prometheus, for 200 hours [S2-50, S2-51]", async () => {
    await eventually(async () => {
      for (const name of nineMetrics) {
        const answer = await deployed.prometheus(`query?query=${encodeURIComponent(`${name}{job="worker"}`)}`);
        assert.ok((answer as { readonly result: readonly unknown[] }).result.length > 0, name);
      }
    }, 90);
    const flags = (await deployed.prometheus("status/flags")) as Readonly<Record<string, string>>;
    assert.match(flags["storage.tsdb.retention.time"] ?? "", /^(200h|1w1d8h|8d8h)$/);
  });

  it("logs lines of JSON that name their place in the program, without secrets [S2-42]", async () => {
    const [instance] = await deployed.live.instances("worker");
    assert.ok(instance !== undefined);
    const lines = (await deployed.live.logs(instance)).split("\n").filter((line) => line.startsWith("{"));
    const traded = lines
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
      .find(({ event }) => event === "trade");
    assert.ok(traded !== undefined, "no trade is in the log");
    const { timestamp, level, logger, message, module, line, process_id, thread_id, trade_event, symbol } = traded;
    assert.equal(new Date(String(timestamp)).toISOString(), timestamp);
    assert.deepEqual(
      [level, logger, message, module, trade_event, typeof symbol],
      ["INFO", "trademaster-worker", "order traded", "worker", "success", "string"],
    );
    assert.deepEqual([typeof line, typeof process_id, typeof thread_id], ["number", "number", "number"]);
    const url = await deployed.inside("worker", "cat", "/run/secrets/database_url");
    assert.ok(!lines.some((text) => text.includes(new URL(url).password)));
  });
}
