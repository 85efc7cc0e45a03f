import type { Cases } from "../support/cases";
import { availabilityCases } from "./availability";
import { confinementCases } from "./confinement";
import { contentCases } from "./contents";
import { dataCases } from "./data";
import { healthCases } from "./health";
import { hostCases } from "./host";
import { intentCases } from "./intent";
import { objectCases } from "./objects";
import { privilegeCases } from "./privilege";
import { referenceCases } from "./references";

export const cases: Cases = {
  ...privilegeCases,
  ...confinementCases,
  ...hostCases,
  ...contentCases,
  ...healthCases,
  ...availabilityCases,
  ...objectCases,
  ...referenceCases,
  ...dataCases,
  ...intentCases,
};
