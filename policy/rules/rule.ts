import type { StackFinding, Thing, View } from "../facts/stack";
import type { Container, Target, Workload } from "../facts/workload";
import type { Exemption } from "./exemptions";

export const severities = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

/** Checks of other tools that a rule covers, by the tools' own ids. */
export interface References {
  readonly kubeLinter?: readonly string[];
  readonly kubeScore?: readonly string[];
  readonly polaris?: readonly string[];
  readonly trivy?: readonly string[];
  readonly checkov?: readonly string[];
  /** Controls of the Pod Security Standards, with their level. */
  readonly podSecurity?: readonly string[];
  /** Items of the CIS Docker Benchmark. */
  readonly cisDocker?: readonly string[];
}

/** What the compliance checker of TradeMaster calls a rule, and how severe it finds it. */
export interface Compliance {
  readonly type: "security" | "resource" | "performance";
  readonly severity: "high" | "medium" | "low";
}

interface About {
  /** Name of the policy; also what an exemption names. */
  readonly id: string;
  /** What holds where the rule is kept. */
  readonly title: string;
  readonly severity: Severity;
  readonly targets: readonly Target[];
  /** What goes wrong without it. */
  readonly why: string;
  readonly remedy: string;
  /** How it looks when it is right. */
  readonly example: string;
  readonly references: References;
  readonly compliance?: Compliance;
  /** What the rule cannot see. */
  readonly blind?: string;
}

/** What the stack's configuration says to the rules. */
export interface Settings {
  readonly exemptions: readonly Exemption[];
  /** Ids that an exemption may name. */
  readonly ruleIds: readonly string[];
  /** What image references may begin with; any when empty. */
  readonly registries: readonly string[];
  /** As `YYYY-MM-DD`. */
  readonly today: string;
}

/** One thing that is wrong, in words that go on after the name of what was looked at. */
export type Finding = string;

/** Judges each container, on both targets alike unless `targets` says otherwise. */
export interface ContainerRule extends About {
  readonly of: "container";
  check(container: Container, workload: Workload, settings: Settings): readonly Finding[];
}

/** Judges what containers share: a pod, or the one container of Docker. */
export interface WorkloadRule extends About {
  readonly of: "workload";
  check(workload: Workload): readonly Finding[];
}

/** Judges single objects of these kinds. */
export interface ObjectRule extends About {
  readonly of: "object";
  readonly kinds: readonly string[];
  check(thing: Thing): readonly Finding[];
}

/** Judges what only a whole stack shows. */
export interface StackRule extends About {
  readonly of: "stack";
  /** Whether it looks at what the deployment before had. */
  readonly readsState?: true;
  check(view: View, settings: Settings): readonly StackFinding[];
}

export type Rule = ContainerRule | WorkloadRule | ObjectRule | StackRule;

export const both: readonly Target[] = ["docker", "kubernetes"];
export const docker: readonly Target[] = ["docker"];
export const kubernetes: readonly Target[] = ["kubernetes"];

/** A finding if it is so. */
export function when(isSo: boolean, finding: string): readonly Finding[] {
  return isSo ? [finding] : [];
}

/** A name for a list in a sentence. */
export function listed(items: readonly string[]): string {
  return [...new Set(items)].sort().join(", ");
}
