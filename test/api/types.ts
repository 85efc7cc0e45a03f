// Compiled by `npm run check:types`, never run: each expected error is a mistake that does not compile.
import { docker, type SupportTable, System, defineSystem, native, text } from "../../components";
import { support } from "../../components/targets/docker/support";

const { autoscale: _, ...incomplete } = support;
// @ts-expect-error: a target without a verdict on every feature
export const lacking: SupportTable = incomplete;
// @ts-expect-error: a verdict on a feature that there is not
export const invented = { ...support, teleport: native } satisfies SupportTable;
// @ts-expect-error: a gap without a reason
export const unreasoned: SupportTable = { ...support, autoscale: { level: "unsupported" } };

export const shop = defineSystem("shop", (system) => {
  const password = system.secret("password");
  const db = system.service("db", { image: "db:1", ports: { sql: { number: 5432 } } });
  const api = system.service("api", {
    image: "api:1",
    env: { URL: text`x://${password}@db` },
    // @ts-expect-error: the unit is part of the name
    resources: { memory: { limit: 512 } },
  });
  system.service("units", {
    image: "units:1",
    resources: {
      // @ts-expect-error: a number, not a text with a unit
      memoryMiB: { limit: "512M" },
    },
    shutdown: {
      // @ts-expect-error: seconds, and the name says so
      grace: 30,
    },
    probes: {
      ready: {
        exec: ["true"],
        // @ts-expect-error: seconds, and the name says so
        period: "10s",
      },
    },
  });
  // @ts-expect-error: an image is required
  system.service("imageless", {});
  // @ts-expect-error: a closed set
  system.service("kindless", { image: "x:1", kind: "daemon" });
  // @ts-expect-error: a variable is a string, a secret or a text
  api.connectsTo(db, { env: ({ port }) => ({ DB_PORT: port }) });
  // @ts-expect-error: what is waited for is a closed set
  api.connectsTo(db, { wait: "ready" });
  // @ts-expect-error: connections are made to services, not to names
  api.connectsTo("db");
  // @ts-expect-error: a secret has one source
  system.secret("key", { generated: {}, config: "key", value: "hunter2" });
});

// @ts-expect-error: a system is deployed to a target
export const nowhere = (): System => new System("shop", shop, {});
// @ts-expect-error: a definition, not its name
export const nameless = (): System => new System("shop", "shop", { target: docker() });
// @ts-expect-error: what is registered cannot be set
export const overwritten = (system: System): unknown => (system.gaps = []);
