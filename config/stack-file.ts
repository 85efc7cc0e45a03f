import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseYaml, YAMLParseError } from "yaml";
import { z } from "zod";
import { DescriptionError, suggest } from "../components/core/errors";
import { parseStack } from "./read";
import type { StackConfig } from "./stack";

const project = z.object({ name: z.string() });
const stackFile = z.object({ config: z.record(z.string(), z.unknown()).nullish() }).nullable();
const encrypted = z.strictObject({ secure: z.string() });

/**
 * The configuration of a stack as its file in the project's folder has it, read without Pulumi. Values of secrets are not
 * decrypted. Throws a `DescriptionError` with every problem.
 */
export function readStackFile(folder: string, stack: string): StackConfig {
  const path = join(folder, `Pulumi.${stack}.yaml`);
  const stacks = stacksIn(folder);
  if (!stacks.includes(stack) || !existsSync(path))
    throw wrong("stack", `is ${JSON.stringify(stack)}, which has no Pulumi.${stack}.yaml`, suggest(stack, stacks));
  const { name } = read(join(folder, "Pulumi.yaml"), project);
  const own = Object.entries(read(path, stackFile)?.config ?? {}).flatMap(([key, value]): [string, unknown][] =>
    key.startsWith(`${name}:`) ? [[key.slice(name.length + 1), value]] : [],
  );
  const secrets = own.filter(([, value]) => encrypted.safeParse(value).success).map(([key]) => key);
  // as Pulumi gives it to a program: strings as they are, and all else as JSON
  const raw = own.map(([key, value]): [string, string] => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return parseStack(Object.fromEntries(raw), secrets);
}

function stacksIn(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}

function read<Data>(path: string, schema: z.ZodType<Data>): Data {
  try {
    return schema.parse(parseYaml(readFileSync(path, "utf8")));
  } catch (error) {
    if (error instanceof YAMLParseError || error instanceof z.ZodError)
      throw wrong(
        path,
        "cannot be read",
        (error instanceof z.ZodError ? z.prettifyError(error) : error.message).replaceAll("\n", " "),
      );
    throw error;
  }
}

function wrong(path: string, given: string, remedy: string): DescriptionError {
  return new DescriptionError("configuration of the stack", [{ path, given, remedy }]);
}
