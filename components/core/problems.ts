import type { Problem } from "./errors";

/** Collects problems of one subject, so that all of them are reported at once. */
export class Problems {
  readonly #subject: string;
  readonly #found: Problem[] = [];

  constructor(subject: string) {
    this.#subject = subject;
  }

  get all(): readonly Problem[] {
    return this.#found;
  }

  add(path: string, given: string, remedy: string): void {
    this.#found.push({ path: `${this.#subject}: ${path}`, given, remedy });
  }

  addAll(problems: readonly Problem[]): void {
    for (const { path, given, remedy } of problems) this.add(path, given, remedy);
  }
}
