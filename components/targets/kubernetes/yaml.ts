import { canonical } from "../../core/canonical";
import type { SecretPlan, SystemPlan } from "../../core/plan-types";
import { partsOf, secretsIn, type Value } from "../../core/value";
import type { ClusterMonitoringModel } from "../../monitoring/cluster/manifests";
import { sorted } from "../names";
import { yamlDocument } from "../yaml";
import type { KubernetesModel, Manifest, SecretManifest } from "./model";
import { manifestsOf } from "./render";

/** Says what has to be in a Secret. */
const valuesAnnotation = "twofold.values";

/**
 * The objects of a system as YAML, a document each, for kubectl or a GitOps tool. There is no value of a secret in it:
 * the Secrets are without data, and say in an annotation what has to be in them.
 */
export function manifestsYaml(model: KubernetesModel, plan: SystemPlan): string {
  const documents = manifestsOf(model).map((manifest) =>
    yamlDocument(withoutValues(manifest), commentOf(manifest, plan)),
  );
  const omitted = model.services.flatMap(({ name, omitted }) =>
    omitted === undefined ? [] : [`# ${name} is left out: ${omitted}\n`],
  );
  return `# ${plan.name}, rendered for the namespace ${model.namespace}\n${omitted.join("")}---\n${documents.join("---\n")}`;
}

/** The cluster's monitoring, likewise. The definitions of the operator's kinds come with the operator. */
export function monitoringYaml({ namespace, objects, omitted, secrets }: ClusterMonitoringModel): string {
  const documents = objects.map((each) => {
    const manifest = each as unknown as Manifest;
    return yamlDocument(withoutValues(manifest), commentOf(manifest, { secrets }));
  });
  const left = Object.entries(omitted).map(([name, because]) => `# ${name} is left out: ${because}\n`);
  return `# the cluster's monitoring, rendered for the namespace ${namespace}\n${left.join("")}---\n${documents.join("---\n")}`;
}

function withoutValues(manifest: Manifest): object {
  if (manifest.kind !== "Secret") return manifest;
  const { stringData, metadata, ...rest } = manifest;
  const values = sorted(stringData).map(([key, value]) => `${key}: ${describe(value)}`);
  return canonical({ ...rest, metadata: { ...metadata, annotations: { [valuesAnnotation]: values.join("\n") } } });
}

/** A value with the names of its secrets in their places, and what would end the line escaped. */
function describe(value: Value): string {
  return partsOf(value)
    .map((part) => (typeof part === "string" ? JSON.stringify(part).slice(1, -1) : `<${part.id}>`))
    .join("");
}

function commentOf(manifest: Manifest, { secrets }: Pick<SystemPlan, "secrets">): string | null {
  if (manifest.kind !== "Secret") return null;
  const used = usedIn(manifest);
  return [
    ` Needs stringData with the keys of ${valuesAnnotation}, and these secrets in their places:`,
    ...secrets.filter(({ ref }) => used.has(ref.id)).map((secret) => ` ${secret.ref.id}: ${originOf(secret)}`),
  ].join("\n");
}

function usedIn({ stringData }: SecretManifest): ReadonlySet<string> {
  return new Set(
    Object.values(stringData)
      .flatMap(secretsIn)
      .map(({ id }) => id),
  );
}

function originOf({ source }: SecretPlan): string {
  return source.from === "generated"
    ? `any ${source.length} letters and digits, the same wherever it is named`
    : `${source.key} of the stack's configuration`;
}
