import { z } from "zod";
import { differences } from "./compare";
import type { Difference } from "./finding";
import { Secret } from "./state";

const labelled = z
  .array(z.object({ label: z.string(), value: z.string() }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ label, value }) => [label, value])));

const madeNetwork = z.object({
  internal: z.boolean().default(false),
  ipamConfigs: z.array(z.object({ subnet: z.string() })).default([]),
  options: z.record(z.string(), z.string()).default({}),
  labels: labelled,
});
const realNetwork = z.object({
  Internal: z.boolean(),
  IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string().optional() })).nullish() }),
  Options: z.record(z.string(), z.string()).nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
});

/** What of a network is not as it was made. */
export function networkDifferences(inputs: unknown, inspection: unknown): readonly Difference[] {
  const { ipamConfigs, ...made } = madeNetwork.parse(inputs);
  const { Internal, IPAM, Options, Labels } = realNetwork.parse(inspection);
  return differences(
    { ...made, subnets: ipamConfigs.map(({ subnet }) => subnet) },
    { internal: Internal, options: Options, labels: Labels, subnets: (IPAM.Config ?? []).map(({ Subnet }) => Subnet) },
  );
}

const madeVolume = z.object({ labels: labelled });
const realVolume = z.object({ Labels: z.record(z.string(), z.string()).nullish() });

/** What of a volume is not as it was made; its contents are the services' own. */
export function volumeDifferences(inputs: unknown, inspection: unknown): readonly Difference[] {
  return differences(madeVolume.parse(inputs), { labels: realVolume.parse(inspection).Labels });
}

/** A state that has one secret among files calls all that is said of them secret. */
const text = z.union([z.string(), z.instanceof(Secret).transform(({ value }) => String(value))]);
const madeFiles = z.object({
  uploads: z
    .array(
      z.object({
        file: text,
        permissions: text.optional(),
        content: text.optional(),
        contentBase64: text.optional(),
      }),
    )
    .default([]),
});

/** A file as it is in a container. */
export interface RealFile {
  /** Its bits of permission. */
  readonly mode: number;
  readonly content: Buffer;
}

/** The files that a container was given; folders among them are not compared. */
export function filesOf(inputs: unknown): readonly string[] {
  return madeFiles.parse(inputs).uploads.flatMap(({ file }) => (file.endsWith("/") ? [] : [file]));
}

/** What of a container's files is not as it was made. Contents are told apart, and not shown. */
export function fileDifferences(inputs: unknown, found: ReadonlyMap<string, RealFile>): readonly Difference[] {
  return madeFiles.parse(inputs).uploads.flatMap(({ file, permissions, content, contentBase64 }) => {
    if (file.endsWith("/")) return [];
    const real = found.get(file);
    const made = content === undefined ? Buffer.from(contentBase64 ?? "", "base64") : Buffer.from(content);
    const path = `files[${file}]`;
    if (real === undefined) return [{ path, made: "a file", found: undefined }];
    const mode = differences(permissions, real.mode.toString(8).padStart(4, "0"), `${path}.mode`);
    return made.equals(real.content)
      ? mode
      : [...mode, { path, made: sizeOf(made), found: `other, ${sizeOf(real.content)}` }];
  });
}

const sizeOf = (content: Buffer): string => `${content.length} bytes`;
