import type { DockerOptions } from "../components/targets/docker/docker";
import { formatBlock, parseBlock } from "../components/targets/docker/ipv4";
import type { ResolveImage } from "../components/targets/images";
import type { StackConfig } from "../config/stack";
import { partOf, type SystemName } from "./places";
import { prefixed } from "./prefix";

/** How a stack's configuration wants a system on Docker. */
export function dockerOptions(system: SystemName, config: StackConfig, resolveImage: ResolveImage): DockerOptions {
  return {
    prefix: prefixed(system, config),
    isolation: config.isolation,
    hostPortBase: config.hostPortBase[system],
    subnets: subnetsOf(system, config),
    keepVolumes: config.keepVolumes,
    resolveImage,
  };
}

/** Each system has a part of the addresses to itself, so that none takes what another one will ask for. */
function subnetsOf(system: SystemName, { subnets, systemSubnets }: StackConfig): string {
  const pool = parseBlock(subnets);
  if (pool === undefined) throw new Error(`subnets is ${subnets}, which the schema should have refused`);
  return systemSubnets[system] ?? formatBlock(partOf(pool, system));
}
