import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { defineSystem } from "../../components/core/system";
import { Service, System } from "../../components/system";
import { render } from "../support/mocks";
import { notes } from "../support/notes";

const shop = defineSystem("shop", (system) => {
  const key = system.secret("payments-key", { config: "paymentsKey" });
  system.service("db", { image: "db:1", kind: "stateful", replicas: 3, env: { KEY: key } });
  system.service("web", { image: "web:1", autoscale: { min: 1, max: 2, cpuPercent: 50 } });
});

describe("what is wrong with a system", () => {
  /** The message that a user sees; fails unless it comes without a stack trace. */
  async function refused(program: () => unknown): Promise<string> {
    let message = "";
    await assert.rejects(render(program), (error) => {
      assert.ok(pulumi.ResourceError.isInstance(error), String(error));
      assert.equal(error.hideStack, true);
      assert.ok(error.resource);
      ({ message } = error);
      return true;
    });
    return message;
  }

  it("is told all at once: forbidden gaps and missing secrets, with the remedy [S1-55]", async () => {
    const strict = { target: notes, strictParity: "approximated" } as const;
    assert.equal(
      await refused(() => new System("mine", shop, strict)),
      [
        "system shop on docker: 3 problems",
        "  services.db.replicas: is approximated here: a note is a note; change the description or lower strictParity",
        "  services.web.autoscale: is unsupported here: notes do not grow; write another note",
        "  secrets.payments-key: is not in the stack's configuration; run pulumi config set --secret paymentsKey",
      ].join("\n"),
    );
  });

  it("is told of names that only names", async () => {
    assert.equal(
      await refused(() => new System("mine", shop, { target: notes, only: ["wep"] })),
      'system shop: 1 problem\n  only: names "wep", which is no service; did you mean web?',
    );
  });

  it("is told of a single service's description", async () => {
    assert.equal(
      await refused(() => new Service("cache", { image: "redis" }, { target: notes })),
      'system cache: 1 problem\n  services.cache.image: is "redis"; add a tag or a digest',
    );
  });

  it("keeps its stack trace when it is a mistake of ours", async () => {
    const mistake = new TypeError("ours");
    const broken = {
      ...notes,
      render: () => {
        throw mistake;
      },
    };
    await assert.rejects(
      render(() => new System("mine", shop, { target: broken, configSecrets: () => pulumi.output("key") })),
      mistake,
    );
  });
});
