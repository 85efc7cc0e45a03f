import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SecretPlan } from "../core/plan-types";
import type { SecretRef } from "../core/value";

/** Finds a secret in the stack's configuration; `undefined` when it is not set. */
export type ConfigSecrets = (key: string) => pulumi.Output<string> | undefined;

/** Beneath what the generated secrets are made. */
interface Owner {
  /** Begins their names. */
  readonly name: string;
  readonly component: pulumi.Resource;
}

/** Makes the generated secrets and fetches the configured ones, which must all be there. Every value is marked secret. */
export function realiseSecrets(
  secrets: readonly SecretPlan[],
  configured: ConfigSecrets,
  owner: Owner,
): (ref: SecretRef) => pulumi.Output<string> {
  const values = new Map(
    secrets.map((secret) => [secret.ref.id, pulumi.secret(secretValue(secret, configured, owner))]),
  );
  return (ref) => {
    const value = values.get(ref.id);
    if (value === undefined) throw new Error(`the secret ${ref.id} is not part of the plan`);
    return value;
  };
}

function secretValue(
  { ref, source }: SecretPlan,
  configured: ConfigSecrets,
  { name, component }: Owner,
): pulumi.Output<string> {
  if (source.from === "config") {
    const value = configured(source.key);
    if (value === undefined) throw new Error(`the secret ${ref.id} is not in the configuration`);
    return value;
  }
  const { length, rotation } = source;
  // Letters and digits only: such a password needs no escaping inside a URL.
  const args = { length, special: false, keepers: { rotation: String(rotation) } };
  return new random.RandomPassword(`${name}-${ref.key}`, args, { parent: component }).result;
}
