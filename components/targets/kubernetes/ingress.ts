import type { Problem } from "../../core/errors";
import type { ServicePlan } from "../../core/plan-types";
import type { Port } from "../../core/spec";
import { shortened } from "../names";
import { exposedPorts, schemeOf } from "../ports";
import type { Around } from "./around";
import type { ForwardModel, IngressManifest } from "./model";
import { metadataOf } from "./names";
import type { IngressOptions } from "./options";

/** The ports that get an ingress: those for other machines that speak HTTP. */
export function ingressPorts(service: ServicePlan): readonly [string, Port][] {
  return exposedPorts(service.ports).filter(
    ([name, { exposure, protocol }]) =>
      exposure === "public" && protocol === "tcp" && schemeOf(service, name) === "http",
  );
}

/** One ingress for all public ports of a service; each has a name of its own in the domain. */
export function ingressOf(service: ServicePlan, around: Around): readonly IngressManifest[] {
  const { ingress } = around.options;
  const ports = ingressPorts(service);
  if (ingress === undefined || ports.length === 0) return [];
  const secretName = ingress.tlsSecret === undefined ? {} : { secretName: ingress.tlsSecret };
  const hosts = ports.map(([name]) => hostOf(service, name, around, ingress));
  return [
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: metadataOf(around, service.name),
      spec: {
        ...(ingress.className === undefined ? {} : { ingressClassName: ingress.className }),
        ...(isSecure(ingress) ? { tls: [{ hosts, ...secretName }] } : {}),
        rules: ports.map(([name, { number }]) => ({
          host: hostOf(service, name, around, ingress),
          http: {
            paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: service.name, port: { number } } } }],
          },
        })),
      },
    },
  ];
}

function isSecure({ tls, tlsSecret }: IngressOptions): boolean {
  return tls === true || tlsSecret !== undefined;
}

/** Where each port with an ingress answers. */
export function addressesOf(service: ServicePlan, around: Around): Readonly<Record<string, string>> {
  const { ingress } = around.options;
  if (ingress === undefined) return {};
  const scheme = isSecure(ingress) ? "https" : "http";
  return Object.fromEntries(
    ingressPorts(service).map(([name]) => [name, `${scheme}://${hostOf(service, name, around, ingress)}`]),
  );
}

/** The exposed ports that only somebody who may use the cluster reaches: a way to each is opened on the own machine. */
export function forwardsOf(service: ServicePlan): Readonly<Record<string, ForwardModel>> {
  const reached = new Set(ingressPorts(service).map(([name]) => name));
  return Object.fromEntries(
    exposedPorts(service.ports)
      .filter(([name, { protocol }]) => protocol === "tcp" && !reached.has(name))
      .map(([name, { number, hostNumber = number }]) => [name, { number, local: hostNumber }]),
  );
}

/** Service and namespace in one label, because a certificate for `*.domain` covers one. */
function hostOf(service: ServicePlan, port: string, { options }: Around, { domain }: IngressOptions): string {
  const first = ingressPorts(service).length === 1 ? service.name : `${service.name}-${port}`;
  return `${shortened(`${first}-${options.namespace}`)}.${domain}`;
}

/** Public ports that nobody can reach. */
export function ingressProblems(service: ServicePlan, { options }: Around): readonly Problem[] {
  if (options.ingress !== undefined) return [];
  return ingressPorts(service).map(([name]) => ({
    path: `services.${service.name}.ports.${name}.exposure`,
    given: "is public, and there is no domain to reach it by",
    remedy: "set the domain of the ingress, or make the port loopback",
  }));
}
