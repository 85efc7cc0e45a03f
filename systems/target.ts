import * as pulumi from "@pulumi/pulumi";
import { docker } from "../components/targets/docker/docker";
import { kubernetes } from "../components/targets/kubernetes/kubernetes";
import type { Target } from "../components/targets/target";
import type { Stack } from "../config/stack";
import { createResolver } from "../images/resolve";
import { checkConfiguration } from "./check-configuration";
import { refuseClashes } from "./clashes";
import { chooseCluster } from "./cluster";
import { dockerOptions } from "./docker";
import { provideImages, sourceOf } from "./images";
import { kubernetesOptions } from "./kubernetes";
import type { SystemName } from "./places";
import type { Chosen } from "./plan";

/**
 * The target that the configuration names, for each system by name. In a deployment, images that are built here exist
 * when it resolves; a preview only computes what they are called.
 */
export async function chooseTarget(
  { config }: Stack,
  chosen: readonly Pick<Chosen, "name" | "plan">[],
): Promise<(system: SystemName) => Target> {
  const cluster = config.target === "kubernetes" ? chooseCluster(config) : undefined;
  const { source, because } = await sourceOf(config);
  void pulumi.log.info(`images: ${source}, because ${because}`);
  refuseClashes(config, chosen, createResolver(source));
  const plans = chosen.map(({ plan }) => plan);
  const resolveImage = await provideImages(config, plans, {
    source,
    make: !pulumi.runtime.isDryRun(),
    progress: (line) => void pulumi.log.info(line, undefined, undefined, true),
  });
  if (config.target === "docker" && !pulumi.runtime.isDryRun()) await checkConfiguration(plans, resolveImage);
  return (system) =>
    cluster !== undefined
      ? kubernetes({ ...kubernetesOptions(system, config, resolveImage), ...cluster })
      : docker(dockerOptions(system, config, resolveImage));
}
