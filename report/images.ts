import type { Properties } from "./events";
import { type Described, keyOf } from "./outline";
import { itemsOf, textAt, valueAt } from "./property-path";
import { isCarrier, type Resource, types, workloads } from "./resource";
import type { ImageChange } from "./schema";

/** Images that are exchanged for others, once for each service, with their digests where they are known. */
export function imagesOf(resources: ReadonlyMap<string, Resource>, { placeOf }: Described): readonly ImageChange[] {
  const digests = pulledDigests(resources);
  const changes = [...resources.values()].flatMap((resource) => {
    const { old, new: fresh, type } = resource;
    if (old === undefined || fresh === undefined || isCarrier(resource)) return [];
    const after = imagesIn(type, fresh.inputs);
    return [...imagesIn(type, old.inputs)].flatMap(([container, image]): readonly ImageChange[] => {
      const other = after.get(container);
      if (other === undefined || other === image) return [];
      const [before, now] = [partsOf(image, digests), partsOf(other, digests)];
      return [
        {
          ...placeOf(resource),
          old: before.name,
          new: now.name,
          ...(before.digest === undefined ? {} : { oldDigest: before.digest }),
          ...(now.digest === undefined ? {} : { newDigest: now.digest }),
        },
      ];
    });
  });
  return [
    ...new Map(
      changes.map((change) => [`${keyOf(change)} ${change.old} ${change.new} ${change.newDigest ?? ""}`, change]),
    ).values(),
  ];
}

/** The images of a resource by the names of its containers. */
function imagesIn(type: string, inputs: Properties): ReadonlyMap<string, string> {
  const found: (readonly [string, unknown])[] = [];
  if (type === types.container) found.push(["", inputs["image"]]);
  const pods = [
    ["spec", "template", "spec"],
    ["spec", "jobTemplate", "spec", "template", "spec"],
  ];
  if (workloads.includes(type))
    for (const pod of pods)
      for (const list of ["initContainers", "containers"])
        for (const container of itemsOf(valueAt(inputs, [...pod, list])))
          found.push([`${list} ${String(valueAt(container, ["name"]))}`, valueAt(container, ["image"])]);
  return new Map(found.flatMap(([name, image]) => (typeof image === "string" ? [[name, image] as const] : [])));
}

const digestPattern = /sha256:[0-9a-f]{64}/;

/** What the engine of Docker pulled for a reference, in the state or in what this change makes of it. */
function pulledDigests(resources: ReadonlyMap<string, Resource>): ReadonlyMap<string, string> {
  const pulled = [...resources.values()].filter(({ type }) => type === types.image);
  return new Map(
    pulled.flatMap(({ old, new: fresh }) =>
      [old, fresh].flatMap((state) => {
        const name = state?.outputs["name"];
        const digest = digestPattern.exec(textAt(state?.outputs, ["repoDigest"]) ?? "")?.[0];
        return typeof name === "string" && digest !== undefined ? [[name, digest] as const] : [];
      }),
    ),
  );
}

function partsOf(
  reference: string,
  digests: ReadonlyMap<string, string>,
): { name: string; digest: string | undefined } {
  const [name = reference, digest] = reference.split("@");
  return { name, digest: digest ?? digests.get(reference) };
}
