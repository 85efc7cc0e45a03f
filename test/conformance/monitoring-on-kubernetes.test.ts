import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { definitionNames } from "../../components/monitoring/cluster/crds";
import { readStackFile } from "../../config/stack-file";
import { eventually } from "./eventually";
import { addressForCluster, missingCluster } from "./kubernetes/cluster";
import { kubernetesPlatform } from "./kubernetes/platform";
import { clusterMonitoringCases } from "./monitoring/cases";
import { DeployedMonitoring, kubectl, kubectlDoes } from "./monitoring/deployed-monitoring";
import { FakeReceiver } from "./monitoring/fake-receiver";
import { DeployedStack } from "./systems/deployed-stack";
import { itSettles } from "./systems/lifecycle";

const root = join(__dirname, "../..");
const clusterWide = ["clusterroles", "clusterrolebindings", "customresourcedefinitions"];

/** A rule of a system, that somebody has added by hand. */
const ruleObject = (namespace: string, name: string, rule: object): string =>
  JSON.stringify({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name, namespace },
    spec: { groups: [{ name, rules: [{ alert: name, labels: { severity: "critical" }, ...rule }] }] },
  });

describe("the cluster's monitoring, on kubernetes", function () {
  this.timeout(240_000);
  const receiver = new FakeReceiver();
  let deployed: DeployedStack;
  const monitoring = new DeployedMonitoring(() => `${prefix()}-monitoring`);
  const prefix = (): string => deployed.stack.name;
  const system = (): string => `${prefix()}-algo-trading`;
  let machine = "";

  before(async function () {
    this.timeout(1_800_000); // images may have to be built
    const missing = await missingCluster();
    if (missing !== undefined) {
      console.log(`    skipped: ${missing}`);
      this.skip();
    }
    machine = await addressForCluster();
    const port = await receiver.listen(machine);
    const { algoTrading, kubernetes, ...rest } = readStackFile(root, "prod");
    deployed = new DeployedStack(kubernetesPlatform, {
      ...{ target: rest.target, profile: rest.profile, kubernetes, algoTrading },
      ...{ monitoring: "cluster", clusterMonitoring: { storage: "1Gi" } },
      receivers: { webhook: { url: `http://${machine}:${port}/` } },
    });
    await deployed.deploy();
  });
  after(async () => {
    receiver.close();
    if (deployed === undefined) return;
    const whole = clusterWide.map((kind) => kubectl(["get", kind, "-o", "name"]));
    await deployed.remove();
    const names = (await Promise.all(whole)).flatMap(({ stdout }) => stdout.split("\n"));
    const ours = names.filter((name) => name.includes(`twofold:${prefix()}-`));
    if (ours.length > 0) await kubectl(["delete", "--ignore-not-found", ...ours]);
  });

  clusterMonitoringCases(monitoring, () => [deployed.system("algo-trading")]);

  it("lets nothing out but to where it has to go", async () => {
    const open = new FakeReceiver();
    const port = await open.listen(machine);
    try {
      const from = (url: string) =>
        kubectl([
          ...["-n", monitoring.namespace(), "exec", "alertmanager-main-0", "-c", "alertmanager", "--"],
          ...["wget", "-q", "-T", "5", "-t", "1", "-O", "-", url],
        ]);
      assert.equal((await from("http://127.0.0.1:9093/-/ready")).code, 0);
      // the machine is reached at the receiver's port alone, and nothing else of the cluster is
      assert.notEqual((await from(`http://${machine}:${port}/`)).code, 0);
      assert.notEqual((await from(`http://prometheus.${monitoring.namespace()}.svc:9090/-/ready`)).code, 0);
      assert.notEqual((await from(`https://kubernetes.default.svc/healthz`)).code, 0);
      assert.notEqual((await from(`http://postgres-exporter.${system()}.svc:9187/metrics`)).code, 0);
    } finally {
      open.close();
    }
  });

  it("tells of an alert once, also while one of the two Prometheus is away", async () => {
    const name = "only-for-this-test";
    await kubectlDoes(["apply", "-f", "-"], ruleObject(system(), name, { expr: 'up{job="market-data"} >= 0' }));
    await eventually(() => {
      const [first] = receiver.told(name);
      assert.equal(first?.status, "firing");
      assert.deepEqual([first.labels["system"], first.labels["namespace"]], ["algo-trading", system()]);
      assert.equal(first.labels["prometheus_replica"], undefined);
      return Promise.resolve();
    }, 120);
    await kubectlDoes(["-n", monitoring.namespace(), "delete", "pod", "prometheus-main-0", "--wait=false"]);
    const until = Date.now() + 60_000;
    while (Date.now() < until) {
      await sleep(5000);
      const alerts = (await monitoring.ask("alertmanager-main-1", 9093, "/api/v2/alerts")) as readonly {
        readonly labels: Readonly<Record<string, string>>;
      }[];
      assert.equal(alerts.filter(({ labels }) => labels["alertname"] === name).length, 1);
    }
    assert.equal(receiver.told(name).length, 1);
    await eventually(async () => assert.ok((await monitoring.targets(0)).length > 0), 60);
    await kubectlDoes(["-n", system(), "delete", "prometheusrule", name]);
  });

  it("refuses rules and a configuration that are wrong, and goes on with those that it has", async () => {
    const name = "broken";
    await kubectlDoes(
      ["apply", "-f", "-"],
      ruleObject(system(), name, { expr: "up == 0", annotations: { summary: "{{ $labels.job" } }),
    );
    const place = ["-n", monitoring.namespace()];
    const secret = ["get", "secret", "alertmanager-config", "-o", "jsonpath={.data.alertmanager\\.yaml}"];
    const before = await kubectlDoes([...place, ...secret]);
    const patched = (value: string): Promise<string> =>
      kubectlDoes([
        ...[...place, "patch", "secret", "alertmanager-config", "--type=merge"],
        ...["-p", JSON.stringify({ data: { "alertmanager.yaml": value } })],
      ]);
    await patched(
      Buffer.from("route: { receiver: page }\nreceivers: [{ name: page }]\nnonsense: true\n").toString("base64"),
    );
    try {
      await eventually(async () => {
        const [rejected] = await monitoring.query(
          'prometheus_operator_managed_resources{resource="PrometheusRule",state="rejected"} == 1',
        );
        assert.ok(rejected !== undefined, "the operator has not refused the rule");
        const failed = await monitoring.query(
          'prometheus_operator_reconcile_errors_total{controller="alertmanager"} > 0',
        );
        assert.ok(failed.length > 0, "the operator has not refused the configuration");
      }, 120);
      const { groups } = (await monitoring.prometheus("rules")) as { groups: readonly { name: string }[] };
      assert.ok(groups.length > 0 && groups.every((group) => group.name !== name));
      const { config } = (await monitoring.ask("alertmanager-main-0", 9093, "/api/v2/status")) as {
        readonly config: { readonly original: string };
      };
      assert.match(config.original, /webhook_configs/);
      const loaded = await monitoring.query("prometheus_config_last_reload_successful");
      assert.ok(loaded.every(({ value }) => value[1] === "1"));
    } finally {
      await patched(before);
      await kubectlDoes(["-n", system(), "delete", "prometheusrule", name]);
    }
  });

  it("is what the stack says of it", async () => {
    const addresses = (await deployed.stack.output("addresses")) as Readonly<Record<string, Record<string, string>>>;
    assert.match(addresses["monitoring"]?.["prometheus"] ?? "", /port-forward service\/prometheus 9090:9090$/);
    const omitted = (await deployed.stack.output("omitted")) as Readonly<Record<string, Record<string, string>>>;
    assert.match(omitted["monitoring"]?.["grafana"] ?? "", /^Grafana is published only as an image/);
  });

  itSettles({
    get live() {
      return deployed.live;
    },
    get stack() {
      return deployed.stack;
    },
  } as DeployedStack);

  it("leaves nothing behind in the cluster as a whole, either", async () => {
    const found = await kubectlDoes(["get", clusterWide.join(","), "-o", "name"]);
    const left = found
      .split("\n")
      .filter(
        (name) => name.includes(`twofold:${prefix()}-`) || definitionNames.some((each) => name.endsWith(`/${each}`)),
      );
    assert.deepEqual(left, []);
  });
});
