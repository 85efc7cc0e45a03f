import { adminer, redisCommander } from "./catalog/admin";
import { type ClickhouseOptions, clickhouse } from "./catalog/clickhouse";
import { cadvisor, nodeExporter, postgresExporter, redisExporter } from "./catalog/exporters";
import { type GraphiteOptions, graphite } from "./catalog/graphite";
import { type InfluxdbOptions, influxdb } from "./catalog/influxdb";
import { type NatsOptions, nats } from "./catalog/nats";
import { type LoadBalancerOptions, loadBalancer } from "./catalog/nginx";
import { type PostgresOptions, postgres } from "./catalog/postgres";
import { type RedisOptions, redis } from "./catalog/redis";
import { type ReverseProxyOptions, reverseProxy } from "./catalog/reverse-proxy";
import { secretFile } from "./catalog/secret-file";
import { type StatsdOptions, statsd } from "./catalog/statsd";
import type { ServiceHandle } from "./core/service-handle";
import { closeSystem, SystemBuilder, type SystemDefinition } from "./core/system";
import type { Value } from "./core/value";
import { type Monitoring, type MonitoringOptions, monitoring } from "./monitoring/stack";

/**
 * Describes a system: `describe` states its services and connections. When it returns, the description is complete,
 * is checked as a whole, and can no longer change. Throws a `DescriptionError` that lists every problem.
 */
export function defineSystem(name: string, describe: (system: CatalogueBuilder) => void): SystemDefinition {
  return closeSystem(new CatalogueBuilder(name), describe);
}

/** A builder with the catalogue's functions at hand; `use` takes those of others. */
export class CatalogueBuilder extends SystemBuilder {
  /** A PostgreSQL server with one database and a generated password. */
  postgres(name: string, options?: PostgresOptions): ServiceHandle {
    return this.use((system) => postgres(system, name, options));
  }

  /** A Redis 7 server. */
  redis(name: string, options: RedisOptions): ServiceHandle {
    return this.use((system) => redis(system, name, options));
  }

  /** An nginx that spreads HTTP requests over the replicas of one service. */
  loadBalancer(name: string, options: LoadBalancerOptions): ServiceHandle {
    return this.use((system) => loadBalancer(system, name, options));
  }

  /** An nginx that passes HTTP requests on by their paths, with limits, security headers and TLS. */
  reverseProxy(name: string, options: ReverseProxyOptions): ServiceHandle {
    return this.use((system) => reverseProxy(system, name, options));
  }

  /** An InfluxDB 1 server with one database, a user for it and generated passwords. */
  influxdb(name: string, options?: InfluxdbOptions): ServiceHandle {
    return this.use((system) => influxdb(system, name, options));
  }

  /** Graphite: carbon at the endpoint `carbon`, the web application at `http`. */
  graphite(name: string, options?: GraphiteOptions): ServiceHandle {
    return this.use((system) => graphite(system, name, options));
  }

  /** StatsD, which adds up what it is sent by UDP and passes it on to a Graphite. */
  statsd(name: string, options: StatsdOptions): ServiceHandle {
    return this.use((system) => statsd(system, name, options));
  }

  /** A NATS broker with streams on a volume: clients at the endpoint `client`, its reports at `monitor`. */
  nats(name: string, options?: NatsOptions): ServiceHandle {
    return this.use((system) => nats(system, name, options));
  }

  /** A ClickHouse server with one account and a generated password. */
  clickhouse(name: string, options?: ClickhouseOptions): ServiceHandle {
    return this.use((system) => clickhouse(system, name, options));
  }

  /** Metrics of a PostgreSQL server. */
  postgresExporter(name: string, database: ServiceHandle): ServiceHandle {
    return this.use((system) => postgresExporter(system, name, database));
  }

  /** Metrics of a Redis server. */
  redisExporter(name: string, server: ServiceHandle): ServiceHandle {
    return this.use((system) => redisExporter(system, name, server));
  }

  /** Metrics of the machine. */
  nodeExporter(name = "node-exporter"): ServiceHandle {
    return this.use((system) => nodeExporter(system, name));
  }

  /** Metrics of the machine's containers. */
  cadvisor(name = "cadvisor"): ServiceHandle {
    return this.use((system) => cadvisor(system, name));
  }

  /** Prometheus, Alertmanager and Grafana, fed by the statements of all services. */
  monitoring(options?: MonitoringOptions): Monitoring {
    return this.use((system) => monitoring(system, options));
  }

  /** A web console for a PostgreSQL server. */
  adminer(name: string, options: Parameters<typeof adminer>[2]): ServiceHandle {
    return this.use((system) => adminer(system, name, options));
  }

  /** A web console for Redis servers. */
  redisCommander(name: string, options: Parameters<typeof redisCommander>[2]): ServiceHandle {
    return this.use((system) => redisCommander(system, name, options));
  }

  /** A secret as a file of a service; gives back its path, for a variable such as `DATABASE_URL_FILE`. */
  secretFile(service: string, name: string, content: Value): string {
    return this.use((system) => secretFile(system, service, name, content));
  }
}
