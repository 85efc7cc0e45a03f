import type { Problem } from "./errors";

/** Collects problems, so that all of them are reported at once. */
export class Problems {
  readonly #found: Problem[] = [];

  /** Those found until now. */
  get all(): readonly Problem[] {
    return [...this.#found];
  }

  add(path: string, given: string, remedy: string): void {
    this.#found.push({ path, given, remedy });
  }

  addAll(problems: readonly Problem[]): void {
    this.#found.push(...problems);
  }
}
