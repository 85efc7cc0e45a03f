import { isRecord } from "./facts/plain";
import type { Exemption } from "./rules/exemptions";
import { type Rule, type Settings, type Severity, severities } from "./rules/rule";

export const levels = ["mandatory", "advisory", "disabled"] as const;
export type Level = (typeof levels)[number];

/** What `policy:` in a stack's configuration says; each value as Pulumi's configuration has it. */
export interface Raw {
  readonly enforcement?: unknown;
  readonly exemptions?: unknown;
  readonly registries?: unknown;
}

/** What a severity means where the configuration says nothing. */
const presets: Readonly<Record<Severity, Level>> = {
  critical: "mandatory",
  high: "mandatory",
  medium: "advisory",
  low: "advisory",
};

/** How a rule is enforced: by its own entry, else by that of its severity. */
export function levelOf({ id, severity }: Rule, levels: Readonly<Record<string, Level>>): Level {
  return levels[id] ?? levels[severity] ?? presets[severity];
}

/** The levels by severity or rule. Throws an error that names each entry that is neither, or has no level. */
export function readLevels(given: unknown, ruleIds: readonly string[]): Readonly<Record<string, Level>> {
  if (given === undefined) return {};
  if (!isRecord(given)) throw new Error(`policy:enforcement is ${JSON.stringify(given)}; give severities their levels`);
  const problems = Object.entries(given).flatMap(([key, value]) => [
    ...(isSeverity(key) || ruleIds.includes(key) ? [] : [`${key} is neither a severity nor a rule`]),
    ...(isLevel(value) ? [] : [`${key} is ${JSON.stringify(value)}; use ${levels.join(", ")}`]),
  ]);
  if (problems.length > 0) throw new Error(`policy:enforcement: ${problems.join("; ")}`);
  return given as Readonly<Record<string, Level>>;
}

const isSeverity = (word: string): boolean => severities.some((severity) => severity === word);
const isLevel = (word: unknown): boolean => levels.some((level) => level === word);

/** What rules are told. What an exemption lacks is a finding of its own, and no error. */
export function readSettings({ exemptions, registries }: Raw, ruleIds: readonly string[], now: Date): Settings {
  return {
    exemptions: listOf(exemptions, "exemptions").map(readExemption),
    registries: listOf(registries, "registries").map(String),
    ruleIds,
    today: now.toISOString().slice(0, 10),
  };
}

function listOf(given: unknown, key: string): readonly unknown[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw new Error(`policy:${key} is ${JSON.stringify(given)}; use a list`);
  return given;
}

function readExemption(given: unknown): Exemption {
  const text = (key: string): string | undefined => {
    const value = isRecord(given) ? given[key] : undefined;
    return typeof value === "string" ? value : undefined;
  };
  // a day without quotes is a moment to YAML, and Pulumi hands it on as one
  const until = text("until")?.replace(/ 00:00:00 \+0000 UTC$/, "");
  return { resource: text("resource"), rule: text("rule"), reason: text("reason"), until };
}
