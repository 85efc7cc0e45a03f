import type { RuleCases, Series } from "./case";

const part = (job: string) => ({ fires: { 'up{job="other"}': 1 }, silent: { [`up{job="${job}"}`]: 1 } });
const hidden = (job: string) => ({ fires: { [`up{job="${job}"}`]: 0 }, silent: { 'up{job="other"}': 0 } });
const condition = (name: string, status: string, value: number): Series => ({
  [`kube_node_status_condition{node="a", condition="${name}", status="${status}"}`]: value,
});
const clients = (seconds: number): Series => ({
  [`apiserver_client_certificate_expiration_seconds_bucket{job="apiserver", le="${seconds}"}`]: "+10",
  'apiserver_client_certificate_expiration_seconds_bucket{job="apiserver", le="+Inf"}': "+10",
  'apiserver_client_certificate_expiration_seconds_count{job="apiserver"}': "+10",
});
/** A histogram in which everything takes less than `le`, and more than the bucket below. */
const slow = (metric: string, below: number, le: number): Series => ({
  [`${metric}_bucket{instance="a", le="${below}"}`]: 0,
  [`${metric}_bucket{instance="a", le="${le}"}`]: "+10",
  [`${metric}_bucket{instance="a", le="+Inf"}`]: "+10",
});
const certificate = (name: string) => ({
  fires: { [`kubelet_certificate_manager_${name}_ttl_seconds`]: 3600 },
  silent: { [`kubelet_certificate_manager_${name}_ttl_seconds`]: 30 * 86_400 },
});
const requests = (failed: string | number): Series => ({
  'rest_client_requests_total{job="kubelet", instance="a", code="503"}': failed,
  'rest_client_requests_total{job="kubelet", instance="a", code="200"}': "+100",
});

/** Series for the rules about a cluster itself. */
export const clusterCases: RuleCases = {
  KubeVersionMismatch: {
    fires: {
      'kubernetes_build_info{job="kubelet", git_version="v1.33.0"}': 1,
      'kubernetes_build_info{job="apiserver", git_version="v1.34.0"}': 1,
    },
    silent: {
      'kubernetes_build_info{job="kubelet", git_version="v1.34.0"}': 1,
      'kubernetes_build_info{job="apiserver", git_version="v1.34.0"}': 1,
      'kubernetes_build_info{job="coredns", git_version="v1.0.0"}': 1,
    },
  },
  KubeClientErrors: { fires: requests("+5"), silent: requests(5) },
  KubeClientCertificateExpiration: { fires: clients(3600), silent: clients(7_776_000_000) },
  KubeAggregatedAPIErrors: {
    fires: { 'aggregator_unavailable_apiservice_total{name="v1beta1.metrics.k8s.io", reason="Timeout"}': "+2" },
    silent: { 'aggregator_unavailable_apiservice_total{name="v1beta1.metrics.k8s.io", reason="Timeout"}': 2 },
  },
  KubeAggregatedAPIDown: {
    fires: { 'aggregator_unavailable_apiservice{name="v1beta1.metrics.k8s.io"}': 1 },
    silent: { 'aggregator_unavailable_apiservice{name="v1beta1.metrics.k8s.io"}': 0 },
  },
  KubeAPITerminatedRequests: {
    fires: {
      'apiserver_request_terminations_total{job="apiserver"}': "+30",
      'apiserver_request_total{job="apiserver"}': "+100",
    },
    silent: {
      'apiserver_request_terminations_total{job="apiserver"}': 30,
      'apiserver_request_total{job="apiserver"}': "+100",
    },
  },
  KubeAPIDown: part("apiserver"),
  KubeletDown: part("kubelet"),
  KubeSchedulerDown: hidden("kube-scheduler"),
  KubeControllerManagerDown: hidden("kube-controller-manager"),
  KubeNodeNotReady: { fires: condition("Ready", "true", 0), silent: condition("Ready", "true", 1) },
  KubeNodePressure: { fires: condition("DiskPressure", "true", 1), silent: condition("DiskPressure", "true", 0) },
  KubeNodeUnreachable: {
    fires: { 'kube_node_spec_taint{node="a", key="node.kubernetes.io/unreachable", effect="NoSchedule"}': 1 },
    silent: { 'kube_node_spec_taint{node="a", key="dedicated", effect="NoSchedule"}': 1 },
  },
  KubeNodeReadinessFlapping: {
    fires: { 'kube_node_status_condition{node="a", condition="Ready", status="true"}': "1 0 ".repeat(38).trim() },
    silent: condition("Ready", "true", 1),
  },
  KubeNodeEviction: {
    fires: { 'kubelet_evictions{instance="a", eviction_signal="memory.available"}': "+1" },
    silent: { 'kubelet_evictions{instance="a", eviction_signal="memory.available"}': 1 },
  },
  KubeletTooManyPods: {
    fires: { 'kube_pod_info{node="a", pod="1"}': 1, 'kube_node_status_allocatable{node="a", resource="pods"}': 1 },
    silent: { 'kube_pod_info{node="a", pod="1"}': 1, 'kube_node_status_allocatable{node="a", resource="pods"}': 110 },
  },
  KubeletPodStartUpLatencyHigh: {
    fires: slow("kubelet_pod_worker_duration_seconds", 60, 120),
    silent: slow("kubelet_pod_worker_duration_seconds", 1, 2),
  },
  KubeletPlegDurationHigh: {
    fires: slow("kubelet_pleg_relist_duration_seconds", 10, 20),
    silent: slow("kubelet_pleg_relist_duration_seconds", 1, 2),
  },
  KubeletClientCertificateExpiration: certificate("client"),
  KubeletServerCertificateExpiration: certificate("server"),
  KubeletClientCertificateRenewalErrors: {
    fires: { kubelet_certificate_manager_client_expiration_renew_errors: "+1" },
    silent: { kubelet_certificate_manager_client_expiration_renew_errors: 1 },
  },
  KubeletServerCertificateRenewalErrors: {
    fires: { kubelet_server_expiration_renew_errors: "+1" },
    silent: { kubelet_server_expiration_renew_errors: 1 },
  },
};
