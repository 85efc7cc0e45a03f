import { describeError } from "../platform/describe-error.ts";

/** One step of a saga, and how it is taken back. */
export interface Step {
  readonly name: string;
  run(): Promise<void>;
  /** Must bear that the step was done in part, or not at all: whoever failed may have lost only the answer. */
  compensate(): Promise<void>;
}

export interface SagaListener {
  /** A step was taken back, because a later one or it itself failed. */
  compensated(step: string): void;
  /** A step could not be taken back, so somebody else has to. */
  stuck(step: string, reason: string): void;
}

/**
 * Runs steps that no transaction spans. When one fails, it and those before it are taken back, the last one first, and the
 * failure is thrown. One that cannot be taken back keeps no other from it.
 */
export async function runSaga(steps: readonly Step[], listener: SagaListener): Promise<void> {
  const begun: Step[] = [];
  for (const step of steps) {
    begun.unshift(step);
    try {
      await step.run();
    } catch (error) {
      await takeBack(begun, listener);
      throw error;
    }
  }
}

async function takeBack(steps: readonly Step[], listener: SagaListener): Promise<void> {
  for (const step of steps) {
    try {
      await step.compensate();
      listener.compensated(step.name);
    } catch (error) {
      listener.stuck(step.name, describeError(error));
    }
  }
}
