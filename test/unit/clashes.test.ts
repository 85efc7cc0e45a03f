import assert from "node:assert/strict";
import { defineSystem } from "../../components/builder";
import type { SystemDefinition } from "../../components/core/system";
import { type DockerOptions, docker } from "../../components/targets/docker/docker";
import { type RenderingOptions, renderOptions } from "../../components/targets/kubernetes/options";
import { renderKubernetes } from "../../components/targets/kubernetes/render";
import { parseStack } from "../../config/read";
import { createResolver } from "../../images/resolve";
import { dockerClashes, kubernetesClashes } from "../../systems/clashes";
import { dockerOptions } from "../../systems/docker";
import { planSystems } from "../../systems/plan";

type Exposure = "loopback" | "public";

const system = (name: string, hostNumber = 80, exposure: Exposure = "loopback", protocol: "tcp" | "udp" = "tcp") =>
  defineSystem(name, (described) => {
    const web = described.service("web", {
      image: "example/web:1.0.0",
      ports: { http: { number: 80, hostNumber, exposure, protocol } },
    });
    described.service("asker", { image: "example/asker:1.0.0" }).connectsTo(web);
  });

const onDocker = (...given: readonly (readonly [SystemDefinition, DockerOptions])[]): readonly string[] =>
  dockerClashes(given.map(([definition, options]) => docker(options).render(definition.plan()))).map(
    ({ path, given, remedy }) => `${path}: ${given}; ${remedy}`,
  );

const inCluster = (...given: readonly (readonly [SystemDefinition, RenderingOptions])[]): readonly string[] =>
  kubernetesClashes(
    given.map(([definition, options]) => renderKubernetes(definition.plan(), renderOptions(definition.name, options))),
  ).map(({ path, given, remedy }) => `${path}: ${given}; ${remedy}`);

const [east, west] = [{ subnets: "10.1.0.0/20" }, { subnets: "10.1.16.0/20" }];

describe("systems of one stack", () => {
  it("have nothing in common where each has its own ports and addresses", () => {
    assert.deepEqual(
      onDocker([system("shop"), { ...east, hostPortBase: 1000 }], [system("mill"), { ...west, hostPortBase: 2000 }]),
      [],
    );
  });

  const same =
    "hostPortBase.mill: gives web the port 1080 of the host, which shop gives to web; " +
    "choose another base: pulumi config set --path hostPortBase.mill 2000";
  const ports: readonly (readonly [string, SystemDefinition, readonly string[]])[] = [
    ["the same", system("mill", 80), [same]],
    ["the same on every address", system("mill", 80, "public"), [same]],
    ["another one", system("mill", 81), []],
    ["the same of another protocol", system("mill", 80, "loopback", "udp"), []],
  ];
  for (const [what, mill, expected] of ports)
    it(`are told of a port of the host that both want: ${what} [S5-40]`, () => {
      const base = { hostPortBase: 1000 };
      assert.deepEqual(onDocker([system("shop"), { ...east, ...base }], [mill, { ...west, ...base }]), expected);
    });

  it("are told of addresses that both want", () => {
    const [first, ...others] = onDocker(
      [system("shop"), { subnets: "10.1.0.0/28", hostPortBase: 1000 }],
      [system("mill"), { subnets: "10.1.0.0/28", hostPortBase: 2000 }],
    );
    assert.match(
      first ?? "",
      /^systemSubnets\.mill: gives the network mill-\S+ 10\.1\.0\.\d+\/29, where shop has shop-\S+ with 10\.1\.0\.\d+\/29; give each system a block of its own, or leave the key out$/,
    );
    assert.equal(others.length, 1);
  });

  it("are told of names that both want", () => {
    assert.deepEqual(
      onDocker(
        [system("shop"), { ...east, hostPortBase: 1000, prefix: "x" }],
        [system("mill"), { ...west, hostPortBase: 2000, prefix: "x" }],
      ),
      ["network x-asker.web", "network x-edge", "container x-web", "container x-asker"].map(
        (what) => `namePrefix: makes the ${what} both shop's and mill's; choose a shorter prefix, or none`,
      ),
    );
  });

  it("are told of a namespace, and of a name behind the ingress, that both want", () => {
    const ingress = { domain: "example.org", namespace: "ingress" };
    const [shop, mill] = [system("shop", 80, "public"), system("mill", 80, "public")];
    assert.deepEqual(inCluster([shop, { namespace: "a", ingress }], [mill, { namespace: "b", ingress }]), []);
    assert.deepEqual(inCluster([shop, { namespace: "a", ingress }], [mill, { namespace: "a", ingress }]), [
      "namePrefix: makes the namespace a both shop's and mill's; choose a shorter prefix, or none",
      "namePrefix: makes the host name web-a.example.org both shop's and mill's; choose a shorter prefix, or none",
    ]);
  });
});

describe("a stack for tests", () => {
  it("has networks, volumes and a database of its own beside that of development [S1-52]", () => {
    const models = [
      parseStack({}),
      parseStack({ namePrefix: "test", subnets: "10.202.0.0/16", hostPortBase: '{"algo-trading":30000}' }),
    ].map((config, index) => {
      const [chosen] = planSystems(config);
      assert.ok(chosen);
      const resolve = createResolver("upstream");
      const model = docker(dockerOptions(chosen.name, config, resolve)).render(chosen.plan);
      return { ...model, system: `${model.system} ${index}` };
    });
    assert.deepEqual(dockerClashes(models), []);
    for (const { networks, services } of models) {
      assert.ok(networks.length > 10);
      assert.ok(services.find(({ name }) => name === "postgres")?.volumes.length === 1);
    }
  });
});
