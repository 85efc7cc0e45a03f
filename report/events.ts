import { z } from "zod";

// The engine writes null where something is absent, and leaves out what is false or empty.
const properties = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((given) => given ?? {});
const names = z
  .array(z.string())
  .nullish()
  .transform((given) => given ?? []);
const text = z.string().default("");
const flag = z.boolean().default(false);

const state = z.object({
  type: z.string(),
  urn: z.string(),
  custom: flag,
  parent: text,
  retainOnDelete: flag,
  inputs: properties,
  outputs: properties,
});

const step = z.object({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  old: state.nullish(),
  new: state.nullish(),
  keys: names,
  diffs: names,
  detailedDiff: z.record(z.string(), z.object({ diffKind: z.string(), inputDiff: flag })).nullish(),
});

const policy = { resourceUrn: text, policyName: z.string(), policyPackName: text };

/** The events of Pulumi's engine that a report is made of, and of them the fields that it reads. */
const engineEvent = z.object({
  resourcePreEvent: z.object({ metadata: step }).optional(),
  resOutputsEvent: z.object({ metadata: step }).optional(),
  diagnosticEvent: z.object({ urn: text, message: z.string(), severity: z.string() }).optional(),
  errorEvent: z.object({ error: z.string() }).optional(),
  policyEvent: z.object({ ...policy, message: z.string(), enforcementLevel: z.string(), severity: text }).optional(),
  policyRemediationEvent: z.object({ ...policy, before: properties, after: properties }).optional(),
  summaryEvent: z.object({ durationSeconds: z.number() }).optional(),
});

export type EngineEvent = z.output<typeof engineEvent>;
export type Step = z.output<typeof step>;
export type State = z.output<typeof state>;
export type Properties = State["inputs"];

/** What one stack's preview gave: events as they came, and how it ended. */
export interface Collected {
  readonly stack: string;
  readonly events: readonly unknown[];
  /** Why the command failed, in its own words; absent when it did not. */
  readonly failure?: string;
}

/** Reads events; one that has another form than the engine's is an error of the preview, and not left out in silence. */
export function readEvents(raw: readonly unknown[]): {
  readonly events: readonly EngineEvent[];
  readonly unreadable: readonly string[];
} {
  const events: EngineEvent[] = [];
  const unreadable: string[] = [];
  for (const each of raw) {
    const parsed = engineEvent.safeParse(each);
    if (parsed.success) events.push(parsed.data);
    else unreadable.push(`an event of the engine cannot be read: ${z.prettifyError(parsed.error)}`);
  }
  return { events, unreadable };
}

/** Text without the marks for colours that the engine and the command line put into it. */
export function plainText(given: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the marks begin with one
  return given.replace(/<\{%.*?%\}>|\u001b\[[0-9;]*[A-Za-z]/g, "").trim();
}
