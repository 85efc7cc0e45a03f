// @ts-check
// A program of somebody else's: it knows the package by its name alone, and runs on mocks instead of an engine.
const pulumi = require("@pulumi/pulumi");
const { defineSystem, docker, Service, System, text } = require("twofold");

const shop = defineSystem("shop", (s) => {
  const password = s.secret("db-password");
  const db = s.service("db", {
    image: "db:1",
    autoscale: { min: 1, max: 2, cpuPercent: 50 },
    ports: { sql: { number: 5432 } },
    provides: { sql: { port: "sql", userinfo: text`app:${password}` } },
  });
  s.service("api", { image: "api:1", ports: { http: { number: 8080, exposure: "loopback" } } }).connectsTo(db, {
    env: (c) => ({ DATABASE_URL: c.url }),
  });
});

/** @type {pulumi.Resource[]} */
const resources = [];
const transformations = [
  /** @type {pulumi.ResourceTransformation} */
  ({ resource }) => {
    resources.push(resource);
    return undefined;
  },
];

/** @template T @param {pulumi.Output<T>} output @returns {Promise<T>} */
const resolved = (output) => new Promise((resolve) => void output.apply(resolve));

async function main() {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => ({
      id: name,
      state: type.startsWith("random:") ? { ...inputs, result: "generated" } : inputs,
    }),
    call: ({ inputs }) => inputs,
  });
  const system = new System("shop", shop, { target: docker() }, { transformations });
  const redis = { image: "redis:7.4", ports: { redis: { number: 6379 } } };
  const cache = new Service("cache", redis, { target: docker() }, { transformations });
  const endpoints = { ...(await resolved(system.endpoints)), ...(await resolved(cache.endpoints)) };
  const urns = await Promise.all(resources.map(({ urn }) => resolved(urn)));
  await pulumi.runtime.disconnect();
  const tree = urns.map((urn) => urn.split("::").slice(2).join(" ")).sort();
  console.log(
    JSON.stringify({
      tree,
      endpoints,
      gaps: system.gaps.map(({ service, feature }) => `${service} ${feature}`),
      omitted: system.omitted,
    }),
  );
}

void main();
