/** One thing that is not as it was made. */
export interface Finding {
  /** URN of the resource. */
  readonly urn: string;
  /** What a person calls it: `Deployment api`, `container shop-api`. */
  readonly what: string;
  readonly is: "missing" | "changed" | "replaced";
  readonly differences: readonly Difference[];
}

/** One field, as it was made and as it is. Secrets are not shown; `undefined` is absence. */
export interface Difference {
  /** As `spec.template.spec.containers[api].env[MODE].value`. */
  readonly path: string;
  readonly made: string | undefined;
  readonly found: string | undefined;
  /** Who wrote it last, where that is known: a field manager of Kubernetes. */
  readonly by?: string;
  /** When, in ISO 8601. */
  readonly at?: string;
}

export const hidden = "[secret]";

/** A finding in a line for each difference. */
export function linesOf({ what, is, differences }: Finding): readonly string[] {
  switch (is) {
    case "missing":
      return [`${what}: is missing`];
    case "replaced":
      return [`${what}: was replaced by another one under its name`, ...differences.map((each) => lineOf(what, each))];
    case "changed":
      return differences.map((each) => lineOf(what, each));
  }
}

function lineOf(what: string, { path, made, found, by, at }: Difference): string {
  const change =
    made === undefined
      ? `was added: ${found}`
      : `was made ${made}, ${found === undefined ? "is not there" : `is ${found}`}`;
  const author = by === undefined ? "" : `; by ${by}${at === undefined ? "" : ` at ${at}`}`;
  return `${what}: ${path} ${change}${author}`;
}
