import fc from "fast-check";
import { z } from "zod";
import { type Report, reportSchema } from "../../report/schema";

type Schema = z.core.JSONSchema._JSONSchema;

/** Text that tries to be something else in Markdown, always with the word EVIL in it. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...["`", "```", "~~~", "|", "\\", "\\|", "\n", "\n\n", "\r", "\t", "@octocat", "#1", "acme/shop#2", "!"],
        ...[
          "[x](https://evil.example)",
          "<https://evil.example>",
          "www.evil.example",
          "mail@evil.example",
          "https://evil.example",
        ],
        ...[
          "<img src=x>",
          "<!--",
          "-->",
          "</details>",
          "<details>",
          "**",
          "__",
          "- ",
          "# ",
          "> ",
          "| --- |",
          "&#64;",
          "&lt;",
        ],
        ...[
          "\u202e",
          "\u200b",
          "\u0000",
          "\u001b[31m",
          "\ud800",
          "$x$",
          ":+1:",
          "1234567890abcdef1234567890abcdef12345678",
        ],
      ),
      fc.string({ unit: "binary", maxLength: 5 }),
    ),
    { maxLength: 8 },
  )
  .chain((parts) => fc.nat(parts.length).map((at) => [...parts.slice(0, at), "EVIL", ...parts.slice(at)].join("")));

/** Reports of every form that the schema allows, with texts of a kind and lists of at most so many items. */
export function reports(text: fc.Arbitrary<string>, most: number): fc.Arbitrary<Report> {
  return valuesOf(z.toJSONSchema(reportSchema), text, most).map((given) => reportSchema.parse(given));
}

function valuesOf(schema: Schema, text: fc.Arbitrary<string>, most: number): fc.Arbitrary<unknown> {
  if (typeof schema === "boolean") return text;
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const inner = (part: Schema) => valuesOf(part, text, most);
  switch (schema.type) {
    case "object": {
      const parts = Object.entries(schema.properties ?? {}).map(([key, part]) => [key, inner(part)] as const);
      return fc.record(Object.fromEntries(parts), { requiredKeys: [...(schema.required ?? [])] });
    }
    case "array": {
      if (schema.prefixItems !== undefined) return fc.tuple(...schema.prefixItems.map(inner));
      const items = Array.isArray(schema.items) ? schema.items[0] : schema.items;
      return fc.array(inner(items ?? true), { maxLength: Math.min(most, schema.maxItems ?? most), size: "max" });
    }
    case "boolean":
      return fc.boolean();
    case "integer":
    case "number":
      return fc.nat(100_000).map((number) => number + 1);
    default:
      if (schema.format === "date-time") return fc.constant("2026-01-02T03:04:05.000Z");
      if (schema.pattern === undefined) return text;
      return fc.constant(
        schema.pattern.startsWith("^https") ? "https://github.com/acme/shop/actions/runs/7" : "0123456789ab",
      );
  }
}
