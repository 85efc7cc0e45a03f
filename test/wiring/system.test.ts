import assert from "node:assert/strict";
import { mock } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceOutline } from "../../components/core/outline";
import { defineSystem, type SystemDefinition } from "../../components/core/system";
import { text } from "../../components/core/value";
import { Service, System, type SystemArgs } from "../../components/system";
import { isSecret, leaks, markerOf, only, type Recorded, type Rendered, render, revealed } from "../support/mocks";
import { notes, notesWithout, noteType } from "../support/notes";

const types = {
  system: "twofold:index:System",
  service: "twofold:index:Service",
  password: "random:index/randomPassword:RandomPassword",
};

const configured = "marker-of-the-payments-key";

const shop: SystemDefinition = defineSystem("shop", (system) => {
  const password = system.secret("db-password", { generated: { rotation: 2, length: 40 } });
  const key = system.secret("payments-key", { config: "paymentsKey" });
  system.secret("unused");
  const db = system.service("db", {
    image: "db:1",
    kind: "stateful",
    replicas: 3,
    env: { PASSWORD: password },
    ports: { sql: { number: 5432 } },
  });
  const api = system.service("api", {
    image: "api:1",
    env: { KEY: text`key=${key}` },
    files: [{ path: "/etc/api.conf", content: text`contents of ${key}` }],
    ports: { http: { number: 80 } },
  });
  api.connectsTo(db, { env: () => ({ PASSWORD: password }) });
  const growing = { replicas: 1, autoscale: { min: 1, max: 2, cpuPercent: 50 } };
  system.service("web", { image: "web:1", ...growing }).connectsTo(api);
});

const args: SystemArgs = {
  target: notes,
  configSecrets: (key) => (key === "paymentsKey" ? pulumi.output(configured) : undefined),
};

const deploy = (
  given: Partial<SystemArgs> = {},
  opts: pulumi.ComponentResourceOptions = {},
): Promise<Rendered<System>> => render(() => new System("mine", shop, { ...args, ...given }, opts));

const named = (resources: readonly Recorded[], type: string): readonly string[] =>
  resources.filter((resource) => resource.type === type).map(({ name }) => name);

describe("a system as Pulumi's component", () => {
  const warnings: { readonly message: string; readonly about: unknown }[] = [];

  before(() => {
    mock.method(pulumi.log, "warn", (message: string, about?: pulumi.Resource) => {
      warnings.push({ message, about: about && Reflect.get(about, "__name") });
      return Promise.resolve();
    });
  });

  beforeEach(() => {
    warnings.length = 0;
  });

  after(() => mock.restoreAll());

  it("has a component for each service, and the service's resources beneath it", async () => {
    const { resources } = await deploy();
    assert.deepEqual(resources.map(({ parent, name }) => `${parent} > ${name}`).sort(), [
      " > mine",
      "mine > mine-api",
      "mine > mine-db",
      "mine > mine-db-password",
      "mine > mine-web",
      "mine > note-of-all",
      "mine-api > note-of-api",
      "mine-db > note-of-db",
      "mine-web > note-of-web",
    ]);
    assert.deepEqual(named(resources, types.system), ["mine"]);
    assert.deepEqual(named(resources, types.service), ["mine-api", "mine-db", "mine-web"]);
  });

  it("registers its outputs, and so does each service", async () => {
    const { outputs, result } = await deploy();
    assert.deepEqual([...outputs.keys()].sort(), ["mine", "mine-api", "mine-db", "mine-web"]);
    const { outline, ...rest } = outputs.get("mine") ?? {};
    assert.deepEqual(Object.keys(outline as object), ["alerts", "connections", "externals", "scrapes"]);
    assert.deepEqual(rest, {
      target: "docker",
      endpoints: { "api/http": "note-of-db-id" },
      gaps: [
        { service: "db", feature: "replicas", level: "approximated", because: "a note is a note" },
        {
          service: "web",
          feature: "autoscale",
          level: "unsupported",
          because: "notes do not grow",
          instead: "write another note",
        },
      ],
      omitted: {},
    });
    assert.deepEqual(result.gaps, outputs.get("mine")?.["gaps"]);
  });

  it("shows what is described of each service, without a value that it is given", async () => {
    const { outputs } = await deploy();
    const { outline } = (outputs.get("mine-api") ?? {}) as { readonly outline: ServiceOutline };
    assert.deepEqual([outline.kind, outline.env], ["service", ["KEY", "PASSWORD"]]);
    assert.deepEqual(outline.files, [{ path: "/etc/api.conf", mode: 0o444, uid: 10001, gid: 10001 }]);
    assert.deepEqual(outline.waits, [{ service: "db", until: "started" }]);
    assert.doesNotMatch(JSON.stringify([...outputs.values()]), /key=|contents of/);
  });

  it("warns once for each kind of gap, with the services that have it", async () => {
    await deploy();
    assert.deepEqual(warnings, [
      { message: "on docker: replicas is approximated (a note is a note): db", about: "mine" },
      { message: "on docker: autoscale is unsupported (notes do not grow): web", about: "mine" },
    ]);
  });

  it("says what is left out, and why", async () => {
    const { result } = await deploy({ target: notesWithout("api", "there is no image here") });
    assert.deepEqual(result.omitted, { api: "there is no image here" });
    assert.deepEqual(warnings.at(-1), { message: "api is left out: there is no image here", about: "mine-api" });
  });

  it("deploys some services with what they wait for, and their secrets only", async () => {
    const { resources } = await deploy({ only: ["db"], configSecrets: () => undefined });
    assert.deepEqual(named(resources, types.service), ["mine-db"]);
    const { resources: more } = await deploy({ only: ["api"] });
    assert.deepEqual(named(more, types.service), ["mine-api", "mine-db"]);
  });

  describe("its secrets", () => {
    it("are generated once each, of the length and rotation that were asked for", async () => {
      const { resources } = await deploy();
      assert.deepEqual(named(resources, types.password), ["mine-db-password"]);
      assert.deepEqual(only(resources, types.password, "mine-db-password").inputs, {
        length: 40,
        special: false,
        keepers: { rotation: "2" },
      });
    });

    it("reach the target in their envelope and nothing else does it in clear", async () => {
      const { resources, outputs } = await deploy();
      const password = markerOf("mine-db-password");
      const { inputs } = only(resources, noteType, "note-of-api");
      assert.ok(isSecret(inputs["secrets"]));
      assert.deepEqual(revealed(inputs["secrets"]), [configured, password]);
      for (const marker of [configured, password])
        assert.deepEqual(
          [...resources.flatMap(({ inputs }) => leaks(inputs, marker)), ...leaks(Object.fromEntries(outputs), marker)],
          [],
        );
    });

    it("do not collide when one description is deployed twice", async () => {
      const { resources } = await render(() => [new System("blue", shop, args), new System("green", shop, args)]);
      assert.deepEqual(named(resources, types.password), ["blue-db-password", "green-db-password"]);
    });
  });

  describe("Pulumi's options", () => {
    it("protect reaches every child", async () => {
      const { resources } = await deploy({}, { protect: true });
      assert.deepEqual(
        resources.filter(({ protect }) => !protect).map(({ name }) => name),
        [],
      );
    });

    it("a provider reaches the resources of its package, and no others", async () => {
      const { resources } = await render(() => {
        class Notes extends pulumi.ProviderResource {}
        const provider = new Notes("notes", "my-notes", {});
        return new System("mine", shop, args, { providers: [provider] });
      });
      const chosen = resources.filter(({ provider }) => provider === "my-notes").map(({ name }) => name);
      assert.deepEqual(chosen, ["note-of-all", "note-of-api", "note-of-db", "note-of-web"]);
    });

    it("a parent and an alias are the system's own", async () => {
      const { resources } = await render(() => {
        const parent = new pulumi.ComponentResource("my:index:Everything", "everything");
        return new System("mine", shop, args, { parent, aliases: [{ name: "formerly" }] });
      });
      const system = only(resources, types.system, "mine");
      assert.equal(system.parent, "everything");
      assert.deepEqual(system.aliases, ["formerly"]);
    });

    it("a transformation sees every resource", async () => {
      const seen: string[] = [];
      const { resources } = await deploy(
        {},
        {
          transformations: [
            ({ name }) => {
              seen.push(name);
              return undefined;
            },
          ],
        },
      );
      assert.deepEqual(seen.sort(), resources.map(({ name }) => name).sort());
    });
  });
});

describe("a service on its own", () => {
  it("is a system of one, and its resources are its children", async () => {
    const { resources, outputs } = await render(
      () => new Service("cache", { image: "redis:7.4", ports: { redis: { number: 6379 } } }, { target: notes }),
    );
    assert.deepEqual(
      resources.map(({ type, name, parent }) => `${type} ${name} < ${parent}`),
      [`${noteType} note-of-all < cache`, `${noteType} note-of-cache < cache`, `${types.service} cache < `],
    );
    const { outline, ...rest } = outputs.get("cache") ?? {};
    assert.deepEqual(rest, {
      target: "docker",
      endpoints: { "api/http": "note-of-cache-id" },
      gaps: [],
      omitted: {},
    });
    assert.equal((outline as ServiceOutline).image, "redis:7.4");
  });
});
