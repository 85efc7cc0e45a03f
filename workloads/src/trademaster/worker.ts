import { createFeed } from "../domain/feed.ts";
import type { Signal } from "../domain/strategy.ts";
import type { App } from "../platform/app.ts";
import { every } from "../platform/retry.ts";
import { defineRole } from "../roles/role.ts";
import { type Ground, positionsKey, prepareGround } from "./ground.ts";
import { bookMetrics, tradeMetrics } from "./metrics.ts";
import { movingAverage } from "./model.ts";
import { placeOrder, readPositions, tradeNext } from "./orders.ts";
import { workerVariables } from "./variables.ts";

/** Orders that one turn trades at most, so that prices go on. */
const mostPerTurn = 50;

/** Has a model predict prices and place orders when it changes its mind, and trades all orders that wait. */
export const worker = defineRole(
  "trademaster-worker",
  () => workerVariables,
  async (app, config) => {
    const ground = await prepareGround(app, config);
    const { signal, log, registry } = app;
    const { SYMBOLS, SEED, TICK_MS } = config;
    log.info({ seed: SEED, symbols: SYMBOLS }, "the market is simulated");
    const feed = createFeed({ symbols: SYMBOLS, seed: SEED });
    const model = movingAverage("moving-average", 5, 20);
    const [trades, book] = [tradeMetrics(registry), bookMetrics(registry, [model.name])];
    const prices = new Map<string, number>();
    const signals = new Map<string, Signal>();
    await app.ready();

    const turn = async (): Promise<void> => {
      for (const { symbol, last } of feed.next(Date.now())) {
        prices.set(symbol, last);
        const { signal: opinion, wasRight } = model.tell(symbol, last);
        if (wasRight !== undefined) book.predicted(model.name, wasRight);
        if (opinion !== "wait" && opinion !== signals.get(symbol)) {
          await placeOrder(ground.pool, { symbol, quantity: opinion === "long" ? 1 : -1 }, "model");
          signals.set(symbol, opinion);
          log.debug({ event: "model", model_name: model.name, model_event: opinion, symbol }, "opinion changed");
        }
      }
      let traded = 0;
      while (traded < mostPerTurn && !signal.aborted && (await tradeOne(app, ground, trades, prices))) traded += 1;
      if (traded > 0) await ground.cache.forget(positionsKey);
      const positions = await readPositions(ground.pool);
      book.positions.set(positions.length);
      book.value.set(positions.reduce((sum, { value }) => sum + value, 0));
    };
    await Promise.all([every(TICK_MS, turn, { signal, log, what: "trading" }), ground.measured()]);
  },
);

/** Trades an order if one waits. */
async function tradeOne(
  { log }: App,
  { pool }: Ground,
  trades: ReturnType<typeof tradeMetrics>,
  prices: ReadonlyMap<string, number>,
): Promise<boolean> {
  const trade = await trades.timed(() => tradeNext(pool, (symbol) => prices.get(symbol)));
  if (trade === undefined) return false;
  const { id, symbol, quantity, price, status } = trade;
  log.info({ event: "trade", trade_event: status, order: id, symbol, quantity, price }, "order traded");
  return true;
}
