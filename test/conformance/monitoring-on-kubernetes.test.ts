import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { definitionNames } from "../../components/monitoring/cluster/crds";
import { stackAnnotation } from "../../components/targets/kubernetes/names";
import { readStackFile } from "../../config/stack-file";
import { eventually } from "./eventually";
import { addressForCluster, missingCluster } from "./kubernetes/cluster";
import { kubernetesPlatform } from "./kubernetes/platform";
import { portOf } from "./harness/outside";
import { alertsAreTold, type Rehearsal, rehearsedLinks, rehearsedTimeScale } from "./monitoring/alive";
import { clusterMonitoringCases } from "./monitoring/cases";
import { DeployedMonitoring, kubectl, kubectlDoes } from "./monitoring/deployed-monitoring";
import { FakeReceivers } from "./monitoring/fake-receivers";
import { itIsJudgedWell } from "./monitoring/judged";
import { deadManSeconds, kinds, secretsStaySecret } from "./monitoring/watch";
import { DeployedStack } from "./systems/deployed-stack";
import { itSettles } from "./systems/lifecycle";

const root = join(__dirname, "../..");
const clusterWide = ["clusterroles", "clusterrolebindings", "customresourcedefinitions"];

interface ClusterWide {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

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
  let fakes: FakeReceivers;
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
    fakes = await FakeReceivers.open(machine, `canary-${randomBytes(8).toString("hex")}`);
    const { algoTrading, kubernetes, ...rest } = readStackFile(root, "prod");
    deployed = new DeployedStack(
      kubernetesPlatform,
      {
        ...{ target: rest.target, profile: rest.profile, kubernetes, algoTrading },
        ...{ monitoring: "cluster", clusterMonitoring: { storage: "1Gi" } },
        receivers: fakes.settings(deadManSeconds),
        alertTimeScale: rehearsedTimeScale,
        links: rehearsedLinks,
      },
      fakes.secrets,
    );
    await deployed.deploy();
  });
  after(async () => {
    fakes?.close();
    if (deployed === undefined) return;
    // a removal that was broken off leaves them
    const found = await kubectl(["get", clusterWide.join(","), "-o", "json"]);
    await deployed.remove();
    const { items } = JSON.parse(found.stdout) as { readonly items: readonly ClusterWide[] };
    const ours = items.filter(({ metadata }) => metadata.annotations?.[stackAnnotation]?.endsWith(`/${prefix()}`));
    for (const { kind, metadata } of ours) await kubectl(["delete", "--ignore-not-found", kind, metadata.name]);
  });

  clusterMonitoringCases(monitoring, () => [deployed.system("algo-trading")]);
  itIsJudgedWell(monitoring);

  it("lets nothing out but to where it has to go", async () => {
    const open = createServer((_, response) => response.end("ok")).listen(0, machine);
    await once(open, "listening");
    try {
      const from = (url: string) =>
        kubectl([
          ...["-n", monitoring.namespace(), "exec", "alertmanager-main-0", "-c", "alertmanager", "--"],
          ...["wget", "-q", "-T", "3", "-t", "1", "-O", "-", url],
        ]);
      assert.equal((await from("http://127.0.0.1:9093/-/ready")).code, 0);
      // the machine is reached at the receivers' ports alone, and nothing else of the cluster is
      const closed = [
        `http://${machine}:${portOf(open)}/`,
        `http://prometheus.${monitoring.namespace()}.svc:9090/-/ready`,
        "https://kubernetes.default.svc/healthz",
        `http://postgres-exporter.${system()}.svc:9187/metrics`,
      ];
      const reached = await Promise.all(closed.map(async (url) => ((await from(url)).code === 0 ? [url] : [])));
      assert.deepEqual(reached.flat(), []);
    } finally {
      open.close();
    }
  });

  const rehearsal = (): Rehearsal => {
    const service = "redis-streams-exporter";
    const scaled = async (replicas: number): Promise<void> => {
      await kubectlDoes(["-n", system(), "scale", `deployment/${service}`, `--replicas=${replicas}`]);
    };
    return {
      deployed: deployed.system("algo-trading"),
      watch: monitoring,
      fakes,
      absence: { service, begin: () => scaled(0), end: () => scaled(1) },
    };
  };

  alertsAreTold(rehearsal, () => {
    it("tells of an alert once, also while one of the two Prometheus is away", async () => {
      const { service } = rehearsal().absence;
      const told = (): object =>
        kinds.map((kind) => [kind, fakes.of(kind, "ServiceDown", service, "firing").map(({ message }) => message)]);
      const over = (): number => kinds.flatMap((kind) => fakes.of(kind, "ServiceDown", service, "resolved")).length;
      const before = [told(), over()];
      await kubectlDoes(["-n", monitoring.namespace(), "delete", "pod", "prometheus-main-0", "--wait=false"]);
      const until = Date.now() + 45_000;
      while (Date.now() < until) {
        await sleep(5000);
        const alerts = (await monitoring.ask("alertmanager-main-1", 9093, "/api/v2/alerts")) as readonly {
          readonly labels: Readonly<Record<string, string>>;
        }[];
        const [alert, ...others] = alerts.filter(
          ({ labels }) => labels["alertname"] === "ServiceDown" && labels["service"] === service,
        );
        assert.deepEqual([alert?.labels["namespace"], others], [system(), []]);
        assert.equal(alert?.labels["prometheus_replica"], undefined);
      }
      assert.deepEqual([told(), over()], before);
      await eventually(async () => assert.ok((await monitoring.targets(0)).length > 0), 60);
    });
  });

  secretsStaySecret(() => ({
    watch: monitoring,
    fakes,
    metadata: () => deployed.live.metadata(),
    state: () => deployed.stack.stateFile(),
  }));

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
