import type { Properties, State } from "./events";
import { entriesOf, itemsOf } from "./property-path";

/** Under this key the engine says what kind of value an object stands for, and with this value that it is a secret. */
const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

/** What is shown in a secret's place, here and by the engine. */
export const hidden = "[secret]";

export function isSecret(value: unknown): boolean {
  return (
    value === hidden || (typeof value === "object" && value !== null && Reflect.get(value, signature) === secretMark)
  );
}

/** Longer ones are hidden piece by piece. */
const longest = 500;

/** Shorter than this, a text occurs by chance, and is hidden only where it was a secret itself. */
const shortest = 6;

/**
 * The values that are marked as secret on one side of a change and not on the other, such as those of a property that was
 * plain until now. They may be anywhere in clear, so they are hidden wherever they occur.
 */
export function secretsInClear(changes: Iterable<{ readonly old?: State; readonly new?: State }>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { old, new: fresh } of changes) {
    if (old === undefined || fresh === undefined) continue;
    compare(old.inputs, fresh.inputs, found);
    compare(old.outputs, fresh.outputs, found);
    compare(old.outputs, fresh.inputs, found);
  }
  return found;
}

function compare(a: unknown, b: unknown, found: Set<string>): void {
  if (isSecret(a) || isSecret(b)) {
    if (!isSecret(a)) collect(a, found);
    if (!isSecret(b)) collect(b, found);
  } else if (Array.isArray(a) && Array.isArray(b)) {
    compareLists(a, b, found);
  } else {
    const others = new Map(entriesOf(b));
    for (const [key, value] of entriesOf(a)) if (others.has(key)) compare(value, others.get(key), found);
  }
}

/** Lists move their items about: those with names are compared by name, and where one is secret, all that went may be it. */
function compareLists(a: readonly unknown[], b: readonly unknown[], found: Set<string>): void {
  if ([...a, ...b].some(isSecret)) {
    const kept = (list: readonly unknown[]) => new Set(list.map((item) => JSON.stringify(item)));
    for (const [from, to] of [[a, kept(b)] as const, [b, kept(a)] as const])
      for (const item of from) if (!isSecret(item) && !to.has(JSON.stringify(item))) collect(item, found);
    return;
  }
  const named = new Map(b.flatMap((item) => (nameOf(item) === undefined ? [] : [[nameOf(item), item] as const])));
  a.forEach((item, index) => {
    const name = nameOf(item);
    compare(item, name === undefined ? b[index] : named.get(name), found);
  });
}

/** The name that an item of a list has beside its value, as variables of a container do. */
export function nameOf(item: unknown): string | undefined {
  const fields: Properties = Object.fromEntries(entriesOf(item));
  const name = fields["name"] ?? fields["key"] ?? fields["label"];
  return typeof name === "string" ? name : undefined;
}

function piecesOf(text: string): readonly string[] {
  const whole = text.trim();
  const count = Math.ceil(whole.length / longest);
  return Array.from({ length: count }, (_, index) => whole.slice(index * longest, (index + 1) * longest).trim());
}

/** Every text in a value, those after `NAME=` without their name, and lines of their own where there are several. */
function collect(value: unknown, found: Set<string>): void {
  if (typeof value === "string" || typeof value === "number") {
    const text = String(value);
    const afterName = /^[A-Za-z_][A-Za-z0-9_.-]*=(.*)$/s.exec(text)?.[1];
    const lines = text.split("\n").filter((line) => line.length > 2 * shortest);
    for (const part of [text, afterName ?? "", ...lines].flatMap(piecesOf))
      if (part.length >= shortest) found.add(part);
    return;
  }
  for (const item of itemsOf(value)) collect(item, found);
  for (const [, item] of entriesOf(value)) collect(item, found);
}
