import type { z } from "zod";
import type { SystemPlan } from "../../components/core/plan-types";
import type { Profile } from "../../systems/profile";
import { tradeMaster } from "../../systems/trademaster/index";
import { tradeMasterSettings } from "../../systems/trademaster/settings";
import { podOf } from "./rendered";

type Settings = z.input<typeof tradeMasterSettings> & { readonly profile?: Profile };

/** The plan of TradeMaster with these settings, the rest by default. */
export function planTradeMaster({ profile = "small", ...settings }: Settings = {}): SystemPlan {
  return tradeMaster({ ...tradeMasterSettings.parse(settings), profile }).plan();
}

export const development = planTradeMaster({ environment: "development" });
export const staging = planTradeMaster({ environment: "staging", profile: "full" });
export const production = planTradeMaster({ profile: "full", hostAgents: false });

/** TradeMaster's own programs. */
export const applications = ["web", "api", "worker"];

/** The first container of one of them on Kubernetes. */
export const firstOf = (plan: SystemPlan, service: string): Readonly<Record<string, unknown>> =>
  podOf(plan, service === "worker" ? "StatefulSet" : "Deployment", service).containers[0] ?? {};
