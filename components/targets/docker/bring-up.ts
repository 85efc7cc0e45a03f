import * as pulumi from "@pulumi/pulumi";
import { type SecretRef, secretsIn } from "../../core/value";
import type { Scope } from "../target";
import type { Engine } from "./engine";
import type { DockerModel, ServiceModel } from "./model";
import { settle, start, type Subject } from "./settle";

/** A service whose containers were made; each output fails with what a person needs to know. */
export interface Running {
  /** Ids of the containers and carriers. */
  readonly ids: readonly pulumi.Output<string>[];
  /** Resolves when its containers have been started. */
  readonly started: pulumi.Output<unknown>;
  /** Resolves when its containers are up. */
  readonly up: pulumi.Output<unknown>;
}

/** The containers of one service as resources, with the names by which people know them. */
export interface Made {
  readonly containers: readonly { readonly name: string; readonly resource: pulumi.CustomResource }[];
  readonly carriers: readonly pulumi.CustomResource[];
}

interface Surroundings {
  readonly engine: Engine;
  readonly scope: Scope;
  readonly labels: Readonly<Record<string, string>>;
}

/** Starts the containers of a service as soon as what it waits for is up, and waits for them. Does nothing in a preview. */
export function bringUp(
  service: ServiceModel,
  { containers, carriers }: Made,
  others: ReadonlyMap<string, Running>,
  { engine, scope }: Surroundings,
): Running {
  const ids = [...containers.map(({ resource }) => resource), ...carriers].map(({ id }) => id);
  if (pulumi.runtime.isDryRun()) return { ids, started: pulumi.output(ids), up: pulumi.output(ids) };
  const awaited = service.waits.flatMap((wait) => {
    const other = others.get(wait.service);
    if (other === undefined) return [];
    return [wait.until === "started" ? other.started : other.up];
  });
  const secrets = secretsOf(service).map((ref) => scope.secret(ref));
  const steps = containers.map(({ name, resource }) => {
    const started = pulumi.all([resource.id, pulumi.all(secrets), pulumi.all(awaited)]).apply(async ([id, values]) => {
      const subject: Subject = { engine, id, name, goal: service.goal, secrets: values };
      return { subject, restarts: await blaming(resource, start(subject)) };
    });
    return { started, up: started.apply(({ subject, restarts }) => blaming(resource, settle(subject, restarts))) };
  });
  return {
    ids,
    started: pulumi.all(steps.map(({ started }) => started)),
    up: pulumi.all(steps.map(({ up }) => up)),
  };
}

/** Where the system answers, known when all of it is up; until then a run that was killed has been tidied up, too. */
export function allUp(
  { services, prefix }: DockerModel,
  running: readonly Running[],
  { engine, labels }: Surroundings,
): pulumi.Output<Record<string, string>> {
  const present = services.filter(({ omitted }) => omitted === undefined);
  const addresses = Object.fromEntries(
    present.flatMap(({ name, addresses }) => Object.entries(addresses).map(([port, at]) => [`${name}/${port}`, at])),
  );
  if (pulumi.runtime.isDryRun()) return pulumi.output(addresses);
  const ids = pulumi.all(running.flatMap((service) => service.ids));
  return pulumi.unsecret(
    pulumi.all([ids, pulumi.all(running.map(({ up }) => up))]).apply(async ([known]) => {
      await sweep(engine, labels, prefix, known);
      return addresses;
    }),
  );
}

/**
 * Removes the carriers that a killed run left behind: of this system, never started, and unknown to the program. One that
 * was replaced in this run goes, too, a little before Pulumi removes it.
 */
async function sweep(
  engine: Engine,
  labels: Readonly<Record<string, string>>,
  prefix: string,
  known: readonly string[],
): Promise<void> {
  const idle = await engine.containers(labels, "created");
  const unknown = idle.filter(
    ({ Id, Names }) => !known.includes(Id) && Names.some((name) => name.startsWith(`/${prefix}-`)),
  );
  await Promise.all(unknown.map(({ Id }) => engine.removeContainer(Id)));
}

function secretsOf({ containers, carriers }: ServiceModel): readonly SecretRef[] {
  const values = [
    ...containers.flatMap(({ env }) => Object.values(env)),
    ...carriers.flatMap(({ uploads }) => uploads.map(({ content }) => content)),
  ];
  return [...new Map(values.flatMap(secretsIn).map((ref) => [ref.id, ref])).values()];
}

/** Shows a failure under the resource, once, and without the stack trace, of which a user learns nothing. */
async function blaming<Result>(resource: pulumi.Resource, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const shown = new pulumi.ResourceError(message, resource, true);
    delete shown.stack;
    // whatever waits for the same output would put its own name before the message
    Object.defineProperty(shown, "message", { get: () => message, set: () => undefined });
    throw shown;
  }
}
