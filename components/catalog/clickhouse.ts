import { clickhouseBoard } from "../../dashboards/clickhouse";
import { grafanaDashboard } from "../../dashboards/grafana";
import type { ServiceHandle } from "../core/service-handle";
import type { AlertRule } from "../core/spec";
import type { SystemBuilder } from "../core/system";
import { text } from "../core/value";
import { jobOf } from "../monitoring/scrape";
import { fromTable } from "./from-table";
import { type HostPort, hostPort } from "./host-port";

export interface ClickhouseOptions extends HostPort {
  /** The only account; it may do everything. @default app */
  readonly user?: string;
  /** Further names by which clients reach it. @default - none */
  readonly aliases?: readonly string[];
  /** @default 4096 */
  readonly storageMiB?: number;
  /** @default 1536 */
  readonly memoryMiB?: number;
}

const configuration = "/etc/clickhouse-server";
const metricsPort = 9363;

/**
 * A ClickHouse server, asked over HTTP. Its endpoint offers the values `user` and `password`, which is generated; there is
 * no account without one.
 */
export function clickhouse(system: SystemBuilder, name: string, options: ClickhouseOptions = {}): ServiceHandle {
  const { user = "app", aliases = [], storageMiB = 4096, memoryMiB = 1536 } = options;
  const { image, security, signal } = fromTable("clickhouse");
  const password = system.secret(`${name}-password`);
  return system
    .service(name, {
      kind: "stateful",
      image,
      // the image's start script would otherwise write an account of its own beside this one
      env: { CLICKHOUSE_SKIP_USER_SETUP: "1" },
      security,
      aliases: [...aliases],
      ports: { http: { number: 8123, ...hostPort(options) }, metrics: { number: metricsPort } },
      files: [
        { path: `${configuration}/config.d/catalogue.xml`, content: server(Math.floor(memoryMiB * 0.8)) },
        { path: `${configuration}/users.d/catalogue.xml`, content: account(user, password), mode: 0o400 },
      ],
      volumes: { data: { path: "/var/lib/clickhouse", sizeMiB: storageMiB } },
      scratch: {
        tmp: { path: "/tmp", sizeMiB: 64 },
        log: { path: "/var/log/clickhouse-server", sizeMiB: 64 },
      },
      resources: {
        cpuMillis: { request: 200, limit: 2000 },
        memoryMiB: { request: Math.min(512, memoryMiB), limit: memoryMiB },
        pids: 1024,
      },
      probes: {
        ready: { http: { port: "http", path: "/ping" }, periodSeconds: 5, timeoutSeconds: 3, failures: 6 },
        startupSeconds: 120,
      },
      shutdown: { signal, graceSeconds: 60 },
      update: { order: "stopFirst" },
      provides: { http: { port: "http", values: { user, password } } },
    })
    .metricsOn("metrics", {
      names: [
        "ClickHouseMetrics_Query",
        "ClickHouseMetrics_MemoryTracking",
        "ClickHouseMetrics_PartsActive",
        "ClickHouseProfileEvents_Query",
        "ClickHouseProfileEvents_InsertQuery",
        "ClickHouseProfileEvents_InsertedRows",
        "ClickHouseProfileEvents_FailedQuery",
      ],
    })
    .alerts(...alerts(jobOf(name)))
    .dashboard(
      grafanaDashboard({ system: system.name, slug: name, title: "ClickHouse", ...clickhouseBoard(jobOf(name)) }),
    );
}

/** Little memory: caches that are sized for a large machine would alone take more than the container has. */
const server = (memoryMiB: number): string => `<clickhouse>
  <listen_host>0.0.0.0</listen_host>
  <logger><level>warning</level><console>1</console></logger>
  <max_server_memory_usage>${memoryMiB * 1024 * 1024}</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
  <prometheus>
    <endpoint>/metrics</endpoint>
    <port>${metricsPort}</port>
    <metrics>true</metrics>
    <events>true</events>
    <asynchronous_metrics>true</asynchronous_metrics>
  </prometheus>
</clickhouse>
`;

const account = (user: string, password: Parameters<typeof text>[1]) => text`<clickhouse>
  <users>
    <default remove="remove"/>
    <${user}>
      <password>${password}</password>
      <networks><ip>::/0</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <access_management>0</access_management>
    </${user}>
  </users>
</clickhouse>
`;

const alerts = (job: string): readonly AlertRule[] => [
  {
    name: "ClickHouseDown",
    expr: `up{job="${job}"} == 0`,
    forSeconds: 60,
    severity: "critical",
    summary: "ClickHouse does not answer",
    description: "{{ $labels.instance }} has not been scraped for a minute",
    runbook: "docs/runbooks/ClickHouseDown.md",
  },
  {
    name: "ClickHouseQueriesFail",
    expr: `rate(ClickHouseProfileEvents_FailedQuery{job="${job}"}[5m]) > 0.1`,
    forSeconds: 300,
    severity: "warning",
    summary: "ClickHouse refuses queries",
    description: "{{ $value | humanize }} queries a second have failed in the last five minutes",
    runbook: "docs/runbooks/ClickHouseQueriesFail.md",
  },
];
