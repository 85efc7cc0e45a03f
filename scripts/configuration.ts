import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { secretKeys, stackSchema } from "../config/stack";

type Schema = z.core.JSONSchema._JSONSchema;

interface Setting {
  readonly key: string;
  readonly values: string;
  readonly preset: string;
  readonly meaning: string;
}

/** Every setting that the schema of a stack's configuration knows, those within objects by their path. */
export function settingsOf(schema: z.ZodType): readonly Setting[] {
  return settingsIn(z.toJSONSchema(schema, { io: "input" }), []);
}

function settingsIn(schema: Schema, path: readonly string[]): readonly Setting[] {
  if (typeof schema === "boolean") return [];
  if (schema.properties !== undefined)
    return Object.entries(schema.properties).flatMap(([name, inner]) => settingsIn(inner, [...path, name]));
  const { default: preset, description: meaning = "" } = schema;
  return [{ key: path.join("."), values: valuesOf(schema), preset: presetOf(preset), meaning }];
}

function valuesOf(schema: Schema | undefined): string {
  if (schema === undefined || typeof schema === "boolean") return "anything";
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(", ");
  switch (schema.type) {
    case "boolean":
      return "`true`, `false`";
    case "array":
      return `list of ${Array.isArray(schema.items) ? "values" : valuesOf(schema.items)}`;
    case "integer":
      return `whole number${rangeOf(schema)}`;
    case "number":
      return `number${rangeOf(schema)}`;
    default:
      return schema.format === undefined ? "text" : (formats[schema.format] ?? schema.format);
  }
}

function presetOf(preset: unknown): string {
  if (preset === undefined) return "none";
  return code(typeof preset === "string" ? preset : JSON.stringify(preset));
}

const formats: Readonly<Record<string, string>> = {
  cidrv4: "block of IPv4 addresses",
  hostname: "name of a host",
  uri: "URL",
};

function rangeOf({ minimum, maximum, exclusiveMinimum }: z.core.JSONSchema.BaseSchema): string {
  const from = exclusiveMinimum === undefined ? "" : ` above ${exclusiveMinimum}`;
  const least = minimum === undefined ? "" : ` from ${minimum}`;
  const most = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? "" : ` to ${maximum}`;
  return `${from}${least}${most}`;
}

const code = (text: string): string => `\`${text}\``;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The page as it must be; a test compares it with the one that is checked in. */
export function configurationPage(): string {
  const settings = settingsOf(stackSchema).map(({ key, values, preset, meaning }) => [
    code(key),
    values,
    preset,
    meaning,
  ]);
  const secrets = Object.entries(secretKeys).map(([key, meaning]) => [code(key), meaning]);
  return `# Configuration

A setting is made for one stack, with Pulumi's own command or in the stack's file:

\`\`\`sh
pulumi config set isolation system
pulumi config set --path algoTrading.logLevel debug
pulumi config set --path 'only[0]' trading-bot
\`\`\`

A name that is not listed here is refused, and so is a value of another type; all mistakes are reported at once.
This page is generated from the schema in \`config/stack.ts\`: \`npm run docs\`.

${table(["key", "values", "default", "meaning"], settings)}

## Secrets

Set with \`pulumi config set --secret KEY\`, which asks for the value. In clear they are refused. Passwords between services are not
here: they are generated.

${table(["key", "meaning"], secrets)}
`;
}

if (require.main === module) writeFileSync(join(__dirname, "../docs/configuration.md"), configurationPage());
