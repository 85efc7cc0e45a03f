import assert from "node:assert/strict";
import { jobOf } from "../../../components/monitoring/scrape";
import { eventually } from "../eventually";
import { everyPanelAnswers, nobodySeesContainers, valuesIn } from "../monitoring/panels";
import type { DeployedSystem } from "./deployed-system";

interface Target {
  readonly labels: { readonly job: string };
  readonly health: string;
  readonly scrapeInterval: string;
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly name: string }[] }[];
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
      excuse: nobodySeesContainers(deployed.plan),
    });
  });
}
