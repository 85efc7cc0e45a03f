import * as pulumi from "@pulumi/pulumi";
import type { ClusterMonitoring } from "../components/monitoring/cluster/realise";
import { clusterItself } from "../components/monitoring/cluster/system-of-namespace";
import { docker } from "../components/targets/docker/docker";
import { kubernetes } from "../components/targets/kubernetes/kubernetes";
import type { Target } from "../components/targets/target";
import type { Stack } from "../config/stack";
import { createResolver } from "../images/resolve";
import type { ImageSource } from "../images/source";
import { checkConfiguration } from "./check-configuration";
import { refuseClashes } from "./clashes";
import { chooseCluster } from "./cluster";
import { secretsFor } from "./dead-man";
import { deployMonitoring } from "./monitoring/deploy";
import { dockerOptions } from "./docker";
import { provideImages } from "./images";
import { kubernetesOptions } from "./kubernetes";
import type { SystemName } from "./places";
import type { Chosen } from "./plan";

/** Where systems run, and what looks at all of them. */
export interface Choice {
  readonly target: (system: SystemName) => Target;
  /** The cluster's monitoring, when this stack brings it along. */
  readonly monitoring?: ClusterMonitoring;
}

/** A stack of which it is known where its images come from. */
export type DecidedStack = Stack & { readonly config: { readonly imageSource: ImageSource } };

/**
 * The target that the configuration names, for each system by name, and what looks at all of them. In a deployment, images that are built here exist
 * when it resolves; a preview only computes what they are called.
 */
export async function chooseTarget(
  { config, secret }: DecidedStack,
  chosen: readonly Pick<Chosen, "name" | "plan">[],
): Promise<Choice> {
  const cluster = config.target === "kubernetes" ? chooseCluster(config) : undefined;
  const { imageSource: source } = config;
  refuseClashes(config, chosen, createResolver(source));
  const plans = chosen.map(({ plan }) => plan);
  const resolveImage = await provideImages(config, plans, {
    source,
    make: !pulumi.runtime.isDryRun(),
    progress: (line) => void pulumi.log.info(line, undefined, undefined, true),
  });
  if (config.target === "docker" && !pulumi.runtime.isDryRun()) await checkConfiguration(plans, resolveImage);
  if (cluster === undefined) return { target: (system) => docker(dockerOptions(system, config, resolveImage)) };
  const monitoring = await deployMonitoring(config, {
    cluster,
    resolveImage,
    configSecrets: secretsFor(clusterItself, secret),
  });
  const after = monitoring?.definitions ?? [];
  return {
    target: (system) => kubernetes({ ...kubernetesOptions(system, config, resolveImage), ...cluster, after }),
    ...(monitoring === undefined ? {} : { monitoring }),
  };
}
