import type { ScrapePlan } from "../core/plan-types";
import { podsName } from "../core/pods-name";

/** What `prometheus.yml` is made of. */
export interface ScrapeOptions {
  /** Name of the system, which every alert has as a label. */
  readonly system: string;
  readonly scrapes: readonly ScrapePlan[];
  /** The service that reads the file; it scrapes itself by its own address. */
  readonly prometheus: string;
  /** `host:port` that alerts are sent to. @default - nowhere */
  readonly alertmanager?: string | undefined;
  /** Where rule files are, as a glob. */
  readonly ruleFiles: string;
}

const defaultIntervalSeconds = 15;

/** Prometheus' configuration: one job for each service with metrics. Plain data, to be written as YAML. */
export function prometheusConfig({ system, scrapes, prometheus, alertmanager, ruleFiles }: ScrapeOptions): object {
  return {
    global: {
      scrape_interval: seconds(defaultIntervalSeconds),
      evaluation_interval: seconds(defaultIntervalSeconds),
      external_labels: { system },
    },
    rule_files: [ruleFiles],
    ...(alertmanager === undefined
      ? {}
      : { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] } }),
    scrape_configs: scrapes.map((scrape) => scrapeConfig(scrape, { system, isItself: scrape.service === prometheus })),
  };
}

/** Name of the job that scrapes a service: what an exporter speaks for is what the job is called after. */
export function jobOf(service: string): string {
  return service.replace(/-exporter$/, "");
}

function scrapeConfig(
  scrape: ScrapePlan,
  { system, isItself }: { readonly system: string; readonly isItself: boolean },
): object {
  const { service, port, path, intervalSeconds, timeoutSeconds } = scrape;
  return {
    job_name: jobOf(service),
    metrics_path: path,
    scrape_interval: seconds(intervalSeconds),
    scrape_timeout: seconds(timeoutSeconds),
    ...(isItself
      ? { static_configs: [{ targets: [`localhost:${port}`] }] }
      : {
          // By name, looked up again and again: one target for each replica that runs.
          dns_sd_configs: [{ names: [podsName(service)], type: "A", port, refresh_interval: seconds(intervalSeconds) }],
        }),
    relabel_configs: [
      { target_label: "service", replacement: service },
      { target_label: "system", replacement: system },
    ],
  };
}

const seconds = (count: number): string => `${count}s`;
