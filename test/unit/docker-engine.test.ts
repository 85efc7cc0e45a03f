import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectEngine, engineHost } from "../../components/targets/docker/engine";

/** An Engine that gives prepared answers and notes what it was asked. */
describe("talking to the Docker Engine", () => {
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  const socket = join(folder, "docker.sock");
  const asked: string[] = [];
  let answer: { readonly status: number; readonly body: Buffer | object | string } = { status: 200, body: {} };
  let server: Server;

  before(async () => {
    server = createServer((request, response) => {
      void textOf(request).then((body) => {
        asked.push([request.method, request.url, request.headers["content-type"], body].filter(Boolean).join(" "));
        response.statusCode = answer.status;
        const plain = Buffer.isBuffer(answer.body) || typeof answer.body === "string";
        response.end(plain ? answer.body : JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
  });
  beforeEach(() => void asked.splice(0));
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const engine = connectEngine(`unix://${socket}`, {});

  it("asks for one container, and knows when there is none", async () => {
    answer = { status: 404, body: { message: "No such container: x" } };
    assert.equal(await engine.inspect("x"), undefined);
    assert.deepEqual(asked, ["GET /containers/x/json"]);
  });

  it("reads what it needs of a container", async () => {
    const state = { Status: "running", ExitCode: 0, Error: "", OOMKilled: false, StartedAt: "", FinishedAt: "" };
    const container = {
      ...{ Id: "1", Name: "/x", RestartCount: 2, Config: { Labels: { a: "b" } }, HostConfig: { PidsLimit: 7 } },
      State: { ...state, Health: { Status: "starting", Log: [] } },
    };
    answer = { status: 200, body: { ...container, Image: "more than it needs" } };
    assert.deepEqual(await engine.inspect("x"), container);
  });

  it("reads the code of the last end before a moment", async () => {
    const events = [3, 7].map((exitCode) => JSON.stringify({ Actor: { Attributes: { exitCode: String(exitCode) } } }));
    answer = { status: 200, body: `${events.join("\n")}\n` };
    assert.equal(await engine.exitCodeBefore("x", "1970-01-01T00:00:09.123456789Z"), 7);
    const filters = encodeURIComponent('{"container":["x"],"event":["die"]}');
    assert.deepEqual(asked, [`GET /events?since=0&until=9.123&filters=${filters}`]);
    answer = { status: 200, body: "" };
    assert.equal(await engine.exitCodeBefore("x", "1970-01-01T00:00:09Z"), undefined);
  });

  it("refuses an answer that is not as documented", async () => {
    answer = { status: 200, body: { Id: 1 } };
    await assert.rejects(engine.inspect("x"), /expected string, received number/);
  });

  it("changes a container with the documented calls", async () => {
    answer = { status: 204, body: "" };
    await engine.start("x");
    await engine.limitPids("x", 64);
    await engine.unpack("x", "/etc/my app", Buffer.from("tar"));
    await engine.removeContainer("x");
    assert.deepEqual(asked, [
      "POST /containers/x/start",
      'POST /containers/x/update application/json {"PidsLimit":64}',
      "PUT /containers/x/archive?path=%2Fetc%2Fmy%20app application/x-tar tar",
      "DELETE /containers/x?v=1&force=1",
    ]);
  });

  it("takes log lines out of the frames in which they come", async () => {
    const frame = (stream: number, text: string): Buffer => {
      const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
      head.writeUInt32BE(Buffer.byteLength(text), 4);
      return Buffer.concat([head, Buffer.from(text)]);
    };
    answer = { status: 200, body: Buffer.concat([frame(1, "one\n"), frame(2, "zwö\n")]) };
    assert.equal(await engine.logs("x", 10), "one\nzwö\n");
    assert.deepEqual(asked, ["GET /containers/x/logs?stdout=1&stderr=1&tail=10"]);
  });

  it("reads networks and volumes", async () => {
    answer = { status: 200, body: [{ Id: "n", Name: "net", Labels: {}, IPAM: { Config: null }, Driver: "bridge" }] };
    assert.deepEqual(await engine.networks(), [{ Id: "n", Name: "net", Labels: {}, IPAM: { Config: null } }]);
    answer = { status: 200, body: { Name: "data", Labels: null } };
    assert.deepEqual(await engine.volume("data"), { Name: "data", Labels: null });
    await engine.removeNetwork("n");
    assert.deepEqual(asked, ["GET /networks", "GET /volumes/data", "DELETE /networks/n"]);
  });

  it("finds containers by the Engine's own filters", async () => {
    answer = { status: 200, body: [{ Id: "c", Names: ["/x"], Labels: { a: "b" }, State: "running" }] };
    assert.deepEqual(await engine.containers({ label: ["a=b"] }), [{ Id: "c", Names: ["/x"], Labels: { a: "b" } }]);
    assert.deepEqual(asked, [`GET /containers/json?all=1&filters=${encodeURIComponent('{"label":["a=b"]}')}`]);
  });

  it("passes on what the Engine says when it refuses", async () => {
    answer = { status: 409, body: { message: "port is already allocated" } };
    await assert.rejects(engine.start("x"), { name: "EngineError", status: 409, message: "port is already allocated" });
    answer = { status: 500, body: "a proxy's page" };
    await assert.rejects(engine.start("x"), { name: "EngineError", status: 500, message: "a proxy's page" });
  });

  it("says what to do when nothing answers", async () => {
    const nobody = connectEngine(`unix://${folder}/none.sock`, {});
    await assert.rejects(
      nobody.networks(),
      /Docker does not answer at unix:.*none\.sock \(.*ENOENT.*\); start it, or set DOCKER_HOST/,
    );
  });
});

describe("the address of the Docker Engine", () => {
  it("is the provider's: DOCKER_HOST, else the socket of this machine", () => {
    assert.equal(engineHost({}), "unix:///var/run/docker.sock");
    assert.equal(engineHost({ DOCKER_HOST: "" }), "unix:///var/run/docker.sock");
    assert.equal(engineHost({ DOCKER_HOST: "tcp://192.0.2.1:2375" }), "tcp://192.0.2.1:2375");
  });

  it("is refused when it cannot be used", () => {
    assert.throws(() => connectEngine("ssh://me@example.org", {}), {
      name: "DescriptionError",
      message: /address of the Docker Engine: is "ssh:\/\/me@example\.org"; use unix:\/\/ or tcp:\/\//,
    });
  });

  it("may be a host and port", async () => {
    const server = createServer((_, response) => void response.end("[]"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    assert.deepEqual(await connectEngine(`tcp://127.0.0.1:${address.port}`, {}).networks(), []);
    server.close();
  });
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
