import assert from "node:assert/strict";
import { mock } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { stackSchema } from "../../config/stack";
import { stackOf } from "./support/algo-trading";
import { foundIn } from "./support/found";
import { settings } from "./support/plain";

const stores = ["grafana", "graphite", "influxdb", "prometheus"];
const programs = ["backend", "scraper", "statsd", "worker-prometheus"];

/** What goes against a rule knowingly, on both targets; see algo-trading. */
const everywhere = {
  // the numbers that images are made for
  "high-uid": ["grafana", "graphite", "influxdb", "statsd"],
  // the image's group, which its files belong to
  "no-root-group": ["grafana"],
  // no description can state a backup yet
  "stateful-has-backup": stores,
};

const onDocker = {
  ...everywhere,
  // what is built here has no registry that could give it a digest; its tag is a hash of its recipe
  "image-digest": [...stores, ...programs, "node-exporter"].sort(),
  // the agent looks at the machine itself; stacks that run it exempt it by name
  "no-host-path": ["node-exporter"],
  // keepVolumes is off
  "stateful-protected": ["grafana.data", "graphite.storage", "influxdb.data", "prometheus.data"],
};

const onKubernetes = {
  ...everywhere,
  // stores ask for what they need on an ordinary day
  "guaranteed-for-stateful": stores,
  // one is enough to look at, and an autoscaler is a setting
  "min-replicas": ["backend"],
  // a quota and priority classes are the cluster's to give
  "namespace-quota": [""],
  "priority-class": [...stores, ...programs].sort(),
  // keepVolumes is off
  "stateful-protected": [
    "volume-data-grafana-0",
    "volume-data-influxdb-0",
    "volume-data-prometheus-0",
    "volume-storage-graphite-0",
  ],
};

describe("metrics-examples under the rules", () => {
  before(() => void mock.method(pulumi.log, "warn", () => Promise.resolve()));
  after(() => mock.restoreAll());

  it("goes against none on Docker but knowingly", async () => {
    const stack = await stackOf(stackSchema.parse({ systems: ["metrics-examples"] }));
    assert.deepEqual(foundIn("metrics-examples", stack, settings), onDocker);
  });

  it("goes against none on Kubernetes but knowingly", async () => {
    const metricsExamples = { hostAgents: false };
    const stack = await stackOf(
      stackSchema.parse({ systems: ["metrics-examples"], target: "kubernetes", profile: "full", metricsExamples }),
    );
    assert.deepEqual(foundIn("metrics-examples", stack, settings), onKubernetes);
  });
});
