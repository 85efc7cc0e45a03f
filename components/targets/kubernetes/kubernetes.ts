import type * as pulumi from "@pulumi/pulumi";
import type { Target } from "../target";
import type { ClusterChoice } from "./kubeconfig";
import type { KubernetesModel } from "./model";
import { type RenderingOptions, renderOptions } from "./options";
import { realiseKubernetes } from "./realise";
import { renderKubernetes } from "./render";
import { support } from "./support";

export interface KubernetesOptions extends RenderingOptions, ClusterChoice {
  /** Definitions of the kinds that are not the cluster's own: objects of these come after them. @default - nothing */
  readonly after?: readonly pulumi.Resource[];
}

/** Runs systems on a Kubernetes cluster: on that of the context that is named, and on no other. */
export function kubernetes(options: KubernetesOptions): Target<KubernetesModel> {
  return {
    id: "kubernetes",
    support,
    render: (plan) => renderKubernetes(plan, renderOptions(plan.name, options)),
    realise: (model, scope) => realiseKubernetes(model, scope, options, options.after),
  };
}
