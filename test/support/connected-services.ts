import fc from "fast-check";

export interface ConnectedService {
  readonly name: string;
  /** Indices of services before it. */
  readonly to: readonly number[];
}

/** Services of which each connects to some before it, so that there is no circle. */
export function connectedServices<Part extends object>(
  count: number,
  part: fc.Arbitrary<Part>,
): fc.Arbitrary<readonly (Part & ConnectedService)[]> {
  const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const to = fc.uniqueArray(fc.nat(count - 1), { maxLength: 3 });
  return fc
    .uniqueArray(fc.tuple(name, to, part), { selector: ([name]) => name, minLength: count, maxLength: count })
    .map((services) =>
      services.map(([name, to, part], index) => ({ ...part, name, to: to.filter((other) => other < index) })),
    );
}
