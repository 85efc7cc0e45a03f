import type { DashboardPlan } from "../components/core/plan-types";
import { grafanaDashboard, type Panel } from "./grafana";
import { nodePanels } from "./nodes";
import { figure, graph } from "./panels";
import { alertmanagerPanels, prometheusPanels } from "./prometheus";
import { ofCluster, quantile, share } from "./promql";

const { of, rate } = ofCluster;

/** Uids of what shows a cluster; its rules lead there. */
export const clusterBoards = {
  overview: "cluster-overview",
  nodes: "cluster-nodes",
  workloads: "cluster-workloads",
  api: "cluster-api",
  monitoring: "cluster-monitoring",
} as const;

type Slug = keyof typeof clusterBoards;

/** What a cluster's own Grafana shows beside the dashboards of systems. */
export function clusterDashboards(): readonly DashboardPlan[] {
  const board = (slug: Slug, title: string, panels: readonly Panel[], anchor = "up"): DashboardPlan =>
    grafanaDashboard({ system: "cluster", of: "cluster", slug, title, panels, anchor });
  return [
    board("overview", "Cluster", overview),
    board("nodes", "Nodes", nodePanels(ofCluster), "node_load1"),
    board("workloads", "Workloads", workloads),
    board("api", "API server and kubelets", api),
    board(
      "monitoring",
      "Monitoring",
      [...prometheusPanels(ofCluster), ...alertmanagerPanels(ofCluster)],
      "prometheus_build_info",
    ),
  ];
}

const firing = (severity: string): string => `count(ALERTS{alertstate="firing", severity="${severity}"}) or vector(0)`;

/** Share of what all nodes have that pods ask for. */
const requested = (resource: string): string =>
  `sum(kube_pod_container_resource_requests{resource="${resource}"}) / sum(kube_node_status_allocatable{resource="${resource}"})`;

const overview: readonly Panel[] = [
  figure({ title: "Nodes", description: "That are ready.", unit: "short" }, nodesReady("true")),
  figure(
    { title: "Nodes out", description: "That are not ready.", unit: "short", alarmAbove: 1 },
    `${nodesReady("false|unknown")} or vector(0)`,
  ),
  figure(
    { title: "Targets down", description: "What has metrics and does not answer.", unit: "short", alarmAbove: 1 },
    `count(${of("up")} == 0) or vector(0)`,
  ),
  figure(
    { title: "Critical alerts", description: "Firing, of whatever is in the cluster.", unit: "short", alarmAbove: 1 },
    firing("critical"),
  ),
  graph(
    { title: "Targets", description: "Share of each job that answers.", unit: "percentunit" },
    { "{{job}}": `avg by (job) (${of("up")})` },
  ),
  graph(
    { title: "Alerts", description: "Firing, by severity.", unit: "short" },
    { critical: firing("critical"), warning: firing("warning"), info: firing("info") },
  ),
  graph(
    {
      title: "Asked for",
      description: "Share of what nodes have that pods ask for; beyond 1 no pod finds a place.",
      unit: "percentunit",
      alarmAbove: 1,
    },
    { processor: requested("cpu"), memory: requested("memory") },
  ),
  graph(
    { title: "Pods", description: "By the phase that they are in.", unit: "short" },
    { "{{phase}}": "sum by (phase) (kube_pod_status_phase)" },
  ),
];

function nodesReady(status: string): string {
  return `sum(kube_node_status_condition{condition="Ready", status=~"${status}"})`;
}

const containers = 'image!=""';
const perNamespace = (expression: string): string => `sum by (namespace) (${expression})`;

const workloads: readonly Panel[] = [
  figure(
    {
      title: "Deployments behind",
      description: "With fewer pods than they should have.",
      unit: "short",
      alarmAbove: 1,
    },
    "count(kube_deployment_status_replicas_available < kube_deployment_spec_replicas) or vector(0)",
  ),
  figure(
    {
      title: "Stateful sets behind",
      description: "With fewer pods than they should have.",
      unit: "short",
      alarmAbove: 1,
    },
    "count(kube_statefulset_status_replicas_ready < kube_statefulset_replicas) or vector(0)",
  ),
  figure(
    { title: "Containers that wait", description: "And do not run.", unit: "short", alarmAbove: 1 },
    "sum(kube_pod_container_status_waiting) or vector(0)",
  ),
  figure(
    { title: "Restarts", description: "Of containers, in the time that is shown.", unit: "short", alarmAbove: 1 },
    "sum(increase(kube_pod_container_status_restarts_total[$__range]))",
  ),
  graph(
    { title: "Processor time", description: "Cores in use, by namespace.", unit: "short" },
    { "{{namespace}}": perNamespace(`rate(container_cpu_usage_seconds_total{${containers}}[$__rate_interval])`) },
  ),
  graph(
    { title: "Memory", description: "In use, by namespace.", unit: "bytes" },
    { "{{namespace}}": perNamespace(`container_memory_working_set_bytes{${containers}}`) },
  ),
  graph(
    {
      title: "Memory of the limit",
      description: "Share that the container in each namespace uses that is closest to its own.",
      unit: "percentunit",
      alarmAbove: 0.85,
    },
    {
      "{{namespace}}": `max by (namespace) (container_memory_usage_bytes{${containers}} / (container_spec_memory_limit_bytes{${containers}} > 0))`,
    },
  ),
  graph(
    {
      title: "Held up",
      description: "Share of periods in which containers wait for the processor.",
      unit: "percentunit",
    },
    {
      "{{namespace}}": share(
        perNamespace(`rate(container_cpu_cfs_throttled_periods_total{${containers}}[$__rate_interval])`),
        perNamespace(`rate(container_cpu_cfs_periods_total{${containers}}[$__rate_interval])`),
      ),
    },
  ),
];

const requests = (...conditions: readonly string[]): string =>
  `sum by (verb) (${rate("apiserver_request_total", ...conditions)})`;

const api: readonly Panel[] = [
  graph(
    { title: "Requests", description: "Answered by the API server, a second.", unit: "reqps" },
    { "{{verb}}": requests() },
  ),
  graph(
    { title: "Errors", description: "Share of the requests that failed.", unit: "percentunit", alarmAbove: 0.05 },
    { "{{verb}}": share(requests('code=~"5.."'), requests()) },
  ),
  graph(
    {
      title: "Time to the answer",
      description: "99 of 100 requests are answered within it. Those that are meant to last are not counted.",
      unit: "s",
    },
    { "{{verb}}": quantile(0.99, rate("apiserver_request_duration_seconds_bucket", 'verb!~"WATCH|CONNECT"'), "verb") },
  ),
  graph(
    { title: "Pods of kubelets", description: "That run.", unit: "short" },
    { "{{node}}": `sum by (node) (${of("kubelet_running_pods")})` },
  ),
];
