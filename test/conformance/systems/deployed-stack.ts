import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { stackSchema } from "../../../config/stack";
import type { SystemName } from "../../../systems/places";
import { planSystems } from "../../../systems/plan";
import { prefixed } from "../../../systems/prefix";
import type { Platform } from "../harness/platform";
import { PulumiStack, programs } from "../harness/pulumi";
import { removeLeft, removeOnExit } from "../harness/removal";
import type { LiveTarget } from "../live-target";
import { type Addresses, DeployedSystem } from "./deployed-system";

/** Keys of a stack's configuration, as its file has them. */
export type Settings = z.input<typeof stackSchema>;

/** What is known of a configuration only when it is needed, such as where somebody listens. */
export interface Late {
  readonly settings: Settings;
  /** Keys of the configuration, too. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Systems of the catalogue on some platform, side by side in one stack, as a whole program deploys them. */
export class DeployedStack {
  /** Each system of the stack, by name. There is something to see once `deploy` has resolved. */
  readonly systems: ReadonlyMap<SystemName, DeployedSystem>;
  readonly #platform: Platform;
  readonly #settings: Settings;
  readonly #namePrefix: string;
  #live: LiveTarget | undefined;
  #stack: PulumiStack | undefined;
  #addresses: Promise<Readonly<Record<string, Addresses>>> | undefined;
  #forgetExit = (): void => undefined;

  constructor(platform: Platform, settings: Settings) {
    this.#platform = platform;
    this.#namePrefix = `twofold-test-${randomBytes(4).toString("hex")}`;
    this.#settings = { ...settings, namePrefix: this.#namePrefix };
    const config = stackSchema.parse(this.#settings);
    this.systems = new Map(
      planSystems(config).map(({ name, plan }) => [
        name,
        new DeployedSystem(
          plan,
          () => platform.live(prefixed(name, config)),
          async () => (await this.#allAddresses())[name] ?? {},
        ),
      ]),
    );
  }

  /** All that the stack has made. */
  get live(): LiveTarget {
    this.#live ??= this.#platform.live(this.#namePrefix);
    return this.#live;
  }

  system(name: SystemName): DeployedSystem {
    const found = this.systems.get(name);
    assert.ok(found !== undefined, `${name} is not in the stack`);
    return found;
  }

  /** What is missing for it on this machine. */
  missing(): Promise<string | undefined> {
    return this.#platform.missing();
  }

  /** Services are those that the settings of before ask for. */
  async deploy(late?: Late): Promise<void> {
    await removeLeft(this.#platform);
    // of hundreds of resources a state is large, and no run of these is to end before its time
    this.#stack = await PulumiStack.create(this.#namePrefix, randomBytes(12).toString("hex"), programs.catalogue, {
      checkpoints: false,
    });
    this.#forgetExit = removeOnExit({ stack: this.stack, platform: this.#platform, prefix: this.#namePrefix });
    await this.stack.configure(Object.fromEntries(flat("", { ...this.#settings, ...late?.settings })));
    for (const [key, value] of Object.entries(late?.secrets ?? {})) await this.stack.setSecret(key, value);
    const { code, output } = await this.stack.up();
    assert.equal(code, 0, output);
  }

  get stack(): PulumiStack {
    assert.ok(this.#stack !== undefined, "nothing was deployed");
    return this.#stack;
  }

  /** Removes everything, whatever state it is in. */
  async remove(): Promise<void> {
    if (this.#stack === undefined) return;
    await this.live.sweep();
    this.#stack.remove();
    this.#forgetExit();
  }

  #allAddresses(): Promise<Readonly<Record<string, Addresses>>> {
    this.#addresses ??= this.stack.output("addresses") as Promise<Readonly<Record<string, Addresses>>>;
    return this.#addresses;
  }
}

/** Configuration as paths and values, the way that Pulumi takes it. */
function flat(path: string, value: unknown): readonly [string, string][] {
  if (Array.isArray(value)) return value.flatMap((inner, index) => flat(`${path}[${index}]`, inner));
  if (typeof value !== "object" || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flat(path === "" ? key : `${path}.${key}`, inner));
}
