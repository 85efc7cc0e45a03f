import { type Gate, type GateName, gateNames, type Report, type StackReport } from "./schema";
import type { Settings } from "./settings";

/** How much each gate finds in a stack. */
const finders: Readonly<Record<GateName, (stack: StackReport) => number>> = {
  preview: ({ result }) => (result === "failed" ? 1 : 0),
  dataLoss: ({ data }) => data.filter(({ loss, approved }) => loss === "lost" && approved === undefined).length,
  mandatoryPolicy: ({ violations }) => violations.filter(({ level }) => level === "mandatory").length,
  // what was there before is not this change's
  advisoryPolicy: ({ violations }) =>
    violations.filter(({ level, present }) => level === "advisory" && !present).length,
  exposure: ({ exposures }) => exposures.filter(({ to }) => to === "anyone" || to === "network").length,
  parity: ({ parity }) => parity.added.length,
  plainSecret: ({ plainSecrets }) => plainSecrets.length,
};

export function gatesOf(stacks: readonly StackReport[], { gates }: Settings): Gate[] {
  return gateNames.map((gate) => ({
    gate,
    action: gates[gate],
    found: stacks.reduce((sum, stack) => sum + finders[gate](stack), 0),
  }));
}

/** Gates that end the command with an error. */
export function failing(gates: readonly Gate[]): readonly Gate[] {
  return gates.filter(({ action, found }) => action === "fail" && found > 0);
}

export function verdictOf(gates: readonly Gate[], stacks: readonly StackReport[]): Report["verdict"] {
  if (stacks.some(({ result }) => result === "failed")) return "failed";
  return failing(gates).length > 0 ? "blocked" : "passed";
}
