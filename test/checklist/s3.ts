import type { Reasons } from "./state";

export const rows = {
  "S3-31": { open: "needs the collection of logs" },
  "S3-33": { open: "needs backups" },
  "S3-34": { open: "needs restore drills" },
  "S3-35": { open: "the reference workload's image holds Debian and Node.js, 270 MB; only a release keeps the budget" },
  "S3-36": {
    notApplicable: "zigQuant's own repository builds its releases; the workflow for v* tags here publishes this one's",
  },
} satisfies Reasons;
