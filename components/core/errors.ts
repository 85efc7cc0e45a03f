/** One thing that is wrong in a description or a configuration. */
export interface Problem {
  /** Where: names joined by dots, such as `services.api.ports.http.number`. */
  readonly path: string;
  /** What is wrong with the value that was given there. */
  readonly given: string;
  /** What is allowed, or what to do about it. */
  readonly remedy: string;
}

/** A description or configuration that cannot be used; the message lists every problem, a line each. */
export class DescriptionError extends Error {
  readonly problems: readonly Problem[];

  constructor(subject: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`${subject}: ${count}`, ...problems.map((p) => `  ${p.path}: ${p.given}; ${p.remedy}`)].join("\n"));
    this.name = "DescriptionError";
    this.problems = problems;
  }
}

/** The candidate that a misspelt word most likely meant: the nearest, if at most a third of the letters are wrong. */
function closest(word: string, candidates: readonly string[]): string | undefined {
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < (best?.distance ?? candidate.length)) best = { candidate, distance };
  }
  if (best === undefined) return undefined;
  const allowed = Math.max(1, Math.floor(Math.max(word.length, best.candidate.length) / 3));
  return best.distance <= allowed ? best.candidate : undefined;
}

/** Says what to write instead of an unknown name: the nearest known one, else all of them. */
export function suggest(word: string, candidates: readonly string[]): string {
  const near = closest(word, candidates);
  if (near !== undefined) return `did you mean ${near}?`;
  return candidates.length === 0 ? "there is none to choose from" : oneOf([...new Set(candidates)].sort());
}

/** Lists what is allowed. */
export function oneOf(allowed: readonly string[]): string {
  const [only] = allowed;
  return allowed.length === 1 ? `use ${only ?? ""}` : `use one of ${allowed.join(", ")}`;
}

/** How many letters must be added, dropped, replaced or swapped with their neighbour to make one word of the other. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          at(i - 1, j - 1) + same,
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          ...(swapped ? [at(i - 2, j - 2) + 1] : []),
        ),
      );
    }
  }
  return at(a.length, b.length);
}
