import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { eventually } from "../support/eventually.ts";
import { RoleProcess } from "../support/role-process.ts";

const portOf = (server: { address(): unknown }): string => String((server.address() as AddressInfo).port);

/** The three programs with stores that take what they are sent and write it down. */
describe("metrics-examples as processes", function () {
  this.timeout(60_000);
  const lines: string[] = [];
  const points: string[] = [];
  const gauges: string[] = [];
  let credentials: string | undefined;
  let carbon: Server;
  let influxdb: HttpServer;
  let statsd: Socket;
  const started: RoleProcess[] = [];
  const start = (role: string, environment: Readonly<Record<string, string>>): RoleProcess => {
    const process = new RoleProcess(role, { INTERVAL: "1", SEED: "7", ...environment });
    started.push(process);
    return process;
  };

  before(async () => {
    carbon = createServer((socket) => socket.on("data", (data) => lines.push(...data.toString().trim().split("\n"))));
    influxdb = createHttpServer(async (request, response) => {
      credentials = request.headers.authorization;
      for await (const data of request) points.push(...String(data).split("\n"));
      response.writeHead(204).end();
    });
    statsd = createSocket("udp4").on("message", (data) => gauges.push(...data.toString().split("\n")));
    carbon.listen(0, "127.0.0.1");
    influxdb.listen(0, "127.0.0.1");
    statsd.bind(0, "127.0.0.1");
    await Promise.all([once(carbon, "listening"), once(influxdb, "listening"), once(statsd, "listening")]);
  });
  after(async () => {
    await Promise.all(started.map((process) => process.stop("SIGKILL")));
    carbon.close();
    influxdb.close();
    statsd.close();
  });

  it("worker and scraper, who know nothing of each other, say the same of each share [S4-11, S4-14]", async () => {
    start("metrics-scraper", {
      GRAPHITE_HOST: "127.0.0.1",
      GRAPHITE_PORT: portOf(carbon),
      INFLUXDB_URL: `http://127.0.0.1:${portOf(influxdb)}`,
      INFLUXDB_USER: "clerk",
      INFLUXDB_PASSWORD: "pass-word-3",
      STATSD_HOST: "127.0.0.1",
      STATSD_PORT: portOf(statsd),
    });
    const worker = start("metrics-worker", {});
    await eventually(async () => {
      const { text } = await worker.get("/metrics");
      for (const ticker of ["SBERP", "SBER", "GAZP"]) {
        const figure = (name: string): string | undefined =>
          new RegExp(`^${name}\\{ticker="${ticker}"\\} (\\S+)$`, "m").exec(text)?.[1];
        const price = figure("moex_stock_last_price");
        const at = Number(figure("moex_stock_last_price_timestamp_seconds"));
        assert.ok(price !== undefined);
        assert.ok(lines.includes(`stocks.${ticker}.price ${price} ${at}`));
        assert.ok(points.includes(`stock_price,exchange=simulated,ticker=${ticker} price=${price} ${at}`));
        assert.ok(gauges.includes(`stocks.${ticker}.price:${price}|g`));
      }
    });
    assert.equal(credentials, `Basic ${Buffer.from("clerk:pass-word-3").toString("base64")}`);
  });

  it("the worker has a histogram whose buckets are where prices are [S4-16, S4-17]", async () => {
    const worker = started.find((process) => process.output.includes('"role":"metrics-worker"'));
    const { text } = (await worker?.get("/metrics")) ?? { text: "" };
    assert.match(text, /^# TYPE moex_stock_price histogram$/m);
    const count = (bound: string): number =>
      Number(new RegExp(`^moex_stock_price_bucket\\{le="${bound}",ticker="SBER"\\} (\\d+)$`, "m").exec(text)?.[1]);
    assert.equal(count("100"), 0);
    assert.ok(count("500") >= 1);
    assert.equal(count("500"), count("\\+Inf"));
  });

  it("the scraper feeds one store while another is away, and stops in order", async () => {
    const before = points.length;
    const scraper = start("metrics-scraper", {
      GRAPHITE_HOST: "127.0.0.1",
      GRAPHITE_PORT: "1",
      INFLUXDB_URL: `http://127.0.0.1:${portOf(influxdb)}`,
      INFLUXDB_USER: "clerk",
      INFLUXDB_PASSWORD: "pass-word-3",
    });
    await scraper.said("writing quotes: failed, trying again at the next turn");
    await eventually(async () => assert.ok(points.length > before));
    assert.ok(!scraper.output.includes("pass-word-3"));
    assert.equal(await scraper.stop(), 0);
  });
});
