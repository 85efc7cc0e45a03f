export const rows = {
  "S3-31": { open: "needs the collection of logs" },
  "S3-33": { open: "needs backups" },
  "S3-34": { open: "needs restore drills" },
  "S3-36": { notApplicable: "zigQuant's own repository builds its releases; release.yml here publishes the workloads" },
};
