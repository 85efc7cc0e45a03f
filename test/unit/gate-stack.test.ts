import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { readStackFile } from "../../config/stack-file";
import { stackLook } from "../../gate/stack";

describe("a look at a stack on Docker", () => {
  /** What the engine does not have. */
  const absent = new Set<string>();
  let engine: Server;
  let hostBefore: string | undefined;
  before((done) => {
    engine = createServer((request, response) => {
      const [, name = ""] = /^\/containers\/(.*)\/json$/.exec(request.url ?? "") ?? [];
      const found = {
        ...{ Id: name, Name: name, RestartCount: 0, Config: { Labels: null }, HostConfig: { PidsLimit: 64 } },
        State: {
          ...{ Status: "running", ExitCode: 0, Error: "", OOMKilled: false, StartedAt: "", FinishedAt: "" },
          Health: { Status: "healthy", Log: null },
        },
      };
      response.writeHead(absent.has(name) ? 404 : 200).end(JSON.stringify(found));
    }).listen(0, "127.0.0.1", () => {
      hostBefore = process.env["DOCKER_HOST"];
      process.env["DOCKER_HOST"] = `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`;
      done();
    });
  });
  after(() => {
    engine.close();
    if (hostBefore === undefined) delete process.env["DOCKER_HOST"];
    else process.env["DOCKER_HOST"] = hostBefore;
  });

  const look = (outputs: Parameters<typeof stackLook>[1]) =>
    stackLook(readStackFile(join(__dirname, "../.."), "dev"), outputs)();

  it("sees every service of every system", async () => {
    const { troubles, restarts } = await look({ addresses: {}, omitted: {} });
    assert.deepEqual(troubles, []);
    assert.ok(restarts.has("algo-trading-trading-bot") && restarts.size > 10, [...restarts.keys()].join());
  });

  it("misses what is away, but not what could not be deployed, and tries the addresses", async () => {
    absent.add("algo-trading-postgres").add("algo-trading-grafana");
    const { troubles } = await look({
      addresses: { "algo-trading": { "prometheus/http": "http://127.0.0.1:1" } },
      omitted: { "algo-trading": { grafana: "there is no image" } },
    });
    assert.equal(troubles[0], "algo-trading-postgres is not there");
    assert.match(troubles[1] ?? "", /^prometheus\/http does not answer at http:\/\/127\.0\.0\.1:1\/-\/ready: /);
    assert.equal(troubles.length, 2);
  });
});
