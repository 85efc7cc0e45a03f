import type { z } from "zod";
import type { PlanOptions } from "../../components/core/plan";
import type { SystemPlan } from "../../components/core/plan-types";
import { marketPrism } from "../../systems/marketprism/index";
import { marketPrismSettings } from "../../systems/marketprism/settings";
import type { Profile } from "../../systems/profile";

type Settings = z.input<typeof marketPrismSettings> & { readonly profile?: Profile };

/** The plan of MarketPrism with these settings, the rest by default. */
export function planMarketPrism({ profile = "small", ...settings }: Settings = {}, options?: PlanOptions): SystemPlan {
  return marketPrism({ ...marketPrismSettings.parse(settings), profile, alerting: {} }).plan(options);
}
