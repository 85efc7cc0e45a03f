import { fromTable } from "../catalog/from-table";
import { hostPort } from "../catalog/host-port";
import { secretFile } from "../catalog/secret-file";
import type { ServiceHandle } from "../core/service-handle";
import type { SystemBuilder } from "../core/system";
import { grafanaVariables } from "./grafana";
import type { Links } from "./links";
import type { MonitoringOptions } from "./stack";

const grafanaPort = 3000;

/** Grafana beside a system, which knows itself by the address that people reach it at, where that is stated. */
export function describeGrafana(
  system: SystemBuilder,
  { hostPorts, links, grafana: { plugins = [] } = {} }: MonitoringOptions,
): ServiceHandle {
  const { image, security, signal } = fromTable("grafana");
  const password = system.secret("grafana-admin-password");
  return system.service("grafana", {
    kind: "stateful",
    image,
    security: {
      ...security,
      because: "the image gives the files that Grafana writes to group 0, which has no rights here",
    },
    ports: { http: { number: grafanaPort, ...hostPort({ hostPort: hostPorts?.grafana ?? grafanaPort }) } },
    env: grafanaVariables({
      passwordFile: secretFile(system, "grafana", "grafana-admin-password", password),
      links,
      own: plugins.length === 0 ? {} : { GF_INSTALL_PLUGINS: plugins.join(",") },
    }),
    volumes: { data: { path: "/var/lib/grafana", sizeMiB: 512 } },
    scratch: { tmp: { path: "/tmp", sizeMiB: 64 } },
    resources: { cpuMillis: { request: 100, limit: 1000 }, memoryMiB: { request: 128, limit: 512 } },
    probes: { ready: { http: { port: "http", path: "/api/health" }, periodSeconds: 5 } },
    shutdown: { signal },
    update: { order: "stopFirst" },
  });
}

/** What alerts lead to: the Grafana that is named, else the one beside the system, where it is there and its port known. */
export function linksOf({ links, hostPortBase: base, hostPorts }: MonitoringOptions, isThere: boolean): Links {
  const port = hostPorts?.grafana ?? grafanaPort;
  const here = isThere && base !== undefined ? `http://127.0.0.1:${base + port}` : undefined;
  return { ...links, grafana: links?.grafana ?? here };
}
