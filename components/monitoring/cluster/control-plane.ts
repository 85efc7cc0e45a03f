const account = "/var/run/secrets/kubernetes.io/serviceaccount";
/** By the cluster's own authority, and with the token of the pod. */
const asItself = {
  scheme: "https",
  tls_config: { ca_file: `${account}/ca.crt` },
  authorization: { type: "Bearer", credentials_file: `${account}/token` },
};
const often = { scrape_interval: "30s", scrape_timeout: "10s" };

/** Histograms of each request by verb and resource: most of what an API server says, and nobody reads it. */
const tooFine =
  "(apiserver_request_(body|sli_duration|size)|apiserver_watch|etcd_request|workqueue|rest_client).*_bucket";

/**
 * Targets that no ServiceMonitor can name: the API server, and each node's kubelet with what it knows of containers. Those of
 * the control plane that are pods in kube-system are found there; a cluster that hides them has none, and no target fails.
 */
export function controlPlaneScrapes(): readonly object[] {
  return [
    {
      job_name: "apiserver",
      ...often,
      ...asItself,
      kubernetes_sd_configs: [{ role: "endpointslice", namespaces: { names: ["default"] } }],
      relabel_configs: [
        keep(["__meta_kubernetes_service_name", "__meta_kubernetes_endpointslice_port_name"], "kubernetes;https"),
        constant("service", "apiserver"),
      ],
      metric_relabel_configs: [{ action: "drop", source_labels: ["__name__"], regex: tooFine }],
    },
    kubelet("kubelet", "/metrics"),
    {
      ...kubelet("cadvisor", "/metrics/cadvisor"),
      honor_labels: true,
      // by a name that people know, as cAdvisor gives on Docker
      metric_relabel_configs: [
        {
          source_labels: ["namespace", "pod", "container"],
          separator: "/",
          regex: "(.+)/(.+)/(.+)",
          target_label: "name",
          replacement: "$1/$2/$3",
        },
        // containers of a pod have one network, which is the pod's
        {
          source_labels: ["__name__", "namespace", "pod", "container"],
          separator: "/",
          regex: "container_network_[^/]+/(.+)/(.+)/",
          target_label: "name",
          replacement: "$1/$2",
        },
        { action: "drop", source_labels: ["__name__"], regex: "container_(tasks_state|memory_failures_total|blkio.*)" },
      ],
    },
    inKubeSystem("kube-scheduler", 10259),
    inKubeSystem("kube-controller-manager", 10257),
  ];
}

function kubelet(job: string, path: string) {
  return {
    job_name: job,
    ...often,
    ...asItself,
    metrics_path: path,
    kubernetes_sd_configs: [{ role: "node" }],
    relabel_configs: [
      { source_labels: ["__meta_kubernetes_node_name"], target_label: "node" },
      // a node that is an object only has nothing to say
      {
        action: "drop",
        source_labels: ["__meta_kubernetes_node_labelpresent_twofold_dev_simulated"],
        regex: "true",
      },
      constant("service", job),
    ],
  };
}

/** Their certificates are their own, so nobody can vouch for them. */
function inKubeSystem(component: string, port: number) {
  return {
    job_name: component,
    ...often,
    ...asItself,
    tls_config: { insecure_skip_verify: true },
    kubernetes_sd_configs: [{ role: "pod", namespaces: { names: ["kube-system"] } }],
    relabel_configs: [
      keep(["__meta_kubernetes_pod_label_component"], component),
      {
        source_labels: ["__meta_kubernetes_pod_ip"],
        target_label: "__address__",
        replacement: `$1:${port}`,
      },
      constant("service", component),
    ],
  };
}

const keep = (source_labels: readonly string[], regex: string) => ({ action: "keep", source_labels, regex });
const constant = (target_label: string, replacement: string) => ({ target_label, replacement });
