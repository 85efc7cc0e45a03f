import { z } from "zod";
import type { Alerting } from "../alerting";
import type { Profile } from "../profile";

/** What a stack may choose about the system zigquant. */
export const zigQuantSettings = z.strictObject({
  development: z.boolean().default(false).describe("hot reload of the sources, their compiled form kept on a volume"),
  release: z
    .string()
    .min(1)
    .optional()
    .describe("image of a release of zigQuant, such as davirain/zigquant:v1.0.0; the reference workload when absent"),
  logLevel: z
    .enum(["debug", "info", "warn", "error"])
    .optional()
    .describe("how much it logs; debug in development and info otherwise when absent"),
  logTo: z
    .enum(["stdout", "file"])
    .default("stdout")
    .describe("where the log goes: the container's own, or a copy on a volume at /var/log/zigquant, too"),
  exchange: z
    .enum(["paper", "live"])
    .default("paper")
    .describe("where prices come from: simulated, or the exchange; trades are on paper in any case"),
  exchangeHost: z.hostname().default("api.binance.com").describe("host of the exchange, for exchange: live"),
  symbol: z.string().min(1).default("BTCUSDT").describe("what is traded"),
  seed: z.int().min(0).max(0xffff_ffff).optional().describe("seed of the simulated prices; random when absent"),
  public: z
    .boolean()
    .default(false)
    .describe("whether the API answers other machines, too: on Kubernetes by an ingress"),
  alertmanager: z.boolean().default(false).describe("an Alertmanager; alerts are seen in Prometheus alone without it"),
  retentionDays: z.int().min(1).default(15).describe("days that Prometheus keeps samples"),
});

export interface ZigQuantSettings extends z.output<typeof zigQuantSettings> {
  readonly profile: Profile;
  readonly alerting?: Alerting;
}
