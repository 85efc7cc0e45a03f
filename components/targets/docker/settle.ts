import { setTimeout as sleep } from "node:timers/promises";
import { endingText, lastLines, lastWords, logLines, mask } from "../last-words";
import { type Engine, EngineError, type Inspection } from "./engine";
import type { Goal } from "./model";

/** A container that is to come up. */
export interface Subject {
  readonly engine: Engine;
  /** The Engine's id of the container. */
  readonly id: string;
  /** How people know it. */
  readonly name: string;
  readonly goal: Goal;
  /** Values that must not appear in a message. */
  readonly secrets: readonly string[];
  /** What must be done each time before it is started. */
  readonly prepare: () => Promise<void>;
}

const pollMilliseconds = 150;
/** How long a container without a check must have run to count as up. */
const provenMilliseconds = 500;

/**
 * Starts the container unless it runs or has done its work, with its limit of processes in force before the first of them.
 * Throws what a person needs to know when it cannot be started. Returns how often the Engine had restarted it before.
 */
export async function start(subject: Subject): Promise<number> {
  const { engine, id, name, goal } = subject;
  const before = await found(subject);
  if (before.HostConfig.PidsLimit !== goal.pids) {
    await engine.limitPids(id, goal.pids);
    const { PidsLimit: pids } = (await found(subject)).HostConfig;
    if (pids !== goal.pids)
      throw new Error(`${name}: its limit of ${goal.pids} processes does not hold: it is ${pids ?? "none"}`);
  }
  if (before.State.Status === "running" || before.State.Status === "restarting" || isDone(before, goal))
    return before.RestartCount;
  try {
    await subject.prepare();
    await engine.start(id);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new Error(`${name} cannot start: ${portClash(error.message) ?? mask(error.message, subject.secrets)}`);
  }
  return 0;
}

/** Says in a person's words that a port is taken; the Engine has two ways to say so, among other things. */
function portClash(message: string): string | undefined {
  const [, address, port] =
    /listen \S+ (\S+):(\d+): bind: address already in use/.exec(message) ??
    /Bind for (\S+):(\d+) failed: port is already allocated/.exec(message) ??
    [];
  if (address === undefined || port === undefined) return undefined;
  return `port ${port} of ${address} is taken; end what has it (ss -ltnp 'sport = :${port}' or docker ps shows it), or give the target another hostPortBase`;
}

/** Waits until the container is up. Throws at once when it cannot get there any more, with its last words. */
export async function settle(subject: Subject, restartsBefore: number): Promise<void> {
  const begin = Date.now();
  for (;;) {
    const inspection = await found(subject);
    const verdict = judge(inspection, subject.goal, restartsBefore, Date.now() - begin);
    if (verdict === "up") return;
    if (verdict !== "waiting") {
      const missed = inspection.State.Status === "running" && inspection.RestartCount > restartsBefore;
      const code = missed ? await subject.engine.exitCodeBefore(subject.id, inspection.State.StartedAt) : undefined;
      const because = code === undefined ? verdict.because : `${verdict.because}: its code was ${code}`;
      throw new Error(await explain(subject, inspection, because));
    }
    await sleep(pollMilliseconds);
  }
}

async function found({ engine, id, name }: Subject): Promise<Inspection> {
  const inspection = await engine.inspect(id);
  if (inspection !== undefined) return inspection;
  throw new Error(`${name} was removed behind Pulumi's back; run pulumi refresh, and then this again`);
}

const isDone = ({ State }: Inspection, { until }: Goal): boolean =>
  until === "completed" && State.Status === "exited" && State.ExitCode === 0;

type Verdict = "up" | "waiting" | { readonly because: string };

/** What the state of a container means for its goal, `elapsed` milliseconds after the waiting began. */
export function judge(inspection: Inspection, goal: Goal, restartsBefore: number, elapsed: number): Verdict {
  const { State, RestartCount } = inspection;
  if (isDone(inspection, goal)) return "up";
  if (State.Status === "exited" || State.Status === "dead") return { because: ending(inspection) };
  if (goal.until !== "completed") {
    if (State.Status === "restarting") return { because: ending(inspection) };
    if (RestartCount > restartsBefore) return { because: "it ended and had to be restarted" };
    if (State.Status === "paused") return { because: "it is paused; run docker unpause" };
    if (State.Health?.Status === "unhealthy") return { because: "its health check fails" };
  }
  if (goal.until === "healthy" && State.Health?.Status === "healthy") return "up";
  if (goal.until === "running" && State.Status === "running") {
    const age = Math.max(elapsed, Date.now() - Date.parse(State.StartedAt));
    if (age >= provenMilliseconds) return "up";
  }
  if (elapsed > goal.withinSeconds * 1000) return { because: `it is not ${goal.until} after ${goal.withinSeconds} s` };
  return "waiting";
}

function ending({ State }: Inspection): string {
  const { ExitCode: code, OOMKilled: outOfMemory, StartedAt: startedAt, FinishedAt: finishedAt, Error: error } = State;
  return endingText({ code, outOfMemory, startedAt, finishedAt, error });
}

async function explain(
  { engine, id, name, secrets, goal }: Subject,
  { State }: Inspection,
  because: string,
): Promise<string> {
  const check = State.Health?.Log?.at(-1);
  const log = await engine.logs(id, logLines);
  const lines = [
    `${name} is not ${goal.until}: ${because}`,
    ...(check === undefined || check.ExitCode === 0
      ? []
      : [`  its last check gave ${check.ExitCode} and printed:`, ...lastLines(check.Output || "nothing")]),
    ...lastWords(log),
    `  see docker logs ${name}`,
  ];
  return mask(lines.join("\n"), secrets);
}
