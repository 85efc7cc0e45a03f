import { jobOf } from "../../components/monitoring/scrape";
import type { DashboardPlan } from "../../components/core/plan-types";
import { grafanaDashboard } from "../../dashboards/grafana";
import { natsPanels } from "../../dashboards/nats";
import { figure, graph } from "../../dashboards/panels";

const system = "marketprism";

/** Requests, errors and times of all services. */
export function overviewDashboard(): DashboardPlan {
  return grafanaDashboard({
    system,
    slug: "services",
    title: "Services",
    panels: [
      graph(
        { title: "Requests", description: "Answered, a second.", unit: "reqps" },
        { "{{service}}": "sum by (service) (rate(marketprism_http_requests_total[5m]))" },
      ),
      graph(
        {
          title: "Errors",
          description: "Share of the requests that ended with a 5xx.",
          unit: "percentunit",
          alarmAbove: 0.05,
        },
        {
          "{{service}}":
            'sum by (service) (rate(marketprism_http_requests_total{code=~"5.."}[5m])) / sum by (service) (rate(marketprism_http_requests_total[5m]))',
        },
      ),
      graph(
        { title: "Time to the answer", description: "95 of 100 requests are answered within it.", unit: "s" },
        {
          "{{service}}":
            "histogram_quantile(0.95, sum by (service, le) (rate(marketprism_http_request_duration_seconds_bucket[5m])))",
        },
      ),
      graph(
        { title: "Circuits", description: "1 while a target is left alone.", unit: "short", alarmAbove: 1 },
        { "{{service}} to {{target}}": "marketprism_circuit_state" },
      ),
      graph(
        { title: "Versions", description: "What runs, and how many of it.", unit: "short" },
        { "{{service}} {{version}}": "sum by (service, version) (marketprism_up)" },
      ),
      graph(
        { title: "Taken back", description: "Steps of the saga that were compensated, a second.", unit: "ops" },
        { "{{step}}": "sum by (step) (rate(marketprism_saga_compensations_total[5m]))" },
      ),
    ],
  });
}

/** The broker, as the monitoring service sees it. */
export function brokerDashboard(service: string): DashboardPlan {
  return grafanaDashboard({ system, slug: "broker", title: "Message broker", panels: natsPanels(jobOf(service)) });
}

/** From the collector to the table. */
export function storageDashboard(): DashboardPlan {
  return grafanaDashboard({
    system,
    slug: "storage",
    title: "Storage",
    panels: [
      figure(
        { title: "Age of the newest price", description: "Since it was seen.", unit: "s", alarmAbove: 60 },
        "time() - max(marketprism_newest_tick_timestamp_seconds)",
      ),
      figure(
        { title: "Rows in the last hour", description: "Written to ClickHouse.", unit: "short" },
        "sum(increase(marketprism_rows_written_total[1h]))",
      ),
      graph(
        { title: "Published", description: "Messages that the broker acknowledged, a second.", unit: "ops" },
        { "{{subject}}": "sum by (subject) (rate(marketprism_messages_published_total[1m]))" },
      ),
      graph(
        { title: "Written", description: "Rows, a second.", unit: "ops" },
        { "{{table}}": "sum by (table) (rate(marketprism_rows_written_total[1m]))" },
      ),
    ],
  });
}
