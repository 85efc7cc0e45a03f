import type { Warn } from "./variables.ts";

const levels = new Map([
  ["off", "silent"],
  ["silent", "silent"],
  ["error", "error"],
  ["warn", "warn"],
  ["info", "info"],
  ["debug", "debug"],
  ["trace", "trace"],
]);

const byDefault = "info";

interface LogVariables {
  readonly LOG_LEVEL?: string | undefined;
  readonly RUST_LOG?: string | undefined;
}

/**
 * The level of a role's log: LOG_LEVEL, else the directive of RUST_LOG that names the role (`trading_bot=debug`), else
 * its general one, else info. A level that does not exist is worth a warning, not a failed start.
 */
export function logLevel({ LOG_LEVEL, RUST_LOG }: LogVariables, role: string, warn: Warn): string {
  const wanted = LOG_LEVEL ?? fromDirectives(RUST_LOG ?? "", role.replaceAll("-", "_")) ?? byDefault;
  const level = levels.get(wanted.trim().toLowerCase());
  if (level === undefined) {
    warn(`log level "${wanted}" is unknown, using ${byDefault}; use ${[...levels.keys()].join(", ")}`);
  }
  return level ?? byDefault;
}

function fromDirectives(text: string, target: string): string | undefined {
  const directives = text.split(",").map((directive) => directive.trim().split("=", 2));
  const own = directives.find(([name, level]) => name === target && level !== undefined);
  const general = directives.find(([name, level]) => name !== "" && level === undefined);
  return own?.[1] ?? general?.[0];
}
