import type { SystemDefinition } from "../components/core/system";
import type { StackConfig } from "../config/stack";
import { alertingOf } from "./alerting";
import { algoTrading } from "./algo-trading/index";
import { marketPrism } from "./marketprism/index";
import { metricsExamples } from "./metrics-examples/index";
import type { SystemName } from "./places";
import { tradeMaster } from "./trademaster/index";
import { zigquant } from "./zigquant/index";

/** Every system of the catalogue, described as a stack's configuration says. */
export const systems = {
  "algo-trading": (config) =>
    algoTrading({ ...config.algoTrading, profile: config.profile, alerting: alertingOf(config) }),
  trademaster: (config) =>
    tradeMaster({ ...config.tradeMaster, profile: config.profile, alerting: alertingOf(config) }),
  "metrics-examples": (config) =>
    metricsExamples({ ...config.metricsExamples, profile: config.profile, alerting: alertingOf(config) }),
  zigquant: (config) => zigquant({ ...config.zigQuant, profile: config.profile, alerting: alertingOf(config) }),
  marketprism: (config) =>
    marketPrism({ ...config.marketPrism, profile: config.profile, alerting: alertingOf(config) }),
} satisfies Record<SystemName, (config: StackConfig) => SystemDefinition>;
