import type { AlertRule } from "../../components/core/spec";
import { runbookOf } from "../../components/monitoring/runbooks";

export const circuitOpen: AlertRule = {
  name: "CircuitOpen",
  expr: "marketprism_circuit_state == 1",
  forSeconds: 60,
  severity: "warning",
  summary: "a service is left alone after failures",
  description: "{{ $labels.job }} has not asked {{ $labels.target }} for a minute",
  runbook: runbookOf("CircuitOpen"),
  dashboard: "marketprism-services",
};

export const sagaCompensations: AlertRule = {
  name: "SagaCompensations",
  expr: "sum by (step) (rate(marketprism_saga_compensations_total[5m])) > 0.1",
  forSeconds: 120,
  severity: "warning",
  summary: "prices are taken back instead of saved",
  description: "{{ $value | humanize }} a second are taken back at the step {{ $labels.step }}",
  runbook: runbookOf("SagaCompensations"),
  dashboard: "marketprism-services",
};

export const ingestLag: AlertRule = {
  name: "IngestLag",
  expr: "time() - max(marketprism_newest_tick_timestamp_seconds) > 60",
  forSeconds: 60,
  severity: "warning",
  summary: "no new prices reach ClickHouse",
  description: "the newest stored price is {{ $value | humanizeDuration }} old",
  runbook: runbookOf("IngestLag"),
  dashboard: "marketprism-storage",
};

export const jetStreamAlerts: readonly AlertRule[] = [
  {
    name: "BrokerDown",
    expr: "nats_up == 0",
    forSeconds: 60,
    severity: "critical",
    summary: "the message broker does not answer",
    description: "its reports could not be read for a minute",
    runbook: runbookOf("BrokerDown"),
    dashboard: "marketprism-broker",
  },
  {
    name: "JetStreamStoreFull",
    expr: "nats_jetstream_storage_bytes / (nats_jetstream_storage_limit_bytes > 0) > 0.8",
    forSeconds: 300,
    severity: "warning",
    summary: "the broker's store is nearly full",
    description: "streams take {{ $value | humanizePercentage }} of what they may",
    runbook: runbookOf("JetStreamStoreFull"),
    dashboard: "marketprism-broker",
  },
  {
    name: "NatsSlowConsumers",
    expr: "increase(nats_slow_consumers_total[5m]) > 0",
    forSeconds: 0,
    severity: "warning",
    summary: "the broker cuts clients off that do not keep up",
    description: "{{ $value | humanize }} in the last five minutes",
    runbook: runbookOf("NatsSlowConsumers"),
    dashboard: "marketprism-broker",
  },
];
