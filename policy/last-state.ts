import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "./facts/stack";
import { resourcesIn } from "./facts/state";

let state: Promise<Stack["before"]> | undefined;

/**
 * What the stack had before, for a preview: a policy is only told what it is to have. `undefined` where that cannot be
 * read, which is said once; nothing of it is secret, and nothing is decrypted.
 */
export function lastState(): Promise<Stack["before"]> {
  state ??= pulumi.runtime.isDryRun() ? read() : Promise.resolve(undefined);
  return state;
}

async function read(): Promise<Stack["before"]> {
  const stack = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  try {
    const { stdout } = await promisify(execFile)("pulumi", ["stack", "export", "--stack", stack], {
      maxBuffer: 2 ** 30,
    });
    return resourcesIn(JSON.parse(stdout));
  } catch (error) {
    console.error(`rules about the last state see nothing: that of ${stack} cannot be read: ${String(error)}`);
    return undefined;
  }
}
