import * as pulumi from "@pulumi/pulumi";
import { operatorDefinitions } from "../../components/monitoring/cluster/crds";
import { ClusterMonitoring } from "../../components/monitoring/cluster/realise";
import type { ClusterChoice } from "../../components/targets/kubernetes/kubeconfig";
import type { ConfigSecrets } from "../../components/targets/realise-secrets";
import type { ResolveImage } from "../../components/targets/images";
import type { StackConfig } from "../../config/stack";
import { monitoringOf } from "./index";
import { standingOf } from "./standing";

interface DeployMonitoringArgs {
  readonly cluster: ClusterChoice;
  readonly resolveImage: ResolveImage;
  readonly configSecrets: ConfigSecrets;
}

/** Deploys the cluster's monitoring, if the stack is to bring it along and no other one has. */
export async function deployMonitoring(
  config: StackConfig,
  { cluster, resolveImage, configSecrets }: DeployMonitoringArgs,
): Promise<ClusterMonitoring | undefined> {
  const model = monitoringOf(config, resolveImage);
  if (model === undefined) return undefined;
  const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
  const { other, foreignDefinitions } = await standingOf(cluster, {
    namespace: model.namespace,
    stack,
    wait: !pulumi.runtime.isDryRun(),
    tell: (line) => void pulumi.log.warn(line),
  });
  if (other !== undefined) {
    void pulumi.log.info(
      `the cluster's monitoring in ${model.namespace} is that of the stack ${other}, and is used as it is`,
    );
    return undefined;
  }
  if (foreignDefinitions.length > 0)
    void pulumi.log.info(`the cluster has ${foreignDefinitions.join(", ")} already, and they are used as they are`);
  const definitions = operatorDefinitions().filter(({ metadata }) => !foreignDefinitions.includes(metadata.name));
  return new ClusterMonitoring(model.namespace, { model, definitions, cluster, configSecrets });
}
