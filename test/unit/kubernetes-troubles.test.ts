import assert from "node:assert/strict";
import type { Goal } from "../../components/targets/kubernetes/goal";
import type { Situation } from "../../components/targets/kubernetes/judge";
import { podOf, warningOf, workloadOf } from "../support/fake-cluster";
import { failed, goal, inTheWay, job, waiting } from "../support/situations";

/** A pod that no node takes. */
function unschedulable(message: string) {
  const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
  return podOf({}, { phase: "Pending", conditions: [condition] });
}

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
      { pods: [unschedulable("0/1 nodes: Insufficient cpu")] },
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
    const events = [{ ...warningOf("TriggeredScaleUp", "pod triggered scale-up"), warning: false }];
    assert.deepEqual(inTheWay({ pods: [unschedulable("Insufficient cpu")], events }), []);
  });

  it("is no lack of room while pods of the version before still take it", () => {
    const pods = [unschedulable("Insufficient cpu")];
    const workload = workloadOf({
      conditions: [{ type: "ReplicaFailure", status: "True", message: "exceeded quota" }],
    });
    assert.deepEqual(inTheWay({ workload, pods, leaving: true }), []);
    assert.equal(inTheWay({ workload, pods }).length, 2);
  });

  it("is no verdict of the cluster, which counts the time in which pods wait for others", () => {
    const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }];
    assert.deepEqual(inTheWay({ workload: workloadOf({ conditions }) }), []);
  });

  it("is sure before it is likely: what ends a run at once comes first", () => {
    const pods = [podOf(running, {}, { name: "api-abc-2" }), podOf({ state: failed(7), restartCount: 1 })];
    assert.deepEqual(
      inTheWay({ pods }).map(({ because }) => because),
      ["it ended with code 7 after 2.0 s", "its health check fails"],
    );
  });
});
