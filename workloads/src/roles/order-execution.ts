import { setTimeout as delay } from "node:timers/promises";
import { Counter, Histogram, type Registry } from "prom-client";
import { z } from "zod";
import { exchangeVariables, messageVariables, postgresVariables, seedVariables } from "../config/variables.ts";
import { type Fill, type SignedOrder, signedOrderSchema, streams } from "../domain/messages.ts";
import { execute, fillOf } from "../domain/paper-exchange.ts";
import { type Credentials, isGenuine } from "../domain/signature.ts";
import { publish } from "../platform/streams.ts";
import { findFills, findOrder, moveOrder, settle } from "../store/orders.ts";
import { readPrice } from "../store/prices.ts";
import { connectMessages } from "./connections.ts";
import { defineRole } from "./role.ts";

const rejectRate = {
  /** Share of orders that the paper exchange refuses. */
  EXCHANGE_REJECT_RATE: z.coerce.number({ error: "is not a share; use 0 to 1" }).min(0).max(1).default(0.01),
};

/** Executes approved orders on a paper exchange, each once whatever happens to this process. */
export const orderExecution = defineRole(
  "order-execution",
  () => ({ ...messageVariables, ...postgresVariables, ...exchangeVariables, ...seedVariables, ...rejectRate }),
  async (app, config) => {
    const { log } = app;
    const pool = app.postgres(config.DATABASE_URL);
    const { prices, messages } = connectMessages(app, config);
    const account: Credentials = { apiKey: config.EXCHANGE_API_KEY, apiSecret: config.EXCHANGE_API_SECRET };
    const exchange = { seed: config.SEED, rejectRate: config.EXCHANGE_REJECT_RATE };
    const metrics = createMetrics(app.registry);

    log.info({ ...exchange }, "executing orders on paper");
    await app.ready();
    await app.consume(messages, {
      stream: streams.approved,
      group: "order-execution",
      schema: signedOrderSchema,
      parallel: true,
      handle: async (order) => {
        const state = await findOrder(pool, order.id);
        if (state?.status === "approved") {
          await trade(order);
        } else {
          await repeatOutcome(order.id, state?.reason ?? undefined);
        }
      },
    });

    async function trade(order: SignedOrder): Promise<void> {
      if (!isGenuine(order, account)) {
        return reject(order.id, "signature: the order was not signed with the key of this account");
      }
      const outcome = execute(order, await readPrice(prices, order.symbol), exchange);
      await delay(outcome.latencyMs);
      if (!outcome.filled) {
        return reject(order.id, outcome.reason);
      }
      const fill = fillOf(order, outcome, Date.now());
      if (await settle(pool, fill)) {
        metrics.filled.inc();
        metrics.latency.observe(outcome.latencyMs / 1_000);
        log.info({ ...fill }, "order filled");
        await publish(messages.redis, streams.fills, fill);
      } else {
        await repeatOutcome(order.id);
      }
    }

    async function reject(orderId: string, reason: string): Promise<void> {
      if (await moveOrder(pool, orderId, ["approved"], "rejected", reason)) {
        metrics.rejected.inc();
      }
      log.info({ orderId, reason }, "order rejected");
      await publish(messages.redis, streams.rejected, { orderId, reason });
    }

    /** The order was done before, but who asked for it may not have heard so. */
    async function repeatOutcome(orderId: string, reason?: string): Promise<void> {
      metrics.repeated.inc();
      const [fill]: (Fill | undefined)[] = await findFills(pool, [orderId]);
      log.info({ orderId, filled: fill !== undefined, reason }, "order was done before, telling its outcome again");
      if (fill !== undefined) {
        await publish(messages.redis, streams.fills, fill);
      } else if (reason !== undefined) {
        await publish(messages.redis, streams.rejected, { orderId, reason });
      }
    }
  },
);

function createMetrics(registry: Registry) {
  const registers = [registry];
  return {
    filled: new Counter({ name: "execution_orders_filled_total", help: "Orders executed.", registers }),
    rejected: new Counter({
      name: "execution_orders_rejected_total",
      help: "Orders that the exchange refused.",
      registers,
    }),
    repeated: new Counter({
      name: "execution_orders_repeated_total",
      help: "Orders that came again although they were done.",
      registers,
    }),
    latency: new Histogram({
      name: "execution_latency_seconds",
      help: "Time that the exchange took for an order.",
      buckets: [0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    }),
  };
}
