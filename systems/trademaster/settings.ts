import { z } from "zod";
import type { Alerting } from "../alerting";
import type { Profile } from "../profile";

/** What a stack may choose about the TradeMaster system. */
export const tradeMasterSettings = z.strictObject({
  environment: z
    .enum(["development", "staging", "production"])
    .default("production")
    .describe("how many of each service there are: one, a few, or at least five web services and three workers"),
  hotReload: z.boolean().default(false).describe("hot reload of the sources, for environment: development"),
  logLevel: z
    .enum(["debug", "info", "warn", "error"])
    .optional()
    .describe("how much the workloads log; info in production and debug elsewhere when absent"),
  logTo: z
    .enum(["stdout", "file"])
    .default("stdout")
    .describe("where logs go: the container's own, or copies in /app/logs, too"),
  symbols: z.array(z.string()).min(1).default(["AAPL", "GOOGL", "MSFT", "TSLA"]).describe("what is traded"),
  seed: z.int().min(0).max(0xffff_ffff).optional().describe("seed of the simulated prices; random when absent"),
  connectionsEach: z
    .int()
    .min(1)
    .max(50)
    .default(12)
    .describe("connections to PostgreSQL that one process may have; it takes 197 of all together"),
  cacheSeconds: z.int().min(1).max(86_400).default(3_600).describe("seconds that results are kept in Redis"),
  httpPort: z.int().min(1).max(9_999).default(8_000).describe("port of nginx on the host, to which the base is added"),
  public: z.boolean().default(false).describe("whether nginx answers other machines, too: on Kubernetes by an ingress"),
  tls: z
    .boolean()
    .default(false)
    .describe("whether nginx speaks HTTPS itself, with tradeMasterCertificate and tradeMasterCertificateKey"),
  trustedProxies: z
    .array(z.cidrv4())
    .default([])
    .describe("blocks of proxies before nginx, such as an ingress: the address that they tell is the client's"),
  networkBuffers: z
    .boolean()
    .default(false)
    .describe("large buffers of TCP, which on Kubernetes need nodes of 1.32 and a namespace that admits them"),
  hostAgents: z
    .boolean()
    .default(true)
    .describe(
      "node-exporter and cAdvisor, which look at the whole machine; on Kubernetes that is for the cluster to do",
    ),
  retentionHours: z.int().min(1).default(200).describe("hours that Prometheus keeps samples"),
});

export interface TradeMasterSettings extends z.output<typeof tradeMasterSettings> {
  readonly profile: Profile;
  readonly alerting?: Alerting;
}
