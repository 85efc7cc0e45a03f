import type { Board } from "./grafana";
import { figure, graph } from "./panels";
import { ofSystem } from "./promql";

/** How ClickHouse servers fare, from their own metrics. */
export function clickhouseBoard(job: string): Board {
  const { of, rate } = ofSystem;
  const event = (name: string): string => rate(`ClickHouseProfileEvents_${name}`);
  return {
    anchor: "ClickHouseMetrics_Query",
    panels: [
      figure(
        { title: "Answers", description: "1 when it could be scraped.", unit: "short" },
        `min(${of("up", `job="${job}"`)})`,
      ),
      figure(
        { title: "Queries now", description: "Under way.", unit: "short" },
        `sum(${of("ClickHouseMetrics_Query")})`,
      ),
      figure(
        { title: "Parts", description: "Pieces of tables that are read; merges keep them few.", unit: "short" },
        `sum(${of("ClickHouseMetrics_PartsActive")})`,
      ),
      figure(
        { title: "Memory of queries", description: "As the server counts it.", unit: "bytes" },
        `sum(${of("ClickHouseMetrics_MemoryTracking")})`,
      ),
      graph(
        { title: "Rows written", description: "A second.", unit: "wps" },
        { "{{instance}}": event("InsertedRows") },
      ),
      graph(
        { title: "Queries", description: "A second; those that failed are among the others, too.", unit: "ops" },
        {
          all: `sum(${event("Query")})`,
          inserts: `sum(${event("InsertQuery")})`,
          failed: `sum(${event("FailedQuery")}) or vector(0)`,
        },
      ),
    ],
  };
}
