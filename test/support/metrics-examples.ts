import type { z } from "zod";
import type { SystemPlan } from "../../components/core/plan-types";
import { metricsExamples } from "../../systems/metrics-examples/index";
import { metricsExamplesSettings } from "../../systems/metrics-examples/settings";
import type { Profile } from "../../systems/profile";

type Settings = z.input<typeof metricsExamplesSettings> & { readonly profile?: Profile };

/** The plan of metrics-examples with these settings, the rest by default. */
export function planMetricsExamples({ profile = "small", ...settings }: Settings = {}): SystemPlan {
  return metricsExamples({ ...metricsExamplesSettings.parse(settings), profile }).plan();
}
