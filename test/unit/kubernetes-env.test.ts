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

  it("take a secret from the service's own Secret, where there is only what the service is given", () => {
    const { env, manifests } = envOf((password) => ({ PASSWORD: password, MODE: "fast" }));
    assert.deepEqual(env, [
      { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "api", key: "db-password" } } },
      { name: "MODE", value: "fast" },
    ]);
    const { stringData } = only(manifests, "Secret");
    assert.deepEqual(JSON.parse(JSON.stringify(stringData)), { "db-password": { secret: "shop/db-password" } });
  });

  it("are put together from a secret by expansion, after a variable that holds it", () => {
    const { env } = envOf((password) => ({ DSN: text`app:$${password}@db/$x` }));
    assert.deepEqual(env, [
      { name: "SECRET_DB_PASSWORD", valueFrom: { secretKeyRef: { name: "api", key: "db-password" } } },
      { name: "DSN", value: "app:$$$(SECRET_DB_PASSWORD)@db/$$x" },
    ]);
  });

  it("use a variable that holds the secret already, and take nobody's name", () => {
    const first = envOf((password) => ({ PW: password, DSN: text`app:${password}@db` })).env;
    assert.deepEqual(
      first?.map(({ name }) => name),
      ["PW", "DSN"],
    );
    assert.deepEqual(first?.[1], { name: "DSN", value: "app:$(PW)@db" });
    const second = envOf((password) => ({ SECRET_DB_PASSWORD: "mine", DSN: text`app:${password}@db` })).env;
    assert.deepEqual(
      second?.map(({ name }) => name),
      ["_SECRET_DB_PASSWORD", "DSN", "SECRET_DB_PASSWORD"],
    );
  });
});
