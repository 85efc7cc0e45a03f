import { renderDocker } from "../../components/targets/docker/render";
import type { ResolveImage } from "../../components/targets/images";
import { renderOptions } from "../../components/targets/kubernetes/options";
import { manifestsOf, renderKubernetes } from "../../components/targets/kubernetes/render";
import { matchesGolden } from "../support/golden";
import { planMarketPrism } from "../support/marketprism";

const resolveImage: ResolveImage = (image) => ({
  kind: "image",
  reference: typeof image === "string" ? image : `built-from-${image.build.context}:1`,
});

describe("marketprism, whole", () => {
  it("renders development for Docker as in marketprism-in-development.docker.yaml", () => {
    const plan = planMarketPrism({ environment: "development" });
    matchesGolden(
      "marketprism-in-development.docker",
      renderDocker(plan, {
        prefix: plan.name,
        isolation: "connection",
        subnets: "10.201.64.0/20",
        hostPortBase: 18_000,
        publishAddress: "127.0.0.1",
        keepVolumes: false,
        labels: {},
        resolveImage,
      }),
    );
  });

  it("renders production for Kubernetes as in marketprism-by-default.kubernetes.yaml", () => {
    const plan = planMarketPrism();
    const options = renderOptions(plan.name, { resolveImage });
    matchesGolden("marketprism-by-default.kubernetes", manifestsOf(renderKubernetes(plan, options)));
  });
});
