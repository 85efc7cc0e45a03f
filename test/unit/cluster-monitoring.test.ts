import assert from "node:assert/strict";
import { DescriptionError } from "../../components/core/errors";
import { type ClusterMonitoringModel, clusterMonitoring } from "../../components/monitoring/cluster/manifests";
import type { ClusterObject } from "../../components/monitoring/cluster/objects";
import type { PodSpec } from "../../components/targets/kubernetes/pod-model";
import { standing } from "../../systems/monitoring/standing";
import { monitoringOptions } from "../support/cluster-monitoring";
import { fakeCluster, metadataOf } from "../support/fake-cluster";
import { againstRestricted } from "../support/pod-security";

interface Policy {
  readonly podSelector: object;
  readonly ingress?: readonly { readonly from?: readonly object[] }[];
  readonly egress?: readonly { readonly to?: readonly object[]; readonly ports?: readonly object[] }[];
}

const specOf = <Spec>(object: ClusterObject): Spec => object["spec"] as Spec;
const named = ({ objects }: ClusterMonitoringModel, kind: string): readonly ClusterObject[] =>
  objects.filter((each) => each.kind === kind);
const podsOf = (model: ClusterMonitoringModel): readonly (readonly [string, PodSpec])[] =>
  ["Deployment", "DaemonSet"].flatMap((kind) =>
    named(model, kind).map(
      (each) => [each.metadata.name, specOf<{ template: { spec: PodSpec } }>(each).template.spec] as const,
    ),
  );

describe("the cluster's monitoring", () => {
  const model = clusterMonitoring(monitoringOptions());

  it("has pods that Pod Security calls restricted, but for node-exporter, which sees its node and says so", () => {
    const loose = podsOf(model).flatMap(([name, pod]) => againstRestricted(pod).map((each) => `${name}: ${each}`));
    assert.deepEqual(loose, ["node-exporter: root is a hostPath"]);
    const levels = named(model, "Namespace").map(({ metadata: { name, labels, annotations } }) => [
      name,
      labels["pod-security.kubernetes.io/enforce"],
      annotations?.["twofold.pod-security"]?.split(":")[0],
    ]);
    assert.deepEqual(levels, [
      ["monitoring", "restricted", undefined],
      ["monitoring-agents", "privileged", "node-exporter is privileged"],
    ]);
  });

  it("gives every container limits of all three kinds, and checks of all three kinds", () => {
    for (const [name, { containers }] of podsOf(model))
      for (const container of containers) {
        assert.deepEqual(Object.keys(container.resources.limits).sort(), ["cpu", "ephemeral-storage", "memory"], name);
        assert.ok(container.readinessProbe && container.livenessProbe && container.startupProbe, name);
      }
  });

  it("has two Prometheus and three Alertmanagers with volumes, of which one may be away at a time", () => {
    const [prometheus] = named(model, "Prometheus").map(specOf<Record<string, unknown>>);
    const [alertmanager] = named(model, "Alertmanager").map(specOf<Record<string, unknown>>);
    assert.deepEqual([prometheus?.["replicas"], alertmanager?.["replicas"]], [2, 3]);
    assert.deepEqual([prometheus?.["retention"], prometheus?.["retentionSize"]], ["30d", "7372MB"]);
    for (const spec of [prometheus, alertmanager])
      for (const field of ["storage", "resources", "affinity", "securityContext"]) assert.ok(spec?.[field], field);
    assert.deepEqual(
      named(model, "PodDisruptionBudget").map(({ metadata }) => metadata.name),
      ["alertmanager", "prometheus"],
    );
  });

  it("gives every alert a system, by what kube-state-metrics tells of its namespace where it has one", () => {
    type Rules = { groups: readonly { name: string; rules: readonly { labels: { system: string } }[] }[] };
    const groups = named(model, "PrometheusRule").flatMap((each) => specOf<Rules>(each).groups);
    const made = groups.filter(({ rules }) => rules.every(({ labels }) => labels.system !== "cluster"));
    assert.ok(groups.length > made.length);
    assert.deepEqual(made.map(({ name }) => name).sort(), [
      ...["containers", "general", "kubernetes-apps", "kubernetes-resources", "kubernetes-storage"],
    ]);
    const asked = new Set(
      made.flatMap(({ rules }) => rules.flatMap(({ labels }) => labels.system.match(/\blabel_\w+/g))),
    );
    const [, told = ""] = /namespaces=\[(.*?)\]/.exec(JSON.stringify(named(model, "Deployment"))) ?? [];
    assert.deepEqual(
      [...asked].sort(),
      told.split(",").map((label) => `label_${label.replaceAll(/\W/g, "_")}`),
    );
  });

  it("is closed: each namespace denies all, and no policy opens a way without naming who or which protocol", () => {
    const policies = named(model, "NetworkPolicy");
    for (const namespace of ["monitoring", "monitoring-agents"])
      assert.ok(
        policies.some(
          (each) =>
            each.metadata.namespace === namespace &&
            JSON.stringify(each["spec"]) === '{"podSelector":{},"policyTypes":["Ingress","Egress"]}',
        ),
        namespace,
      );
    for (const { egress = [], ingress = [] } of policies.map(specOf<Policy>)) {
      for (const { to = [], ports = [] } of egress) assert.ok(to.length > 0 && ports.length > 0);
      for (const { from = [] } of ingress) assert.ok(from.length > 0);
    }
    assert.ok(!JSON.stringify(policies).includes("0.0.0.0/0"));
  });

  it("lets Alertmanager out to its receivers, and gives it their secrets as files", () => {
    const told = clusterMonitoring(
      monitoringOptions({ receivers: { telegram: { chatId: 7 }, webhook: { url: "http://10.1.2.3:8080/x" } } }),
    );
    const policy = named(told, "NetworkPolicy").find(({ metadata }) => metadata.name === "alertmanager");
    const egress = JSON.stringify(specOf<Policy>(policy as ClusterObject).egress);
    assert.ok(egress.includes('"cidr":"10.1.2.3/32"') && egress.includes('"cidr":"0.0.0.0/0"'));
    assert.deepEqual(
      told.secrets.map(({ ref, source }) => [ref.key, source.from]),
      [
        ["telegram-bot-token", "config"],
        ["grafana-admin-password", "generated"],
      ],
    );
    const [spec] = named(told, "Alertmanager").map(specOf<{ secrets?: readonly string[] }>);
    assert.deepEqual(spec?.secrets, ["alertmanager-receivers"]);
  });

  it("gives a token only to who asks the API, and lets nobody read Secrets of other namespaces", () => {
    const withToken = podsOf(model)
      .filter(([, pod]) => pod.automountServiceAccountToken)
      .map(([name]) => name);
    assert.deepEqual(withToken, ["grafana", "kube-state-metrics", "prometheus-operator"]);
    for (const role of named(model, "ClusterRole"))
      for (const rule of role["rules"] as readonly { resources?: readonly string[] }[])
        assert.ok(!rule.resources?.includes("secrets"), role.metadata.name);
    const state = JSON.stringify(
      named(model, "ClusterRole").find(({ metadata }) => metadata.name.endsWith("state-metrics")),
    );
    assert.ok(!/secrets|configmaps/.test(state));
  });

  it("leaves Grafana out by name where its image cannot be had", () => {
    const without = clusterMonitoring(
      monitoringOptions({
        resolveImage: (image) =>
          JSON.stringify(image).includes("grafana")
            ? { kind: "unavailable", because: "nobody has it" }
            : { kind: "image", reference: JSON.stringify(image) },
      }),
    );
    assert.deepEqual(without.omitted, { grafana: "nobody has it" });
    assert.ok(!without.objects.some(({ metadata }) => metadata.labels["app.kubernetes.io/name"] === "grafana"));
    assert.deepEqual(without.secrets, []);
  });
});

describe("a cluster that is asked what it has of monitoring", () => {
  const stack = "twofold/prod";
  const of = (whose: string) => ({ annotations: { "twofold.stack": whose } });
  const ask = (namespace: object | undefined, ...definitions: readonly object[]) =>
    standing(
      fakeCluster({
        namespace: () => Promise.resolve(namespace && metadataOf({ name: "monitoring", ...namespace })),
        objects: () => Promise.resolve(definitions.map((each) => metadataOf(each))),
      }),
      "monitoring",
      stack,
    );
  const name = "servicemonitors.monitoring.coreos.com";

  it("has none yet, or the stack's own", async () => {
    assert.deepEqual(await ask(undefined), { foreignDefinitions: [] });
    assert.deepEqual(await ask(of(stack), { name, ...of(stack) }), { foreignDefinitions: [] });
  });

  it("has another stack's, or definitions that somebody else has brought", async () => {
    assert.deepEqual(await ask(of("twofold/other")), { other: "twofold/other", foreignDefinitions: [] });
    assert.deepEqual(await ask(undefined, { name }, { name: "gateways.example.com" }), { foreignDefinitions: [name] });
  });

  it("has nothing of what is being deleted", async () => {
    const deletionTimestamp = "2026-01-01T00:00:00Z";
    const leaving = await ask({ ...of("twofold/other"), deletionTimestamp }, { name, deletionTimestamp });
    assert.deepEqual(leaving, { foreignDefinitions: [] });
  });

  it("has a namespace of that name that nobody here knows, which is not touched", async () => {
    await assert.rejects(
      ask({}),
      (error) => error instanceof DescriptionError && /belongs to nobody that is known here/.test(error.message),
    );
  });
});
