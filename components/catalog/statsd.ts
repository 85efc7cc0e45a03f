import type { ServiceHandle } from "../core/service-handle";
import type { SystemBuilder } from "../core/system";
import { fromTable } from "./from-table";

export interface StatsdOptions {
  /** Where the figures go, one line for each every ten seconds: the endpoint `carbon` of a Graphite. */
  readonly graphite: ServiceHandle;
}

const ports = { statsd: 8125, admin: 8126 } as const;
const configPath = "/etc/statsd/config.js";

/** Of what it adds up it keeps ten seconds in memory; more than one would each send a part under the same name. */
export function statsd(system: SystemBuilder, name: string, { graphite }: StatsdOptions): ServiceHandle {
  const { image, security, signal } = fromTable("statsd");
  return system
    .service(name, {
      singleton: true,
      image,
      command: ["node", "/usr/src/app/stats.js", configPath],
      security,
      ports: { statsd: { number: ports.statsd, protocol: "udp" }, admin: { number: ports.admin } },
      files: [{ path: configPath, content: configuration }],
      resources: { cpuMillis: { request: 25, limit: 250 }, memoryMiB: { request: 48, limit: 128 } },
      probes: {
        ready: { exec: ["node", "-e", askHealth], periodSeconds: 15, timeoutSeconds: 10, failures: 3 },
        live: { tcp: { port: "admin" }, periodSeconds: 10, timeoutSeconds: 3, failures: 3 },
      },
      shutdown: { signal, graceSeconds: 15 },
      update: { order: "stopFirst" },
      provides: { statsd: { port: "statsd" } },
    })
    .connectsTo(graphite.endpoint("carbon"), {
      env: ({ host, port }) => ({ GRAPHITE_HOST: host, GRAPHITE_PORT: String(port) }),
    });
}

/** What StatsD says of itself at its administrative port. */
const askHealth = `const socket = require("node:net").connect(${ports.admin}, "127.0.0.1", () => socket.write("health\\n"));
socket.on("data", (said) => process.exit(/health: up/.test(said) ? 0 : 1)).on("error", () => process.exit(1));`;

// The program reads this file as JavaScript, so that where Graphite is can stay with the connection.
const configuration = `{
  port: ${ports.statsd},
  mgmt_port: ${ports.admin},
  mgmt_address: "0.0.0.0",
  graphiteHost: process.env.GRAPHITE_HOST,
  graphitePort: Number(process.env.GRAPHITE_PORT),
  graphite: { legacyNamespace: false },
  backends: ["./backends/graphite"],
  flushInterval: 10000,
  deleteIdleStats: true
}
`;
