import type { Board } from "./grafana";
import { figure, graph } from "./panels";
import { ofSystem, share } from "./promql";

/** How databases fare, from postgres-exporter. */
export function postgresBoard(database: string): Board {
  const own = `datname="${database}"`;
  const { of, rate } = ofSystem;
  const hit = `sum(${rate("pg_stat_database_blks_hit", own)})`;
  const read = `sum(${rate("pg_stat_database_blks_read", own)})`;
  return {
    anchor: "pg_up",
    panels: [
      figure({ title: "PostgreSQL answers", description: "1 when it does.", unit: "short" }, `min(${of("pg_up")})`),
      figure(
        { title: "Size", description: "Of the database on disk.", unit: "bytes" },
        `sum(${of("pg_database_size_bytes", own)})`,
      ),
      figure(
        { title: "Connections", description: "Open to the database.", unit: "short" },
        `sum(${of("pg_stat_database_numbackends", own)})`,
      ),
      figure(
        { title: "Found in memory", description: "Share of reads that needed no disk.", unit: "percentunit" },
        share(hit, `(${hit} + ${read})`),
      ),
      graph(
        {
          title: "Connections of those allowed",
          description: "Share that is open, of all databases.",
          unit: "percentunit",
          alarmAbove: 0.8,
        },
        {
          "{{job}}": `sum by (job) (${of("pg_stat_database_numbackends")}) / sum by (job) (${of("pg_settings_max_connections")})`,
        },
      ),
      graph(
        { title: "Oldest transaction", description: "How long it has been open.", unit: "s" },
        { "{{job}}": `max by (job) (${of("pg_stat_activity_max_tx_duration", own)})` },
      ),
      graph(
        { title: "Deadlocks", description: "Broken up, a second.", unit: "ops" },
        { "{{job}}": `sum by (job) (${rate("pg_stat_database_deadlocks", own)})` },
      ),
      graph(
        { title: "Transactions", description: "A second.", unit: "ops" },
        {
          committed: `sum(${rate("pg_stat_database_xact_commit", own)})`,
          "rolled back": `sum(${rate("pg_stat_database_xact_rollback", own)})`,
        },
      ),
    ],
  };
}
