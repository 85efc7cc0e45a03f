import assert from "node:assert/strict";
import { jobOf } from "../../../components/monitoring/scrape";
import { expressionsIn } from "../../support/metric-names";
import { eventually } from "../eventually";
import { assertExported } from "../monitoring/joined";
import { everyPanelAnswers, valuesIn } from "../monitoring/panels";
import type { DeployedSystem } from "./deployed-system";

interface Target {
  readonly labels: { readonly job: string };
  readonly health: string;
  readonly scrapeInterval: string;
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}

interface Rule {
  readonly name: string;
  readonly query: string;
  readonly health: string;
}

/** The system is watched as it states. */
export function itIsWatched(deployed: DeployedSystem): void {
  it("is scraped as often as it states, each replica by itself, with its alert rules loaded", async () => {
    const { scrapes, alerts } = deployed.plan;
    assert.ok(scrapes.length > 0);
    await eventually(async () => {
      const { activeTargets } = (await deployed.prometheus("targets")) as { readonly activeTargets: readonly Target[] };
      const stated = scrapes.map(async ({ service, intervalSeconds }) => {
        const replicas = (await deployed.live.instances(service)).length;
        return Array<string>(replicas).fill(`${jobOf(service)} ${intervalSeconds}s`);
      });
      assert.deepEqual(
        activeTargets.map(({ labels, scrapeInterval }) => `${labels.job} ${scrapeInterval}`).sort(),
        (await Promise.all(stated)).flat().sort(),
      );
      assert.deepEqual(new Set(activeTargets.map(({ health }) => health)), new Set(["up"]));
    }, 90);
    const { groups } = (await deployed.prometheus("rules")) as Rules;
    const loaded = groups.flatMap(({ rules }) => rules.map(({ name }) => name));
    assert.deepEqual(
      alerts.map(({ name }) => name).filter((name) => !loaded.includes(name)),
      [],
    );
  });

  it("has something to show in every panel of every dashboard", async () => {
    await everyPanelAnswers({
      system: deployed.name,
      rateInterval: "1m",
      dashboards: deployed.plan.dashboards,
      ask: async (expressions) => (await deployed.queries(expressions)).map(valuesIn),
    });
  });
}

/** What Prometheus and Alertmanager beside the system have loaded is in order, and looks at nothing that is not there. */
export function itIsWatchedWell(deployed: DeployedSystem): void {
  const rules = async (): Promise<readonly Rule[]> => {
    const { groups } = (await deployed.prometheus("rules")) as Rules;
    return groups.flatMap((group) => group.rules);
  };

  it("has rules of which none fails, and files that promtool and amtool accept where they were laid", async () => {
    await eventually(async () => {
      const found = await rules();
      assert.ok(found.length > 0);
      assert.deepEqual(
        found.filter(({ health }) => health !== "ok").map(({ name, health }) => [name, health]),
        [],
      );
    }, 90);
    const { result } = (await deployed.prometheus("query?query=sum(prometheus_rule_evaluation_failures_total)")) as {
      readonly result: readonly { readonly value: readonly [number, string] }[];
    };
    assert.equal(result[0]?.value[1], "0");
    const judged = [
      await deployed.inside("prometheus", "promtool", "check", "config", "/etc/prometheus/prometheus.yml"),
      await deployed.inside("alertmanager", "amtool", "check-config", "/etc/alertmanager/alertmanager.yml"),
    ];
    for (const said of judged) assert.match(said, /SUCCESS/);
  });

  it("has everything that its rules and dashboards read", async () => {
    const reads = new Map([
      ...(await rules()).map(({ name, query }) => [`alert ${name}`, [query]] as const),
      ...deployed.plan.dashboards.map(({ uid, model }) => [`dashboard ${uid}`, expressionsIn(model)] as const),
    ]);
    await eventually(async () => {
      assertExported(reads, (await deployed.prometheus("label/__name__/values")) as readonly string[]);
    }, 60);
  });
}
