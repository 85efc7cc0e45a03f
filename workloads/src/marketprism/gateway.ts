import { once } from "node:events";
import { describeError } from "../platform/describe-error.ts";
import type { Answer } from "../platform/http-server.ts";
import { defineService } from "./service.ts";
import { upstreamVariables } from "./variables.ts";

/** What the gateway offers, and who answers it. */
const ways = {
  "GET /api/ticks": { target: "storage", path: "/ticks" },
  "GET /api/latest": { target: "storage", path: "/latest" },
  "GET /api/collector": { target: "collector", path: "/status" },
} as const;

/** The way in: passes questions on to the services behind it. One that is away costs its own paths and no others. */
export const gateway = defineService(
  "marketprism-gateway",
  upstreamVariables,
  async ({ app, http, route, dependsOn }, config) => {
    const origins = { collector: config.COLLECTOR_URL, storage: config.STORAGE_URL };
    for (const [name, origin] of Object.entries(origins)) {
      dependsOn(name, "optional", async () => {
        await http.ask(new URL("/live", origin).href);
      });
    }
    for (const [name, { target, path }] of Object.entries(ways)) {
      route(name, async ({ url }): Promise<Answer> => {
        const { search } = new URL(url ?? "/", "http://gateway");
        try {
          return {
            status: 200,
            body: JSON.parse(await http.send(target, `${new URL(path, origins[target]).href}${search}`)),
          };
        } catch (error) {
          return { status: 502, body: { error: `${target} does not answer: ${describeError(error)}` } };
        }
      });
    }
    await app.ready();
    if (!app.signal.aborted) {
      await once(app.signal, "abort");
    }
  },
);
