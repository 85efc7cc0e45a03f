import assert from "node:assert/strict";
import type { Collected } from "../../report/events";
import { reportOf } from "../../report/report";
import type { GateName } from "../../report/schema";
import { readSettings } from "../../report/settings";
import { previewEvents, urnOf } from "../support/engine-events";
import { previewOf, reported, run, stackOf } from "../support/previews";
import { problemsOf } from "../support/problems";
import { images, shop, withFindings } from "../support/shop";

const container = { type: "docker:index/container:Container", name: "shop-web" };
const other = { type: "docker:index/container:Container", name: "shop-db" };
const finding = { policy: "p", level: "mandatory", message: "no", ...container } as const;
const quiet = previewOf(shop(), shop());
const moved = previewOf(shop(), shop({ webImage: images.new }));

describe("what policies find", () => {
  it("is new on what changes, and was there before on what does not", () => {
    const { violations } = stackOf(withFindings(moved, finding, { ...finding, ...other }));
    assert.deepEqual(
      violations.map(({ name, present, service }) => [name, service, present]),
      [
        ["shop-web", "web", false],
        ["shop-db", "db", true],
      ],
    );
  });

  it("is new on a component whose service changes, and on the stack when anything does", () => {
    const on = [
      { type: "twofold:index:Service", name: "shop-web" },
      { type: "twofold:index:Service", name: "shop-db" },
      { type: "twofold:index:System", name: "shop" },
      { type: "pulumi:pulumi:Stack", name: "shop-dev" },
    ];
    const present = (preview: Collected) =>
      stackOf(withFindings(preview, ...on.map((item) => ({ ...finding, ...item })))).violations.map(
        (each) => each.present,
      );
    assert.deepEqual(present(moved), [false, true, false, false]);
    assert.deepEqual(present(quiet), [true, true, true, true]);
  });

  it("is compared with a report of the base, where there is one", () => {
    const base = reported(withFindings(quiet, finding));
    const head = withFindings(moved, finding, { ...finding, ...other }, { ...finding, policy: "q" });
    const [stack] = reportOf([head], { ...run, base }).stacks;
    assert.deepEqual(
      stack?.violations.map(({ name, policy, present }) => [name, policy, present]),
      [
        ["shop-web", "p", true],
        ["shop-db", "p", false],
        ["shop-web", "q", false],
      ],
    );
  });

  it("is in the order of severity, without the marks for colours", () => {
    const severities = ["", "low", "critical", "medium", "high"];
    const { violations } = stackOf(withFindings(moved, ...severities.map((severity) => ({ ...finding, severity }))));
    assert.deepEqual(
      violations.map(({ severity, message }) => [severity, message]),
      [
        ["critical", "no"],
        ["high", "no"],
        ["medium", "no"],
        ["low", "no"],
        [undefined, "no"],
      ],
    );
  });

  it("is of the stack, where the policy names no resource", () => {
    const event = { policyEvent: { policyName: "p", policyPackName: "q", message: "m", enforcementLevel: "warning" } };
    const { violations } = stackOf({ ...quiet, events: [...quiet.events, event] });
    assert.deepEqual(
      violations.map(({ name, level }) => [name, level]),
      [["the stack", "advisory"]],
    );
  });

  it("is no violation where a policy has mended it, but is told as before and after", () => {
    const event = {
      policyRemediationEvent: {
        ...{ policyName: "p", policyPackName: "q", resourceUrn: urnOf(container) },
        ...{
          before: { user: "0", "a.b": 1, image: "a:1" },
          after: { user: "10001", "a.b": 1, image: "a:1", init: true },
        },
      },
    };
    const { remediations, violations } = stackOf({ ...moved, events: [...moved.events, event] });
    assert.deepEqual(violations, []);
    assert.deepEqual(remediations, [
      {
        ...{ system: "shop", service: "web", ...container, policy: "p", pack: "q" },
        causes: [
          { path: "user", change: "update", replaces: false, old: "0", new: "10001" },
          { path: "init", change: "add", replaces: false, new: "true" },
        ],
      },
    ]);
  });
});

describe("gates", () => {
  const failing = { ...quiet, events: [{ diagnosticEvent: { severity: "error", message: "no such target" } }] };
  const plain = (name: string): Collected => ({
    stack: "dev",
    events: previewEvents([], [{ ...container, inputs: { envs: [`${name}=abcdef`] } }]),
  });
  const cases: Readonly<Record<GateName, { found: Collected; not: Collected }>> = {
    preview: { found: failing, not: quiet },
    dataLoss: { found: previewOf(shop(), shop({ data: false })), not: moved },
    mandatoryPolicy: {
      found: withFindings(quiet, finding),
      not: withFindings(quiet, { ...finding, level: "warning" }),
    },
    advisoryPolicy: {
      found: withFindings(moved, { ...finding, level: "warning" }),
      // it was there before
      not: withFindings(quiet, { ...finding, level: "warning" }),
    },
    exposure: {
      found: previewOf(shop(), shop({ exposure: "public" })),
      not: previewOf(shop(), shop({ exposure: "loopback" })),
    },
    parity: { found: previewOf(shop(), shop({ web: { update: { pauseSeconds: 1 } } })), not: moved },
    plainSecret: { found: plain("API_KEY"), not: plain("LEVEL") },
  };
  for (const [gate, { found, not }] of Object.entries(cases) as [GateName, (typeof cases)[GateName]][]) {
    const verdict = (preview: Collected, action: "fail" | "show") =>
      reportOf([preview], { ...run, settings: readSettings({ gates: { ...open, [gate]: action } }) }).verdict;

    it(`${gate} fails for what it looks for alone, and only when it is to`, () => {
      assert.equal(verdict(found, "fail"), gate === "preview" ? "failed" : "blocked");
      assert.equal(verdict(found, "show"), gate === "preview" ? "failed" : "passed");
      assert.equal(verdict(not, "fail"), "passed");
    });
  }
  const open = Object.fromEntries(Object.keys(cases).map((gate) => [gate, "show"]));
});

describe("how a preview ended", () => {
  const failure = "Command failed with exit code 255";

  it("is a refusal, when nothing but a mandatory policy speaks against it", () => {
    const { result, errors } = stackOf({ ...withFindings(moved, finding), failure });
    assert.deepEqual([result, errors], ["refused", []]);
  });

  it("is a failure, with the engine's words before the command's", () => {
    const event = { diagnosticEvent: { severity: "error", message: "<{%reset%}>the program is wrong\n" } };
    const told = stackOf({ ...quiet, events: [...quiet.events, event, event], failure });
    assert.deepEqual([told.result, told.errors], ["failed", ["the program is wrong"]]);
    assert.deepEqual(stackOf({ stack: "dev", events: [], failure }).errors, [failure]);
  });

  it("is a failure, when an event has another form than the engine's", () => {
    const { result, errors } = stackOf({ ...quiet, events: [...quiet.events, { policyEvent: { message: 7 } }] });
    assert.equal(result, "failed");
    assert.match(errors.join(), /^an event of the engine cannot be read: /);
  });

  it("takes no notice of kinds of events that it does not know", () => {
    assert.equal(
      stackOf({ ...quiet, events: [...quiet.events, { progressEvent: { id: "x" } }, {}] }).result,
      "succeeded",
    );
  });
});

describe("settings", () => {
  it("name each mistake with its place", () => {
    assert.deepEqual(
      problemsOf(() =>
        readSettings({ gates: { dataloss: "fail", parity: "never" }, approved: [{ stack: "dev", resource: "x" }] }),
      ),
      [
        'gates.parity: is "never"; use one of fail, show',
        "gates.dataloss: is not a known name; did you mean dataLoss?",
        "approved.0.because: is missing; give a string",
      ],
    );
  });
});
