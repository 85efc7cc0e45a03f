/** What is seen of a deployed system at one moment. */
export interface Look {
  /** What is not as described, a line each; empty when all is well. */
  readonly troubles: readonly string[];
  /** How often each container was restarted so far. */
  readonly restarts: ReadonlyMap<string, number>;
}

/** Several looks as one. */
export function together(looks: readonly Look[]): Look {
  return {
    troubles: looks.flatMap(({ troubles }) => troubles),
    restarts: new Map(looks.flatMap(({ restarts }) => [...restarts])),
  };
}
