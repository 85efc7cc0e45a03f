import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { getCallSites } from "node:util";
import { threadId } from "node:worker_threads";
import type { LoggerOptions } from "pino";

const deepest = 12;

/** Lines that name the program's place that they come from, under the names that collectors of Python's logs know. */
export function fullLayout(logger: string): LoggerOptions {
  return {
    base: null,
    messageKey: "message",
    errorKey: "exception",
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: {
      level: (label) => ({ level: label.toUpperCase(), logger }),
      log: ({ err, ...rest }) => (err === undefined ? rest : { ...rest, exception: err }),
    },
    mixin: () => ({ ...caller(), process_id: process.pid, thread_id: threadId }),
    serializers: {
      exception: (error: unknown) =>
        error instanceof Error
          ? { type: error.name, message: error.message, traceback: error.stack }
          : { type: typeof error, message: String(error) },
    },
  };
}

/** Who called the log: the first place outside of this file and of the packages. */
function caller(): object {
  const sites = getCallSites(deepest);
  const site = sites.find(
    ({ scriptName }) =>
      scriptName !== import.meta.url && !scriptName.startsWith("node:") && !scriptName.includes("/node_modules/"),
  );
  if (site === undefined) {
    return {};
  }
  const path = site.scriptName.startsWith("file:") ? fileURLToPath(site.scriptName) : site.scriptName;
  return {
    module: basename(path).replace(/\.[a-z]+$/, ""),
    function: site.functionName === "" ? "<module>" : site.functionName,
    line: site.lineNumber,
  };
}
