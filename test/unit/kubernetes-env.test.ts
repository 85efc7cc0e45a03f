import assert from "node:assert/strict";
import type { ServiceSpec } from "../../components/core/spec";
import { type SecretRef, text } from "../../components/core/value";
import { containerOf, image, kubernetesModelOf, only, templateOf } from "../support/kubernetes";

describe("variables on Kubernetes", () => {
  const envOf = (env: (secret: SecretRef) => ServiceSpec["env"]) => {
    const model = kubernetesModelOf((shop) => {
      shop.service("api", { image, env: env(shop.secret("db-password")) });
    });
    const manifests = model.services[0]?.manifests ?? [];
    return { env: templateOf(only(manifests, "Deployment"))?.spec.containers[0].env, manifests };
  };

  it("are literal, so that nothing in them is expanded", () => {
    assert.deepEqual(envOf(() => ({ PRICE: "$(HOME) costs $$5, or 5$" })).env, [
      { name: "PRICE", value: "$$(HOME) costs $$$$5, or 5$$" },
    ]);
    const { command, args } = containerOf({ command: ["sh", "-c", "echo $(date) $HOME"], args: ["$$"] });
    assert.deepEqual(command, ["sh", "-c", "echo $$(date) $$HOME"]);
    assert.deepEqual(args, ["$$$$"]);
  });

  it("take what has a secret in it from the service's own Secret, where there is only what the service is given", () => {
    const { env, manifests } = envOf((password) => ({
      PASSWORD: password,
      MODE: "fast",
      DSN: text`app:$${password}@db/$(x)`,
    }));
    assert.deepEqual(env, [
      { name: "DSN", valueFrom: { secretKeyRef: { name: "api", key: "DSN" } } },
      { name: "MODE", value: "fast" },
      { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "api", key: "PASSWORD" } } },
    ]);
    const { stringData } = only(manifests, "Secret");
    assert.deepEqual(JSON.parse(JSON.stringify(stringData)), {
      DSN: { text: ["app:$", { secret: "shop/db-password" }, "@db/$(x)"] },
      PASSWORD: { secret: "shop/db-password" },
    });
  });

  it("are those of the plan and no others", () => {
    const { env } = envOf((password) => ({ ONE: text`1${password}`, TWO: text`2${password}`, THREE: password }));
    assert.deepEqual(
      env?.map(({ name }) => name),
      ["ONE", "THREE", "TWO"],
    );
  });
});
