import type { RuleCases, Series } from "./case";

const disk = '{instance="a", mountpoint="/", fstype="ext4"}';
const mountPoint = (free: string | number, what: "space" | "files"): Series => {
  const [left, all] =
    what === "space"
      ? ["node_filesystem_avail_bytes", "node_filesystem_size_bytes"]
      : ["node_filesystem_files_free", "node_filesystem_files"];
  return { [`${left}${disk}`]: free, [`${all}${disk}`]: 1000, [`node_filesystem_readonly${disk}`]: 0 };
};
const errors = (way: string, count: string | number): Series => ({
  [`node_network_${way}_errs_total{device="eth0"}`]: count,
  [`node_network_${way}_packets_total{device="eth0"}`]: "+100",
});

/** Series for the rules about machines. */
export const machineCases: RuleCases = {
  // from 190 down to 40 of 1000 in 75 minutes
  NodeFilesystemSpaceFillingUp: { fires: mountPoint("190-2x75", "space"), silent: mountPoint(190, "space") },
  NodeFilesystemFilesFillingUp: { fires: mountPoint("190-2x75", "files"), silent: mountPoint(190, "files") },
  NodeFilesystemAlmostOutOfSpace: { fires: mountPoint(10, "space"), silent: mountPoint(60, "space") },
  NodeFilesystemAlmostOutOfFiles: { fires: mountPoint(10, "files"), silent: mountPoint(60, "files") },
  NodeNetworkReceiveErrors: { fires: errors("receive", "+2"), silent: errors("receive", 2) },
  NodeNetworkTransmitErrors: { fires: errors("transmit", "+2"), silent: errors("transmit", 2) },
  NodeNetworkInterfaceFlapping: {
    fires: { 'node_network_up{device="eth0"}': "1 0 1 0 ".repeat(20).trim() },
    silent: { 'node_network_up{device="veth1"}': "1 0 1 0 ".repeat(20).trim(), 'node_network_up{device="eth0"}': 1 },
  },
  NodeConntrackNearlyFull: {
    fires: { node_nf_conntrack_entries: 80, node_nf_conntrack_entries_limit: 100 },
    silent: { node_nf_conntrack_entries: 70, node_nf_conntrack_entries_limit: 100 },
  },
  NodeTextFileCollectorErrors: {
    fires: { node_textfile_scrape_error: 1 },
    silent: { node_textfile_scrape_error: 0 },
  },
  NodeClockSkew: { fires: { node_timex_offset_seconds: 0.06 }, silent: { node_timex_offset_seconds: 0.04 } },
  NodeClockNotSynchronising: {
    fires: { node_timex_sync_status: 0, node_timex_maxerror_seconds: 16 },
    silent: { node_timex_sync_status: 1, node_timex_maxerror_seconds: 16 },
  },
  NodeRaidDegraded: {
    fires: { 'node_md_disks_required{device="md0"}': 2, 'node_md_disks{device="md0", state="active"}': 1 },
    silent: { 'node_md_disks_required{device="md0"}': 2, 'node_md_disks{device="md0", state="active"}': 2 },
  },
  NodeRaidDiskFailure: {
    fires: { 'node_md_disks{device="md0", state="failed"}': 1 },
    silent: { 'node_md_disks{device="md0", state="failed"}': 0 },
  },
  NodeFileDescriptorLimit: {
    fires: { node_filefd_allocated: 95, node_filefd_maximum: 100 },
    silent: { node_filefd_allocated: 60, node_filefd_maximum: 100 },
  },
  NodeCPUHighUsage: {
    fires: {
      'node_cpu_seconds_total{cpu="0", mode="idle"}': "+3",
      'node_cpu_seconds_total{cpu="0", mode="user"}': "+57",
    },
    silent: {
      'node_cpu_seconds_total{cpu="0", mode="idle"}': "+30",
      'node_cpu_seconds_total{cpu="0", mode="user"}': "+30",
    },
  },
  NodeSystemSaturation: {
    fires: { 'node_load1{instance="a"}': 3, 'node_cpu_seconds_total{instance="a", cpu="0", mode="idle"}': "+1" },
    silent: { 'node_load1{instance="a"}': 1, 'node_cpu_seconds_total{instance="a", cpu="0", mode="idle"}': "+1" },
  },
  NodeMemoryMajorPageFaults: {
    fires: { node_vmstat_pgmajfault: "+60000" },
    silent: { node_vmstat_pgmajfault: "+600" },
  },
  NodeMemoryHigh: {
    fires: { node_memory_MemAvailable_bytes: 5, node_memory_MemTotal_bytes: 100 },
    silent: { node_memory_MemAvailable_bytes: 20, node_memory_MemTotal_bytes: 100 },
  },
  NodeDiskSaturation: {
    fires: { 'node_disk_io_time_weighted_seconds_total{device="sda"}': "+1200" },
    silent: { 'node_disk_io_time_weighted_seconds_total{device="sda"}': "+60" },
  },
  NodeBondingDegraded: {
    fires: { 'node_bonding_slaves{master="bond0"}': 2, 'node_bonding_active{master="bond0"}': 1 },
    silent: { 'node_bonding_slaves{master="bond0"}': 2, 'node_bonding_active{master="bond0"}': 2 },
  },
};
