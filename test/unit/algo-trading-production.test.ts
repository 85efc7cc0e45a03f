import assert from "node:assert/strict";
import { join } from "node:path";
import { forbiddenGaps, gapsOf } from "../../components/core/gaps";
import type { ResolveImage } from "../../components/targets/images";
import type { Manifest } from "../../components/targets/kubernetes/model";
import { renderOptions } from "../../components/targets/kubernetes/options";
import { manifestsOf, renderKubernetes } from "../../components/targets/kubernetes/render";
import { support } from "../../components/targets/kubernetes/support";
import { readStackFile } from "../../config/stack-file";
import { kubernetesOptions } from "../../systems/kubernetes";
import { planSystems } from "../../systems/plan";
import { only } from "../support/kubernetes";
import { againstRestricted } from "../support/pod-security";

const config = readStackFile(join(__dirname, "../.."), "prod");
const resolveImage: ResolveImage = () => ({ kind: "image", reference: "some/image:1" });

describe("algo-trading in production", () => {
  const [chosen] = planSystems(config);
  assert.ok(chosen);
  const { plan } = chosen;
  const options = renderOptions(plan.name, kubernetesOptions(plan.name, config, resolveImage));
  const manifests = manifestsOf(renderKubernetes(plan, options));
  const ofKind = <Kind extends Manifest["kind"]>(kind: Kind): readonly Extract<Manifest, { kind: Kind }>[] =>
    manifests.filter((manifest): manifest is Extract<Manifest, { kind: Kind }> => manifest.kind === kind);
  const names = (kind: Manifest["kind"]): readonly string[] => ofKind(kind).map(({ metadata }) => metadata.name);

  it("asks for nothing that its strictness forbids there, small or full", () => {
    assert.equal(config.strictParity, "unsupported");
    for (const profile of ["small", "full"] as const)
      for (const { plan } of planSystems({ ...config, profile }))
        assert.deepEqual(forbiddenGaps(gapsOf(plan, support), config.strictParity), []);
  });

  it("is deployments, and sets for what keeps data, whose pods are all restricted", () => {
    assert.deepEqual(names("Deployment"), [
      ...["market-data", "nginx", "order-execution", "postgres-exporter", "redis-exporter"],
      ...["redis-streams-exporter", "risk-manager", "trading-bot"],
    ]);
    assert.deepEqual(names("StatefulSet"), ["postgres", "redis", "redis-streams"]);
    assert.deepEqual(
      [...ofKind("Deployment"), ...ofKind("StatefulSet")].flatMap(({ spec }) => againstRestricted(spec.template.spec)),
      [],
    );
    const { labels } = only(manifests, "Namespace", "algo-trading").metadata;
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
  });

  it("has two bots at least, of which one at a time is stopped, replaced, and looked at for half a minute [S1-03, S1-04]", () => {
    const { spec } = only(manifests, "Deployment", "trading-bot");
    assert.deepEqual(spec.strategy, { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
    assert.equal(spec.minReadySeconds, 30);
    assert.deepEqual(names("HorizontalPodAutoscaler"), ["trading-bot"]);
    const autoscaler = only(manifests, "HorizontalPodAutoscaler", "trading-bot").spec;
    assert.deepEqual([autoscaler.minReplicas, autoscaler.maxReplicas], [2, 4]);
    assert.deepEqual(names("PodDisruptionBudget"), ["trading-bot"]);
  });

  it("fits a node of two cores, with room for the cluster's own and for two more bots", () => {
    const requested = plan.services.reduce((sum, { name, resources, autoscale, replicas }) => {
      const pods = name === "trading-bot" ? (autoscale?.max ?? 0) : replicas;
      return sum + pods * resources.cpuMillis.request;
    }, 0);
    assert.ok(requested <= 1_600, `${requested} thousandths of a core are requested`);
  });

  it("lets in nobody from outside but the ingress controller, to one port, and who reads metrics, to those", () => {
    const hosts = ofKind("Ingress").flatMap(({ spec }) => spec.rules.map(({ host }) => host));
    assert.deepEqual(hosts, ["nginx-algo-trading.twofold.test"]);
    const letIn = ofKind("NetworkPolicy").flatMap(({ metadata, spec }) =>
      (spec.ingress ?? []).flatMap(({ from, ports }) =>
        from
          .filter((peer) => !("podSelector" in peer))
          .map((peer) => [metadata.name, peer, ports.map(({ port }) => port)] as const),
      ),
    );
    const all = (namespace: string) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    });
    const measured = plan.services.flatMap(({ name, metrics, ports }) =>
      metrics === undefined ? [] : [[name, all("monitoring"), [ports[metrics.port]?.number]] as const],
    );
    assert.equal(measured.length, 7);
    assert.deepEqual(letIn, [...measured, ["nginx", all("ingress"), [8080]] as const].sort(byName));
  });
});

const byName = ([one]: readonly [string, ...unknown[]], [other]: readonly [string, ...unknown[]]): number =>
  one < other ? -1 : 1;
