import type { Finding } from "./finding";

/** What makes the next `up` put right what was changed by hand. */
export interface Repair {
  /** URNs of which the state must learn first how they are: `pulumi refresh --target`. */
  readonly refresh: readonly string[];
  /** URNs of what is to be made anew: `pulumi up --replace`. */
  readonly replace: readonly string[];
}

/**
 * The provider for Docker reads few fields back, and a container cannot be changed in most: what is otherwise is made anew.
 * What only does not run is started by any `up`. Volumes keep their data, and labels of theirs are not worth it.
 */
export function repairOf(findings: readonly Finding[]): Repair {
  const refresh = findings.filter(({ urn, is }) => is !== "changed" || !isDocker(urn));
  const replace = findings.filter(
    ({ urn, is, differences }) =>
      is === "changed" &&
      isDocker(urn) &&
      !urn.includes("docker:index/volume:Volume::") &&
      differences.some(({ path }) => path !== "status"),
  );
  return { refresh: refresh.map(({ urn }) => urn), replace: replace.map(({ urn }) => urn) };
}

const isDocker = (urn: string): boolean => /\$?docker:index\/[a-zA-Z]+:[a-zA-Z]+::/.test(urn);
