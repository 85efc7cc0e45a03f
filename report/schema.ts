import { z } from "zod";

const count = z.int().min(0);

/** What happens to a resource, as far as a reader tells them apart. */
export const kinds = ["delete", "replace", "create", "import", "update", "same"] as const;
export type Kind = (typeof kinds)[number];

const counts = z.strictObject({
  delete: count,
  replace: count,
  create: count,
  import: count,
  update: count,
  same: count,
});
export type Counts = z.output<typeof counts>;

/** Whose a resource is: absent parts belong to the system as a whole, or to the stack. */
const place = { system: z.string().optional(), service: z.string().optional() };
const placed = z.strictObject(place);
export type Place = z.output<typeof placed>;

const resource = { ...place, name: z.string(), type: z.string() };

/** A property that is why something happens. Values are short texts; those of secrets are never here. */
const cause = z.strictObject({
  path: z.string(),
  change: z.enum(["add", "delete", "update"]),
  /** Whether it is why the resource is replaced. */
  replaces: z.boolean(),
  old: z.string().optional(),
  new: z.string().optional(),
  /** Whether it is, was or looks like a secret. */
  secret: z.boolean().optional(),
});
export type Cause = z.output<typeof cause>;

const change = z.strictObject({
  ...resource,
  kind: z.enum(kinds),
  causes: z.array(cause),
  /** Where no property is: why it is deleted or replaced all the same. */
  because: z.string().optional(),
  /** Whether the thing itself stays when it leaves the stack. */
  stays: z.boolean().optional(),
  /** Whether nothing but a process is lost with it: a container, a workload. */
  restart: z.boolean().optional(),
});
export type Change = z.output<typeof change>;

const dataRisk = z.strictObject({
  ...resource,
  kind: z.enum(["delete", "replace"]),
  loss: z.enum(["lost", "stays"]),
  because: z.string(),
  /** Who approved it, in the words of the settings. */
  approved: z.string().optional(),
});
export type DataRisk = z.output<typeof dataRisk>;

const exposure = z.strictObject({
  ...resource,
  /** Who can reach it by this: everybody, other machines, other services, or the machine itself. */
  to: z.enum(["anyone", "network", "services", "machine"]),
  what: z.string(),
  /** The property that says so. */
  path: z.string(),
});
export type Exposure = z.output<typeof exposure>;

const imageChange = z.strictObject({
  ...place,
  old: z.string(),
  new: z.string(),
  /** Digest, where the state or the reference has it. */
  oldDigest: z.string().optional(),
  newDigest: z.string().optional(),
});
export type ImageChange = z.output<typeof imageChange>;

const restart = z.strictObject({
  ...place,
  /** Services with the same number restart together, after those with a lower one. */
  step: z.int().min(1),
  /** Seconds without an answer; absent where nothing is known of the service's timing. */
  pauseSeconds: z.strictObject({ least: z.number(), most: z.number() }).optional(),
  how: z.enum(["stopFirst", "goesFirst", "startFirst", "someAtATime", "nodeByNode", "runsAgain", "nextRun"]),
  /** How many copies stop at a time, and how many there are. */
  copies: z.tuple([count, count]).optional(),
});
export type Restart = z.output<typeof restart>;

const plainSecret = z.strictObject({ ...resource, path: z.string() });
export type PlainSecret = z.output<typeof plainSecret>;

export const severities = ["critical", "high", "medium", "low"] as const;

const violation = z.strictObject({
  ...resource,
  policy: z.string(),
  pack: z.string(),
  level: z.enum(["mandatory", "advisory"]),
  severity: z.enum(severities).optional(),
  message: z.string(),
  /** Whether it was there before this change. */
  present: z.boolean(),
});
export type Violation = z.output<typeof violation>;

const remediation = z.strictObject({ ...resource, policy: z.string(), pack: z.string(), causes: z.array(cause) });
export type Remediation = z.output<typeof remediation>;

const gap = z.strictObject({
  ...place,
  feature: z.string(),
  level: z.enum(["approximated", "unsupported", "omitted"]),
  because: z.string(),
});
export type ParityGap = z.output<typeof gap>;

/** What the copies of a service ask for together, at least and at most. */
const amounts = z.strictObject({
  replicas: z.tuple([z.number(), z.number()]),
  cpuMillis: z.tuple([z.number(), z.number()]),
  memoryMiB: z.tuple([z.number(), z.number()]),
  storageMiB: z.number(),
});
export type Amounts = z.output<typeof amounts>;

const resourceDelta = z.strictObject({ ...place, old: amounts.optional(), new: amounts.optional() });
export type ResourceDelta = z.output<typeof resourceDelta>;

const stackReport = z.strictObject({
  stack: z.string(),
  target: z.string().optional(),
  /** `refused`: nothing but mandatory policies speaks against it. */
  result: z.enum(["succeeded", "refused", "failed"]),
  /** Whether nothing of it is deployed yet. */
  first: z.boolean(),
  seconds: z.number(),
  errors: z.array(z.string()),
  warnings: z.array(z.string()),
  counts,
  places: z.array(z.strictObject({ ...place, counts })),
  changes: z.array(change),
  data: z.array(dataRisk),
  exposures: z.array(exposure),
  images: z.array(imageChange),
  restarts: z.array(restart),
  /** Values of what changes that look like secrets and are not marked as such. */
  plainSecrets: z.array(plainSecret),
  violations: z.array(violation),
  remediations: z.array(remediation),
  parity: z.strictObject({ added: z.array(gap), gone: z.array(gap), total: count }),
  resources: z.array(resourceDelta),
});
export type StackReport = z.output<typeof stackReport>;

export const gateNames = [
  "preview",
  "dataLoss",
  "mandatoryPolicy",
  "advisoryPolicy",
  "exposure",
  "parity",
  "plainSecret",
] as const;
export type GateName = (typeof gateNames)[number];

const gate = z.strictObject({ gate: z.enum(gateNames), action: z.enum(["fail", "show"]), found: count });
export type Gate = z.output<typeof gate>;

export const schemaVersion = 1;

/** What `report.json` holds. A change that readers would not understand raises `version`. */
export const reportSchema = z.strictObject({
  version: z.literal(schemaVersion),
  project: z.string(),
  createdAt: z.iso.datetime().max(40),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/)
    .optional(),
  runUrl: z
    .string()
    .regex(/^https:\/\/[^\s()<>[\]"'`|\\]+$/)
    .max(500)
    .optional(),
  verdict: z.enum(["passed", "blocked", "failed"]),
  gates: z.array(gate).max(gateNames.length),
  stacks: z.array(stackReport),
});
export type Report = z.output<typeof reportSchema>;

/** The words that the format itself has as values. */
export const formatWords: ReadonlySet<unknown> = new Set(
  JSON.stringify(z.toJSONSchema(reportSchema))
    .match(/"enum":\[[^\]]*\]/g)
    ?.flatMap((found) => z.object({ enum: z.array(z.string()) }).parse(JSON.parse(`{${found}}`)).enum),
);
