import { z } from "zod";
import { type Environment, resolveVariables } from "./environment.ts";

/** A set of variables as read: either all of them, or what is wrong with them. */
export type Loaded<Config> =
  | { readonly config: Config; readonly problems: readonly [] }
  | { readonly config?: never; readonly problems: readonly string[] };

/** Reads the variables that a shape names. */
export function loadConfig<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  environment: Environment,
): Loaded<z.output<z.ZodObject<Shape>>> {
  const { values, problems } = resolveVariables(Object.keys(shape), environment);
  const parsed = z.object(shape).safeParse(values);
  if (parsed.success && problems.length === 0) {
    return { config: parsed.data, problems: [] };
  }
  // A variable that could not be resolved is not missing as well.
  const unresolved = new Set(problems.map(({ name }) => name));
  const wrong = (parsed.error?.issues ?? [])
    .map(({ path, message }) => ({ name: String(path[0]), message }))
    .filter(({ name }) => !unresolved.has(name));
  return { problems: [...problems, ...wrong].map(({ name, message }) => `${name} ${message}`) };
}

const secretName = /(^|_)(KEY|SECRET|PASSWORD)$/;

/** The parts of a configuration that must never be shown: keys, passwords and what contains them. */
export function secretsOf(config: Readonly<Record<string, unknown>>): string[] {
  const secrets = Object.entries(config).flatMap(([name, value]) => {
    if (typeof value !== "string") {
      return [];
    }
    return name.endsWith("_URL") ? passwordsOf(value) : secretName.test(name) ? [value] : [];
  });
  return [...new Set(secrets)];
}

function passwordsOf(url: string): string[] {
  const { password } = new URL(url);
  return password === "" ? [] : [password, decodeURIComponent(password)];
}
