import * as pulumi from "@pulumi/pulumi";
import { DescriptionError } from "../components/core/errors";
import type { SystemPlan } from "../components/core/plan-types";
import { docker } from "../components/targets/docker/docker";
import type { Target } from "../components/targets/target";
import type { Stack } from "../config/stack";
import { chooseSource } from "../images/source";
import { provideImages } from "./images";
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
  if (config.target !== "docker") {
    throw new DescriptionError("configuration of the stack", [
      { path: "target", given: `is ${config.target}, which this version cannot deploy to yet`, remedy: "use docker" },
    ]);
  }
  const { source, because } = await chooseSource(config.imageSource);
  void pulumi.log.info(`images: ${source}, because ${because}`);
  const resolveImage = await provideImages(config, plans, {
    source,
    make: !pulumi.runtime.isDryRun(),
    progress: (line) => void pulumi.log.info(line, undefined, undefined, true),
  });
  const bases: Readonly<Record<string, number | undefined>> = { ...hostPortBases, ...config.hostPortBase };
  return (system) =>
    docker({
      prefix: prefixed(system, config),
      isolation: config.isolation,
      hostPortBase: bases[system] ?? 0,
      subnets: config.subnets,
      keepVolumes: config.keepVolumes,
      resolveImage,
    });
}
