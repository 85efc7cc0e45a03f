import type { Problem } from "../../core/errors";
import type { FilePlan, ServicePlan } from "../../core/plan-types";
import { partsOf, secretsIn, type Value } from "../../core/value";
import { shortHash } from "../names";
import type { Around } from "./around";
import { secretEnv } from "./env";
import type { ConfigMapManifest, SecretManifest } from "./model";
import { dataKey, metadataOf } from "./names";
import type { FileItem } from "./pod-model";

/** The files of a service, apart by whether they hold a secret. */
export function filesOf({ files }: ServicePlan): {
  readonly plain: readonly FileItem[];
  readonly secret: readonly FileItem[];
} {
  const items = (chosen: readonly FilePlan[]): readonly FileItem[] =>
    chosen.map(({ path, mode }) => ({ key: dataKey(path), path: dataKey(path), mode }));
  return {
    plain: items(files.filter(({ content }) => secretsIn(content).length === 0)),
    secret: items(files.filter(({ content }) => secretsIn(content).length > 0)),
  };
}

/** A ConfigMap and a Secret with exactly what the service is given, each only if there is something for it. */
export function configOf(service: ServicePlan, around: Around): readonly (ConfigMapManifest | SecretManifest)[] {
  const { data, stringData } = contentOf(service);
  const metadata = metadataOf(around, service.name);
  return [
    ...(Object.keys(data).length === 0 ? [] : [{ apiVersion: "v1", kind: "ConfigMap", metadata, data } as const]),
    ...(Object.keys(stringData).length === 0
      ? []
      : [{ apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", stringData } as const]),
  ];
}

interface Content {
  readonly data: Readonly<Record<string, string>>;
  readonly stringData: Readonly<Record<string, Value>>;
}

function contentOf(service: ServicePlan): Content {
  const data: Record<string, string> = {};
  const stringData: Record<string, Value> = { ...secretEnv(service) };
  for (const { path, content } of service.files) {
    if (typeof content === "string") data[dataKey(path)] = content;
    else stringData[dataKey(path)] = content;
  }
  return { data, stringData };
}

/**
 * Changes when pods must be made anew because of what they are given: with each file, and with each new rotation of a
 * secret. It is made of references and never of a secret's value, which could be guessed from a hash.
 */
export function contentHash(service: ServicePlan, { secrets }: Around): string | undefined {
  const content = contentOf(service);
  const values = Object.values(content.stringData);
  if (values.length === 0 && Object.keys(content.data).length === 0) return undefined;
  const used = [...new Set(values.flatMap(secretsIn).map(({ id }) => id))].sort();
  return shortHash(JSON.stringify([content, used.map((id) => secrets.get(id))]), 16);
}

/** What one ConfigMap or Secret may hold, in bytes. */
const most = 1_048_576;

/** Files that are too large together. A secret counts with the length that it will have, as far as that is known. */
export function configProblems(service: ServicePlan, { secrets }: Around): readonly Problem[] {
  const lengthOf = (part: ReturnType<typeof partsOf>[number]): number => {
    if (typeof part === "string") return Buffer.byteLength(part);
    const source = secrets.get(part.id)?.source;
    return source?.from === "generated" ? source.length : 0;
  };
  const { data, stringData } = contentOf(service);
  return [data, stringData]
    .map((record) =>
      Object.values<Value>(record)
        .flatMap(partsOf)
        .reduce((sum, part) => sum + lengthOf(part), 0),
    )
    .filter((bytes) => bytes > most)
    .map((bytes) => ({
      path: `services.${service.name}.files`,
      given: `are ${bytes} bytes together, and one ConfigMap or Secret holds ${most}`,
      remedy: "put large files into the image",
    }));
}
