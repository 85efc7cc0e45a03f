import type { Reasons } from "./state";

export const rows = {
  "S5-41": { open: "needs a pipeline for each service; the project has one for all systems" },
} satisfies Reasons;
