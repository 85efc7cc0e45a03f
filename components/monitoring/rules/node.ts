import { withRunbooks } from "../runbooks";

/** File systems that hold something: not those in memory or made up by the kernel. */
const real = 'fstype!~"tmpfs|overlay|squashfs|ramfs|nsfs|proc|sysfs|cgroup.*|devtmpfs", mountpoint!=""';
const writable = `node_filesystem_readonly{${real}} == 0`;
const spaceLeft = `node_filesystem_avail_bytes{${real}} / node_filesystem_size_bytes{${real}}`;
const filesLeft = `node_filesystem_files_free{${real}} / (node_filesystem_files{${real}} > 0)`;
const where = "{{ $labels.mountpoint }} of {{ $labels.instance }}";

interface Filling {
  readonly name: string;
  readonly left: string;
  readonly what: string;
  readonly metric: string;
}

const space: Filling = {
  name: "Space",
  left: spaceLeft,
  what: "bytes",
  metric: `node_filesystem_avail_bytes{${real}}`,
};
const files: Filling = { name: "Files", left: filesLeft, what: "files", metric: `node_filesystem_files_free{${real}}` };

const filling = ({ name, left, what, metric }: Filling) =>
  [
    {
      name: `NodeFilesystem${name}FillingUp`,
      expr: `${left} < 0.4 and predict_linear(${metric}[6h], 86400) < 0 and ${writable}`,
      forSeconds: 3600,
      severity: "warning",
      summary: "a file system will be full within a day",
      description: `${where} has {{ $value | humanizePercentage }} of its ${what} left`,
    },
    {
      name: `NodeFilesystem${name}FillingUp`,
      expr: `${left} < 0.2 and predict_linear(${metric}[6h], 14400) < 0 and ${writable}`,
      forSeconds: 3600,
      severity: "critical",
      summary: "a file system will be full within 4 hours",
      description: `${where} has {{ $value | humanizePercentage }} of its ${what} left`,
    },
    {
      name: `NodeFilesystemAlmostOutOf${name}`,
      expr: `${left} < 0.05 and ${writable}`,
      forSeconds: 1800,
      severity: "warning",
      summary: "a file system is nearly full",
      description: `${where} has {{ $value | humanizePercentage }} of its ${what} left`,
    },
    {
      name: `NodeFilesystemAlmostOutOf${name}`,
      expr: `${left} < 0.03 and ${writable}`,
      forSeconds: 1800,
      severity: "critical",
      summary: "a file system is full but for a rest",
      description: `${where} has {{ $value | humanizePercentage }} of its ${what} left`,
    },
  ] as const;

/** What is wrong with machines, by node-exporter. */
export const nodeAlerts = withRunbooks([
  ...filling(space),
  ...filling(files),
  ...(["receive", "transmit"] as const).map((way) => ({
    name: way === "receive" ? "NodeNetworkReceiveErrors" : "NodeNetworkTransmitErrors",
    expr: `rate(node_network_${way}_errs_total[2m]) / rate(node_network_${way}_packets_total[2m]) > 0.01`,
    forSeconds: 3600,
    severity: "warning" as const,
    summary: `a network interface makes errors when it ${way}s`,
    description: "{{ $labels.device }} of {{ $labels.instance }}: {{ $value | humanizePercentage }} of packets",
  })),
  {
    name: "NodeNetworkInterfaceFlapping",
    expr: 'changes(node_network_up{device!~"lo|veth.+|br-.+|docker.+|cali.+"}[5m]) > 4',
    forSeconds: 120,
    severity: "warning",
    summary: "a network interface goes up and down",
    description: "{{ $labels.device }} of {{ $labels.instance }}",
  },
  {
    name: "NodeConntrackNearlyFull",
    expr: "node_nf_conntrack_entries / node_nf_conntrack_entries_limit > 0.75",
    forSeconds: 300,
    severity: "warning",
    summary: "a machine follows nearly as many connections as it can",
    description: "{{ $labels.instance }} is at {{ $value | humanizePercentage }}",
  },
  {
    name: "NodeTextFileCollectorErrors",
    expr: "node_textfile_scrape_error == 1",
    forSeconds: 300,
    severity: "warning",
    summary: "node-exporter cannot read somebody's figures",
    description: "a file on {{ $labels.instance }} is not in Prometheus' format",
  },
  {
    name: "NodeClockSkew",
    expr: "(node_timex_offset_seconds > 0.05 and deriv(node_timex_offset_seconds[5m]) >= 0) or (node_timex_offset_seconds < -0.05 and deriv(node_timex_offset_seconds[5m]) <= 0)",
    forSeconds: 600,
    severity: "warning",
    summary: "a machine's clock is wrong and gets no better",
    description: "{{ $labels.instance }} is off by {{ $value | humanizeDuration }}",
  },
  {
    name: "NodeClockNotSynchronising",
    expr: "min_over_time(node_timex_sync_status[5m]) == 0 and node_timex_maxerror_seconds >= 16",
    forSeconds: 600,
    severity: "warning",
    summary: "a machine's clock follows no other",
    description: "{{ $labels.instance }} may be wrong by {{ $value }} seconds",
  },
  {
    name: "NodeRaidDegraded",
    expr: 'node_md_disks_required - ignoring (state) node_md_disks{state="active"} > 0',
    forSeconds: 900,
    severity: "critical",
    summary: "an array of disks lacks disks",
    description: "{{ $labels.device }} of {{ $labels.instance }} lacks {{ $value }}",
  },
  {
    name: "NodeRaidDiskFailure",
    expr: 'node_md_disks{state="failed"} > 0',
    forSeconds: 60,
    severity: "warning",
    summary: "a disk of an array has failed",
    description: "{{ $value }} of {{ $labels.device }} of {{ $labels.instance }}",
  },
  ...(
    [
      ["warning", 0.7],
      ["critical", 0.9],
    ] as const
  ).map(([severity, share]) => ({
    name: "NodeFileDescriptorLimit",
    expr: `node_filefd_allocated / node_filefd_maximum > ${share}`,
    forSeconds: 900,
    severity,
    summary: "a machine has nearly as many files open as it can",
    description: "{{ $labels.instance }} is at {{ $value | humanizePercentage }}",
  })),
  {
    name: "NodeCPUHighUsage",
    expr: '1 - avg by (instance) (sum without (mode) (rate(node_cpu_seconds_total{mode=~"idle|iowait|steal"}[5m]))) > 0.9',
    forSeconds: 900,
    severity: "info",
    summary: "a machine's processor is busy",
    description: "{{ $labels.instance }} is at {{ $value | humanizePercentage }}",
  },
  {
    name: "NodeSystemSaturation",
    expr: 'node_load1 / on (instance) group_left () count by (instance) (node_cpu_seconds_total{mode="idle"}) > 2',
    forSeconds: 900,
    severity: "warning",
    summary: "twice as many processes want to run as can",
    description: '{{ $labels.instance }} has {{ $value | printf "%.1f" }} for each core',
  },
  {
    name: "NodeMemoryMajorPageFaults",
    expr: "rate(node_vmstat_pgmajfault[5m]) > 500",
    forSeconds: 900,
    severity: "warning",
    summary: "a machine reads memory from disk again and again",
    description: '{{ $labels.instance }} does so {{ $value | printf "%.0f" }} times a second',
  },
  {
    name: "NodeMemoryHigh",
    expr: "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes > 0.9",
    forSeconds: 900,
    severity: "warning",
    summary: "a machine's memory is nearly used up",
    description: "{{ $labels.instance }} is at {{ $value | humanizePercentage }}",
  },
  {
    name: "NodeDiskSaturation",
    expr: 'rate(node_disk_io_time_weighted_seconds_total{device!~"loop.*|ram.*"}[5m]) > 10',
    forSeconds: 1800,
    severity: "warning",
    summary: "a disk has more to do than it can",
    description: '{{ $value | printf "%.0f" }} requests wait for {{ $labels.device }} of {{ $labels.instance }}',
  },
  {
    name: "NodeBondingDegraded",
    expr: "node_bonding_slaves - node_bonding_active > 0",
    forSeconds: 300,
    severity: "warning",
    summary: "a bundle of network interfaces lacks some",
    description: "{{ $labels.master }} of {{ $labels.instance }} lacks {{ $value }}",
  },
]);
