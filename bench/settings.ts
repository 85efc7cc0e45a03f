import { z } from "zod";

/** What the benchmark tells the program that it deploys. */
const settings = z.object({
  prefix: z.string(),
  isolation: z.enum(["connection", "system"]),
  /** Where to deploy instead of the Docker Engine. */
  cluster: z.object({ context: z.string(), kubeconfig: z.string() }).optional(),
  value: z.string(),
  /** The image that stands for each upstream reference. */
  references: z.record(z.string(), z.string()),
});

export type BenchSettings = z.output<typeof settings>;

/** The environment that carries the settings. */
export function settingsEnvironment(values: BenchSettings): Record<string, string> {
  return { TWOFOLD_BENCH: JSON.stringify(values) };
}

/** Reads them again, in the program. */
export function benchSettings(environment: NodeJS.ProcessEnv): BenchSettings {
  const given = environment["TWOFOLD_BENCH"];
  if (given === undefined) throw new Error("TWOFOLD_BENCH is not set: this program is for make bench");
  return settings.parse(JSON.parse(given));
}
