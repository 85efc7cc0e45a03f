import type * as pulumi from "@pulumi/pulumi";
import type { SupportTable } from "../core/gaps";
import type { SystemPlan } from "../core/plan-types";
import type { SecretRef } from "../core/value";

/** What a target needs in order to make resources. */
export interface Scope {
  /** The component beneath which the resources of a service are made; `undefined` asks for the system's own. */
  parentOf(service: string | undefined): pulumi.Resource;
  /** The value of a secret, always marked as secret. */
  secret(ref: SecretRef): pulumi.Output<string>;
}

/** What exists after a system was realised. */
export interface Realised {
  /** Where each exposed port answers: `service/port` to a URL or address. Resolves when everything is up. */
  readonly addresses: pulumi.Output<Record<string, string>>;
  /** Services that were described but could not be deployed here, with the reason. */
  readonly omitted: Readonly<Record<string, string>>;
}

/** A place where systems run. `render` is pure and deterministic; only `realise` touches Pulumi. */
export interface Target<Model = unknown> {
  readonly id: "docker" | "kubernetes";
  readonly support: SupportTable;
  render(plan: SystemPlan): Model;
  realise(model: Model, scope: Scope): Realised;
}
