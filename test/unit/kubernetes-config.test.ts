import assert from "node:assert/strict";
import fc from "fast-check";
import type { ServiceSpec } from "../../components/core/spec";
import type { SystemBuilder } from "../../components/core/system";
import { text } from "../../components/core/value";
import { dataKey } from "../../components/targets/kubernetes/names";
import { image, kubernetesModelOf, manifestsOfService, named, only, podOf, templateOf } from "../support/kubernetes";

describe("files on Kubernetes", () => {
  const conf = dataKey("/etc/api/api.conf");
  const dsn = dataKey("/run/secrets/dsn");
  const manifests =
    kubernetesModelOf((shop) => {
      const password = shop.secret("password");
      shop.service("api", {
        image,
        files: [
          { path: "/etc/api/api.conf", content: "a = 1\n" },
          { path: "/run/secrets/dsn", content: text`pw=${password}`, mode: 0o400 },
        ],
      });
    }).services[0]?.manifests ?? [];

  it("are in a ConfigMap, and in a Secret when they hold a secret, which is a reference still", () => {
    assert.deepEqual(only(manifests, "ConfigMap").data, { [conf]: "a = 1\n" });
    assert.deepEqual(JSON.parse(JSON.stringify(only(manifests, "Secret").stringData)), {
      [dsn]: { text: ["pw=", { secret: "shop/password" }] },
    });
  });

  it("are mounted one by one with their modes, so that the image's own stay beside them", () => {
    const pod = templateOf(only(manifests, "Deployment"))?.spec;
    assert.deepEqual(pod?.volumes, [
      { name: "files", configMap: { name: "api", items: [{ key: conf, path: conf, mode: 0o444 }] } },
      { name: "secret-files", secret: { secretName: "api", items: [{ key: dsn, path: dsn, mode: 0o400 }] } },
    ]);
    assert.deepEqual(pod?.containers[0].volumeMounts, [
      { name: "files", mountPath: "/etc/api/api.conf", subPath: conf, readOnly: true },
      { name: "secret-files", mountPath: "/run/secrets/dsn", subPath: dsn, readOnly: true },
    ]);
  });

  it("have keys that tell paths apart and that Kubernetes takes", () => {
    assert.equal(dataKey("/etc/api/api.conf"), "api.conf.a1084a35");
    assert.match(dataKey("/etc/..hidden name"), /^hidden_name\.[0-9a-f]{8}$/);
    const path = fc.stringMatching(/^(\/[a-z.ä _-]{1,6}){1,3}$/);
    fc.assert(
      fc.property(path, path, (a, b) => {
        assert.match(dataKey(a), /^[-._a-zA-Z0-9]{1,253}$/);
        assert.equal(dataKey(a).startsWith(".."), false);
        assert.equal(dataKey(a) === dataKey(b), a === b);
      }),
    );
  });
});

describe("the mark of a pod's content", () => {
  const markOf = (spec: Partial<ServiceSpec>, rotation = 0, also: (shop: SystemBuilder) => void = () => undefined) => {
    const { services } = kubernetesModelOf((shop) => {
      const password = shop.secret("password", { generated: { rotation } });
      also(shop);
      shop.service("api", { image, env: { PASSWORD: password }, ...spec });
    });
    const template = services.flatMap(({ manifests }) => manifests.flatMap((each) => templateOf(each) ?? []))[0];
    return template?.metadata.annotations?.["twofold.content"];
  };
  const file = (content: string) => ({ files: [{ path: "/etc/api/a", content }] });

  it("changes with a file and with a rotation, so that pods are made anew, and with nothing else", () => {
    const marks = [markOf({}), markOf({}, 1), markOf(file("a")), markOf(file("b"))];
    for (const mark of marks) assert.match(mark ?? "", /^[0-9a-f]{16}$/);
    assert.equal(new Set(marks).size, 4);
    assert.equal(
      markOf({}, 0, (shop) => void shop.secret("other")),
      markOf({}),
    );
  });

  it("is not there where there is neither file nor secret", () => {
    assert.equal(markOf({ env: {} }), undefined);
  });
});

describe("volumes on Kubernetes", () => {
  it("are claims that outlive the pods of a service, with a mark when they are to outlive the stack", () => {
    const volumes = { data: { path: "/data", sizeMiB: 64 }, logs: { path: "/logs", keep: true } };
    const manifests = manifestsOfService({ volumes });
    assert.deepEqual(only(manifests, "PersistentVolumeClaim", "api.data").spec, {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "64Mi" } },
    });
    assert.equal(only(manifests, "PersistentVolumeClaim", "api.data").metadata.annotations, undefined);
    assert.deepEqual(only(manifests, "PersistentVolumeClaim", "api.logs").metadata.annotations, {
      "twofold.keep": "true",
    });
    const kept = manifestsOfService({ volumes }, { keepVolumes: true });
    assert.ok(only(kept, "PersistentVolumeClaim", "api.data").metadata.annotations);
  });

  it("are as many as described, and a stateful service's come from its templates", () => {
    assert.deepEqual(named(manifestsOfService({}), "PersistentVolumeClaim"), []);
    assert.equal(podOf({ kind: "stateful", volumes: { data: { path: "/data" } } }).volumes, undefined);
  });
});
