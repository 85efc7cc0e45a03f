import type { Cause, Change, Place, StackReport } from "../schema";
import { code } from "./markdown";

/** Something of a stack, where all stacks are listed together. */
export type Located<Item> = Item & { readonly stack: string };

/**
 * The items of every stack with the stack's name, by rank where one is given. A stack with many comes after one with few,
 * so that where there is no room for all, every stack is there.
 */
export function located<Item>(
  stacks: readonly StackReport[],
  items: (stack: StackReport) => readonly Item[],
  rank: (item: Item) => number = () => 0,
): readonly Located<Item>[] {
  const groups = stacks.map((stack) => items(stack).map((item) => ({ ...item, stack: stack.stack })));
  return groups
    .sort((a, b) => a.length - b.length)
    .flat()
    .sort((a, b) => rank(a) - rank(b));
}

/** `dev/shop/web`; parts that are absent are left out. */
export function whereOf({ stack, system, service }: Place & { readonly stack?: string }): string {
  return [stack, system, service === system ? undefined : service].filter((part) => part !== undefined).join("/");
}

/** The last part of a type's token: `Container`, `Secret`. */
export function typeName(type: string): string {
  return type.split(":").at(-1) ?? type;
}

/** A property and its values: `image` (`a:1` → `a:2`). */
export function causeText({ path, old, new: fresh, secret }: Cause): string {
  if (secret === true) return `${code(path)} (a secret)`;
  if (old === undefined && fresh === undefined) return code(path);
  if (old === undefined) return `${code(path)} (+ ${valueText(fresh ?? "")})`;
  if (fresh === undefined) return `${code(path)} (- ${valueText(old)})`;
  return `${code(path)} (${valueText(old)} → ${valueText(fresh)})`;
}

/** Of a digest so much is shown that it cannot be another's by chance. */
function valueText(value: string): string {
  return code(value.replace(/(sha256:[0-9a-f]{16})[0-9a-f]{48}/g, "$1…"), 80);
}

const causesShown = 4;

/** Why a resource is changed: its properties, or what is said in their place. */
export function reasonsOf({ causes, because, kind }: Pick<Change, "causes" | "because" | "kind">): string {
  const decisive = causes.filter(({ replaces }) => replaces || kind !== "replace");
  const listed = decisive.length > 0 ? decisive : causes;
  if (listed.length === 0) return because === undefined ? "" : code(because, 160);
  const rest = listed.length - causesShown;
  return [...listed.slice(0, causesShown).map(causeText), ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
}

/** `5 s to 90 s`, `none`. */
export function secondsText(range: { readonly least: number; readonly most: number } | undefined): string {
  if (range === undefined) return "not known";
  const { least, most } = range;
  if (most === 0) return "none";
  if (least === most) return `${most} s`;
  return least === 0 ? `up to ${most} s` : `${least} s to ${most} s`;
}

/** `- 3 more`, or what follows the number. */
export const moreOf =
  (what: string) =>
  (count: number): string =>
    `- … and ${count} more ${what}`;
