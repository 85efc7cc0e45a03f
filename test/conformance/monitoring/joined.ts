import assert from "node:assert/strict";
import { metricNames } from "../../support/metric-names";

const transient = "is there only while or after something is so";
const noJobs = "there is no Job in it";
const noQuotas = "no namespace has a quota";
const noCertificates = "kubelets do not renew certificates by themselves there";
const noArrays = "the machine has no RAID and no bonded interfaces";

/** Names that rules and dashboards read and that need not be there, with the reason. All others have to be. */
export const absentNames: Readonly<Record<string, string>> = {
  kube_pod_container_status_waiting_reason: transient,
  kube_node_spec_taint: transient,
  kubelet_evictions: transient,
  aggregator_unavailable_apiservice_total: transient,
  kube_job_status_active: noJobs,
  kube_job_status_start_time: noJobs,
  kube_job_failed: noJobs,
  kube_resourcequota: noQuotas,
  kubelet_certificate_manager_client_ttl_seconds: noCertificates,
  kubelet_certificate_manager_client_expiration_renew_errors: noCertificates,
  kubelet_certificate_manager_server_ttl_seconds: noCertificates,
  kubelet_server_expiration_renew_errors: noCertificates,
  node_md_disks: noArrays,
  node_md_disks_required: noArrays,
  node_bonding_active: noArrays,
  node_bonding_slaves: noArrays,
  prometheus_sd_refresh_failures_total: "a cluster's targets are not looked up again and again, but watched",
};

/** Expressions by what reads them. */
export type Reads = ReadonlyMap<string, readonly string[]>;

/** Fails with each name that is read and that Prometheus has never had, and who reads it. */
export function assertExported(reads: Reads, exported: readonly string[]): void {
  const known = new Set([...exported, ...Object.keys(absentNames)]);
  const unknown = [...reads].flatMap(([reader, expressions]) =>
    expressions
      .flatMap(metricNames)
      .filter((name) => !known.has(name))
      .map((name) => `${reader}: ${name}`),
  );
  assert.ok(reads.size > 0 && exported.length > 0);
  assert.deepEqual([...new Set(unknown)].sort(), []);
}
