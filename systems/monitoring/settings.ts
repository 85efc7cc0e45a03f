import { z } from "zod";

const quantity = z.string().regex(/^\d+(Mi|Gi)$/, "use a number with Mi or Gi, such as 8Gi");

/** What a stack may choose about the cluster's monitoring. */
export const clusterMonitoringSettings = z.strictObject({
  deploy: z
    .boolean()
    .default(true)
    .describe("monitoring: cluster: whether this stack deploys it, unless another one has; else it must be there"),
  cluster: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/, "use 1 to 63 of a-z, 0-9, . and -")
    .default("twofold")
    .describe("monitoring: cluster: what alerts and samples say of where they come from"),
  retentionDays: z.int().min(1).default(30).describe("monitoring: cluster: days that samples are kept"),
  storage: quantity.default("8Gi").describe("monitoring: cluster: volume of each of the two Prometheus"),
  apiServers: z
    .array(z.cidrv4("use a block of IPv4 addresses, such as 10.0.0.1/32"))
    .min(1)
    .default(["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"])
    .describe("monitoring: cluster: addresses of the cluster's API servers and nodes"),
});
