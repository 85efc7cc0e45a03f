import assert from "node:assert/strict";
import { mock } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { stackSchema } from "../../config/stack";
import { stackOf } from "./support/algo-trading";
import { foundIn } from "./support/found";
import { settings } from "./support/plain";

/** What goes against a rule knowingly, on both targets; see algo-trading. */
const everywhere = {
  // the numbers that images are made for; zigQuant's is 1000
  "high-uid": ["grafana", "zigquant"],
  // the image's group, which its files belong to
  "no-root-group": ["grafana"],
  // no description can state a backup yet
  "stateful-has-backup": ["grafana", "prometheus"],
};

const onDocker = {
  ...everywhere,
  // what is built here has no registry that could give it a digest; its tag is a hash of its recipe
  "image-digest": ["grafana", "prometheus", "zigquant"],
  // keepVolumes is off
  "stateful-protected": ["grafana.data", "prometheus.data", "zigquant.data"],
};

const onKubernetes = {
  ...everywhere,
  // stores ask for what they need on an ordinary day
  "guaranteed-for-stateful": ["grafana", "prometheus"],
  // a quota and priority classes are the cluster's to give
  "namespace-quota": [""],
  "priority-class": ["grafana", "prometheus", "zigquant"],
  // keepVolumes is off
  "stateful-protected": ["volume-data-grafana-0", "volume-data-prometheus-0", "zigquant.data"],
};

describe("zigquant under the rules", () => {
  before(() => void mock.method(pulumi.log, "warn", () => Promise.resolve()));
  after(() => mock.restoreAll());

  it("goes against none on Docker but knowingly", async () => {
    const stack = await stackOf(stackSchema.parse({ systems: ["zigquant"] }));
    assert.deepEqual(foundIn("zigquant", stack, settings), onDocker);
  });

  it("goes against none on Kubernetes but knowingly", async () => {
    const stack = await stackOf(stackSchema.parse({ systems: ["zigquant"], target: "kubernetes", profile: "full" }));
    assert.deepEqual(foundIn("zigquant", stack, settings), onKubernetes);
  });
});
