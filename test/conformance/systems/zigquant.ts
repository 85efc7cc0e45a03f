import assert from "node:assert/strict";
import { eventually } from "../eventually";
import type { DeployedSystem } from "./deployed-system";

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** What zigQuant does where it runs: it trades, is measured, and is as confined as it says. */
export function zigquantCases(deployed: DeployedSystem): void {
  /** What the API answers inside the service. */
  const ask = async (path: string): Promise<{ status: number; body: Readonly<Record<string, unknown>> }> => {
    const script =
      "fetch(process.argv[1]).then(async (r) => console.log(JSON.stringify({ status: r.status, body: await r.json() })))";
    const said = await deployed.inside("zigquant", "node", "-e", script, `http://127.0.0.1:8080${path}`);
    return JSON.parse(said) as { status: number; body: Readonly<Record<string, unknown>> };
  };
  const query = async (expression: string): Promise<readonly Sample[]> => {
    const answer = await deployed.prometheus(`query?query=${encodeURIComponent(expression)}`);
    return (answer as { readonly result: readonly Sample[] }).result;
  };

  it("is healthy, and ready with its three checks [S3-09, S3-10]", async () => {
    assert.deepEqual(await ask("/health"), { status: 200, body: { status: "healthy", version: "1.0.0" } });
    const checks = { config: "ok", data: "ok", market: "ok" };
    await eventually(
      async () => assert.deepEqual(await ask("/ready"), { status: 200, body: { status: "ready", checks } }),
      60,
    );
  });

  it("has its trades, win rate and latency in Prometheus [S3-21, S3-38]", async () => {
    await eventually(async () => {
      const [trades] = await query('zigquant_trades_total{job="zigquant"}');
      assert.ok(Number(trades?.value[1]) >= 1, JSON.stringify(trades));
      const [rate] = await query('zigquant_win_rate{job="zigquant"}');
      const share = Number(rate?.value[1]);
      assert.ok(share >= 0 && share <= 1, JSON.stringify(rate));
      const [p99] = await query(
        "histogram_quantile(0.99, sum by (le) (rate(zigquant_api_latency_seconds_bucket[5m]))) >= 0",
      );
      assert.ok(Number(p99?.value[1]) < 3, JSON.stringify(p99));
    }, 120);
  });

  it("runs as 1000 on a read-only root, and may write to its data, its cache and /tmp [S3-13, S3-14, S3-15, S3-16]", async () => {
    const status = await deployed.inside("zigquant", "cat", "/proc/1/status");
    const field = (key: string): string | undefined => new RegExp(`^${key}:\\s*(\\S+)`, "m").exec(status)?.[1];
    assert.deepEqual(
      [field("Uid"), field("Gid"), BigInt(`0x${field("CapEff")}`), field("NoNewPrivs")],
      ["1000", "1000", 0n, "1"],
    );
    const write =
      'for f in /app /tmp /var/lib/zigquant /var/lib/zigquant/cache; do if touch "$f/t" 2>/dev/null; then echo "$f"; rm "$f/t"; fi; done';
    const written = await deployed.inside("zigquant", "sh", "-c", write);
    assert.deepEqual(written.split("\n"), ["/tmp", "/var/lib/zigquant", "/var/lib/zigquant/cache"]);
    const mounts = await deployed.inside("zigquant", "cat", "/proc/mounts");
    for (const folder of ["/tmp", "/var/lib/zigquant/cache"])
      assert.match(mounts, new RegExp(`^tmpfs ${folder} tmpfs `, "m"));
  });

  it("finds its configuration and its secrets as files that it cannot change [S3-12, S3-17]", async () => {
    const config: unknown = JSON.parse(await deployed.inside("zigquant", "cat", "/etc/zigquant/config.json"));
    assert.equal((config as { readonly dataDir: string }).dataDir, "/var/lib/zigquant");
    const lengths = await deployed.inside("zigquant", "wc", "-c", "/run/secrets/api_key", "/run/secrets/jwt_secret");
    assert.match(lengths, /^\s*32 \/run\/secrets\/api_key\n\s*32 \/run\/secrets\/jwt_secret\n/);
    const attempts =
      "for f in /etc/zigquant/config.json /run/secrets/api_key; do if echo >> $f; then echo written; fi; done 2>/dev/null; true";
    assert.equal(await deployed.inside("zigquant", "sh", "-c", attempts), "");
  });

  it("hands what is called ZIGQUANT_* on, and reads the file that it is told [S3-05]", async () => {
    const [instance] = await deployed.live.instances("zigquant");
    assert.ok(instance !== undefined);
    const line = (await deployed.live.logs(instance)).split("\n").find((text) => text.includes('"msg":"serving"'));
    assert.ok(line !== undefined, "it never said that it serves");
    const { configPath, port, logLevel } = JSON.parse(line) as Readonly<Record<string, string>>;
    const given = deployed.plan.services.find(({ name }) => name === "zigquant")?.env["ZIGQUANT_LOG_LEVEL"];
    assert.deepEqual([configPath, port, logLevel], ["/etc/zigquant/config.json", "8080", given]);
  });

  it("keeps its ledger on the volume [S3-18]", async () => {
    await eventually(async () => {
      const ledger: unknown = JSON.parse(await deployed.inside("zigquant", "cat", "/var/lib/zigquant/ledger.json"));
      assert.ok((ledger as { readonly trades: number }).trades >= 1);
    }, 60);
    const mounts = await deployed.inside("zigquant", "cat", "/proc/mounts");
    assert.match(mounts, /^\S+ \/var\/lib\/zigquant \S+ rw,/m);
  });

  it("is found by Prometheus by its name, which answers there, too [S3-20]", async () => {
    const answer = await deployed.inside("prometheus", "wget", "-q", "-O", "-", "http://zigquant:8080/health");
    assert.deepEqual(JSON.parse(answer), { status: "healthy", version: "1.0.0" });
  });
}
