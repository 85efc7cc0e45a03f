import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SecretPlan } from "../core/plan-types";
import type { SecretRef } from "../core/value";

/** Finds a secret in the stack's configuration; `undefined` when it is not set. */
export type ConfigSecrets = (key: string) => pulumi.Output<string> | undefined;

/** Makes the generated secrets and fetches the configured ones. Every configured one must be there. */
export function realiseSecrets(
  secrets: readonly SecretPlan[],
  configured: ConfigSecrets,
  parent: pulumi.Resource,
): (ref: SecretRef) => pulumi.Output<string> {
  const values = new Map(secrets.map(({ ref, source }) => [ref.id, secretValue(ref, source, configured, parent)]));
  return (ref) => {
    const value = values.get(ref.id);
    if (value === undefined) throw new Error(`the secret ${ref.id} is not part of the plan`);
    return value;
  };
}

function secretValue(
  ref: SecretRef,
  source: SecretPlan["source"],
  configured: ConfigSecrets,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  if (source.from === "config") {
    const value = configured(source.key);
    if (value === undefined) throw new Error(`the secret ${ref.id} is not in the configuration`);
    return value;
  }
  const { length, rotation } = source;
  // Letters and digits only: such a password needs no escaping inside a URL.
  const args = { length, special: false, keepers: { rotation: String(rotation) } };
  return new random.RandomPassword(`${ref.owner}-${ref.key}`, args, { parent }).result;
}
