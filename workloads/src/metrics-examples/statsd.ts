import { createSocket } from "node:dgram";
import { promisify } from "node:util";
import type { Quote } from "./quotes.ts";

/** Quotes as gauges of StatsD. */
export const statsdLines = (prefix: string, quotes: readonly Quote[]): string =>
  quotes.map(({ ticker, price }) => `${prefix}.${ticker}.price:${price}|g`).join("\n");

/** Sends one datagram; nobody says whether it arrives. */
export async function sendDatagram(host: string, port: number, text: string): Promise<void> {
  const socket = createSocket("udp4");
  try {
    await promisify<string, number, string>(socket.send.bind(socket))(text, port, host);
  } finally {
    socket.close();
  }
}
