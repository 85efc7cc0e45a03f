import { entry, type ImageName } from "../images/table";

/** One of the services that all tools run. */
export interface BenchService {
  readonly name: string;
  readonly image: ImageName;
  readonly command?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What the engine runs each second; the service is healthy when it succeeds. */
  readonly check: readonly string[];
  /** Where it keeps its data. */
  readonly volume?: string;
  /** Folders in memory, because the root is read-only. */
  readonly scratch: readonly string[];
  /** Port that it offers to those who need it. */
  readonly port?: number;
  readonly stopSignal: string;
  /** Services that must be healthy before it starts. */
  readonly needs: readonly string[];
}

/** The check, in seconds: interval and time limit, failures that count, and the time in which they do not. */
export const checkTiming = { periodSeconds: 1, timeoutSeconds: 3, failures: 3, startupSeconds: 60 } as const;

/** What a container may use, and how long it may take to end. */
export const limits = { memoryMiB: 256, graceSeconds: 10 } as const;

/** The service of which one variable changes. */
const changing = "web-1";

const stores: readonly BenchService[] = [
  {
    name: "db",
    image: "postgres15",
    // below the root of the volume, which belongs to others on a cluster
    env: { PGDATA: "/var/lib/postgresql/data/here", POSTGRES_HOST_AUTH_METHOD: "trust" },
    check: ["pg_isready", "--quiet", "--host=127.0.0.1", "--username=postgres"],
    volume: "/var/lib/postgresql/data",
    scratch: ["/var/run/postgresql", "/tmp"],
    port: 5432,
    stopSignal: "SIGINT",
    needs: [],
  },
  {
    name: "cache",
    image: "redis7",
    env: {},
    check: ["redis-cli", "ping"],
    volume: "/data",
    scratch: ["/tmp"],
    port: 6379,
    stopSignal: "SIGTERM",
    needs: [],
  },
];

const idle = ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1 & wait $!; done"];

/** A service that does nothing but is healthy only if it reaches a store. */
function consumer(name: string, image: ImageName, check: readonly string[], value: string): BenchService {
  return {
    name,
    image,
    command: idle,
    env: { VALUE: name === changing ? value : "" },
    check,
    scratch: ["/tmp"],
    stopSignal: "SIGTERM",
    needs: stores.map((store) => store.name),
  };
}

/** PostgreSQL and Redis, and after them six that need both; `value` is the variable that changes. */
export function benchServices(value: string): readonly BenchService[] {
  const numbers = [1, 2, 3];
  return [
    ...stores,
    ...numbers.map((n) => consumer(`web-${n}`, "redis7", ["redis-cli", "-h", "cache", "ping"], value)),
    ...numbers.map((n) => consumer(`job-${n}`, "postgres15", ["pg_isready", "--quiet", "--host=db"], value)),
  ];
}

/** Looks from within a cluster whether what a service needs is there; it has sh and getent. */
export const gateImage: ImageName = "redis7";

/** The images' upstream references. */
export const benchImages = [...new Set(benchServices("").map(({ image }) => entry(image).upstream))];
