import assert from "node:assert/strict";
import type { Engine, Inspection } from "../../components/targets/docker/engine";

/** An Engine without containers, which notes what it is asked to change. Calls that a test did not expect fail it. */
export class FakeEngine implements Engine {
  /** Every change, in the order in which it was asked for. */
  readonly changes: string[] = [];
  readonly #answers: Partial<Engine>;

  constructor(answers: Partial<Engine> = {}) {
    this.#answers = answers;
  }

  inspect: Engine["inspect"] = (id) => this.#answer("inspect")(id);
  logs: Engine["logs"] = (id, lines) => this.#answer("logs")(id, lines);
  containers: Engine["containers"] = (filters) => this.#answer("containers")(filters);
  networks: Engine["networks"] = () => this.#answer("networks")();
  exitCodeBefore: Engine["exitCodeBefore"] = (id, moment) => this.#answer("exitCodeBefore")(id, moment);
  volume: Engine["volume"] = (name) => this.#answer("volume")(name);

  start: Engine["start"] = async (id) => {
    this.changes.push(`start ${id}`);
    await this.#answers.start?.(id);
  };
  limitPids: Engine["limitPids"] = async (id, pids) => void this.changes.push(`limit ${id} to ${pids}`);
  unpack: Engine["unpack"] = async (id, folder) => void this.changes.push(`unpack in ${id} ${folder}`);
  removeContainer: Engine["removeContainer"] = async (id) => void this.changes.push(`remove ${id}`);
  removeNetwork: Engine["removeNetwork"] = async (id) => void this.changes.push(`remove ${id}`);

  #answer<Call extends keyof Engine>(call: Call): Engine[Call] {
    return this.#answers[call] ?? assert.fail(`the Engine was not expected to be asked: ${call}`);
  }
}

const beginning = "2026-01-01T00:00:00Z";

/** What the Engine says of a container that runs within a limit of 64 processes, but for what is given. */
export function inspection(state: Partial<Inspection["State"]> = {}, rest: Partial<Inspection> = {}): Inspection {
  const running = { Status: "running", ExitCode: 0, Error: "", OOMKilled: false };
  return {
    ...{ Id: "1234", Name: "/shop-api", RestartCount: 0, Config: { Labels: null }, HostConfig: { PidsLimit: 64 } },
    State: { ...running, StartedAt: beginning, FinishedAt: beginning, ...state },
    ...rest,
  };
}
