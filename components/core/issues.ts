import { z } from "zod";
import { oneOf, type Problem, suggest } from "./errors";
import type { Problems } from "./problems";

/** Parses what somebody wrote; when it does not fit, adds every problem and gives back nothing. */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  path: string,
  problems: Problems,
): z.output<Schema> | undefined {
  const parsed = schema.safeParse(input);
  if (parsed.success) {
    const dropped = droppedKey(input, []);
    if (dropped === undefined) return parsed.data;
    problems.add(joinPath(path, dropped), "is not a valid name", "leave it out");
    return undefined;
  }
  problems.addAll(problemsOf(parsed.error, input, path, schema));
  return undefined;
}

/** Translates zod's issues into problems; an unknown name is answered by the nearest one that the schema knows. */
function problemsOf(error: z.ZodError, input: unknown, prefix: string, schema: z.ZodType): Problem[] {
  return error.issues.flatMap((issue) => issueProblems(issue, { input, prefix, schema }));
}

/** Marks a schema whose input may be a secret in clear: its problems say of what type the input is, not what it is. */
export const confidential = { confidential: true };

interface Source {
  readonly input: unknown;
  readonly prefix: string;
  readonly schema: z.ZodType;
}

function issueProblems(issue: z.core.$ZodIssue, source: Source): Problem[] {
  const path = joinPath(source.prefix, issue.path);
  const value = valueAt(source.input, issue.path);
  const given = describe(value);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, issue.path, source));
    case "invalid_key":
      return [{ path, given: "is not a valid name", remedy: issue.issues.map((inner) => inner.message).join(", ") }];
    case "invalid_union": {
      const meant = meantBranch(issue.errors);
      if (meant === undefined) {
        const types = [...new Set(issue.errors.flatMap(expectedTypes))];
        return [{ path, given: typeOf(value), remedy: `${verb(value)} ${types.join(" or ")}` }];
      }
      return meant.flatMap((inner) => issueProblems({ ...inner, path: [...issue.path, ...inner.path] }, source));
    }
    case "invalid_value":
      return [{ path, given, remedy: oneOf(issue.values.map(String)) }];
    case "too_small":
      return [{ path, given, remedy: lowerBound(issue) }];
    case "too_big":
      return [{ path, given, remedy: upperBound(issue) }];
    case "invalid_type":
      return [{ path, given, remedy: `${verb(value)} ${typeName(issue.expected)}` }];
    case "custom":
      return [{ path, given: issue.params?.["confidential"] === true ? typeOf(value) : given, remedy: issue.message }];
    default:
      // The library's own words, where the schema has none.
      return [{ path, given, remedy: issue.message.replace(/^Invalid /, "use a valid ") }];
  }
}

function unknownKey(key: string, at: readonly PropertyKey[], { prefix, schema }: Source): Problem {
  const path = joinPath(prefix, [...at, key]);
  const known = keysAt(schema, at);
  return known.includes(key)
    ? { path, given: "belongs to another form than its neighbours", remedy: "leave it out, or leave them out" }
    : { path, given: "is not a known name", remedy: suggest(key, known) };
}

/** The names that a schema allows at a path; for a union, those of all its branches. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [head, ...rest] = path;
  const { def } = schema._zod;
  if ("innerType" in def) return keysAt(def.innerType as z.core.$ZodType, path);
  if (schema instanceof z.ZodPipe) return keysAt(schema.in, path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => keysAt(option, path));
  if (schema instanceof z.ZodRecord)
    return head === undefined ? [...(schema.keyType._zod.values ?? [])].map(String) : keysAt(schema.valueType, rest);
  if (schema instanceof z.ZodArray) return head === undefined ? [] : keysAt(schema.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  if (head === undefined) return Object.keys(schema.shape);
  const next: unknown = schema.shape[String(head)];
  return next instanceof z.core.$ZodType ? keysAt(next, rest) : [];
}

type Issues = readonly z.core.$ZodIssue[];

/** Of the branches of a union, the one that the writer most likely meant: the one with the fewest faults at the top. */
function meantBranch(branches: readonly Issues[]): Issues | undefined {
  const faults = (issues: Issues): number =>
    issues.filter(({ code, path }) => path.length === 0 || (code === "invalid_type" && path.length === 1)).length;
  const [best] = branches.filter((issues) => !issues.some(isWrongType)).sort((a, b) => faults(a) - faults(b));
  return best;
}

const isWrongType = ({ code, path }: z.core.$ZodIssue): boolean => code === "invalid_type" && path.length === 0;

function expectedTypes(issues: Issues): readonly string[] {
  return issues.flatMap((issue) => (issue.code === "invalid_type" ? [typeName(issue.expected)] : []));
}

function joinPath(prefix: string, path: readonly PropertyKey[]): string {
  return [prefix, ...path.map(String)].filter((part) => part !== "").join(".");
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

/** Where an input has a key named `__proto__`, which zod's records drop without a word. */
function droppedKey(input: unknown, path: readonly string[]): readonly string[] | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  if (Object.hasOwn(input, "__proto__")) return [...path, "__proto__"];
  for (const [key, value] of Object.entries(input)) {
    const found = droppedKey(value, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function lowerBound({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): string {
  if (origin === "number" || origin === "int")
    return `use ${inclusive === false ? "more than" : "at least"} ${minimum}`;
  return origin === "array" ? `give at least ${minimum}` : "give a text that is not empty";
}

function upperBound({ origin, maximum, inclusive }: z.core.$ZodIssueTooBig): string {
  const unit = origin === "string" ? " characters" : "";
  return `use ${inclusive === false ? "less than" : "at most"} ${maximum}${unit}`;
}

const verb = (value: unknown): string => (value === undefined ? "give" : "use");

const typeNames: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "a string",
};

const typeName = (type: string): string => typeNames[type] ?? `a value of type ${type}`;

const longestShown = 80;

function describe(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return `is ${value}`;
  if (typeof value !== "string") return typeOf(value);
  return `is ${JSON.stringify(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value)}`;
}

function typeOf(value: unknown): string {
  if (value === undefined) return "is missing";
  if (value === null) return "is null";
  if (Array.isArray(value)) return value.length === 0 ? "is an empty list" : "is a list";
  return `is ${typeName(typeof value)}`;
}
