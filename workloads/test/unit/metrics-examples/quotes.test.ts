import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { carbonLines } from "../../../src/metrics-examples/graphite.ts";
import { influxLines } from "../../../src/metrics-examples/influxdb.ts";
import { type Quote, simulatedQuote, turnOf } from "../../../src/metrics-examples/quotes.ts";
import { createSource } from "../../../src/metrics-examples/source.ts";
import { statsdLines } from "../../../src/metrics-examples/statsd.ts";

const tickers = ["SBERP", "SBER", "GAZP"];
const log = pino({ level: "silent" });

describe("simulated quotes", () => {
  it("are the same for everybody with the seed, and others for another turn, share or seed [S4-14]", () => {
    const quote = simulatedQuote("SBER", 1, 1_700_000_010);
    assert.deepEqual(simulatedQuote("SBER", 1, 1_700_000_010), quote);
    const others = [
      simulatedQuote("SBER", 2, 1_700_000_010),
      simulatedQuote("SBER", 1, 1_700_000_040),
      simulatedQuote("SBERP", 1, 1_700_000_010),
    ];
    for (const other of others) assert.notEqual(other.price, quote.price);
  });

  it("stay where the buckets are [S4-17]", () => {
    for (const ticker of tickers)
      for (let at = 0; at < 3_600 * 30; at += 900) {
        const { price } = simulatedQuote(ticker, 7, at);
        assert.ok(price > 25 && price < 500, `${ticker} costs ${price}`);
      }
  });

  it("are of turns of thirty seconds [S4-12]", () => {
    assert.deepEqual(
      [1_700_000_009_999, 1_700_000_010_000, 1_700_000_039_999].map((at) => turnOf(at, 30)),
      [1_699_999_980, 1_700_000_010, 1_700_000_010],
    );
  });
});

describe("the source of quotes", () => {
  let server: Server;
  let answer: { status: number; body: string };
  let asked: string | undefined;
  let url: string;
  before(async () => {
    server = createServer((request, response) => {
      asked = request.url;
      response.writeHead(answer.status).end(answer.body);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());
  const board = (data: unknown): string => JSON.stringify({ marketdata: { columns: ["SECID", "LAST"], data } });

  it("is the exchange where it can be reached, whose address may be another's [S4-36]", async () => {
    answer = {
      status: 200,
      body: board([
        ["GAZP", 128.4],
        ["SBER", 301.25],
        ["SBERP", 299],
      ]),
    };
    const source = createSource({ tickers, seed: 1, url, log });
    assert.deepEqual(
      (await source.quotes(30)).map(({ ticker, price, at, exchange }) => [ticker, price, at, exchange]),
      [
        ["SBERP", 299, 30, "MOEX"],
        ["SBER", 301.25, 30, "MOEX"],
        ["GAZP", 128.4, 30, "MOEX"],
      ],
    );
    assert.ok(source.live);
    assert.match(
      asked ?? "",
      /^\/iss\/engines\/stock\/markets\/shares\/boards\/TQBR\/securities\.json\?.*SBERP%2CSBER%2CGAZP/,
    );
  });

  it("is the simulation, and says so, when the exchange fails, has no price, or makes no sense", async () => {
    const source = createSource({ tickers, seed: 1, url, log });
    for (const bad of [
      { status: 500, body: "" },
      { status: 200, body: board([["SBER", null]]) },
      { status: 200, body: "<html>" },
    ]) {
      answer = bad;
      const quotes = await source.quotes(30);
      assert.deepEqual(
        quotes,
        tickers.map((ticker) => simulatedQuote(ticker, 1, 30)),
      );
      assert.deepEqual([source.live, quotes[0]?.exchange], [false, "simulated"]);
    }
  });
});

describe("quotes in the words of the stores", () => {
  const quotes: readonly Quote[] = [
    { ticker: "SBER", price: 301.25, at: 30, exchange: "MOEX" },
    { ticker: "GAZP", price: 128.4, at: 30, exchange: "MOEX" },
  ];

  it("begin with the prefix in Graphite and in StatsD [S4-13]", () => {
    assert.equal(carbonLines("stocks", quotes), "stocks.SBER.price 301.25 30\nstocks.GAZP.price 128.4 30\n");
    assert.equal(statsdLines("stocks", quotes), "stocks.SBER.price:301.25|g\nstocks.GAZP.price:128.4|g");
  });

  it("have tags in InfluxDB [S4-15]", () => {
    assert.equal(
      influxLines(quotes),
      "stock_price,exchange=MOEX,ticker=SBER price=301.25 30\nstock_price,exchange=MOEX,ticker=GAZP price=128.4 30",
    );
  });
});
