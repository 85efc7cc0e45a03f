import assert from "node:assert/strict";
import { mock } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "../../policy/facts/stack";
import type { Settings } from "../../policy/rules/rule";
import { manifestsOfProduction, settingsThatComeAlong, stackThatComesAlong } from "./support/algo-trading";
import { type Found, foundIn } from "./support/found";
import { settings } from "./support/plain";

const stores = ["postgres", "redis", "redis-streams"];
const storesInDevelopment = ["alertmanager", "grafana", "prometheus", ...stores].sort();
const singles = [
  "nginx",
  "order-execution",
  "postgres-exporter",
  "redis-exporter",
  "redis-streams-exporter",
  "risk-manager",
];

/** On a developer's machine, where rules advise. */
const inDevelopment: Found = {
  // the numbers that images are made for
  "high-uid": ["adminer", "grafana", "postgres", "redis", "redis-commander", "redis-streams"],
  // what is built here has no registry that could give it a digest; its tag is a hash of its recipe
  "image-digest": [
    ...["adminer", "alertmanager", "cadvisor", "grafana", "market-data", "node-exporter", "order-execution"],
    ...["postgres", "postgres-exporter", "prometheus", "redis", "redis-commander", "redis-exporter"],
    ...["redis-streams", "redis-streams-exporter", "risk-manager", "trading-bot"],
  ],
  // sources for hot reload
  "no-host-path": ["market-data", "order-execution", "risk-manager", "trading-bot"],
  // the image's group, which its files belong to
  "no-root-group": ["grafana"],
  // no description can state a backup yet
  "stateful-has-backup": storesInDevelopment,
  // keepVolumes is off, so that `make down` leaves nothing behind
  "stateful-protected": [...storesInDevelopment.map((name) => `${name}.data`), "trading-bot.logs"].sort(),
};

/** In production, where what watches the system is the cluster's. */
const inProduction: Found = {
  // stores ask for what they need on an ordinary day, so that they fit the node of `make cluster`
  "guaranteed-for-stateful": stores,
  "high-uid": ["nginx", "postgres", "redis", "redis-streams"],
  // none of them is a singleton by its description, and none is in the way of trading for the seconds of an update
  "min-replicas": singles,
  // a quota is the cluster's to give
  "namespace-quota": [""],
  // priority classes are the cluster's
  "priority-class": [...stores, ...singles, "market-data", "trading-bot"].sort(),
  "stateful-has-backup": stores,
  // keepVolumes is off
  "stateful-protected": stores.map((name) => `volume-data-${name}-0`).sort(),
};

const found = (stack: Stack, given: Settings): Found => foundIn("algo-trading", stack, given);

describe("algo-trading under the rules", () => {
  before(() => void mock.method(pulumi.log, "warn", () => Promise.resolve()));
  after(() => mock.restoreAll());

  it("goes against none in development but knowingly, and by the host agents' exemptions", async () => {
    const stack = await stackThatComesAlong("dev");
    assert.deepEqual(found(stack, settingsThatComeAlong("dev")), inDevelopment);
    const agents = Object.entries(found(stack, settings)).filter(
      ([id, names]) => names.length !== (inDevelopment[id]?.length ?? 0),
    );
    assert.deepEqual(
      Object.fromEntries(agents.map(([id, names]) => [id, names.filter((name) => !inDevelopment[id]?.includes(name))])),
      {
        "no-docker-socket": ["cadvisor"],
        "no-host-path": ["cadvisor", "node-exporter"],
        "no-root-group": ["cadvisor"],
        "no-root-uid": ["cadvisor"],
        "run-as-non-root": ["cadvisor"],
      },
    );
  });

  it("goes against none in production but knowingly", async () => {
    assert.deepEqual(found(await stackThatComesAlong("prod"), settingsThatComeAlong("prod")), inProduction);
  });

  it("is judged alike as manifests, but for what only a description says", () => {
    const { "stateful-has-backup": _, ...plain } = inProduction;
    assert.deepEqual(found(manifestsOfProduction(), settings), plain);
  });
});
