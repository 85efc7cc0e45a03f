import { type Policies, PolicyPack } from "@pulumi/policy";
import { Config, runtime } from "@pulumi/pulumi";
import { findingsIn, violationsOfStack } from "./evaluate";
import { viewOf } from "./facts/stack";
import { lastState } from "./last-state";
import { plainResource, plainStack } from "./pulumi";
import { rules } from "./rules/index";
import type { Rule } from "./rules/rule";
import { type Level, levelOf, readLevels, readSettings } from "./settings";

// a stack without any configuration is one of null to the pack, which the SDK cannot read
if (process.env["PULUMI_CONFIG"] === "null") runtime.setAllConfig({});
const config = new Config("policy");
const ruleIds = rules.map(({ id }) => id);
const levels = readLevels(config.getObject("enforcement"), ruleIds);
const settings = readSettings(
  { exemptions: config.getObject("exemptions"), registries: config.getObject("registries") },
  ruleIds,
  new Date(),
);

function policyOf(rule: Rule, level: Level): Policies[number] {
  const { id, title, severity, remedy } = rule;
  const about = {
    name: id,
    displayName: title,
    description: `${title}. ${remedy}`,
    severity,
    enforcementLevel: level,
    remediationSteps: remedy,
  };
  if (rule.of === "stack")
    return {
      ...about,
      validateStack: async ({ resources }, report) => {
        const before = rule.readsState ? await lastState() : undefined;
        for (const { message, resource } of violationsOfStack(rule, viewOf(plainStack(resources, before)), settings))
          report(message, resource?.urn);
      },
    };
  return {
    ...about,
    validateResource: (args, report) => {
      if (!rule.targets.some((target) => args.type.startsWith(`${target}:`))) return;
      for (const message of findingsIn(plainResource(args), rule, settings)) report(message);
    },
  };
}

new PolicyPack("twofold", { policies: rules.map((rule) => policyOf(rule, levelOf(rule, levels))) });
