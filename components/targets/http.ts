import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";

/** What a server answered when it refused something. */
export class RefusedError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = new.target.name;
    this.status = status;
  }
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** The whole of an answer. */
export async function receive(response: IncomingMessage): Promise<Answer> {
  return { status: response.statusCode ?? 0, body: await buffer(response) };
}
