import { labelsOf } from "../../targets/kubernetes/names";
import { monitoringItself } from "./objects";

const told = labelsOf(monitoringItself);

/** The labels of namespaces that kube-state-metrics has to tell of: whose they are, and of what they are a part. */
export const namespaceLabels = Object.keys(told).sort();

const [manager = "", whole = ""] = namespaceLabels.map((label) => `label_${label.replaceAll(/[^a-z]/g, "_")}`);
const ofSystems = `${manager}='${told[namespaceLabels[0] ?? ""]}', ${whole}!='${monitoringItself}'`;

/** What alerts have for a system that are about the cluster itself, or about something in a namespace that is not ours. */
export const clusterItself = "cluster";

/**
 * Gives an alert about something in a namespace of ours the system that the namespace says it is a part of. Prometheus makes
 * the label up when it judges a rule. As labels are who an alert is, it must not become another one while kube-state-metrics
 * is away: what that told in the last hour will do.
 */
export const systemOfNamespace: Readonly<Record<string, string>> = {
  system: `{{ with query (printf "last_over_time(kube_namespace_labels{namespace=%q, ${ofSystems}}[1h])" $labels.namespace) }}{{ . | first | label "${whole}" }}{{ else }}${clusterItself}{{ end }}`,
};
