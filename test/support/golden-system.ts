import type { SystemPlan } from "../../components/core/plan-types";
import { renderOptions as dockerOptions } from "../../components/targets/docker/docker";
import { renderDocker } from "../../components/targets/docker/render";
import type { ResolveImage } from "../../components/targets/images";
import { renderOptions } from "../../components/targets/kubernetes/options";
import { manifestsOf, renderKubernetes } from "../../components/targets/kubernetes/render";
import { matchesGolden } from "./golden";

const resolveImage: ResolveImage = (image) => ({
  kind: "image",
  reference: typeof image === "string" ? image : `built-from-${image.build.context}:1`,
});

/** A system as its settings make it for developers on Docker and for production on Kubernetes, whole. */
export function itRendersWhole(plans: { readonly development: SystemPlan; readonly production: SystemPlan }): void {
  const { development, production } = plans;
  const [dev, prod] = [`${development.name}-in-development.docker`, `${production.name}-in-production.kubernetes`];

  it(`renders for Docker in development as in ${dev}.yaml`, () => {
    const options = dockerOptions(development.name, { resolveImage, hostPortBase: 10_000 });
    matchesGolden(dev, renderDocker(development, options));
  });

  it(`renders for Kubernetes in production as in ${prod}.yaml`, () => {
    const options = renderOptions(production.name, { resolveImage });
    matchesGolden(prod, manifestsOf(renderKubernetes(production, options)));
  });
}
