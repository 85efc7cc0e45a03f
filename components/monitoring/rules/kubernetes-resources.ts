import { withRunbooks } from "../runbooks";

/** Room in the cluster that would be left if its largest node failed, in shares of what is asked for. */
const overcommitted = (resource: string): string =>
  `sum(kube_pod_container_resource_requests{resource="${resource}"}) - (sum(kube_node_status_allocatable{resource="${resource}"}) - max(kube_node_status_allocatable{resource="${resource}"})) > 0 and count(kube_node_status_allocatable{resource="${resource}"}) > 1`;

const quota = 'kube_resourcequota{type="used"} / ignoring (type) (kube_resourcequota{type="hard"} > 0)';

const quotaOvercommitted = (resource: string): string =>
  `sum(min without (resource) (kube_resourcequota{type="hard", resource=~"(requests[.])?${resource}"})) / sum(kube_node_status_allocatable{resource="${resource}"}) > 1.5`;

/** Whether there is room for what is asked for. */
export const kubernetesResourceAlerts = withRunbooks([
  ...(["cpu", "memory"] as const).flatMap((resource) => {
    const Resource = resource === "cpu" ? "CPU" : "Memory";
    return [
      {
        name: `Kube${Resource}Overcommit`,
        expr: overcommitted(resource),
        forSeconds: 600,
        severity: "warning" as const,
        summary: `the cluster has no ${resource} left for the loss of a node`,
        description: `pods ask for {{ $value | humanize }} more ${resource} than would be there`,
      },
      {
        name: `Kube${Resource}QuotaOvercommit`,
        expr: quotaOvercommitted(resource),
        forSeconds: 300,
        severity: "warning" as const,
        summary: `namespaces may ask for more ${resource} than there is`,
        description: `quotas allow {{ $value | humanizePercentage }} of the cluster's ${resource}`,
      },
    ];
  }),
  {
    name: "KubeQuotaAlmostFull",
    expr: `${quota} > 0.9 < 1`,
    forSeconds: 900,
    severity: "info",
    summary: "a namespace has little of its quota left",
    description: "{{ $labels.namespace }} uses {{ $value | humanizePercentage }} of its {{ $labels.resource }}",
  },
  {
    name: "KubeQuotaFullyUsed",
    expr: `${quota} == 1`,
    forSeconds: 900,
    severity: "info",
    summary: "a namespace has nothing of its quota left",
    description: "{{ $labels.namespace }} uses all of its {{ $labels.resource }}",
  },
  {
    name: "KubeQuotaExceeded",
    expr: `${quota} > 1`,
    forSeconds: 900,
    severity: "warning",
    summary: "a namespace has more than its quota allows",
    description: "{{ $labels.namespace }} uses {{ $value | humanizePercentage }} of its {{ $labels.resource }}",
  },
  {
    name: "CPUThrottlingHigh",
    expr: 'sum by (namespace, pod, container) (increase(container_cpu_cfs_throttled_periods_total{container!=""}[5m])) / sum by (namespace, pod, container) (increase(container_cpu_cfs_periods_total{container!=""}[5m])) > 0.5',
    forSeconds: 900,
    severity: "info",
    summary: "a container waits for its share of the processor",
    description:
      "{{ $labels.container }} of {{ $labels.pod }} is held up in {{ $value | humanizePercentage }} of periods",
  },
]);
