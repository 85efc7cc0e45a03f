import type { Reasons } from "./state";

export const rows = {
  "S4-25": {
    notApplicable: "nothing here uses a browser, and a network without members is none: each is of one connection",
  },
} satisfies Reasons;
