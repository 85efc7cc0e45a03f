import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type IncomingMessage, get as getPlain } from "node:http";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import { defineSystem } from "../../components/index";
import { run } from "../../images/command";
import { upstream } from "../../images/table";
import { PlannedContainer } from "./docker/planned-container";
import { eventually } from "./eventually";
import { buildMilliseconds, presentImages } from "./present-images";

const docker = (...args: readonly string[]): Promise<string> => run("docker", args);
const answering = (name: string): string =>
  `require("node:http").createServer((_, answer) => answer.end(${JSON.stringify(name)})).listen(8080)`;

interface Said {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly protocol: string | null;
}

describe("the catalogue's reverse proxy with TLS", function () {
  this.timeout(120_000);
  const plan = defineSystem("shop", (s) => {
    const web = s.service("web", { image: upstream("node24"), ports: { http: { number: 8080 } } });
    const tls = {
      certificate: s.secret("certificate", { config: "certificate" }),
      key: s.secret("certificate-key", { config: "key" }),
    };
    s.reverseProxy("nginx", { routes: [{ path: "/", to: web }], tls });
  }).plan();
  const nginx = plan.services.find(({ name }) => name === "nginx");
  assert.ok(nginx !== undefined);
  const network = `twofold-proxy-${randomBytes(4).toString("hex")}`;
  const folder = mkdtempSync(join(tmpdir(), "twofold-certificate-"));
  const backends = new Set<string>();
  let referenceOf: (image: string) => string;
  let proxy: PlannedContainer | undefined;

  const addBackend = async (name: string): Promise<string> => {
    const options = ["--network", network, "--network-alias", "web", "--entrypoint", "node"];
    const image = referenceOf(upstream("node24"));
    const id = (await docker("run", "--detach", "--init", ...options, image, "--eval", answering(name))).trim();
    backends.add(id);
    return id;
  };
  const removeBackend = async (id: string): Promise<void> => {
    await docker("rm", "--force", "--volumes", id);
    backends.delete(id);
  };
  const portOf = async (internal: number): Promise<number> => {
    assert.ok(proxy !== undefined);
    return Number((await docker("port", proxy.id, `${internal}/tcp`)).trim().split(":").at(-1));
  };
  const said = (ask: (take: (answer: IncomingMessage) => void) => ReturnType<typeof get>): Promise<Said> =>
    new Promise((resolve, reject) => {
      ask((answer) => {
        const protocol = (answer.socket as Partial<TLSSocket>).getProtocol?.() ?? null;
        const { statusCode: status = 0, headers } = answer;
        text(answer).then((body) => resolve({ status, headers, body, protocol }), reject);
      }).on("error", reject);
    });
  const secure = async (version: "TLSv1.1" | "TLSv1.2" | "TLSv1.3"): Promise<Said> => {
    const [port, ca] = [await portOf(8443), readFileSync(join(folder, "crt"), "utf8")];
    const options = {
      port,
      ca,
      minVersion: version,
      maxVersion: version,
      ciphers: "DEFAULT:@SECLEVEL=0",
      agent: false,
    };
    return said((take) => get({ host: "127.0.0.1", path: "/", servername: "shop.test", ...options }, take));
  };

  before(async function () {
    this.timeout(buildMilliseconds);
    referenceOf = await presentImages(plan.services.map(({ image }) => image));
    const [crt, key] = [join(folder, "crt"), join(folder, "key")];
    const named = ["-subj", "/CN=shop.test", "-addext", "subjectAltName=DNS:shop.test"];
    await run("openssl", [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "1",
      ...named,
      "-keyout",
      key,
      "-out",
      crt,
    ]);
    await docker("network", "create", network);
    await addBackend("one");
    proxy = await PlannedContainer.start(nginx, {
      reference: referenceOf(upstream("nginx")),
      secret: (path) => readFileSync(join(folder, path.endsWith("key") ? "key" : "crt"), "utf8"),
      options: ["--network", network, "--publish", "127.0.0.1::8080", "--publish", "127.0.0.1::8443"],
    });
    await eventually(() => secure("TLSv1.3"), 30);
  });
  after(async () => {
    await proxy?.remove();
    for (const id of backends) await removeBackend(id);
    await docker("network", "rm", network);
    rmSync(folder, { recursive: true });
  });

  it("speaks TLS 1.2 and 1.3, and nothing older [S2-15]", async () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const { status, headers, body, protocol } = await secure(version);
      assert.deepEqual([status, body, protocol], [200, "one", version]);
      assert.equal(headers["strict-transport-security"], "max-age=31536000; includeSubDomains; preload");
    }
    await assert.rejects(secure("TLSv1.1"), /protocol version|EPROTO/);
  });

  it("leads plain HTTP to HTTPS, but for its own health [S2-16]", async () => {
    const plain = async (path: string): Promise<Said> => {
      const options = {
        host: "127.0.0.1",
        port: await portOf(8080),
        path,
        headers: { host: "shop.test" },
        agent: false,
      };
      return said((take) => getPlain(options, take));
    };
    const { status, headers } = await plain("/orders?page=2");
    assert.deepEqual([status, headers.location], [301, "https://shop.test/orders?page=2"]);
    assert.deepEqual((await plain("/healthz")).status, 200);
  });

  it("spreads requests over replicas as they come and go [S2-13]", async () => {
    const answers = async (count: number): Promise<ReadonlySet<string>> =>
      new Set((await Promise.all(Array.from({ length: count }, () => secure("TLSv1.3")))).map(({ body }) => body));
    const first = [...backends][0] ?? "";
    await addBackend("two");
    await eventually(async () => assert.deepEqual(await answers(8), new Set(["one", "two"])), 30);
    await removeBackend(first);
    await eventually(async () => assert.deepEqual(await answers(8), new Set(["two"])), 60);
    await eventually(async () => {
      const upstreams = (await proxy?.inside("cat", "/tmp/upstreams.conf")) ?? "";
      assert.equal(upstreams.match(/server /g)?.length, 1, upstreams);
    }, 30);
    assert.ok(proxy !== undefined);
    await proxy.inside("nginx", "-t");
  });
});
