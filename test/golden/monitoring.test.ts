import assert from "node:assert/strict";
import { join } from "node:path";
import { type ClusterMonitoringModel, clusterMonitoring } from "../../components/monitoring/cluster/manifests";
import { manifestsOf, renderKubernetes } from "../../components/targets/kubernetes/render";
import { renderOptions } from "../../components/targets/kubernetes/options";
import { readStackFile } from "../../config/stack-file";
import { kubernetesOptions } from "../../systems/kubernetes";
import { planSystems } from "../../systems/plan";
import { asTheyAre, monitoringOptions } from "../support/cluster-monitoring";
import { matchesGolden } from "../support/golden";

const plain = (model: ClusterMonitoringModel): object => JSON.parse(JSON.stringify(model)) as object;

describe("the cluster's monitoring, whole", () => {
  it("is rendered small as in cluster-monitoring.yaml", () => {
    matchesGolden("cluster-monitoring", plain(clusterMonitoring(monitoringOptions())));
  });

  it("has of algo-trading its targets, its rules and its dashboards, as in algo-trading-watched.kubernetes.yaml", () => {
    const config = { ...readStackFile(join(__dirname, "../.."), "prod"), monitoring: "cluster" } as const;
    const [chosen] = planSystems(config);
    assert.ok(chosen);
    const options = renderOptions(chosen.plan.name, kubernetesOptions(chosen.name, config, asTheyAre));
    const watched = manifestsOf(renderKubernetes(chosen.plan, options)).filter(
      ({ kind, metadata }) =>
        ["ServiceMonitor", "PrometheusRule"].includes(kind) || metadata.name.includes("dashboard"),
    );
    matchesGolden("algo-trading-watched.kubernetes", watched);
  });
});
