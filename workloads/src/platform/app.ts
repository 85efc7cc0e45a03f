import { hostname } from "node:os";
import { collectDefaultMetrics, Registry } from "prom-client";
import { checkHealth, type Dependency } from "./health.ts";
import { type HttpServer, type Route, startHttpServer } from "./http-server.ts";
import type { Logger } from "./logger.ts";
import { checkPostgres, connectPostgres, type Pool, type PoolLimits } from "./postgres.ts";
import { checkRedis, closeRedis, connected, connectRedis, type Redis, type RedisUse } from "./redis.ts";
import { retry } from "./retry.ts";
import { consume, type Subscription } from "./streams.ts";

/** What a role stands on: its log, its metrics, its connections, and the signal that ends it. */
export interface App {
  readonly log: Logger;
  readonly registry: Registry;
  /** Aborted when the role has to stop: take no more work, finish what was begun, return. */
  readonly signal: AbortSignal;
  /** Name of this process among its replicas. The same container has the same name after a restart. */
  readonly instance: string;
  /** Connects, and counts the connection among what /health asks, under the name. */
  redis(name: string, url: string): Redis;
  postgres(url: string, limits?: PoolLimits): Pool;
  /** A further connection to a server that is already asked by /health. */
  extraRedis(url: string, use: RedisUse): Redis;
  /** Reads a stream until the signal, by default the app's own. */
  consume<Message>(
    from: MessageServer,
    subscription: Omit<Subscription<Message>, "consumer">,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Answers a method and path such as `GET /quotes`; wins over what every role answers there. */
  route(name: string, route: Route): void;
  /** Waits until all that /health asks has answered once, or for the signal; from then on /ready says yes. */
  ready(): Promise<void>;
}

/** Where streams are: an open connection, and the URL for further ones. */
export interface MessageServer {
  readonly url: string;
  readonly redis: Redis;
}

export interface RunningApp {
  readonly app: App;
  readonly server: HttpServer;
  /** Closes what the role opened. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly role: string;
  readonly port: number;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Builds the ground for a role and begins to serve HTTP; the role itself opens its connections. */
export async function startApp({ role, port, log, signal }: AppOptions): Promise<RunningApp> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const dependencies: Dependency[] = [];
  const routes = new Map<string, Route>();
  const redises = new Set<Redis>();
  const pools: Pool[] = [];
  let isReady = false;

  const extraRedis = (url: string, use: RedisUse): Redis => {
    const redis = connectRedis(url, use, log);
    redises.add(redis);
    return redis;
  };

  const app: App = {
    log,
    registry,
    signal,
    instance: hostname(),
    redis(name, url) {
      const redis = extraRedis(url, "commands");
      dependencies.push({ name, check: () => checkRedis(redis) });
      return redis;
    },
    postgres(url, limits) {
      const pool = connectPostgres(url, role, log, limits);
      pools.push(pool);
      dependencies.push({ name: "postgres", check: () => checkPostgres(pool) });
      return pool;
    },
    extraRedis,
    async consume({ url, redis }, subscription, until = signal) {
      const reader = extraRedis(url, "blocking");
      await connected(reader, until);
      await consume({ ...subscription, consumer: hostname() }, { reader, redis, signal: until, log });
      redises.delete(reader);
      await closeRedis(reader);
    },
    route(name, route) {
      routes.set(name, route);
    },
    async ready() {
      await Promise.all([...redises].map((redis) => connected(redis, signal)));
      await Promise.all(
        dependencies.map(({ name, check }) => retry(check, { signal, log, what: `waiting for ${name}` })),
      );
      isReady = true;
      log.info("ready");
    },
  };

  const server = await startHttpServer({
    port,
    registry,
    routes,
    health: () => checkHealth(dependencies),
    isReady: () => isReady && !signal.aborted,
  });
  return {
    app,
    server,
    async close() {
      await Promise.all([server.close(), ...[...redises].map(closeRedis), ...pools.map((pool) => pool.end())]);
    },
  };
}
