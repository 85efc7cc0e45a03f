import { isIP } from "node:net";
import { z } from "zod";
import { file, int, label } from "./spec-parts";

const host = z
  .string()
  .refine(
    (given) => isIP(given) !== 0 || z.hostname().safeParse(given).success,
    "use a host's name or its address, without scheme, port or path",
  );

/** Something outside the system that a service opens connections to. */
export const externalSchema = z.strictObject({ host, port: int(1, 65_535) });

/** What a consumer may wait for. */
export const waitSchema = z.enum(["healthy", "started", "completed", "none"]);

/** How a secret comes into being. */
export const secretOptionsSchema = z.union([
  z.strictObject({
    generated: z.strictObject({
      /** Letters and digits; fewer than 16 can be guessed. */
      length: int(16, 256).default(32),
      rotation: int(0, 1_000_000).default(0),
    }),
  }),
  z.strictObject({
    config: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, "use a configuration key: letters, digits, _ and -"),
  }),
]);

/** A dashboard of a system's service. */
export const dashboardSchema = (system: string) =>
  z.strictObject({
    uid: z
      .string()
      .max(40)
      .refine((uid) => uid.startsWith(`${system}-`) && /^[A-Za-z0-9_-]+$/.test(uid), {
        error: `use ${system}-… with letters, digits, _ and -`,
      }),
    title: z.string().min(1),
    model: z
      .custom<object>(isJsonObject, "use an object that JSON can hold")
      // A copy: who made it may go on with it.
      .transform((model): object => JSON.parse(JSON.stringify(model)) as object),
  });

function isJsonObject(model: unknown): boolean {
  if (typeof model !== "object" || model === null) return false;
  try {
    return JSON.stringify(model).startsWith("{");
  } catch {
    return false;
  }
}

/** What closing hooks may add. */
export const contributionsSchema = z.array(
  z.strictObject({
    service: label,
    files: z.array(file).default([]),
    connections: z.array(z.strictObject({ to: label, port: int(1, 65_535) })).default([]),
  }),
);

/** A contribution with every default filled in. */
export type ParsedContribution = z.output<typeof contributionsSchema>[number];
