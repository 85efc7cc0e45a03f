import { causesOf } from "./causes";
import { type EngineEvent, plainText } from "./events";
import type { Described } from "./outline";
import type { Redact } from "./redact";
import { isReal, nameOfUrn, type Resource } from "./resource";
import { type Place, type Remediation, type Report, severities, type Violation } from "./schema";

type Resources = ReadonlyMap<string, Resource>;

/**
 * What policies object to, by severity. With a report of the base, a violation is new that it does not have; without
 * one, those of resources that change are new, because the others were so before.
 */
export function violationsOf(
  events: readonly EngineEvent[],
  resources: Resources,
  descriptions: Described,
  base: readonly Violation[] | undefined,
): readonly Violation[] {
  const known = base === undefined ? undefined : new Set(base.map(identityOf));
  const changes = changing(resources, descriptions);
  const found = events.flatMap(({ policyEvent: event }): readonly Violation[] => {
    // what is remediated or switched off is no violation
    if (event === undefined || !(event.enforcementLevel in levels)) return [];
    const subject = subjectOf(event.resourceUrn, resources, descriptions);
    const severity = severities.find((each) => each === event.severity.toLowerCase());
    const violation: Violation = {
      ...subject,
      policy: event.policyName,
      pack: event.policyPackName,
      level: levels[event.enforcementLevel] ?? "mandatory",
      ...(severity === undefined ? {} : { severity }),
      message: plainText(event.message),
      present: false,
    };
    return [{ ...violation, present: known?.has(identityOf(violation)) ?? !changes(event.resourceUrn) }];
  });
  return found.sort((a, b) => severityRank(a) - severityRank(b));
}

/** Whether something changes: a component with what it groups, and the stack with everything. */
function changing(resources: Resources, { placeOf }: Described): (urn: string) => boolean {
  const changed = [...resources.values()].filter(({ kind }) => kind !== "same").map(placeOf);
  return (urn) => {
    const resource = resources.get(urn);
    if (resource !== undefined && isReal(resource)) return resource.kind !== "same";
    const { system, service } = resource === undefined ? {} : placeOf(resource);
    return changed.some(
      (place) =>
        (system === undefined || place.system === system) && (service === undefined || place.service === service),
    );
  };
}

const levels: Readonly<Record<string, Violation["level"]>> = {
  mandatory: "mandatory",
  remediate: "mandatory",
  warning: "advisory",
  advisory: "advisory",
};

const severityRank = ({ severity }: Violation): number =>
  severity === undefined ? severities.length : severities.indexOf(severity);

const identityOf = ({ pack, policy, type, name, system, service }: Violation): string =>
  JSON.stringify([pack, policy, type, name, system, service]);

/** The violations of the same stack in a report of the base. */
export function violationsIn(base: Report | undefined, stack: string): readonly Violation[] | undefined {
  return base?.stacks.find((each) => each.stack === stack)?.violations;
}

/** What policies changed of their own accord. */
export function remediationsOf(
  events: readonly EngineEvent[],
  resources: Resources,
  descriptions: Described,
  redact: Redact,
): readonly Remediation[] {
  return events.flatMap(({ policyRemediationEvent: event }): readonly Remediation[] => {
    if (event === undefined) return [];
    const { before, after } = event;
    const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
    );
    const state = (inputs: typeof before) => ({ ...emptyState, inputs });
    const causes = causesOf(
      {
        ...{ urn: "", type: "", name: "", kind: "update", old: state(before), new: state(after) },
        diff: paths.map((key) => ({
          path: JSON.stringify([key]),
          change: key in before ? (key in after ? "update" : "delete") : "add",
          ...{ replaces: false, ofInputs: true },
        })),
      },
      redact,
    ).map((cause, index) => ({ ...cause, path: paths[index] ?? cause.path }));
    const { policyName: policy, policyPackName: pack, resourceUrn } = event;
    return [{ ...subjectOf(resourceUrn, resources, descriptions), policy, pack, causes }];
  });
}

const emptyState = {
  ...{ type: "", urn: "", custom: true, parent: "", retainOnDelete: false },
  inputs: {},
  outputs: {},
};

function subjectOf(
  urn: string,
  resources: Resources,
  { placeOf }: Described,
): Place & { readonly name: string; readonly type: string } {
  const resource = resources.get(urn);
  if (resource !== undefined) return { ...placeOf(resource), name: resource.name, type: resource.type };
  return { name: urn === "" ? "the stack" : nameOfUrn(urn), type: "" };
}
