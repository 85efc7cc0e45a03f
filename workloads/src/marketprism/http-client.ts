import { Gauge, type Registry } from "prom-client";
import { Agent, request } from "undici";
import { type Breaker, createBreaker } from "./breaker.ts";
import type { ServiceConfig } from "./variables.ts";

export interface HttpRequest {
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpClient {
  /** The body of a good answer. Fails with the status otherwise, and at once while the target's circuit is open. */
  send(target: string, url: string, request?: HttpRequest): Promise<string>;
  /** The same around the circuit, for health checks, which are there to find out. */
  ask(url: string): Promise<string>;
  /** The circuit of a target, for what is not HTTP. */
  breaker(target: string): Breaker;
  close(): Promise<void>;
}

type Limits = Pick<ServiceConfig, "HTTP_TIMEOUT_MS" | "HTTP_POOL_LIMIT" | "BREAKER_FAILURES" | "BREAKER_RECOVERY_MS">;

/** Requests to other services: with a limit of time and connections, and a circuit breaker for each target. */
export function createHttpClient(limits: Limits, registry: Registry): HttpClient {
  const dispatcher = new Agent({ connections: limits.HTTP_POOL_LIMIT, connect: { timeout: 2_000 } });
  const state = new Gauge({
    name: "marketprism_circuit_state",
    help: "1 while a target is left alone after failures, 0.5 while it is tried, else 0.",
    labelNames: ["target"],
    registers: [registry],
  });
  const breakers = new Map<string, Breaker>();
  const breaker = (target: string): Breaker => {
    const known = breakers.get(target);
    if (known !== undefined) {
      return known;
    }
    const made = createBreaker({
      failures: limits.BREAKER_FAILURES,
      recoveryMs: limits.BREAKER_RECOVERY_MS,
      onState: (now) => state.set({ target }, now),
    });
    breakers.set(target, made);
    return made;
  };

  async function sendNow(url: string, { method = "GET", headers = {}, body }: HttpRequest): Promise<string> {
    const signal = AbortSignal.timeout(limits.HTTP_TIMEOUT_MS);
    const answer = await request(url, { dispatcher, method, headers, body: body ?? null, signal });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) {
      throw new Error(`${new URL(url).origin} answers ${answer.statusCode}: ${text.slice(0, 300).trim()}`);
    }
    return text;
  }

  return {
    send: (target, url, given = {}) => breaker(target).run(() => sendNow(url, given)),
    ask: (url) => sendNow(url, {}),
    breaker,
    close: () => dispatcher.destroy(),
  };
}
