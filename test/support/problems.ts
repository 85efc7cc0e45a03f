import assert from "node:assert/strict";
import { DescriptionError } from "../../components/core/errors";
import type { ServiceSpec } from "../../components/core/spec";
import { defineSystem, type SystemBuilder } from "../../components/core/system";

/** The problems that an action reports, each as the line that a user sees; none when it succeeds. */
export function problemsOf(action: () => unknown): readonly string[] {
  try {
    action();
    return [];
  } catch (error) {
    assert.ok(error instanceof DescriptionError, `expected a DescriptionError, got ${String(error)}`);
    return error.problems.map(({ path, given, remedy }) => `${path}: ${given}; ${remedy}`);
  }
}

/** The problems of the system shop, when it is described so. */
export function problemsIn(describe: (shop: SystemBuilder) => void): readonly string[] {
  return problemsOf(() => defineSystem("shop", describe));
}

/** The problems of the service api with an image and these fields. They are untyped, to be as wrong as they can be. */
export function problemsWith(fields: object): readonly string[] {
  return problemsIn((shop) => {
    shop.service("api", { image: "api:1", ...fields } as ServiceSpec);
  });
}
