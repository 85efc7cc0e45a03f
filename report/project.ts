import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { wrong } from "./arguments";
import { type GateName, gateNames, type Report, reportSchema } from "./schema";
import { readSettings, type Settings } from "./settings";

/** Where the settings are, when no other file is named. */
const settingsFile = "preview-report.yaml";

/** The name of the Pulumi project in a folder. */
export function projectName(folder: string): string {
  return fitting(join(folder, "Pulumi.yaml"), z.object({ name: z.string() }), yamlIn).name;
}

/** The settings in a file, or in the project's own if it has one, and over them gates as `name=fail` or `name=show`. */
export function settingsOf(folder: string, file: string | undefined, gates: readonly string[]): Settings {
  const path = file ?? join(folder, settingsFile);
  const given =
    file !== undefined || existsSync(path) ? fitting(path, z.record(z.string(), z.unknown()).nullable(), yamlIn) : null;
  const chosen = Object.fromEntries(gates.map(gateChoice));
  const before = z.record(z.string(), z.unknown()).catch({}).parse(given?.["gates"]);
  return readSettings({
    ...given,
    gates: Object.keys(chosen).length === 0 ? given?.["gates"] : { ...before, ...chosen },
  });
}

function gateChoice(text: string): readonly [GateName, string] {
  const [name, action = ""] = text.split("=");
  const known = gateNames.find((each) => each === name);
  if (known === undefined)
    throw wrong(
      "--gate",
      `is ${JSON.stringify(text)}`,
      `use NAME=fail or NAME=show, the name one of ${gateNames.join(", ")}`,
    );
  return [known, action];
}

/** A report from a file, which may be somebody else's work. */
export function reportIn(path: string): Report {
  return fitting(path, reportSchema, (text): unknown => JSON.parse(text));
}

const yamlIn = (text: string): unknown => parse(text);

function fitting<Data>(path: string, schema: z.ZodType<Data>, read: (text: string) => unknown): Data {
  try {
    return schema.parse(read(readFileSync(path, "utf8")));
  } catch (error) {
    const message = messageOf(error);
    if (message === undefined) throw error;
    throw wrong(path, `cannot be read: ${message}`, "name another file, or correct this one");
  }
}

function messageOf(error: unknown): string | undefined {
  if (error instanceof z.ZodError) return z.prettifyError(error).replaceAll("\n", " ");
  if (error instanceof YAMLParseError || error instanceof SyntaxError) return error.message;
  return error instanceof Error && "code" in error ? error.message : undefined;
}
