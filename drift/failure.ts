import { DescriptionError } from "../components/core/errors";
import { UnreachableError } from "../components/targets/kubernetes/client";
import { CommandError } from "../images/command";
import { ImageError } from "../images/errors";

/** Says why something could not be seen, without the stack trace of what a person can put right, and ends with 2. */
export function giveUp(error: unknown): void {
  process.exitCode = 2;
  if (error instanceof CommandError) console.error([error.message, ...error.tail].join("\n"));
  else if (error instanceof DescriptionError || error instanceof ImageError || error instanceof UnreachableError)
    console.error(error.message);
  else console.error(error);
}
