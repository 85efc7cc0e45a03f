import assert from "node:assert/strict";
import { eventually } from "../eventually";
import type { FakeReceivers } from "./fake-receivers";

/** Those who are told of alerts, each of its kind. */
export const kinds = ["telegram", "slack", "email", "wechat", "webhook"] as const;

/** Who watches a system and tells of it, as an operator sees them: Prometheus and Alertmanager beside it, or a cluster's. */
export interface Watch {
  /** What Prometheus answers to an expression with one value; not a number when there is none. */
  value(expression: string): Promise<number>;
  /** What Alertmanager has read as its configuration. */
  configuration(): Promise<string>;
  /** All that they have printed. */
  logs(): Promise<string>;
}

interface Shown {
  readonly watch: Watch;
  readonly fakes: FakeReceivers;
  /** Everything that the platform shows of what was deployed. */
  metadata(): Promise<string>;
  /** What Pulumi has written down. */
  state(): string;
}

/** No secret of a receiver is where it has no business to be. */
export function secretsStaySecret(shown: () => Shown): void {
  it("keeps the secrets of receivers out of messages, logs, what the platform shows, and the state", async () => {
    const { watch, fakes, metadata, state } = shown();
    const config = await watch.configuration();
    assert.match(config, /bot_token_file/);
    const places = {
      "a message": fakes.told.map(({ message }) => message).join(),
      "a log": await watch.logs(),
      "the platform": await metadata(),
      "the state": state(),
      "the configuration": config,
    };
    for (const [place, content] of Object.entries(places)) {
      assert.ok(content.length > 200, `${place} is empty`);
      for (const [key, secret] of Object.entries(fakes.secrets))
        assert.ok(!content.includes(secret), `${key} is in ${place}`);
    }
  });
}

export const deadManSeconds = 5;

interface Watched {
  readonly fakes: FakeReceivers;
  /** Takes Prometheus away for good. */
  stopPrometheus(): Promise<void>;
  /** Whether Alertmanager runs, and how often it has started again. */
  alertmanager(): Promise<readonly [running: boolean | undefined, restarts: number | undefined]>;
}

/** Somebody outside notices that nobody watches any more. */
export function deadManIsMissed(watched: () => Watched): void {
  it("tells somebody outside that alerting works, who notices when it no longer does", async function () {
    this.timeout(240_000);
    const { fakes, stopPrometheus, alertmanager } = watched();
    const silence = (): number => (performance.now() - (fakes.aliveAt ?? Number.NEGATIVE_INFINITY)) / 1000;
    await eventually(async () => assert.ok(silence() < 2 * deadManSeconds, `silent for ${silence()} s`), 60);
    assert.ok(fakes.told.every(({ message }) => !message.includes("Watchdog")));
    const stopped = performance.now();
    await stopPrometheus();
    await eventually(async () => assert.ok(silence() > 3 * deadManSeconds, "still told that all is well"), 180);
    assert.deepEqual(await alertmanager(), [true, 0], "it is Alertmanager that has ended");
    console.log(`      noticed after ${Math.round((performance.now() - stopped) / 1000)} s`);
  });
}
