import type { z } from "zod";
import type { SystemPlan } from "../../components/core/plan-types";
import type { Profile } from "../../systems/profile";
import { tradeMaster } from "../../systems/trademaster/index";
import { tradeMasterSettings } from "../../systems/trademaster/settings";

type Settings = z.input<typeof tradeMasterSettings> & { readonly profile?: Profile };

/** The plan of TradeMaster with these settings, the rest by default. */
export function planTradeMaster({ profile = "small", ...settings }: Settings = {}): SystemPlan {
  return tradeMaster({ ...tradeMasterSettings.parse(settings), profile }).plan();
}
