import assert from "node:assert/strict";
import fc from "fast-check";
import { defineSystem, type SystemDefinition } from "../../components/core/system";
import { SecretRef, secretsIn, type Value } from "../../components/core/value";
import { type ConnectedService, connectedServices } from "../support/connected-services";

interface Sketch extends ConnectedService {
  readonly env: Readonly<Record<string, string>>;
  /** Index of the secret that it is given. */
  readonly secret: number;
  readonly waits: boolean;
}

const count = 6;
const variable = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,5}$/).map((suffix) => `OWN_${suffix}`);

const sketch = fc.record({
  env: fc.dictionary(variable, fc.string(), { maxKeys: 3 }),
  secret: fc.nat(3),
  waits: fc.boolean(),
});
const sketches: fc.Arbitrary<readonly Sketch[]> = connectedServices(count, sketch);

const inOrder = Array.from({ length: count }, (_, index) => index);
const order = fc.shuffledSubarray(inOrder, { minLength: count });

/** Describes the sketched services in a given order of declaration, and then their connections in the same order. */
function define(services: readonly Sketch[], declared: readonly number[]): SystemDefinition {
  return defineSystem("shop", (shop) => {
    const secrets = [...declared]
      .filter((index) => index < 4)
      .map((index) => [index, shop.secret(`key-${index}`)] as const);
    const handles = new Map(
      declared.map((index) => {
        const { name, env, secret } = sketchAt(services, index);
        const own = { ...env, SECRET: new Map(secrets).get(secret) ?? "" };
        const entries = Object.entries<Value>(own);
        return [
          index,
          shop.service(name, {
            image: "x:1",
            env: Object.fromEntries(declared[0] === 0 ? entries : entries.reverse()),
            ports: { http: { number: 80 } },
          }),
        ] as const;
      }),
    );
    for (const index of declared) {
      const { to, waits } = sketchAt(services, index);
      for (const other of declared[0] === 0 ? to : [...to].reverse()) {
        const provider = handles.get(other);
        assert.ok(provider);
        handles.get(index)?.connectsTo(provider, {
          env: ({ url }) => ({ [`URL_${other}`]: url }),
          wait: waits ? "started" : "none",
        });
      }
    }
  });
}

function sketchAt(services: readonly Sketch[], index: number): Sketch {
  const sketch = services[index];
  assert.ok(sketch);
  return sketch;
}

describe("every plan", () => {
  it("is the same in whatever order the statements are made", () => {
    fc.assert(
      fc.property(sketches, order, (services, declared) => {
        assert.equal(
          JSON.stringify(define(services, declared).plan()),
          JSON.stringify(define(services, inOrder).plan()),
        );
      }),
    );
  });

  it("starts a service after all that it waits for", () => {
    fc.assert(
      fc.property(sketches, order, (services, declared) => {
        const plan = define(services, declared).plan();
        const names = plan.services.map((service) => service.name);
        assert.deepEqual([...names].sort(), services.map((service) => service.name).sort());
        for (const { name, waits } of plan.services)
          for (const { service } of waits) assert.ok(names.indexOf(service) < names.indexOf(name));
      }),
    );
  });

  it("gives a service exactly its own variables and those of its connections", () => {
    fc.assert(
      fc.property(sketches, (services) => {
        const plan = define(services, inOrder).plan();
        for (const { name, env, secret, to } of services) {
          const urls = to.map((index) => [`URL_${index}`, `http://${sketchAt(services, index).name}:80`]);
          const expected = { ...env, SECRET: new SecretRef("shop", `key-${secret}`), ...Object.fromEntries(urls) };
          assert.deepEqual(plan.services.find((service) => service.name === name)?.env, expected);
        }
      }),
    );
  });

  it("has exactly the secrets that its services are given", () => {
    fc.assert(
      fc.property(sketches, fc.subarray(inOrder, { minLength: 1 }), (services, chosen) => {
        const only = chosen.map((index) => sketchAt(services, index).name);
        const plan = define(services, inOrder).plan({ only });
        const given = plan.services.flatMap(({ env }) => Object.values(env).flatMap(secretsIn)).map(({ id }) => id);
        assert.deepEqual(
          plan.secrets.map(({ ref }) => ref.id),
          [...new Set(given)].sort(),
        );
      }),
    );
  });

  it("of some services is closed under waiting, and has no more than that", () => {
    fc.assert(
      fc.property(sketches, fc.subarray(inOrder, { minLength: 1 }), (services, chosen) => {
        const needed = new Set(chosen);
        // Connections lead to earlier services only, so one pass from the last to the first finds all.
        for (const index of [...inOrder].reverse()) {
          const { to, waits } = sketchAt(services, index);
          if (needed.has(index) && waits) for (const other of to) needed.add(other);
        }
        const only = chosen.map((index) => sketchAt(services, index).name);
        const plan = define(services, inOrder).plan({ only });
        assert.deepEqual(
          plan.services.map((service) => service.name).sort(),
          [...needed].map((index) => sketchAt(services, index).name).sort(),
        );
      }),
    );
  });
});
