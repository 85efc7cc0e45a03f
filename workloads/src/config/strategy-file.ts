import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const settingsSchema = z
  .strictObject({
    /** Ticks in the quick and in the slow average. */
    fastTicks: z.int().min(1).default(5),
    slowTicks: z.int().min(2).default(20),
    /** Value of one order in USD; without it a tenth of MAX_POSITION_SIZE. */
    orderNotionalUsd: z.number().positive().optional(),
    /** What the account held before its first trade, in USD. */
    startingEquityUsd: z.number().positive().default(100_000),
    /** Seconds without orders in a symbol after one was refused. */
    cooldownSeconds: z.number().nonnegative().default(30),
  })
  .refine(({ fastTicks, slowTicks }) => fastTicks < slowTicks, { error: "fastTicks must be less than slowTicks" });

export type StrategySettings = z.output<typeof settingsSchema>;

/** A variable that names a directory, and stands for what `strategy.json` in it says; without the file, the defaults. */
export const strategyVariables = {
  CONFIG_DIR: z
    .string()
    .default("/app/config")
    .transform((directory, context): StrategySettings => {
      const path = join(directory, "strategy.json");
      try {
        return settingsSchema.parse(JSON.parse(readIfThere(path) ?? "{}"));
      } catch (error) {
        const reason =
          error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s*\n\s*/g, " ") : String(error);
        context.addIssue(`leads to ${path}, which cannot be used: ${reason}`);
        return z.NEVER;
      }
    }),
};

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}
