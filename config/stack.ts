import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { parseBlock } from "../components/targets/docker/ipv4";
import { algoTradingSettings } from "../systems/algo-trading/settings";
import { marketPrismSettings } from "../systems/marketprism/settings";
import { metricsExamplesSettings } from "../systems/metrics-examples/settings";
import { clusterMonitoringSettings } from "../systems/monitoring/settings";
import { perSystem, systemNames } from "../systems/places";
import { profiles } from "../systems/profile";
import { tradeMasterSettings } from "../systems/trademaster/settings";
import { zigQuantSettings } from "../systems/zigquant/settings";
import { receiverSecretKeys, receiversSchema } from "./receivers";
import { webFolder } from "./url";

const objectName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/, "use 1 to 63 of a-z, 0-9, . and -, a letter or digit first and last");
const namespace = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "use 1 to 63 of a-z, 0-9 and -, a letter or digit first and last");
const blockRemedy = "use a block of IPv4 addresses of size /8 to /24, such as 10.201.0.0/16";
const block = z.cidrv4({ error: blockRemedy, abort: true }).refine((text) => {
  const { size = 0 } = parseBlock(text) ?? {};
  return size >= 2 ** 8 && size <= 2 ** 24;
}, blockRemedy);
const portBase = z.int().min(0).max(56_000);

/** Every key of a stack's configuration that is not a secret. */
export const stackSchema = z.strictObject({
  target: z.enum(["docker", "kubernetes"]).default("docker").describe("where the systems run"),
  systems: z
    .array(z.enum(systemNames))
    .min(1)
    .refine((names) => new Set(names).size === names.length, "name each system once")
    .default(["algo-trading"])
    .describe("systems to deploy"),
  profile: z
    .enum(profiles)
    .default("small")
    .describe(
      "what services ask of their machines: full is production's; small lets all systems fit two cores, with less memory, and a fifth of the CPU requested where no autoscaler measures by it",
    ),
  only: z
    .array(z.string())
    .min(1)
    .optional()
    .describe("services to deploy, with what they wait for; all of them when absent"),
  imageSource: z
    .enum(["upstream", "local"])
    .optional()
    .describe("pull images, or build them here; when absent, upstream where the registry answers"),
  monitoring: z
    .enum(["own", "cluster"])
    .default("own")
    .describe(
      "own: Prometheus, Alertmanager and Grafana beside each system; cluster, on Kubernetes: one stack for all of the cluster",
    ),
  strictParity: z
    .enum(["off", "unsupported", "approximated"])
    .default("off")
    .describe("which gaps between description and target are errors"),
  isolation: z
    .enum(["connection", "system"])
    .default("connection")
    .describe("Docker: a network for each declared connection, or one for each system"),
  hostPortBase: z
    .strictObject(
      perSystem((place) =>
        portBase.default(10_000 + 2_000 * place).describe("Docker: added to the system's ports on the host"),
      ),
    )
    .prefault({}),
  namePrefix: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, "use at most 31 of a-z, 0-9 and -, beginning with a letter")
    .optional()
    .describe("begins the names of containers, networks and volumes, and of namespaces, before the system's name"),
  subnets: block
    .default("10.201.0.0/16")
    .describe("Docker: address range in which every system has a sixteenth, from which its networks are cut"),
  systemSubnets: z
    .strictObject(
      perSystem(() => block.optional().describe("Docker: address range of the system, instead of that sixteenth")),
    )
    .prefault({}),
  keepVolumes: z.boolean().default(false).describe("keep volumes when the stack is destroyed"),
  kubeContext: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Kubernetes: context of the cluster to use, in KUBECONFIG or ~/.kube/config; that of make cluster when absent",
    ),
  kubernetes: z
    .strictObject({
      registry: z
        .string()
        .regex(
          /^(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+|[a-z0-9-]+(?=:)|\[[0-9a-f:]+\])(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
          "use host[:port][/path] such as registry.example.org/team, in small letters and without https://",
        )
        .default("127.0.0.1:5055")
        .describe("Kubernetes: image registry that images built here are pushed to, and that the nodes pull them from"),
      storageClass: objectName.optional().describe("Kubernetes: class of volumes; the cluster's default when absent"),
      domain: z
        .hostname()
        .optional()
        .describe("Kubernetes: public HTTP ports get names in it; needed when there are any"),
      ingressClass: objectName.optional().describe("Kubernetes: class of ingresses; the cluster's default when absent"),
      ingressNamespace: namespace.default("ingress").describe("Kubernetes: where the ingress controller runs"),
      tls: z
        .boolean()
        .default(false)
        .describe("Kubernetes: public HTTP ports are reached by HTTPS, as always with a tlsSecret"),
      tlsSecret: objectName
        .optional()
        .describe(
          "Kubernetes: secret with the certificate for that, in the system's namespace; the ingress controller's own when absent",
        ),
      monitoringNamespace: namespace
        .optional()
        .describe(
          "Kubernetes: namespace that may reach every metrics port, and that of the stack of monitoring: cluster; monitoring then, none else when absent",
        ),
    })
    .prefault({}),
  receivers: receiversSchema.prefault({}),
  links: z
    .strictObject({
      grafana: webFolder
        .optional()
        .describe(
          "address of Grafana as people reach it, which alerts lead to; when absent, on Docker its port on the host, else none",
        ),
      project: webFolder
        .optional()
        .describe("address that the project's files are read at, which alerts lead to for docs/runbooks"),
    })
    .prefault({}),
  alertTimeScale: z
    .number()
    .positive()
    .max(1)
    .default(1)
    .describe("for rehearsals: how much of the time is waited that alerts and messages wait; 1 in earnest"),
  clusterMonitoring: clusterMonitoringSettings.prefault({}),
  algoTrading: algoTradingSettings.prefault({}),
  tradeMaster: tradeMasterSettings.prefault({}),
  zigQuant: zigQuantSettings.prefault({}),
  marketPrism: marketPrismSettings.prefault({}),
  metricsExamples: metricsExamplesSettings.prefault({}),
});

export type StackConfig = z.output<typeof stackSchema>;

/** Secrets that a stack may hold, by key. */
export const secretKeys = {
  exchangeApiKey: "key of the exchange account, for exchange: live",
  exchangeApiSecret: "secret of the exchange account, for exchange: live",
  tradeMasterCertificate: "certificate of trademaster's nginx with its chain, for tradeMaster.tls",
  tradeMasterCertificateKey: "key of that certificate",
  natsPassword: "password of marketprism at the broker, for marketPrism.upstreams.nats",
  clickhousePassword: "password of marketprism at ClickHouse, for marketPrism.upstreams.clickhouse",
  redisPassword: "password of the Redis, for marketPrism.upstreams.redis",
  ...receiverSecretKeys,
} as const;

/** A stack's configuration as a whole. */
export interface Stack {
  readonly name: string;
  readonly config: StackConfig;
  secret(key: string): pulumi.Output<string> | undefined;
}
