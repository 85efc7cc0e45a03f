// Compiles only while the model of the Kubernetes target has the fields of the Kubernetes API, and values that they take.
import type { types } from "@pulumi/kubernetes";
import type { Manifest } from "../../components/targets/kubernetes/model";

/** Fields and values of a model that an API object does not have; `never` when it has all of them. */
type Strange<Model, Api> = Model extends string | number | boolean
  ? Model extends Api
    ? never
    : Model
  : Model extends readonly (infer Item)[]
    ? Api extends readonly (infer ApiItem)[]
      ? Strange<Item, ApiItem>
      : "a list"
    : string extends keyof Model
      ? Strange<Model[keyof Model], Api[keyof Api]>
      : {
          [Key in keyof Model]-?: Key extends keyof Api ? Strange<NonNullable<Model[Key]>, NonNullable<Api[Key]>> : Key;
        }[keyof Model];

type Of<Kind extends Manifest["kind"]> = Extract<Manifest, { kind: Kind }>;

interface Api {
  readonly Namespace: types.output.core.v1.Namespace;
  readonly NetworkPolicy: types.output.networking.v1.NetworkPolicy;
  readonly ServiceAccount: types.output.core.v1.ServiceAccount;
  readonly ConfigMap: types.output.core.v1.ConfigMap;
  readonly PersistentVolumeClaim: types.output.core.v1.PersistentVolumeClaim;
  readonly Service: types.output.core.v1.Service;
  readonly Deployment: types.output.apps.v1.Deployment;
  readonly StatefulSet: types.output.apps.v1.StatefulSet;
  readonly Job: types.output.batch.v1.Job;
  readonly CronJob: types.output.batch.v1.CronJob;
  readonly HorizontalPodAutoscaler: types.output.autoscaling.v2.HorizontalPodAutoscaler;
  readonly PodDisruptionBudget: types.output.policy.v1.PodDisruptionBudget;
  readonly Ingress: types.output.networking.v1.Ingress;
}

type StrangeManifests = { [Kind in keyof Api]: Strange<Of<Kind>, Api[Kind]> }[keyof Api];
true satisfies [StrangeManifests] extends [never] ? true : StrangeManifests;

/** A Secret holds references until a value takes their place; all else is as the API has it. */
type StrangeSecret = Strange<Omit<Of<"Secret">, "stringData">, types.output.core.v1.Secret>;
true satisfies [StrangeSecret] extends [never] ? true : StrangeSecret;
/** Of kinds that the cluster learns from definitions; test/golden/monitoring.test.ts holds them to these. */
type Learned = "ServiceMonitor" | "PrometheusRule";
true satisfies Exclude<Manifest["kind"], keyof Api | "Secret" | Learned> extends never ? true : false;
