/** Words of PromQL that stand where a metric's name could. */
const words = new Set([
  "and",
  "or",
  "unless",
  "by",
  "without",
  "on",
  "ignoring",
  "group_left",
  "group_right",
  "bool",
  "offset",
]);

/** The names of the metrics that a PromQL expression reads, in alphabetical order. */
export function metricNames(expression: string): readonly string[] {
  const bare = expression
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, "")
    .replaceAll(/\{[^}]*\}/g, " ")
    .replaceAll(/\[[^\]]*\]/g, " ")
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, " ");
  const found = [...bare.matchAll(/(?<![\w:.])[a-zA-Z_:][\w:]*(?!\s*\()(?![\w:])/g)].map(([name]) => name);
  return [...new Set(found)].filter((name) => !words.has(name)).sort();
}

/** Every expression of a dashboard's model, wherever it is nested. */
export function expressionsIn(model: unknown): readonly string[] {
  if (typeof model !== "object" || model === null) return [];
  return Object.entries(model).flatMap(([key, value]) =>
    key === "expr" && typeof value === "string" ? [value] : expressionsIn(value),
  );
}
