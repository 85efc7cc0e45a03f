import assert from "node:assert/strict";
import { operatorDefinitions } from "../../components/monitoring/cluster/crds";
import { pluralOf } from "../../components/targets/kubernetes/api-paths";

describe("how the API calls the objects of a kind", () => {
  const kinds = {
    Namespace: "namespaces",
    NetworkPolicy: "networkpolicies",
    Ingress: "ingresses",
    ClusterRole: "clusterroles",
    CustomResourceDefinition: "customresourcedefinitions",
    HorizontalPodAutoscaler: "horizontalpodautoscalers",
  };
  for (const [kind, plural] of Object.entries(kinds))
    it(`is ${plural} for ${kind}`, () => assert.equal(pluralOf(kind), plural));

  it("is what each definition of the operator says of its kind", () => {
    for (const { spec, metadata } of operatorDefinitions()) {
      const { kind } = (spec as { readonly names: { readonly kind: string } }).names;
      assert.ok(metadata.name.startsWith(`${pluralOf(kind)}.`), kind);
    }
  });
});
