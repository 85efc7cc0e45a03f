import assert from "node:assert/strict";
import type { z } from "zod";
import type { PlanOptions } from "../../components/core/plan";
import type { ServicePlan, SystemPlan } from "../../components/core/plan-types";
import type { Alerting } from "../../systems/alerting";
import { algoTrading } from "../../systems/algo-trading/index";
import { algoTradingSettings } from "../../systems/algo-trading/settings";
import type { Profile } from "../../systems/profile";

/** Settings of a development stack: everything that is off by default, with the simulation repeatable. */
export const development = { development: true, logLevel: "debug", seed: 7 } as const;

type Settings = z.input<typeof algoTradingSettings> & { readonly profile?: Profile; readonly alerting?: Alerting };

/** The plan of algo-trading with these settings, the rest by default. */
export function planAlgoTrading(
  { profile = "small", alerting = {}, ...settings }: Settings = {},
  options?: PlanOptions,
): SystemPlan {
  return algoTrading({ ...algoTradingSettings.parse(settings), profile, alerting }).plan(options);
}

/** A service of a plan; fails when it is not there. */
export function serviceOf(plan: SystemPlan, name: string): ServicePlan {
  const found = plan.services.find((service) => service.name === name);
  assert.ok(found, `${name} is not in the plan`);
  return found;
}

/** The content of a file of a service; fails when the file is not there, or holds a secret. */
export function contentOf(service: ServicePlan, path: string): string {
  const found = service.files.find((file) => file.path === path);
  assert.ok(found, `${service.name} has no file ${path}, only ${service.files.map((file) => file.path).join(", ")}`);
  assert.ok(typeof found.content === "string", `${path} is not plain text`);
  return found.content;
}
