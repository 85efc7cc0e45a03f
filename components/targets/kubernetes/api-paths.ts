import type { Manifest } from "./model";

/** How the API calls the objects of each kind that a system is made of. */
export const plurals: Readonly<Record<Manifest["kind"], string>> = {
  Namespace: "namespaces",
  NetworkPolicy: "networkpolicies",
  ServiceAccount: "serviceaccounts",
  ConfigMap: "configmaps",
  Secret: "secrets",
  PersistentVolumeClaim: "persistentvolumeclaims",
  Service: "services",
  Deployment: "deployments",
  StatefulSet: "statefulsets",
  Job: "jobs",
  CronJob: "cronjobs",
  HorizontalPodAutoscaler: "horizontalpodautoscalers",
  PodDisruptionBudget: "poddisruptionbudgets",
  Ingress: "ingresses",
  ServiceMonitor: "servicemonitors",
  PrometheusRule: "prometheusrules",
};

/** Where a group and version of the API begins. */
export const apiPath = (apiVersion: string): string => (apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`);

/** Where an object is; one without a namespace belongs to the whole cluster. */
export function objectPath(apiVersion: string, plural: string, namespace: string | undefined, name: string): string {
  const place = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `${apiPath(apiVersion)}${place}/${plural}/${name}`;
}
