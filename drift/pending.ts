import { z } from "zod";

const preview = z.object({ steps: z.array(z.object({ op: z.string(), urn: z.string() })).default([]) });

/** A step that the next `up` would take. */
export interface Pending {
  readonly op: string;
  readonly urn: string;
}

/** What an `up` would do, of the output of `pulumi preview --json`; steps that change nothing are left out. */
export function pendingIn(output: string): readonly Pending[] {
  // the parts of a replacement are steps of their own
  const quiet = ["same", "read", "refresh", "create-replacement", "delete-replaced"];
  return preview.parse(JSON.parse(output)).steps.filter(({ op }) => !quiet.includes(op));
}

/** A resource's type and name, out of its URN. */
export function shortName(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split("$").at(-1) ?? ""} ${name}`;
}
