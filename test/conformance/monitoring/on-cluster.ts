import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../eventually";
import { portOf } from "../harness/outside";
import { addressForCluster } from "../kubernetes/cluster";
import { alertsAreTold, type Rehearsal } from "./alive";
import { type DeployedMonitoring, kubectl, kubectlDoes } from "./deployed-monitoring";
import { kinds } from "./watch";

/** What is told is told once. The namespace is that of the system. */
export function clusterAlertsAreTold(
  monitoring: DeployedMonitoring,
  rehearsal: () => Rehearsal,
  namespace: () => string,
): void {
  alertsAreTold(rehearsal, () => {
    it("tells of an alert once, also while one of the two Prometheus is away", async () => {
      const { absence, fakes } = rehearsal();
      const { service } = absence;
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
        assert.deepEqual([alert?.labels["namespace"], others], [namespace(), []]);
        assert.equal(alert?.labels["prometheus_replica"], undefined);
      }
      assert.deepEqual([told(), over()], before);
      await eventually(async () => assert.ok((await monitoring.targets(0)).length > 0), 60);
    });
  });
}

/** Nobody in it reaches what he has no business with. The namespace is that of a system. */
export function itLetsNothingOut(monitoring: DeployedMonitoring, namespace: () => string): void {
  it("lets nothing out but to where it has to go", async () => {
    const machine = await addressForCluster();
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
        `http://postgres-exporter.${namespace()}.svc:9187/metrics`,
      ];
      const reached = await Promise.all(closed.map(async (url) => ((await from(url)).code === 0 ? [url] : [])));
      assert.deepEqual(reached.flat(), []);
    } finally {
      open.close();
    }
  });
}

/** A rule of a system, that somebody has added by hand. */
const ruleObject = (namespace: string, name: string, rule: object): string =>
  JSON.stringify({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name, namespace },
    spec: { groups: [{ name, rules: [{ alert: name, labels: { severity: "critical" }, ...rule }] }] },
  });

/** What is wrong is refused, and what was loaded stays. The namespace is that of a system. */
export function itRefusesWhatIsWrong(monitoring: DeployedMonitoring, namespace: () => string): void {
  it("refuses rules and a configuration that are wrong, and goes on with those that it has", async () => {
    const name = "broken";
    await kubectlDoes(
      ["apply", "-f", "-"],
      ruleObject(namespace(), name, { expr: "up == 0", annotations: { summary: "{{ $labels.job" } }),
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
      await kubectlDoes(["-n", namespace(), "delete", "prometheusrule", name]);
    }
  });
}

/** Not only the first change of what is to be watched is noticed. */
export function itReadsChanges(monitoring: DeployedMonitoring): void {
  it("is told of everything that the operator would have it watch, and reads a change within a minute", async () => {
    const place = ["-n", monitoring.namespace()];
    const pod = JSON.parse(await kubectlDoes([...place, "get", "pod", "prometheus-main-0", "-o", "json"])) as Pod;
    const argumentsIn = (containers: Containers, name: string): readonly string[] =>
      containers.find((each) => each.name === name)?.args ?? [];
    const own = argumentsIn(pod.spec.containers, "config-reloader");
    // the operator says the same to the one that runs before
    const meant = argumentsIn(pod.spec.initContainers, "init-config-reloader").filter(
      (each) => !/^--(watch-interval|listen-address)=/.test(each),
    );
    assert.ok(meant.length > 0);
    assert.deepEqual(
      meant.filter((each) => !own.includes(each)),
      [],
    );
    const name = "added-by-hand";
    const monitor = {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { name, namespace: monitoring.namespace() },
      spec: {
        selector: { matchLabels: { "app.kubernetes.io/name": "prometheus-operator" } },
        endpoints: [{ port: "http", relabelings: [{ targetLabel: "job", replacement: name }] }],
      },
    };
    await kubectlDoes(["apply", "-f", "-"], JSON.stringify(monitor));
    try {
      for (const ordinal of [0, 1])
        await eventually(async () => {
          const targets = await monitoring.targets(ordinal);
          assert.ok(
            targets.some(({ labels }) => labels["job"] === name),
            `the Prometheus ${ordinal} has not read it`,
          );
        }, 60);
    } finally {
      await kubectlDoes([...place, "delete", "servicemonitor", name]);
    }
  });
}

type Containers = readonly { readonly name: string; readonly args?: readonly string[] }[];

interface Pod {
  readonly spec: { readonly containers: Containers; readonly initContainers: Containers };
}
