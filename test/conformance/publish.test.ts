import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../images/command";
import { publish } from "../../images/publish";
import { eventually } from "./eventually";
import { freePort } from "./free-port";

/** `word`, as the registry wants the passwords of its users kept. */
const passwordHash = "$2y$04$abcdefghijklmnopqrstuuB/GrfUOm5dtrEiT8lcouu5XB5ftbWLi";

describe("images pushed to a registry", function () {
  this.timeout(60_000);
  const local = `twofold.local/publish-probe:${randomBytes(6).toString("hex")}`;
  const { DOCKER_CONFIG: configBefore, PATH: pathBefore } = process.env;
  let folder: string;
  let registry: ChildProcess | undefined;

  before(async function () {
    const installed = await run("docker-registry", ["--version"]).then(
      () => true,
      () => false,
    );
    if (!installed) {
      console.log("      docker-registry is not installed; make cluster gets it");
      return this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "twofold-publish-"));
    mkdirSync(join(folder, "root"));
    writeFileSync(join(folder, "root", "probe"), "made for this test\n");
    await run("tar", ["--create", "--file", join(folder, "root.tar"), "--directory", join(folder, "root"), "probe"]);
    await run("docker", ["import", "--change", 'CMD ["/probe"]', join(folder, "root.tar"), local]);
  });
  after(async () => {
    if (folder === undefined) return;
    await removeImages();
    rmSync(folder, { recursive: true });
  });
  afterEach(async () => {
    process.env["PATH"] = pathBefore;
    if (configBefore === undefined) delete process.env["DOCKER_CONFIG"];
    else process.env["DOCKER_CONFIG"] = configBefore;
    const running = registry;
    registry = undefined;
    if (running === undefined) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill();
    await ended;
  });

  /** Removes every name that the image has on the engine. */
  const removeImages = async (): Promise<void> => {
    const id = (await run("docker", ["image", "ls", "--quiet", local])).trim();
    if (id !== "") await run("docker", ["image", "rm", "--force", id]);
  };

  /** Starts a registry on a free port of this machine, over an empty folder, and gives its address. */
  const start = async (more: object = {}): Promise<string> => {
    const address = `127.0.0.1:${await freePort()}`;
    const config = join(folder, "registry.json");
    const storage = { filesystem: { rootdirectory: mkdtempSync(join(folder, "images-")) } };
    writeFileSync(
      config,
      JSON.stringify({ version: 0.1, log: { level: "error" }, storage, http: { addr: address }, ...more }),
    );
    registry = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
    await eventually(() => fetch(`http://${address}/v2/`), 10);
    return address;
  };

  it("can be pulled by the digest that is given, and are the same there", async () => {
    const address = await start();
    const id = (await run("docker", ["image", "inspect", "--format", "{{.Id}}", local])).trim();
    const reference = await publish(local, `${address}/team`);
    assert.match(reference, new RegExp(`^${address}/team/twofold/publish-probe@sha256:[0-9a-f]{64}$`));
    await removeImages();
    await run("docker", ["pull", "--quiet", reference]);
    assert.equal((await run("docker", ["image", "inspect", "--format", "{{.Id}}", reference])).trim(), id);
    await run("docker", ["tag", reference, local]);
  });

  it("are not pushed again: what is there is found without an engine", async () => {
    const address = await start();
    const reference = await publish(local, address);
    process.env["PATH"] = folder;
    assert.equal(await publish(local, address), reference);
  });

  it("are pushed by who has logged in, and by nobody else", async () => {
    writeFileSync(join(folder, "users"), `me:${passwordHash}\n`);
    const address = await start({ auth: { htpasswd: { realm: "here", path: join(folder, "users") } } });
    process.env["DOCKER_CONFIG"] = join(folder, "docker");
    await assert.rejects(publish(local, address), {
      name: "ImageError",
      message: new RegExp(`^the image registry ${address} answers with status 401 for twofold/publish-probe; log in `),
    });
    await run("docker", ["login", "--username", "me", "--password-stdin", address], { input: "word" });
    assert.match(await publish(local, address), /@sha256:/);
  });
});
