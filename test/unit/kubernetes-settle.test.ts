import assert from "node:assert/strict";
import { ClusterError, UnreachableError } from "../../components/targets/kubernetes/client";
import type { Cluster } from "../../components/targets/kubernetes/cluster";
import type { Goal } from "../../components/targets/kubernetes/goal";
import type { Pod, Workload } from "../../components/targets/kubernetes/live";
import { type Subject, settle } from "../../components/targets/kubernetes/settle";
import { fakeCluster, metadataOf, newestSet, podOf, rolledOut, warningOf, workloadOf } from "../support/fake-cluster";
import { inVirtualTime } from "../support/virtual-time";

const checked: Goal = { until: "ready", withinSeconds: 60, checkSeconds: 30, stubborn: false };
const unchecked: Goal = { until: "ready", withinSeconds: 60, stubborn: false };

/** The last of what is given stays as it is. */
function oneAfterTheOther<Item>(items: readonly Item[]): () => Promise<Item> {
  let next = 0;
  return async () => {
    const item = items[Math.min(next, items.length - 1)];
    next += 1;
    assert.ok(item !== undefined);
    return item;
  };
}

interface Course {
  readonly workloads: readonly Workload[];
  readonly pods?: readonly (readonly Pod[])[];
}

/** Waits for a workload that is seen like this, look after look; gives the failure, or nothing when it is up. */
async function outcome(
  course: Course,
  subject: Partial<Subject> = {},
  answers: Partial<Cluster> = {},
): Promise<string> {
  const cluster = fakeCluster({
    workload: oneAfterTheOther(course.workloads),
    pods: oneAfterTheOther(course.pods ?? [[]]),
    replicaSets: async () => [metadataOf({ name: "api-old", labels: { "pod-template-hash": "old" } }), newestSet],
    events: async () => [],
    ...answers,
  });
  const common = {
    kind: "Deployment",
    namespace: "shop",
    name: "api",
    goal: checked,
    madeAt: Date.now(),
    secrets: [],
    tell: () => {},
  } as const;
  return inVirtualTime(() =>
    settle({ ...common, ...subject, cluster }).then(
      () => "",
      (error: Error) => error.message,
    ),
  );
}

const crashed = podOf({
  state: { waiting: { reason: "CrashLoopBackOff" } },
  lastState: { terminated: { exitCode: 7, startedAt: "2026-01-01T00:00:00Z", finishedAt: "2026-01-01T00:00:01Z" } },
  restartCount: 2,
});

describe("the wait for a workload", () => {
  it("ends at the first look when it is up, and asks nothing else", async () => {
    const workload = async () => workloadOf(rolledOut);
    const subject = {
      kind: "Deployment",
      namespace: "shop",
      name: "api",
      goal: unchecked,
      madeAt: Date.now(),
      secrets: [],
      tell: () => {},
    } as const;
    await settle({ ...subject, cluster: fakeCluster({ workload }) });
  });

  it("goes on until the rollout is over", async () => {
    const steps = [{}, { ...rolledOut, readyReplicas: 0 }, { ...rolledOut, replicas: 2 }, rolledOut];
    assert.equal(await outcome({ workloads: steps.map((status) => workloadOf(status)) }), "");
  });

  it("looks again at what has no check, and has only just begun", async () => {
    const course = {
      workloads: [{}, {}, rolledOut, {}].map((status) => workloadOf(status)),
      pods: [[], [], [crashed]],
    };
    const message = await outcome(course, { goal: unchecked }, { logs: async () => "" });
    assert.match(message, /^api is not ready: it ended with code 7 after 1\.0 s\n/);
  });

  it("tells how far it is when it takes long, once for each step", async () => {
    const steps = [...Array<object>(19).fill({ replicas: 1 }), { replicas: 1, updatedReplicas: 1 }, rolledOut];
    const told: string[] = [];
    const course = { workloads: steps.map((status) => workloadOf(status)) };
    assert.equal(await outcome(course, { tell: (progress) => told.push(progress) }), "");
    assert.deepEqual(told, ["waiting: 0 of 1 pods are new, 0 ready", "waiting: 1 of 1 pods are new, 0 ready"]);
  });

  it("needs none for what only works by its schedule", async () => {
    const goal: Goal = { until: "made", withinSeconds: 0, stubborn: false };
    await settle({
      cluster: fakeCluster({}),
      kind: "Job",
      namespace: "shop",
      name: "api",
      goal,
      madeAt: Date.now(),
      secrets: [],
      tell: () => {},
    });
  });

  it("is in vain for what somebody else has removed", async () => {
    const message = await outcome({ workloads: [] }, {}, { workload: async () => undefined });
    assert.match(message, /^Deployment api of the namespace shop was removed behind Pulumi's back; run pulumi refresh/);
  });

  it("ends on one screen: what, why, last words, warnings, where to look further, and no secret", async () => {
    const asked: unknown[] = [];
    const message = await outcome(
      { workloads: [workloadOf()], pods: [[crashed]] },
      { secrets: ["hunter2222", "abc"] },
      {
        events: async () => [
          warningOf("Failed", "from before", "api-abc-1", Date.now() - 60_000),
          warningOf("BackOff", "of another pod", "db-0"),
          { ...warningOf("Pulled", "all is well"), warning: false },
          warningOf("BackOff", "Back-off\n  restarting"),
          warningOf("BackOff", "Back-off restarting"),
        ],
        logs: async (...args) => {
          asked.push(args);
          return `${"line\n".repeat(20)}cannot log in with hunter2222\n`;
        },
      },
    );
    assert.deepEqual(message.split("\n"), [
      "api is not ready: it ended with code 7 after 1.0 s",
      "  the last that it printed:",
      ...Array<string>(9).fill("    line"),
      "    cannot log in with [secret]",
      "  the cluster says:",
      "    BackOff: Back-off restarting",
      "  see kubectl --context lab -n shop describe pod api-abc-1",
    ]);
    assert.deepEqual(asked, [["shop", "api-abc-1", "api", false, 10]]);
  });

  it("shows what the container printed that has ended, when it runs again already", async () => {
    const restarted = podOf({ ...crashed.status.containerStatuses[0], state: { running: {} } });
    const killed = [warningOf("Killing", "Container api failed liveness probe, will be restarted")];
    const previous: boolean[] = [];
    const course = { workloads: [workloadOf()], pods: [[], [restarted]] };
    const message = await outcome(
      course,
      {},
      {
        events: async () => killed,
        logs: async (_namespace, _pod, _container, before) => {
          previous.push(before);
          return "last words\n";
        },
      },
    );
    assert.match(message, /^api is not ready: its health check fails\n {2}the last that it printed:\n {4}last words\n/);
    assert.deepEqual(previous, [true]);
  });

  it("does not blame pods of other revisions, nor those that are told to go", async () => {
    const container = crashed.status.containerStatuses[0] ?? {};
    const old = podOf(container, {}, { labels: { "pod-template-hash": "old" } });
    const going = podOf(container, {}, { deletionTimestamp: "2026-01-01T00:00:00Z" });
    const course = { workloads: [workloadOf(), workloadOf(), workloadOf(rolledOut)], pods: [[old, going]] };
    assert.equal(await outcome(course), "");
  });

  it("has patience with what may mend itself, and counts it anew when it comes back", async () => {
    const message = "forbidden: exceeded quota: small";
    const full = workloadOf({ conditions: [{ type: "ReplicaFailure", status: "True", message }] });
    const begin = Date.now();
    const mending = async () => {
      const second = Math.floor((Date.now() - begin) / 1000);
      return second < 2 ? full : second < 4 ? workloadOf() : second < 6 ? full : workloadOf(rolledOut);
    };
    assert.equal(await outcome({ workloads: [] }, {}, { workload: mending }), "");
    const looks: number[] = [];
    const lasting = async () => {
      looks.push(Date.now());
      return full;
    };
    const failure = await outcome({ workloads: [] }, {}, { workload: lasting });
    assert.match(
      failure,
      /^api is not ready: the cluster refuses to make its pods: forbidden: exceeded quota: small; raise/,
    );
    assert.match(failure, /describe all -l app\.kubernetes\.io\/name=api$/);
    assert.ok((looks.at(-1) ?? 0) - (looks[0] ?? 0) >= 15_000);
  });

  it("goes on when the cluster fails to answer for a moment, and not when it refuses", async () => {
    let looks = 0;
    const failing = (error: Error) => async () => {
      looks += 1;
      if (looks === 2) throw error;
      return workloadOf(looks > 2 ? rolledOut : {});
    };
    for (const error of [new UnreachableError("reset"), new ClusterError(429, "busy"), new ClusterError(503, "down")]) {
      looks = 0;
      assert.equal(await outcome({ workloads: [] }, {}, { workload: failing(error) }), "");
    }
    looks = 0;
    const forbidden = new ClusterError(403, "deployments is forbidden");
    assert.equal(await outcome({ workloads: [] }, {}, { workload: failing(forbidden) }), "deployments is forbidden");
  });

  it("says why it failed also when the log cannot be read", async () => {
    const logs = async () => {
      throw new ClusterError(500, "no route to the node");
    };
    const message = await outcome({ workloads: [workloadOf()], pods: [[crashed]] }, {}, { logs });
    assert.match(
      message,
      /^api is not ready: it ended with code 7 .*\n.*\n {4}\(its log cannot be read: no route to the node\)\n/,
    );
  });

  it("has patience with a lack of room while pods of the version before take it", async () => {
    const full = workloadOf({ conditions: [{ type: "ReplicaFailure", status: "True", message: "exceeded quota" }] });
    const old = podOf({}, {}, { labels: { "pod-template-hash": "old" }, deletionTimestamp: "2026-01-01T00:00:00Z" });
    const begin = Date.now();
    const workload = async () => (Date.now() - begin < 4500 ? full : workloadOf(rolledOut));
    assert.equal(await outcome({ workloads: [], pods: [[old]] }, {}, { workload }), "");
  });

  it("keeps the last words of a job whose pod is gone when it has failed", async () => {
    const running = workloadOf();
    const given = workloadOf({ conditions: [{ type: "Failed", status: "True", message: "it reached its limit" }] });
    const ended = podOf({ state: { terminated: { exitCode: 4 } } });
    const course = { workloads: [running, running, given], pods: [[ended], [ended], []] };
    const goal: Goal = { until: "completed", withinSeconds: 60, stubborn: true };
    let asked = 0;
    const logs = async () => {
      asked += 1;
      return "job ends with 4\n";
    };
    const message = await outcome(course, { kind: "Job", goal }, { logs });
    assert.match(message, /^api is not completed: it reached its limit: its code was 4\n/);
    assert.match(message, /\n {4}job ends with 4\n/);
    assert.equal(asked, 1);
  });
});
