import assert from "node:assert/strict";
import { clusterMonitoring } from "../../components/monitoring/cluster/manifests";
import { violationsIn } from "../../policy/evaluate";
import { stackOfManifests } from "../../policy/facts/stack";
import { rules } from "../../policy/rules/index";
import { monitoringOptions } from "../support/cluster-monitoring";
import { digest, settings } from "./support/plain";

const asked = ["grafana", "kube-state-metrics", "prometheus-operator"];

/** What goes against a rule knowingly. */
const knowingly: Readonly<Record<string, readonly string[]>> = {
  // how much of the cluster there is for it is for the cluster to say
  "namespace-quota": ["monitoring", "monitoring-agents"],
  // the numbers that Grafana's image is made for
  "high-uid": ["grafana"],
  "no-root-group": ["grafana"],
  // they ask the cluster's API: that is what they are for
  "no-automount-token": asked,
  // node-exporter tells of its node, alone in its namespace
  "no-host-network": ["node-exporter"],
  "no-host-path": ["node-exporter"],
  "namespace-pod-security": ["monitoring-agents"],
  // priority classes are the cluster's
  "priority-class": asked,
  // the operator writes the configuration of Prometheus and what runs it, in its own namespace alone
  "no-secret-reader": ["prometheus-operator"],
  "no-pod-creator": ["prometheus-operator"],
  // keepVolumes is off
  "stateful-protected": ["grafana"],
};

describe("the cluster's monitoring under the rules", () => {
  it("goes against none but knowingly", () => {
    const { objects } = clusterMonitoring(
      monitoringOptions({
        resolveImage: (image) => ({
          kind: "image",
          reference: `${JSON.stringify(image).slice(1, -1).replace(/:.*/, "")}@${digest}`,
        }),
      }),
    );
    const groups = Map.groupBy(violationsIn(stackOfManifests(objects), rules, settings), ({ rule }) => rule.id);
    const found = [...groups].map(([id, all]) => [
      id,
      [...new Set(all.map(({ resource }) => resource?.name ?? ""))].sort(),
    ]);
    assert.deepEqual(Object.fromEntries(found), knowingly);
  });
});
