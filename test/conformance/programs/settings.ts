import type { KubernetesOptions, Target } from "../../../components/index";
import type { SystemName, Variant } from "./bench";

/** Variable that carries the settings from the harness to the program, as JSON. */
export const settingsVariable = "TWOFOLD_CONFORMANCE";

export interface Settings {
  readonly platform: Target["id"];
  readonly system: SystemName;
  /** Begins the name of everything that is made. */
  readonly prefix: string;
  /** IPv4 block that nothing else uses, for platforms that make networks on this machine. */
  readonly addresses: string;
  readonly variant: Variant;
  /** Options of the Kubernetes target that replace those of the program. */
  readonly kubernetes?: Partial<KubernetesOptions>;
}

export function readSettings(): Settings {
  const json = process.env[settingsVariable];
  if (json === undefined) throw new Error(`${settingsVariable} is not set: this program is run by the behaviour suite`);
  return JSON.parse(json) as Settings;
}
