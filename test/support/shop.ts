import type { ServiceSpec } from "../../components/core/spec";
import type { SystemBuilder } from "../../components/core/system";
import type { Collected } from "../../report/events";
import { urnOf } from "./engine-events";

interface ShopChanges {
  readonly webImage?: string;
  /** How the web server is reached. */
  readonly exposure?: "internal" | "loopback" | "public";
  /** Whether the database keeps its data. */
  readonly data?: boolean;
  readonly web?: Partial<ServiceSpec>;
}

const digest = (digit: string): string => `@sha256:${digit.repeat(64)}`;
export const images = { old: `shop/web:1.4.2${digest("a")}`, new: `shop/web:1.5.0${digest("b")}` };

const http = { http: { port: "http", path: "/ready" } };

/** A web server before a database. */
export const shop =
  ({ webImage = images.old, exposure = "internal", data = true, web = {} }: ShopChanges = {}) =>
  (system: SystemBuilder): void => {
    const db = system.service("db", {
      ...{
        kind: "stateful",
        image: "postgres:15.14",
        probes: { ready: { tcp: { port: "main" }, failures: 5 } },
        shutdown: { graceSeconds: 60 },
      },
      ports: { main: { number: 5432 } },
      volumes: data ? { data: { path: "/var/lib/postgresql/data", sizeMiB: 5120 } } : {},
      provides: { main: { port: "main" } },
    });
    const server = system.service("web", {
      ...{ image: webImage, probes: { ready: http, startupSeconds: 30 } },
      ports: { http: { number: 8080, exposure } },
      ...web,
    });
    server.connectsTo(db);
  };

interface PolicyFinding {
  readonly policy: string;
  readonly level: "mandatory" | "warning";
  readonly message: string;
  readonly severity?: string;
  readonly type: string;
  readonly name: string;
}

/** The preview with what policies find in it. */
export function withFindings(preview: Collected, ...findings: readonly PolicyFinding[]): Collected {
  const events = findings.map(({ policy, level, message, severity, ...item }) => ({
    policyEvent: {
      ...{ resourceUrn: urnOf(item), message: `<{%reset%}>${message}<{%reset%}>\n`, color: "raw" },
      ...{ policyName: policy, policyPackName: "twofold", policyPackVersion: "1.0.0", policyPackVersionTag: "1.0.0" },
      ...{ enforcementLevel: level, ...(severity === undefined ? {} : { severity }) },
    },
  }));
  return { ...preview, events: [...preview.events, ...events] };
}
