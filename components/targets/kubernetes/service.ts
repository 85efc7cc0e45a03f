import type { ServicePlan } from "../../core/plan-types";
import { podsName } from "../../core/pods-name";
import { sorted } from "../names";
import { type Around, isLasting } from "./around";
import type { ServiceAccountManifest, ServiceManifest } from "./model";
import { metadataOf, selectorOf } from "./names";
import { protocolOf } from "./pod";

/** An identity of the service's own, with no rights and no token in its pods. */
export function accountOf(service: ServicePlan, around: Around): ServiceAccountManifest {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: metadataOf(around, service.name),
    automountServiceAccountToken: false,
  };
}

/**
 * The names of a service: its own and its aliases, behind which each connection goes to some ready pod, and a headless one, which stateful
 * pods need, on which start gates wait, and by which metrics are read from each pod.
 */
export function servicesOf(service: ServicePlan, around: Around): readonly ServiceManifest[] {
  const selector = selectorOf(service.name).matchLabels;
  const ports = sorted(service.ports).map(([name, { number, protocol }]) => ({
    name,
    port: number,
    targetPort: number,
    protocol: protocolOf(protocol),
  }));
  const spec = { selector, ...(ports.length === 0 ? {} : { ports }) };
  const names = ports.length === 0 ? [] : [service.name, ...service.aliases];
  const headless = metadataOf(around, service.name, podsName(service.name));
  return [
    ...names.map(
      (name) =>
        ({ apiVersion: "v1", kind: "Service", metadata: metadataOf(around, service.name, name), spec }) as const,
    ),
    ...(hasHeadless(service, around)
      ? [{ apiVersion: "v1", kind: "Service", metadata: headless, spec: { clusterIP: "None", ...spec } } as const]
      : []),
  ];
}

/** Whether a service has a name that resolves to its pods, and only while they are ready. */
function hasHeadless(service: ServicePlan, { awaited }: Around): boolean {
  const isLookedUp = awaited.has(service.name) || service.metrics !== undefined;
  return service.kind === "stateful" || (isLookedUp && isLasting(service));
}
