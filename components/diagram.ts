import type { ServicePlan, SystemPlan } from "./core/plan-types";

/**
 * The graph of a system as a Mermaid flowchart. An arrow is a connection, with the port that it goes to: drawn through
 * where the service waits for the other one before it starts, dotted where it does not. Stores are cylinders.
 */
export function mermaid(plan: SystemPlan): string {
  const waits = new Set(plan.services.flatMap(({ name, waits }) => waits.map(({ service }) => `${name} ${service}`)));
  const outside = [...new Set(plan.externals.map(({ host }) => host))].sort();
  return [
    "flowchart LR",
    ...plan.services.map((service) => `  ${nodeOf(service)}`).sort(),
    ...outside.map((host) => `  ${idOf(host)}{{"${host}"}}`),
    ...plan.connections.map(({ from, to, port }) => {
      const arrow = waits.has(`${from} ${to}`) ? "-->" : "-.->";
      return `  ${idOf(from)} ${arrow}|${port}| ${idOf(to)}`;
    }),
    ...plan.externals.map(({ from, host, port }) => `  ${idOf(from)} -.->|${port}| ${idOf(host)}`),
  ].join("\n");
}

function nodeOf({ name, kind, replicas }: ServicePlan): string {
  const label = replicas > 1 ? `${name} × ${replicas}` : name;
  return kind === "stateful" ? `${idOf(name)}[("${label}")]` : `${idOf(name)}["${label}"]`;
}

/** Words such as `end` mean something to Mermaid, and so do hyphens beside an arrow. */
const idOf = (name: string): string => `n_${name.replaceAll(/[^a-z0-9]/gi, "_")}`;
