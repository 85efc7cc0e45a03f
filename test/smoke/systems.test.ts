import { join } from "node:path";
import Docker from "dockerode";
import { x } from "tinyexec";
import { shortened } from "../../components/targets/names";
import { readStackFile } from "../../config/stack-file";
import { chooseCluster } from "../../systems/cluster";
import { planSystems } from "../../systems/plan";
import { prefixed } from "../../systems/prefix";
import { LiveDocker } from "../conformance/docker/live-docker";
import { clusterOf } from "../conformance/kubernetes/cluster";
import { LiveKubernetes } from "../conformance/kubernetes/live-kubernetes";
import { clusterMonitoringCases } from "../conformance/monitoring/cases";
import { DeployedMonitoring } from "../conformance/monitoring/deployed-monitoring";
import { systemCases } from "../conformance/systems/cases";
import { type Addresses, DeployedSystem } from "../conformance/systems/deployed-system";
import { itIsWatched } from "../conformance/systems/watched";

const stack = process.env["STACK"] ?? "dev";
const config = readStackFile(join(__dirname, "../.."), stack);

function liveOf(system: string): LiveDocker | LiveKubernetes {
  const name = prefixed(system, config);
  return config.target === "docker"
    ? new LiveDocker(new Docker(), name)
    : new LiveKubernetes(clusterOf(chooseCluster(config)), shortened(name));
}

/** What the stack says of its systems. */
async function addressesOf(system: string): Promise<Addresses> {
  const { stdout } = await x("pulumi", ["stack", "output", "addresses", "--json", "--stack", stack], {
    throwOnError: true,
  });
  return (JSON.parse(stdout) as Readonly<Record<string, Addresses>>)[system] ?? {};
}

const all = planSystems(config).map(({ name, plan }) => ({
  name,
  deployed: new DeployedSystem(
    plan,
    () => liveOf(name),
    () => addressesOf(name),
  ),
}));

for (const { name, deployed } of all)
  describe(`${name} of the stack ${stack}`, function () {
    this.timeout(240_000);
    systemCases[name](deployed);
    if (config.monitoring === "own") itIsWatched(deployed);
  });

if (config.monitoring === "cluster")
  describe(`the cluster's monitoring of the stack ${stack}`, function () {
    this.timeout(240_000);
    clusterMonitoringCases(new DeployedMonitoring(() => prefixed("monitoring", config)), () =>
      all.map(({ deployed }) => deployed),
    );
  });
