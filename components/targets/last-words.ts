/** How many lines of a log a person is shown. */
export const logLines = 10;

/** How a process ended. */
export interface Ending {
  readonly code: number;
  /** Whether it was killed because it needed more memory than its limit. */
  readonly outOfMemory: boolean;
  /** Moments, in any spelling that a date has. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** What the platform says about it; empty when it says nothing. */
  readonly error: string;
}

export function endingText({ code, outOfMemory, startedAt, finishedAt, error }: Ending): string {
  if (outOfMemory) return "it needed more memory than its limit and was killed";
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return `it ended with code ${code} after ${seconds.toFixed(1)} s${error === "" ? "" : `: ${error}`}`;
}

/** The end of an output as lines of a message. */
export function lastLines(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.trimEnd());
  return lines
    .filter((line) => line !== "")
    .slice(-logLines)
    .map((line) => `    ${line}`);
}

/** The last output of a process as lines of a message. */
export function lastWords(log: string): readonly string[] {
  const lines = lastLines(log);
  return lines.length === 0 ? ["  it has printed nothing"] : ["  the last that it printed:", ...lines];
}

/** Shorter values would make a message unreadable, and are no secrets. */
const shortestSecret = 4;

/** A text without the values of secrets. */
export function mask(text: string, secrets: readonly string[]): string {
  return secrets
    .filter(({ length }) => length >= shortestSecret)
    .reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text);
}
