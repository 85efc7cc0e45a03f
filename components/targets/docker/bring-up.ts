import * as pulumi from "@pulumi/pulumi";
import { type SecretRef, secretsIn } from "../../core/value";
import type { Scope } from "../target";
import type { Engine } from "./engine";
import type { DockerModel, ServiceModel } from "./model";
import { settle, start, type Subject } from "./settle";

/** A service whose containers were made; each output fails with what a person needs to know. */
export interface Running {
  /** Resolves when its containers have been started. */
  readonly started: pulumi.Output<unknown>;
  /** Resolves when its containers are up. */
  readonly up: pulumi.Output<unknown>;
}

/** A container as a resource, with the name by which people know it. */
export interface MadeContainer {
  readonly name: string;
  readonly resource: pulumi.CustomResource;
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
  containers: readonly MadeContainer[],
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
  const steps = containers.map(({ name, resource }) => {
    const started = pulumi.all([resource.id, pulumi.all(secrets), pulumi.all(awaited)]).apply(async ([id, values]) => {
      const subject: Subject = { engine, id, name, goal: service.goal, secrets: values };
      return { subject, restarts: await blaming(resource, start(subject)) };
    });
    return { started, up: started.apply(({ subject, restarts }) => blaming(resource, settle(subject, restarts))) };
  });
  return {
    started: pulumi.all(steps.map(({ started }) => started)),
    up: pulumi.all(steps.map(({ up }) => up)),
  };
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
