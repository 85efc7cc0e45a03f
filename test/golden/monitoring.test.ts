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
});
