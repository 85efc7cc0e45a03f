import assert from "node:assert/strict";
import { eventually } from "../eventually";
import type { DeployedSystem } from "../systems/deployed-system";
import type { FakeReceivers, Told } from "./fake-receivers";
import { type Fault, tradingFaults } from "./faults";
import { kinds, type Watch } from "./watch";

/** Algo-trading where it runs, with somebody of each kind to tell, and with alerts that wait a tenth of their time. */
export interface Rehearsal {
  readonly deployed: DeployedSystem;
  readonly watch: Watch;
  readonly fakes: FakeReceivers;
  /** Takes a service away that nobody needs but who watches it, and brings it back. */
  readonly absence: Fault & { readonly service: string };
}

/** How much of their time alerts wait in a rehearsal. */
export const rehearsedTimeScale = 0.1;

/** Where alerts lead to in a rehearsal. */
export const rehearsedLinks = {
  grafana: "https://grafana.example.com/ops/",
  project: "https://git.example.com/twofold",
};

const runbooks = `${rehearsedLinks.project}/docs/runbooks`;
const dashboards = `${rehearsedLinks.grafana}d/`;

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

/** All of them are alerts of the one system, also what kubelets tell of its containers. */
const system = "algo-trading";

function expectedOf(absent: string): readonly Expected[] {
  return [
    { alert: "OrderExecutionSlow", severity: "warning", service: "trading-bot", summary: summaries.slow },
    { alert: "MarketDataStale", severity: "critical", service: "market-data", summary: summaries.stale },
    { alert: "HighDrawdown", severity: "critical", service: "trading-bot", summary: summaries.drawdown },
    { alert: "HighMemoryUsage", severity: "warning", service: "cadvisor", summary: summaries.memory },
    { alert: "ServiceDown", severity: "critical", service: absent, summary: summaries.down },
  ];
}

/**
 * Every fault is told of to everybody when it has begun and when it is over. All are made at once: each takes its time. What
 * else is to be seen while they last comes between.
 */
export function alertsAreTold(rehearsal: () => Rehearsal, between = (): void => undefined): void {
  const begun = new Map<string, number>();
  const ended = new Map<string, number>();
  const expected = (): readonly Expected[] => expectedOf(rehearsal().absence.service);

  /** What each kind was told first of an alert since a moment; fails while one has heard nothing. */
  const heard = ({ alert, service }: Expected, state: "firing" | "resolved"): readonly Told[] => {
    const since = (state === "firing" ? begun : ended).get(alert) ?? 0;
    return kinds.map((kind) => {
      const told = rehearsal()
        .fakes.of(kind, alert, service, state)
        .find(({ at }) => at >= since);
      assert.ok(told !== undefined, `${kind} was not told that ${alert} is ${state}`);
      return told;
    });
  };

  it("tells everybody of slow orders, stale prices, a drawdown, full memory and a service that is gone", async function () {
    this.timeout(480_000);
    const { deployed, watch, absence } = rehearsal();
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
    await eventually(async () => assert.ok((await watch.value("max(trading_order_execution_seconds)")) > 2), 180);
    await Promise.all([begin("MarketDataStale", stalePrices), begin("HighDrawdown", drawdown)]);
    await eventually(async () => {
      for (const each of expected()) heard(each, "firing");
    }, 240);
  });

  between();

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
      for (const each of expected()) heard(each, "resolved");
    }, 300);
    console.table(observed());
  });

  /** Seconds from the beginning and from the end of each fault to the message, the slowest of all kinds. */
  function observed(): object {
    const seconds = (each: Expected, state: "firing" | "resolved", since = 0): number =>
      Math.round(Math.max(...heard(each, state).map(({ at }) => at - since)) / 1000);
    return Object.fromEntries(
      expected().map((each) => [
        each.alert,
        {
          told: seconds(each, "firing", begun.get(each.alert)),
          over: seconds(each, "resolved", ended.get(each.alert)),
        },
      ]),
    );
  }

  it("says what happened, to what, since when, and where to read on", () => {
    for (const each of expected()) {
      const { alert, severity, service, summary } = each;
      for (const { kind, message } of heard(each, "firing")) {
        if (kind === "webhook") {
          const { groupLabels, alerts } = JSON.parse(message) as WebhookMessage;
          assert.deepEqual(groupLabels, { alertname: alert, service, system });
          assert.equal(alerts[0]?.labels["severity"], severity);
          assert.equal(alerts[0]?.annotations["summary"], summary);
          assert.equal(alerts[0]?.annotations["runbook_url"], `${runbooks}/${alert}.md`);
          assert.ok(alerts[0].annotations["dashboard_url"]?.startsWith(dashboards));
          continue;
        }
        const title = `[${severity.toUpperCase()}] ${alert} of ${service} in ${system}`;
        for (const part of [title, summary, `Runbook: ${runbooks}/${alert}.md`, `Dashboard: ${dashboards}`])
          assert.ok(message.includes(part), `${kind}: ${message}`);
        assert.match(message, /Since 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC/, kind);
      }
      for (const { kind, message } of heard(each, "resolved")) {
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

interface WebhookMessage {
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}
