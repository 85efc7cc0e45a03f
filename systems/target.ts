import * as pulumi from "@pulumi/pulumi";
import type { SystemPlan } from "../components/core/plan-types";
import { docker } from "../components/targets/docker/docker";
import { kubernetes } from "../components/targets/kubernetes/kubernetes";
import type { Target } from "../components/targets/target";
import type { Stack } from "../config/stack";
import { chooseSource } from "../images/source";
import { chooseCluster } from "./cluster";
import { provideImages } from "./images";
import { kubernetesOptions } from "./kubernetes";
import { prefixed } from "./prefix";

/** Host ports of each system begin here, so that several systems fit on one machine. */
const hostPortBases = { "algo-trading": 10_000 };

/**
 * The target that the configuration names, for each system by name. In a deployment, images that are built here exist
 * when it resolves; a preview only computes what they are called.
 */
export async function chooseTarget(
  { config }: Stack,
  plans: readonly SystemPlan[],
): Promise<(system: string) => Target> {
  const cluster = config.target === "kubernetes" ? chooseCluster(config) : undefined;
  const { source, because } = await chooseSource(config.imageSource);
  void pulumi.log.info(`images: ${source}, because ${because}`);
  const resolveImage = await provideImages(config, plans, {
    source,
    make: !pulumi.runtime.isDryRun(),
    progress: (line) => void pulumi.log.info(line, undefined, undefined, true),
  });
  const bases: Readonly<Record<string, number | undefined>> = { ...hostPortBases, ...config.hostPortBase };
  return (system) =>
    cluster !== undefined
      ? kubernetes({ ...kubernetesOptions(system, config, resolveImage), ...cluster })
      : docker({
          prefix: prefixed(system, config),
          isolation: config.isolation,
          hostPortBase: bases[system] ?? 0,
          subnets: config.subnets,
          keepVolumes: config.keepVolumes,
          resolveImage,
        });
}
