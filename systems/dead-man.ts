import * as pulumi from "@pulumi/pulumi";
import type { ConfigSecrets } from "../components/targets/realise-secrets";

const key = "deadManUrl";
const placeholder = "{system}";

/**
 * The stack's secrets as one Alertmanager gets them: where the dead man's address has `{system}`, the name of whom it watches
 * stands there, so that each is missed on its own.
 */
export function secretsFor(watched: string, secret: ConfigSecrets): ConfigSecrets {
  return (asked) => {
    const value = secret(asked);
    return asked === key ? value?.apply((url) => url.replaceAll(placeholder, watched)) : value;
  };
}

/** Warns where several call the same address: as long as one of them does, nobody misses the others. */
export function warnOfSharedDeadMan(callers: readonly string[], secret: ConfigSecrets): void {
  if (callers.length < 2) return;
  secret(key)?.apply((url) => {
    if (url.includes(placeholder)) return;
    void pulumi.log.warn(
      `${callers.join(", ")} call the same ${key}, so that one that falls silent is not missed: write ${placeholder} in it where their names are to stand`,
    );
  });
}
