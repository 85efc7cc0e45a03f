import { randomUUID } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Realised, Scope } from "../target";
import { allUp, bringUp, type Running } from "./bring-up";
import { connectEngine, engineHost } from "./engine";
import { makeRoom, ownerLabel, refuseSecond, stackLabel, systemLabel, takeOver } from "./leftovers";
import type { DockerModel, NetworkModel, ServiceModel } from "./model";
import { type Context, labelList, makeContainers } from "./realise-service";

/** Makes the objects of a model, starts its containers in order, and waits until they are up. */
export function realiseDocker(model: DockerModel, scope: Scope, host: string | undefined): Realised {
  const context = prepare(model, scope, host);
  const present = model.services.filter(({ omitted }) => omitted === undefined);
  makeImages(model.prefix, present, context);
  makeNetworks(model.networks, context);
  const running = new Map<string, Running>();
  for (const service of present) {
    const made = makeContainers(service, context);
    running.set(service.name, bringUp(service, made, running, context));
  }
  return {
    addresses: allUp(model, [...running.values()]),
    omitted: Object.fromEntries(
      model.services.flatMap(({ name, omitted }) => (omitted === undefined ? [] : [[name, omitted]])),
    ),
  };
}

function prepare({ prefix, system }: DockerModel, scope: Scope, host: string | undefined): Context {
  const engine = connectEngine(host ?? engineHost(process.env), process.env);
  const parent = scope.parentOf(undefined);
  // a preview changes nothing, and neither does a unit test with Pulumi's mocks, behind which there is no Docker
  const active = !pulumi.runtime.isDryRun() && pulumi.runtime.getEngine() !== undefined;
  const before = (name: string, act: (args: pulumi.ResourceHookArgs) => Promise<void>): pulumi.ResourceHookBinding =>
    active ? { beforeCreate: [new pulumi.ResourceHook(`${prefix}-${name}`, act)] } : {};
  // the state keeps the first value, and everything that is made carries it
  const owner = new pulumi.Stash(
    `${prefix}-owner`,
    { input: randomUUID() },
    { parent, ignoreChanges: ["input"], hooks: before("refuse-second", () => refuseSecond(engine, system, prefix)) },
  );
  return {
    active,
    engine,
    scope,
    labels: {
      [systemLabel]: system,
      [stackLabel]: `${pulumi.getProject()}/${pulumi.getStack()}`,
      [ownerLabel]: owner.output,
    },
    provider: host === undefined ? {} : { provider: new docker.Provider(`${prefix}-engine`, { host }, { parent }) },
    makeRoom: before("make-room", ({ type, newInputs }) => makeRoom(engine, type, newInputs)),
    takeOver: before("take-over", ({ newInputs }) => takeOver(engine, newInputs)),
    images: new Map(),
    networks: new Map(),
    containers: new Map(),
  };
}

/** An image is a resource of its own, so that a wrong one is noticed before a container is stopped for it. */
function makeImages(prefix: string, services: readonly ServiceModel[], context: Context): void {
  const references = new Set(services.flatMap(({ containers }) => containers.map(({ args }) => args.image)));
  const options = { ...context.provider, parent: context.scope.parentOf(undefined) };
  for (const name of references) {
    const image = new docker.RemoteImage(`${prefix}-${name}`, { name, keepLocally: true }, options);
    context.images.set(name, image);
  }
}

/** A network is never made twice at once: the old one would still have the addresses. */
function makeNetworks(networks: readonly NetworkModel[], context: Context): void {
  const { provider, makeRoom: hooks, labels, scope } = context;
  const options = { ...provider, hooks, parent: scope.parentOf(undefined), deleteBeforeReplace: true };
  for (const { name, subnet, internal, talk } of networks) {
    const separated = talk ? {} : { options: { "com.docker.network.bridge.enable_icc": "false" } };
    const args = { name, internal, ipamConfigs: [{ subnet }], labels: labelList(labels), ...separated };
    context.networks.set(name, new docker.Network(name, args, options));
  }
}
