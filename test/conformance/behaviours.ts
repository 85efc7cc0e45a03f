import type { Behaviour } from "./evidence";
import type { Platform } from "./harness/platform";
import { conformance } from "./suite";

/** What the suite looks at on a platform, found without running anything: every case says so when it is declared. */
export function behavioursOf(platform: Platform): readonly Behaviour[] {
  const { describe, it, before, after } = globalThis;
  const nothing = () => undefined;
  const declare = (_title: string, body: (this: unknown) => void) => body.call({ timeout: nothing });
  Object.assign(globalThis, { describe: declare, it: nothing, before: nothing, after: nothing });
  try {
    return conformance(platform).stated;
  } finally {
    Object.assign(globalThis, { describe, it, before, after });
  }
}
