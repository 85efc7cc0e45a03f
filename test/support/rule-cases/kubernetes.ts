import type { RuleCases, Series } from "./case";

/** One series of kube-state-metrics that decides by its value. */
const kube = (metric: string, fires: string | number = 1, silent: string | number = 0) => ({
  fires: { [metric]: fires },
  silent: { [metric]: silent },
});

const two =
  (first: string, second: string) =>
  (one: string | number, other: string | number): Series => ({
    [first]: one,
    [second]: other,
  });

const deployment = two("kube_deployment_status_observed_generation", "kube_deployment_metadata_generation");
const statefulSet = two("kube_statefulset_status_observed_generation", "kube_statefulset_metadata_generation");
const replicas = (wanted: number, available: number): Series => ({
  kube_deployment_spec_replicas: wanted,
  kube_deployment_status_replicas_available: available,
  kube_deployment_status_replicas_updated: wanted,
});
const ready = (wanted: number, count: number): Series => ({
  kube_statefulset_replicas: wanted,
  kube_statefulset_status_replicas_ready: count,
  kube_statefulset_status_replicas_updated: wanted,
});
const daemon = (part: string) => two(`kube_daemonset_status_${part}`, "kube_daemonset_status_desired_number_scheduled");
const scaler = (current: number, max: number): Series => ({
  kube_horizontalpodautoscaler_status_current_replicas: current,
  kube_horizontalpodautoscaler_spec_max_replicas: max,
  kube_horizontalpodautoscaler_spec_min_replicas: 1,
});
const quota = (used: number): Series => ({
  'kube_resourcequota{namespace="shop", resource="cpu", type="used"}': used,
  'kube_resourcequota{namespace="shop", resource="cpu", type="hard"}': 10,
});
const asked = (resource: string, amount: number): Series => ({
  [`kube_pod_container_resource_requests{resource="${resource}", pod="a"}`]: amount,
  [`kube_node_status_allocatable{resource="${resource}", node="1"}`]: 4,
  [`kube_node_status_allocatable{resource="${resource}", node="2"}`]: 4,
});
const allowed = (resource: string, amount: number): Series => ({
  [`kube_resourcequota{resource="requests.${resource}", type="hard"}`]: amount,
  [`kube_node_status_allocatable{resource="${resource}", node="1"}`]: 4,
});
const volume = (free: string | number, what: "bytes" | "inodes"): Series =>
  what === "bytes"
    ? { kubelet_volume_stats_available_bytes: free, kubelet_volume_stats_capacity_bytes: 10_000 }
    : { kubelet_volume_stats_inodes_free: free, kubelet_volume_stats_inodes: 10_000 };
const job = (started: number): Series => ({
  'kube_job_status_start_time{namespace="shop", job_name="nightly"}': started,
  'kube_job_status_active{namespace="shop", job_name="nightly"}': 1,
});
const throttled = (held: string): Series => ({
  'container_cpu_cfs_throttled_periods_total{namespace="shop", pod="a", container="api"}': held,
  'container_cpu_cfs_periods_total{namespace="shop", pod="a", container="api"}': "+100",
});

/** Series for the rules about what runs in a cluster. */
export const kubernetesCases: RuleCases = {
  KubePodCrashLooping: kube('kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff"}'),
  KubePodNotReady: {
    fires: { 'kube_pod_status_phase{namespace="shop", pod="a", phase="Pending"}': 1 },
    silent: {
      'kube_pod_status_phase{namespace="shop", pod="a", phase="Failed"}': 1,
      'kube_pod_owner{namespace="shop", pod="a", owner_kind="Job"}': 1,
    },
  },
  KubeContainerWaiting: kube('kube_pod_container_status_waiting_reason{reason="ImagePullBackOff"}'),
  KubeDeploymentGenerationMismatch: { fires: deployment(1, 2), silent: deployment(2, 2) },
  KubeDeploymentReplicasMismatch: { fires: replicas(2, 1), silent: replicas(2, 2) },
  KubeDeploymentRolloutStuck: kube('kube_deployment_status_condition{condition="Progressing", status="false"}'),
  KubeStatefulSetReplicasMismatch: { fires: ready(2, 1), silent: ready(2, 2) },
  KubeStatefulSetGenerationMismatch: { fires: statefulSet(1, 2), silent: statefulSet(2, 2) },
  KubeStatefulSetUpdateNotRolledOut: {
    fires: { kube_statefulset_replicas: 2, kube_statefulset_status_replicas_updated: 1 },
    silent: { kube_statefulset_replicas: 2, kube_statefulset_status_replicas_updated: 2 },
  },
  KubeDaemonSetRolloutStuck: {
    fires: daemon("updated_number_scheduled")(1, 2),
    silent: daemon("updated_number_scheduled")(2, 2),
  },
  KubeDaemonSetNotScheduled: {
    fires: daemon("current_number_scheduled")(1, 2),
    silent: daemon("current_number_scheduled")(2, 2),
  },
  KubeDaemonSetMisScheduled: kube("kube_daemonset_status_number_misscheduled"),
  // promtool's time begins at 0 and the look is after 75 minutes
  KubeJobNotCompleted: { fires: job(-40_000), silent: job(0) },
  KubeJobFailed: kube("kube_job_failed"),
  KubeHpaReplicasMismatch: {
    fires: {
      kube_horizontalpodautoscaler_status_desired_replicas: 3,
      kube_horizontalpodautoscaler_status_current_replicas: 2,
    },
    silent: {
      kube_horizontalpodautoscaler_status_desired_replicas: 3,
      kube_horizontalpodautoscaler_status_current_replicas: 3,
    },
  },
  KubeHpaMaxedOut: { fires: scaler(4, 4), silent: scaler(3, 4) },
  KubePdbNotEnoughHealthyPods: {
    fires: {
      kube_poddisruptionbudget_status_desired_healthy: 2,
      kube_poddisruptionbudget_status_current_healthy: 1,
    },
    silent: {
      kube_poddisruptionbudget_status_desired_healthy: 2,
      kube_poddisruptionbudget_status_current_healthy: 2,
    },
  },
  KubeCPUOvercommit: { fires: asked("cpu", 5), silent: asked("cpu", 3) },
  KubeMemoryOvercommit: { fires: asked("memory", 5), silent: asked("memory", 3) },
  KubeCPUQuotaOvercommit: { fires: allowed("cpu", 7), silent: allowed("cpu", 4) },
  KubeMemoryQuotaOvercommit: { fires: allowed("memory", 7), silent: allowed("memory", 4) },
  KubeQuotaAlmostFull: { fires: quota(9.5), silent: quota(8) },
  KubeQuotaFullyUsed: { fires: quota(10), silent: quota(9.5) },
  KubeQuotaExceeded: { fires: quota(11), silent: quota(10) },
  CPUThrottlingHigh: { fires: throttled("+60"), silent: throttled("+40") },
  KubePersistentVolumeFillingUp: { fires: volume("1400-16x75", "bytes"), silent: volume(2000, "bytes") },
  KubePersistentVolumeInodesFillingUp: { fires: volume("1400-16x75", "inodes"), silent: volume(2000, "inodes") },
  KubePersistentVolumeErrors: {
    fires: { 'kube_persistentvolume_status_phase{phase="Failed"}': 1 },
    silent: { 'kube_persistentvolume_status_phase{phase="Bound"}': 1 },
  },
};
