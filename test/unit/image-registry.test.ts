import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf, placeOf, requirePush } from "../../images/registry";
import { FakeRegistry } from "../support/fake-registry";

const digest = `sha256:${"a".repeat(64)}`;
const found = { "docker-content-digest": digest };
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("an image registry", () => {
  let registry: FakeRegistry;
  let folder: string;
  const { DOCKER_CONFIG: configBefore, PATH: pathBefore } = process.env;

  beforeEach(() => {
    registry = new FakeRegistry();
    folder = mkdtempSync(join(tmpdir(), "twofold-registry-"));
    process.env["DOCKER_CONFIG"] = folder;
  });
  afterEach(async () => {
    await registry.close();
    rmSync(folder, { recursive: true });
    if (configBefore === undefined) delete process.env["DOCKER_CONFIG"];
    else process.env["DOCKER_CONFIG"] = configBefore;
    process.env["PATH"] = pathBefore;
  });

  const place = (host: string) => placeOf(`${host}/team/twofold/redis7:0123`);
  const manifest = "/v2/team/twofold/redis7/manifests/0123";
  const uploads = "/v2/team/twofold/redis7/blobs/uploads/";
  const configure = (config: object): void => writeFileSync(join(folder, "config.json"), JSON.stringify(config));

  it("is named by the first part of a reference, port and all", () => {
    assert.deepEqual(placeOf("registry.example.org:5000/team/twofold/redis7:0123"), {
      host: "registry.example.org:5000",
      repository: "team/twofold/redis7",
      tag: "0123",
    });
  });

  it("gives the digest of a tag by one request, or says that it has none", async () => {
    const host = await registry.listen((request, response) =>
      request.url === manifest ? response.writeHead(200, found).end() : response.writeHead(404).end(),
    );
    assert.equal(await digestOf(place(host)), digest);
    assert.equal(await digestOf(placeOf(`${host}/twofold/other:1`)), undefined);
    assert.deepEqual(registry.requests, [`HEAD ${manifest}`, "HEAD /v2/twofold/other/manifests/1"]);
  });

  it("is asked again after an error of its own: somebody else may just be pushing the same image", async () => {
    let asked = 0;
    const host = await registry.listen((_, response) =>
      ++asked < 3
        ? response.writeHead(500).end("invalid checksum digest format")
        : response.writeHead(200, found).end(),
    );
    assert.equal(await digestOf(place(host)), digest);
    assert.equal(asked, 3);
  });

  it("is told who asks, as docker login has kept it in clear", async () => {
    const host = await registry.listen((request, response) =>
      request.headers.authorization === undefined
        ? response.writeHead(401, { "www-authenticate": 'Basic realm="here"' }).end()
        : response.writeHead(200, found).end(),
    );
    configure({ auths: { [host]: { auth: base64("me:pass:word") } } });
    assert.equal(await digestOf(place(host)), digest);
    assert.deepEqual(registry.requests, [`HEAD ${manifest}`, `HEAD ${manifest} Basic ${base64("me:pass:word")}`]);
  });

  it("is told who asks, as a credential helper has kept it", async () => {
    const host = await registry.listen((request, response) =>
      request.headers.authorization === undefined
        ? response.writeHead(401, { "www-authenticate": 'Basic realm="here"' }).end()
        : response.writeHead(200, found).end(),
    );
    const helper = join(folder, "docker-credential-fake");
    writeFileSync(
      helper,
      `#!/bin/sh\nread -r host\n[ "$host" = ${host} ] && echo '{"Username":"me","Secret":"word"}'\n`,
    );
    chmodSync(helper, 0o755);
    process.env["PATH"] = `${folder}:${pathBefore}`;
    configure({ credsStore: "none", credHelpers: { [host]: "fake" } });
    assert.equal(await digestOf(place(host)), digest);
    assert.equal(registry.requests.at(-1), `HEAD ${manifest} Basic ${base64("me:word")}`);
  });

  /** A registry whose token service takes what `isKnown` says. */
  const withTokens = (isKnown: (authorization: string | undefined, body: string) => boolean): Promise<string> =>
    registry.listen((request, response, body) => {
      const { authorization, host } = request.headers;
      if (request.url?.startsWith("/token")) {
        const known = isKnown(authorization, body);
        return void response.writeHead(known ? 200 : 401).end(JSON.stringify({ token: "letmein" }));
      }
      if (authorization === "Bearer letmein") return void response.writeHead(200, found).end();
      const challenge = `Bearer realm="http://${host}/token",service="images",scope="repository:other:pull"`;
      response.writeHead(401, { "www-authenticate": challenge }).end();
    });
  const query = "scope=repository%3Ateam%2Ftwofold%2Fredis7%3Apull&service=images";

  it("is shown a token that its token service gives for this repository", async () => {
    const host = await withTokens((authorization) => authorization === `Basic ${base64("me:word")}`);
    configure({ auths: { [`https://${host}`]: { auth: base64("me:word") } } });
    assert.equal(await digestOf(place(host)), digest);
    assert.deepEqual(registry.requests, [
      `HEAD ${manifest}`,
      `GET /token?${query} Basic ${base64("me:word")}`,
      `HEAD ${manifest} Bearer letmein`,
    ]);
  });

  it("is shown a token for nobody in particular where anybody may pull", async () => {
    const host = await withTokens((authorization) => authorization === undefined);
    assert.equal(await digestOf(place(host)), digest);
  });

  it("is shown a token that is given for a refresh token", async () => {
    const bodies: string[] = [];
    const host = await withTokens((_, body) => bodies.push(body) > 0);
    configure({ auths: { [host]: { auth: base64("00000000:"), identitytoken: "kept" } } });
    assert.equal(await digestOf(place(host)), digest);
    assert.deepEqual(bodies, [`${query}&grant_type=refresh_token&refresh_token=kept&client_id=twofold`]);
    assert.equal(registry.requests[1], "POST /token");
  });

  it("is not reported as one without the image when it refuses, and the remedy is named", async () => {
    const host = await withTokens(() => false);
    await assert.rejects(digestOf(place(host)), {
      name: "ImageError",
      message: `the image registry ${host} answers with status 401 for team/twofold/redis7; log in with docker login ${host}, as somebody who may push there`,
    });
  });

  it("takes an upload that is given up at once, before Docker begins", async () => {
    const host = await registry.listen((request, response) =>
      request.method === "POST"
        ? response.writeHead(202, { location: `${uploads}17?_state=x` }).end()
        : response.writeHead(204).end(),
    );
    await requirePush(place(host));
    assert.deepEqual(registry.requests, [`POST ${uploads}`, `DELETE ${uploads}17?_state=x`]);
  });

  for (const [status, said, remedy] of [
    [403, '{"errors":[{"code":"DENIED"}]}', "log in with docker login HOST, as somebody who may push there"],
    [500, "no space left on device", "see whether its disk is full, and what its log says"],
    [405, "not here", "see whether kubernetes.registry names an image registry"],
  ] as const) {
    it(`says what to do when it answers a push with ${status}`, async () => {
      const host = await registry.listen((_, response) => response.writeHead(status).end(said));
      await assert.rejects(requirePush(place(host)), {
        name: "ImageError",
        message: `the image registry ${host} answers with status ${status} for team/twofold/redis7 (${said}); ${remedy.replace("HOST", host)}`,
      });
    });
  }

  it("is told from a web server that happens to be there", async () => {
    const host = await registry.listen((_, response) => response.writeHead(200).end("welcome"));
    await assert.rejects(digestOf(place(host)), / see whether kubernetes\.registry names an image registry$/);
  });

  it("is named with its address and both remedies when nothing listens there", async () => {
    const host = await registry.listen(() => undefined);
    await registry.close();
    await assert.rejects(digestOf(place(host)), {
      name: "ImageError",
      message: `the image registry ${host} cannot be reached (connect ECONNREFUSED ${host}); start it (make cluster starts the one on this machine), or set kubernetes.registry to one that the nodes can pull from`,
    });
  });

  it("is asked with TLS where it is not on this machine", async () => {
    const host = await registry.listen((_, response) => response.writeHead(404).end());
    // the address of no interface leads to this machine too, but does not say so
    const elsewhere = host.replace("127.0.0.1", "0.0.0.0");
    await assert.rejects(digestOf(place(elsewhere)), (error: Error) =>
      error.message.startsWith(`the image registry ${elsewhere} speaks no TLS (`),
    );
    assert.deepEqual(registry.requests, []);
  });

  it("is not asked with a configuration of Docker that cannot be read", async () => {
    const host = await withTokens(() => true);
    writeFileSync(join(folder, "config.json"), "{");
    await assert.rejects(digestOf(place(host)), (error: Error) =>
      error.message.startsWith(`Docker's configuration ${join(folder, "config.json")} cannot be read (`),
    );
  });
});
