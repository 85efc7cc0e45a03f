import type { DashboardPlan } from "../../components/core/plan-types";
import { grafanaDashboard } from "../../dashboards/grafana";
import { natsBoard } from "../../dashboards/nats";
import { figure, graph } from "../../dashboards/panels";
import { ofSystem } from "../../dashboards/promql";
import { redPanels } from "../../dashboards/red";

const system = "marketprism";
const { of, rate, grown } = ofSystem;

/** Requests, errors and times of all services. */
export function servicesDashboard(): DashboardPlan {
  return grafanaDashboard({
    system,
    slug: "services",
    title: "Services",
    anchor: "marketprism_up",
    panels: [
      ...redPanels(ofSystem, {
        requests: "marketprism_http_requests_total",
        failed: 'code=~"5.."',
        seconds: "marketprism_http_request_duration_seconds",
      }),
      graph(
        { title: "Circuits", description: "1 while a target is left alone.", unit: "short", alarmAbove: 1 },
        { "{{service}} to {{target}}": of("marketprism_circuit_state") },
      ),
      graph(
        { title: "Versions", description: "What runs, and how many of it.", unit: "short" },
        { "{{service}} {{version}}": `sum by (service, version) (${of("marketprism_up")})` },
      ),
      graph(
        { title: "Taken back", description: "Steps of the saga that were compensated, a second.", unit: "ops" },
        { "{{step}}": `sum by (step) (${rate("marketprism_saga_compensations_total")})` },
      ),
    ],
  });
}

/** The broker, as the monitoring service sees it. */
export function brokerDashboard(): DashboardPlan {
  return grafanaDashboard({ system, slug: "broker", title: "Message broker", ...natsBoard() });
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
        `time() - max(${of("marketprism_newest_tick_timestamp_seconds")})`,
      ),
      figure(
        { title: "Rows", description: "Written to ClickHouse in the time that is shown.", unit: "short" },
        `sum(${grown("marketprism_rows_written_total")})`,
      ),
      graph(
        { title: "Published", description: "Messages that the broker acknowledged, a second.", unit: "ops" },
        { "{{subject}}": `sum by (subject) (${rate("marketprism_messages_published_total")})` },
      ),
      graph(
        { title: "Written", description: "Rows, a second.", unit: "wps" },
        { "{{table}}": `sum by (table) (${rate("marketprism_rows_written_total")})` },
      ),
    ],
  });
}
