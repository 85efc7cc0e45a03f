import assert from "node:assert/strict";
import { type Made, objectFinding, objectOf, scaledIn } from "../../drift/kubernetes";
import { type Resource, resourcesIn, Secret } from "../../drift/state";

const at = "2026-01-02T03:04:05Z";
const own = { manager: "twofold", operation: "Apply", fieldsV1: { "f:spec": { "f:replicas": {} } } };

function made(kind: string, content: object): Made {
  const metadata = { name: "api", namespace: "shop", annotations: { "pulumi.com/patchForce": "true" } };
  const resource = {
    type: `kubernetes:apps/v1:${kind}`,
    inputs: { apiVersion: "apps/v1", kind, metadata, ...content },
  };
  const object = objectOf(resource as unknown as Resource);
  assert.ok(object);
  return object;
}

function live(content: object, managedFields: readonly object[] = [], rest: object = {}): object {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "api", namespace: "shop", uid: "1", managedFields, ...rest },
    ...content,
  };
}

const changes = (of: Made, found: unknown, scaled: ReadonlySet<string> = new Set()) => {
  const finding = objectFinding("urn", of, found, scaled);
  return finding?.differences;
};

describe("an object of a cluster", () => {
  const deployment = made("Deployment", {
    spec: { replicas: 2, template: { spec: { containers: [{ name: "api", env: [{ name: "A", value: "1" }] }] } } },
  });
  const asMade = {
    spec: {
      replicas: 2,
      template: { spec: { containers: [{ name: "api", env: [{ name: "A", value: "1" }], image: "x" }] } },
    },
  };

  it("is as it was made with defaults, with what controllers add, and with a status", () => {
    const managed = [
      own,
      {
        manager: "kube-controller-manager",
        operation: "Update",
        fieldsV1: { "f:metadata": { "f:annotations": { "f:deployment.kubernetes.io/revision": {} } } },
      },
      { manager: "probe", operation: "Update", subresource: "status", fieldsV1: { "f:status": { "f:x": {} } } },
    ];
    const found = live({ ...asMade, status: { x: 1 } }, managed, {
      annotations: { "deployment.kubernetes.io/revision": "1" },
    });
    assert.equal(objectFinding("urn", deployment, found, new Set()), undefined);
  });

  it("is missing, also when it is about to be", () => {
    const missing = { urn: "urn", what: "Deployment api", is: "missing", differences: [] };
    assert.deepEqual(objectFinding("urn", deployment, undefined, new Set()), missing);
    const ending = live(asMade, [own], { deletionTimestamp: at });
    assert.deepEqual(objectFinding("urn", deployment, ending, new Set()), missing);
  });

  it("names who has scaled it, and when", () => {
    const scale = {
      manager: "kubectl",
      operation: "Update",
      subresource: "scale",
      time: at,
      fieldsV1: { "f:spec": { "f:replicas": {} } },
    };
    const found = live({ spec: { ...asMade.spec, replicas: 5 } }, [scale]);
    assert.deepEqual(changes(deployment, found), [
      { path: "spec.replicas", made: "2", found: "5", by: "kubectl (scale)", at },
    ]);
  });

  it("leaves the number of pods to its autoscaler", () => {
    const scaled = scaledIn([
      {
        inputs: { kind: "HorizontalPodAutoscaler", spec: { scaleTargetRef: { kind: "Deployment", name: "api" } } },
      } as unknown as Resource,
    ]);
    assert.equal(changes(deployment, live({ spec: { ...asMade.spec, replicas: 5 } }, [own]), scaled), undefined);
  });

  it("names what somebody has added inside a list, changed in it, or taken out of it", () => {
    const fields = (key: string) => ({
      "f:spec": {
        "f:template": {
          "f:spec": {
            "f:containers": { 'k:{"name":"api"}': { "f:env": { [key]: { ".": {}, "f:name": {}, "f:value": {} } } } },
          },
        },
      },
    });
    const withEnv = (...env: readonly object[]) =>
      live({ spec: { replicas: 2, template: { spec: { containers: [{ name: "api", env }] } } } }, [
        own,
        { manager: "kubectl-edit", operation: "Update", time: at, fieldsV1: fields('k:{"name":"B"}') },
      ]);
    const path = "spec.template.spec.containers[api].env";
    assert.deepEqual(changes(deployment, withEnv({ name: "A", value: "1" }, { name: "B", value: "2" })), [
      { path: `${path}[B].name`, made: undefined, found: '"B"', by: "kubectl-edit", at },
      { path: `${path}[B].value`, made: undefined, found: '"2"', by: "kubectl-edit", at },
    ]);
    assert.deepEqual(changes(deployment, withEnv({ name: "A", value: "9" }))?.[0], {
      path: `${path}[A].value`,
      made: '"1"',
      found: '"9"',
    });
    const gone = { path: `${path}[A]`, made: '{"name":"A","value":"1"}', found: undefined };
    assert.deepEqual(changes(deployment, withEnv())?.[0], gone);
  });

  it("shows no value of a Secret, neither one that is described nor one that was added", () => {
    const secret = made("Secret", { stringData: { password: new Secret("hunter2") } });
    const managed = [
      {
        manager: "kubectl-edit",
        operation: "Update",
        time: at,
        fieldsV1: { "f:data": { "f:password": {}, "f:more": {} } },
      },
    ];
    const encoded = (text: string) => Buffer.from(text).toString("base64");
    const found = {
      ...live({ data: { password: encoded("changed"), more: encoded("added") } }, managed),
      kind: "Secret",
    };
    assert.deepEqual(changes(secret, found), [
      { path: "data.password", made: "[secret]", found: "[secret]", by: "kubectl-edit", at },
      { path: "data.more", made: undefined, found: "[secret]", by: "kubectl-edit", at },
    ]);
    const same = { ...live({ data: { password: encoded("hunter2") } }, [own]), kind: "Secret" };
    assert.equal(changes(secret, same), undefined);
    // the provider may write down what it has encoded
    assert.equal(changes(made("Secret", { data: { password: new Secret(encoded("hunter2")) } }), same), undefined);
  });
});

describe("an exported state", () => {
  it("gives what is there, with its secrets apart, and without what is about to go", () => {
    const mark = "4dabf18193072939515e22adb298388d";
    const secret = (value: unknown) => ({
      [mark]: "1b47061264138c4ac30d75fd1eb44270",
      plaintext: JSON.stringify(value),
    });
    const resources = [
      { urn: "stack", type: "pulumi:pulumi:Stack", custom: false },
      { urn: "gone", type: "t", custom: true, delete: true },
      { urn: "read", type: "t", custom: true, external: true },
      { urn: "one", type: "t", custom: true, id: "1", inputs: { a: secret({ b: ["x"] }), c: [secret("y"), "z"] } },
    ];
    const [one, ...others] = resourcesIn(JSON.stringify({ version: 3, deployment: { resources } }));
    assert.deepEqual(others, []);
    assert.deepEqual(one?.inputs, { a: { b: [new Secret("x")] }, c: [new Secret("y"), "z"] });
  });

  it("of a stack that never was up has nothing", () => {
    assert.deepEqual(resourcesIn('{"version":3,"deployment":{"manifest":{}}}'), []);
  });
});
