import type { SystemName } from "../../../systems/places";
import { algoTradingCases } from "../algo-trading/cases";
import type { DeployedSystem } from "./deployed-system";
import { metricsExamplesCases } from "./metrics-examples";
import { zigquantCases } from "./zigquant";
import { marketPrismCases } from "./marketprism";
import { tradeMasterCases } from "./trademaster";

/** What each system of the catalogue does where it runs. Every case only looks, so that it can be tried on any stack. */
export const systemCases: Readonly<Record<SystemName, (deployed: DeployedSystem) => void>> = {
  "algo-trading": algoTradingCases,
  "metrics-examples": metricsExamplesCases,
  trademaster: tradeMasterCases,
  zigquant: zigquantCases,
  marketprism: marketPrismCases,
};
