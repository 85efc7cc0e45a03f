import assert from "node:assert/strict";
import { mock } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { secretsFor, warnOfSharedDeadMan } from "../../systems/dead-man";

/** What becomes of an output's value. */
const settled = (output: pulumi.Output<string> | undefined): Promise<string | undefined> =>
  output === undefined ? Promise.resolve(undefined) : new Promise((resolve) => void output.apply(resolve));

describe("the dead man's address", () => {
  const secrets = (url: string) => (key: string) =>
    ({ deadManUrl: pulumi.secret(url), slackWebhookUrl: pulumi.secret("https://s.example.com/{system}") })[key];

  it("has the name of who is watched in it where it says so, and is as secret as before", async () => {
    const own = secretsFor("zigquant", secrets("https://p.example.com/{system}/now?of={system}"));
    const url = own("deadManUrl");
    assert.equal(await settled(url), "https://p.example.com/zigquant/now?of=zigquant");
    assert.equal(url !== undefined && (await pulumi.isSecret(url)), true);
    assert.equal(await settled(own("slackWebhookUrl")), "https://s.example.com/{system}");
    assert.equal(own("smtpPassword"), undefined);
  });

  describe("that several call", () => {
    const warned: string[] = [];
    before(() => void mock.method(pulumi.log, "warn", async (message: string) => void warned.push(message)));
    beforeEach(() => void warned.splice(0));
    after(() => mock.restoreAll());

    const warnings = async (callers: readonly string[], url: string): Promise<readonly string[]> => {
      const given = secrets(url);
      warnOfSharedDeadMan(callers, given);
      await settled(given("deadManUrl"));
      return warned;
    };

    it("is warned of, with the remedy", async () => {
      const [warning = "", ...others] = await warnings(["zigquant", "marketprism"], "https://p.example.com/key");
      assert.deepEqual(others, []);
      assert.match(warning, /^zigquant, marketprism call the same deadManUrl, .*: write \{system\} in it/);
      assert.ok(!warning.includes("p.example.com"), warning);
    });

    it("is no matter when each has its own, or when there is one", async () => {
      assert.deepEqual(await warnings(["zigquant", "marketprism"], "https://p.example.com/{system}"), []);
      assert.deepEqual(await warnings(["zigquant"], "https://p.example.com/key"), []);
    });
  });
});
