import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";
import type { Answer } from "../platform/http-server.ts";
import { hasToken, issueToken, type Keys, knowsKey } from "../platform/tokens.ts";
import { defineRole } from "../roles/role.ts";
import { prepareGround } from "./ground.ts";
import { orderSchema, placeOrder, readTrades } from "./orders.ts";
import { apiVariables } from "./variables.ts";

const longestBody = 4_096;
const shownTrades = 50;

/** Takes orders from who has a token, and tells of trades. */
export const api = defineRole(
  "trademaster-api",
  () => apiVariables,
  async (app, config) => {
    const keys: Keys = { apiKey: config.API_SECRET_KEY, jwtSecret: config.JWT_SECRET, issuer: "trademaster" };
    const { pool, measured } = await prepareGround(app, config);
    app.route("POST /api/token", async ({ headers }) =>
      knowsKey(keys, headers["x-api-key"]?.toString())
        ? { status: 200, body: { token: await issueToken(keys) } }
        : { status: 401, body: { error: "send X-Api-Key" } },
    );
    app.route("GET /api/trades", async () => ({ status: 200, body: { trades: await readTrades(pool, shownTrades) } }));
    app.route("POST /api/orders", async (request) => {
      if (!(await hasToken(keys, request.headers.authorization))) {
        return { status: 401, body: { error: "send Authorization: Bearer TOKEN" } };
      }
      const order = await readOrder(request);
      if ("status" in order) {
        return order;
      }
      if (!config.SYMBOLS.includes(order.symbol)) {
        return { status: 422, body: { error: `${order.symbol} is not traded; use ${config.SYMBOLS.join(", ")}` } };
      }
      const id = await placeOrder(pool, order, "manual");
      app.log.info({ event: "trade", trade_event: "placed", order: id, ...order }, "order placed");
      return { status: 202, body: { id } };
    });
    await app.ready();
    await measured();
  },
);

async function readOrder(request: IncomingMessage): Promise<z.output<typeof orderSchema> | Answer> {
  if (Number(request.headers["content-length"] ?? Number.NaN) > longestBody || !request.headers["content-length"]) {
    return { status: 413, body: { error: `send Content-Length, at most ${longestBody}` } };
  }
  try {
    return orderSchema.parse(JSON.parse(await text(request)));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s*\n\s*/g, " ") : "is no JSON";
    return { status: 400, body: { error: `the order cannot be read: ${reason}` } };
  }
}
