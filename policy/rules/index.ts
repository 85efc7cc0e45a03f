import { availabilityRules } from "./availability";
import { confinementRules } from "./confinement";
import { dataRules } from "./data";
import { exemptionRules } from "./exemptions";
import { healthRules } from "./health";
import { hostRules } from "./host";
import { imageRules } from "./images";
import { intentRules } from "./intent";
import { objectRules } from "./objects";
import { privilegeRules } from "./privilege";
import { rbacRules } from "./rbac";
import { referenceRules } from "./references";
import { replicaRules } from "./replicas";
import { resourceRules } from "./resources";
import { routingRules } from "./routing";
import type { Rule } from "./rule";
import { scalingRules } from "./scaling";
import { secretRules } from "./secrets";
import { sharingRules } from "./sharing";

/** Every rule, by what it is about. */
export const ruleGroups: Readonly<Record<string, readonly Rule[]>> = {
  Privileges: privilegeRules,
  Confinement: confinementRules,
  "The machine": hostRules,
  Secrets: secretRules,
  Images: imageRules,
  Resources: resourceRules,
  Health: healthRules,
  Availability: [...availabilityRules, ...replicaRules, ...scalingRules],
  Objects: objectRules,
  "Rights in the cluster": rbacRules,
  References: referenceRules,
  Networks: routingRules,
  Data: dataRules,
  Intent: intentRules,
  "What is shared": sharingRules,
  Exemptions: exemptionRules,
};

export const rules: readonly Rule[] = Object.values(ruleGroups).flat();
