import assert from "node:assert/strict";
import type { Feature } from "../../components/index";
import { Deployment } from "./harness/deployment";
import type { Platform } from "./harness/platform";
import type { SystemName } from "./programs/bench";

const seen = new Set<Feature>();

/** The features that at least one case has been written for. */
export const coveredFeatures: ReadonlySet<Feature> = seen;

/** A deployment that the cases of one `describe` block share. */
export class Scene {
  readonly platform: Platform;
  #deployment: Deployment | undefined;
  #upSince = 0;

  /** Deploys the system before the cases of the surrounding `describe` block, and removes every trace after them. */
  constructor(platform: Platform, system: SystemName) {
    this.platform = platform;
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
  behaviour(feature: Feature, title: string, check: (deployment: Deployment) => Promise<void>): void {
    seen.add(feature);
    if (this.platform.support[feature].level === "unsupported") {
      it(`${title} (absent here: ${feature})`, async () => {
        await assert.rejects(
          () => check(this.deployment),
          assert.AssertionError,
          `${feature} works: correct the table`,
        );
      });
    } else {
      it(title, () => check(this.deployment));
    }
  }
}
