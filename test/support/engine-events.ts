import { isDeepStrictEqual } from "node:util";

/** A resource as a preview of one moment knows it. */
export interface Item {
  readonly type: string;
  readonly name: string;
  /** Type and name of the component above it. @default - the stack */
  readonly parent?: Pick<Item, "type" | "name"> | undefined;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Whether it is a component. @default false */
  readonly component?: boolean;
  readonly retainOnDelete?: boolean;
  /** Whether what differs has it replaced. @default - on Docker always, elsewhere never */
  readonly replaces?: boolean;
}

/** A secret as the engine writes it. */
export const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};

const root = { type: "pulumi:pulumi:Stack", name: "shop-dev" };

export const urnOf = ({ type, name }: Pick<Item, "type" | "name">): string => `urn:pulumi:dev::shop::${type}::${name}`;

/** The events of a preview that makes the one state of the other, in the order and the form in which the engine sends them. */
export function previewEvents(before: readonly Item[], after: readonly Item[]): readonly object[] {
  const old = new Map(before.map((item) => [urnOf(item), item]));
  const fresh = new Map(after.map((item) => [urnOf(item), item]));
  const isFirst = before.length === 0;
  const stack: Item = { ...root, component: true, inputs: {} };
  return [
    { preludeEvent: { config: {} } },
    ...stepEvents(isFirst ? undefined : stack, stack),
    ...after.flatMap((item) => stepEvents(old.get(urnOf(item)), item)),
    ...before.filter((item) => !fresh.has(urnOf(item))).flatMap((item) => stepEvents(item, undefined)),
    { summaryEvent: { maybeCorrupt: false, durationSeconds: 3, resourceChanges: {}, isPreview: true } },
    { cancelEvent: {} },
  ].map((event, sequence) => ({ sequence, timestamp: 1_700_000_000, ...event }));
}

function stepEvents(old: Item | undefined, fresh: Item | undefined): readonly object[] {
  const item = fresh ?? old;
  if (item === undefined) return [];
  const diff = old !== undefined && fresh !== undefined ? differences(old, fresh) : {};
  const changed = Object.keys(diff).length > 0;
  const replaced = Object.values(diff).some(({ diffKind }) => diffKind.endsWith("-replace"));
  const kind = old === undefined ? "create" : fresh === undefined ? "delete" : replaced ? "replace" : "update";
  const ops = kind === "update" && !changed ? ["same"] : (stepsOf[kind] ?? [kind]);
  return ops.flatMap((op) => {
    const metadata = (outputs: boolean) => ({
      ...{ op, urn: urnOf(item), type: item.type, provider: "" },
      old: old === undefined ? null : stateOf(old, true),
      new: fresh === undefined || op === "delete-replaced" ? null : stateOf(fresh, outputs),
      detailedDiff: changed && op !== "delete-replaced" ? diff : null,
    });
    return [{ resourcePreEvent: { metadata: metadata(false) } }, { resOutputsEvent: { metadata: metadata(true) } }];
  });
}

const stepsOf: Readonly<Record<string, readonly string[]>> = {
  replace: ["delete-replaced", "replace", "create-replacement"],
};

function stateOf(item: Item, outputs: boolean): object {
  return {
    ...{ type: item.type, urn: urnOf(item), id: "", provider: "" },
    parent: item.name === root.name ? "" : urnOf(item.parent ?? root),
    inputs: item.inputs,
    outputs: outputs ? (item.outputs ?? item.inputs) : {},
    // what is false is left out
    ...(item.component === true ? {} : { custom: true }),
    ...(item.retainOnDelete === true ? { retainOnDelete: true } : {}),
  };
}

type Diff = Record<string, { readonly diffKind: string; readonly inputDiff: boolean }>;

function differences(old: Item, fresh: Item): Diff {
  if (fresh.component === true) return {};
  const replaces = fresh.replaces ?? fresh.type.startsWith("docker:");
  const diff: Diff = {};
  compare(old.inputs, fresh.inputs, "", (path, kind) => {
    diff[path] = { diffKind: replaces ? `${kind}-replace` : kind, inputDiff: true };
  });
  return diff;
}

type Note = (path: string, kind: "add" | "delete" | "update") => void;

function compare(a: unknown, b: unknown, path: string, note: Note): void {
  if (isDeepStrictEqual(a, b)) return;
  if (a === undefined) note(path, "add");
  else if (b === undefined) note(path, "delete");
  else if (!isPlain(a) || !isPlain(b) || Array.isArray(a) !== Array.isArray(b)) note(path, "update");
  else
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
      compare(a[key], b[key], below(path, key, a), note);
}

function below(path: string, key: string, container: object): string {
  if (Array.isArray(container)) return `${path}[${key}]`;
  if (!/^\w+$/.test(key)) return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !("ciphertext" in value);
