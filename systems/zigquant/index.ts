import { defineSystem } from "../../components/builder";
import type { SystemDefinition } from "../../components/core/system";
import { zigQuantHighLatency, zigQuantLowWinRate } from "./alerts";
import { mainDashboard } from "./dashboards";
import { zigQuant } from "./services";
import type { ZigQuantSettings } from "./settings";

/** A trading engine behind an HTTP interface, with its ledger on a volume, and the monitoring that tells how it fares. */
export function zigquant(settings: ZigQuantSettings): SystemDefinition {
  return defineSystem("zigquant", (system) => {
    zigQuant(system, settings).alerts(zigQuantHighLatency, zigQuantLowWinRate).dashboard(mainDashboard(system.name));
    system.monitoring({
      retentionDays: settings.retentionDays,
      alertmanager: settings.alertmanager,
      grafana: { provider: { name: "zigQuant", rescanSeconds: 10, deletable: true } },
      ...settings.alerting,
    });
  });
}
