import { type ClusterMonitoringModel, clusterMonitoring } from "../../components/monitoring/cluster/manifests";
import { monitoringOptions } from "../support/cluster-monitoring";
import { matchesGolden } from "../support/golden";

const plain = (model: ClusterMonitoringModel): object => JSON.parse(JSON.stringify(model)) as object;

describe("the cluster's monitoring, whole", () => {
  it("is rendered small as in cluster-monitoring.yaml", () => {
    matchesGolden("cluster-monitoring", plain(clusterMonitoring(monitoringOptions())));
  });
});
