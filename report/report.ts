import { deltasOf } from "./amounts";
import { changesOf, countsByPlace, countsOf } from "./changes";
import { dataAtRisk } from "./data-at-risk";
import { type Collected, type EngineEvent, plainText, readEvents } from "./events";
import { exposuresOf } from "./exposure";
import { gatesOf, verdictOf } from "./gates";
import { imagesOf } from "./images";
import { described } from "./outline";
import { parityOf } from "./parity";
import { plainSecretsOf } from "./plain-secrets";
import { remediationsOf, violationsIn, violationsOf } from "./policies";
import { redactAll, redactor } from "./redact";
import { resourcesOf } from "./resource";
import { restartsOf } from "./restarts";
import { formatWords, type Report, type StackReport, schemaVersion, type Violation } from "./schema";
import { secretsInClear } from "./secrets";
import type { Settings } from "./settings";

/** What a report says beside the previews. */
export interface Run extends Pick<Report, "project" | "createdAt"> {
  readonly commit?: string | undefined;
  readonly runUrl?: string | undefined;
  readonly settings: Settings;
  /** A report of what the change is to be merged into. */
  readonly base?: Report | undefined;
}

/** The report of these previews. No text in it is, was or looks like a secret. */
export function reportOf(previews: readonly Collected[], { settings, base, ...run }: Run): Report {
  const stacks = previews.map((preview) => stackReport(preview, settings, violationsIn(base, preview.stack)));
  const gates = gatesOf(stacks, settings);
  return { version: schemaVersion, ...run, verdict: verdictOf(gates, stacks), gates, stacks };
}

function stackReport(preview: Collected, settings: Settings, base: readonly Violation[] | undefined): StackReport {
  const { events, unreadable } = readEvents(preview.events);
  const resources = resourcesOf(events);
  const descriptions = described(resources);
  const redact = redactor(secretsInClear(resources.values()));
  const violations = violationsOf(events, resources, descriptions, base);
  const errors = [...messagesOf(events, "error"), ...new Set(unreadable)];
  const [system] = descriptions.systems.values();
  const target = (system?.new ?? system?.old)?.target;
  const report: StackReport = {
    stack: preview.stack,
    ...(target === undefined ? {} : { target }),
    ...outcomeOf(preview, errors, violations),
    first: ![...resources.values()].some(({ old }) => old !== undefined),
    seconds: events.findLast(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent?.durationSeconds ?? 0,
    warnings: messagesOf(events, "warning"),
    counts: countsOf([...resources.values()]),
    places: [...countsByPlace(resources, descriptions)],
    changes: [...changesOf(resources, descriptions, redact)],
    data: [...dataAtRisk(preview.stack, resources, descriptions, settings.approved, redact)],
    exposures: [...exposuresOf(resources, descriptions)],
    images: [...imagesOf(resources, descriptions)],
    restarts: [...restartsOf(resources, descriptions)],
    plainSecrets: [...plainSecretsOf(resources, descriptions)],
    violations: [...violations],
    remediations: [...remediationsOf(events, resources, descriptions, redact)],
    parity: parityOf(descriptions),
    resources: [...deltasOf(descriptions)],
  };
  return redactAll(report, redact, formatWords);
}

function outcomeOf(
  { failure }: Collected,
  errors: readonly string[],
  violations: readonly Violation[],
): Pick<StackReport, "result" | "errors"> {
  if (failure === undefined && errors.length === 0) return { result: "succeeded", errors: [] };
  const refused = errors.length === 0 && violations.some(({ level }) => level === "mandatory");
  if (refused) return { result: "refused", errors: [] };
  return { result: "failed", errors: errors.length > 0 ? [...errors] : [plainText(failure ?? "")] };
}

/** Messages of a severity, each once. Those of policies are events of their own. */
function messagesOf(events: readonly EngineEvent[], severity: "error" | "warning"): string[] {
  const messages = events.flatMap(({ diagnosticEvent, errorEvent }) => [
    ...(diagnosticEvent?.severity === severity ? [plainText(diagnosticEvent.message)] : []),
    ...(errorEvent !== undefined && severity === "error" ? [plainText(errorEvent.error)] : []),
  ]);
  return [...new Set(messages)].filter((message) => message !== "");
}
