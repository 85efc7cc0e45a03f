import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureImages } from "../../images/build";
import { run } from "../../images/command";
import { createResolver, type Resolver } from "../../images/resolve";
import { chooseSource, type ImageSource } from "../../images/source";
import { entry, upstream } from "../../images/table";
import { eventually } from "./eventually";
import { type AloneName, aloneNames, imageCases, postgresSettings } from "./image-cases";

const graceSeconds = 10;
/** Only a failure takes that long; a machine that is busy elsewhere needs some of it. */
const readySeconds = 90;
const docker = (...args: readonly string[]): Promise<string> => run("docker", args);

describe("third-party images, alone under the hardened default", function () {
  this.timeout(300_000);
  const started = new Set<string>();
  let source: ImageSource;
  let resolver: Resolver;

  before(async function () {
    this.timeout(1_200_000); // images may have to be built
    const chosen = await chooseSource(undefined);
    source = chosen.source;
    console.log(`images: ${source} (${chosen.because})`);
    resolver = createResolver(source);
    await ensureImages(aloneNames.map(upstream), { source, progress: (line) => console.log(line) });
  });

  afterEach(async () => {
    for (const container of started) await docker("rm", "--force", "--volumes", container);
    started.clear();
  });

  /** Makes a container of the image; undefined where it cannot be had, after saying why. */
  const create = async (name: AloneName, ...more: readonly string[]): Promise<string | undefined> => {
    const resolved = resolver(upstream(name));
    if (resolved.kind === "unavailable") {
      console.log(`      ${name}: ${resolved.because}`);
      return undefined;
    }
    const { args = [], options = [] } = imageCases[name];
    const { uid, gid } = entry(name).user;
    const hardened = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
    const scratch = ["--tmpfs", "/tmp:rw,noexec,nosuid,nodev,mode=1777"];
    const user = ["--user", `${uid}:${gid}`];
    const flags = [...hardened, ...scratch, ...user, ...options, ...more];
    const container = (await docker("create", ...flags, resolved.reference, ...args)).trim();
    started.add(container);
    return container;
  };
  const start = async (name: AloneName, ...more: readonly string[]): Promise<string | undefined> => {
    const container = await create(name, ...more);
    if (container !== undefined) await docker("start", container);
    return container;
  };
  const startNeeded = async (name: AloneName, ...more: readonly string[]): Promise<string> => {
    const container = await start(name, ...more);
    assert.ok(container !== undefined, `${name} is needed here`);
    return container;
  };
  const healthy = (container: string, name: AloneName): Promise<string> =>
    eventually(() => docker("exec", container, ...imageCases[name].health), readySeconds);
  const addressOf = async (container: string): Promise<string> =>
    (await docker("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container)).trim();

  for (const name of aloneNames) {
    it(`${name} answers its health check, has no rights, and ends by itself`, async function () {
      const container = await start(name);
      if (container === undefined) return this.skip();
      await healthy(container, name);

      const status = await docker("exec", container, "cat", "/proc/1/status");
      const field = (key: string): string | undefined => status.match(new RegExp(`^${key}:\\s*(\\S+)`, "m"))?.[1];
      assert.equal(field("Uid"), `${entry(name).user.uid}`);
      assert.equal(field("Gid"), `${entry(name).user.gid}`);
      assert.equal(BigInt(`0x${field("CapEff")}`), 0n);
      assert.equal(field("NoNewPrivs"), "1");

      const begin = performance.now();
      await docker("stop", "--time", `${graceSeconds}`, container);
      assert.ok(performance.now() - begin < graceSeconds * 1000, "was killed after its time");
      const exitCode = (await docker("inspect", "--format", "{{.State.ExitCode}}", container)).trim();
      assert.notEqual(exitCode, "137", "was killed");
    });
  }

  for (const name of ["postgres13", "postgres15"] as const)
    describe(name, () => {
      const password = "only-for-this-test";
      let folder: string;
      const scripts: Readonly<Record<string, string>> = {
        "01-tables.sql": "CREATE TABLE seen (step int);",
        "02-more.sh":
          'psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --command "INSERT INTO seen VALUES (2)"',
        "03-last.sql": "SELECT pg_sleep(2); INSERT INTO seen VALUES (3);",
      };
      beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "twofold-postgres-"));
      });
      afterEach(() => rmSync(folder, { recursive: true }));

      /** A server with a password file and scripts for its first start, both in volumes as a root that is read-only needs. */
      const prepare = async (): Promise<string> => {
        const volumes = ["--volume", "/docker-entrypoint-initdb.d", "--volume", "/run/secrets"];
        const settings = [...postgresSettings, "POSTGRES_PASSWORD=", "POSTGRES_PASSWORD_FILE=/run/secrets/password"];
        const container = await create(name, ...volumes, ...settings.flatMap((setting) => ["--env", setting]));
        assert.ok(container !== undefined);
        for (const [file, content] of Object.entries(scripts))
          writeFileSync(join(folder, file), content, { mode: 0o644 });
        await docker("cp", `${folder}/.`, `${container}:/docker-entrypoint-initdb.d`);
        writeFileSync(join(folder, "password"), password, { mode: 0o444 });
        await docker("cp", join(folder, "password"), `${container}:/run/secrets/password`);
        await docker("start", container);
        return container;
      };
      const steps = async (container: string): Promise<string> => {
        const connection = ["-h", await addressOf(container), "-U", "trader", "-d", "trading"];
        const query = ["-At", "-c", "SELECT string_agg(step::text, ',' ORDER BY step) FROM seen"];
        return (
          await docker("exec", "--env", `PGPASSWORD=${password}`, container, "psql", ...connection, ...query)
        ).trim();
      };

      it("takes its password from a file and runs its scripts once, in the order of their names", async () => {
        const container = await prepare();
        await healthy(container, name);
        assert.equal(await steps(container), "2,3");
        await docker("restart", container);
        await healthy(container, name);
        assert.equal(await steps(container), "2,3");
      });

      it("begins anew after a first start that was killed", async function () {
        if (source === "upstream") {
          console.log("      the upstream image cannot: it takes a half-made database for a whole one");
          return this.skip();
        }
        const container = await prepare();
        await eventually(async () => {
          const log = await run("sh", ["-c", 'docker logs "$1" 2>&1', "sh", container]);
          assert.match(log, /running .*03-last\.sql/);
        }, readySeconds);
        await docker("kill", container);
        await docker("start", container);
        await healthy(container, name);
        assert.equal(await steps(container), "2,3");
      });
    });

  it("redis7 takes commands from other hosts", async () => {
    const server = await startNeeded("redis7");
    await healthy(server, "redis7");
    const client = await startNeeded("redis7");
    await healthy(client, "redis7");
    assert.equal(await docker("exec", client, "redis-cli", "-h", await addressOf(server), "set", "a", "1"), "OK\n");
  });

  it("cadvisor tells another container's memory, its limit and its network by name", async () => {
    const name = `twofold-images-${process.pid}`;
    const watched = await startNeeded("redis7", "--memory", "64m", "--name", name);
    await healthy(watched, "redis7");
    const cadvisor = await startNeeded("cadvisor");
    const metrics = await eventually(async () => {
      const text = await docker("exec", cadvisor, "wget", "-q", "-O", "-", "http://127.0.0.1:8080/metrics");
      assert.match(text, new RegExp(`^container_network_receive_bytes_total\\{.*name="${name}".*\\} \\d`, "m"));
      return text;
    }, readySeconds);
    const value = (metric: string): number =>
      Number(metrics.match(new RegExp(`^${metric}\\{.*name="${name}".*\\} (\\S+)`, "m"))?.[1]);
    assert.equal(value("container_spec_memory_limit_bytes"), 64 * 1024 * 1024);
    assert.ok(value("container_memory_usage_bytes") > 1_000_000);
  });
});
