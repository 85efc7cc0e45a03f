import { basename } from "node:path/posix";
import * as pulumi from "@pulumi/pulumi";
import { type SecretRef, secretsIn } from "../../core/value";
import { blaming } from "../blame";
import { resolveValue } from "../resolve-value";
import type { Scope } from "../target";
import { archiveOf, type Entry } from "./archive";
import type { Engine } from "./engine";
import type { CarrierModel, ContainerModel, DockerModel, ServiceModel } from "./model";
import { type Subject, settle, start } from "./settle";

/** A service whose containers were made; each output fails with what a person needs to know. */
export interface Running {
  /** Resolves when its containers have been started. */
  readonly started: pulumi.Output<unknown>;
  /** Resolves when its containers are up. */
  readonly up: pulumi.Output<unknown>;
}

/** The resources of one service, each with what it was made from. */
export interface Made {
  readonly containers: readonly { readonly model: ContainerModel; readonly resource: pulumi.CustomResource }[];
  readonly carriers: readonly { readonly model: CarrierModel; readonly resource: pulumi.CustomResource }[];
}

export interface Surroundings {
  /** Whether there is a Docker Engine to talk to; otherwise everything counts as up. */
  readonly active: boolean;
  readonly engine: Engine;
  readonly scope: Scope;
}

/** Starts the containers of a service as soon as what it waits for is up, and waits for them. */
export function bringUp(
  service: ServiceModel,
  { containers, carriers }: Made,
  others: ReadonlyMap<string, Running>,
  { active, engine, scope }: Surroundings,
): Running {
  const made = pulumi.all(containers.map(({ resource }) => resource.id));
  if (!active) return { started: made, up: made };
  const awaited = service.waits.flatMap((wait) => {
    const other = others.get(wait.service);
    if (other === undefined) return [];
    return [wait.until === "started" ? other.started : other.up];
  });
  const secrets = secretsOf(service).map((ref) => scope.secret(ref));
  const cargo = pulumi.all(carriers.map(({ model, resource }) => cargoOf(model, resource, scope)));
  let filled: Promise<void> | undefined;
  const steps = containers.map(({ model, resource }) => {
    const inputs = pulumi.all([resource.id, pulumi.all(secrets), cargo, pulumi.all(awaited)]);
    const started = inputs.apply(async ([id, values, holds]) => {
      // replicas share what holds their files, and none may read them while they are written
      const prepare = async () => {
        filled ??= fill(engine, holds);
        await Promise.all([filled, handOver(engine, id, model)]);
      };
      const subject: Subject = { engine, id, name: model.name, goal: service.goal, secrets: values, prepare };
      return { subject, restarts: await blaming(resource, start(subject)) };
    });
    return { started, up: started.apply(({ subject, restarts }) => blaming(resource, settle(subject, restarts))) };
  });
  return {
    started: pulumi.all(steps.map(({ started }) => started)),
    up: pulumi.all(steps.map(({ up }) => up)),
  };
}

/** A carrier's id and what it is to hold. */
interface Cargo {
  readonly carrier: string;
  readonly entries: readonly Entry[];
}

function cargoOf({ uploads }: CarrierModel, { id }: pulumi.CustomResource, scope: Scope): pulumi.Output<Cargo> {
  const contents = uploads.map(({ content }) => resolveValue(content, scope));
  return pulumi.all([id, pulumi.all(contents)]).apply(([carrier, texts]) => ({
    carrier,
    entries: uploads.map((upload, index) => ({ ...upload, content: texts[index] ?? "" })),
  }));
}

/**
 * Gives the files of carriers their owners. The provider cannot: with an owner it makes the Engine look up the user of the
 * image in the passwd file of the host, and that fails for users unknown there.
 */
async function fill(engine: Engine, cargo: readonly Cargo[]): Promise<void> {
  await Promise.all(cargo.map(async ({ carrier, entries }) => engine.unpack(carrier, "/", await archiveOf(entries))));
}

/**
 * Gives a container's volumes to its user. A new volume belongs to root, or to whoever owns the folder at its place in the
 * image, and the Engine sets that anew with each container while the volume is empty. The mode is what PostgreSQL asks for.
 */
async function handOver(engine: Engine, id: string, { volumes, owner }: ContainerModel): Promise<void> {
  const paths = owner.uid === 0 ? [] : Object.keys(volumes);
  await Promise.all(
    paths.map(async (path) => {
      // the Engine leaves the folder alone into which it unpacks, unless it comes to it from outside
      const folder = { path: `/../${basename(path)}/`, content: "", mode: "0700", ...owner };
      await engine.unpack(id, path, await archiveOf([folder]));
    }),
  );
}

/** Where the system answers, known when all of it is up. */
export function allUp({ services }: DockerModel, running: readonly Running[]): pulumi.Output<Record<string, string>> {
  const present = services.filter(({ omitted }) => omitted === undefined);
  const addresses = Object.fromEntries(
    present.flatMap(({ name, addresses }) => Object.entries(addresses).map(([port, at]) => [`${name}/${port}`, at])),
  );
  // what is waited for depends on secrets, the addresses do not
  return pulumi.unsecret(pulumi.all(running.map(({ up }) => up)).apply(() => addresses));
}

function secretsOf({ containers, carriers }: ServiceModel): readonly SecretRef[] {
  const values = [
    ...containers.flatMap(({ env }) => Object.values(env)),
    ...carriers.flatMap(({ uploads }) => uploads.map(({ content }) => content)),
  ];
  return [...new Map(values.flatMap(secretsIn).map((ref) => [ref.id, ref])).values()];
}
