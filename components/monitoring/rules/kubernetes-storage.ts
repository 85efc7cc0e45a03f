import { withRunbooks } from "../runbooks";

const left = (what: "bytes" | "inodes"): string =>
  what === "bytes"
    ? "kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes"
    : "kubelet_volume_stats_inodes_free / (kubelet_volume_stats_inodes > 0)";

const available = {
  bytes: "kubelet_volume_stats_available_bytes",
  inodes: "kubelet_volume_stats_inodes_free",
} as const;

/** Whether volumes have room, and whether they can be had. */
export const kubernetesStorageAlerts = withRunbooks([
  ...(["bytes", "inodes"] as const).flatMap((what) => {
    const name = what === "bytes" ? "KubePersistentVolumeFillingUp" : "KubePersistentVolumeInodesFillingUp";
    const description = `{{ $labels.persistentvolumeclaim }} of {{ $labels.namespace }} has {{ $value | humanizePercentage }} of its ${what} left`;
    return [
      {
        name,
        expr: `${left(what)} < 0.03`,
        forSeconds: 60,
        severity: "critical" as const,
        summary: "a volume is nearly full",
        description,
      },
      {
        name,
        expr: `${left(what)} < 0.15 and predict_linear(${available[what]}[6h], 345600) < 0`,
        forSeconds: 3600,
        severity: "warning" as const,
        summary: "a volume will be full within four days",
        description,
      },
    ];
  }),
  {
    name: "KubePersistentVolumeErrors",
    expr: 'kube_persistentvolume_status_phase{phase=~"Failed|Pending"} > 0',
    forSeconds: 300,
    severity: "critical",
    summary: "a volume cannot be had",
    description: "{{ $labels.persistentvolume }} is {{ $labels.phase }}",
  },
]);
