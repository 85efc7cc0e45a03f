export { CatalogueBuilder, defineSystem } from "./builder";
export type { LoadBalancerOptions } from "./catalog/nginx";
export type { PostgresOptions } from "./catalog/postgres";
export type { RedisOptions } from "./catalog/redis";
export { type ConnectionValues, type Endpoint, type External, external } from "./core/connect";
export type { ClosingHook, ClosingView, Contribution } from "./core/description";
export { DescriptionError, type Problem } from "./core/errors";
export {
  approximated,
  type Feature,
  type Gap,
  type Level,
  native,
  type Strictness,
  type SupportTable,
  unsupported,
} from "./core/gaps";
export type { DashboardPlan, SecretPlan, ServicePlan, SystemPlan } from "./core/plan-types";
export type { ConnectOptions, ServiceHandle } from "./core/service-handle";
export type { AlertRule, ServiceSpec } from "./core/spec";
export { closeSystem, type SecretOptions, SystemBuilder, type SystemDefinition } from "./core/system";
export { SecretRef, Text, text, type Value } from "./core/value";
export type { DeployArgs } from "./deploy";
export type { Receivers } from "./monitoring/receivers/settings";
export { errorBudgetAlerts, type Objective } from "./monitoring/rules/error-budget";
export type { Monitoring, MonitoringOptions } from "./monitoring/stack";
export { Service, System, type SystemArgs } from "./system";
export { type DockerOptions, docker } from "./targets/docker/docker";
export { type KubernetesOptions, kubernetes } from "./targets/kubernetes/kubernetes";
export type { Realised, Scope, Target } from "./targets/target";
