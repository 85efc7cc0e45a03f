import type { Reasons } from "./state";

export const rows = {
  "S2-09": { open: "web services follow the processor, but no description can state by how many a minute" },
  "S2-40": { open: "needs the collection of logs" },
  "S2-44": { open: "no description can state a GPU" },
  "S2-46": { open: "no description can state the size of frames" },
  "S2-55": { open: "needs backups" },
  "S2-56": { open: "needs backups" },
  "S2-57": { open: "needs backups" },
  "S2-58": { open: "needs backups" },
  "S2-59": { open: "needs restore drills" },
  "S2-60": { open: "needs tests against a real engine between the build and a release" },
} satisfies Reasons;
