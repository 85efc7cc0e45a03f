import assert from "node:assert/strict";
import { eventually } from "../eventually";
import type { DeployedSystem } from "../systems/deployed-system";
import type { FakeReceivers, Told } from "./fake-receivers";
import { type Fault, tradingFaults } from "./faults";

/** Algo-trading where it runs, with somebody of each kind to tell, and with alerts that wait a tenth of their time. */
export interface Rehearsal {
  readonly deployed: DeployedSystem;
  readonly fakes: FakeReceivers;
  /** Takes a service away that nobody needs but who watches it, and brings it back. */
  readonly absence: Fault & { readonly service: string };
  /** The service with Prometheus in it, and how it is taken away for good. */
  stopPrometheus(): Promise<void>;
}

/** How much of their time alerts wait in a rehearsal. */
export const rehearsedTimeScale = 0.1;
export const deadManSeconds = 5;

const kinds = ["telegram", "slack", "email", "wechat", "webhook"] as const;

interface Expected {
  readonly alert: string;
  readonly severity: "critical" | "warning";
  /** The service that it is an alert of. */
  readonly service: string;
  readonly summary: string;
}

const summaries = {
  slow: "orders take too long",
  stale: "prices are out of date",
  drawdown: "the account has lost too much of its peak value",
  memory: "a container is close to its memory limit",
  down: "a service does not answer",
};

const expectedOf = (absent: string): readonly Expected[] => [
  { alert: "OrderExecutionSlow", severity: "warning", service: "trading-bot", summary: summaries.slow },
  { alert: "MarketDataStale", severity: "critical", service: "market-data", summary: summaries.stale },
  { alert: "HighDrawdown", severity: "critical", service: "trading-bot", summary: summaries.drawdown },
  { alert: "HighMemoryUsage", severity: "warning", service: "cadvisor", summary: summaries.memory },
  { alert: "ServiceDown", severity: "critical", service: absent, summary: summaries.down },
];

/** Every fault is told of to everybody when it has begun and when it is over. All are made at once: each takes its time. */
export function alertsAreTold(rehearsal: () => Rehearsal): void {
  const begun = new Map<string, number>();
  const ended = new Map<string, number>();
  const expected = (): readonly Expected[] => expectedOf(rehearsal().absence.service);

  /** What each kind was told first of an alert since a moment; fails while one has heard nothing. */
  const heard = (alert: string, state: "firing" | "resolved", since: number): readonly Told[] =>
    kinds.map((kind) => {
      const told = rehearsal()
        .fakes.of(kind, alert, state)
        .find(({ at }) => at >= since);
      assert.ok(told !== undefined, `${kind} was not told that ${alert} is ${state}`);
      return told;
    });

  it("tells everybody of slow orders, stale prices, a drawdown, full memory and a service that is gone", async function () {
    this.timeout(480_000);
    const { deployed, absence } = rehearsal();
    const { slowOrders, stalePrices, drawdown, fullMemory } = tradingFaults(deployed);
    const begin = async (alert: string, fault: Fault): Promise<void> => {
      begun.set(alert, Date.now());
      await fault.begin();
    };
    await Promise.all([
      begin("OrderExecutionSlow", slowOrders),
      begin("HighMemoryUsage", fullMemory),
      begin("ServiceDown", absence),
    ]);
    // without prices there are no orders
    await eventually(async () => assert.ok((await metric(deployed, "trading_order_execution_seconds")) > 2), 180);
    await Promise.all([begin("MarketDataStale", stalePrices), begin("HighDrawdown", drawdown)]);
    await eventually(async () => {
      for (const { alert } of expected()) heard(alert, "firing", begun.get(alert) ?? 0);
    }, 240);
  });

  it("tells everybody when each of them is over", async function () {
    this.timeout(420_000);
    const { deployed, absence } = rehearsal();
    const { slowOrders, stalePrices, drawdown, fullMemory } = tradingFaults(deployed);
    const end = async (alert: string, fault: Fault): Promise<void> => {
      ended.set(alert, Date.now());
      await fault.end();
    };
    await end("OrderExecutionSlow", slowOrders);
    await Promise.all([
      end("MarketDataStale", stalePrices),
      end("HighDrawdown", drawdown),
      end("HighMemoryUsage", fullMemory),
      end("ServiceDown", absence),
    ]);
    await eventually(async () => {
      for (const { alert } of expected()) heard(alert, "resolved", ended.get(alert) ?? 0);
    }, 300);
    console.table(observed());
  });

  /** Seconds from the beginning and from the end of each fault to the message, the slowest of all kinds. */
  function observed(): object {
    const seconds = (alert: string, state: "firing" | "resolved", since: number): number =>
      Math.round(Math.max(...heard(alert, state, since).map(({ at }) => at - since)) / 1000);
    return Object.fromEntries(
      expected().map(({ alert }) => [
        alert,
        {
          told: seconds(alert, "firing", begun.get(alert) ?? 0),
          over: seconds(alert, "resolved", ended.get(alert) ?? 0),
        },
      ]),
    );
  }

  it("says what happened, to what, since when, and where to read on", () => {
    for (const { alert, severity, service, summary } of expected()) {
      for (const { kind, message } of heard(alert, "firing", begun.get(alert) ?? 0)) {
        if (kind === "webhook") {
          const { groupLabels, alerts } = JSON.parse(message) as WebhookMessage;
          assert.deepEqual(groupLabels, { alertname: alert, service, system: "algo-trading" });
          assert.equal(alerts[0]?.labels["severity"], severity);
          assert.equal(alerts[0]?.annotations["summary"], summary);
          assert.ok(alerts[0]?.annotations["runbook_url"]);
          continue;
        }
        const title = `[${severity.toUpperCase()}] ${alert} of ${service} in algo-trading`;
        for (const part of [title, summary, "Runbook: "]) assert.ok(message.includes(part), `${kind}: ${message}`);
        assert.match(message, /Since 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC/, kind);
      }
      for (const { kind, message } of heard(alert, "resolved", ended.get(alert) ?? 0)) {
        if (kind === "webhook") continue;
        assert.ok(message.includes(`Over: ${summary}`), `${kind}: ${message}`);
        assert.match(message, / until \d\d:\d\d:\d\d UTC/, kind);
      }
    }
  });

  it("proves to each who is talking, and tells nobody the secrets of others", () => {
    const { fakes } = rehearsal();
    for (const { kind, proof } of fakes.told) assert.equal(proof, fakes.proofs[kind], kind);
    assert.deepEqual(new Set(fakes.told.map(({ kind }) => kind)), new Set(kinds));
  });
}

/** No secret of a receiver is where it has no business to be. */
export function secretsStaySecret(rehearsal: () => Rehearsal & { state(): string }): void {
  it("keeps the secrets of receivers out of messages, logs, what the platform shows, and the state", async () => {
    const { deployed, fakes, state } = rehearsal();
    const instances = (
      await Promise.all(["alertmanager", "prometheus"].map((each) => deployed.live.instances(each)))
    ).flat();
    assert.equal(instances.length, 2);
    const config = await deployed.inside("alertmanager", "cat", "/etc/alertmanager/alertmanager.yml");
    assert.match(config, /bot_token_file/);
    const places = {
      "a message": fakes.told.map(({ message }) => message).join(),
      "a log": (await Promise.all(instances.map((instance) => deployed.live.logs(instance)))).join(),
      "the platform": await deployed.live.metadata(),
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

/** Somebody outside notices that nobody watches any more. */
export function deadManIsMissed(rehearsal: () => Rehearsal): void {
  it("tells somebody outside that alerting works, who notices when it no longer does", async function () {
    this.timeout(240_000);
    const { deployed, fakes, stopPrometheus } = rehearsal();
    const silence = (): number => (performance.now() - (fakes.aliveAt ?? Number.NEGATIVE_INFINITY)) / 1000;
    await eventually(async () => assert.ok(silence() < 2 * deadManSeconds, `silent for ${silence()} s`), 60);
    assert.ok(fakes.told.every(({ message }) => !message.includes("Watchdog")));
    const stopped = performance.now();
    await stopPrometheus();
    await eventually(async () => assert.ok(silence() > 3 * deadManSeconds, "still told that all is well"), 180);
    const [alertmanager] = await deployed.live.instances("alertmanager");
    assert.deepEqual([alertmanager?.running, alertmanager?.restarts], [true, 0], "it is Alertmanager that has ended");
    console.log(`      noticed after ${Math.round((performance.now() - stopped) / 1000)} s`);
  });
}

interface WebhookMessage {
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** The value of a metric without labels, as Prometheus has it. */
async function metric(deployed: DeployedSystem, name: string): Promise<number> {
  const { result } = (await deployed.prometheus(`query?query=max(${name})`)) as {
    readonly result: readonly { readonly value: readonly [number, string] }[];
  };
  return Number(result[0]?.value[1] ?? Number.NaN);
}
