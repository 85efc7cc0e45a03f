import { Counter } from "prom-client";
import { milliseconds } from "../config/variables.ts";
import { every } from "../platform/retry.ts";
import { connectBroker } from "./broker.ts";
import { type Job, jobSubject } from "./jobs.ts";
import { defineService } from "./service.ts";
import { natsVariables } from "./variables.ts";

/** Tells others by the broker when work is due. Runs once only: two would ask for everything twice. */
export const scheduler = defineService(
  "marketprism-scheduler",
  { ...natsVariables, RETENTION_EVERY_MS: milliseconds(3_600_000) },
  async (service, config) => {
    const { app } = service;
    const { log, registry, signal } = app;
    const published = new Counter({
      name: "marketprism_messages_published_total",
      help: "Messages that the broker has acknowledged.",
      labelNames: ["subject"],
      registers: [registry],
    });
    const broker = await connectBroker(service, config);
    if (broker === undefined) {
      return;
    }
    await app.ready();
    await every(
      config.RETENTION_EVERY_MS,
      async () => {
        const job: Job = { job: "retention", at: new Date().toISOString() };
        await broker.js.publish(jobSubject(job), JSON.stringify(job));
        published.inc({ subject: jobSubject(job) });
      },
      { signal, log, what: "publishing jobs" },
    );
    await broker.close();
  },
);
