import { isDeepStrictEqual } from "node:util";
import { at, hasPending, known, pending, textAt } from "./plain";
import type { Resource, Service, Stack, View } from "./stack";

type Path = readonly string[];

/** What holds data, and how it shows that it would be another one. */
interface Holder {
  /** An output that no change in its place touches, and that a preview of another one does not know. */
  readonly identity?: Path;
  /** Inputs that can only be changed by making another one. */
  readonly immutable: readonly Path[];
}

const name: readonly Path[] = [
  ["metadata", "name"],
  ["metadata", "namespace"],
];

const holders: Readonly<Record<string, Holder>> = {
  "docker:index/volume:Volume": { identity: ["mountpoint"], immutable: [] },
  "kubernetes:core/v1:PersistentVolumeClaim": {
    immutable: [
      ...name,
      ...["accessModes", "selector", "storageClassName", "volumeName"].map((key): Path => ["spec", key]),
    ],
  },
  "kubernetes:core/v1:PersistentVolume": {
    immutable: [...name, ...["csi", "hostPath", "local", "nfs"].map((key): Path => ["spec", key])],
  },
};

interface Loss {
  readonly resource: Resource;
  readonly how: "replaced" | "deleted";
}

/** What held data in the last state, and does not go on as it is. What is retained stays although Pulumi lets go of it. */
export function lossesIn({ resources, before = [] }: Stack): readonly Loss[] {
  const now = new Map(resources.map((resource) => [resource.urn, resource]));
  return before.flatMap((resource): Loss[] => {
    const holder = holders[resource.type];
    if (holder === undefined || resource.isRetained === true) return [];
    const successor = now.get(resource.urn);
    if (successor === undefined) return [{ resource, how: "deleted" }];
    return isAnother(resource, successor, holder) ? [{ resource, how: "replaced" }] : [];
  });
}

function isAnother(was: Resource, is: Resource, { identity, immutable }: Holder): boolean {
  const id = identity === undefined ? undefined : at(was.outputs, ...identity);
  if (identity !== undefined && id !== undefined && id !== pending && id !== at(is.outputs, ...identity)) return true;
  return immutable.some((path) => {
    const [old, fresh] = [at(was.inputs, ...path), at(is.inputs, ...path)];
    return !hasPending(fresh) && !isDeepStrictEqual(old, fresh);
  });
}

interface Data {
  readonly resource: Resource;
  readonly isKept: boolean;
}

/** The volumes of a stack, and whether they stay when they are removed from it. */
export function dataIn(view: View): readonly Data[] {
  const retained = new Set(view.stack.before?.flatMap(({ urn, isRetained }) => (isRetained === true ? [urn] : [])));
  return view.stack.resources
    .filter(({ type }) => holders[type] !== undefined)
    .map((resource) => {
      const owner = view.services.find(({ things }) => things.some((thing) => thing.resource === resource));
      const mark = textAt(resource.inputs, "metadata", "annotations", "twofold.keep");
      const isKept =
        resource.isProtected === true ||
        resource.isRetained === true ||
        retained.has(resource.urn) ||
        mark !== undefined ||
        isKeptByOutline(resource, owner);
      return { resource, isKept };
    });
}

/** A volume of Docker has the name of the service and its own, with a dot between them. */
function isKeptByOutline({ inputs, name }: Resource, owner: Service | undefined): boolean {
  const [given = name] = known(textAt(inputs, "name"));
  return Object.entries(owner?.outline.volumes ?? {}).some(
    ([volume, { keep }]) => keep && given.endsWith(`.${volume}`),
  );
}
