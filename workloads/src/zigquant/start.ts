import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { ConfigError, type Environment } from "../config/environment.ts";

const defaultConfigPath = "/etc/zigquant/config.json";

/** What config.json may say; a variable wins over it. */
const fileSchema = z.strictObject({
  api: z.strictObject({ port: z.int().min(0).max(65_535).default(8_080) }).prefault({}),
  logLevel: z.string().default("info"),
  /** What is traded, and how many milliseconds lie between two prices. */
  symbol: z.string().min(1).default("BTCUSDT"),
  tickMs: z.int().min(10).default(1_000),
  /** Ticks in the quick and in the slow average. */
  fastTicks: z.int().min(1).default(5),
  slowTicks: z.int().min(2).default(20),
  /** Makes the simulated market repeatable. @default - drawn, and logged */
  seed: z.int().min(0).max(0xffff_ffff).optional(),
  /** Where the last price of `symbol` is asked for as `{ "price": "1.5" }`. @default - the market is simulated */
  priceUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Folder on the volume. */
  dataDir: z.string().default("/var/lib/zigquant"),
});

export type FileSettings = z.output<typeof fileSchema>;

export interface Start {
  readonly configPath: string;
  readonly settings: FileSettings;
  /** The environment with the names that every role reads. */
  readonly environment: Environment;
}

/**
 * What the entrypoint of the image does: hands ZIGQUANT_* on as CONFIG_*, finds the configuration, and takes the arguments
 * `serve [--config FILE] [--log-file FILE]`. Throws a `ConfigError`.
 */
export function readStart(environment: Environment, args: readonly string[]): Start {
  const mapped = mapVariables(environment);
  const { config, logFile } = readArguments(args);
  const configPath = config ?? mapped["CONFIG_PATH"] ?? defaultConfigPath;
  const settings = readSettings(configPath);
  return {
    configPath,
    settings,
    environment: {
      ...mapped,
      PORT: mapped["CONFIG_API_PORT"] ?? String(settings.api.port),
      LOG_LEVEL: mapped["CONFIG_LOG_LEVEL"] ?? settings.logLevel,
      ...(logFile === undefined ? {} : { LOG_FILE: logFile }),
    },
  };
}

/** ZIGQUANT_API_PORT becomes CONFIG_API_PORT, and so on; what is empty counts as not set. */
function mapVariables(environment: Environment): Environment {
  const given = Object.entries(environment).filter(([, value]) => value !== undefined && value !== "");
  const mapped = given.flatMap(([name, value]) =>
    name.startsWith("ZIGQUANT_") ? [[name.replace("ZIGQUANT_", "CONFIG_"), value]] : [],
  );
  return { ...Object.fromEntries(given), ...Object.fromEntries(mapped) };
}

function readArguments(args: readonly string[]): { config: string | undefined; logFile: string | undefined } {
  try {
    const options = { config: { type: "string" }, "log-file": { type: "string" } } as const;
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    if (positionals.join() !== "serve") {
      throw new Error(`the command is ${JSON.stringify(positionals.join(" "))}; use serve`);
    }
    return { config: values.config, logFile: values["log-file"] };
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : String(error)]);
  }
}

function readSettings(path: string): FileSettings {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s*\n\s*/g, " ") : String(error);
    throw new ConfigError([`CONFIG_PATH leads to ${path}, which cannot be used: ${reason}`]);
  }
}
