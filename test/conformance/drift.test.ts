import assert from "node:assert/strict";
import Docker from "dockerode";
import { findDrift } from "../../drift/drift";
import { removeReplacement } from "../../drift/engine";
import { linesOf } from "../../drift/finding";
import { repairOf } from "../../drift/repair";
import { type Resource, resourcesIn } from "../../drift/state";
import { dockerPlatform } from "./docker/platform";
import { eventually } from "./eventually";
import { Deployment } from "./harness/deployment";
import type { Platform } from "./harness/platform";
import { cluster } from "./kubernetes/cluster";
import { kubernetesPlatform } from "./kubernetes/platform";

/** A deployment that somebody changes by hand. */
class Changed {
  #deployment: Deployment | undefined;

  constructor(platform: Platform) {
    before(async function () {
      const missing = await platform.missing();
      if (missing === undefined) return;
      console.log(`    skipped: ${missing}`);
      this.skip();
    });
    before(async () => {
      this.#deployment = await Deployment.create(platform, "bench");
      const { code, output } = await this.#deployment.up();
      assert.equal(code, 0, output);
    });
    after(() => this.#deployment?.remove());
  }

  get deployment(): Deployment {
    assert.ok(this.#deployment !== undefined);
    return this.#deployment;
  }

  async resources(): Promise<readonly Resource[]> {
    return resourcesIn(await this.deployment.stack.exported());
  }

  /** What is not as it was made, without the prefix of the deployment's names. */
  async drift(): Promise<readonly string[]> {
    const findings = await findDrift(await this.resources(), process.env);
    return findings.flatMap(linesOf).map((line) => line.replaceAll(`${this.deployment.prefix}-`, ""));
  }

  /** What `make up` does. */
  async repair(): Promise<void> {
    const resources = await this.resources();
    const findings = await findDrift(resources, process.env);
    for (const { urn, is } of findings) {
      const resource = resources.find((each) => each.urn === urn && is === "replaced");
      if (resource !== undefined) await removeReplacement(new Docker(), resource);
    }
    const { code, output } = await this.deployment.repair(repairOf(findings));
    assert.equal(code, 0, output);
  }
}

const unchanged = async (changed: Changed): Promise<void> => {
  assert.deepEqual(await changed.drift(), []);
  const { code, steps, output } = await changed.deployment.up();
  assert.equal(code, 0, output);
  assert.deepEqual(steps, [], output);
};

describe("drift on docker", function () {
  this.timeout(240_000);
  const changed = new Changed(dockerPlatform);
  const docker = new Docker();
  const container = (service: string) => docker.getContainer(`${changed.deployment.prefix}-${service}`);

  it("is nothing after an up", () => unchanged(changed));

  it("is each field that was changed by hand, and the next up puts it right", async () => {
    const worker = await container("worker").inspect();
    await container("worker").remove({ force: true });
    const { Config, HostConfig, NetworkSettings } = worker;
    const Env = [...Config.Env.filter((variable) => !variable.startsWith("SIGNAL=")), "SIGNAL=TERM", "EXTRA=1"];
    const [network = ""] = Object.keys(NetworkSettings.Networks);
    await docker.createContainer({ ...Config, Env, HostConfig, name: worker.Name.slice(1) });
    await container("outsider").update({ Memory: 96 * 2 ** 20, MemorySwap: 96 * 2 ** 20 });
    await container("slow").remove({ force: true });
    await docker.getNetwork(network).disconnect({ Container: `${changed.deployment.prefix}-door` });
    assert.deepEqual([...(await changed.drift())].sort(), [
      'container door: networks was made ["api.door","edge"], is ["api.door"]',
      "container outsider: memory was made 64, is 96",
      "container outsider: memorySwap was made 64, is 96",
      "container slow: is missing",
      "container worker: env.EXTRA was added: [secret]",
      'container worker: env.SIGNAL was made "INT", is "TERM"',
      'container worker: networks was made ["edge","setup.worker","store.worker"], is []',
      'container worker: status was made "running", is "created"',
      "container worker: was replaced by another one under its name",
    ]);
    await changed.repair();
    await unchanged(changed);
  });
});

describe("drift on kubernetes", function () {
  this.timeout(240_000);
  const changed = new Changed(kubernetesPlatform);

  it("is nothing after an up", () => unchanged(changed));

  it("is each field that was changed by hand, and who did that, and the next up puts it right", async () => {
    const namespace = `${changed.deployment.prefix}-bench`;
    const { apps, core } = cluster();
    const scale = { metadata: { name: "api", namespace }, spec: { replicas: 3 } };
    await apps.replaceNamespacedDeploymentScale({ namespace, name: "api", body: scale, fieldManager: "somebody" });
    await core.deleteNamespacedSecret({ namespace, name: "store" });
    const [scaled = "", missing, ...others] = [...(await changed.drift())].sort();
    assert.match(scaled, /^Deployment api: spec\.replicas was made 2, is 3; by somebody \(scale\)/);
    assert.deepEqual([missing, ...others], ["Secret store: is missing"]);
    await changed.repair();
    await eventually(() => unchanged(changed), 30);
  });
});
