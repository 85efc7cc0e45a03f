import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { App } from "../platform/app.ts";

/**
 * Serves the metrics at a port of their own, which nothing leads to from outside; the port of everything else has none then.
 * Closed with the signal.
 */
export async function serveMetrics({ registry, signal, route, log }: App, port: number): Promise<void> {
  route("GET /metrics", () => ({ status: 404, body: { error: "metrics have a port of their own" } }));
  const server = createServer((request, response) => {
    if (request.url !== "/metrics") {
      response.writeHead(404).end("use /metrics\n");
      return;
    }
    registry.metrics().then(
      (metrics) => response.writeHead(200, { "content-type": registry.contentType }).end(metrics),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(port);
  await once(server, "listening");
  log.info({ metricsPort: (server.address() as AddressInfo).port }, "serving metrics");
  signal.addEventListener("abort", () => {
    server.close();
    server.closeAllConnections();
  });
}
