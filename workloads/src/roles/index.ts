import { marketPrism } from "../marketprism/index.ts";
import { metricsExamples } from "../metrics-examples/roles.ts";
import { tradeMaster } from "../trademaster/index.ts";
import { zigquant } from "../zigquant/role.ts";
import { marketData } from "./market-data.ts";
import { orderExecution } from "./order-execution.ts";
import { riskManager } from "./risk-manager.ts";
import type { Role } from "./role.ts";
import { tradingBot } from "./trading-bot.ts";

export const roles: readonly Role[] = [
  tradingBot,
  marketData,
  riskManager,
  orderExecution,
  ...tradeMaster,
  zigquant,
  ...metricsExamples,
  ...marketPrism,
];
