import { kubernetesPlatform } from "../kubernetes/platform";
import { catalogue } from "./catalogue";

catalogue(kubernetesPlatform, {
  target: "kubernetes",
  algoTrading: { hostAgents: false },
  metricsExamples: { hostAgents: false },
});
