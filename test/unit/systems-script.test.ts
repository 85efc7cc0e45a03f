import assert from "node:assert/strict";
import { namedSystems, systemsAfter, systemsIn, withSystems } from "../../scripts/systems";
import { systemNames } from "../../systems/places";
import { problemsOf } from "../support/problems";

const [first] = systemNames;

describe("the systems that make up, preview and down are told", () => {
  it("are names, with commas or spaces between them, or all", () => {
    assert.deepEqual(namedSystems(first), [first]);
    assert.deepEqual(namedSystems(` ${first}, `), [first]);
    assert.deepEqual(namedSystems("all"), systemNames);
  });

  it("are refused with the name that was meant", () => {
    assert.deepEqual(
      problemsOf(() => namedSystems("algotrading")),
      ['SYSTEM: names "algotrading", which is no system; did you mean algo-trading?'],
    );
    assert.equal(problemsOf(() => namedSystems(",")).length, 1);
  });

  it("come to those that the stack has", () => {
    assert.deepEqual(systemsAfter("up", [], [first]), [first]);
    assert.deepEqual(systemsAfter("preview", [first], [first]), [first]);
    assert.deepEqual(systemsAfter("up", [...systemNames], [first]), systemNames);
  });

  it("leave the others when they are taken down", () => {
    assert.deepEqual(systemsAfter("down", [first], [first]), []);
    assert.deepEqual(systemsAfter("down", [...systemNames], [first]), systemNames.slice(1));
    assert.deepEqual(
      problemsOf(() => systemsAfter("down", [], [first])),
      ["SYSTEM: names algo-trading, which the stack does not have; it has none"],
    );
  });

  it("are those of the components in a state", () => {
    const urn = (type: string, name: string) => ({ urn: `urn:pulumi:dev::twofold::${type}::${name}`, type });
    const resources = [urn("twofold:index:System", "algo-trading"), urn("twofold:index:Service", "algo-trading-redis")];
    assert.deepEqual(systemsIn(JSON.stringify({ deployment: { resources } })), ["algo-trading"]);
    assert.deepEqual(systemsIn(JSON.stringify({ deployment: {} })), []);
  });

  it("are written into the stack's configuration, and nothing else is", () => {
    const file = "# mine\nconfig:\n  twofold:target: docker # here\n  twofold:systems:\n    - x\n";
    const written = `# mine\nconfig:\n  twofold:target: docker # here\n  twofold:systems: [${first}]\n`;
    assert.equal(withSystems(file, [first]), written);
    assert.equal(withSystems(written, [first]), written);
    assert.equal(withSystems("", [first]), `config:\n  twofold:systems: [${first}]\n`);
  });
});
