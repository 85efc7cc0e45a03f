import { withRunbooks } from "../runbooks";

/** What may be wrong with Alertmanager, be there one or several. */
export const alertmanagerAlerts = withRunbooks([
  {
    name: "AlertmanagerFailedReload",
    expr: "max_over_time(alertmanager_config_last_reload_successful[5m]) == 0",
    forSeconds: 600,
    severity: "critical",
    summary: "Alertmanager has refused its configuration",
    description: "{{ $labels.instance }} goes on with the configuration before",
  },
  {
    name: "AlertmanagerFailedToSendAlerts",
    expr: "sum without (reason) (rate(alertmanager_notifications_failed_total[15m])) / rate(alertmanager_notifications_total[15m]) > 0.01",
    forSeconds: 300,
    severity: "warning",
    summary: "one Alertmanager cannot tell a receiver",
    description: "{{ $value | humanizePercentage }} of messages by {{ $labels.integration }} fail",
  },
  {
    name: "AlertmanagerCannotTell",
    expr: "min by (job, integration) (sum without (reason) (rate(alertmanager_notifications_failed_total[15m])) / rate(alertmanager_notifications_total[15m])) > 0.01",
    forSeconds: 300,
    severity: "critical",
    summary: "no Alertmanager can tell a receiver",
    description: "at least {{ $value | humanizePercentage }} of messages by {{ $labels.integration }} fail",
  },
]);

/** What may be wrong among several Alertmanagers. */
export const alertmanagerClusterAlerts = withRunbooks([
  {
    name: "AlertmanagerMembersInconsistent",
    expr: "max_over_time(alertmanager_cluster_members[5m]) < on (job) group_left () count by (job) (max_over_time(alertmanager_cluster_members[5m]))",
    forSeconds: 900,
    severity: "critical",
    summary: "an Alertmanager does not see all others, so messages may be doubled",
    description: "{{ $labels.instance }} sees {{ $value }} of them",
  },
  {
    name: "AlertmanagerConfigInconsistent",
    expr: 'count by (job) (count_values by (job) ("hash", alertmanager_config_hash)) > 1',
    forSeconds: 1200,
    severity: "critical",
    summary: "Alertmanagers have different configurations",
    description: "there are {{ $value }} configurations",
  },
  {
    name: "AlertmanagerClusterDown",
    expr: 'count by (job) (avg_over_time(up{job="alertmanager"}[5m]) < 0.5) / count by (job) (up{job="alertmanager"}) >= 0.5',
    forSeconds: 300,
    severity: "critical",
    summary: "half of the Alertmanagers or more are away",
    description: "{{ $value | humanizePercentage }} of them do not answer",
  },
  {
    name: "AlertmanagerClusterCrashLooping",
    expr: 'count by (job) (changes(process_start_time_seconds{job="alertmanager"}[10m]) > 4) / count by (job) (up{job="alertmanager"}) >= 0.5',
    forSeconds: 300,
    severity: "critical",
    summary: "half of the Alertmanagers or more start again and again",
    description: "{{ $value | humanizePercentage }} of them started more than four times in 10 minutes",
  },
  {
    name: "AlertmanagerFailedPeers",
    expr: "alertmanager_cluster_failed_peers > 0",
    forSeconds: 900,
    severity: "warning",
    summary: "an Alertmanager has lost another one",
    description: "{{ $labels.instance }} does not reach {{ $value }} of the others",
  },
]);
