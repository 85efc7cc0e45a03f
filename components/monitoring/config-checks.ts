/** A program that comes with a service, and judges a file that the service would read. */
export interface ConfigCheck {
  readonly service: string;
  readonly file: string;
  /** The path of the file follows. */
  readonly command: readonly string[];
}

/** What can be known to be wrong before Prometheus and Alertmanager are made anew: rules and routes, files beside them included. */
export const configChecks: readonly ConfigCheck[] = [
  { service: "prometheus", file: "/etc/prometheus/prometheus.yml", command: ["promtool", "check", "config"] },
  { service: "alertmanager", file: "/etc/alertmanager/alertmanager.yml", command: ["amtool", "check-config"] },
];
