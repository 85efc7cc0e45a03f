import {
  defineSystem,
  type External,
  type ServiceSpec,
  type SystemBuilder,
  type SystemDefinition,
  text,
} from "../../../components/index";

/** What the harness decides about a description. */
export interface Variant {
  readonly image: string;
  /** Ports on the host, before the target adds its base: one for the machine itself, one for others. */
  readonly hostNumber: number;
  readonly publicNumber: number;
  /** Something outside the system that accepts connections. */
  readonly outside: External;
  /** Folder of the machine that a service sees. */
  readonly hostFolder: string;
  /** Fields of services that replace those written here. */
  readonly changes: Readonly<Record<string, Partial<ServiceSpec>>>;
}

export const port = 8731;
export const configuredSecret = "canary";

/** The systems by name. */
export const definitions = { bench, pair } as const satisfies Record<string, (variant: Variant) => SystemDefinition>;

export type SystemName = keyof typeof definitions;

/** Many features at once, for cases that only look. */
function bench(variant: Variant): SystemDefinition {
  return defineSystem("bench", (s) => {
    const service = declare(s, variant);
    const canary = s.secret("canary", { config: configuredSecret });
    const password = s.secret("password");
    const shared = s.secret("shared");

    const store = service("store", {
      kind: "stateful",
      aliases: ["warehouse"],
      env: {
        START_SECONDS: "2",
        FAREWELL_SECONDS: "1",
        PASSWORD_FILE: "/run/secrets/password",
        ODD: ` a"b'c$d\\e #f=é `,
      },
      files: [
        { path: "/run/secrets/password", content: password, mode: 0o400 },
        { path: "/run/secrets/canary", content: text`key=${canary}\n`, mode: 0o440, uid: 34567 },
        { path: "/etc/bench/store.conf", content: "retention = 7d\n" },
      ],
      volumes: { data: { path: "/data", sizeMiB: 1 } },
      scratch: {
        tmp: { path: "/tmp", sizeMiB: 4, noexec: true },
        cache: { path: "/cache", sizeMiB: 2, noexec: false },
      },
      probes: { ready: { exec: ["wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${port}/`], ...eagerly } },
      provides: { http: { port: "http", userinfo: text`bench:${shared}`, path: "/" } },
    });

    const setup = service("setup", { kind: "job", args: ["job", "0"], env: { START_SECONDS: "1" } });
    setup.connectsTo(store);

    const api = service("api", {
      replicas: 2,
      probes: { ready: { http: { port: "http", path: "/" }, ...eagerly }, live: { tcp: { port: "http" } } },
      update: { pauseSeconds: 1 },
    });
    api.connectsTo(store, { env: ({ url, host }) => ({ STORE_URL: url, STORE_HOST: host }) });

    service("door", {
      ports: { http: { number: port, exposure: "loopback", hostNumber: variant.hostNumber } },
      probes: { ready: { tcp: { port: "http" }, ...eagerly }, live: { http: { port: "http", path: "/" }, ...eagerly } },
    }).connectsTo(api);

    service("worker", {
      command: ["/usr/local/bin/probe"],
      env: { SIGNAL: "INT", FAREWELL_SECONDS: "1" },
      resources: { cpuMillis: { request: 200, limit: 500 }, memoryMiB: { request: 16, limit: 48 }, pids: 64 },
      security: {
        user: 12345,
        group: 23456,
        supplementalGroups: [34567],
        addCapabilities: ["NET_BIND_SERVICE"],
        because: "the suite looks whether it is the only one",
      },
      shutdown: { signal: "SIGINT", graceSeconds: 5 },
      hostMounts: [{ source: variant.hostFolder, path: "/host", because: "the suite looks whether it can be written" }],
      kernel: {
        sysctls: { "net.core.somaxconn": "777" },
        ulimits: { nofile: { soft: 1234, hard: 2345 } },
        shmMiB: 3,
      },
    })
      .connectsTo(store)
      .connectsTo(setup)
      .reaches(variant.outside);

    service("outsider", {
      logging: { maxSizeMiB: 1, maxFiles: 1 },
      security: { readOnlyRoot: false, because: "the suite looks whether it can be written" },
    });
    service("slow", {
      ports: { http: { number: port, exposure: "public", hostNumber: variant.publicNumber } },
      env: { START_SECONDS: "4" },
      restart: { policy: "onFailure" },
      probes: { startupSeconds: 20, startup: { tcp: { port: "http" }, ...eagerly, failures: 1 } },
    });
    service("brittle", { restart: { policy: "onFailure", maxAttempts: 1 } });
    service("elastic", {
      args: ["burn", String(port)],
      resources: { cpuMillis: { request: 50, limit: 100 }, memoryMiB: { request: 16, limit: 64 } },
      autoscale: { min: 1, max: 2, cpuPercent: 60, scaleDownSeconds: 0 },
    });
    service("minutely", { kind: "cron", schedule: "* * * * *", args: ["job", "0"] });
  });
}

/** As little as changes and failures need. */
function pair(variant: Variant): SystemDefinition {
  return defineSystem("pair", (s) => {
    const service = declare(s, variant);
    const store = service("store", {
      kind: "stateful",
      volumes: { data: { path: "/data" } },
      scratch: { tmp: { path: "/tmp", sizeMiB: 4 } },
      shutdown: { graceSeconds: 10 },
      probes: { ready: { exec: ["wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${port}/`], ...eagerly } },
    });
    service("client", { shutdown: { graceSeconds: 10 } }).connectsTo(store);
  });
}

const eagerly = { periodSeconds: 1, timeoutSeconds: 1, failures: 3 } as const;

function declare(system: SystemBuilder, { image, changes }: Variant) {
  return (name: string, spec: Partial<ServiceSpec>) =>
    system.service(name, {
      image,
      args: ["serve", String(port)],
      ports: { http: { number: port } },
      resources: { cpuMillis: { request: 20 }, memoryMiB: { request: 16, limit: 64 } },
      ...spec,
      ...changes[name],
    });
}
