import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { DescriptionError, type Problem, suggest } from "../components/core/errors";
import { parse } from "../components/core/issues";
import { Problems } from "../components/core/problems";
import { clusterItself } from "../components/monitoring/cluster/system-of-namespace";
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

/** With the names of the secrets, so that a misspelt one is told the right one; their values are read elsewhere. */
const wholeSchema = stackSchema.extend(
  Object.fromEntries(Object.keys(secretKeys).map((key) => [key, z.never().optional()])) as Readonly<
    Record<keyof typeof secretKeys, z.ZodOptional<z.ZodNever>>
  >,
);

/** A stack's configuration as a whole. */
export interface Stack {
  readonly name: string;
  readonly config: StackConfig;
  secret(key: string): pulumi.Output<string> | undefined;
}

/** Reads the stack's configuration; the only place that does. Throws a `RunError` that lists every problem. */
export function readStack(): Stack {
  const config = new pulumi.Config();
  const project = `${pulumi.getProject()}:`;
  const own = ([key, value]: [string, string]): [string, string][] =>
    key.startsWith(project) ? [[key.slice(project.length), value]] : [];
  try {
    return {
      name: pulumi.getStack(),
      config: parseStack(
        Object.fromEntries(Object.entries(pulumi.runtime.allConfig()).flatMap(own)),
        encryptedKeys()?.flatMap((key) => own([key, ""]).map(([name]) => name)),
      ),
      secret: (key) => config.getSecret(key),
    };
  } catch (error) {
    if (error instanceof DescriptionError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

/**
 * Parses configuration as Pulumi keeps it: strings as they are, all else as JSON. Unknown keys are refused, and so is a
 * secret in clear when it is known which keys are encrypted. No message holds the value of an encrypted key.
 */
export function parseStack(raw: Readonly<Record<string, string>>, encrypted?: readonly string[]): StackConfig {
  const problems = new Problems();
  const plain: [string, unknown][] = [];
  for (const [key, value] of Object.entries(raw)) {
    const hidden = encrypted?.includes(key);
    if (Object.hasOwn(secretKeys, key)) {
      if (hidden === false) problems.add(key, "is stored in clear", `run pulumi config set --secret ${key}`);
    } else if (hidden === true && Object.hasOwn(stackSchema.shape, key))
      problems.add(key, "is encrypted, although it is no secret", `run pulumi config set ${key} without --secret`);
    else plain.push([key, interpret(key, value)]);
  }
  const parsed = parse(wholeSchema, movedOut(Object.fromEntries(plain), problems), "", problems);
  if (parsed !== undefined) problems.addAll(strangers(parsed));
  if (parsed?.monitoring === "cluster" && parsed.target === "docker")
    problems.add(
      "monitoring",
      "is cluster, and the target is docker, which has no cluster",
      "set monitoring to own, or target to kubernetes",
    );
  if (parsed === undefined || problems.all.length > 0)
    throw new DescriptionError("configuration of the stack", problems.all);
  return parsed;
}

/** Tells of a setting that had another name once, and leaves it out. */
function movedOut(given: Readonly<Record<string, unknown>>, problems: Problems): Readonly<Record<string, unknown>> {
  const { algoTrading } = given;
  if (typeof algoTrading !== "object" || algoTrading === null || !("alertWebhook" in algoTrading)) return given;
  const { alertWebhook: _url, ...kept } = algoTrading;
  problems.add(
    "algoTrading.alertWebhook",
    "is receivers.webhook.url now, for all systems",
    "run pulumi config rm --path algoTrading.alertWebhook, and pulumi config set --path receivers.webhook.url with the URL",
  );
  return { ...given, algoTrading: kept };
}

/** Systems that a receiver is to tell of, and that are not in the stack: it would stay silent. */
function strangers({ receivers, systems, monitoring }: StackConfig): readonly Problem[] {
  const known: readonly string[] = monitoring === "cluster" ? [...systems, clusterItself] : systems;
  return Object.entries(receivers).flatMap(([name, receiver]) =>
    (receiver !== undefined && "systems" in receiver ? (receiver.systems ?? []) : [])
      .filter((system) => !known.includes(system))
      .map((system) => ({
        path: `receivers.${name}.systems`,
        given: `names ${JSON.stringify(system)}, which the stack does not deploy`,
        remedy: suggest(system, known),
      })),
  );
}

/** Pulumi gives every value as a string; where the schema does not take one, it is the JSON of something else. */
function interpret(key: string, value: string): unknown {
  const schema: unknown = Reflect.get(stackSchema.shape, key);
  const asString = schema instanceof z.ZodType ? schema.safeParse(value) : undefined;
  const takesStrings = asString?.error?.issues.every(({ code }) => code !== "invalid_type") ?? true;
  if (takesStrings) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The SDK does not say which keys are encrypted; Pulumi tells every program by this variable. */
function encryptedKeys(): readonly string[] | undefined {
  const list = process.env["PULUMI_CONFIG_SECRET_KEYS"];
  return list === undefined || list === "" ? undefined : z.array(z.string()).parse(JSON.parse(list));
}
