import assert from "node:assert/strict";
import fc from "fast-check";
import { outlineOfService, outlineOfSystem } from "../../components/core/outline";
import { imageReference, programOf } from "../../policy/facts/image";
import { outlineAt, type ServiceOutline, type SystemOutline } from "../../policy/facts/outline";
import { pending } from "../../policy/facts/plain";
import { quantity } from "../../policy/facts/quantity";
import { isSecretValue, secretsInFile } from "../../policy/facts/secrets";
import { selects, selectsPlainly } from "../../policy/facts/selector";
import { resourcesIn } from "../../policy/facts/state";
import { planAlgoTrading } from "../support/algo-trading";
import { digest } from "./support/plain";

describe("an image reference", () => {
  const cases: Readonly<Record<string, readonly [string, string, string | undefined, string | undefined]>> = {
    redis: ["docker.io", "library/redis", undefined, undefined],
    "redis:7.0": ["docker.io", "library/redis", "7.0", undefined],
    "prom/prometheus:v2": ["docker.io", "prom/prometheus", "v2", undefined],
    "localhost/api": ["localhost", "api", undefined, undefined],
    "registry:5000/team/api:1": ["registry:5000", "team/api", "1", undefined],
    [`ghcr.io/a/b:1@${digest}`]: ["ghcr.io", "a/b", "1", digest],
    [digest]: ["", "", undefined, digest],
  };
  for (const [text, [registry, repository, tag, hash]] of Object.entries(cases))
    it(`${text.slice(0, 30)} has its parts`, () => {
      assert.deepEqual(imageReference(text), { registry, repository, tag, digest: hash });
    });

  it("names its program last", () => {
    assert.deepEqual(["postgres:15", "registry:5000/a/nats@sha256:0"].map(programOf), ["postgres", "nats"]);
  });
});

describe("a quantity", () => {
  it("is a number of cores or bytes", () => {
    const given = ["100m", "0.5", "2", "1k", "128Mi", "1Gi", "1G"].map(quantity);
    assert.deepEqual(given, [0.1, 0.5, 2, 1000, 134_217_728, 1_073_741_824, 1_000_000_000]);
  });

  it("is none where it is written otherwise", () => {
    assert.deepEqual(["", "1 Gi", "a", "1GiB"].map(quantity), [undefined, undefined, undefined, undefined]);
  });
});

describe("a secret", () => {
  const secrets: readonly (readonly [string, string])[] = [
    ["POSTGRES_PASSWORD", "x1"],
    ["apiKey", "x1"],
    ["X", "-----BEGIN PRIVATE KEY-----"],
    ["X", "redis://:hunter2@cache:6379"],
    ["X", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc"],
  ];
  for (const [name, value] of secrets) it(`is seen in ${name}=${value}`, () => assert.ok(isSecretValue(name, value)));

  const plain: readonly (readonly [string, string])[] = [
    ["POSTGRES_PASSWORD_FILE", "x1"],
    ["TOKEN_TTL", "60"],
    ["passwordFile", "db.txt"],
    ["SECRET_NAME", "db"],
    ["PASSWORD", "$(OTHER)"],
    ["PASSWORD", "[secret]"],
    ["PASSWORD", "/run/secrets/db"],
    ["COMPASS", "north"],
    ["X", "http://cache:6379/a@b"],
    ["X", "postgres://app:$PASSWORD@db/app"],
  ];
  for (const [name, value] of plain)
    it(`is not seen in ${name}=${value}`, () => assert.ok(!isSecretValue(name, value)));

  it("is seen in a line of a file by the name that it is set to", () => {
    const file = 'user: app\npassword: "hunter2x"\npassword_file: /run/x\n"token" = abcdef1\nsecret: $SECRET\n';
    assert.deepEqual(secretsInFile(file), ["password", "token"]);
  });
});

describe("a selector", () => {
  it("selects by all that it asks, and everything when it asks nothing", () => {
    const labels = { app: "api", tier: "back" };
    const expression = (operator: string, ...values: readonly string[]) => ({
      matchExpressions: [{ key: "app", operator, values }],
    });
    assert.deepEqual(
      [{}, { matchLabels: { app: "api" } }, { matchLabels: { app: "api", tier: "front" } }, undefined].map((each) =>
        selects(each, labels),
      ),
      [true, true, false, false],
    );
    assert.deepEqual(
      [
        expression("In", "api", "web"),
        expression("NotIn", "api"),
        expression("Exists"),
        expression("DoesNotExist"),
      ].map((each) => selects(each, labels)),
      [true, false, true, false],
    );
    assert.deepEqual([selectsPlainly({}, labels), selectsPlainly({ app: "api" }, labels)], [false, true]);
  });

  it("does not know where a label or itself is not known, unless another one decides", () => {
    assert.equal(selects({ matchLabels: { app: "api" } }, { app: pending }), pending);
    assert.equal(selects({ matchLabels: { app: "api", tier: "back" } }, { app: pending, tier: "front" }), false);
    assert.equal(selects({ matchLabels: { app: pending } }, { app: "api" }), pending);
  });

  it("selects what has its labels, whatever else it has", () => {
    const labels = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.stringMatching(/^[a-z]{1,5}$/), { minKeys: 1 });
    fc.assert(fc.property(labels, labels, (own, more) => selectsPlainly(own, { ...more, ...own }) === true));
  });
});

describe("an exported state", () => {
  it("is read without what only waits for its deletion", () => {
    const urn = "urn:pulumi:dev::shop::docker:index/volume:Volume::data";
    const resource = {
      urn,
      type: "docker:index/volume:Volume",
      parent: "urn:pulumi:dev::shop::twofold:index:Service::db",
      inputs: { name: "data" },
      outputs: { mountpoint: "/d" },
    };
    const exported = {
      deployment: {
        resources: [
          { ...resource, retainOnDelete: true },
          { ...resource, delete: true },
        ],
      },
    };
    assert.deepEqual(resourcesIn(exported), [{ ...resource, name: "data", isProtected: false, isRetained: true }]);
    assert.deepEqual(resourcesIn({}), []);
  });
});

describe("the outlines that rules read", () => {
  const plan = planAlgoTrading();

  it("are those that components show", () => {
    const system: SystemOutline = outlineOfSystem(plan);
    const services: readonly ServiceOutline[] = plan.services.map(outlineOfService);
    const resource = { type: "", name: "", urn: "", inputs: {}, outputs: { outline: system } };
    assert.deepEqual(outlineAt<SystemOutline>(resource)?.connections, plan.connections);
    assert.equal(services.find(({ name }) => name === "postgres")?.kind, "stateful");
  });

  it("are none where a component shows none, or a preview does not know it", () => {
    for (const outputs of [undefined, {}, { outline: pending }])
      assert.equal(outlineAt({ type: "", name: "", urn: "", inputs: {}, outputs }), undefined);
  });
});
