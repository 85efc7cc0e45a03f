import type { RuleCases } from "./case";

const limitHit = (metric: string) => ({ fires: { [metric]: "+1" }, silent: { [metric]: 5 } });
const operatorRatio = (failed: string, all: string) => {
  const labels = '{controller="prometheus", namespace="monitoring"}';
  return {
    fires: { [`prometheus_operator_${failed}${labels}`]: "+5", [`prometheus_operator_${all}${labels}`]: "+10" },
    silent: { [`prometheus_operator_${failed}${labels}`]: 5, [`prometheus_operator_${all}${labels}`]: "+10" },
  };
};
const notifications = (failed: string | number) => ({
  'alertmanager_notifications_failed_total{job="alertmanager", integration="slack", reason="other"}': failed,
  'alertmanager_notifications_total{job="alertmanager", integration="slack"}': "+10",
});
const sent = (errors: string | number) => ({
  'prometheus_notifications_errors_total{alertmanager="a"}': errors,
  'prometheus_notifications_sent_total{alertmanager="a"}': "+100",
});

/** Series for the rules about monitoring itself. */
export const monitoringCases: RuleCases = {
  TargetDown: {
    fires: { 'up{job="a", service="x", instance="1"}': 0, 'up{job="a", service="x", instance="2"}': 1 },
    silent: { 'up{job="a", service="x", instance="1"}': 1, 'up{job="b", service="y"}': 1 },
  },
  PrometheusBadConfig: {
    fires: { prometheus_config_last_reload_successful: 0 },
    silent: { prometheus_config_last_reload_successful: 1 },
  },
  PrometheusRuleFailures: limitHit("prometheus_rule_evaluation_failures_total"),
  PrometheusMissingRuleEvaluations: limitHit("prometheus_rule_group_iterations_missed_total"),
  PrometheusNotificationQueueFillingUp: {
    fires: { prometheus_notifications_queue_length: "+40", prometheus_notifications_queue_capacity: 1000 },
    silent: { prometheus_notifications_queue_length: 3, prometheus_notifications_queue_capacity: 1000 },
  },
  PrometheusErrorSendingAlerts: { fires: sent("+2"), silent: sent(2) },
  PrometheusErrorSendingAlertsToAny: { fires: sent("+5"), silent: sent("+2") },
  PrometheusNotConnectedToAlertmanagers: {
    fires: { prometheus_notifications_alertmanagers_discovered: 0 },
    silent: { prometheus_notifications_alertmanagers_discovered: 1 },
  },
  PrometheusStorageReloadsFailing: limitHit("prometheus_tsdb_reloads_failures_total"),
  PrometheusCompactionsFailing: limitHit("prometheus_tsdb_compactions_failed_total"),
  PrometheusNotIngestingSamples: {
    fires: { 'prometheus_tsdb_head_samples_appended_total{type="float"}': 7 },
    silent: { 'prometheus_tsdb_head_samples_appended_total{type="float"}': "+70" },
  },
  PrometheusDuplicateTimestamps: limitHit("prometheus_target_scrapes_sample_duplicate_timestamp_total"),
  PrometheusOutOfOrderTimestamps: limitHit("prometheus_target_scrapes_sample_out_of_order_total"),
  PrometheusTargetSyncFailure: limitHit("prometheus_target_sync_failed_total"),
  PrometheusHighQueryLoad: {
    fires: { prometheus_engine_queries: 18, prometheus_engine_queries_concurrent_max: 20 },
    silent: { prometheus_engine_queries: 2, prometheus_engine_queries_concurrent_max: 20 },
  },
  PrometheusDiscoveryFailing: limitHit("prometheus_sd_refresh_failures_total"),
  PrometheusKubernetesDiscoveryFailing: limitHit("prometheus_sd_kubernetes_failures_total"),
  PrometheusTargetLimitHit: limitHit("prometheus_target_scrape_pool_exceeded_target_limit_total"),
  PrometheusLabelLimitHit: limitHit("prometheus_target_scrape_pool_exceeded_label_limits_total"),
  PrometheusBodySizeLimitHit: limitHit("prometheus_target_scrapes_exceeded_body_size_limit_total"),
  PrometheusSampleLimitHit: limitHit("prometheus_target_scrapes_exceeded_sample_limit_total"),
  AlertmanagerFailedReload: {
    fires: { alertmanager_config_last_reload_successful: 0 },
    silent: { alertmanager_config_last_reload_successful: 1 },
  },
  AlertmanagerFailedToSendAlerts: { fires: notifications("+1"), silent: notifications(1) },
  AlertmanagerCannotTell: { fires: notifications("+1"), silent: notifications(1) },
  AlertmanagerMembersInconsistent: {
    fires: {
      'alertmanager_cluster_members{job="alertmanager", instance="1"}': 1,
      'alertmanager_cluster_members{job="alertmanager", instance="2"}': 2,
    },
    silent: {
      'alertmanager_cluster_members{job="alertmanager", instance="1"}': 2,
      'alertmanager_cluster_members{job="alertmanager", instance="2"}': 2,
    },
  },
  AlertmanagerConfigInconsistent: {
    fires: {
      'alertmanager_config_hash{job="alertmanager", instance="1"}': 17,
      'alertmanager_config_hash{job="alertmanager", instance="2"}': 18,
    },
    silent: {
      'alertmanager_config_hash{job="alertmanager", instance="1"}': 17,
      'alertmanager_config_hash{job="alertmanager", instance="2"}': 17,
    },
  },
  AlertmanagerClusterDown: {
    fires: { 'up{job="alertmanager", instance="1"}': 0, 'up{job="alertmanager", instance="2"}': 1 },
    silent: { 'up{job="alertmanager", instance="1"}': 1, 'up{job="alertmanager", instance="2"}': 1 },
  },
  AlertmanagerClusterCrashLooping: {
    fires: { 'process_start_time_seconds{job="alertmanager"}': "+60", 'up{job="alertmanager"}': 1 },
    silent: { 'process_start_time_seconds{job="alertmanager"}': 60, 'up{job="alertmanager"}': 1 },
  },
  AlertmanagerFailedPeers: {
    fires: { alertmanager_cluster_failed_peers: 1 },
    silent: { alertmanager_cluster_failed_peers: 0 },
  },
  PrometheusOperatorListErrors: operatorRatio("list_operations_failed_total", "list_operations_total"),
  PrometheusOperatorWatchErrors: operatorRatio("watch_operations_failed_total", "watch_operations_total"),
  PrometheusOperatorReconcileErrors: operatorRatio("reconcile_errors_total", "reconcile_operations_total"),
  PrometheusOperatorStatusUpdateErrors: operatorRatio("status_update_errors_total", "status_update_operations_total"),
  PrometheusOperatorSyncFailed: {
    fires: { 'prometheus_operator_syncs{status="failed"}': 1 },
    silent: { 'prometheus_operator_syncs{status="failed"}': 0, 'prometheus_operator_syncs{status="ok"}': 4 },
  },
  PrometheusOperatorNotReady: {
    fires: { prometheus_operator_ready: 0 },
    silent: { prometheus_operator_ready: 1 },
  },
  PrometheusOperatorRejectedResources: {
    fires: { 'prometheus_operator_managed_resources{state="rejected"}': 1 },
    silent: { 'prometheus_operator_managed_resources{state="selected"}': 1 },
  },
  ConfigReloaderErrors: {
    fires: { reloader_last_reload_successful: 0 },
    silent: { reloader_last_reload_successful: 1 },
  },
  KubeStateMetricsListErrors: {
    fires: {
      'kube_state_metrics_list_total{result="error"}': "+1",
      'kube_state_metrics_list_total{result="success"}': "+9",
    },
    silent: {
      'kube_state_metrics_list_total{result="error"}': 1,
      'kube_state_metrics_list_total{result="success"}': "+9",
    },
  },
  KubeStateMetricsWatchErrors: {
    fires: {
      'kube_state_metrics_watch_total{result="error"}': "+1",
      'kube_state_metrics_watch_total{result="success"}': "+9",
    },
    silent: {
      'kube_state_metrics_watch_total{result="error"}': 1,
      'kube_state_metrics_watch_total{result="success"}': "+9",
    },
  },
};
