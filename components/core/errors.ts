import { z } from "zod";

/** One thing that is wrong in a description or a configuration. */
export interface Problem {
  /** Where: names joined by dots, such as `services.api.ports.http.number`. */
  readonly path: string;
  /** What is wrong with the value that was given there. */
  readonly given: string;
  /** What is allowed, or what to do about it. */
  readonly remedy: string;
}

/** A description or configuration that cannot be used; the message lists every problem, a line each. */
export class DescriptionError extends Error {
  readonly problems: readonly Problem[];

  constructor(subject: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`${subject}: ${count}`, ...problems.map((p) => `  ${p.path}: ${p.given}; ${p.remedy}`)].join("\n"));
    this.name = "DescriptionError";
    this.problems = problems;
  }
}

/** The candidate that a misspelt word most likely meant, or nothing when none is near. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (best === undefined || distance < best.distance) best = { candidate, distance };
  }
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** Says what to write instead of an unknown name: the nearest known one, else all of them. */
export function suggest(word: string, candidates: readonly string[]): string {
  const near = closest(word, candidates);
  if (near !== undefined) return `did you mean ${near}?`;
  return candidates.length === 0 ? "there is none to choose from" : `use one of ${[...candidates].sort().join(", ")}`;
}

/** Translates zod's issues into problems; with the schema, an unknown name is answered by the nearest known one. */
export function problemsOf(error: z.ZodError, input: unknown, prefix: string, schema?: z.ZodType): Problem[] {
  const knownKeys = (path: readonly PropertyKey[]) => (schema === undefined ? [] : keysAt(schema, path));
  return error.issues.flatMap((issue) => issueProblems(issue, input, prefix, knownKeys));
}

/** The names that a schema allows at a path; for a union, those of all its branches. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [head, ...rest] = path;
  const { def } = schema._zod;
  if (def instanceof Object && "innerType" in def) return keysAt(def.innerType as z.core.$ZodType, path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => keysAt(option, path));
  if (schema instanceof z.ZodRecord) return head === undefined ? [] : keysAt(schema.valueType, rest);
  if (schema instanceof z.ZodArray) return head === undefined ? [] : keysAt(schema.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  if (head === undefined) return Object.keys(schema.shape);
  const next: unknown = Reflect.get(schema.shape, head);
  return next instanceof z.core.$ZodType ? keysAt(next, rest) : [];
}

function issueProblems(
  issue: z.core.$ZodIssue,
  input: unknown,
  prefix: string,
  knownKeys: (path: readonly PropertyKey[]) => readonly string[],
): Problem[] {
  const path = joinPath(prefix, issue.path);
  const given = describe(valueAt(input, issue.path));
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: joinPath(prefix, [...issue.path, key]),
        given: "is not a known name",
        remedy: suggest(key, knownKeys(issue.path)),
      }));
    case "invalid_key":
      return [{ path, given: "is not a valid name", remedy: issue.issues.map((inner) => inner.message).join(", ") }];
    case "invalid_union": {
      const nearest = nearestBranch(issue.errors);
      if (nearest === undefined) return [{ path, given, remedy: issue.message }];
      return nearest.flatMap((inner) =>
        issueProblems({ ...inner, path: [...issue.path, ...inner.path] }, input, prefix, knownKeys),
      );
    }
    case "invalid_value":
      return [{ path, given, remedy: `use one of ${issue.values.map(String).join(", ")}` }];
    case "too_small":
      return [{ path, given, remedy: `use at least ${issue.minimum}` }];
    case "too_big":
      return [{ path, given, remedy: `use at most ${issue.maximum}` }];
    case "invalid_type":
      return [
        given === "is missing"
          ? { path, given, remedy: `give a value of type ${issue.expected}` }
          : { path, given, remedy: `use a value of type ${issue.expected}` },
      ];
    default:
      return [{ path, given, remedy: issue.message }];
  }
}

/** Of the branches of a union, the one that failed deepest in the input: what the writer most likely meant. */
function nearestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const depth = (issues: readonly z.core.$ZodIssue[]): number => Math.max(...issues.map((issue) => issue.path.length));
  const [deepest] = [...branches].sort((a, b) => depth(b) - depth(a));
  return deepest !== undefined && depth(deepest) > 0 ? deepest : undefined;
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

function describe(value: unknown): string {
  if (value === undefined) return "is missing";
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return `is ${JSON.stringify(value)}`;
  return Array.isArray(value) ? "is a list" : value === null ? "is null" : `is of type ${typeof value}`;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
