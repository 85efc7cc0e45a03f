import type { z } from "zod";
import type { SystemPlan } from "../../components/core/plan-types";
import type { Profile } from "../../systems/profile";
import { zigquant } from "../../systems/zigquant/index";
import { zigQuantSettings } from "../../systems/zigquant/settings";

type Settings = z.input<typeof zigQuantSettings> & { readonly profile?: Profile };

/** The plan of zigquant with these settings, the rest by default. */
export function planZigquant({ profile = "small", ...settings }: Settings = {}): SystemPlan {
  return zigquant({ ...zigQuantSettings.parse(settings), profile }).plan();
}
