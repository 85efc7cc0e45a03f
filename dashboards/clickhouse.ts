import type { Panel } from "./grafana";
import { figure, graph } from "./panels";

/** How a ClickHouse server fares, from its own metrics. */
export function clickhousePanels(job: string): readonly Panel[] {
  const own = `{job="${job}"}`;
  const rate = (event: string) => `rate(ClickHouseProfileEvents_${event}${own}[5m])`;
  return [
    figure({ title: "Answers", description: "1 when it could be scraped.", unit: "short" }, `up${own}`),
    figure({ title: "Queries now", description: "Under way.", unit: "short" }, `ClickHouseMetrics_Query${own}`),
    figure(
      { title: "Parts", description: "Pieces of tables that are read; merges keep them few.", unit: "short" },
      `ClickHouseMetrics_PartsActive${own}`,
    ),
    figure(
      { title: "Memory of queries", description: "As the server counts it.", unit: "bytes" },
      `ClickHouseMetrics_MemoryTracking${own}`,
    ),
    graph({ title: "Rows written", description: "A second.", unit: "short" }, { rows: rate("InsertedRows") }),
    graph(
      { title: "Queries", description: "A second; those that failed are among the others, too.", unit: "ops" },
      { all: rate("Query"), inserts: rate("InsertQuery"), failed: rate("FailedQuery") },
    ),
  ];
}
