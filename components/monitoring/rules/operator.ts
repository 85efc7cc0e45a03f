import { withRunbooks } from "../runbooks";

const ratio = (failed: string, all: string): string =>
  `sum by (controller, namespace) (rate(${failed}[10m])) / sum by (controller, namespace) (rate(${all}[10m]))`;

/** What may be wrong with the operator that makes Prometheus and Alertmanager of a cluster, and with what reloads them. */
export const operatorAlerts = withRunbooks([
  {
    name: "PrometheusOperatorListErrors",
    expr: `${ratio("prometheus_operator_list_operations_failed_total", "prometheus_operator_list_operations_total")} > 0.4`,
    forSeconds: 900,
    severity: "warning",
    summary: "the operator cannot list what it looks after",
    description: "{{ $value | humanizePercentage }} of the lists of {{ $labels.controller }} fail",
  },
  {
    name: "PrometheusOperatorWatchErrors",
    expr: `${ratio("prometheus_operator_watch_operations_failed_total", "prometheus_operator_watch_operations_total")} > 0.4`,
    forSeconds: 900,
    severity: "warning",
    summary: "the operator does not hear of changes",
    description: "{{ $value | humanizePercentage }} of the watches of {{ $labels.controller }} fail",
  },
  {
    name: "PrometheusOperatorReconcileErrors",
    expr: `${ratio("prometheus_operator_reconcile_errors_total", "prometheus_operator_reconcile_operations_total")} > 0.1`,
    forSeconds: 600,
    severity: "warning",
    summary: "the operator cannot make things as they are described",
    description: "{{ $value | humanizePercentage }} of the attempts of {{ $labels.controller }} fail",
  },
  {
    name: "PrometheusOperatorStatusUpdateErrors",
    expr: `${ratio("prometheus_operator_status_update_errors_total", "prometheus_operator_status_update_operations_total")} > 0.1`,
    forSeconds: 600,
    severity: "warning",
    summary: "the operator cannot say how things are",
    description: "{{ $value | humanizePercentage }} of the attempts of {{ $labels.controller }} fail",
  },
  {
    name: "PrometheusOperatorSyncFailed",
    expr: 'min_over_time(prometheus_operator_syncs{status="failed"}[5m]) > 0',
    forSeconds: 600,
    severity: "warning",
    summary: "something that the operator looks after is not in order",
    description: "{{ $value }} objects of {{ $labels.controller }} failed the last time",
  },
  {
    name: "PrometheusOperatorNotReady",
    expr: "max_over_time(prometheus_operator_ready[5m]) == 0",
    forSeconds: 300,
    severity: "warning",
    summary: "the operator is not ready",
    description: "{{ $labels.controller }} cannot work on changes",
  },
  {
    name: "PrometheusOperatorRejectedResources",
    expr: 'min_over_time(prometheus_operator_managed_resources{state="rejected"}[5m]) > 0',
    forSeconds: 300,
    severity: "warning",
    summary: "somebody's rules or targets were refused",
    description: "{{ $value }} objects of the kind {{ $labels.resource }} are left out",
  },
  {
    name: "ConfigReloaderErrors",
    expr: "max_over_time(reloader_last_reload_successful[5m]) == 0",
    forSeconds: 600,
    severity: "warning",
    summary: "a new configuration is not loaded",
    description: "the reloader of {{ $labels.pod }} fails",
  },
]);
