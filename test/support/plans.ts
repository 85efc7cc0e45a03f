import assert from "node:assert/strict";
import type { SystemPlan } from "../../components/core/plan-types";
import type { ServiceSpec } from "../../components/core/spec";
import { defineSystem, type SystemBuilder } from "../../components/core/system";
import { type DockerOptions, renderOptions } from "../../components/targets/docker/docker";
import type { ContainerModel, DockerModel, ServiceModel } from "../../components/targets/docker/model";
import { renderDocker } from "../../components/targets/docker/render";

/** The plan of a system that is called shop. */
export function planOf(describe: (system: SystemBuilder) => void): SystemPlan {
  return defineSystem("shop", describe).plan();
}

/** What Docker makes of a system that is called shop. */
export function dockerModelOf(describe: (system: SystemBuilder) => void, options: DockerOptions = {}): DockerModel {
  return renderDocker(planOf(describe), renderOptions("shop", options));
}

/** What Docker makes of one service, which is called api. */
export function dockerServiceOf(spec: Partial<ServiceSpec>, options: DockerOptions = {}): ServiceModel {
  const model = dockerModelOf((system) => void system.service("api", { image: "shop/api:1.4.2", ...spec }), options);
  return serviceIn(model, "api");
}

/** The only container of the only service. */
export function dockerContainerOf(spec: Partial<ServiceSpec>, options: DockerOptions = {}): ContainerModel {
  const { containers } = dockerServiceOf(spec, options);
  const [container] = containers;
  assert.ok(container !== undefined && containers.length === 1, `there are ${containers.length} containers`);
  return container;
}

export function serviceIn(model: DockerModel, name: string): ServiceModel {
  const service = model.services.find((each) => each.name === name);
  assert.ok(service, `the model has no service ${name}`);
  return service;
}
