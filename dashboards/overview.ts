import type { DashboardMaker } from "../components/core/description";
import { clusterItself } from "../components/monitoring/cluster/system-of-namespace";
import { containerPanels, seesContainers } from "./containers";
import { grafanaDashboard, type Panel } from "./grafana";
import { figure, graph } from "./panels";
import { ofSystem } from "./promql";

type View = Parameters<DashboardMaker>[0];

/** From this share of a limit on, a service is close to it. */
export const closeToLimit = 0.9;

/** Uid of what shows a system as a whole, where there is such a dashboard: alerts lead there that do not say where else. */
export function overviewOf({
  name,
  dashboards,
}: {
  readonly name: string;
  readonly dashboards: readonly { readonly uid: string }[];
}): string | undefined {
  return dashboards.find(({ uid }) => uid === `${name}-${slug}`)?.uid;
}

const slug = "overview";

/** A system as a whole: who is up, what alerts there are, and how close services are to their limits. */
export const overview: DashboardMaker = (view) =>
  grafanaDashboard({
    system: view.system,
    slug,
    title: `Overview of ${view.system}`,
    panels: [...state, ...limits(view), ...(seesContainers(view) ? containerPanels() : [])],
  });

const { of } = ofSystem;

/** Alerts of the system and of what it stands on. The Watchdog, which is always there, is none to count. */
const firing = (severity: string): string =>
  `count(ALERTS{alertstate="firing", severity=~"${severity}", system=~"$system|${clusterItself}|"}) or vector(0)`;

/** When what a job speaks for began, as far as it says so. */
const began = of("process_start_time_seconds");

const state: readonly Panel[] = [
  figure({ title: "Up", description: "Instances that answer.", unit: "short" }, `sum(${of("up")})`),
  figure(
    { title: "Down", description: "Instances that do not answer.", unit: "short", alarmAbove: 1 },
    `count(${of("up")} == 0) or vector(0)`,
  ),
  figure(
    { title: "Alerts", description: "Firing now, whatever their severity.", unit: "short", alarmAbove: 1 },
    firing("critical|warning|info"),
  ),
  figure(
    { title: "Restarts", description: "Of processes, in the time that is shown.", unit: "short", alarmAbove: 1 },
    `sum(changes(${began}[$__range])) or vector(0)`,
  ),
  graph(
    { title: "Services", description: "Share of the instances of each that answer.", unit: "percentunit" },
    { "{{job}}": `avg by (job) (${of("up")})` },
  ),
  graph(
    { title: "Alerts over time", description: "Firing, by severity.", unit: "short" },
    { critical: firing("critical"), warning: firing("warning"), info: firing("info") },
  ),
];

/** What services use of their limits, which are those of the description. */
function limits({ scrapes, resources }: View): readonly Panel[] {
  type Limits = View["resources"][string];
  /** A line for each service that exports the metric and has the limit. */
  const lines = (
    metric: string,
    used: (metric: string, own: string) => string,
    limitOf: (limits: Limits) => number | undefined,
  ): Readonly<Record<string, string>> =>
    Object.fromEntries(
      scrapes
        .filter(({ names }) => names.includes(metric))
        .flatMap(({ service }) => {
          const limits = resources[service];
          const limit = limits === undefined ? undefined : limitOf(limits);
          return limit === undefined ? [] : [[service, `max(${used(metric, `service="${service}"`)}) / ${limit}`]];
        }),
    );
  const content = { unit: "percentunit", alarmAbove: closeToLimit };
  const panels = [
    {
      title: "Memory",
      description: "Share of the limit that the fullest instance of each uses.",
      lines: lines("process_resident_memory_bytes", of, ({ memoryMiB }) => memoryMiB.limit * 1024 * 1024),
    },
    {
      title: "Processor time",
      description: "Share of the limit that the busiest instance of each uses.",
      lines: lines("process_cpu_seconds_total", ofSystem.rate, ({ cpuMillis: { limit } }) =>
        limit === undefined ? undefined : limit / 1000,
      ),
    },
  ];
  return panels
    .filter((panel) => Object.keys(panel.lines).length > 0)
    .map(({ title, description, lines: each }) => graph({ title, description, ...content }, each));
}
