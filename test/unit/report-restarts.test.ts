import assert from "node:assert/strict";
import type { ServiceSpec } from "../../components/core/spec";
import type { SystemBuilder } from "../../components/core/system";
import { type Item, previewEvents } from "../support/engine-events";
import { previewOf, stackOf } from "../support/previews";
import { images, shop } from "../support/shop";

/** One service before and after its image is another one. */
const restarted = (target: "docker" | "kubernetes", spec: Partial<ServiceSpec>) => {
  const api = (image: string) => (system: SystemBuilder) => void system.service("api", { image, ...spec });
  const [restart] = stackOf(previewOf(api("shop/api:1"), api("shop/api:2"), target)).restarts;
  return (
    restart && [restart.copies?.join(" of ") ?? restart.how, restart.pauseSeconds?.least, restart.pauseSeconds?.most]
  );
};

const ready = { exec: ["true"], periodSeconds: 10, timeoutSeconds: 5, failures: 3 };
const timing = { probes: { ready, startupSeconds: 60 }, shutdown: { graceSeconds: 20 } };
const gap = "stopFirst";
const none = "startFirst";
const data = { volumes: { data: { path: "/data" } } };

interface Case {
  readonly spec: Partial<ServiceSpec>;
  readonly docker: ReturnType<typeof restarted>;
  readonly kubernetes: ReturnType<typeof restarted>;
}

const cases: Readonly<Record<string, Case>> = {
  // 20 to stop, 60 to start in, then four checks of 15 that may all fail but the last
  "that starts its successor first": { spec: timing, docker: [gap, 5, 140], kubernetes: [none, 0, 0] },
  "with a quick check": {
    spec: { ...timing, probes: { ready: { ...ready, periodSeconds: 2 }, startupSeconds: 0 } },
    docker: [gap, 2, 48],
    kubernetes: [none, 0, 0],
  },
  "without a check": { spec: { shutdown: { graceSeconds: 20 } }, docker: [gap, 0, 20], kubernetes: [none, 0, 0] },
  "that stops first": {
    spec: { ...timing, update: { order: "stopFirst" } },
    docker: [gap, 5, 140],
    kubernetes: [gap, 0, 140],
  },
  "of three that stops one first": {
    spec: { ...timing, replicas: 3, update: { order: "stopFirst" } },
    docker: [gap, 5, 140],
    kubernetes: ["1 of 3", 0, 0],
  },
  "that may not be there twice": {
    spec: { ...timing, singleton: true },
    docker: [gap, 5, 140],
    kubernetes: [gap, 0, 140],
  },
  "with a volume": { spec: { ...timing, ...data }, docker: [gap, 5, 140], kubernetes: [gap, 0, 140] },
  "with data of its own": {
    spec: { ...timing, ...data, kind: "stateful" },
    docker: [gap, 5, 140],
    kubernetes: [gap, 0, 140],
  },
  "with three times data of its own": {
    spec: { ...timing, ...data, kind: "stateful", replicas: 3 },
    docker: [gap, 5, 140],
    kubernetes: ["1 of 3", 0, 0],
  },
  "that is a job": {
    spec: { kind: "job" },
    docker: ["runsAgain", undefined, undefined],
    kubernetes: ["runsAgain", undefined, undefined],
  },
};

describe("what a restart means for a service", () => {
  for (const [name, { spec, docker, kubernetes }] of Object.entries(cases)) {
    it(`${name} on Docker`, () => assert.deepEqual(restarted("docker", spec), docker));
    it(`${name} on Kubernetes`, () => assert.deepEqual(restarted("kubernetes", spec), kubernetes));
  }

  it("of which one runs by a schedule", () => {
    const cron = { kind: "cron", schedule: "0 3 * * *" } as const;
    assert.deepEqual(restarted("kubernetes", cron), ["nextRun", undefined, undefined]);
  });

  it("is not known of a workload that no description tells about", () => {
    const spec = (image: string) => ({
      strategy: { type: "Recreate" },
      template: { spec: { containers: [{ image }] } },
    });
    const items = (image: string) => [
      { type: "kubernetes:apps/v1:Deployment", name: "x", inputs: { spec: spec(image) } },
    ];
    const { restarts } = stackOf({ stack: "dev", events: previewEvents(items("a:1"), items("a:2")) });
    assert.deepEqual(restarts, [{ service: "x", how: gap, step: 1 }]);
  });
});

describe("which services restart", () => {
  const chain =
    (changed: readonly string[]) =>
    (system: SystemBuilder): void => {
      const image = (name: string): string => `shop/${name}:${changed.includes(name) ? 2 : 1}`;
      const offers = { ports: { main: { number: 80 } }, provides: { main: { port: "main" } } } as const;
      const db = system.service("db", { image: image("db"), ...offers });
      const api = system.service("api", { image: image("api"), ...offers });
      const web = system.service("web", { image: image("web") });
      api.connectsTo(db);
      web.connectsTo(api);
    };
  const order = (...changed: readonly string[]) =>
    stackOf(previewOf(chain([]), chain(changed))).restarts.map(({ service, step }) => `${step} ${service}`);

  it("is said in the order in which they wait for each other", () => {
    assert.deepEqual(order("web", "api", "db"), ["1 db", "2 api", "3 web"]);
    assert.deepEqual(order("web", "db"), ["1 db", "2 web"]);
    assert.deepEqual(order("web"), ["1 web"]);
    assert.deepEqual(order(), []);
  });

  it("leaves out those of which copies come or go", () => {
    const copies = (replicas: number) => shop({ web: { replicas } });
    assert.deepEqual(stackOf(previewOf(copies(2), copies(3))).restarts, []);
    assert.deepEqual(stackOf(previewOf(copies(2), copies(3), "kubernetes")).restarts, []);
  });

  it("leaves out containers that only hold files for others", () => {
    const carrier = (label: string): Item => ({
      ...{ type: "docker:index/container:Container", name: "api.files" },
      inputs: {
        labels: [
          { label: "twofold.carrier", value: "api" },
          { label, value: "" },
        ],
      },
    });
    assert.deepEqual(stackOf({ stack: "dev", events: previewEvents([carrier("a")], [carrier("b")]) }).restarts, []);
  });
});

describe("which images are exchanged", () => {
  it("is said with both digests, once for each service", () => {
    const changed = stackOf(
      previewOf(shop({ web: { replicas: 3 } }), shop({ web: { replicas: 3 }, webImage: images.new })),
    );
    assert.deepEqual(changed.images, [
      {
        ...{ system: "shop", service: "web", old: "shop/web:1.4.2", new: "shop/web:1.5.0" },
        ...{ oldDigest: `sha256:${"a".repeat(64)}`, newDigest: `sha256:${"b".repeat(64)}` },
      },
    ]);
  });

  it("takes a digest that the reference lacks from what Docker has pulled", () => {
    const digest = `sha256:${"c".repeat(64)}`;
    const pulled = { type: "docker:index/remoteImage:RemoteImage", name: "web", inputs: { name: "web:1" } };
    const items = (image: string): Item[] => [
      { ...pulled, outputs: { name: "web:1", repoDigest: `web@${digest}` } },
      { type: "docker:index/container:Container", name: "web", inputs: { image } },
    ];
    const { images: changed } = stackOf({ stack: "dev", events: previewEvents(items("web:1"), items("web:2")) });
    assert.deepEqual(changed, [{ old: "web:1", oldDigest: digest, new: "web:2" }]);
  });

  it("is the same for every container of a pod", () => {
    const spec = (...[a, b]: readonly string[]) => ({
      spec: {
        template: { spec: { initContainers: [{ name: "gate", image: a }], containers: [{ name: "main", image: b }] } },
      },
    });
    const item = (inputs: object): Item[] => [
      { type: "kubernetes:apps/v1:Deployment", name: "x", inputs: { ...inputs } },
    ];
    const events = previewEvents(item(spec("gate:1", "main:1")), item(spec("gate:2", "main:2")));
    assert.deepEqual(
      stackOf({ stack: "dev", events }).images.map((change) => `${change.old} ${change.new}`),
      ["gate:1 gate:2", "main:1 main:2"],
    );
  });
});
