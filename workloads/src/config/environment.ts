import { readFileSync } from "node:fs";

/** Variables as a process gets them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** All that is wrong with the configuration, one line for each mistake; never a value, since it may be secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the configuration is not usable: ${problems.join("; ")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

export interface Resolved {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly { readonly name: string; readonly message: string }[];
}

/**
 * Takes the named variables, each either as NAME itself or as NAME_FILE, the path of a file that holds the value, as
 * Docker and Kubernetes hand out secrets. An empty variable counts as not set; a line end at the end of a file is dropped.
 */
export function resolveVariables(names: readonly string[], environment: Environment): Resolved {
  const values: Record<string, string> = {};
  const problems: { name: string; message: string }[] = [];
  for (const name of names) {
    const direct = environment[name] ?? "";
    const path = environment[`${name}_FILE`] ?? "";
    if (direct !== "" && path !== "") {
      problems.push({ name, message: `and ${name}_FILE are both set; keep one of them` });
    } else if (path !== "") {
      try {
        values[name] = readFileSync(path, "utf8").replace(/\r?\n$/, "");
      } catch (error) {
        const reason = `${path}, which cannot be read (${codeOf(error)}); mount the file or fix the path`;
        problems.push({ name, message: `should come from ${reason}` });
      }
    } else if (direct !== "") {
      values[name] = direct;
    }
  }
  return { values, problems };
}

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "error");
