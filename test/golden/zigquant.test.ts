import { itRendersWhole } from "../support/golden-system";
import { planZigquant } from "../support/zigquant";

describe("zigquant, whole", () => {
  itRendersWhole({
    development: planZigquant({ development: true, seed: 7 }),
    production: planZigquant({ profile: "full", exchange: "live" }),
  });
});
