import { z } from "zod";
import type { Engine } from "./engine";
import { overlap, parseBlock } from "./ipv4";

/** Label with the stack that an object belongs to, as `project/stack`. */
export const stackLabel = "twofold.stack";
/** Label with the system that an object belongs to. */
export const systemLabel = "twofold.system";
/** Label with the deployment that an object belongs to: stacks in different backends can have the same name. */
export const ownerLabel = "twofold.owner";

type Labels = Readonly<Record<string, string>> | null | undefined;

const labelsOfArgs = z
  .array(z.object({ label: z.string(), value: z.string() }))
  .transform((list) => Object.fromEntries(list.map(({ label, value }) => [label, value])));

/** What is read of the arguments of an object that is about to be created. */
const newcomer = z.object({
  name: z.string(),
  labels: labelsOfArgs,
  ipamConfigs: z.array(z.object({ subnet: z.string() })).default([]),
});

type Newcomer = z.output<typeof newcomer>;

/** Throws when another deployment of a system is on the Engine under the same names; asked before the first of its own. */
export async function refuseSecond(engine: Engine, system: string, prefix: string): Promise<void> {
  const others = await engine.containers({ label: [ownerLabel, `${systemLabel}=${system}`], name: [`^/${prefix}-`] });
  const [first] = others;
  if (first === undefined) return;
  const filter = `--filter label=${ownerLabel}=${first.Labels?.[ownerLabel] ?? ""}`;
  throw new Error(
    [
      `${system} is on this Docker Engine already, from another clone or state: ${others.length} containers such as ${first.Names[0]?.slice(1) ?? first.Id} belong to ${whose(first.Labels)}.`,
      "  Take that down where it was made, or give this one names of its own (namePrefix). To remove it without its state:",
      `    docker rm -fv $(docker ps -aq ${filter})`,
      `    docker network rm $(docker network ls -q ${filter})`,
      `    docker volume rm $(docker volume ls -q ${filter})`,
    ].join("\n"),
  );
}

/**
 * Makes room for an object that is about to be created. A run that was killed can leave objects behind that its state does
 * not know; those of the same deployment that nothing uses are removed. Throws when the place is taken by anything else.
 * `type` is Pulumi's type token, `args` are the provider's.
 */
export async function makeRoom(engine: Engine, type: string, args: unknown): Promise<void> {
  const wanted = newcomer.parse(args);
  switch (type) {
    case "docker:index/container:Container":
      return makeRoomForContainer(engine, wanted);
    case "docker:index/network:Network":
      return makeRoomForNetwork(engine, wanted);
    case "docker:index/volume:Volume":
      return refuseVolumeOfOthers(engine, wanted, ownerLabel);
    default:
      throw new Error(`there is no rule for leftovers of the type ${type}`);
  }
}

/** Throws when a volume that outlives its deployment has the name of one of another stack; one of this stack is used again. */
export async function takeOver(engine: Engine, args: unknown): Promise<void> {
  await refuseVolumeOfOthers(engine, newcomer.parse(args), stackLabel);
}

async function makeRoomForContainer(engine: Engine, { name, labels }: Newcomer): Promise<void> {
  const existing = await engine.inspect(name);
  if (existing === undefined) return;
  // whatever a state knows has been started, so that a container that never was belongs to nobody
  if (!isSame(ownerLabel, existing.Config.Labels, labels) || existing.State.Status !== "created")
    throw taken("container", name, existing.Config.Labels, `docker rm -f ${name}`);
  await engine.removeContainer(existing.Id);
}

async function makeRoomForNetwork(engine: Engine, { name, labels, ipamConfigs }: Newcomer): Promise<void> {
  const subnets = ipamConfigs.map(({ subnet }) => subnet);
  const networks = await engine.networks();
  const existing = networks.find((network) => network.Name === name);
  if (existing !== undefined) {
    if (!isSame(ownerLabel, existing.Labels, labels))
      throw taken("network", name, existing.Labels, `docker network rm ${name}`);
    await engine.removeNetwork(existing.Id);
  }
  for (const { Name, IPAM } of networks.filter((network) => network !== existing)) {
    const theirs = (IPAM.Config ?? []).flatMap(({ Subnet }) => (Subnet === undefined ? [] : [Subnet]));
    const clash = theirs.find((subnet) => subnets.some((own) => sharesAddresses(own, subnet)));
    if (clash !== undefined)
      throw new Error(
        `network ${name} cannot have ${subnets.join(", ")}: network ${Name} has ${clash}; give the target other subnets`,
      );
  }
}

async function refuseVolumeOfOthers(engine: Engine, { name, labels }: Newcomer, label: string): Promise<void> {
  const existing = await engine.volume(name);
  if (existing !== undefined && !isSame(label, existing.Labels, labels))
    throw taken("volume", name, existing.Labels, `docker volume rm ${name}`);
}

function isSame(label: string, labels: Labels, others: Labels): boolean {
  return labels?.[label] !== undefined && labels[label] === others?.[label];
}

function taken(kind: string, name: string, labels: Labels, removal: string): Error {
  return new Error(
    `${kind} ${name} exists already, and belongs to ${whose(labels)}; give the target another prefix, or run ${removal}`,
  );
}

function whose(labels: Labels): string {
  const stack = labels?.[stackLabel];
  return stack === undefined ? "nobody that is known here" : `another deployment of the stack ${stack}`;
}

function sharesAddresses(a: string, b: string): boolean {
  const [first, second] = [parseBlock(a), parseBlock(b)];
  return first !== undefined && second !== undefined && overlap(first, second);
}
