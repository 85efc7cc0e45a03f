import type { SystemName } from "../../../systems/places";
import { algoTradingCases } from "../algo-trading/cases";
import type { DeployedSystem } from "./deployed-system";
import { zigquantCases } from "./zigquant";
import { marketPrismCases } from "./marketprism";

/** What each system of the catalogue does where it runs. Every case only looks, so that it can be tried on any stack. */
export const systemCases: Readonly<Record<SystemName, (deployed: DeployedSystem) => void>> = {
  "algo-trading": algoTradingCases,
  zigquant: zigquantCases,
  marketprism: marketPrismCases,
};
