import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { defineSystem } from "../../components/index";
import { addressesIn, ask } from "../../gate/addresses";

const plan = defineSystem("shop", (s) => {
  const ports = { http: { number: 8080 }, admin: { number: 9000 } };
  s.service("api", { image: "shop/api:1.4.2", ports, probes: { live: { http: { port: "http", path: "/alive" } } } });
}).plan();

describe("the addresses of a stack", () => {
  it("are asked at the path of the service's own check, else at the root", () => {
    const addresses = addressesIn(
      {
        "api/http": "https://api-shop.example.com",
        "api/admin": "http://127.0.0.1:19000",
        "db/sql": "127.0.0.1:15432",
        "cache/redis": "kubectl --context lab -n shop port-forward service/cache 6379:6379",
      },
      plan,
    );
    assert.deepEqual(
      addresses.map(({ name, url, checked }) => [name, url.href, checked]),
      [
        ["api/http", "https://api-shop.example.com/alive", true],
        ["api/admin", "http://127.0.0.1:19000/", false],
        ["db/sql", "tcp://127.0.0.1:15432", false],
      ],
    );
  });
});

describe("asking at an address", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  const listening = async (server: Server): Promise<number> => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  };
  const answering =
    (status: number): RequestListener =>
    (_, response) =>
      void response.writeHead(status).end("body");
  const known = { anyCertificate: false };

  for (const [status, checked, well] of [
    [200, true, true],
    [301, true, true],
    [404, true, false],
    [404, false, true],
    [401, false, true],
    [502, false, false],
  ] as const)
    it(`takes ${status} ${checked ? "of a check " : ""}for ${well ? "well" : "ill"}`, async () => {
      const url = new URL(`http://127.0.0.1:${await listening(createServer(answering(status)))}/`);
      const wrong = `api/http answers with status ${status} at ${url.href}`;
      assert.equal(await ask({ name: "api/http", url, checked }, known), well ? undefined : wrong);
    });

  it("goes to the address that it is told, by the name that is asked for", async () => {
    const hosts: (string | undefined)[] = [];
    const port = await listening(
      createServer((request, response) => hosts.push(request.headers.host) && response.end()),
    );
    const url = new URL(`http://api-shop.twofold.test:${port}/`);
    assert.equal(await ask({ name: "api", url, checked: true }, { ...known, ip: "127.0.0.1" }), undefined);
    assert.deepEqual(hosts, [url.host]);
  });

  it("takes any certificate only where it is told to", async () => {
    const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=nobody"];
    const pem = execFileSync("openssl", ["req", "-x509", ...kind, "-keyout", "-"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const server = createSecureServer({ key: pem, cert: pem }, answering(200));
    const url = new URL(`https://127.0.0.1:${await listening(server)}/`);
    const address = { name: "api", url, checked: true };
    assert.match((await ask(address, known)) ?? "", /^api does not answer at https:.*: .*certificate/);
    assert.equal(await ask(address, { anyCertificate: true }), undefined);
  });

  it("knocks where no HTTP is spoken, and says who does not answer", async () => {
    const server = createServer();
    const url = new URL(`tcp://127.0.0.1:${await listening(server)}`);
    assert.equal(await ask({ name: "db/sql", url, checked: false }, known), undefined);
    server.close();
    assert.match(
      (await ask({ name: "db/sql", url, checked: false }, known)) ?? "",
      /^db\/sql does not answer at .*ECONNREFUSED/,
    );
  });
});
