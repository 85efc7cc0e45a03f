import { defineSystem } from "../../components/builder";
import type { SystemDefinition } from "../../components/core/system";
import { quotesStale, storeDisagreement } from "./alerts";
import { comparisonBoard, graphiteBoard, influxdbBoard, nodeBoard, prometheusBoard } from "./dashboards";
import { backend, graphitePrefix, type Surroundings, scraper, worker } from "./services";
import type { MetricsExamplesSettings } from "./settings";

/** Quotes of shares in three stores of metrics at once, by pulling and by pushing, and all of them in one Grafana. */
export function metricsExamples(settings: MetricsExamplesSettings): SystemDefinition {
  return defineSystem("metrics-examples", (system) => {
    const { tickers, hostAgents, intervalSeconds } = settings;
    const graphite = system.graphite("graphite", {
      retentions: [
        {
          name: "quotes",
          pattern: `^${graphitePrefix}\\.`,
          retentions: `${intervalSeconds}s:1d,${10 * intervalSeconds}s:30d`,
        },
      ],
      hostPort: 18_000,
      public: settings.public,
    });
    const influxdb = system.influxdb("influxdb", { database: "pyexample", user: "pyexample", hostPort: 8086 });
    const statsd = settings.statsd ? system.statsd("statsd", { graphite }) : undefined;
    const around: Surroundings = { system, settings, graphite, influxdb, statsd };

    worker(around).alerts(quotesStale).dashboard(prometheusBoard());
    scraper(around);
    backend(around).alerts(storeDisagreement(settings.disagreementPercent)).dashboard(comparisonBoard(tickers));
    graphite.dashboard(graphiteBoard(tickers, settings.statsd));
    influxdb.dashboard(influxdbBoard(tickers));
    if (hostAgents) system.nodeExporter().dashboard(nodeBoard());

    system.monitoring({
      retentionDays: settings.retentionDays,
      alertmanager: false,
      grafana: {
        plugins: settings.grafanaPlugins,
        dataSources: [
          { type: "graphite", of: graphite },
          { type: "influxdb", of: influxdb },
        ],
      },
      ...settings.alerting,
    });
  });
}
