import type { SystemDefinition } from "../components/core/system";
import type { StackConfig } from "../config/stack";
import { type Alerting, alertingOf } from "./alerting";
import { algoTrading } from "./algo-trading/index";
import { marketPrism } from "./marketprism/index";
import { metricsExamples } from "./metrics-examples/index";
import type { SystemName } from "./places";
import type { Profile } from "./profile";
import { tradeMaster } from "./trademaster/index";
import { zigquant } from "./zigquant/index";

/** Every system of the catalogue, described as a stack's configuration says. */
export const systems = {
  "algo-trading": (config) => algoTrading({ ...config.algoTrading, ...common("algo-trading", config) }),
  trademaster: (config) => tradeMaster({ ...config.tradeMaster, ...common("trademaster", config) }),
  "metrics-examples": (config) => metricsExamples({ ...config.metricsExamples, ...common("metrics-examples", config) }),
  zigquant: (config) => zigquant({ ...config.zigQuant, ...common("zigquant", config) }),
  marketprism: (config) => marketPrism({ ...config.marketPrism, ...common("marketprism", config) }),
} satisfies Record<SystemName, (config: StackConfig) => SystemDefinition>;

/** What every system takes from the stack. */
function common(system: SystemName, config: StackConfig): { readonly profile: Profile; readonly alerting: Alerting } {
  return { profile: config.profile, alerting: alertingOf(system, config) };
}
