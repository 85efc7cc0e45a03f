import { z } from "zod";
import { parse } from "../components/core/issues";
import { DescriptionError } from "../components/core/errors";
import { Problems } from "../components/core/problems";
import { type GateName, gateNames } from "./schema";

const action = z.enum(["fail", "show"]);

/** What each gate does about what it finds, when nothing else is said: `fail` ends the command with exit code 2. */
const presets = {
  preview: "fail",
  dataLoss: "fail",
  mandatoryPolicy: "fail",
  advisoryPolicy: "show",
  exposure: "show",
  parity: "show",
  plainSecret: "show",
} as const satisfies Record<GateName, z.output<typeof action>>;

const approval = z.strictObject({
  stack: z.string().min(1),
  /** Name of the resource, as the report shows it. */
  resource: z.string().min(1),
  because: z.string().min(1),
});
export type Approval = z.output<typeof approval>;

const settingsSchema = z.strictObject({
  gates: z
    .strictObject(
      Object.fromEntries(gateNames.map((name) => [name, action.default(presets[name])])) as {
        readonly [Name in GateName]: z.ZodDefault<typeof action>;
      },
    )
    .prefault({}),
  /** Losses of data that are meant. */
  approved: z.array(approval).default([]),
});
export type Settings = z.output<typeof settingsSchema>;

/** Settings as a file has them, or those by default. Throws a `DescriptionError` with every problem. */
export function readSettings(given: unknown): Settings {
  const problems = new Problems();
  const settings = parse(settingsSchema, given ?? {}, "", problems);
  if (settings === undefined) throw new DescriptionError("settings of the preview report", problems.all);
  return settings;
}

/** Why somebody approved that this resource loses its data, or undefined. */
export function approvalOf(approvals: readonly Approval[], stack: string, resource: string): string | undefined {
  return approvals.find((each) => each.stack === stack && each.resource === resource)?.because;
}
