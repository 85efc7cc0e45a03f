import { randomInt } from "node:crypto";
import { z } from "zod";
import type { App } from "../platform/app.ts";
import type { Answer, Route } from "../platform/http-server.ts";
import { every } from "../platform/retry.ts";
import { defineRole, type Role } from "../roles/role.ts";
import { isReady, readinessOf } from "./checks.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { liveMarket, type Market, simulatedMarket } from "./market.ts";
import { createMetrics } from "./metrics.ts";
import { readStart, type Start } from "./start.ts";
import { hasToken, issueToken, type Keys, knowsKey } from "../platform/tokens.ts";
import { createTrader } from "./trader.ts";

const version = "1.0.0";

const secret = (name: string) =>
  z.string({ error: `is missing; set ${name}_FILE to the path of a file that holds it` }).min(1, "is empty");

/** Trades on paper by moving averages, and tells of it by HTTP. One only: two would share one ledger. */
export const zigquant: Role = {
  name: "zigquant",
  prepare(environment, args) {
    const start = readStart(environment, args);
    return defineRole(
      "zigquant",
      () => ({ API_KEY: secret("API_KEY"), JWT_SECRET: secret("JWT_SECRET") }),
      (app, { API_KEY, JWT_SECRET }) =>
        trade(app, start, { apiKey: API_KEY, jwtSecret: JWT_SECRET, issuer: "zigquant" }),
    ).prepare(start.environment, args);
  },
};

async function trade(app: App, { configPath, settings, environment }: Start, keys: Keys): Promise<void> {
  const { log, registry, signal } = app;
  const { symbol, tickMs, fastTicks, slowTicks, dataDir } = settings;
  const { PORT: port, LOG_LEVEL: logLevel } = environment;
  log.info({ configPath, port, logLevel }, "serving");

  const ledger = openLedger(dataDir);
  const metrics = createMetrics(registry, ledger);
  const trader = createTrader({ fastTicks, slowTicks }, ledger);
  let lastPriceAt: number | undefined;
  const readiness = () => readinessOf({ dataDir, tickMs, lastPriceAt, now: performance.now() });
  for (const [name, route] of Object.entries(routesOf(ledger, keys, readiness))) {
    app.route(name, metrics.timed(name, route));
  }

  const nextPrice = marketOf(app, settings);
  await every(
    tickMs,
    async () => {
      const price = await nextPrice();
      lastPriceAt = performance.now();
      if (trader.tell(price, Date.now())) {
        metrics.traded();
        log.debug({ symbol, price, ...ledger.state.recent.at(-1) }, "traded");
      }
    },
    { signal, log, what: "trading" },
  );
}

function marketOf({ log }: App, { symbol, priceUrl, seed = randomInt(0xffff_ffff) }: Start["settings"]): Market {
  log.info(priceUrl === undefined ? { symbol, seed } : { symbol, priceUrl }, "the market");
  return priceUrl === undefined ? simulatedMarket(symbol, seed) : liveMarket(symbol, priceUrl);
}

type Readiness = () => ReturnType<typeof readinessOf>;

function routesOf(ledger: Ledger, keys: Keys, readiness: Readiness): Readonly<Record<string, Route>> {
  const refused: Answer = { status: 401, body: { error: "send Authorization: Bearer TOKEN" } };
  return {
    "GET /health": () => ({ status: 200, body: { status: "healthy", version } }),
    "GET /ready": () => {
      const checks = readiness();
      return isReady(checks)
        ? { status: 200, body: { status: "ready", checks } }
        : { status: 503, body: { status: "not ready", checks } };
    },
    "POST /api/v1/token": async ({ headers }) =>
      knowsKey(keys, headers["x-api-key"]?.toString())
        ? { status: 200, body: { token: await issueToken(keys) } }
        : { status: 401, body: { error: "send X-Api-Key" } },
    "GET /api/v1/trades": async ({ headers }) =>
      (await hasToken(keys, headers.authorization))
        ? { status: 200, body: { ...ledger.state, winRate: ledger.winRate() } }
        : refused,
  };
}
