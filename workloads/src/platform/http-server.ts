import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import { describeError } from "./describe-error.ts";
import type { Health } from "./health.ts";

export interface HttpOptions {
  readonly port: number;
  readonly registry: Registry;
  /** Asks the dependencies. */
  health(): Promise<Health>;
  /** Whether the role has begun its work and not yet been told to stop. */
  isReady(): boolean;
}

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves /health, /live, /ready and /metrics on all addresses of the container. */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const routes = routesOf(options);
  const server = createServer((request, response) => {
    const path = request.url?.split("?", 1)[0] ?? "/";
    const route = routes.get(path);
    if (route === undefined) {
      send(response, 404, { error: `unknown path; use ${[...routes.keys()].join(", ")}` });
    } else if (request.method !== "GET" && request.method !== "HEAD") {
      send(response, 405, { error: "use GET" });
    } else {
      route(response).catch((error: unknown) => send(response, 500, { error: describeError(error) }));
    }
  });
  server.listen(options.port);
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

function routesOf({
  registry,
  health,
  isReady,
}: HttpOptions): Map<string, (response: ServerResponse) => Promise<void>> {
  return new Map([
    [
      "/health",
      async (response: ServerResponse) => {
        const report = await health();
        send(response, report.status === "healthy" ? 200 : 503, report);
      },
    ],
    ["/live", async (response) => send(response, 200, { status: "live" })],
    [
      "/ready",
      async (response) =>
        isReady() ? send(response, 200, { status: "ready" }) : send(response, 503, { status: "not ready" }),
    ],
    [
      "/metrics",
      async (response) => {
        const metrics = await registry.metrics();
        response.writeHead(200, { "content-type": registry.contentType }).end(metrics);
      },
    ],
  ]);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  // Whoever still reads an answer gets a second for it.
  const timer = setTimeout(() => server.closeAllConnections(), 1_000);
  await closed;
  clearTimeout(timer);
}
