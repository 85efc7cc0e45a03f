import assert from "node:assert/strict";
import { violationsIn } from "../../policy/evaluate";
import { isRecord, pending } from "../../policy/facts/plain";
import type { Resource } from "../../policy/facts/stack";
import { rules } from "../../policy/rules/index";
import { cases } from "./cases/index";
import { messagesOf, type Shown, stackOf } from "./support/cases";
import { settings } from "./support/plain";
import { dockerShop, kubernetesShop } from "./support/shop";

/** The data with each of its parts in turn not known. */
function* partlyKnown(data: unknown): Generator<unknown> {
  yield pending;
  if (Array.isArray(data))
    for (const [index, item] of data.entries()) for (const part of partlyKnown(item)) yield data.with(index, part);
  if (isRecord(data))
    for (const key of Object.keys(data)) for (const part of partlyKnown(data[key])) yield { ...data, [key]: part };
}

/** A stack with each part of each input in turn not known. What an object is, is known always. */
function* stacksWithUnknown(shown: Shown): Generator<Shown> {
  const stack = stackOf(shown);
  for (const [index, resource] of stack.resources.entries()) {
    const { apiVersion, kind, ...rest } = isRecord(resource.inputs) ? resource.inputs : {};
    const always = kind === undefined ? {} : { apiVersion, kind };
    for (const part of partlyKnown(rest))
      if (isRecord(part))
        yield { ...stack, resources: stack.resources.with(index, { ...resource, inputs: { ...part, ...always } }) };
  }
}

describe("what a preview does not know yet", () => {
  for (const rule of rules)
    it(`is nothing that ${rule.id} finds wrong`, () => {
      for (const shown of cases[rule.id]?.passes ?? [])
        for (const partly of stacksWithUnknown(shown))
          assert.equal(messagesOf(rule, partly), "", describeInputs(partly));
    });

  for (const [target, resources] of Object.entries({ docker: dockerShop(), kubernetes: kubernetesShop() }))
    it(`is nothing that any rule finds wrong with a system in order on ${target}`, () => {
      let tried = 0;
      for (const partly of stacksWithUnknown(resources)) {
        const found = violationsIn(stackOf(partly), rules, settings).map(
          ({ rule, message }) => `${rule.id}: ${message}`,
        );
        assert.deepEqual(found, [], describeInputs(partly));
        tried += 1;
      }
      assert.ok(tried > 50, `only ${tried} were tried`);
    });
});

function describeInputs(shown: Shown): string {
  const show = (_: string, value: unknown): unknown => (value === pending ? "<not known>" : value);
  const changed = stackOf(shown).resources.filter(({ inputs }) => JSON.stringify(inputs, show).includes("<not known>"));
  return JSON.stringify(
    changed.map(({ inputs }: Resource) => inputs),
    show,
  );
}
