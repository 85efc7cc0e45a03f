import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localBuild, localReference } from "../../images/local";
import { inRegistry, publish, publishImages } from "../../images/publish";
import { type BuildSpec, createResolver, type Resolver } from "../../images/resolve";
import { type ImageName, upstream } from "../../images/table";
import { FakeRegistry } from "../support/fake-registry";

const digest = `sha256:${"b".repeat(64)}`;

describe("images for a registry", () => {
  let registry: FakeRegistry;
  let folder: string;
  const { PATH: pathBefore } = process.env;

  beforeEach(() => {
    registry = new FakeRegistry();
    folder = mkdtempSync(join(tmpdir(), "twofold-publish-"));
    // what is called docker here notes its arguments, and holds every image that is asked for
    const docker = join(folder, "docker");
    const held = localOf("redis7");
    writeFileSync(docker, `#!/bin/sh\necho "$*" >>${folder}/calls\n[ "$2" != ls ] || echo ${held}\n`);
    chmodSync(docker, 0o755);
    process.env["PATH"] = `${folder}:${pathBefore}`;
  });
  afterEach(async () => {
    process.env["PATH"] = pathBefore;
    await registry.close();
    rmSync(folder, { recursive: true });
  });

  const localOf = (name: ImageName): string => {
    const build = localBuild(name);
    assert.ok(build !== undefined);
    return localReference(build);
  };
  const calls = (): readonly string[] => {
    const path = join(folder, "calls");
    return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
  };
  const nameOf = (resolve: Resolver, image: string | BuildSpec): string => {
    const resolved = resolve(image);
    return resolved.kind === "image" ? resolved.reference : resolved.because;
  };
  const tag = localOf("redis7").slice(localOf("redis7").indexOf(":") + 1);
  const app: BuildSpec = { build: { context: "workloads", dockerfile: "Dockerfile", baseImages: {} } };

  it("are named by digest, and nothing is built or pushed, when the registry has them", async () => {
    const host = await registry.listen((_, response) =>
      response.writeHead(200, { "docker-content-digest": digest }).end(),
    );
    const images = [upstream("redis7"), upstream("redis7"), app];
    const resolve = await publishImages(images, { source: "local", registry: `${host}/team` });
    assert.equal(nameOf(resolve, upstream("redis7")), `${host}/team/twofold/redis7@${digest}`);
    assert.equal(nameOf(resolve, app), `${host}/team/twofold/workloads@${digest}`);
    assert.match(nameOf(resolve, upstream("grafana")), /^Grafana is published only as an image/);
    assert.equal(registry.requests.filter((line) => line.includes("redis7")).length, 1);
    assert.deepEqual(calls(), []);
  });

  it("are pushed once more when the registry had an error of its own, and then no more", async () => {
    for (const [failures, isPushed] of [
      [1, true],
      [2, false],
    ] as const) {
      rmSync(join(folder, "calls"), { force: true });
      const docker = join(folder, "docker");
      writeFileSync(
        docker,
        `#!/bin/sh\necho "$*" >>${folder}/calls\n[ "$1" != push ] || [ "$(grep -c ^push ${folder}/calls)" -gt ${failures} ] ||\n  { echo "received unexpected HTTP status: 500 Internal Server Error"; exit 1; }\n`,
      );
      const host = await registry.listen((request, response) => {
        if (request.method === "POST") return response.writeHead(202, { location: "/upload" }).end();
        if (request.method === "DELETE") return response.writeHead(204).end();
        const isThere = calls().filter((line) => line.startsWith("push")).length > failures;
        return response.writeHead(isThere ? 200 : 404, { "docker-content-digest": digest }).end();
      });
      const published = publish(localOf("redis7"), host);
      if (isPushed) assert.equal(await published, `${host}/twofold/redis7@${digest}`);
      else await assert.rejects(published, /unexpected HTTP status: 500/);
      assert.equal(calls().filter((line) => line.startsWith("push")).length, 2);
      await registry.close();
      registry = new FakeRegistry();
    }
  });

  it("keep their upstream names, but for what is built of the project's own folders", async () => {
    const host = await registry.listen((_, response) =>
      response.writeHead(200, { "docker-content-digest": digest }).end(),
    );
    const resolve = await publishImages([upstream("redis7"), app], { source: "upstream", registry: host });
    assert.equal(nameOf(resolve, upstream("redis7")), upstream("redis7"));
    assert.equal(nameOf(resolve, app), `${host}/twofold/workloads@${digest}`);
    assert.equal(registry.requests.length, 1);
  });

  it("are named by tag in a preview, which neither builds nor pushes what is missing", async () => {
    const host = await registry.listen((_, response) => response.writeHead(404).end());
    const resolve = await publishImages([upstream("redis7")], { source: "local", registry: host, push: false });
    assert.equal(nameOf(resolve, upstream("redis7")), `${host}/twofold/redis7:${tag}`);
    assert.deepEqual(registry.requests, [`HEAD /v2/twofold/redis7/manifests/${tag}`]);
    assert.deepEqual(calls(), []);
  });

  it("are named by tag in a preview without a registry, which says so in one line", async () => {
    const host = await registry.listen(() => undefined);
    await registry.close();
    const lines: string[] = [];
    const resolve = await publishImages([upstream("redis7"), app], {
      ...{ source: "local", registry: host, push: false },
      progress: (line) => lines.push(line),
    });
    assert.equal(nameOf(resolve, upstream("redis7")), `${host}/twofold/redis7:${tag}`);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", / cannot be reached .*; until then images are named by their tags$/);
  });

  it("fail before anything is built when the registry does not answer", async () => {
    const host = await registry.listen(() => undefined);
    await registry.close();
    await assert.rejects(publishImages([upstream("redis7")], { source: "local", registry: host }), {
      name: "ImageError",
      message: new RegExp(`^the image registry ${host} cannot be reached `),
    });
    assert.deepEqual(calls(), []);
  });

  it("are not given to Docker when the registry refuses them", async () => {
    const host = await registry.listen((request, response) =>
      response.writeHead(request.method === "HEAD" ? 404 : 403).end(),
    );
    await assert.rejects(publishImages([upstream("redis7")], { source: "local", registry: host }), {
      name: "ImageError",
      message: `redis7:${tag}: the image registry ${host} answers with status 403 for twofold/redis7; log in with docker login ${host}, as somebody who may push there`,
    });
    assert.deepEqual(
      calls().map((call) => call.split(" ")[0]),
      ["image"],
    );
  });

  it("are pushed under the tag of their content, and then looked up again", async () => {
    let pushed = false;
    const host = await registry.listen((request, response) => {
      pushed ||= calls().some((call) => call.startsWith("push"));
      if (request.method === "POST") response.writeHead(202, { location: "/v2/upload" }).end();
      else response.writeHead(pushed ? 200 : 404, { "docker-content-digest": digest }).end();
    });
    assert.equal(await publish(localOf("redis7"), `${host}/team`), `${host}/team/twofold/redis7@${digest}`);
    const target = `${host}/team/twofold/redis7:${tag}`;
    assert.deepEqual(calls(), [`tag ${localOf("redis7")} ${target}`, `push ${target}`]);
  });

  it("are an error when the registry has lost them at once", async () => {
    const host = await registry.listen((request, response) =>
      request.method === "POST"
        ? response.writeHead(202, { location: "/v2/upload" }).end()
        : response.writeHead(404).end(),
    );
    await assert.rejects(publish(localOf("redis7"), host), {
      name: "ImageError",
      message: `the image registry ${host} has no ${host}/twofold/redis7:${tag} after it was pushed; see its log`,
    });
  });

  it("are named by tag alone where nobody has looked", () => {
    const resolve = inRegistry(createResolver("local"), "registry.example.org");
    assert.equal(nameOf(resolve, upstream("redis7")), `registry.example.org/twofold/redis7:${tag}`);
  });
});
