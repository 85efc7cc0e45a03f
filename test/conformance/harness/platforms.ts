import { dockerPlatform } from "../docker/platform";
import { kubernetesPlatform } from "../kubernetes/platform";
import type { Platform } from "./platform";

const platforms: readonly Platform[] = [dockerPlatform, kubernetesPlatform];

export function findPlatform(id: string): Platform {
  const platform = platforms.find((candidate) => candidate.id === id);
  if (platform === undefined) throw new Error(`there is no platform ${JSON.stringify(id)}`);
  return platform;
}
