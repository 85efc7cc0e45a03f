export type Path = readonly (string | number)[];

/** The steps of a property's path as the engine writes it, such as `spec.containers[0]["a.b"]`. */
export function parsePath(path: string): Path {
  const parts = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, name]) =>
    index === undefined ? (name ?? (quoted ?? "").replace(/\\(.)/g, "$1")) : Number(index),
  );
}

/** The values on the way along a path, the root first; it ends early where there is nothing more. */
export function valuesAlong(root: unknown, path: Path): readonly unknown[] {
  const values = [root];
  for (const key of path) {
    const here = values.at(-1);
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, key)) break;
    values.push(Reflect.get(here, key));
  }
  return values;
}

/** The value at a path, or undefined. */
export function valueAt(root: unknown, path: Path): unknown {
  const values = valuesAlong(root, path);
  return values.length === path.length + 1 ? values.at(-1) : undefined;
}

/** The text or the number at a path, as text. */
export function textAt(root: unknown, path: Path): string | undefined {
  const value = valueAt(root, path);
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** The entries of what may be an object; none of anything else. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

/** The items of what may be a list; none of anything else. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
