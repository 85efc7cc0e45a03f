import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import { describeError } from "./describe-error.ts";
import type { Health } from "./health.ts";

/** What a role says to a request. */
export interface Answer {
  readonly status: number;
  /** Said as JSON, unless it is a text of another type. */
  readonly body: unknown;
  /** Type of a text that is said as it is, such as `text/html`. */
  readonly type?: string;
}

/** Answers the requests for one path. */
export type Route = (request: IncomingMessage) => Answer | Promise<Answer>;

export interface HttpOptions {
  readonly port: number;
  readonly registry: Registry;
  /** Paths of the role's own, by method and path such as `GET /quotes`; they win over the ones that all roles have. */
  readonly routes: ReadonlyMap<string, Route>;
  /** Asks the dependencies. */
  health(): Promise<Health>;
  /** Whether the role has begun its work and not yet been told to stop. */
  isReady(): boolean;
}

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves /health, /live, /ready, /metrics and what the role adds, on all addresses of the container. */
export async function startHttpServer(options: HttpOptions): Promise<HttpServer> {
  const common = routesOf(options);
  const server = createServer((request, response) => {
    const path = request.url?.split("?", 1)[0] ?? "/";
    const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
    const own = options.routes.get(`${method} ${path}`);
    const route = common.get(path);
    if (own !== undefined) {
      answer(own, request, response);
    } else if (route !== undefined && method === "GET") {
      route(response).catch((error: unknown) => send(response, 500, { error: describeError(error) }));
    } else {
      refuse(path, response);
    }
  });

  function refuse(path: string, response: ServerResponse): void {
    const known = [...[...common.keys()].map((name) => `GET ${name}`), ...options.routes.keys()];
    const methods = known.filter((name) => name.endsWith(` ${path}`)).map((name) => name.split(" ", 1)[0]);
    if (methods.length > 0) {
      send(response, 405, { error: `use ${methods.join(" or ")}` });
    } else {
      const paths = new Set(known.map((name) => name.slice(name.indexOf(" ") + 1)));
      send(response, 404, { error: `unknown path; use ${[...paths].join(", ")}` });
    }
  }

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

function answer(route: Route, request: IncomingMessage, response: ServerResponse): void {
  Promise.resolve(request)
    .then(route)
    .then(({ status, body, type }) =>
      type === undefined
        ? send(response, status, body)
        : void response.writeHead(status, { "content-type": `${type}; charset=utf-8` }).end(String(body)),
    )
    .catch((error: unknown) => send(response, 500, { error: describeError(error) }));
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
