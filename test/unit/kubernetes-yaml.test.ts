import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { defineSystem } from "../../components/core/system";
import { text } from "../../components/core/value";
import type { DeploymentManifest } from "../../components/targets/kubernetes/model";
import { renderOptions } from "../../components/targets/kubernetes/options";
import { renderKubernetes } from "../../components/targets/kubernetes/render";
import { manifestsYaml } from "../../components/targets/kubernetes/yaml";

const shop = defineSystem("shop", (system) => {
  const password = system.secret("password", { generated: { length: 24 } });
  const token = system.secret("token", { config: "shopToken" });
  system.service("api", {
    image: "shop/api:1.4.2",
    env: { TOKEN: token },
    files: [
      { path: "/etc/api/api.conf", content: "a = 1\nb = 2\n" },
      { path: "/run/secrets/dsn", content: text`postgres://app:${password}@db\nmore` },
    ],
  });
  system.service("gone", { image: "gone:1" });
});
const plan = shop.plan();
const options = renderOptions("shop", {
  resolveImage: (image) =>
    image === "gone:1"
      ? { kind: "unavailable", because: "nobody builds it" }
      : { kind: "image", reference: typeof image === "string" ? image : "" },
});
const yaml = manifestsYaml(renderKubernetes(plan, options), plan);

describe("manifests as YAML", () => {
  it("are a document for each object, in the order in which they are to be applied", () => {
    const documents = parseAllDocuments(yaml);
    assert.deepEqual(
      documents.flatMap(({ errors }) => errors),
      [],
    );
    const found = documents.map((document) => document.toJS() as { kind: string; metadata: { name: string } } | null);
    assert.deepEqual(
      found.map((each) => `${each?.kind} ${each?.metadata.name}`),
      [
        ...["Namespace shop", "NetworkPolicy all.deny", "NetworkPolicy all.dns", "ServiceAccount api"],
        ...["ConfigMap api", "Secret api", "Deployment api"],
      ],
    );
  });

  it("mean the same to readers of YAML 1.1, which take more words for something else than a text", () => {
    const args = [
      "yes",
      "No",
      "on",
      "OFF",
      "y",
      "~",
      "null",
      "1:30",
      "0777",
      "1_000",
      "1e3",
      "0x1F",
      ".5",
      "2026-01-02",
    ];
    const odd = defineSystem("odd", (system) => void system.service("api", { image: "shop/api:1.4.2", args })).plan();
    const text = manifestsYaml(renderKubernetes(odd, options), odd);
    for (const version of ["1.1", "1.2"] as const) {
      const objects = parseAllDocuments(text, { version }).map((document): unknown => document.toJS());
      const { spec } = objects.at(-1) as DeploymentManifest;
      assert.deepEqual(spec.template.spec.containers[0].args, args, version);
    }
  });

  it("name a Secret's values instead of giving them, and say where they come from", () => {
    const secret = yaml.split("---\n").find((document) => document.includes("kind: Secret"));
    assert.equal(
      secret,
      `# Needs stringData with the keys of twofold.values, and these secrets in their places:
# shop/password: any 24 letters and digits, the same wherever it is named
# shop/token: shopToken of the stack's configuration

apiVersion: v1
kind: Secret
metadata:
  annotations:
    twofold.values: |-
      TOKEN: <shop/token>
      dsn.7e326c70: postgres://app:<shop/password>@db\\nmore
  labels:
    app.kubernetes.io/managed-by: twofold
    app.kubernetes.io/name: api
    app.kubernetes.io/part-of: shop
  name: api
  namespace: shop
type: Opaque
`,
    );
  });

  it("begin with what they are, and with what was left out and why", () => {
    assert.match(
      yaml,
      /^# shop, rendered for the namespace shop\n# gone is left out: nobody builds it\n---\napiVersion/,
    );
  });
});
