import type { Reasons } from "./state";

export const rows = {
  "S1-24": { open: "needs replication of PostgreSQL" },
  "S1-29": { open: "Redis runs by itself; the other modes need Sentinel" },
  "S1-50": { open: "needs backups" },
  "S1-51": { open: "needs the collection of logs" },
} satisfies Reasons;
