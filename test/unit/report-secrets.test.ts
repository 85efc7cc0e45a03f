import assert from "node:assert/strict";
import fc from "fast-check";
import type { Collected } from "../../report/events";
import { renderComment } from "../../report/render/comment";
import { reportSchema } from "../../report/schema";
import { type Item, previewEvents, secret, urnOf } from "../support/engine-events";
import { reported } from "../support/previews";

const canary = "Correct-Horse+Battery/7";
const container = { type: "docker:index/container:Container", name: "shop-api" };

const preview = (before: Item["inputs"], after: Item["inputs"], ...more: readonly object[]): Collected => ({
  stack: "dev",
  events: [...previewEvents([{ ...container, inputs: before }], [{ ...container, inputs: after }]), ...more],
});

/** All that leaves the process, and that the next one reads. */
function written(given: Collected): string {
  const report = reported(given);
  reportSchema.parse(JSON.parse(JSON.stringify(report)));
  return `${JSON.stringify(report)}\n${renderComment(report)}`;
}

const policyEvent = { policyName: "p", policyPackName: "q", resourceUrn: urnOf(container) };

/** The canary is in clear somewhere and marked as a secret elsewhere, so that no reader may see it. */
const leaks: Readonly<Record<string, Collected>> = {
  "a plain value that becomes secret": preview({ command: [canary] }, { command: secret }),
  "a secret that becomes plain": preview({ command: secret }, { command: [canary] }),
  "an item of a list": preview({ envs: ["A=1", `KEY_OF=${canary}`] }, { envs: [secret, "A=1"] }),
  "an item that moves": preview(
    { env: [{ name: "KEY", value: canary }] },
    {
      env: [
        { name: "A", value: "1" },
        { name: "KEY", value: secret },
      ],
    },
  ),
  "a value that moves to another property": preview({ a: canary }, { a: secret, b: canary }),
  "a value in the middle of a text": preview({ a: canary }, { a: secret, b: `x ${canary} y` }),
  "a value as Base64": preview({ a: canary }, { a: secret, b: Buffer.from(canary).toString("base64") }),
  "a value in a URL": preview({ a: canary }, { a: secret, b: `https://x/${encodeURIComponent(canary)}` }),
  "a line of a file": preview(
    { content: `one\nline: ${canary} here\nthree` },
    { content: secret, other: `line: ${canary} here` },
  ),
  "an error of the program": preview(
    { a: canary },
    { a: secret },
    { diagnosticEvent: { severity: "error", message: `cannot use ${canary}` } },
  ),
  "a warning": preview({ a: canary }, { a: secret }, { diagnosticEvent: { severity: "warning", message: canary } }),
  "the words of a policy": preview(
    { a: canary },
    { a: secret },
    { policyEvent: { ...policyEvent, message: `found ${canary}`, enforcementLevel: "mandatory" } },
  ),
  "what a policy changed": preview(
    { a: canary },
    { a: secret },
    { policyRemediationEvent: { ...policyEvent, before: { b: canary }, after: { b: `not ${canary}` } } },
  ),
  "the command's own failure": {
    ...preview({ a: canary }, { a: secret }),
    failure: `stdout: ${canary}`,
  },
};

/** Nothing is marked; name or form give it away. */
const looks: Readonly<Record<string, Collected>> = {
  "a property with the name of a secret": preview({ password: canary }, { password: `${canary}2` }),
  "a variable with the name of a secret": preview({ envs: [`API_KEY=${canary}`] }, { envs: [`API_KEY=${canary}2`] }),
  "a value beside the name of a secret": preview(
    { env: [{ name: "API_KEY", value: canary }] },
    { env: [{ name: "API_KEY", value: `${canary}2` }] },
  ),
  "a password in a URL": preview({ url: `redis://:${canary}@redis` }, { url: `redis://:${canary}@other` }),
};

describe("secrets in a report", () => {
  for (const [where, given] of Object.entries({ ...leaks, ...looks }))
    it(`are not there: ${where}`, () => {
      const text = written(given);
      const forms = [canary, encodeURIComponent(canary), Buffer.from(canary).toString("base64")];
      for (const form of forms) assert.ok(!text.includes(form), text);
    });

  it("are not there when nothing but their letters gives them away", () => {
    const [before, after] = ["Zx8Kq2Lm9Pw4Rt7Vb3Nc6Yh1", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"];
    const given = preview({ a: before, b: [`x ${before}`] }, { a: after, b: [`x ${after}`] });
    assert.doesNotMatch(written(given), new RegExp(`${before}|${after}`));
  });

  it("are said to be secrets where their property changes", () => {
    const [stack] = reported(preview({ command: [canary], a: 1 }, { command: secret, a: 2 })).stacks;
    assert.deepEqual(stack?.changes[0]?.causes, [
      { path: "command", change: "update", replaces: true, secret: true },
      { path: "a", change: "update", replaces: true, old: "1", new: "2" },
    ]);
  });

  it("leave the report readable when they are words of its format", () => {
    for (const word of ["update", "replace", "succeeded", "kubernetes"])
      assert.match(written(preview({ a: word }, { a: secret })), /"secret":true/);
  });

  it("are looked for in what is created, by name and by form, and named where they are in clear", () => {
    const inputs = {
      secretMutable: "true",
      envs: ["API_KEY=abc", "LEVEL=debug"],
      url: "https://me:pass@example.com",
      marked: { token: secret },
    };
    const [stack] = reported({ stack: "dev", events: previewEvents([], [{ ...container, inputs }]) }).stacks;
    assert.deepEqual(
      stack?.plainSecrets.map(({ path }) => path),
      ["envs[0]", "url"],
    );
  });

  it("are nowhere, whatever resource they are in and whatever else has them", () => {
    const key = fc.stringMatching(/^[a-z]{1,6}$/);
    const other = fc.oneof(fc.string(), fc.integer(), fc.constant(canary), fc.constant(`a ${canary} b`));
    const inputs = fc.dictionary(key, fc.oneof(other, fc.array(other), fc.dictionary(key, other)));
    fc.assert(
      fc.property(inputs, inputs, key, fc.boolean(), (before, after, place, isOld) => {
        const [plain, hidden] = [{ [place]: canary }, { [place]: secret }];
        const given = preview({ ...before, ...(isOld ? plain : hidden) }, { ...after, ...(isOld ? hidden : plain) });
        assert.ok(!written(given).includes(canary));
      }),
    );
  });
});
