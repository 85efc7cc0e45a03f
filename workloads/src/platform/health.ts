import { describeError } from "./describe-error.ts";

/** Something that a role cannot do its work without. */
export interface Dependency {
  readonly name: string;
  /** Fails with the reason when the dependency is not usable. */
  check(): Promise<void>;
}

type DependencyHealth =
  | { readonly status: "healthy"; readonly latencyMs: number }
  | { readonly status: "unhealthy"; readonly reason: string }
  | { readonly status: "unknown"; readonly reason: string };

export interface Health {
  readonly status: "healthy" | "unhealthy";
  readonly dependencies: Readonly<Record<string, DependencyHealth>>;
}

/** Every report names these, also for a role that does not use them. */
const alwaysNamed = ["postgres", "redis"];

/** Asks all dependencies at the same time, each for `timeoutMs` at most. The whole is healthy if all that are used are. */
export async function checkHealth(dependencies: readonly Dependency[], timeoutMs = 5_000): Promise<Health> {
  const results = await Promise.all(
    dependencies.map(async (dependency) => [dependency.name, await probe(dependency, timeoutMs)] as const),
  );
  const unused = alwaysNamed.filter((name) => !dependencies.some((dependency) => dependency.name === name));
  return {
    status: results.every(([, { status }]) => status === "healthy") ? "healthy" : "unhealthy",
    dependencies: Object.fromEntries([
      ...unused.map((name) => [name, { status: "unknown", reason: "not used by this role" }] as const),
      ...results,
    ]),
  };
}

async function probe({ check }: Dependency, timeoutMs: number): Promise<DependencyHealth> {
  const began = performance.now();
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    await Promise.race([check(), timeout]);
    return { status: "healthy", latencyMs: Math.round(performance.now() - began) };
  } catch (error) {
    return { status: "unhealthy", reason: describeError(error) };
  } finally {
    clearTimeout(timer);
  }
}
