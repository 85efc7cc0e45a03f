import type { Panel } from "./grafana";
import { figure, graph } from "./panels";

/** How a database fares, from postgres-exporter. */
export function postgresPanels(job: string, database: string): readonly Panel[] {
  const own = `{job="${job}", datname="${database}"}`;
  return [
    figure({ title: "PostgreSQL answers", description: "1 when it does.", unit: "short" }, `pg_up{job="${job}"}`),
    figure({ title: "Size", description: "Of the database on disk.", unit: "bytes" }, `pg_database_size_bytes${own}`),
    figure(
      { title: "Connections", description: "Open to the database.", unit: "short" },
      `pg_stat_database_numbackends${own}`,
    ),
    figure(
      { title: "Found in memory", description: "Share of reads that needed no disk.", unit: "percentunit" },
      `rate(pg_stat_database_blks_hit${own}[5m]) / (rate(pg_stat_database_blks_hit${own}[5m]) + rate(pg_stat_database_blks_read${own}[5m]))`,
    ),
    graph(
      { title: "Transactions", description: "A second.", unit: "ops", width: 24 },
      {
        committed: `rate(pg_stat_database_xact_commit${own}[1m])`,
        "rolled back": `rate(pg_stat_database_xact_rollback${own}[1m])`,
      },
    ),
  ];
}
