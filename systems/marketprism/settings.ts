import { z } from "zod";
import type { Alerting } from "../alerting";
import type { Profile } from "../profile";

/** The services whose programs are the system's own, by short names, with their names. */
export const services = {
  collector: "market-data-collector",
  storage: "data-storage-service",
  gateway: "api-gateway-service",
  scheduler: "scheduler-service",
  monitoring: "monitoring-service",
} as const;

export type ServiceKey = keyof typeof services;

/** What a service may reach elsewhere instead of beside itself. */
export type UpstreamKey = "nats" | "clickhouse" | "redis" | "collector" | "storage";

/** Something for each service, by its short name. */
const perService = <Schema extends z.ZodType>(make: (key: ServiceKey) => Schema) =>
  z.strictObject({
    collector: make("collector"),
    storage: make("storage"),
    gateway: make("gateway"),
    scheduler: make("scheduler"),
    monitoring: make("monitoring"),
  });

const schemes: Readonly<Record<UpstreamKey, string>> = {
  nats: "nats",
  clickhouse: "http",
  redis: "redis",
  collector: "http",
  storage: "http",
};

const upstream = (key: UpstreamKey) =>
  z
    .string()
    .refine(
      (given) => URL.canParse(given) && new URL(given).protocol === `${schemes[key]}:` && new URL(given).port !== "",
      `use a URL with a port, such as ${schemes[key]}://192.168.1.100:4222`,
    )
    .optional()
    .describe(`address of ${key} elsewhere, such as ${schemes[key]}://host:port; beside the system when absent`);

const version = z
  .string()
  .regex(/^v\d+\.\d+\.\d+$/, "use a version such as v1.0.0")
  .default("v1.0.0");

/** What a stack may choose about the MarketPrism system. */
export const marketPrismSettings = z
  .strictObject({
    environment: z
      .enum(["development", "test", "production"])
      .default("production")
      .describe("chooses the layer of configuration; development has one of each service, the others scale"),
    versions: perService((key) =>
      version.describe(`version of the ${key}; a change of it changes no other service`),
    ).prefault({}),
    images: perService((key) =>
      z.string().optional().describe(`image of the ${key} from a registry; built here when absent`),
    ).prefault({}),
    maxCollectors: z.int().min(1).max(5).default(5).describe("collectors at most, outside of development"),
    maxStorages: z.int().min(1).max(3).default(3).describe("storage services at most, outside of development"),
    maxGateways: z
      .int()
      .min(1)
      .max(5)
      .default(1)
      .describe("gateways at most; more than one need a balancer before them"),
    room: z
      .enum(["A", "B"])
      .optional()
      .describe("half of the system: A collects, stores and serves, B has broker, scheduler and monitoring"),
    upstreams: z
      .strictObject({
        nats: upstream("nats"),
        clickhouse: upstream("clickhouse"),
        redis: upstream("redis"),
        collector: upstream("collector"),
        storage: upstream("storage"),
      })
      .prefault({}),
    public: z
      .array(z.enum(["gateway", "collector", "storage", "broker"]))
      .default([])
      .describe("what answers other machines, too: on Kubernetes by an ingress; none when absent"),
    http: z
      .strictObject({
        timeoutSeconds: z.int().min(1).max(600).default(30).describe("time for a request between services"),
        poolLimit: z.int().min(1).max(10_000).default(100).describe("connections to one other service"),
      })
      .prefault({}),
    breaker: z
      .strictObject({
        failures: z.int().min(1).max(100).default(5).describe("failures in a row that open a circuit"),
        recoverySeconds: z.int().min(1).max(3600).default(60).describe("time before a circuit tries again"),
      })
      .prefault({}),
    seed: z.int().min(0).optional().describe("seed of the simulated prices; random when absent"),
    retentionDays: z.int().min(1).default(15).describe("days that Prometheus keeps samples"),
  })
  .superRefine(({ room, upstreams }, { addIssue }) => {
    if (room === "A" && upstreams.nats === undefined)
      addIssue({ code: "custom", path: ["upstreams", "nats"], message: "say where the broker of room B is" });
  });

export interface MarketPrismSettings extends z.output<typeof marketPrismSettings> {
  readonly profile: Profile;
  readonly alerting: Alerting;
}
