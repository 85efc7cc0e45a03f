import { systemNames } from "../../../systems/places";
import { kubernetesPlatform } from "../kubernetes/platform";
import { catalogue } from "./catalogue";

// The node of make cluster has as many cores as this machine. On two it has room for all systems, small and few as in staging;
// test/unit/profile.test.ts holds that production's numbers fit, too.
catalogue(
  kubernetesPlatform,
  {
    target: "kubernetes",
    algoTrading: { hostAgents: false },
    tradeMaster: { environment: "staging", hostAgents: false },
  },
  systemNames,
);
