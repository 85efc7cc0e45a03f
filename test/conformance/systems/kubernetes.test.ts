import { availableParallelism } from "node:os";
import { stackSchema } from "../../../config/stack";
import { systemNames } from "../../../systems/places";
import { planSystems } from "../../../systems/plan";
import { kubernetesPlatform } from "../kubernetes/platform";
import { catalogue } from "./catalogue";
import type { Settings } from "./deployed-stack";
import { groupsThatFit } from "./groups";

const settings: Settings = {
  target: "kubernetes",
  algoTrading: { hostAgents: false },
  tradeMaster: { environment: "staging", hostAgents: false },
};

// The node of make cluster has as many cores as this machine, and promises each pod what it requests: on two cores the
// systems take turns, as many beside each other as it has room for.
const ownOfTheCluster = 400;
const chosen = planSystems(stackSchema.parse({ ...settings, systems: [...systemNames] }));
const requests = chosen.map(({ name, plan }) => {
  const millis = plan.services.map(
    ({ replicas, autoscale, resources }) => (autoscale?.min ?? replicas) * resources.cpuMillis.request,
  );
  return { name, millis: millis.reduce((sum, each) => sum + each, 0) };
});

for (const systems of groupsThatFit(requests, availableParallelism() * 1000 - ownOfTheCluster))
  catalogue(kubernetesPlatform, settings, systems);
