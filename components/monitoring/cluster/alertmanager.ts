import { stringify } from "yaml";
import { SecretRef } from "../../core/value";
import { alertmanagerConfig, receiverSecrets } from "../receivers/config";
import { messageTemplates } from "../receivers/messages";
import { monitorOf, reloaderMonitorOf } from "./monitor";
import type { ClusterMonitoringOptions } from "./options";
import { imageOf, userOf, versionOf } from "./options";
import type { SecretPlan } from "../../core/plan-types";
import { accountOf, type ClusterObject, disruptionBudget, labels, metadata, object } from "./objects";
import { besidesOf, podSecurity, resourcesOf, serviceOf, sparedChecks } from "./pods";
import { apart, claimOf, instance, reloaderPort, retentionOf } from "./prometheus";

export const alertmanagerPort = 9093;
export const gossipPort = 9094;
const part = "alertmanager";
const configSecret = "alertmanager-config";
const receiverSecret = "alertmanager-receivers";
const templates = "alertmanager-templates";
const templateKey = "messages.tmpl";

const refOf = (name: string): SecretRef => new SecretRef("monitoring", name);

/** The secrets that receivers need, from the stack's configuration. */
export function alertmanagerSecrets({ receivers }: ClusterMonitoringOptions): readonly SecretPlan[] {
  return receiverSecrets(receivers).map(({ name, config }) => ({
    ref: refOf(name),
    source: { from: "config", key: config },
  }));
}

function configOf({ receivers, alertTimeScale }: ClusterMonitoringOptions): object {
  return alertmanagerConfig({
    receivers,
    secretFile: (name) => `/etc/alertmanager/secrets/${receiverSecret}/${name}`,
    templateFile: `/etc/alertmanager/configmaps/${templates}/${templateKey}`,
    timeScale: alertTimeScale,
  });
}

/** Three Alertmanagers that tell each other what was told, so that any of them may be away and nobody hears a thing twice. */
export function alertmanagerObjects(options: ClusterMonitoringOptions): readonly ClusterObject[] {
  const { namespace, receivers } = options;
  const secrets = receiverSecrets(receivers);
  const described = { ...metadata(namespace, part, instance), annotations: sparedChecks };
  return [
    accountOf(namespace, part),
    object("v1", "Secret", metadata(namespace, part, configSecret), {
      type: "Opaque",
      stringData: { "alertmanager.yaml": stringify(configOf(options)) },
    }),
    object("v1", "ConfigMap", metadata(namespace, part, templates), { data: { [templateKey]: messageTemplates } }),
    ...(secrets.length === 0
      ? []
      : [
          object("v1", "Secret", metadata(namespace, part, receiverSecret), {
            type: "Opaque",
            stringData: Object.fromEntries(
              secrets.map(({ name, content }) => [name, content?.(refOf(name)) ?? refOf(name)]),
            ),
          }),
        ]),
    object("monitoring.coreos.com/v1", "Alertmanager", described, {
      spec: {
        image: imageOf("alertmanager", options),
        version: versionOf("alertmanager"),
        replicas: 3,
        podMetadata: { labels: labels(part) },
        serviceAccountName: part,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        configSecret,
        // with a selector, even one that nothing here fits, the operator reads the configuration before it hands it on
        alertmanagerConfigSelector: { matchLabels: { "app.kubernetes.io/managed-by": "twofold" } },
        configMaps: [templates],
        ...(secrets.length === 0 ? {} : { secrets: [receiverSecret] }),
        securityContext: podSecurity(userOf("alertmanager")),
        resources: resourcesOf(
          options.small ? { cpu: [10, 200], memory: [32, 128] } : { cpu: [50, 500], memory: [128, 256] },
        ),
        ...besidesOf(),
        ...apart(part),
        terminationGracePeriodSeconds: 30,
        retention: "120h",
        // silences, and what was told already, outlive a pod
        storage: {
          volumeClaimTemplate: {
            metadata: { labels: labels(part) },
            spec: claimOf("256Mi", options.storageClass),
          },
        },
        persistentVolumeClaimRetentionPolicy: retentionOf(options.keepVolumes),
      },
    }),
    serviceOf(namespace, part, { web: alertmanagerPort, reloader: reloaderPort }),
    disruptionBudget(namespace, part),
    monitorOf(options, part, "web"),
    reloaderMonitorOf(options, part),
  ];
}
