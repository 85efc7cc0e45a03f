import * as pulumi from "@pulumi/pulumi";
import { DescriptionError } from "./core/errors";
import type { Gap } from "./core/gaps";
import type { MonitoringMode } from "./core/own-monitoring";
import { outlineOfService, outlineOfSystem } from "./core/outline";
import type { ServicePlan } from "./core/plan-types";
import type { ServiceSpec } from "./core/spec";
import { defineSystem, type SystemDefinition } from "./core/system";
import { type DeployArgs, type Deployed, deploy } from "./deploy";

export interface SystemArgs extends DeployArgs {
  /** Services to deploy; what they wait for comes along. @default - all */
  readonly only?: readonly string[];
  /** Who looks at the system. @default own */
  readonly monitoring?: MonitoringMode;
}

/** A described system, running on a target. Its children are one component for each service. */
export class System extends pulumi.ComponentResource {
  /** Where exposed ports answer, by `service/port`. Resolves when the whole system is up. */
  readonly endpoints: pulumi.Output<Record<string, string>>;
  /** What the target does otherwise than the description says, or not at all. */
  readonly gaps: readonly Gap[];
  /** Services that could not be deployed, with the reason. */
  readonly omitted: Readonly<Record<string, string>>;

  constructor(name: string, definition: SystemDefinition, args: SystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twofold:index:System", name, {}, opts);
    const { plan, deployed } = reportingProblems(this, () => {
      const { only, monitoring = "own" } = args;
      const plan = definition.plan({ monitoring, ...(only === undefined ? {} : { only }) });
      const componentOf = (service: ServicePlan) => new ServiceGroup(`${name}-${service.name}`, service, this);
      return { plan, deployed: deploy(plan, args, { name, component: this, componentOf }) };
    });
    this.endpoints = deployed.addresses;
    this.gaps = deployed.gaps;
    this.omitted = deployed.omitted;
    this.registerOutputs({ ...outputsOf(deployed, args), outline: outlineOfSystem(plan) });
  }
}

/** One service on its own: a system of one. */
export class Service extends pulumi.ComponentResource {
  /** Where exposed ports answer, by `service/port`. Resolves when the service is up. */
  readonly endpoints: pulumi.Output<Record<string, string>>;
  /** What the target does otherwise than the description says, or not at all. */
  readonly gaps: readonly Gap[];
  /** The service with the reason, when it could not be deployed. */
  readonly omitted: Readonly<Record<string, string>>;

  constructor(name: string, spec: ServiceSpec, args: DeployArgs, opts?: pulumi.ComponentResourceOptions) {
    super("twofold:index:Service", name, {}, opts);
    const { plan, deployed } = reportingProblems(this, () => {
      const plan = systemOfOne(name, spec).plan();
      return { plan, deployed: deploy(plan, args, { name, component: this, componentOf: () => this }) };
    });
    this.endpoints = deployed.addresses;
    this.gaps = deployed.gaps;
    this.omitted = deployed.omitted;
    this.registerOutputs({ ...outputsOf(deployed, args), outline: plan.services.map(outlineOfService)[0] });
  }
}

function outputsOf({ addresses, gaps, omitted }: Deployed, { target }: DeployArgs): pulumi.Inputs {
  return { target: target.id, endpoints: addresses, gaps, omitted };
}

function systemOfOne(name: string, spec: ServiceSpec): SystemDefinition {
  return defineSystem(name, (system) => {
    system.service(name, spec);
  });
}

/** Groups the resources of one service of a system. */
class ServiceGroup extends pulumi.ComponentResource {
  constructor(name: string, service: ServicePlan, parent: System) {
    super("twofold:index:Service", name, {}, { parent });
    this.registerOutputs({ outline: outlineOfService(service) });
  }
}

/** A wrong description is the user's mistake: it is shown without a stack trace, under the component. */
function reportingProblems<Result>(component: pulumi.Resource, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof DescriptionError) throw new pulumi.ResourceError(error.message, component, true);
    throw error;
  }
}
