import { randomUUID } from "node:crypto";
import type { StrategySettings } from "../config/strategy-file.ts";
import { type Account, createAccount } from "../domain/account.ts";
import { type Fill, fillSchema, type Order, type Quote, rejectionSchema, streams } from "../domain/messages.ts";
import { type Credentials, signOrder } from "../domain/signature.ts";
import { type Signal, tradeFor } from "../domain/strategy.ts";
import type { App, MessageServer } from "../platform/app.ts";
import { describeError } from "../platform/describe-error.ts";
import { type Pool, transaction } from "../platform/postgres.ts";
import { every, retry } from "../platform/retry.ts";
import { publish } from "../platform/streams.ts";
import { insertSnapshot, peakEquity } from "../store/account.ts";
import {
  allFills,
  findFills,
  findOrders,
  insertOrder,
  moveOrder,
  type OrderState,
  openOrders,
} from "../store/orders.ts";
import { type TradingRight, takeTradingRight } from "../store/trading-right.ts";
import type { TradingMetrics } from "./trading-metrics.ts";
import type { Signals } from "./trading-signals.ts";

export interface TermContext {
  readonly app: App;
  readonly pool: Pool;
  readonly messages: MessageServer;
  readonly signals: Signals;
  readonly metrics: TradingMetrics;
  readonly settings: StrategySettings;
  readonly credentials: Credentials;
  readonly orderNotionalUsd: number;
  readonly snapshotMs: number;
  /** Ends the term. */
  readonly signal: AbortSignal;
  mayTrade(): boolean;
}

const group = "trading-bot";
const reconcileMs = 5_000;
const expireMs = 30_000;

/**
 * Trades for one term: takes the right to and the account over from the database, and leaves both there in good order at
 * the signal, or as soon as the right is lost.
 */
export async function trade(context: TermContext): Promise<void> {
  const { app, pool, metrics } = context;
  const what = "taking the right to trade";
  const right = await retry(() => takeTradingRight(pool), { signal: context.signal, log: app.log, what });
  if (right === undefined) {
    return;
  }
  try {
    const signal = AbortSignal.any([context.signal, right.lost]);
    const account = await retry(() => takeOver(context), { signal, log: app.log, what: "taking over the account" });
    if (account !== undefined) {
      metrics.leader(true);
      await tradeWith(
        account,
        { ...context, signal, mayTrade: () => context.mayTrade() && !right.lost.aborted },
        right,
      );
    }
  } finally {
    metrics.leader(false);
    right.release();
  }
}

async function tradeWith(account: Account, context: TermContext, right: TradingRight): Promise<void> {
  const { app, pool, messages, signals, metrics, signal, snapshotMs } = context;
  const { log } = app;
  metrics.account(account.summary());
  const placing = new Set<Promise<void>>();
  const restingUntil = new Map<string, number>();

  signals.listen(onPrice, signal);
  await Promise.all([
    app.consume(
      messages,
      { stream: streams.fills, group, schema: fillSchema, parallel: false, handle: async (fill) => onFill(fill) },
      signal,
    ),
    app.consume(
      messages,
      {
        stream: streams.rejected,
        group,
        schema: rejectionSchema,
        parallel: false,
        handle: async ({ orderId, reason }) => onRejected(orderId, reason),
      },
      signal,
    ),
    every(snapshotMs, () => insertSnapshot(pool, account.summary()), { signal, log, what: "recording the P&L" }),
    every(reconcileMs, reconcile, { signal, log, what: "reconciling open orders" }),
  ]);
  await Promise.all(placing);
  await insertSnapshot(pool, account.summary()).catch((error: unknown) =>
    log.warn({ reason: describeError(error) }, "the last P&L is not recorded"),
  );

  function onPrice(quote: Quote, wanted: Signal): void {
    account.mark(quote.symbol, quote.last);
    metrics.account(account.summary());
    const isResting = (restingUntil.get(quote.symbol) ?? 0) > Date.now();
    if (isResting || account.hasOpenOrder(quote.symbol) || !context.mayTrade()) {
      return;
    }
    const quantity = tradeFor(wanted, account.position(quote.symbol), quote.last, context.orderNotionalUsd);
    if (quantity !== 0) {
      const placed = place(quote, quantity).finally(() => placing.delete(placed));
      placing.add(placed);
    }
  }

  /** An order that could not be placed for certain stays open in the books until `reconcile` finds out what it is. */
  async function place(quote: Quote, quantity: number): Promise<void> {
    const order: Order = {
      id: randomUUID(),
      symbol: quote.symbol,
      side: quantity > 0 ? "buy" : "sell",
      quantity: Math.abs(quantity),
      referencePrice: quote.last,
      placedAt: Date.now(),
    };
    account.open(order);
    try {
      await right.use((connection) => insertOrder(connection, order));
      metrics.placed.inc();
      await send(order);
      log.debug(
        { orderId: order.id, symbol: order.symbol, side: order.side, quantity: order.quantity },
        "order placed",
      );
    } catch (error) {
      log.warn({ orderId: order.id, reason: describeError(error) }, "order may not have been placed");
    }
  }

  function onFill(fill: Fill): void {
    const order = account.fill(fill);
    if (order === undefined) {
      return;
    }
    metrics.filled.inc();
    metrics.executed(Date.now() - order.placedAt);
    metrics.account(account.summary());
    log.info(
      { orderId: order.id, symbol: fill.symbol, side: fill.side, quantity: fill.quantity, price: fill.price },
      "order filled",
    );
  }

  function onRejected(orderId: string, reason: string): void {
    const order = account.drop(orderId);
    if (order !== undefined) {
      metrics.rejected.inc();
      restingUntil.set(order.symbol, Date.now() + context.settings.cooldownSeconds * 1_000);
      log.info({ orderId, symbol: order.symbol, reason }, "order rejected");
    }
  }

  /** Streams may lose messages, the database does not: what stayed open for long is looked up there. */
  async function reconcile(): Promise<void> {
    const late = account.openSince(Date.now() - reconcileMs);
    if (late.length === 0) {
      return;
    }
    const ids = late.map(({ id }) => id);
    const states = new Map((await findOrders(pool, ids)).map((state) => [state.id, state]));
    for (const fill of await findFills(pool, ids)) {
      onFill(fill);
    }
    for (const order of late) {
      await followUp(order, states.get(order.id));
    }
  }

  async function followUp(order: Order, state: OrderState | undefined): Promise<void> {
    switch (state?.status) {
      case undefined:
        account.drop(order.id);
        return;
      case "filled":
        return;
      case "rejected":
      case "expired":
        onRejected(order.id, state.reason ?? state.status);
        return;
      case "placed":
      case "approved": {
        if (Date.now() - order.placedAt < expireMs) {
          await send(order);
          return;
        }
        const reason = `expired: not executed within ${expireMs / 1_000} s`;
        if (await moveOrder(pool, order.id, ["placed", "approved"], "expired", reason)) {
          onRejected(order.id, reason);
        }
      }
    }
  }

  /** An order may be sent again: who gets it knows from the database whether it is done. */
  function send(order: Order): Promise<void> {
    return publish(messages.redis, streams.orders, signOrder(order, context.credentials));
  }
}

/** Reads the account as it is at one moment. */
async function takeOver({ pool, settings, app: { log } }: TermContext): Promise<Account> {
  const history = await transaction(
    pool,
    async (client) => ({
      fills: await allFills(client),
      openOrders: await openOrders(client),
      peakEquity: await peakEquity(client),
    }),
    "ISOLATION LEVEL REPEATABLE READ READ ONLY",
  );
  log.info({ fills: history.fills.length, openOrders: history.openOrders.length }, "account taken over");
  return createAccount(settings.startingEquityUsd, history);
}
