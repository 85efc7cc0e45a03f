import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { buildCompose } from "../../bench/tools";
import { external, type ServiceSpec } from "../../components";
import { composeYaml } from "../../components/targets/docker/compose-yaml";
import { renderOptions } from "../../components/targets/docker/docker";
import { renderDocker } from "../../components/targets/docker/render";
import { run } from "../../images/command";
import { fixtureImage } from "./docker/fixture-image";
import { freePort } from "./free-port";
import { definitions, port } from "./programs/bench";

describe("a system rendered for Docker Compose", function () {
  this.timeout(300_000);
  const prefix = `compose-${randomBytes(4).toString("hex")}`;
  // apart from those that the suites of the targets choose from
  const subnets = `10.${228 + randomInt(12)}.0.0/16`;
  const outside = external("192.0.2.1", 443);
  const secrets = { CANARY: "can$ary 'x' \"y\"", PASSWORD: "p".repeat(32), SHARED: "s".repeat(32) };
  let folder: string;
  let program: string;
  let image: string;
  let ports: { readonly hostNumber: number; readonly publicNumber: number };

  const docker = (...args: readonly string[]): Promise<string> => run("docker", args);
  const compose = (...args: readonly string[]): Promise<string> =>
    run(program, ["--file", join(folder, "compose.yaml"), ...args], { cwd: folder, env: secrets });
  const inside = (service: string, ...command: readonly string[]): Promise<string> =>
    docker("exec", `${prefix}-${service}`, ...command);
  const render = (store: Partial<ServiceSpec> = {}): void => {
    // a machine that is busy elsewhere shall not make it unhealthy
    const exec = ["wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${port}/`];
    const probes = { ready: { exec, periodSeconds: 1, timeoutSeconds: 10, failures: 10 } };
    const changes = { store: { probes, ...store } };
    const plan = definitions.bench({ image, ...ports, outside, hostFolder: folder, changes }).plan();
    const model = renderDocker(plan, renderOptions(plan.name, { prefix, subnets }));
    writeFileSync(join(folder, "compose.yaml"), composeYaml(model, plan));
  };
  /** Ids of the containers that run, by their names without the prefix. */
  const running = async (): Promise<ReadonlyMap<string, string>> => {
    const listing = await docker("ps", "--no-trunc", "--filter", `name=^/${prefix}-`, "--format", "{{.Names}} {{.ID}}");
    const lines = listing.trim().split("\n");
    return new Map(lines.map((line) => line.slice(prefix.length + 1).split(" ") as [string, string]));
  };

  before(async function () {
    this.timeout(1_200_000); // Compose may have to be built
    program = buildCompose();
    image = await fixtureImage(new Docker());
    ports = { hostNumber: await freePort(), publicNumber: await freePort() };
    folder = mkdtempSync(join(tmpdir(), "twofold-compose-"));
    render();
    await compose("up", "--detach");
  });
  after(async () => {
    if (folder === undefined) return;
    if (existsSync(join(folder, "compose.yaml"))) await compose("down", "--volumes", "--timeout", "1");
    rmSync(folder, { recursive: true });
  });

  it("is taken without a word", async () => {
    assert.equal(await compose("config", "--quiet"), "");
  });

  it("says which variables it needs when they are not set", async () => {
    await assert.rejects(
      run(program, ["--file", join(folder, "compose.yaml"), "config", "--quiet"], { cwd: folder }),
      /required variable \w+ is missing a value: set it to /,
    );
  });

  it("runs everything that Docker can run, and ends what prepares it", async () => {
    assert.deepEqual([...(await running()).keys()].sort(), [
      "api.1",
      "api.2",
      "brittle",
      "door",
      "elastic",
      "outsider",
      "slow",
      "store",
      "worker",
    ]);
    const listing = await docker("ps", "--all", "--filter", `name=^/${prefix}-`, "--format", "{{.Names}} {{.Status}}");
    const ended = listing.split("\n").filter((line) => line.includes("Exited"));
    assert.deepEqual(ended.map((line) => line.slice(prefix.length + 1).replace(/ [^)]*$/, "")).sort(), [
      "setup Exited (0)",
      "store.files Exited (0)",
      "store.owner Exited (0)",
    ]);
  });

  it("starts each when what it waits for is healthy or done", async () => {
    const moment = async (service: string, field: string): Promise<number> =>
      Date.parse((await docker("inspect", "--format", `{{.State.${field}}}`, `${prefix}-${service}`)).trim());
    // the store takes two seconds until it answers, the job one until it ends
    assert.ok((await moment("setup", "StartedAt")) - (await moment("store", "StartedAt")) > 1500);
    assert.ok((await moment("worker", "StartedAt")) > (await moment("setup", "FinishedAt")));
  });

  it("gives files, variables and volumes to those whose they are, secrets filled in", async () => {
    const owned = (...paths: readonly string[]): Promise<string> => inside("store", "stat", "-c", "%u:%g %a", ...paths);
    assert.equal(
      await owned("/run/secrets/password", "/run/secrets/canary", "/etc/bench/store.conf", "/data"),
      "10001:10001 400\n34567:10001 440\n10001:10001 444\n10001:10001 755\n",
    );
    assert.equal(await inside("store", "cat", "/run/secrets/password"), secrets.PASSWORD);
    assert.equal(await inside("store", "cat", "/run/secrets/canary"), `key=${secrets.CANARY}\n`);
    assert.equal(await inside("store", "cat", "/etc/bench/store.conf"), "retention = 7d\n");
    await inside("store", "touch", "/data/written");
    await assert.rejects(inside("store", "touch", "/etc/bench/store.conf"), /Read-only file system/);
    const environment = (await inside("store", "cat", "/proc/1/environ")).split("\0");
    assert.ok(environment.includes(` a"b'c$d\\e #f=é `.replace(/^/, "ODD=")), environment.join("\n"));
    const variables = (await inside("api.2", "cat", "/proc/1/environ")).split("\0");
    assert.ok(variables.includes(`STORE_URL=http://bench:${secrets.SHARED}@store:${port}/`), variables.join("\n"));
  });

  it("lets each reach what it is connected to, and nothing else", async () => {
    const fetchStore = ["wget", "-q", "-T", "2", "-O", "/dev/null", `http://store:${port}/`] as const;
    await inside("api.1", ...fetchStore);
    await inside("worker", ...fetchStore);
    await assert.rejects(inside("outsider", ...fetchStore), /bad address 'store/);
    await assert.rejects(inside("door", ...fetchStore), /bad address 'store/);
    assert.equal((await fetch(`http://127.0.0.1:${ports.hostNumber}/`)).status, 200);
  });

  it("confines each as the Docker target does", async () => {
    const fields = [
      "NetworkMode",
      "PidsLimit",
      "Memory",
      "MemorySwap",
      "NanoCpus",
      "ReadonlyRootfs",
      "CapDrop",
      "CapAdd",
    ];
    const format = fields.map((field) => `{{json .HostConfig.${field}}}`).join(" ");
    const mebibytes = 48 * 1024 * 1024;
    assert.equal(
      (await docker("inspect", "--format", format, `${prefix}-worker`)).trim().replace(/^"[^"]*" /, ""),
      `64 ${mebibytes} ${mebibytes} 500000000 true ["ALL"] ["CAP_NET_BIND_SERVICE"]`,
    );
    assert.equal((await docker("inspect", "--format", format, `${prefix}-outsider`)).split(" ")[0], '"none"');
    assert.equal(await inside("worker", "cat", "/proc/sys/net/core/somaxconn"), "777\n");
    assert.match(await inside("worker", "cat", "/proc/1/limits"), /^Max open files +1234 +2345 /m);
  });

  it("changes nothing when nothing has changed, and what has changed else", async () => {
    const first = await running();
    await compose("up", "--detach");
    const second = await running();
    assert.deepEqual(second, first);
    render({ files: [{ path: "/etc/bench/store.conf", content: "retention = $8d\n" }] });
    await compose("up", "--detach");
    const third = await running();
    assert.deepEqual(
      [...third].filter(([name, id]) => second.get(name) !== id).map(([name]) => name),
      ["store"],
    );
    assert.equal(await inside("store", "cat", "/etc/bench/store.conf"), "retention = $8d\n");
    await inside("store", "ls", "/data/written");
  });

  it("leaves nothing behind of what the file describes", async () => {
    render();
    await compose("down", "--volumes", "--timeout", "1");
    const named = ["--filter", `name=${prefix}`, "--quiet"];
    assert.equal(await docker("ps", "--all", ...named), "");
    assert.equal(await docker("volume", "ls", ...named), "");
    assert.equal(await docker("network", "ls", ...named), "");
  });
});
