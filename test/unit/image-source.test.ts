import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { chooseSource } from "../../images/source";

describe("where images come from", () => {
  let server: Server;
  let requests: string[];
  const listen = async (answer: RequestListener): Promise<string> => {
    requests = [];
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const registryHeader = { "docker-distribution-api-version": "registry/2.0" };

  for (const status of [200, 401]) {
    it(`is upstream when the registry answers with ${status}`, async () => {
      const registry = await listen((_, response) => response.writeHead(status, registryHeader).end());
      assert.deepEqual(await chooseSource(undefined, { registry }), {
        source: "upstream",
        because: `${new URL(registry).host} answers`,
      });
      assert.deepEqual(requests, ["GET /v2/"]);
    });
  }

  it("is here when something else answers in the registry's place", async () => {
    const registry = await listen((_, response) => response.writeHead(200).end("please log in"));
    const { source, because } = await chooseSource(undefined, { registry });
    assert.equal(source, "local");
    assert.match(because, / answers with status 200, but not as an image registry, so images are built here/);
  });

  it("is here when the registry is broken", async () => {
    const registry = await listen((_, response) => response.writeHead(503, registryHeader).end());
    assert.equal((await chooseSource(undefined, { registry })).source, "local");
  });

  it("is here when the registry redirects away, as a log-in page does", async () => {
    const registry = await listen((_, response) =>
      response.writeHead(302, { location: "/login", ...registryHeader }).end(),
    );
    assert.equal((await chooseSource(undefined, { registry })).source, "local");
    assert.equal(requests.length, 1);
  });

  it("is here when nothing listens, and says how to insist", async () => {
    const registry = await listen((_, response) => response.end());
    await new Promise((resolve) => server.close(resolve));
    const { source, because } = await chooseSource(undefined, { registry });
    assert.equal(source, "local");
    assert.match(
      because,
      /cannot be reached, so images are built here; set imageSource to upstream to pull all the same$/,
    );
  });

  it("is here when the registry does not answer in time", async () => {
    const registry = await listen(() => undefined);
    const start = performance.now();
    const { source, because } = await chooseSource(undefined, { registry, timeoutMs: 100 });
    assert.ok(performance.now() - start < 2000);
    assert.equal(source, "local");
    assert.match(because, / gave no answer in 100 ms, /);
  });

  it("is what the configuration says, without asking anybody", async () => {
    const registry = await listen((_, response) => response.writeHead(200, registryHeader).end());
    assert.deepEqual(await chooseSource("local", { registry }), {
      source: "local",
      because: "imageSource is set to local",
    });
    assert.deepEqual(await chooseSource("upstream", { registry }), {
      source: "upstream",
      because: "imageSource is set to upstream",
    });
    assert.deepEqual(requests, []);
  });
});
