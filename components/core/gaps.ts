import { isDeepStrictEqual } from "node:util";
import { canonical } from "./canonical";
import type { Problem } from "./errors";
import type { ServicePlan, SystemPlan } from "./plan-types";
import { type Service, serviceSchema } from "./spec";

const defaults = canonical(serviceSchema.parse({ image: "none:0" }));
const differs =
  (key: keyof Omit<Service, "env" | "files" | "restart">) =>
  (service: ServicePlan): boolean =>
    !isDeepStrictEqual(service[key], defaults[key]);

/**
 * Every feature of a description, with the test whether a service uses it: whether it asks for something that the
 * neutral default does not give. A field whose parts behave differently on some target has one feature per part.
 */
export const features = {
  kind: (s) => s.kind !== "service" && s.kind !== "cron",
  schedule: (s) => s.kind === "cron",
  image: () => true,
  command: (s) => s.command !== undefined,
  args: (s) => s.args !== undefined,
  ports: (s) => Object.keys(s.ports).length > 0,
  "ports.exposure": (s) => Object.values(s.ports).some((port) => port.exposure !== "internal"),
  aliases: (s) => s.aliases.length > 0,
  env: (s) => Object.keys(s.env).length > 0,
  files: (s) => s.files.length > 0,
  "files.owner": (s) => s.files.some((file) => file.uid !== s.security.user || file.gid !== s.security.group),
  volumes: (s) => Object.keys(s.volumes).length > 0,
  "volumes.sizeMiB": (s) => Object.keys(s.volumes).length > 0,
  scratch: (s) => Object.keys(s.scratch).length > 0,
  "scratch.noexec": (s) => Object.values(s.scratch).some((folder) => folder.noexec === true),
  hostMounts: (s) => s.hostMounts.length > 0,
  "resources.cpuMillis": () => true,
  "resources.memoryMiB": () => true,
  "resources.pids": () => true,
  replicas: (s) => s.replicas > 1,
  singleton: (s) => s.singleton,
  autoscale: (s) => s.autoscale !== undefined,
  "probes.startup": (s) => s.probes.startup !== undefined,
  "probes.ready": (s) => s.probes.ready !== undefined,
  "probes.live": (s) => s.probes.live !== undefined && s.probes.ready !== undefined,
  security: differs("security"),
  "security.appArmor": (s) => s.security.appArmor !== defaults.security.appArmor,
  shutdown: () => true,
  "shutdown.signal": (s) => s.shutdown.signal !== defaults.shutdown.signal,
  restart: (s) => s.restart.policy !== "always",
  "restart.maxAttempts": (s) => s.restart.maxAttempts !== undefined,
  update: differs("update"),
  logging: differs("logging"),
  "kernel.sysctls": (s) => Object.keys(s.kernel.sysctls).length > 0,
  "kernel.ulimits": (s) => Object.keys(s.kernel.ulimits).length > 0,
  "kernel.shmMiB": (s) => s.kernel.shmMiB !== undefined,
  metrics: (s) => s.metrics !== undefined,
  alerts: (s) => s.alerts.length > 0,
  provides: (s) => Object.keys(s.provides).length > 0,
} as const satisfies Record<string, (service: ServicePlan) => boolean>;

export type Feature = keyof typeof features;

type TopLevel<Name> = Name extends `${infer Head}.${string}` ? Head : Name;
type Uncovered = Exclude<keyof Service, TopLevel<Feature>>;
/** Does not compile while a field of the spec has no feature, and so could have no verdict. */
true satisfies [Uncovered] extends [never] ? true : Uncovered;

/** How well a target does a feature. */
export type Level =
  | { readonly level: "native" }
  | {
      readonly level: "approximated" | "unsupported";
      /** What is different there, in words that end a sentence "… because …". */
      readonly because: string;
      /** What to do instead. */
      readonly instead?: string;
    };

/** A verdict on every feature; `satisfies SupportTable` makes a missing one a compile error. */
export type SupportTable = Readonly<Record<Feature, Level>>;

export const native: Level = { level: "native" };

export function approximated(because: string, instead?: string): Level {
  return { level: "approximated", because, ...(instead === undefined ? {} : { instead }) };
}

export function unsupported(because: string, instead?: string): Level {
  return { level: "unsupported", because, ...(instead === undefined ? {} : { instead }) };
}

/** A feature that a service uses and that its target does not do, or does otherwise. */
export interface Gap {
  readonly service: string;
  readonly feature: Feature;
  readonly level: "approximated" | "unsupported";
  readonly because: string;
  readonly instead?: string;
}

/** The gaps of a system on a target, in the order of services and of the feature table. */
export function gapsOf(plan: SystemPlan, support: SupportTable): readonly Gap[] {
  const names = Object.keys(features) as Feature[];
  return plan.services.flatMap((service) =>
    names
      .filter((feature) => features[feature](service))
      .flatMap((feature) => {
        const verdict = support[feature];
        return verdict.level === "native" ? [] : [{ service: service.name, feature, ...verdict }];
      }),
  );
}

/** What several services have alike. */
export interface GapKind {
  readonly text: string;
  readonly services: readonly string[];
}

/** One for each kind of gap, not for each service, so that what is said of a large system stays readable. */
export function gapKinds(gaps: readonly Gap[]): readonly GapKind[] {
  return [...Map.groupBy(gaps, ({ feature }) => feature).values()].map((alike) => {
    const [{ feature, level, because }] = alike as [Gap];
    return { text: `${feature} is ${level} (${because})`, services: alike.map(({ service }) => service) };
  });
}

/** From which level on a gap is an error: `approximated` refuses all gaps, `off` none. */
export type Strictness = "off" | "unsupported" | "approximated";

/** The gaps that a strictness forbids, as problems. */
export function forbiddenGaps(gaps: readonly Gap[], strictness: Strictness): readonly Problem[] {
  return gaps
    .filter(({ level }) => strictness === "approximated" || level === strictness)
    .map(({ service, feature, level, because, instead }) => ({
      path: `services.${service}.${feature}`,
      given: `is ${level} here: ${because}`,
      remedy: instead ?? "change the description or lower strictParity",
    }));
}
