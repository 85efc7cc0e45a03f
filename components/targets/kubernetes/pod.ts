import type { ServicePlan } from "../../core/plan-types";
import type { Port } from "../../core/spec";
import { imageName } from "../images";
import { sorted } from "../names";
import { type Around, isLasting, podRange } from "./around";
import { contentHash } from "./config";
import { containerSecurity, podSecurity, resourcesOf } from "./confinement";
import { envOf, literal } from "./env";
import { gateOf } from "./gate";
import { handoverOf } from "./handover";
import { labelsOf, selectorOf } from "./names";
import type { Container, PodSpec, PodTemplate, Protocol, SpreadConstraint } from "./pod-model";
import { probesOf } from "./probes";
import { mountsOf, volumesOf } from "./storage";

export const protocolOf = (protocol: Port["protocol"]): Protocol => (protocol === "tcp" ? "TCP" : "UDP");

/** The pods of a service. */
export function podTemplate(service: ServicePlan, around: Around): PodTemplate {
  const hash = contentHash(service, around);
  const gate = gateOf(service, around);
  const volumes = volumesOf(service);
  const spread = spreadOf(service);
  return {
    metadata: {
      labels: labelsOf(around.plan.name, service.name),
      ...(hash === undefined ? {} : { annotations: { "twofold.content": hash } }),
    },
    spec: {
      serviceAccountName: service.name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: restartPolicyOf(service),
      terminationGracePeriodSeconds: service.shutdown.graceSeconds + handoverOf(service, around),
      securityContext: podSecurity(service),
      ...(gate.length === 0 ? {} : { initContainers: gate }),
      containers: [containerOf(service, around)],
      ...(volumes.length === 0 ? {} : { volumes }),
      ...(spread.length === 0 ? {} : { topologySpreadConstraints: spread }),
    },
  };
}

/** What is to run for ever can have no other policy than to be restarted. */
function restartPolicyOf(service: ServicePlan): PodSpec["restartPolicy"] {
  if (isLasting(service)) return "Always";
  return service.restart.policy === "never" ? "Never" : "OnFailure";
}

function containerOf(service: ServicePlan, around: Around): Container {
  const env = envOf(service);
  const ports = sorted(service.ports).map(([, { number, protocol }]) => ({
    containerPort: number,
    protocol: protocolOf(protocol),
  }));
  const mounts = mountsOf(service);
  const seconds = handoverOf(service, around);
  return {
    name: service.name,
    image: imageName(service.image, around.options.resolveImage(service.image)),
    ...(service.command === undefined ? {} : { command: service.command.map(literal) }),
    ...(service.args === undefined ? {} : { args: service.args.map(literal) }),
    ...(env.length === 0 ? {} : { env }),
    ...(ports.length === 0 ? {} : { ports }),
    resources: resourcesOf(service),
    securityContext: containerSecurity(service),
    // the check of a job would be a check on its end
    ...(isLasting(service) ? probesOf(service) : {}),
    ...(seconds === 0 ? {} : { lifecycle: { preStop: { sleep: { seconds } } } }),
    ...(mounts.length === 0 ? {} : { volumeMounts: mounts }),
  };
}

/** Several pods are on different nodes and in different zones, as far as there are any with room. */
function spreadOf(service: ServicePlan): readonly SpreadConstraint[] {
  const [, most] = podRange(service);
  if (most === 1 || !isLasting(service)) return [];
  return ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: selectorOf(service.name),
  }));
}
