import { withRunbooks } from "../runbooks";
import { errorBudgetAlerts } from "./error-budget";

const certificateOf = (part: string): string => `kubelet_certificate_manager_${part}_ttl_seconds`;

/** Seconds of a certificate's life that are left. */
const days = (count: number): number => count * 86_400;

const clientCertificates = (seconds: number): string =>
  `histogram_quantile(0.01, sum by (job, le) (rate(apiserver_client_certificate_expiration_seconds_bucket[5m]))) < ${seconds} and on (job) sum by (job) (rate(apiserver_client_certificate_expiration_seconds_count[5m])) > 0`;

/** Managed clusters hide some parts: where nothing of a kind is scraped, nothing can be said of it. */
const down = (part: string, job: string, hidden = false) => ({
  name: `Kube${part}Down`,
  expr: hidden ? `max by (job) (up{job="${job}"}) == 0` : `absent(up{job="${job}"} == 1)`,
  forSeconds: 900,
  severity: "critical" as const,
  summary: `nothing of the kind ${job} can be scraped`,
  description: `no ${job} answers Prometheus`,
});

/** The cluster itself: nodes, kubelets, and the API servers. */
export const kubernetesSystemAlerts = [
  ...withRunbooks([
    {
      name: "KubeVersionMismatch",
      expr: 'count(count by (git_version) (kubernetes_build_info{job!~"kube-dns|coredns"})) > 1',
      forSeconds: 3600,
      severity: "warning",
      summary: "parts of the cluster have different versions",
      description: "there are {{ $value }} versions; this is so during an upgrade",
    },
    {
      name: "KubeClientErrors",
      expr: 'sum by (instance, job) (rate(rest_client_requests_total{code=~"5.."}[5m])) / sum by (instance, job) (rate(rest_client_requests_total[5m])) > 0.01',
      forSeconds: 900,
      severity: "warning",
      summary: "a part of the cluster gets errors from the API server",
      description: "{{ $value | humanizePercentage }} of the requests of {{ $labels.job }} {{ $labels.instance }} fail",
    },
    {
      name: "KubeClientCertificateExpiration",
      expr: clientCertificates(days(7)),
      forSeconds: 300,
      severity: "warning",
      summary: "somebody comes with a certificate that ends within 7 days",
      description: "the shortest certificate ends in {{ $value | humanizeDuration }}",
    },
    {
      name: "KubeClientCertificateExpiration",
      expr: clientCertificates(days(1)),
      forSeconds: 300,
      severity: "critical",
      summary: "somebody comes with a certificate that ends within a day",
      description: "the shortest certificate ends in {{ $value | humanizeDuration }}",
    },
    {
      name: "KubeAggregatedAPIErrors",
      expr: "sum by (name, reason) (increase(aggregator_unavailable_apiservice_total[1m])) > 0",
      forSeconds: 600,
      severity: "warning",
      summary: "an API that somebody else serves fails",
      description: "{{ $labels.name }}: {{ $labels.reason }}",
    },
    {
      name: "KubeAggregatedAPIDown",
      expr: "(1 - max by (name) (avg_over_time(aggregator_unavailable_apiservice[10m]))) * 100 < 85",
      forSeconds: 300,
      severity: "warning",
      summary: "an API that somebody else serves is away",
      description: '{{ $labels.name }} was there for {{ $value | printf "%.0f" }} percent of 10 minutes',
    },
    {
      name: "KubeAPITerminatedRequests",
      expr: "sum by (job) (rate(apiserver_request_terminations_total[10m])) / sum by (job) (rate(apiserver_request_total[10m])) > 0.2",
      forSeconds: 300,
      severity: "warning",
      summary: "the API server turns requests away to protect itself",
      description: "{{ $value | humanizePercentage }} of requests are ended early",
    },
    down("API", "apiserver"),
    down("let", "kubelet"),
    down("Scheduler", "kube-scheduler", true),
    down("ControllerManager", "kube-controller-manager", true),
    {
      name: "KubeNodeNotReady",
      expr: `kube_node_status_condition{condition="Ready", status="true"} == 0`,
      forSeconds: 900,
      severity: "warning",
      summary: "a node is not ready",
      description: "{{ $labels.node }} has not been ready for 15 minutes",
    },
    {
      name: "KubeNodePressure",
      expr: `kube_node_status_condition{condition=~"MemoryPressure|DiskPressure|PIDPressure", status="true"} == 1`,
      forSeconds: 600,
      severity: "info",
      summary: "a node runs out of something",
      description: "{{ $labels.node }}: {{ $labels.condition }}",
    },
    {
      name: "KubeNodeUnreachable",
      expr: 'kube_node_spec_taint{key="node.kubernetes.io/unreachable", effect="NoSchedule"} == 1',
      forSeconds: 900,
      severity: "warning",
      summary: "a node is out of reach",
      description: "the pods of {{ $labels.node }} go to others",
    },
    {
      name: "KubeNodeReadinessFlapping",
      expr: 'sum by (node) (changes(kube_node_status_condition{condition="Ready", status="true"}[15m])) > 2',
      forSeconds: 900,
      severity: "warning",
      summary: "a node is ready now and then",
      description: '{{ $labels.node }} changed {{ $value | printf "%.0f" }} times in 15 minutes',
    },
    {
      name: "KubeNodeEviction",
      expr: "sum by (instance, eviction_signal) (rate(kubelet_evictions[15m])) > 0",
      forSeconds: 0,
      severity: "info",
      summary: "a node ends pods because it runs out of something",
      description: "{{ $labels.instance }}: {{ $labels.eviction_signal }}",
    },
    {
      name: "KubeletTooManyPods",
      expr: 'sum by (node) (kube_pod_info{node!=""}) / on (node) kube_node_status_allocatable{resource="pods"} > 0.95',
      forSeconds: 900,
      severity: "info",
      summary: "a node has nearly as many pods as it takes",
      description: "{{ $labels.node }} is at {{ $value | humanizePercentage }}",
    },
    {
      name: "KubeletPodStartUpLatencyHigh",
      expr: "histogram_quantile(0.99, sum by (instance, le) (rate(kubelet_pod_worker_duration_seconds_bucket[5m]))) > 60",
      forSeconds: 900,
      severity: "warning",
      summary: "pods take long to start",
      description: "on {{ $labels.instance }} one in a hundred takes {{ $value | humanizeDuration }}",
    },
    {
      name: "KubeletPlegDurationHigh",
      expr: "histogram_quantile(0.99, sum by (instance, le) (rate(kubelet_pleg_relist_duration_seconds_bucket[5m]))) >= 10",
      forSeconds: 300,
      severity: "warning",
      summary: "a kubelet takes long to look at its containers",
      description: "{{ $labels.instance }} takes {{ $value | humanizeDuration }}",
    },
    ...(["client", "server"] as const).flatMap((part) => {
      const Part = part === "client" ? "Client" : "Server";
      const severities = [
        ["warning", 7],
        ["critical", 1],
      ] as const;
      return [
        ...severities.map(([severity, count]) => ({
          name: `Kubelet${Part}CertificateExpiration`,
          expr: `${certificateOf(part)} < ${days(count)}`,
          forSeconds: 0,
          severity,
          summary: `a kubelet's ${part} certificate ends within ${count === 1 ? "a day" : `${count} days`}`,
          description: "{{ $labels.instance }}: in {{ $value | humanizeDuration }}",
        })),
        {
          name: `Kubelet${Part}CertificateRenewalErrors`,
          expr:
            part === "client"
              ? "increase(kubelet_certificate_manager_client_expiration_renew_errors[5m]) > 0"
              : "increase(kubelet_server_expiration_renew_errors[5m]) > 0",
          forSeconds: 900,
          severity: "warning" as const,
          summary: `a kubelet cannot renew its ${part} certificate`,
          description: "{{ $labels.instance }}",
        },
      ];
    }),
  ]),
  ...errorBudgetAlerts({
    name: "KubeAPIErrorBudgetBurn",
    objective: 0.99,
    errors: (window) => `sum(rate(apiserver_request_total{code=~"5.."}[${window}]))`,
    total: (window) => `sum(rate(apiserver_request_total[${window}]))`,
    summary: "the API server fails more often than it may",
  }),
];
