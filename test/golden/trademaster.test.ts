import { itRendersWhole } from "../support/golden-system";
import { planTradeMaster } from "../support/trademaster";

describe("trademaster, whole", () => {
  itRendersWhole({
    development: planTradeMaster({ environment: "development", seed: 7 }),
    production: planTradeMaster({ profile: "full", hostAgents: false, public: false }),
  });
});
