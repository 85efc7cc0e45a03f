import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { DescriptionError, problemsOf } from "../components/core/errors";
import { algoTradingSettings } from "../systems/algo-trading/settings";

const portBase = z.int().min(0).max(56_000);

/** Every key of a stack's configuration that is not a secret. */
export const stackSchema = z.strictObject({
  target: z.enum(["docker", "kubernetes"]).default("docker").describe("where the systems run"),
  systems: z
    .array(z.enum(["algo-trading"]))
    .min(1)
    .default(["algo-trading"])
    .describe("systems to deploy"),
  only: z.array(z.string()).min(1).optional().describe("services to deploy, with what they wait for; all when absent"),
  imageSource: z
    .enum(["upstream", "local"])
    .optional()
    .describe("pull images, or build them here; upstream where the registry answers when absent"),
  strictParity: z
    .enum(["off", "unsupported", "approximated"])
    .default("off")
    .describe("which gaps between description and target are errors"),
  isolation: z
    .enum(["connection", "system"])
    .default("connection")
    .describe("Docker: a network for each declared connection, or one for each system"),
  hostPortBase: z
    .record(z.string(), portBase)
    .default({})
    .describe("Docker: added to the host ports of a system; algo-trading 10000 when absent"),
  namePrefix: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, "use at most 31 of a-z, 0-9 and -, beginning with a letter")
    .optional()
    .describe("Docker: begins the names of containers, networks and volumes; the system's name when absent"),
  subnets: z.cidrv4().default("10.201.0.0/16").describe("Docker: address range that networks are cut from"),
  keepVolumes: z.boolean().default(false).describe("Docker: keep volumes when the stack is destroyed"),
  algoTrading: algoTradingSettings.prefault({}).describe("the algo-trading system"),
});

export type StackConfig = z.output<typeof stackSchema>;

/** Secrets that a stack may hold, by key. */
export const secretKeys = {
  exchangeApiKey: "key of the exchange account, for exchange: live",
  exchangeApiSecret: "secret of the exchange account, for exchange: live",
} as const;

/** A stack's configuration as a whole. */
export interface Stack {
  readonly name: string;
  readonly config: StackConfig;
  secret(key: string): pulumi.Output<string> | undefined;
}

/** Reads the stack's configuration; the only place that does. Throws a `RunError` that lists every problem. */
export function readStack(): Stack {
  const config = new pulumi.Config();
  const raw = projectKeys(pulumi.runtime.allConfig(), pulumi.getProject());
  try {
    return {
      name: pulumi.getStack(),
      config: parseStack(raw),
      secret: (key) => config.getSecret(key),
    };
  } catch (error) {
    if (error instanceof DescriptionError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

/** Parses configuration as Pulumi keeps it, values of objects and numbers as JSON. Unknown keys are refused. */
export function parseStack(raw: Readonly<Record<string, string>>): StackConfig {
  const plain = Object.fromEntries(
    Object.entries(raw).flatMap(([key, value]) => (Object.hasOwn(secretKeys, key) ? [] : [[key, fromJson(value)]])),
  );
  const parsed = stackSchema.safeParse(plain);
  if (parsed.success) return parsed.data;
  throw new DescriptionError("configuration of the stack", problemsOf(parsed.error, plain, "", stackSchema));
}

function projectKeys(all: Readonly<Record<string, string>>, project: string): Record<string, string> {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [])),
  );
}

/** A string that is no JSON stands for itself: `pulumi config set target docker` stores it bare. */
function fromJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
