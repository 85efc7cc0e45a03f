import { defineRole } from "../roles/role.ts";
import { carbonLines, sendLines } from "./graphite.ts";
import { influxLines, writeInfluxdb } from "./influxdb.ts";
import { createSource } from "./source.ts";
import { sendDatagram, statsdLines } from "./statsd.ts";
import { eachTurn } from "./turns.ts";
import { scraperVariables } from "./variables.ts";

/** Writes quotes into the stores that wait to be sent some. One only: two would write each point twice. */
export const scraper = defineRole(
  "metrics-scraper",
  () => scraperVariables,
  async ({ log, signal, ready }, config) => {
    const { TICKERS, INTERVAL, SEED, MOEX_URL, GRAPHITE_PREFIX, GRAPHITE_HOST, GRAPHITE_PORT, STATSD_HOST } = config;
    const source = createSource({ tickers: TICKERS, seed: SEED, url: MOEX_URL, log });
    await ready();
    await eachTurn(
      INTERVAL,
      async (at) => {
        const quotes = await source.quotes(at);
        // each store gets its points whatever becomes of the others
        const results = await Promise.allSettled([
          sendLines(GRAPHITE_HOST, GRAPHITE_PORT, carbonLines(GRAPHITE_PREFIX, quotes)),
          writeInfluxdb(config, influxLines(quotes)),
          ...(STATSD_HOST === undefined
            ? []
            : [sendDatagram(STATSD_HOST, config.STATSD_PORT, statsdLines(GRAPHITE_PREFIX, quotes))]),
        ]);
        const failed = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
        if (failed.length > 0) {
          throw new AggregateError(failed);
        }
        log.debug({ at, quotes: quotes.length }, "written");
      },
      { signal, log, what: "writing quotes" },
    );
  },
);
