import type { FilePlan, ServicePlan, SystemPlan } from "./plan-types";

/** What is described of a service, without the values that it is given, which may be secret. */
export interface ServiceOutline extends Omit<ServicePlan, "env" | "files"> {
  /** Names of its variables. */
  readonly env: readonly string[];
  readonly files: readonly Omit<FilePlan, "content">[];
}

/** What is described of a system beyond its services. */
export type SystemOutline = Pick<SystemPlan, "connections" | "externals" | "scrapes" | "alerts">;

/**
 * Outlines are outputs of the components `twofold:index:System` and `twofold:index:Service`, in each state and preview: whoever
 * judges a deployment compares what is made with what was meant.
 */
export function outlineOfService({ env, files, ...rest }: ServicePlan): ServiceOutline {
  return { ...rest, env: Object.keys(env), files: files.map(({ content: _, ...file }) => file) };
}

export function outlineOfSystem({ connections, externals, scrapes, alerts }: SystemPlan): SystemOutline {
  return { connections, externals, scrapes, alerts };
}
