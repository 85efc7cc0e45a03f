import { withRunbooks } from "../runbooks";

const failing = (operation: "list" | "watch"): string => {
  const metric = `kube_state_metrics_${operation}_total`;
  return `sum(rate(${metric}{result="error"}[5m])) / sum(rate(${metric}[5m])) > 0.01`;
};

/** What may be wrong with the eyes of the rules about Kubernetes. */
export const kubeStateMetricsAlerts = withRunbooks([
  {
    name: "KubeStateMetricsListErrors",
    expr: failing("list"),
    forSeconds: 900,
    severity: "critical",
    summary: "kube-state-metrics cannot list objects, so its figures are wrong",
    description: "{{ $value | humanizePercentage }} of its lists fail",
  },
  {
    name: "KubeStateMetricsWatchErrors",
    expr: failing("watch"),
    forSeconds: 900,
    severity: "critical",
    summary: "kube-state-metrics does not hear of changes, so its figures are old",
    description: "{{ $value | humanizePercentage }} of its watches fail",
  },
]);
