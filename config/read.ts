import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { DescriptionError, type Problem, suggest } from "../components/core/errors";
import { parse } from "../components/core/issues";
import { Problems } from "../components/core/problems";
import { clusterItself } from "../components/monitoring/cluster/system-of-namespace";
import { type Stack, type StackConfig, secretKeys, stackSchema } from "./stack";

/** With the names of the secrets, so that a misspelt one is told the right one; their values are read elsewhere. */
const wholeSchema = stackSchema.extend(
  Object.fromEntries(Object.keys(secretKeys).map((key) => [key, z.never().optional()])) as Readonly<
    Record<keyof typeof secretKeys, z.ZodOptional<z.ZodNever>>
  >,
);

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
