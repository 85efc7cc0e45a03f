import { closeToLimit as share } from "../../../dashboards/overview";
import type { AlertRule, Service } from "../../core/spec";
import { type UntoldAlert, withRunbooks } from "../runbooks";

/** What the rules about a service follow from. */
export interface WatchedService {
  readonly system: string;
  readonly service: string;
  /** Names of the metrics that it says it exports. */
  readonly names: readonly string[];
  readonly resources: Service["resources"];
}

/**
 * What holds of every service with metrics, from its description alone: that it answers, does not start again and again, and
 * keeps below its own limits as far as it tells what it uses.
 */
export function serviceAlerts({ system, service, names, resources }: WatchedService): readonly AlertRule[] {
  const own = `{system="${system}", service="${service}"}`;
  const { memoryMiB, cpuMillis } = resources;
  const exports = (name: string, alert: UntoldAlert): readonly UntoldAlert[] => (names.includes(name) ? [alert] : []);
  return withRunbooks([
    {
      name: "ServiceDown",
      // with the same labels whether it does not answer or is not there any more: else the first is told to be over meanwhile
      expr: `min by (system, service) (up${own}) == 0 or absent(up${own})`,
      forSeconds: 60,
      severity: "critical",
      summary: "a service does not answer",
      description: `${service} of ${system} has not been reached for a minute`,
    },
    ...exports("process_start_time_seconds", {
      name: "ServiceRestarting",
      expr: `changes(process_start_time_seconds${own}[15m]) > 2`,
      forSeconds: 60,
      severity: "warning",
      summary: "a service starts again and again",
      description: `${service} of ${system} started {{ $value }} times in 15 minutes`,
    }),
    ...exports("process_resident_memory_bytes", {
      name: "ServiceMemoryHigh",
      expr: `process_resident_memory_bytes${own} / ${memoryMiB.limit * 1024 * 1024} > ${share}`,
      forSeconds: 300,
      severity: "warning",
      summary: "a service is close to its memory limit",
      description: `${service} of ${system} uses {{ $value | humanizePercentage }} of ${memoryMiB.limit} MiB`,
    }),
    ...(cpuMillis.limit === undefined
      ? []
      : exports("process_cpu_seconds_total", {
          name: "ServiceCPUHigh",
          expr: `rate(process_cpu_seconds_total${own}[5m]) / ${cpuMillis.limit / 1000} > ${share}`,
          forSeconds: 900,
          severity: "warning",
          summary: "a service is close to its processor limit",
          description: `${service} of ${system} uses {{ $value | humanizePercentage }} of ${cpuMillis.limit} thousandths of a core`,
        })),
  ]);
}
