import assert from "node:assert/strict";
import { join } from "node:path";
import type { SystemPlan } from "../../components/core/plan-types";
import { composeYaml } from "../../components/targets/docker/compose-yaml";
import type { DockerModel } from "../../components/targets/docker/model";
import { renderDocker } from "../../components/targets/docker/render";
import type { ResolveImage } from "../../components/targets/images";
import { renderOptions } from "../../components/targets/kubernetes/options";
import { manifestsOf, renderKubernetes } from "../../components/targets/kubernetes/render";
import { readStackFile } from "../../config/stack-file";
import { kubernetesOptions } from "../../systems/kubernetes";
import { planSystems } from "../../systems/plan";
import { development, planAlgoTrading } from "../support/algo-trading";
import { matchesGolden, matchesGoldenText } from "../support/golden";

const resolveImage: ResolveImage = (image) => ({
  kind: "image",
  reference: typeof image === "string" ? image : `built-from-${image.build.context}:1`,
});

const render = (plan: SystemPlan): DockerModel =>
  renderDocker(plan, {
    prefix: plan.name,
    isolation: "connection",
    subnets: "10.201.0.0/16",
    hostPortBase: 10_000,
    publishAddress: "127.0.0.1",
    keepVolumes: false,
    labels: {},
    resolveImage,
  });

const renderManifests = (plan: SystemPlan): object =>
  manifestsOf(renderKubernetes(plan, renderOptions(plan.name, { resolveImage })));

describe("algo-trading, whole", () => {
  const settings = { "by-default": {}, "in-development": development };
  for (const [name, chosen] of Object.entries(settings)) {
    it(`plans ${name} as in algo-trading-${name}.plan.yaml`, () => {
      matchesGolden(`algo-trading-${name}.plan`, planAlgoTrading(chosen));
    });

    it(`renders ${name} for Docker as in algo-trading-${name}.docker.yaml`, () => {
      matchesGolden(`algo-trading-${name}.docker`, render(planAlgoTrading(chosen)));
    });

    it(`renders ${name} for Docker Compose as in algo-trading-${name}.compose.yaml`, () => {
      const plan = planAlgoTrading(chosen);
      matchesGoldenText(`algo-trading-${name}.compose`, composeYaml(render(plan), plan));
    });

    it(`renders ${name} for Kubernetes as in algo-trading-${name}.kubernetes.yaml, from the same plan [S1-01]`, () => {
      matchesGolden(`algo-trading-${name}.kubernetes`, renderManifests(planAlgoTrading(chosen)));
    });
  }

  it("renders production for Kubernetes as in algo-trading-in-production.kubernetes.yaml", () => {
    const config = readStackFile(join(__dirname, "../.."), "prod");
    const [chosen] = planSystems(config);
    assert.ok(chosen);
    const options = renderOptions(chosen.plan.name, kubernetesOptions(chosen.plan.name, config, resolveImage));
    matchesGolden("algo-trading-in-production.kubernetes", manifestsOf(renderKubernetes(chosen.plan, options)));
  });
});
