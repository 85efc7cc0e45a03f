import { z } from "zod";
import { webUrl } from "../../config/url";
import type { Alerting } from "../alerting";
import type { Profile } from "../profile";

/** What a stack may choose about the system metrics-examples. */
export const metricsExamplesSettings = z.strictObject({
  development: z.boolean().default(false).describe("hot reload of the sources"),
  logLevel: z.enum(["debug", "info", "warn", "error"]).default("info").describe("how much the workloads log"),
  tickers: z.array(z.string()).min(1).default(["SBERP", "SBER", "GAZP"]).describe("shares that are quoted"),
  intervalSeconds: z.int().min(1).max(3_600).default(30).describe("seconds from one quote to the next"),
  source: z
    .enum(["simulated", "live"])
    .default("simulated")
    .describe("where quotes come from; live ones are simulated, and marked so, while the exchange cannot be reached"),
  exchangeUrl: webUrl.default("https://iss.moex.com").describe("address of the exchange's interface, for source: live"),
  seed: z.int().min(0).max(0xffff_ffff).default(1).describe("seed of the simulated quotes"),
  priceBuckets: z
    .array(z.number().positive())
    .min(1)
    .default(Array.from({ length: 20 }, (_, index) => 25 * (index + 1)))
    .describe("upper bounds of the worker's histogram, in rubles"),
  disagreementPercent: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "by how much of a price the stores may differ; with source: live worker and scraper ask one after the other",
    ),
  statsd: z.boolean().default(true).describe("whether the scraper sends gauges to a StatsD, too"),
  grafanaPlugins: z
    .array(z.string())
    .default([])
    .describe("plugins that Grafana fetches, each a name or name and version"),
  maxBackends: z.int().min(2).max(20).optional().describe("backends that an autoscaler may run; one when absent"),
  public: z.boolean().default(false).describe("whether backend and Graphite answer other machines, too"),
  hostAgents: z
    .boolean()
    .default(true)
    .describe("node-exporter, which looks at the whole machine; on Kubernetes that is for the cluster to do"),
  retentionDays: z.int().min(1).default(15).describe("days that Prometheus keeps samples"),
});

export interface MetricsExamplesSettings extends z.output<typeof metricsExamplesSettings> {
  readonly profile: Profile;
  readonly alerting?: Alerting;
}
