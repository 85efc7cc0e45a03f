import { strayOnDocker } from "../facts/docker-reach";
import { strayOnKubernetes } from "../facts/reach";
import { both, type Rule } from "./rule";

/** Whether what is made is what was described. */
export const intentRules: readonly Rule[] = [
  {
    of: "stack",
    id: "edge-declared",
    title: "Whoever can connect was declared to, and the other way round",
    severity: "high",
    targets: both,
    why: "A way that nobody has declared is one that nobody guards, and a declared one that is closed is an outage.",
    remedy: "State the connection, or remove the network or the policy that opens it.",
    example: "api.connectsTo(database)",
    references: {},
    blind:
      "policies of other kinds than NetworkPolicy, and on Docker ports: members of a network reach each other on all",
    check: (view) => [
      ...strayOnDocker(view),
      ...view.systems
        .filter(({ target }) => target === "kubernetes")
        .flatMap((system) => strayOnKubernetes(system, view)),
    ],
  },
  {
    of: "stack",
    id: "service-is-monitored",
    title: "What offers metrics is scraped once",
    severity: "medium",
    targets: both,
    why: "Metrics that nobody reads alert nobody, and those that are read twice count double.",
    remedy: "Say metricsOn of the service, in a system with a monitoring stack.",
    example: 'api.metricsOn("http")',
    references: {},
    check: (view) =>
      view.services.flatMap(({ outline, system, resource }) => {
        const port = outline.metrics?.port ?? (outline.ports["metrics"] === undefined ? undefined : "metrics");
        const number = port === undefined ? undefined : outline.ports[port]?.number;
        if (system === undefined || number === undefined || system.omitted.includes(outline.name)) return [];
        const scrapes = system.outline.scrapes.filter(
          (scrape) => scrape.service === outline.name && scrape.port === number,
        );
        if (scrapes.length === 1) return [];
        return [
          {
            on: resource,
            message: scrapes.length === 0 ? "has metrics that nobody reads" : "is scraped more than once",
          },
        ];
      }),
  },
  {
    of: "stack",
    id: "alert-complete",
    title: "An alert says what it means and what to do",
    severity: "medium",
    targets: both,
    why: "Whoever is woken at night does not know the system by heart.",
    remedy: "Give it a description and a runbook.",
    example: 'description: "…", runbook: "docs/runbooks.md#high-drawdown"',
    references: {},
    check: (view) =>
      view.systems.flatMap(({ outline, resource }) =>
        outline.alerts.flatMap(({ name, description, runbook }) => {
          const missing = Object.entries({ description, runbook }).flatMap(([key, value]) =>
            value === undefined ? [key] : [],
          );
          return missing.length === 0
            ? []
            : [{ on: resource, message: `has the alert ${name} without a ${missing.join(" and a ")}` }];
        }),
      ),
  },
];
