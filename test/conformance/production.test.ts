import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { definitionNames } from "../../components/monitoring/cluster/crds";
import { findDrift } from "../../drift/drift";
import { resourcesIn } from "../../drift/state";
import { algoTradingInProduction } from "./algo-trading/in-production";
import { addressForCluster } from "./kubernetes/cluster";
import { clusterWideKinds } from "./kubernetes/kinds";
import { kubernetesPlatform } from "./kubernetes/platform";
import { rehearsedLinks, rehearsedTimeScale } from "./monitoring/alive";
import { clusterMonitoringCases } from "./monitoring/cases";
import { DeployedMonitoring, kubectlDoes } from "./monitoring/deployed-monitoring";
import { FakeReceivers } from "./monitoring/fake-receivers";
import { itIsJudgedWell } from "./monitoring/judged";
import { clusterAlertsAreTold, itLetsNothingOut, itReadsChanges, itRefusesWhatIsWrong } from "./monitoring/on-cluster";
import { deadManSeconds, secretsStaySecret } from "./monitoring/watch";
import { DeployedStack, type Settings } from "./systems/deployed-stack";
import { itIsDeployed, itSettles } from "./systems/lifecycle";

/** What the configuration of the stack prod says to the program. */
function productionSettings(): Settings {
  const file = readFileSync(join(__dirname, "../../Pulumi.prod.yaml"), "utf8");
  const { config } = parse(file) as { readonly config: Readonly<Record<string, unknown>> };
  const own = Object.entries(config).filter(([key]) => key.startsWith("twofold:"));
  return Object.fromEntries(own.map(([key, value]) => [key.slice("twofold:".length), value]));
}

describe("production, on kubernetes", function () {
  this.timeout(240_000);
  let fakes: FakeReceivers;
  const stack = new DeployedStack(kubernetesPlatform, {
    ...productionSettings(),
    clusterMonitoring: { storage: "1Gi" },
    alertTimeScale: rehearsedTimeScale,
    links: rehearsedLinks,
  });
  const algoTrading = stack.system("algo-trading");
  const namespace = (): string => `${stack.stack.name}-algo-trading`;
  const monitoring = new DeployedMonitoring(() => `${stack.stack.name}-monitoring`);

  itIsDeployed(stack, async () => {
    fakes = await FakeReceivers.open(await addressForCluster(), `canary-${randomBytes(8).toString("hex")}`);
    return { settings: { receivers: fakes.settings(deadManSeconds) }, secrets: fakes.secrets };
  });
  after(() => fakes?.close());

  describe("algo-trading", () => algoTradingInProduction(algoTrading));

  describe("the cluster's monitoring", () => {
    clusterMonitoringCases(monitoring, () => [algoTrading]);
    itIsJudgedWell(monitoring);
    itLetsNothingOut(monitoring, namespace);
    itReadsChanges(monitoring);

    const service = "redis-streams-exporter";
    const scaled = async (replicas: number): Promise<void> => {
      await kubectlDoes(["-n", namespace(), "scale", `deployment/${service}`, `--replicas=${replicas}`]);
    };
    const absence = { service, begin: () => scaled(0), end: () => scaled(1) };
    clusterAlertsAreTold(monitoring, () => ({ deployed: algoTrading, watch: monitoring, fakes, absence }), namespace);
    secretsStaySecret(() => ({
      watch: monitoring,
      fakes,
      metadata: () => stack.live.metadata(),
      state: () => stack.stack.stateFile(),
    }));
    itRefusesWhatIsWrong(monitoring, namespace);

    it("is what the stack says of it", async () => {
      const addresses = (await stack.stack.output("addresses")) as Readonly<Record<string, Record<string, string>>>;
      assert.match(addresses["monitoring"]?.["prometheus"] ?? "", /port-forward service\/prometheus 9090:9090$/);
      const omitted = (await stack.stack.output("omitted")) as Readonly<Record<string, Record<string, string>>>;
      assert.match(omitted["monitoring"]?.["grafana"] ?? "", /^Grafana is published only as an image/);
    });
  });

  it("is as it was made, to who looks for what was changed by hand", async () => {
    const findings = await findDrift(resourcesIn(await stack.stack.exported()), process.env);
    assert.deepEqual(findings, []);
  });

  describe("in the end", () => {
    itSettles(stack);

    it("leaves nothing behind in the cluster as a whole, either", async () => {
      const found = await kubectlDoes(["get", clusterWideKinds.map(({ kind }) => kind).join(","), "-o", "name"]);
      const left = found
        .split("\n")
        .filter(
          (name) =>
            name.includes(`twofold:${stack.stack.name}-`) || definitionNames.some((each) => name.endsWith(`/${each}`)),
        );
      assert.deepEqual(left, []);
    });
  });
});
