import assert from "node:assert/strict";
import type { SystemName } from "../../../systems/places";
import type { Platform } from "../harness/platform";
import { systemCases } from "./cases";
import { DeployedStack, type Settings } from "./deployed-stack";
import type { DeployedSystem } from "./deployed-system";
import { itIsDeployed, itSettles } from "./lifecycle";
import { itReachesWhatItStates } from "./reachability";
import { itIsWatched } from "./watched";

/** Systems of the catalogue beside each other on one machine, brought up once for all that is to be seen of them. */
export function catalogue(
  platform: Platform,
  settings: Settings,
  systems: readonly SystemName[],
  own: (stack: DeployedStack) => void = () => undefined,
): void {
  describe(`${systems.join(", ")} on ${platform.id}`, function () {
    this.timeout(240_000);
    const stack = new DeployedStack(platform, { ...settings, systems: [...systems], profile: "small" });
    itIsDeployed(stack);

    for (const name of systems)
      describe(name, () => {
        itIsWell(stack, stack.system(name));
        systemCases[name](stack.system(name));
        itIsWatched(stack.system(name));
      });
    describe("beside each other", () => itReachesWhatItStates(stack, platform));
    own(stack);
    describe("in the end", () => itSettles(stack));
  });
}

/** Every service runs with all its copies, every job is done, and none had to be started again. */
function itIsWell(stack: DeployedStack, deployed: DeployedSystem): void {
  it("is well, each service with all its copies", async () => {
    const omitted = (await stack.stack.output("omitted")) as Readonly<Record<string, Readonly<Record<string, string>>>>;
    const { name: system, plan } = deployed;
    const present = plan.services.filter(({ name }) => omitted[system]?.[name] === undefined);
    const seen = present.map(async ({ name: service, kind, replicas, autoscale }) => {
      const instances = await deployed.live.instances(service);
      const done = kind === "job" ? instances.filter(({ exitCode }) => exitCode === 0) : [];
      const running = instances.filter((instance) => instance.running);
      const well = kind === "cron" || done.length + running.length >= (autoscale?.min ?? replicas);
      return well && instances.every(({ restarts }) => restarts === 0) ? [] : [{ service, instances }];
    });
    assert.deepEqual((await Promise.all(seen)).flat(), []);
  });
}
