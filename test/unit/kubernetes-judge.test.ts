import assert from "node:assert/strict";
import type { Goal } from "../../components/targets/kubernetes/goal";
import { isUp, type Situation, type Trouble, troubles } from "../../components/targets/kubernetes/judge";
import { podOf, rolledOut, warningOf, workloadOf } from "../support/fake-cluster";

const goal: Goal = { until: "ready", withinSeconds: 100, checkSeconds: 30, stubborn: false };
const job: Goal = { until: "completed", withinSeconds: 3600, stubborn: false };

/** What is in the way, but for the time that passes without progress, which is always in the way. */
function inTheWay(situation: Partial<Situation>, of: Goal = goal): readonly Trouble[] {
  const none = {
    kind: "Deployment",
    workload: workloadOf(),
    pods: [],
    leaving: false,
    events: [],
    restartsBefore: new Map(),
  } as const;
  return troubles({ ...none, ...situation }, of).filter(({ patienceSeconds }) => patienceSeconds !== of.withinSeconds);
}

const failed = (exitCode: number, rest: object = {}) => ({
  terminated: {
    ...{ exitCode, reason: "Error", startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:00:02Z" },
    ...rest,
  },
});
const waiting = (reason: string, message = "") => ({ waiting: { reason, message } });

describe("a workload of a cluster", () => {
  it("is up when the newest revision, and no other, is there and ready", () => {
    assert.equal(isUp("Deployment", workloadOf(rolledOut)), true);
    assert.equal(isUp("StatefulSet", workloadOf(rolledOut)), true);
    const not: readonly object[] = [
      { ...rolledOut, observedGeneration: 1 },
      { ...rolledOut, updatedReplicas: 0 },
      { ...rolledOut, replicas: 2 },
      { ...rolledOut, readyReplicas: 0 },
    ];
    for (const status of not) assert.equal(isUp("Deployment", workloadOf(status)), false, JSON.stringify(status));
    assert.equal(isUp("Deployment", workloadOf(rolledOut, {}, { replicas: 2 })), false);
  });

  it("is up as a job when it has completed", () => {
    const ended = (type: string, status: string) => isUp("Job", workloadOf({ conditions: [{ type, status }] }));
    assert.deepEqual(
      [ended("Complete", "True"), ended("Complete", "False"), ended("Failed", "True")],
      [true, false, false],
    );
  });

  it("has nothing in its way but time while it may get there", () => {
    const states: readonly object[] = [
      { state: waiting("ContainerCreating") },
      { state: waiting("PodInitializing") },
      { ready: true, state: { running: {} }, restartCount: 4, lastState: failed(1) },
      // the first end may have had a cause that is over
      { state: failed(1) },
      { state: { running: {} }, restartCount: 1, lastState: failed(1) },
    ];
    for (const state of states)
      assert.deepEqual(
        inTheWay({ pods: [podOf(state)] }).filter(({ key }) => !key.startsWith("unready")),
        [],
        JSON.stringify(state),
      );
    assert.deepEqual(inTheWay({ pods: [podOf({ state: failed(0) })] }, job), []);
  });

  it("is waited for as long as its goal says, and anew with each step that it takes", () => {
    const keyOf = (situation: Partial<Situation>): string => {
      const none = {
        kind: "Deployment",
        workload: workloadOf(),
        pods: [],
        leaving: false,
        events: [],
        restartsBefore: new Map(),
      } as const;
      const [last] = troubles({ ...none, ...situation }, goal).slice(-1);
      assert.deepEqual([last?.patienceSeconds, last?.because], [100, "nothing has changed for 100 s"]);
      return last?.key ?? "";
    };
    const steps = [
      {},
      { workload: workloadOf({ replicas: 1 }) },
      { workload: workloadOf({ replicas: 1, updatedReplicas: 1 }) },
      { pods: [podOf({}, { phase: "Pending" })] },
      { pods: [podOf()] },
    ];
    assert.equal(new Set(steps.map(keyOf)).size, steps.length);
    assert.equal(keyOf({ pods: [podOf()] }), keyOf({ pods: [podOf({ restartCount: 3 })] }));
  });
});

describe("a failure on a cluster", () => {
  const running = { state: { running: {} } };
  const killed = (probe: string) => [
    { ...warningOf("Killing", `Container api failed ${probe} probe, will be restarted`), warning: false },
  ];
  const cases: readonly [string, Partial<Situation>, Goal, number, RegExp][] = [
    [
      "an image that no registry has",
      { pods: [podOf({ state: waiting("ErrImagePull", "failed to resolve: shop/api:1.4.2: not found") })] },
      goal,
      0,
      /^its image shop\/api:1\.4\.2 cannot be had: failed to resolve: shop\/api:1\.4\.2: not found$/,
    ],
    [
      "an image that cannot be named so",
      { pods: [podOf({ state: waiting("InvalidImageName", "invalid reference format") })] },
      goal,
      0,
      /cannot be had: invalid reference format/,
    ],
    [
      "a registry that may come back",
      { pods: [podOf({ state: waiting("ImagePullBackOff", "i/o timeout") })] },
      goal,
      15,
      /cannot be had: i\/o timeout/,
    ],
    [
      "a start gate whose image cannot be had",
      {
        pods: [
          podOf(
            {},
            {
              initContainerStatuses: [
                { ...podOf().status.containerStatuses[0], image: "gate:1", state: waiting("ErrImagePull", "denied") },
              ],
            },
          ),
        ],
      },
      goal,
      0,
      /its image gate:1 cannot be had: denied/,
    ],
    [
      "a container that cannot be made",
      { pods: [podOf({ state: waiting("CreateContainerConfigError", 'secret "api" not found') })] },
      goal,
      5,
      /its container cannot be made: secret "api" not found/,
    ],
    [
      "ends, one after the other",
      { pods: [podOf({ state: waiting("CrashLoopBackOff"), lastState: failed(7), restartCount: 1 })] },
      goal,
      0,
      /^it ended with code 7 after 2\.0 s$/,
    ],
    ["a second end", { pods: [podOf({ state: failed(7), restartCount: 1 })] }, goal, 0, /it ended with code 7/],
    [
      "a program that is not there",
      {
        pods: [
          podOf({
            state: waiting("CrashLoopBackOff"),
            lastState: failed(128, { reason: "StartError", message: "exec: no such file" }),
          }),
        ],
      },
      goal,
      0,
      /it ended with code 128 after 2\.0 s: StartError exec: no such file$/,
    ],
    [
      "too little memory",
      { pods: [podOf({ ...running, lastState: failed(137, { reason: "OOMKilled" }), restartCount: 1 })] },
      goal,
      0,
      /^it needed more memory than its limit and was killed$/,
    ],
    [
      "a restart by its start-up check",
      { pods: [podOf({ ...running, lastState: failed(143), restartCount: 1 })], events: killed("startup") },
      goal,
      0,
      /^its health check fails$/,
    ],
    [
      "a restart by its liveness check",
      {
        pods: [podOf({ state: waiting("CrashLoopBackOff"), lastState: failed(137), restartCount: 2 })],
        events: killed("liveness"),
      },
      goal,
      0,
      /^its health check fails$/,
    ],
    ["a check that does not pass in its time", { pods: [podOf(running)] }, goal, 30, /^its health check fails$/],
    [
      "no room on any node",
      {
        pods: [
          podOf(
            {},
            {
              phase: "Pending",
              conditions: [
                {
                  type: "PodScheduled",
                  status: "False",
                  reason: "Unschedulable",
                  message: "0/1 nodes: Insufficient cpu",
                },
              ],
            },
          ),
        ],
      },
      goal,
      20,
      /^no node can take its pod: 0\/1 nodes: Insufficient cpu; ask for less, or add a node$/,
    ],
    [
      "a quota of a deployment",
      {
        workload: workloadOf({
          conditions: [{ type: "ReplicaFailure", status: "True", message: "exceeded quota: small" }],
        }),
      },
      goal,
      15,
      /refuses to make its pods: exceeded quota: small; raise the quota/,
    ],
    [
      "a quota of a stateful set",
      { kind: "StatefulSet", events: [warningOf("FailedCreate", "exceeded quota: small", "api")] },
      goal,
      15,
      /refuses to make its pods: exceeded quota: small; raise the quota/,
    ],
    [
      "a policy for pods",
      { kind: "Job", events: [warningOf("FailedCreate", "violates PodSecurity", "api")] },
      job,
      15,
      /violates PodSecurity; label its namespace/,
    ],
    [
      "the cluster's own verdict",
      {
        workload: workloadOf({
          conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }],
        }),
      },
      goal,
      2,
      /its rollout makes no progress/,
    ],
    [
      "a job that keeps failing",
      { kind: "Job", pods: [podOf({ state: waiting("CrashLoopBackOff"), lastState: failed(4), restartCount: 1 })] },
      job,
      0,
      /it ended with code 4/,
    ],
    [
      "a job that has failed for good",
      {
        kind: "Job",
        workload: workloadOf({
          conditions: [{ type: "Failed", status: "True", message: "Job has reached the specified backoff limit" }],
        }),
      },
      { ...job, stubborn: true },
      0,
      /Job has reached the specified backoff limit/,
    ],
  ];
  for (const [name, situation, of, seconds, because] of cases) {
    it(`is ${name}, after ${seconds} s`, () => {
      const [first] = inTheWay(situation, of);
      assert.ok(first, "nothing is in the way");
      assert.match(first.because, because);
      assert.equal(first.patienceSeconds, seconds);
    });
  }

  it("names the pod to look at, and the container when that has printed something", () => {
    const [ended] = inTheWay({ pods: [podOf({ state: failed(7), restartCount: 1 })] });
    assert.deepEqual([ended?.pod, ended?.container], ["api-abc-1", "api"]);
    const [absent] = inTheWay({ pods: [podOf({ state: waiting("ErrImagePull", "not found") })] });
    assert.deepEqual([absent?.pod, absent?.container], ["api-abc-1", undefined]);
  });

  it("is the same one while an image is asked for and while the next try is awaited", () => {
    const keyOf = (reason: string) => inTheWay({ pods: [podOf({ state: waiting(reason, "timeout") })] })[0]?.key;
    assert.equal(keyOf("ErrImagePull"), keyOf("ImagePullBackOff"));
  });

  it("is no restart that was there before", () => {
    const again = podOf({ state: failed(7), restartCount: 4 });
    const restartsBefore = new Map([["pod-uid api", 4]]);
    assert.deepEqual(inTheWay({ pods: [again], restartsBefore }), []);
  });

  it("is no job that is tried as often as its description says", () => {
    const pods = [podOf({ state: waiting("CrashLoopBackOff"), lastState: failed(4), restartCount: 3 })];
    assert.deepEqual(inTheWay({ kind: "Job", pods }, { ...job, stubborn: true }), []);
  });

  it("is no lack of room that the cluster is about to end", () => {
    const conditions = [
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "Insufficient cpu" },
    ];
    const events = [{ ...warningOf("TriggeredScaleUp", "pod triggered scale-up"), warning: false }];
    assert.deepEqual(inTheWay({ pods: [podOf({}, { phase: "Pending", conditions })], events }), []);
  });

  it("is no lack of room while pods of the version before still take it", () => {
    const conditions = [
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "Insufficient cpu" },
    ];
    const pods = [podOf({}, { phase: "Pending", conditions })];
    const workload = workloadOf({
      conditions: [{ type: "ReplicaFailure", status: "True", message: "exceeded quota" }],
    });
    assert.deepEqual(inTheWay({ workload, pods, leaving: true }), []);
    assert.equal(inTheWay({ workload, pods }).length, 2);
  });

  it("is no verdict on the generation before", () => {
    const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }];
    assert.deepEqual(inTheWay({ workload: workloadOf({ observedGeneration: 1, conditions }) }), []);
  });

  it("is sure before it is likely: what ends a run at once comes first", () => {
    const pods = [podOf(running, {}, { name: "api-abc-2" }), podOf({ state: failed(7), restartCount: 1 })];
    assert.deepEqual(
      inTheWay({ pods }).map(({ because }) => because),
      ["it ended with code 7 after 2.0 s", "its health check fails"],
    );
  });
});
