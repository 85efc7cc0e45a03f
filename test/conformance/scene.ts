import assert from "node:assert/strict";
import type { Feature, Level } from "../../components/index";
import type { Evidence } from "./evidence";
import { Deployment } from "./harness/deployment";
import type { Platform } from "./harness/platform";
import type { SystemName } from "./programs/bench";

type Check = (deployment: Deployment) => Promise<void>;

/** A deployment that the cases of one `describe` block share. */
export class Scene {
  readonly platform: Platform;
  readonly #evidence: Evidence;
  #deployment: Deployment | undefined;
  #upSince = 0;

  /** Deploys the system before the cases of the surrounding `describe` block, and removes every trace after them. */
  constructor(platform: Platform, system: SystemName, evidence: Evidence) {
    this.platform = platform;
    this.#evidence = evidence;
    before(async () => {
      this.#deployment = await Deployment.create(platform, system);
      const { code, output } = await this.#deployment.up();
      assert.equal(code, 0, output);
      this.#upSince = performance.now();
    });
    after(() => this.#deployment?.remove());
  }

  get deployment(): Deployment {
    if (this.#deployment === undefined) throw new Error("the system has not been deployed yet");
    return this.#deployment;
  }

  /** Seconds since the system was up for the first time. */
  get secondsUp(): number {
    return (performance.now() - this.#upSince) / 1000;
  }

  /**
   * States a behaviour that a feature gives. Where the platform's table says that it does not have the feature, the same
   * check must fail: a table that claims too little is as wrong as one that claims too much.
   */
  behaviour(feature: Feature, title: string, check: Check): void {
    this.#state(feature, title, check, ["native", "approximated"]);
  }

  /** States a behaviour that a feature gives only where it is native. Where it is approximated, the check must fail, too. */
  nativeBehaviour(feature: Feature, title: string, check: Check): void {
    this.#state(feature, title, check, ["native"]);
  }

  #state(feature: Feature, title: string, check: Check, levels: readonly Level["level"][]): void {
    const { level } = this.platform.support[feature];
    if (levels.includes(level)) {
      const seen = this.#evidence.state({ feature, title, expected: "present" });
      it(title, async () => {
        await check(this.deployment);
        seen();
      });
    } else {
      const seen = this.#evidence.state({ feature, title, expected: "absent" });
      it(`${title} (absent here: ${feature} is ${level})`, async () => {
        await assert.rejects(
          () => check(this.deployment),
          assert.AssertionError,
          `${feature} works: correct the table`,
        );
        seen();
      });
    }
  }
}
