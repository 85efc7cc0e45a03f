import { constants } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { ConfigError } from "./config/environment.ts";
import { startApp } from "./platform/app.ts";
import { createLogger, type Logger } from "./platform/logger.ts";
import { roles } from "./roles/index.ts";
import type { PreparedRole, Role } from "./roles/role.ts";

/** A stop that takes longer is cut short: whoever sent the signal kills after ten seconds. */
const stopMs = 8_000;

const role = chooseRole(process.argv[2]);
const prepared = prepareRole(role);
const log = createLogger({
  role: role.name,
  environment: prepared.common.ENVIRONMENT,
  level: prepared.level,
  secrets: prepared.secrets,
  directory: prepared.common.LOG_DIR,
  file: prepared.common.LOG_FILE,
  fileMiB: prepared.common.LOG_FILE_MIB,
  olderFiles: prepared.common.LOG_FILES_OLDER,
  errorFile: prepared.common.LOG_ERROR_FILE,
  layout: prepared.common.LOG_LAYOUT,
});
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (error: unknown) => fail(log, error));
}
for (const warning of prepared.warnings) {
  log.warn(warning);
}
await run(role.name, prepared, log);

function chooseRole(name: string | undefined): Role {
  const found = roles.find((candidate) => candidate.name === name);
  if (found === undefined) {
    const allowed = roles.map((candidate) => candidate.name).join(", ");
    refuse("workload", [`the first argument is ${JSON.stringify(name ?? "")}, which is no role; use ${allowed}`]);
  }
  return found;
}

function prepareRole(chosen: Role): PreparedRole {
  try {
    return chosen.prepare(process.env, process.argv.slice(3));
  } catch (error) {
    if (error instanceof ConfigError) {
      refuse(chosen.name, error.problems);
    }
    throw error;
  }
}

/** Says all that is wrong, then ends: nothing was begun yet. */
function refuse(name: string, problems: readonly string[]): never {
  const early = createLogger({ role: name, environment: "unknown", level: "info", secrets: [] });
  early.fatal({ problems }, `cannot start: ${problems.join("; ")}`);
  process.exit(1);
}

function fail(logger: Logger, error: unknown): never {
  logger.fatal({ err: error }, "stopped by an error that nobody expected");
  process.exit(1);
}

async function run(name: string, { common, run: work }: PreparedRole, logger: Logger): Promise<void> {
  const stop = new AbortController();
  listenForSignals(stop, logger);
  const { app, server, close } = await startApp({ role: name, port: common.PORT, log: logger, signal: stop.signal });
  logger.info({ port: server.port }, "started");

  const finished = work(app).then(close);
  const cutShort = new Promise<void>((resolve) => {
    stop.signal.addEventListener("abort", () => {
      void delay(stopMs, undefined, { ref: false }).then(() => {
        logger.warn({ stopMs }, "the stop takes too long, leaving the rest to whoever comes next");
        resolve();
      });
    });
  });
  await Promise.race([finished, cutShort]);
  logger.info("stopped");
  process.exit(0);
}

/** The first signal asks for an orderly stop; a second one ends the process at once. */
function listenForSignals(stop: AbortController, logger: Logger): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) {
        logger.warn({ signal }, "stopped at once by a second signal");
        process.exit(128 + constants.signals[signal]);
      }
      logger.info({ signal }, "stopping");
      stop.abort();
    });
  }
}
