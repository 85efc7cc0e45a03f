import { defineSystem, type ServiceHandle, type SystemBuilder, type SystemDefinition, text } from "../components";

/** Services of a group: its stores, what prepares them, what runs now and then, its door, and the rest that use them. */
const groupSize = 10;

/**
 * A system of that many services with what real ones have: volumes, secrets in variables and files, health checks, waits,
 * connections within a group and to the one before it, something outside, and one service that scrapes all others.
 */
export function largeSystem(services: number): SystemDefinition {
  return defineSystem("large", (system) => {
    let neighbour: ServiceHandle | undefined;
    for (let first = 1; first < services; first += groupSize)
      neighbour = addGroup(system, Math.ceil(first / groupSize), Math.min(groupSize, services - first), neighbour);
    addCollector(system);
  });
}

/** Adds at most ten services, and gives the one that the next group connects to. */
function addGroup(
  system: SystemBuilder,
  group: number,
  size: number,
  neighbour: ServiceHandle | undefined,
): ServiceHandle | undefined {
  const password = system.secret(`store-${group}`);
  const userinfo = text`app:${password}`;
  const makers: readonly ((name: string) => ServiceHandle)[] = [
    (name) =>
      system.service(name, {
        kind: "stateful",
        image: "postgres:15.14",
        ports: { postgresql: { number: 5432 } },
        files: [{ path: "/run/secrets/password", content: password, mode: 0o400 }],
        volumes: { data: { path: "/var/lib/postgresql" } },
        scratch: { run: { path: "/var/run/postgresql" } },
        probes: { ready: { exec: ["pg_isready", "--quiet"] } },
        provides: { main: { port: "postgresql", userinfo, path: "/app", values: { password } } },
        shutdown: { signal: "SIGINT" },
      }),
    (name) =>
      system.service(name, {
        kind: "stateful",
        image: "redis:7.0.15",
        args: ["redis-server", "--appendonly", "yes"],
        ports: { redis: { number: 6379 } },
        volumes: { data: { path: "/data" } },
        probes: { ready: { tcp: { port: "redis" } } },
      }),
    (name) => system.service(name, { kind: "job", image: "registry.example.org/migrations:1.0", args: ["up"] }),
    (name) => system.service(name, { kind: "cron", schedule: "0 3 * * *", image: "registry.example.org/report:1.0" }),
    (name) =>
      system.service(name, {
        image: "nginx:1.22.1",
        ports: { http: { number: 8080, exposure: "loopback", hostNumber: 10_000 + group } },
        files: [{ path: "/etc/nginx/conf.d/default.conf", content: `server { listen 8080; # group ${group}\n}\n` }],
        probes: { ready: { http: { port: "http", path: "/health" } } },
      }),
  ];
  const made: ServiceHandle[] = [];
  for (let index = 0; index < size; index++) {
    const name = `service-${group}-${index}`;
    const handle = (makers[index] ?? ((plain: string) => addApplication(system, plain, index)))(name);
    connect(handle, made, neighbour);
    made.push(handle);
  }
  return made.at(-1);
}

function addApplication(system: SystemBuilder, name: string, index: number): ServiceHandle {
  return system
    .service(name, {
      image: "registry.example.org/application:1.0",
      ports: { http: { number: 8080 }, metrics: { number: 9090 } },
      env: { LOG_LEVEL: "info", NAME: name, WORKERS: String(index) },
      files: [
        {
          path: "/etc/app/settings.json",
          content: JSON.stringify({ name, limits: { requests: 100, seconds: index } }),
        },
      ],
      scratch: { tmp: { path: "/tmp" } },
      resources: { cpuMillis: { limit: 500 }, memoryMiB: { limit: 256 } },
      probes: {
        ready: { http: { port: "http", path: "/ready" } },
        live: { http: { port: "http", path: "/live" } },
      },
      ...(index % 2 === 0 ? { replicas: 2 } : { autoscale: { min: 2, max: 6, cpuPercent: 70 } }),
      provides: { main: { port: "http" } },
    })
    .metricsOn("metrics", { names: ["requests_total"] })
    .alerts({
      name: `Down${name.replace(/[^a-z0-9]/g, "x")}`,
      expr: `up{service="${name}"} == 0`,
      forSeconds: 60,
      severity: "critical",
      summary: `${name} does not answer`,
    })
    .reaches({ host: "api.example.org", port: 443 });
}

/** To the stores of the group, to what prepares them, to the service before it, and to the neighbouring group. */
function connect(handle: ServiceHandle, made: readonly ServiceHandle[], neighbour: ServiceHandle | undefined): void {
  const [database, cache, migration] = made;
  if (database !== undefined && cache !== undefined)
    handle.connectsTo(database, {
      env: ({ url, value }) => ({ DATABASE_URL: url, DATABASE_PASSWORD: value("password") }),
    });
  if (cache !== undefined && migration !== undefined)
    handle.connectsTo(cache, { env: ({ host, port }) => ({ REDIS: `${host}:${port}` }) });
  const before = made.at(-1);
  if (before !== undefined && made.length > groupSize / 2 + 1) handle.connectsTo(before);
  if (neighbour !== undefined && made.length === groupSize - 1) handle.connectsTo(neighbour);
}

/** Scrapes every service with metrics: a file made of the whole description, and a connection to each. */
function addCollector(system: SystemBuilder): void {
  system.service("collector", {
    kind: "stateful",
    image: "prom/prometheus:v2.48.0",
    ports: { http: { number: 9090 } },
    volumes: { data: { path: "/prometheus" } },
    probes: { ready: { http: { port: "http", path: "/-/ready" } } },
  });
  system.onClose(({ scrapes }) => [
    {
      service: "collector",
      files: [{ path: "/etc/prometheus/targets.json", content: JSON.stringify(scrapes) }],
      connections: scrapes.map(({ service, port }) => ({ to: service, port })),
    },
  ]);
}
