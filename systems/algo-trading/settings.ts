import { z } from "zod";
import type { Alerting } from "../alerting";
import type { Profile } from "../profile";

/** What a stack may choose about the algo-trading system. */
export const algoTradingSettings = z
  .strictObject({
    /** Hot reload, debug ports, and the database and Redis consoles. */
    development: z.boolean().default(false).describe("hot reload, debug ports, adminer and redis-commander"),
    logLevel: z.enum(["debug", "info", "warn", "error"]).default("info").describe("how much the workloads log"),
    /** `live` takes the exchange's keys from the configuration; `paper` needs none. */
    exchange: z
      .enum(["paper", "live"])
      .default("paper")
      .describe("paper needs no keys; live takes them from the configuration"),
    exchangeHost: z.hostname().default("api.binance.com").describe("host of the exchange, for exchange: live"),
    symbols: z.array(z.string()).min(1).default(["BTCUSDT", "ETHUSDT", "SOLUSDT"]).describe("traded pairs"),
    /** Makes the simulated feed and exchange repeatable. */
    seed: z.int().min(0).optional().describe("seed of the simulated feed and exchange; random when absent"),
    maxPositionSize: z.number().positive().default(10_000).describe("largest position, in units of the quote currency"),
    maxDailyLoss: z.number().positive().default(1_000).describe("loss in a day that stops trading, in USD"),
    retentionDays: z.int().min(1).default(30).describe("days that Prometheus keeps samples"),
    loadBalancer: z.boolean().default(false).describe("two trading bots behind an nginx; one of them trades"),
    public: z
      .boolean()
      .default(false)
      .describe("whether that nginx answers other machines, too: on Kubernetes by an ingress"),
    maxBots: z
      .int()
      .min(2)
      .max(20)
      .optional()
      .describe("trading bots that an autoscaler may run when they are busy, with loadBalancer; two when absent"),
    hostAgents: z
      .boolean()
      .default(true)
      .describe(
        "node-exporter and cAdvisor, which look at the whole machine; on Kubernetes that is for the cluster to do",
      ),
  })
  .superRefine(({ loadBalancer, public: isPublic, maxBots }, { addIssue }) => {
    const pointless = { maxBots: maxBots !== undefined, public: isPublic };
    for (const [key, given] of Object.entries(pointless))
      if (given && !loadBalancer)
        addIssue({ code: "custom", path: [key], message: "set loadBalancer, or leave it out" });
  });

export interface AlgoTradingSettings extends z.output<typeof algoTradingSettings> {
  readonly profile: Profile;
  readonly alerting?: Alerting;
}
