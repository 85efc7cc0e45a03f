import { isDeepStrictEqual } from "node:util";
import { type Difference, hidden } from "./finding";
import { quantity } from "./quantity";
import { Secret } from "./state";

/** Fields by which the API tells the items of a list apart, those of the most special lists first. */
const identities = ["mountPath", "containerPort", "port", "topologyKey", "ip", "name", "key"] as const;

type Item = Readonly<Record<string, unknown>>;

/**
 * What of a described value is otherwise in a real one. The real one may have more: defaults, what controllers add. Items of
 * lists are matched by what names them, others by their places.
 */
export function differences(made: unknown, found: unknown, path = ""): readonly Difference[] {
  if (made instanceof Secret) return isDeepStrictEqual(made.value, found) ? [] : [difference(path, made, found)];
  if (Array.isArray(made)) return listDifferences(made, found, path);
  if (isItem(made)) {
    if (!isItem(found)) return Object.keys(made).length === 0 ? [] : [difference(path, made, found)];
    const described = Object.entries(made).filter(([, value]) => value !== undefined);
    return described.flatMap(([key, value]) => differences(value, found[key], under(path, key)));
  }
  return same(made, found) ? [] : [difference(path, made, found)];
}

function listDifferences(made: readonly unknown[], found: unknown, path: string): readonly Difference[] {
  if (!Array.isArray(found)) return made.length === 0 ? [] : [difference(path, made, found)];
  const identity = identityOf(made, found);
  if (identity === undefined) {
    if (made.length !== found.length) return [difference(path, made, found)];
    return made.flatMap((item, index) => differences(item, found[index], `${path}[${index}]`));
  }
  return made.flatMap((item) => {
    const twin: unknown = found.find((other) => identity(item) === identity(other));
    return twin === undefined
      ? [difference(`${path}[${identity(item)}]`, item, undefined)]
      : differences(item, twin, `${path}[${identity(item)}]`);
  });
}

/** What tells the items of each list apart, if anything does. */
function identityOf(...lists: readonly (readonly unknown[])[]): ((item: unknown) => string) | undefined {
  const field = identities.find((key) =>
    lists.every((items) => {
      const ids = items.flatMap((item) => (isItem(item) && key in item ? [String(plain(item[key]))] : []));
      return ids.length === items.length && new Set(ids).size === ids.length;
    }),
  );
  if (field === undefined || lists.every((items) => items.length === 0)) return undefined;
  return (item) => String(isItem(item) ? plain(item[field]) : undefined);
}

/** All that is in a value, by path. */
export function flattened(value: unknown, path = ""): ReadonlyMap<string, unknown> {
  const inner: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((item: unknown, index) => [`${path}[${identityOf(value)?.(item) ?? index}]`, item])
    : isItem(value)
      ? Object.entries(value).map(([key, each]) => [under(path, key), each])
      : [];
  return new Map([[path, value], ...inner.flatMap(([at, each]) => [...flattened(each, at)])]);
}

export function difference(path: string, made: unknown, found: unknown): Difference {
  const secret = holdsSecret(made) || holdsSecret(found);
  return { path, made: shown(made, secret), found: shown(found, secret) };
}

/** A value as it is written, or that it is none of anybody's business. */
function shown(value: unknown, secret: boolean): string | undefined {
  if (value === undefined || value === null) return undefined;
  return secret ? hidden : JSON.stringify(plain(value));
}

function holdsSecret(value: unknown): boolean {
  if (value instanceof Secret) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

function plain(value: unknown): unknown {
  return value instanceof Secret ? value.value : value;
}

/** Whether two plain values mean the same: the API leaves out what is false, 0 or empty, and writes amounts in its own way. */
function same(made: unknown, found: unknown): boolean {
  if (isDeepStrictEqual(made, found) || (!made && (found === undefined || found === null))) return true;
  const [size, real] = [quantity(made), quantity(found)];
  return size !== undefined && size === real;
}

function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Secret);
}

/** Keys with dots are bracketed, as in `metadata.labels[app.kubernetes.io/name]`. */
export function under(path: string, key: string): string {
  if (key.includes(".") || key.includes("/")) return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}
