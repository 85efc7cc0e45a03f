import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { removeOnExit } from "../harness/exit";
import type { Platform } from "../harness/platform";
import { PulumiStack, programs } from "../harness/pulumi";
import type { LiveTarget } from "../live-target";
import { Trading } from "./trading";

export interface DeployedOptions {
  readonly platform: Pick<Platform, "id" | "live" | "missing">;
  /** What the names of the deployment begin with on this platform, given the prefix of the stack. */
  readonly livePrefix: (namePrefix: string) => string;
  /** Keys of the stack's configuration, as paths. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The system algo-trading, as a whole program deploys it, on some platform. */
export class Deployed extends Trading {
  readonly #options: DeployedOptions;
  readonly #namePrefix = `twofold-test-${randomBytes(4).toString("hex")}`;
  #stack: PulumiStack | undefined;
  #forgetExit = (): void => undefined;

  constructor(options: DeployedOptions) {
    super();
    this.#options = options;
  }

  override get live(): LiveTarget {
    const { platform, livePrefix } = this.#options;
    return platform.live(livePrefix(this.#namePrefix));
  }

  /** What is missing for it on this machine. */
  missing(): Promise<string | undefined> {
    return this.#options.platform.missing();
  }

  async deploy(): Promise<void> {
    const { platform, settings, livePrefix } = this.#options;
    this.#stack = await PulumiStack.create(this.#namePrefix, randomBytes(12).toString("hex"), programs.catalogue);
    const prefix = livePrefix(this.#namePrefix);
    this.#forgetExit = removeOnExit({ stack: this.stack, settings: { platform: platform.id, prefix } });
    await this.stack.configure({ ...settings, namePrefix: this.#namePrefix });
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

  /** Where the stack says that ports answer, by `service/port`. */
  async addresses(): Promise<Readonly<Record<string, string>>> {
    const all = (await this.stack.output("addresses")) as Readonly<Record<string, Record<string, string>>>;
    return all["algo-trading"] ?? {};
  }
}
