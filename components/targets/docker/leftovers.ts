import { z } from "zod";
import type { Engine } from "./engine";
import { overlap, parseBlock } from "./ipv4";

/** Label with the stack that owns an object, as `project/stack`. */
export const stackLabel = "twofold.stack";

/** What is read of the arguments of an object that is about to be created. */
const newcomer = z.object({
  name: z.string(),
  ipamConfigs: z.array(z.object({ subnet: z.string() })).default([]),
});

type Newcomer = z.output<typeof newcomer>;

/**
 * Makes room for an object that is about to be created. A run that was killed can leave objects behind that its state does
 * not know; those of the same stack that nothing uses are removed. Throws when the place is taken by anything else.
 * `type` is Pulumi's type token, `args` are the provider's.
 */
export async function makeRoom(engine: Engine, owner: string, type: string, args: unknown): Promise<void> {
  const wanted = newcomer.parse(args);
  switch (type) {
    case "docker:index/container:Container":
      return makeRoomForContainer(engine, owner, wanted);
    case "docker:index/network:Network":
      return makeRoomForNetwork(engine, owner, wanted);
    case "docker:index/volume:Volume":
      return refuseForeignVolume(engine, owner, wanted);
    default:
      throw new Error(`there is no rule for leftovers of the type ${type}`);
  }
}

async function makeRoomForContainer(engine: Engine, owner: string, { name }: Newcomer): Promise<void> {
  const existing = await engine.inspect(name);
  if (existing === undefined) return;
  const itsOwner = existing.Config.Labels?.[stackLabel];
  // whatever a state knows has been started, so that a container that never was belongs to nobody
  if (itsOwner !== owner || existing.State.Status !== "created")
    throw taken("container", name, itsOwner, `docker rm -f ${name}`);
  await engine.removeContainer(existing.Id);
}

async function makeRoomForNetwork(engine: Engine, owner: string, { name, ipamConfigs }: Newcomer): Promise<void> {
  const subnets = ipamConfigs.map(({ subnet }) => subnet);
  const networks = await engine.networks();
  const existing = networks.find((network) => network.Name === name);
  if (existing !== undefined) {
    const itsOwner = existing.Labels?.[stackLabel];
    if (itsOwner !== owner) throw taken("network", name, itsOwner, `docker network rm ${name}`);
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

async function refuseForeignVolume(engine: Engine, owner: string, { name }: Newcomer): Promise<void> {
  const existing = await engine.volume(name);
  const itsOwner = existing?.Labels?.[stackLabel];
  if (existing !== undefined && itsOwner !== owner) throw taken("volume", name, itsOwner, `docker volume rm ${name}`);
}

function taken(kind: string, name: string, owner: string | undefined, removal: string): Error {
  const whose = owner === undefined ? "nobody's that is known here" : `the stack ${owner}'s`;
  return new Error(
    `${kind} ${name} exists already, and is ${whose}; give the target another prefix, or run ${removal}`,
  );
}

function sharesAddresses(a: string, b: string): boolean {
  const [first, second] = [parseBlock(a), parseBlock(b)];
  return first !== undefined && second !== undefined && overlap(first, second);
}
