import { isThere, mayBe } from "../facts/matching";
import { at, itemsAt, known, numberAt, pending, textAt } from "../facts/plain";
import { selects } from "../facts/selector";
import type { StackFinding, Thing, View } from "../facts/stack";
import type { Workload } from "../facts/workload";
import { kubernetes, type Rule } from "./rule";

const blind = "objects that something else than this stack has made";

/** Whether objects that name each other are there. */
export const referenceRules: readonly Rule[] = [
  {
    of: "stack",
    id: "service-account-exists",
    title: "The service accounts of pods are there",
    severity: "medium",
    targets: kubernetes,
    why: "Pods that name an account which is not there are never made.",
    remedy: "Make the ServiceAccount in the same stack.",
    example: "kind: ServiceAccount, metadata: { name: api }",
    references: { kubeLinter: ["non-existent-service-account"] },
    blind,
    check: (view) =>
      view.running.flatMap(({ thing, workload }) =>
        known(textAt(workload.plain, "serviceAccountName"))
          .filter((name) => name !== "default")
          .flatMap((name) => unlessThere(view, thing, "ServiceAccount", name)),
      ),
  },
  {
    of: "stack",
    id: "references-resolve",
    title: "The ConfigMaps, Secrets and claims that pods use are there",
    severity: "high",
    targets: kubernetes,
    why: "A pod waits for what it names, for ever.",
    remedy: "Make it in the same stack, correct the name, or mark it as optional.",
    example: "volumes: [{ name: files, configMap: { name: api } }]",
    references: { kubeLinter: ["env-value-from"] },
    blind,
    check: (view) =>
      view.running.flatMap(({ thing, workload }) =>
        referencesOf(workload).flatMap(([kind, name]) => unlessThere(view, thing, kind, name)),
      ),
  },
  {
    of: "stack",
    id: "headless-service",
    title: "A StatefulSet has its headless Service",
    severity: "high",
    targets: kubernetes,
    why: "Its pods have no names of their own without it.",
    remedy: "Make a Service with clusterIP: None, and name it in serviceName.",
    example: "serviceName: db-pods",
    references: { kubeScore: ["statefulset-has-servicename"] },
    check: (view) => view.ofKind("StatefulSet").flatMap((set) => withoutHeadless(set, view)),
  },
  {
    of: "stack",
    id: "monitor-selects-service",
    title: "Every ServiceMonitor selects a Service",
    severity: "high",
    targets: kubernetes,
    why: "Nothing is measured, and no alert says so.",
    remedy: "Let the selector be labels that the Service has.",
    example: "selector: { matchLabels: { app.kubernetes.io/name: api } }",
    references: { kubeLinter: ["dangling-servicemonitor"] },
    blind,
    check: (view) =>
      view
        .ofKind("ServiceMonitor")
        // Services of another namespace may be somebody else's
        .filter(({ plain }) => at(plain, "spec", "namespaceSelector") === undefined)
        .filter(({ plain }) =>
          view.ofKind("Service").every(({ labels }) => selects(at(plain, "spec", "selector"), labels) === false),
        )
        .map(({ resource }) => ({ on: resource, message: "selects no Service" })),
  },
  {
    of: "stack",
    id: "hpa-target-exists",
    title: "What an autoscaler scales is there",
    severity: "high",
    targets: kubernetes,
    why: "Nothing is scaled, and nobody notices before the day that it is needed.",
    remedy: "Name the workload in scaleTargetRef.",
    example: "scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: api }",
    references: { kubeLinter: ["dangling-horizontalpodautoscaler"], kubeScore: ["horizontalpodautoscaler-has-target"] },
    blind,
    check: (view) =>
      view.ofKind("HorizontalPodAutoscaler").flatMap((scaler) => {
        const [kind] = known(textAt(scaler.plain, "spec", "scaleTargetRef", "kind"));
        const [name] = known(textAt(scaler.plain, "spec", "scaleTargetRef", "name"));
        return kind === undefined || name === undefined ? [] : unlessThere(view, scaler, kind, name);
      }),
  },
  {
    of: "stack",
    id: "hpa-owns-replicas",
    title: "What an autoscaler scales has no fixed number of pods",
    severity: "high",
    targets: kubernetes,
    why: "Each deployment sets the number back, in the middle of the load.",
    remedy: "Leave replicas out, or leave its changes to others with ignoreChanges.",
    example: 'ignoreChanges: ["spec.replicas"]',
    references: { kubeScore: ["deployment-targeted-by-hpa-does-not-have-replicas-configured"] },
    check: (view) =>
      view.ofKind("HorizontalPodAutoscaler").flatMap((scaler) => {
        const [name] = known(textAt(scaler.plain, "spec", "scaleTargetRef", "name"));
        const scaled = view
          .ofKind("Deployment")
          .filter((each) => each.name === name && each.namespace === scaler.namespace);
        return scaled
          .filter(
            ({ plain, resource }) =>
              typeof numberAt(plain, "spec", "replicas") === "number" && !leavesReplicas(resource),
          )
          .map(({ resource }) => ({ on: resource, message: "has a fixed number of pods besides an autoscaler" }));
      }),
  },
];

function leavesReplicas({ ignoreChanges = [] }: Thing["resource"]): boolean {
  return ignoreChanges.some((path) => path === "spec" || path === "spec.replicas");
}

function unlessThere(view: View, { namespace, resource }: Thing, kind: string, name: string): readonly StackFinding[] {
  if (namespace === undefined || isThere(view, kind, namespace, name)) return [];
  return [{ on: resource, message: `uses the ${kind} ${name}, which is not there` }];
}

/** What a pod names and cannot start without, by kind and name. */
function referencesOf({ plain }: Workload): readonly (readonly [string, string])[] {
  const containers = [...itemsAt(plain, "containers"), ...itemsAt(plain, "initContainers")];
  const named = (kind: string, source: unknown, key: string): readonly (readonly [string, string])[] =>
    [true, pending].includes(at(source, "optional") as boolean)
      ? []
      : known(textAt(source, key)).map((name) => [kind, name] as const);
  return [
    ...containers.flatMap((container) => [
      ...itemsAt(container, "env").flatMap((variable) => [
        ...named("ConfigMap", at(variable, "valueFrom", "configMapKeyRef"), "name"),
        ...named("Secret", at(variable, "valueFrom", "secretKeyRef"), "name"),
      ]),
      ...itemsAt(container, "envFrom").flatMap((source) => [
        ...named("ConfigMap", at(source, "configMapRef"), "name"),
        ...named("Secret", at(source, "secretRef"), "name"),
      ]),
    ]),
    ...itemsAt(plain, "volumes").flatMap((volume) => [
      ...named("ConfigMap", at(volume, "configMap"), "name"),
      ...named("Secret", at(volume, "secret"), "secretName"),
      ...named("PersistentVolumeClaim", at(volume, "persistentVolumeClaim"), "claimName"),
    ]),
  ];
}

function withoutHeadless({ plain, namespace, resource }: Thing, view: View): readonly StackFinding[] {
  const name = textAt(plain, "spec", "serviceName");
  if (name === pending || namespace === undefined) return [];
  if (name === undefined) return [{ on: resource, message: "names no Service" }];
  const isHeadless = view.ofKind("Service").some((service) => {
    const address = textAt(service.plain, "spec", "clusterIP");
    return mayBe(service, name, namespace) && (address === "None" || address === pending);
  });
  return isHeadless ? [] : [{ on: resource, message: `names ${name}, which is no headless Service` }];
}
