import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from "cockatiel";

export interface Breaker {
  /** Runs the work, or fails at once while the circuit is open. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

export interface BreakerOptions {
  /** Failures in a row that open the circuit. */
  readonly failures: number;
  /** How long it stays open before one try may close it. */
  readonly recoveryMs: number;
  /** Told of each change: 0 closed, 1 open, 0.5 while one try is under way. */
  readonly onState: (state: number) => void;
}

/** Leaves something alone that has failed several times in a row, so that it can come back, and its callers need not wait for it. */
export function createBreaker({ failures, recoveryMs, onState }: BreakerOptions): Breaker {
  const policy = circuitBreaker(handleAll, { halfOpenAfter: recoveryMs, breaker: new ConsecutiveBreaker(failures) });
  onState(0);
  policy.onStateChange((state) => {
    onState(state === CircuitState.Open ? 1 : state === CircuitState.HalfOpen ? 0.5 : 0);
  });
  return { run: (work) => policy.execute(work) };
}
