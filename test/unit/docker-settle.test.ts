import assert from "node:assert/strict";
import { type Engine, EngineError, type Inspection } from "../../components/targets/docker/engine";
import type { Goal } from "../../components/targets/docker/model";
import { judge, settle, start } from "../../components/targets/docker/settle";
import { FakeEngine, inspection } from "../support/fake-engine";

type State = Inspection["State"];

const goal = (until: Goal["until"]): Goal => ({ until, withinSeconds: 10, pids: 64 });
const health = (Status: string, Output = "", ExitCode = 0) => ({ Status, Log: [{ ExitCode, Output }] });

describe("the verdict on a container", () => {
  const judged = (until: Goal["until"], state: Partial<State>, restarts = 0, elapsed = 0) =>
    judge(inspection(state, { RestartCount: restarts }), goal(until), 0, elapsed);

  it("is up when it is healthy, runs for half a second, or has completed", () => {
    assert.equal(judged("healthy", { Health: health("healthy") }), "up");
    assert.equal(judged("running", {}), "up");
    assert.equal(judged("running", { StartedAt: new Date().toISOString() }, 0, 600), "up");
    assert.equal(judged("completed", { Status: "exited" }), "up");
  });

  it("waits while it may get there", () => {
    assert.equal(judged("healthy", { Health: health("starting") }), "waiting");
    assert.equal(judged("running", { StartedAt: new Date().toISOString() }), "waiting");
    assert.equal(judged("completed", { Health: health("unhealthy") }), "waiting");
    assert.equal(judged("completed", { Status: "restarting" }, 3), "waiting");
  });

  const failures: readonly [string, Goal["until"], Partial<State>, number, number, RegExp][] = [
    [
      "its end",
      "healthy",
      { Status: "exited", ExitCode: 3, FinishedAt: "2026-01-01T00:00:02.5Z" },
      0,
      0,
      /ended with code 3 after 2\.5 s/,
    ],
    ["an end without an error", "running", { Status: "exited" }, 0, 0, /ended with code 0/],
    ["a failed job", "completed", { Status: "exited", ExitCode: 1 }, 0, 0, /ended with code 1/],
    ["a restart under way", "running", { Status: "restarting", ExitCode: 2 }, 1, 0, /ended with code 2/],
    ["a restart that was missed", "healthy", { Health: health("healthy") }, 1, 0, /ended and had to be restarted/],
    [
      "too little memory",
      "running",
      { Status: "exited", ExitCode: 137, OOMKilled: true },
      0,
      0,
      /more memory than its limit/,
    ],
    ["a failing check", "healthy", { Health: health("unhealthy") }, 0, 0, /health check fails/],
    ["a pause", "running", { Status: "paused" }, 0, 0, /docker unpause/],
    ["the end of its time", "healthy", { Health: health("starting") }, 0, 10_001, /not healthy after 10 s/],
  ];
  for (const [name, until, state, restarts, elapsed, because] of failures) {
    it(`is failure at once for ${name}`, () => {
      const verdict = judged(until, state, restarts, elapsed);
      assert.ok(typeof verdict === "object", `it is ${JSON.stringify(verdict)}`);
      assert.match(verdict.because, because);
    });
  }
});

/** An engine with one container, which goes through the given states, a state for each inspection. */
function engineWith(states: readonly (Inspection | undefined)[], more: Partial<Engine> = {}): FakeEngine {
  const left = [...states];
  return new FakeEngine({
    inspect: async () => (left.length > 1 ? left.shift() : left[0]),
    logs: async () => "listening\npassword is hunter22\n",
    ...more,
  });
}

const subject = (engine: FakeEngine, until: Goal["until"] = "healthy") => ({
  ...{ engine, id: "1234", name: "shop-api", goal: goal(until), secrets: ["hunter22", "ok"] },
  prepare: async () => void engine.changes.push("prepare"),
});

describe("starting a container", () => {
  it("limits its processes before the first one runs, and looks whether the limit holds", async () => {
    const unlimited = inspection({ Status: "created" }, { HostConfig: { PidsLimit: null } });
    const engine = engineWith([unlimited, inspection({ Status: "created" })]);
    assert.equal(await start(subject(engine)), 0);
    assert.deepEqual(engine.changes, ["limit 1234 to 64", "prepare", "start 1234"]);
  });

  it("fails when the limit does not hold", async () => {
    const engine = engineWith([inspection({}, { HostConfig: { PidsLimit: 0 } })]);
    await assert.rejects(start(subject(engine)), /shop-api: its limit of 64 processes does not hold: it is 0/);
  });

  it("leaves a running one alone, and counts its restarts so far", async () => {
    const engine = engineWith([inspection({}, { RestartCount: 4 })]);
    assert.equal(await start(subject(engine)), 4);
    assert.deepEqual(engine.changes, []);
  });

  it("starts again what had ended, but not a job that has done its work", async () => {
    const ended = engineWith([inspection({ Status: "exited", ExitCode: 0 })]);
    await start(subject(ended, "running"));
    assert.deepEqual(ended.changes, ["prepare", "start 1234"]);
    const failed = engineWith([inspection({ Status: "exited", ExitCode: 1 })]);
    await start(subject(failed, "completed"));
    assert.deepEqual(failed.changes, ["prepare", "start 1234"]);
    const done = engineWith([inspection({ Status: "exited", ExitCode: 0 })]);
    await start(subject(done, "completed"));
    assert.deepEqual(done.changes, []);
  });

  it("says why the engine refused, without secrets", async () => {
    const refusing = async () => Promise.reject(new EngineError(500, "port 80 is taken by hunter22"));
    const engine = engineWith([inspection({ Status: "created" })], { start: refusing });
    await assert.rejects(start(subject(engine)), { message: "shop-api cannot start: port 80 is taken by [secret]" });
  });

  it("names the port that is taken, and the ways out", async () => {
    for (const message of [
      "driver failed: Error starting userland proxy: listen tcp4 127.0.0.1:8080: bind: address already in use",
      "driver failed: Bind for 127.0.0.1:8080 failed: port is already allocated",
    ]) {
      const refusing = async () => Promise.reject(new EngineError(500, message));
      const engine = engineWith([inspection({ Status: "created" })], { start: refusing });
      await assert.rejects(start(subject(engine)), {
        message:
          "shop-api cannot start: port 8080 of 127.0.0.1 is taken; end what has it (ss -ltnp 'sport = :8080' or docker ps shows it), or give the target another hostPortBase",
      });
    }
  });

  it("says what to do about one that is gone", async () => {
    await assert.rejects(
      start(subject(engineWith([undefined]))),
      /shop-api was removed behind Pulumi's back; run pulumi refresh/,
    );
  });
});

describe("waiting for a container", () => {
  it("ends as soon as it is up", async () => {
    const starting = inspection({ Health: health("starting") });
    await settle(subject(engineWith([starting, starting, inspection({ Health: health("healthy") })])), 0);
  });

  it("fails on one screen: the reason, the last check and the last words, with secrets masked", async () => {
    const unhealthy = inspection({ Health: health("unhealthy", "connection refused\nfor hunter22", 7) });
    await assert.rejects(settle(subject(engineWith([unhealthy])), 0), {
      message: [
        "shop-api is not healthy: its health check fails",
        "  its last check gave 7 and printed:",
        "    connection refused",
        "    for [secret]",
        "  the last that it printed:",
        "    listening",
        "    password is [secret]",
        "  see docker logs shop-api",
      ].join("\n"),
    });
  });

  it("finds out how it ended when it runs again already", async () => {
    const again = inspection({ StartedAt: "2026-01-01T00:00:09Z" }, { RestartCount: 1 });
    const engine = engineWith([again], { exitCodeBefore: async (id, moment) => (id + moment).length });
    await assert.rejects(settle(subject(engine), 0), /it ended and had to be restarted: its code was 24\n/);
    const forgetful = engineWith([again], { exitCodeBefore: async () => undefined });
    await assert.rejects(settle(subject(forgetful), 0), /it ended and had to be restarted\n/);
  });

  it("says so when it has printed nothing", async () => {
    const engine = engineWith([inspection({ Status: "exited", ExitCode: 1 })], { logs: async () => "" });
    await assert.rejects(settle(subject(engine), 0), /\n {2}it has printed nothing\n/);
  });
});
