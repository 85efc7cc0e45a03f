import { isDeepStrictEqual } from "node:util";
import { type Described, isKnown, type ServiceOutline } from "./outline";
import type { Amounts, ResourceDelta } from "./schema";

/** Services that ask for more or less than before, by what is described of them. */
export function deltasOf({ services }: Described): readonly ResourceDelta[] {
  return [...services.values()].filter(isKnown).flatMap(({ place, old, new: fresh }): readonly ResourceDelta[] => {
    const before = old === undefined ? undefined : amountsOf(old);
    const after = fresh === undefined ? undefined : amountsOf(fresh);
    if (isDeepStrictEqual(before, after)) return [];
    return [
      { ...place, ...(before === undefined ? {} : { old: before }), ...(after === undefined ? {} : { new: after }) },
    ];
  });
}

/** What all copies request together; each has volumes of its own. */
function amountsOf({ replicas, autoscale, resources, volumes }: ServiceOutline): Amounts {
  const [least, most] = autoscale === undefined ? [replicas, replicas] : [autoscale.min, autoscale.max];
  const times = (each: number): [number, number] => [least * each, most * each];
  const stored = Object.values(volumes).reduce((sum, { sizeMiB }) => sum + sizeMiB, 0);
  return {
    replicas: [least, most],
    cpuMillis: times(resources.cpuMillis.request),
    memoryMiB: times(resources.memoryMiB.request),
    storageMiB: stored * replicas,
  };
}

const nothing: Amounts = { replicas: [0, 0], cpuMillis: [0, 0], memoryMiB: [0, 0], storageMiB: 0 };

/** All of them together. */
export function sumOf(amounts: readonly (Amounts | undefined)[]): Amounts {
  const add = ([a, b]: [number, number], [c, d]: [number, number]): [number, number] => [a + c, b + d];
  return amounts.reduce<Amounts>(
    (sum, each) =>
      each === undefined
        ? sum
        : {
            replicas: add(sum.replicas, each.replicas),
            cpuMillis: add(sum.cpuMillis, each.cpuMillis),
            memoryMiB: add(sum.memoryMiB, each.memoryMiB),
            storageMiB: sum.storageMiB + each.storageMiB,
          },
    nothing,
  );
}
