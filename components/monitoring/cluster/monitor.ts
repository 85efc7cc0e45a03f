import type { Relabeling } from "../../targets/kubernetes/model";
import type { ClusterMonitoringOptions } from "./options";
import { type ClusterObject, metadata, object } from "./objects";

interface MonitorExtras {
  readonly honorLabels?: boolean;
  readonly metricRelabelings?: readonly Relabeling[];
  /** Where the Service is. @default - the stack's namespace */
  readonly namespace?: string;
  readonly selector?: Readonly<Record<string, string>>;
  readonly relabelings?: readonly Relabeling[];
  readonly path?: string;
  /** Name of the object, when a part has several. @default - the part's */
  readonly name?: string;
}

/** How the metrics of a part are read: like those of a system's services, under the job of the part's name. */
export function monitorOf(
  options: ClusterMonitoringOptions,
  part: string,
  port: string,
  extras: MonitorExtras = {},
): ClusterObject {
  const { namespace } = options;
  const { honorLabels, metricRelabelings, relabelings = [], path = "/metrics", name = part } = extras;
  return object("monitoring.coreos.com/v1", "ServiceMonitor", metadata(namespace, part, name), {
    spec: {
      selector: { matchLabels: extras.selector ?? { "app.kubernetes.io/name": part } },
      ...(extras.namespace === undefined ? {} : { namespaceSelector: { matchNames: [extras.namespace] } }),
      sampleLimit: 50_000,
      endpoints: [
        {
          port,
          path,
          interval: "30s",
          scrapeTimeout: "10s",
          ...(honorLabels === undefined ? {} : { honorLabels }),
          relabelings: [
            { targetLabel: "job", replacement: part },
            { targetLabel: "service", replacement: part },
            ...relabelings,
          ],
          ...(metricRelabelings === undefined ? {} : { metricRelabelings }),
        },
      ],
    },
  });
}

/** How the metrics of what reloads a part are read. */
export function reloaderMonitorOf(options: ClusterMonitoringOptions, part: string): ClusterObject {
  return monitorOf(options, part, "reloader", {
    name: `${part}-reloader`,
    relabelings: [{ targetLabel: "job", replacement: `${part}-config-reloader` }],
  });
}
