import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { DescriptionError } from "../components/core/errors";

/** Reads a command's arguments. Throws a `DescriptionError` for one that is not there or has no value. */
export function readArguments<Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw wrong("arguments", `are wrong: ${error instanceof Error ? error.message : String(error)}`, "see --help");
  }
}

export function wrong(path: string, given: string, remedy: string): DescriptionError {
  return new DescriptionError("preview report", [{ path, given, remedy }]);
}
