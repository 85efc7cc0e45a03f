import { Counter, Gauge, type Registry } from "prom-client";
import { limitVariables, messageVariables, postgresVariables } from "../config/variables.ts";
import { type Order, signedOrderSchema, streams } from "../domain/messages.ts";
import { assess, type RiskLimits, type Verdict } from "../domain/risk.ts";
import { type Pool, transaction } from "../platform/postgres.ts";
import { publish } from "../platform/streams.ts";
import { insertRiskEvent, readExposure, takeTurn } from "../store/account.ts";
import { findOrder, moveOrder } from "../store/orders.ts";
import { connectMessages } from "./connections.ts";
import { defineRole } from "./role.ts";

/** Judges every order before it may be executed. */
export const riskManager = defineRole(
  "risk-manager",
  (warn) => ({ ...messageVariables, ...postgresVariables, ...limitVariables(warn) }),
  async (app, config) => {
    const { log } = app;
    const pool = app.postgres(config.DATABASE_URL);
    const { messages } = connectMessages(app, config);
    const limits: RiskLimits = { maxPositionSize: config.MAX_POSITION_SIZE, maxDailyLoss: config.MAX_DAILY_LOSS };
    const observe = createMetrics(app.registry);

    log.info({ ...limits }, "judging orders");
    await app.ready();
    await app.consume(messages, {
      stream: streams.orders,
      group: "risk-manager",
      schema: signedOrderSchema,
      parallel: false,
      handle: async (order) => {
        const decision = await decide(pool, order, limits);
        const about = { orderId: order.id, symbol: order.symbol };
        if (decision.judged !== undefined) {
          observe(decision.judged);
        }
        if (decision.status === "approved") {
          log.debug(about, "order approved");
          await publish(messages.redis, streams.approved, order);
        } else if (decision.status === "rejected") {
          log.info({ ...about, reason: decision.reason }, "order rejected");
          await publish(messages.redis, streams.rejected, { orderId: order.id, reason: decision.reason });
        } else {
          log.warn(about, "order ignored: it is not in the books, or already done");
        }
      },
    });
  },
);

/** What was judged just now, as opposed to what had been decided before. */
interface Judged {
  readonly verdict: Verdict;
  readonly dayLoss: number;
}

type Decision =
  | { readonly status: "approved"; readonly judged?: Judged }
  | { readonly status: "rejected"; readonly reason: string; readonly judged?: Judged }
  | { readonly status: "ignored"; readonly judged?: never };

/** Decides once: an order that was decided before gets the same answer again, since the first announcement may be lost. */
async function decide(pool: Pool, order: Order, limits: RiskLimits): Promise<Decision> {
  return transaction(pool, async (client) => {
    await takeTurn(client);
    const state = await findOrder(client, order.id);
    switch (state?.status) {
      case "placed": {
        const exposure = await readExposure(client, order.symbol);
        const verdict = assess(order, exposure, limits);
        const judged = { verdict, dayLoss: exposure.dayLoss };
        if (verdict.approved) {
          await moveOrder(client, order.id, ["placed"], "approved");
          return { status: "approved", judged };
        }
        await moveOrder(client, order.id, ["placed"], "rejected", verdict.reason);
        await insertRiskEvent(client, order.id, verdict.rule, verdict.reason);
        return { status: "rejected", reason: verdict.reason, judged };
      }
      case "approved":
        return { status: "approved" };
      case "rejected":
        return { status: "rejected", reason: state.reason ?? "rejected before" };
      default:
        return { status: "ignored" };
    }
  });
}

function createMetrics(registry: Registry): (judged: Judged) => void {
  const registers = [registry];
  const checked = new Counter({ name: "risk_orders_checked_total", help: "Orders judged.", registers });
  const approved = new Counter({ name: "risk_orders_approved_total", help: "Orders let through.", registers });
  const rejected = new Counter({
    name: "risk_orders_rejected_total",
    help: "Orders refused, by rule.",
    labelNames: ["rule"],
    registers,
  });
  const loss = new Gauge({ name: "risk_day_loss_usd", help: "Loss since midnight UTC, in USD.", registers });
  return ({ verdict, dayLoss }) => {
    checked.inc();
    if (verdict.approved) {
      approved.inc();
    } else {
      rejected.inc({ rule: verdict.rule });
    }
    loss.set(dayLoss);
  };
}
