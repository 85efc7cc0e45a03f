import { type Described, isKnown, type SystemOutputs } from "./outline";
import type { ParityGap, StackReport } from "./schema";

/** Where the target is now further from the description, or nearer to it. Of what is deployed for the first time nothing is new. */
export function parityOf({ systems }: Described): StackReport["parity"] {
  const known = [...systems].filter(([, sides]) => isKnown(sides));
  const sides = known.map(([system, { old, new: fresh, comes }]) => ({
    comes,
    old: old === undefined ? [] : gapsIn(system, old),
    new: fresh === undefined ? [] : gapsIn(system, fresh),
  }));
  return {
    added: sides.flatMap(({ comes, old, new: fresh }) => (comes ? [] : without(fresh, old))),
    gone: sides.flatMap(({ old, new: fresh }) => without(old, fresh)),
    total: sides.reduce((sum, { new: fresh }) => sum + fresh.length, 0),
  };
}

function gapsIn(system: string, { gaps, omitted }: SystemOutputs): readonly ParityGap[] {
  return [
    ...gaps.map((gap): ParityGap => ({ system, ...gap })),
    ...Object.entries(omitted).map(
      ([service, because]): ParityGap => ({ system, service, feature: "the whole service", level: "omitted", because }),
    ),
  ];
}

function without(gaps: readonly ParityGap[], others: readonly ParityGap[]): ParityGap[] {
  const identity = ({ system, service, feature, level }: ParityGap) =>
    JSON.stringify([system, service, feature, level]);
  const known = new Set(others.map(identity));
  return gaps.filter((gap) => !known.has(identity(gap)));
}
