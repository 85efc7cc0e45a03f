import type { ConnectionPlan, ExternalPlan, SecretPlan, ServicePlan, SystemPlan } from "../../core/plan-types";
import type { RenderOptions } from "./options";

/** What every part of the rendering of a service may look at; by name, so that a large system takes no longer for each. */
export interface Around {
  readonly plan: SystemPlan;
  readonly options: RenderOptions;
  readonly services: ReadonlyMap<string, ServicePlan>;
  /** Why services cannot run here. */
  readonly omitted: ReadonlyMap<string, string>;
  /** Services that others wait for. */
  readonly awaited: ReadonlySet<string>;
  /** Connections to a service, and those from it. */
  readonly incoming: ReadonlyMap<string, readonly ConnectionPlan[]>;
  readonly outgoing: ReadonlyMap<string, readonly ConnectionPlan[]>;
  readonly externals: ReadonlyMap<string, readonly ExternalPlan[]>;
  /** By the id of their reference. */
  readonly secrets: ReadonlyMap<string, SecretPlan>;
}

export function aroundOf(plan: SystemPlan, options: RenderOptions): Around {
  return {
    plan,
    options,
    services: new Map(plan.services.map((service) => [service.name, service])),
    omitted: new Map(
      plan.services.flatMap(({ name, image }) => {
        const resolved = options.resolveImage(image);
        return resolved.kind === "unavailable" ? [[name, resolved.because]] : [];
      }),
    ),
    awaited: new Set(plan.services.flatMap(({ waits }) => waits.map(({ service }) => service))),
    incoming: Map.groupBy(plan.connections, ({ to }) => to),
    outgoing: Map.groupBy(plan.connections, ({ from }) => from),
    externals: Map.groupBy(plan.externals, ({ from }) => from),
    secrets: new Map(plan.secrets.map((secret) => [secret.ref.id, secret])),
  };
}

/** Whether its pods run until they are stopped. */
export function isLasting({ kind }: ServicePlan): boolean {
  return kind === "service" || kind === "stateful";
}

/** How many pods of a service may run, in the order least and most. */
export function podRange({ replicas, autoscale }: ServicePlan): readonly [number, number] {
  return autoscale === undefined ? [replicas, replicas] : [autoscale.min, autoscale.max];
}
