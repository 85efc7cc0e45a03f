import { createHmac, timingSafeEqual } from "node:crypto";
import type { Order, SignedOrder } from "./messages.ts";

/** The account's key at the exchange. */
export interface Credentials {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** Signs an order as exchanges ask for it: HMAC-SHA256 over its fields, with the account's secret. */
export function signOrder(order: Order, { apiKey, apiSecret }: Credentials): SignedOrder {
  return { ...order, apiKey, signature: signatureOf(order, apiSecret).toString("hex") };
}

/** Whether the order came from the account's owner and is unchanged since. */
export function isGenuine(order: SignedOrder, { apiKey, apiSecret }: Credentials): boolean {
  const given = Buffer.from(order.signature, "hex");
  const expected = signatureOf(order, apiSecret);
  return order.apiKey === apiKey && given.length === expected.length && timingSafeEqual(given, expected);
}

function signatureOf({ id, symbol, side, quantity, referencePrice, placedAt }: Order, secret: string): Buffer {
  const canonical = JSON.stringify([id, symbol, side, quantity, referencePrice, placedAt]);
  return createHmac("sha256", secret).update(canonical).digest();
}
