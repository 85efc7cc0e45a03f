/** A value that a preview does not know yet. It equals nothing: neither "is wrong" nor "is missing" holds of it. */
export const pending: unique symbol = Symbol("known when it is deployed");
export type Pending = typeof pending;
export type Maybe<Value> = Value | Pending;

export type PlainRecord = Readonly<Record<string, unknown>>;

export function isRecord(data: unknown): data is PlainRecord {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

/** What is at a path of plain data; `undefined` where a step of it is missing or null. */
export function at(data: unknown, ...path: readonly string[]): unknown {
  let here = data;
  for (const key of path) {
    if (here === pending) return pending;
    here = isRecord(here) ? here[key] : undefined;
  }
  return here ?? undefined;
}

/** A text, or what is written like one. An empty one counts as missing, as providers fill it in for what is not set. */
export function textAt(data: unknown, ...path: readonly string[]): Maybe<string> | undefined {
  const found = at(data, ...path);
  if (found === pending) return pending;
  return typeof found === "string" || typeof found === "number" || typeof found === "boolean"
    ? String(found) || undefined
    : undefined;
}

export function flagAt(data: unknown, ...path: readonly string[]): Maybe<boolean> | undefined {
  const found = at(data, ...path);
  if (found === pending || typeof found === "boolean") return found;
  return undefined;
}

/** A number, or a text of digits. */
export function numberAt(data: unknown, ...path: readonly string[]): Maybe<number> | undefined {
  const found = at(data, ...path);
  if (found === pending || typeof found === "number") return found;
  return typeof found === "string" && /^-?\d+(\.\d+)?$/.test(found) ? Number(found) : undefined;
}

/** The elements of a list that are known; none where the list is missing or not known itself. */
export function itemsAt(data: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(data, ...path);
  return Array.isArray(found) ? found.filter((item) => item !== pending && item !== null) : [];
}

/** The texts of a list, for what must not be in it: those not known are left out. */
export function textsAt(data: unknown, ...path: readonly string[]): readonly string[] {
  return itemsAt(data, ...path).filter((item) => typeof item === "string");
}

/** The texts of a list, for what must be in it: as long as one of them is not known, none can be said to be missing. */
export function allTextsAt(data: unknown, ...path: readonly string[]): Maybe<readonly string[]> {
  const found = at(data, ...path);
  if (found === pending || (Array.isArray(found) && found.includes(pending))) return pending;
  return textsAt(data, ...path);
}

/** The value as a list of one, or of none where it is missing or not known. */
export function known<Value>(value: Maybe<Value> | undefined): readonly Value[] {
  return value === undefined || value === pending ? [] : [value];
}

/** Whether something is missing from a list whose elements are all known. */
export function isWithout(list: Maybe<readonly string[]>, wanted: string): boolean {
  return list !== pending && !list.includes(wanted);
}

export function recordAt(data: unknown, ...path: readonly string[]): PlainRecord {
  const found = at(data, ...path);
  return isRecord(found) ? found : {};
}

/** The entries of a record whose values are known texts. */
export function textEntriesAt(data: unknown, ...path: readonly string[]): readonly [string, string][] {
  return Object.keys(recordAt(data, ...path)).flatMap((key) =>
    known(textAt(data, ...path, key)).map((value): [string, string] => [key, value]),
  );
}

/** Whether nothing says so: what is not known may. */
export function lacks(flag: Maybe<boolean> | undefined): boolean {
  return flag === undefined || flag === false;
}

/** What was said nearer, else what was said further away. */
export function nearest<Value>(near: Value | undefined, far: Value | undefined): Value | undefined {
  return near === undefined ? far : near;
}

/** Whether some part of it is not known. */
export function hasPending(data: unknown): boolean {
  if (data === pending) return true;
  return typeof data === "object" && data !== null && Object.values(data).some(hasPending);
}
