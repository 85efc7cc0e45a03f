import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { djangoSecretName, graphiteEnv, graphiteFiles, graphiteStart } from "../../components/catalog/graphite-files";
import { type ImageName, imageNames } from "../../images/table";

/** How one image is run on its own. The same for the upstream image and for the local build. */
export interface ImageCase {
  readonly args?: readonly string[];
  /** Options of `docker run`: what the program needs beyond the hardened default. */
  readonly options?: readonly string[];
  /** Exits 0 in the container once the program is ready. */
  readonly health: readonly string[];
}

const http = (port: number, path: string): readonly string[] => {
  return ["wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${port}${path}`];
};
const volume = (path: string): readonly string[] => ["--volume", path];
const scratch = (path: string): readonly string[] => ["--tmpfs", `${path}:rw,noexec,nosuid,nodev,mode=1777`];
const env = (...settings: readonly string[]): readonly string[] => settings.flatMap((setting) => ["--env", setting]);
const readOnly = (host: string, path: string): readonly string[] => ["--volume", `${host}:${path}:ro`];

export const postgresSettings = [
  "POSTGRES_USER=trader",
  "POSTGRES_DB=trading",
  "POSTGRES_INITDB_ARGS=--locale=C --encoding=UTF8",
];

/** Images of the cluster's monitoring, which are tried on a cluster: without one they have nothing to do. */
const onClusters = [
  ...(["k8sSidecar", "kubeStateMetrics", "prometheus3", "prometheusConfigReloader", "prometheusOperator"] as const),
];
export type AloneName = Exclude<ImageName, (typeof onClusters)[number]>;
export const aloneNames = imageNames.filter((name): name is AloneName => !onClusters.some((each) => each === name));

const postgres: ImageCase = {
  options: [
    ...volume("/var/lib/postgresql/data"),
    ...scratch("/var/run/postgresql"),
    ...env(...postgresSettings, "POSTGRES_PASSWORD=only-for-this-test"),
  ],
  health: ["pg_isready", "-h", "127.0.0.1", "-U", "trader", "-d", "trading"],
};

export const imageCases: Readonly<Record<AloneName, ImageCase>> = {
  postgres13: postgres,
  postgres15: postgres,
  redis7: {
    args: ["redis-server", "--appendonly", "yes", "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"],
    options: volume("/data"),
    health: ["redis-cli", "ping"],
  },
  prometheus: {
    args: ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus", "--web.enable-lifecycle"],
    options: volume("/prometheus"),
    health: http(9090, "/-/ready"),
  },
  alertmanager: {
    args: [
      "--config.file=/etc/alertmanager/alertmanager.yml",
      "--storage.path=/alertmanager",
      "--cluster.listen-address=",
    ],
    options: volume("/alertmanager"),
    health: http(9093, "/-/ready"),
  },
  grafana: { options: volume("/var/lib/grafana"), health: http(3000, "/api/health") },
  postgresExporter: {
    options: env("DATA_SOURCE_URI=127.0.0.1:5432/trading", "DATA_SOURCE_USER=trader", "DATA_SOURCE_PASS=none"),
    health: http(9187, "/metrics"),
  },
  redisExporter: { options: env("REDIS_ADDR=redis://127.0.0.1:6379"), health: http(9121, "/health") },
  nodeExporter: {
    args: ["--path.rootfs=/host", "--path.procfs=/host/proc", "--path.sysfs=/host/sys"],
    options: readOnly("/", "/host"),
    health: http(9100, "/metrics"),
  },
  cadvisor: {
    args: ["-docker_only=true", "-housekeeping_interval=1s", "-enable_metrics=cpu,memory,network,diskIO"],
    options: [
      ...readOnly("/var/run/docker.sock", "/var/run/docker.sock"),
      ...readOnly("/sys/fs/cgroup", "/sys/fs/cgroup"),
      ...readOnly("/proc", "/rootfs/proc"),
      ...readOnly("/var/lib/docker/image", "/rootfs/var/lib/docker/image"),
    ],
    health: http(8080, "/healthz"),
  },
  nats: {
    args: ["--jetstream", "--store_dir", "/data", "--http_port", "8222"],
    // of its user, as the targets make volumes; neither image has such a folder itself
    options: [...scratch("/data"), "--entrypoint", "nats-server"],
    health: http(8222, "/healthz"),
  },
  clickhouse: {
    options: [...volume("/var/lib/clickhouse"), ...env("CLICKHOUSE_SKIP_USER_SETUP=1")],
    health: http(8123, "/ping"),
  },
  nginx: { health: http(8080, "/") },
  adminer: { options: env("ADMINER_DEFAULT_SERVER=postgres"), health: http(8080, "/") },
  redisCommander: {
    args: ["node", "/redis-commander/bin/redis-commander.js", "--redis-host", "127.0.0.1", "--no-save"],
    health: ["node", "/redis-commander/bin/healthcheck.js"],
  },
  influxdb: { options: [...volume("/var/lib/influxdb"), ...env("HOME=/tmp")], health: http(8086, "/ping") },
  graphite: {
    args: graphiteStart.slice(1),
    options: [
      ...["--entrypoint", graphiteStart[0] ?? ""],
      ...volume("/opt/graphite/storage"),
      ...graphiteConfiguration(),
      ...env(...Object.entries(graphiteEnv).map((pair) => pair.join("="))),
    ],
    health: http(8080, "/render?target=carbon.agents.*.cpuUsage&format=json"),
  },
  statsd: {
    args: ["node", "/usr/src/app/stats.js", "/usr/src/app/exampleConfig.js"],
    health: ["node", "-e", "require('node:net').connect(8126).on('connect', () => process.exit(0))"],
  },
  node24: {
    args: [
      "node",
      "-e",
      "require('node:http').createServer((_, r) => r.end()).listen(8080); process.on('SIGTERM', () => process.exit(0))",
    ],
    health: ["node", "-e", "fetch('http://127.0.0.1:8080').then((r) => process.exit(r.ok ? 0 : 1))"],
  },
};

/** The catalogue's configuration as options of `docker run`: the programs of the image begin nothing without one. */
function graphiteConfiguration(): readonly string[] {
  const folder = join(__dirname, "../../.twofold/conformance/graphite");
  mkdirSync(folder, { recursive: true });
  for (const { path, content } of graphiteFiles([], { carbon: 2003, http: 8080 }))
    writeFileSync(join(folder, basename(path)), String(content));
  writeFileSync(join(folder, "secret"), "only-for-this-test");
  return [
    ...readOnly(folder, "/etc/graphite"),
    ...readOnly(join(folder, "secret"), `/run/secrets/${djangoSecretName}`),
  ];
}
