import type { DockerOptions } from "../components/targets/docker/docker";
import type { ResolveImage } from "../components/targets/images";
import type { StackConfig } from "../config/stack";
import { prefixed } from "./prefix";

/** Host ports of each system begin here, so that several systems fit on one machine. */
const hostPortBases = { "algo-trading": 10_000 };

/** How a stack's configuration wants a system on Docker. */
export function dockerOptions(system: string, config: StackConfig, resolveImage: ResolveImage): DockerOptions {
  const bases: Readonly<Record<string, number | undefined>> = { ...hostPortBases, ...config.hostPortBase };
  return {
    prefix: prefixed(system, config),
    isolation: config.isolation,
    hostPortBase: bases[system] ?? 0,
    subnets: config.subnets,
    keepVolumes: config.keepVolumes,
    resolveImage,
  };
}
