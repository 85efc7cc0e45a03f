import assert from "node:assert/strict";
import { eventually } from "../eventually";
import { everyStorePanelAnswers } from "../monitoring/panels";
import type { DeployedSystem } from "./deployed-system";
import { askStores } from "./store-panels";

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** A price and the beginning of its turn, in seconds since 1970. */
type Point = readonly [at: number, price: number];

const tickers = ["SBERP", "SBER", "GAZP"];

/** One quote, pulled into one store and pushed into two others by programs that know nothing of each other. */
export function metricsExamplesCases(deployed: DeployedSystem): void {
  const fetched = async (where: string, url: string): Promise<unknown> =>
    JSON.parse(await deployed.inside(where, "wget", "-q", "-O", "-", url));
  const query = async (expression: string): Promise<readonly Sample[]> => {
    const answer = await deployed.prometheus(`query?query=${encodeURIComponent(expression)}`);
    return (answer as { readonly result: readonly Sample[] }).result;
  };
  /** Points of the last minutes, newest last. */
  const inGraphite = async (target: string): Promise<readonly Point[]> => {
    const series = (await fetched(
      "graphite",
      `http://127.0.0.1:8080/render?format=json&from=-5min&target=${target}`,
    )) as readonly { readonly datapoints: readonly (readonly [number | null, number])[] }[];
    return (series[0]?.datapoints ?? []).flatMap(([price, at]) => (price === null ? [] : [[at, price] as const]));
  };
  /** What the database's own user is answered, inside the server. */
  const influxql = async (statement: string): Promise<string> => {
    const script =
      'INFLUX_USERNAME="$INFLUXDB_USER" INFLUX_PASSWORD="$(cat "$INFLUXDB_USER_PASSWORD_FILE")" ' +
      'exec influx -database "$INFLUXDB_DB" -precision s -format csv -execute "$1"';
    return deployed.inside("influxdb", "sh", "-c", script, "sh", statement);
  };
  const inInfluxdb = async (ticker: string): Promise<readonly Point[]> => {
    const csv = await influxql(
      `SELECT price FROM stock_price WHERE ticker = '${ticker}' AND time > now() - 5m ORDER BY time`,
    );
    return csv
      .split("\n")
      .slice(1)
      .map((line) => line.split(",").slice(1).map(Number))
      .map(([at = Number.NaN, price = Number.NaN]) => [at, price] as const);
  };

  it("has the same price of each share in all three stores [S4-14, S4-11, S4-13]", async () => {
    await eventually(async () => {
      for (const ticker of tickers) {
        const [price, time] = await Promise.all(
          ["moex_stock_last_price", "moex_stock_last_price_timestamp_seconds"].map(async (name) => {
            const [sample] = await query(`${name}{ticker="${ticker}"}`);
            assert.ok(sample !== undefined, `Prometheus has no ${name} of ${ticker}`);
            return Number(sample.value[1]);
          }),
        );
        const graphite = (await inGraphite(`stocks.${ticker}.price`)).find(([at]) => at === time);
        const influxdb = (await inInfluxdb(ticker)).find(([at]) => at === time);
        assert.deepEqual(
          [graphite, influxdb],
          [
            [time, price],
            [time, price],
          ],
          ticker,
        );
      }
    }, 120);
  });

  it("has a turn each thirty seconds [S4-12]", async () => {
    await eventually(async () => {
      const times = (await inInfluxdb("SBER")).map(([at]) => at);
      assert.ok(times.length >= 2);
      for (const [index, at] of times.entries()) {
        assert.equal(at % 30, 0);
        if (index > 0) assert.equal(at - (times[index - 1] ?? 0), 30);
      }
    }, 90);
  });

  it("has a histogram with buckets where prices are [S4-16, S4-17]", async () => {
    const metrics = await deployed.inside(
      "worker-prometheus",
      "node",
      "-e",
      'fetch("http://127.0.0.1:8000/metrics").then(async (r) => console.log(await r.text()))',
    );
    assert.match(metrics, /^# TYPE moex_stock_price histogram$/m);
    const [inside] = await query(
      'sum(moex_stock_price_bucket{le="500"}) - sum(moex_stock_price_bucket{le="25"}) - sum(moex_stock_price_count)',
    );
    assert.equal(Number(inside?.value[1]), 0, "a price lies outside of the buckets");
  });

  it("has the database, asks for a password, and keeps quotes with their tags [S4-07, S4-15, S4-29]", async () => {
    const tags = await influxql("SHOW TAG KEYS FROM stock_price");
    assert.deepEqual(
      tags
        .split("\n")
        .slice(1)
        .map((line) => line.split(",").at(-1)),
      ["exchange", "ticker"],
    );
    const anonymous = 'influx -database pyexample -execute "SHOW MEASUREMENTS" 2>&1; true';
    assert.match(await deployed.inside("influxdb", "sh", "-c", anonymous), /authentication|authorization/);
    await assert.rejects(influxql("CREATE DATABASE other"));
  });

  it("has the quotes by way of StatsD, too: datagrams arrive [S4-05]", async () => {
    await eventually(async () => {
      const gauges = await inGraphite("stats.gauges.stocks.SBER.price");
      const sent = (await inInfluxdb("SBER")).map(([, price]) => price);
      const last = gauges.at(-1)?.[1];
      assert.ok(last !== undefined && sent.includes(last), `StatsD says ${last}, and sent were ${sent.join()}`);
    }, 90);
  });

  it("has something to show in every panel that asks Graphite or InfluxDB, by their own interfaces [S4-35]", async () => {
    await everyStorePanelAnswers(deployed.plan.dashboards, ["graphite", "influxdb"], (queries) =>
      askStores(deployed, "backend", queries),
    );
  });

  it("tells by its backend what the stores hold, and they agree [S4-08]", async () => {
    await eventually(async () => {
      const said = await deployed.inside(
        "backend",
        "node",
        "-e",
        'fetch("http://127.0.0.1:8998/quotes").then(async (r) => console.log(await r.text()))',
      );
      const quotes = JSON.parse(said) as Readonly<Record<string, Readonly<Record<string, object>>>>;
      assert.deepEqual(Object.keys(quotes), tickers);
      for (const ticker of tickers) assert.deepEqual(quotes[ticker]?.["graphite"], quotes[ticker]?.["influxdb"]);
      const [count] = await query("count(moex_store_price)");
      assert.equal(Number(count?.value[1]), 6);
    }, 90);
    assert.deepEqual(await query('ALERTS{alertname="StoreDisagreement"}'), []);
  });
}
