import { z } from "zod";

const container = z.object({ resources: z.object({ requests: z.object({ cpu: z.string() }) }) });
const pod = z.object({ initContainers: z.array(container).default([]), containers: z.array(container) });
const objects = z.array(
  z.object({
    kind: z.string(),
    metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
    spec: z.looseObject({ replicas: z.int().default(1) }).prefault({}),
  }),
);
const template = z.object({ template: z.object({ spec: pod }) });
const scaler = z.object({ minReplicas: z.int(), scaleTargetRef: z.object({ name: z.string() }) });

/** The container that the operator puts beside each Prometheus and each Alertmanager, as it is told to. */
const reloader = 5;

/** Thousandths of a core that a node has to have free for all pods of these objects at once, as few as may run. */
export function requestedMillis(given: readonly object[]): number {
  const all = objects.parse(given);
  const key = (namespace: string | undefined, name: string): string => `${namespace ?? ""}/${name}`;
  const scaled = new Map(
    all
      .filter(({ kind }) => kind === "HorizontalPodAutoscaler")
      .map(({ metadata, spec }) => {
        const { minReplicas, scaleTargetRef } = scaler.parse(spec);
        return [key(metadata.namespace, scaleTargetRef.name), minReplicas];
      }),
  );
  return all.reduce((sum, { kind, metadata: { namespace, name }, spec }) => {
    switch (kind) {
      case "Deployment":
        return sum + (scaled.get(key(namespace, name)) ?? spec.replicas) * ofPod(template.parse(spec).template.spec);
      case "StatefulSet":
      case "DaemonSet":
      case "Job":
        return sum + spec.replicas * ofPod(template.parse(spec).template.spec);
      case "CronJob":
        return (
          sum +
          ofPod(z.object({ jobTemplate: z.object({ spec: template }) }).parse(spec).jobTemplate.spec.template.spec)
        );
      case "Prometheus":
      case "Alertmanager":
        return sum + spec.replicas * (millis(container.parse(spec)) + reloader);
      default:
        return sum;
    }
  }, 0);
}

/** A pod starts one container after the other, and then has the rest of them at once. */
function ofPod({ initContainers, containers }: z.output<typeof pod>): number {
  return Math.max(
    containers.reduce((sum, each) => sum + millis(each), 0),
    ...initContainers.map(millis),
  );
}

function millis({ resources: { requests } }: z.output<typeof container>): number {
  if (!/^\d+m$/.test(requests.cpu)) throw new Error(`${requests.cpu} is not in thousandths of a core`);
  return Number.parseInt(requests.cpu, 10);
}
