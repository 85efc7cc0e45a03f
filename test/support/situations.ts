import type { Goal } from "../../components/targets/kubernetes/goal";
import { type Situation, type Trouble, troubles } from "../../components/targets/kubernetes/judge";
import { workloadOf } from "./fake-cluster";

export const goal: Goal = { until: "ready", withinSeconds: 100, checkSeconds: 30, stubborn: false };
export const job: Goal = { until: "completed", withinSeconds: 3600, stubborn: false };

/** Everything in the way of a deployment of which nothing is there yet, but for what is given of it. */
export function allInTheWay(situation: Partial<Situation>, of: Goal = goal): readonly Trouble[] {
  const none = {
    kind: "Deployment",
    workload: workloadOf(),
    pods: [],
    leaving: false,
    events: [],
    restartsBefore: new Map(),
  } as const;
  return troubles({ ...none, ...situation }, of);
}

/** What is in the way, but for the time that passes without progress, which is always in the way. */
export function inTheWay(situation: Partial<Situation>, of: Goal = goal): readonly Trouble[] {
  return allInTheWay(situation, of).filter(({ patienceSeconds }) => patienceSeconds !== of.withinSeconds);
}

/** The state of a container that has ended. */
export const failed = (exitCode: number, rest: object = {}) => ({
  terminated: {
    ...{ exitCode, reason: "Error", startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:00:02Z" },
    ...rest,
  },
});

/** The state of a container that does not run yet, or not now. */
export const waiting = (reason: string, message = "") => ({ waiting: { reason, message } });
