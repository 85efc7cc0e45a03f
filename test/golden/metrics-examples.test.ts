import { itRendersWhole } from "../support/golden-system";
import { planMetricsExamples } from "../support/metrics-examples";

describe("metrics-examples, whole", () => {
  itRendersWhole({
    development: planMetricsExamples({ development: true }),
    production: planMetricsExamples({ profile: "full", source: "live", maxBackends: 3, hostAgents: false }),
  });
});
