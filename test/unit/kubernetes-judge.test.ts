import assert from "node:assert/strict";
import { isUp, type Situation } from "../../components/targets/kubernetes/judge";
import { podOf, rolledOut, workloadOf } from "../support/fake-cluster";
import { allInTheWay, failed, inTheWay, job, waiting } from "../support/situations";

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
      const [last] = allInTheWay(situation).slice(-1);
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
