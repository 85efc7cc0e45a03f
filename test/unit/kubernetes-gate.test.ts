import assert from "node:assert/strict";
import { image, kubernetesModelOf, podOf, templateOf } from "../support/kubernetes";
import { againstRestricted } from "../support/pod-security";

describe("a start gate", () => {
  const gateOf = (
    wait?: "healthy" | "started" | "completed" | "none",
    kind: "service" | "job" = "service",
    available = true,
  ) => {
    const model = kubernetesModelOf(
      (shop) => {
        const probes = { ready: { tcp: { port: "http" } } };
        const db = shop.service("db", { image: "db:1", kind, ports: { http: { number: 80 } }, probes });
        shop.service("api", { image }).connectsTo(db, wait === undefined ? {} : { wait });
      },
      {
        gateImage: "gate:1",
        resolveImage: (given) =>
          given === "db:1" && !available
            ? { kind: "unavailable", because: "there is none" }
            : { kind: "image", reference: typeof given === "string" ? `registry/${given}` : "" },
      },
    );
    const [api] = model.services
      .filter(({ name }) => name === "api")
      .flatMap(({ manifests }) => manifests.flatMap((each) => templateOf(each) ?? []));
    const services = model.services.flatMap(({ manifests }) => manifests.filter(({ kind }) => kind === "Service"));
    return { gate: api?.spec.initContainers, services: services.map(({ metadata }) => metadata.name) };
  };

  it("waits for the headless names of what the service waits for", () => {
    const { gate, services } = gateOf();
    assert.equal(gate?.length, 1);
    assert.deepEqual(gate?.[0]?.args, ["db-pods"]);
    assert.equal(gate?.[0]?.image, "registry/gate:1");
    assert.deepEqual(services, ["db", "db-pods"]);
    assert.deepEqual(gateOf("started").gate?.[0]?.args, ["db-pods"]);
  });

  it("is as confined as the service", () => {
    const [gate] = gateOf().gate ?? [];
    const pod = podOf({});
    assert.ok(gate);
    assert.deepEqual(againstRestricted({ ...pod, initContainers: [gate] }), []);
    assert.equal(gate.securityContext.readOnlyRootFilesystem, true);
  });

  it("is not there when there is nothing to wait for that could be seen", () => {
    assert.deepEqual(gateOf("none"), { gate: undefined, services: ["db"] });
    for (const wait of ["completed", "started"] as const)
      assert.deepEqual(gateOf(wait, "job"), { gate: undefined, services: ["db"] });
    assert.equal(gateOf("healthy", "service", false).gate, undefined);
  });
});
