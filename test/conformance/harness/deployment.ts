import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { external, type SecretRef, type SystemPlan } from "../../../components/index";
import type { Repair } from "../../../drift/repair";
import { workFolder } from "../../../images/cache";
import { eventually } from "../eventually";
import { freePort } from "../free-port";
import { Inside } from "../inside";
import type { LiveTarget } from "../live-target";
import { configuredSecret, definitions, type SystemName, type Variant } from "../programs/bench";
import { settingsVariable, type Settings } from "../programs/settings";
import { Outside } from "./outside";
import type { Platform } from "./platform";
import { PulumiStack, type Run } from "./pulumi";
import { removeLeft, removeOnExit } from "./removal";

type Changes = Variant["changes"];

/** One of the suite's systems on a platform, under a name that nothing else has, with a state of its own. */
export class Deployment {
  readonly live: LiveTarget;
  readonly stack: PulumiStack;
  /** Value of the secret that comes from the stack's configuration. */
  readonly canary = `canary${randomBytes(12).toString("hex")}`;
  readonly hostPort: number;
  /** What the system may reach outside itself, as far as it says so. */
  readonly outside: Outside;
  readonly #settings: Settings;
  readonly #forgetExit: () => void;
  #idleSeconds = 0;

  private constructor(platform: Platform, stack: PulumiStack, outside: Outside, settings: Settings) {
    this.live = platform.live(settings.prefix);
    this.stack = stack;
    this.outside = outside;
    this.#settings = settings;
    this.hostPort = settings.variant.hostNumber;
    this.#forgetExit = removeOnExit({ stack, platform, prefix: settings.prefix });
  }

  static async create(platform: Platform, system: SystemName): Promise<Deployment> {
    await removeLeft(platform);
    const prefix = `twofold-test-${randomBytes(4).toString("hex")}`;
    // nodes have a /tmp of their own
    const hostFolder = workFolder("conformance");
    writeFileSync(join(hostFolder, "from-host"), "seen\n");
    // a service that looks into it has another user
    chmodSync(hostFolder, 0o755);
    const outside = await Outside.open(await platform.address());
    const variant = {
      image: await platform.image(),
      hostNumber: await freePort(),
      publicNumber: await freePort(),
      outside: external(outside.host, outside.port),
      hostFolder,
      changes: {},
    };
    const stack = await PulumiStack.create(prefix, randomBytes(12).toString("hex"));
    const deployment = new Deployment(platform, stack, outside, {
      platform: platform.id,
      system,
      prefix,
      addresses: freshAddresses(),
      variant,
    });
    await stack.setSecret(configuredSecret, deployment.canary);
    return deployment;
  }

  async up(changes: Changes = {}): Promise<Run> {
    const run = await this.stack.up(this.env(changes));
    if (run.code === 0 && run.steps.length === 0) this.#idleSeconds = run.seconds;
    return run;
  }

  /** What the names of everything begin with. */
  get prefix(): string {
    return this.#settings.prefix;
  }

  /** What `make up` does when something was changed by hand. */
  async repair({ refresh, replace }: Repair): Promise<Run> {
    if (refresh.length > 0) await this.stack.refresh(refresh);
    return this.stack.up(
      this.env({}),
      replace.flatMap((urn) => ["--replace", urn]),
    );
  }

  /** What the last run took that had nothing to do: by it, busy machines and idle ones can be measured alike. */
  get idleSeconds(): number {
    return this.#idleSeconds;
  }

  preview(changes: Changes = {}): Promise<Run> {
    return this.stack.preview(this.env(changes));
  }

  destroy(changes: Changes = {}): Promise<Run> {
    return this.stack.destroy(this.env(changes));
  }

  /** The variables that tell the program what to deploy. */
  env(changes: Changes): Record<string, string> {
    return { [settingsVariable]: JSON.stringify({ ...this.#settings, variant: this.#variant(changes) }) };
  }

  plan(changes: Changes = {}): SystemPlan {
    return definitions[this.#settings.system](this.#variant(changes)).plan();
  }

  /** A look from inside at each running copy of a service. */
  async all(service: string): Promise<readonly Inside[]> {
    const instances = await this.live.instances(service);
    return instances.filter(({ running }) => running).map((instance) => new Inside(this.live, instance));
  }

  /** A look from inside at a service that runs. */
  async inside(service: string): Promise<Inside> {
    const [first] = await this.all(service);
    assert.ok(first !== undefined, `${service} is not running`);
    return first;
  }

  /** What the copies of a service have printed. */
  async logs(service: string): Promise<string> {
    const instances = await this.live.instances(service);
    return (await Promise.all(instances.map((instance) => this.live.logs(instance)))).join("");
  }

  /** The value that a secret has in this deployment. */
  async secret(ref: SecretRef): Promise<string> {
    const { source } = this.plan().secrets.find((secret) => secret.ref.id === ref.id) ?? {};
    assert.ok(source !== undefined, `${ref.id} is not in the plan`);
    if (source.from === "config") return this.canary;
    const value = await this.stack.outputOf(`${this.#settings.system}-${ref.key}`, "result");
    assert.equal(typeof value, "string");
    return String(value);
  }

  /** Fails unless nothing is left, soon: a platform may clear up on its own after it has said that all is gone. */
  async requireGone(): Promise<void> {
    await eventually(async () => assert.deepEqual(await this.live.objects(), []), 20);
  }

  /** Removes all that was deployed, whatever state it is in, and forgets the stack. */
  async remove(): Promise<void> {
    this.stack.remove();
    this.outside.close();
    await this.live.sweep();
    rmSync(this.#settings.variant.hostFolder, { recursive: true, force: true });
    this.#forgetExit();
  }

  #variant(changes: Changes): Variant {
    return { ...this.#settings.variant, changes };
  }
}

let blocks = randomInt(256);

/** A /20 of 10.208.0.0/12, another one for each deployment of this process; stacks get theirs from 10.200.0.0/13. */
function freshAddresses(): string {
  blocks = (blocks + 1) % 256;
  return `10.${208 + (blocks >> 4)}.${(blocks & 15) << 4}.0/20`;
}
