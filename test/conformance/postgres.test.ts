import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { defineSystem } from "../../components/index";
import { run } from "../../images/command";
import { eventually } from "./eventually";
import { buildMilliseconds, presentImages } from "./present-images";

const docker = (...args: readonly string[]): Promise<string> => run("docker", args);

describe("the catalogue's PostgreSQL", function () {
  this.timeout(180_000);
  const plan = defineSystem("shop", (s) => void s.postgres("db", { user: "the-owner" })).plan();
  const [service] = plan.services;
  assert.ok(service !== undefined);
  const volume = `twofold-postgres-${randomBytes(4).toString("hex")}`;
  let reference: string;
  let container: string | undefined;

  before(async function () {
    this.timeout(buildMilliseconds);
    reference = (await presentImages([service.image]))(service.image);
  });
  const remove = async (): Promise<void> => {
    if (container !== undefined) await docker("rm", "--force", "--volumes", container);
    container = undefined;
  };
  after(async () => {
    await remove();
    await docker("volume", "rm", "--force", volume);
  });

  /** Runs the service as planned on the same volume; a secret has the given value. */
  const startWith = async (password: string): Promise<void> => {
    await remove();
    const folder = mkdtempSync(join(tmpdir(), "twofold-postgres-"));
    const { user, group } = service.security;
    for (const { path, content, mode } of service.files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), typeof content === "string" ? content : password, { mode });
      chownSync(join(folder, path), user, group);
    }
    const folders = new Set(service.files.map(({ path }) => dirname(path)));
    const [entrypoint = "", ...args] = service.command ?? [];
    container = (
      await docker(
        ...["create", "--read-only", "--cap-drop", "ALL", "--user", `${user}:${group}`, "--entrypoint", entrypoint],
        ...Object.entries(service.env).flatMap(([key, value]) => ["--env", `${key}=${String(value)}`]),
        ...Object.values(service.volumes).flatMap(({ path }) => ["--volume", `${volume}:${path}`]),
        ...Object.values(service.scratch).flatMap(({ path }) => ["--tmpfs", `${path}:mode=1777`]),
        ...[...folders].flatMap((path) => ["--volume", `${folder}${path}:${path}:ro`]),
        ...[reference, ...args],
      )
    ).trim();
    try {
      await docker("start", container);
      await eventually(() => answer(password), 60);
    } catch (error) {
      throw new Error(`its log:\n${await logOf(container)}`, { cause: error });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const logOf = (id: string): Promise<string> => run("sh", ["-c", 'docker logs "$1" 2>&1', "sh", id]);
  /** Asks at the container's own address: the images trust whoever comes from its loopback. */
  const answer = (password: string): Promise<string> => {
    assert.ok(container !== undefined);
    const ask = `psql -h "$(hostname -i)" -U the-owner -d app -At -c 'SELECT 41 + 1'`;
    return docker("exec", "--env", `PGPASSWORD=${password}`, container, "sh", "-c", ask);
  };

  it("takes the password of its secret, also where the data was made with another one", async () => {
    await startWith("first'one");
    assert.equal((await answer("first'one")).trim(), "42");
    await startWith('second"one');
    assert.equal((await answer('second"one')).trim(), "42");
    await assert.rejects(answer("first'one"), /password authentication failed/);
    assert.ok(container !== undefined);
    assert.doesNotMatch(await logOf(container), /second|ALTER/);
  });
});
