import type { Properties, State } from "./events";
import { type Path, parsePath, valueAt, valuesAlong } from "./property-path";
import { isSecretName, type Redact } from "./redact";
import type { Difference, Resource } from "./resource";
import type { Cause } from "./schema";
import { isSecret, nameOf } from "./secrets";

/** The properties that differ, those first for which the resource is replaced. Values of secrets are left out on both sides. */
export function causesOf({ diff, old, new: fresh }: Resource, redact: Redact): readonly Cause[] {
  const sides = { old, new: fresh };
  const causes = diff.map((difference) => causeOf(difference, sides, redact));
  return [...causes.filter(({ replaces }) => replaces), ...causes.filter(({ replaces }) => !replaces)];
}

interface States {
  readonly old: State | undefined;
  readonly new: State | undefined;
}

function causeOf({ path, change, replaces, ofInputs }: Difference, states: States, redact: Redact): Cause {
  const steps = parsePath(path);
  const before = (ofInputs ? undefined : read(states.old?.outputs, steps)) ?? read(states.old?.inputs, steps);
  const after = read(states.new?.inputs, steps) ?? read(states.new?.outputs, steps);
  // what is added has no old value, though a list may have had another item in its place
  const values = [change === "add" ? undefined : before, change === "delete" ? undefined : after] as const;
  return { path, change, replaces, ...shown(steps, states, values, redact) };
}

function read(side: Properties | undefined, path: Path): unknown {
  return valueAt(side, path) ?? undefined;
}

function shown(path: Path, states: States, [before, after]: readonly [unknown, unknown], redact: Redact) {
  if (isSecretAt(path, states)) return { secret: true };
  const values = { old: display(before), new: display(after) };
  // what is hidden on one side may be the other's beginning or end
  const secret = [values.old, values.new].some((value) => value !== undefined && redact(value) !== value);
  return secret ? { secret } : values;
}

/**
 * Whether the engine marks it, or something around it, as secret in any state of it, or it has the name of a secret: as a
 * property, or as the value beside a name.
 */
function isSecretAt(path: Path, { old, new: fresh }: States): boolean {
  if (path.some((step) => typeof step === "string" && isSecretName(step))) return true;
  return [old?.inputs, old?.outputs, fresh?.inputs, fresh?.outputs].some((root) => {
    const values = valuesAlong(root, path);
    const named = path.at(-1) === "value" ? nameOf(values.at(-2)) : undefined;
    return values.some(isSecret) || (named !== undefined && isSecretName(named));
  });
}

/** What the engine writes for values that only the deployment will know, one for each type. */
const unknowns = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A short text for a value; of lists, objects and long texts there is none, or no more than their size. */
function display(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return undefined;
  if (unknowns.has(value)) return "known after the deployment";
  const lines = value.trimEnd().split("\n").length;
  return lines > 1 ? `text of ${lines} lines` : value;
}
