import type { z } from "zod";
import { ConfigError, type Environment } from "../config/environment.ts";
import { loadConfig, secretsOf } from "../config/load.ts";
import { logLevel } from "../config/log-level.ts";
import { commonVariables, type Warn } from "../config/variables.ts";
import type { App } from "../platform/app.ts";

type Common = z.output<z.ZodObject<typeof commonVariables>>;

/** A role whose configuration has been read and found good. */
export interface PreparedRole {
  readonly common: Common;
  readonly level: string;
  readonly secrets: readonly string[];
  readonly warnings: readonly string[];
  /** Works until the app's signal, and returns when all that was begun is finished. */
  run(app: App): Promise<void>;
}

export interface Role {
  readonly name: string;
  /**
   * Most roles take no arguments.
   * @throws ConfigError with every problem of the configuration.
   */
  prepare(environment: Environment, args: readonly string[]): PreparedRole;
}

/** Makes a role of the variables that it reads, beside those that all read, and of what it does with them. */
export function defineRole<Shape extends z.core.$ZodLooseShape>(
  name: string,
  variables: (warn: Warn) => Shape,
  run: (app: App, config: z.output<z.ZodObject<Shape>>) => Promise<void>,
): Role {
  return {
    name,
    prepare(environment) {
      const warnings: string[] = [];
      const warn: Warn = (remark) => warnings.push(remark);
      const common = loadConfig(commonVariables, environment);
      const own = loadConfig(variables(warn), environment);
      if (common.config === undefined || own.config === undefined) {
        throw new ConfigError([...common.problems, ...own.problems]);
      }
      const { config } = own;
      return {
        common: common.config,
        level: logLevel(common.config, name, warn),
        secrets: secretsOf(config),
        warnings,
        run: (app) => run(app, config),
      };
    },
  };
}
