import { Counter, Gauge, type GaugeConfiguration } from "prom-client";
import { z } from "zod";
import { every } from "../platform/retry.ts";
import { brokerFigures, brokerMetrics, jetStreamSchema, serverSchema } from "./broker-report.ts";
import { defineService } from "./service.ts";

const lookEveryMs = 5_000;

/** `name=url,name=url` */
const targets = z
  .string()
  .default("")
  .transform((text) => text.split(",").filter((part) => part !== ""))
  .pipe(z.array(z.string().regex(/^[a-z-]+=https?:\/\/\S+$/, "is not a list of name=url")))
  .transform((parts) =>
    parts.map((part) => ({ name: part.split("=", 1)[0] ?? "", url: part.slice(part.indexOf("=") + 1) })),
  );

/** Makes metrics of what has none of its own: the broker's reports, and whether each service says that it is alive. */
export const monitoring = defineService(
  "marketprism-monitoring",
  { NATS_MONITOR_URL: z.url({ error: "is not a URL; set NATS_MONITOR_URL" }), WATCHED: targets },
  async ({ app: { registry, log, signal, ready }, http, dependsOn }, { NATS_MONITOR_URL, WATCHED }) => {
    const registers = [registry];
    const brokerUp = new Gauge({ name: "nats_up", help: "1 if the broker reported last time.", registers });
    const serviceUp = new Gauge({
      name: "marketprism_service_up",
      help: "1 if the service said last time that it is alive.",
      labelNames: ["target"],
      registers,
    });
    const labelNames = { nats_stream_messages: ["stream"], nats_consumer_pending_messages: ["stream", "consumer"] };
    const meters = new Map(
      Object.entries(brokerMetrics).map(([name, help]) => [
        name,
        meter({ name, help, labelNames: Reflect.get(labelNames, name) ?? [], registers }),
      ]),
    );
    const report = async <Report>(path: string, schema: z.ZodType<Report>): Promise<Report> =>
      schema.parse(JSON.parse(await http.ask(new URL(path, NATS_MONITOR_URL).href)));
    dependsOn("nats", "optional", async () => {
      await http.ask(new URL("/healthz", NATS_MONITOR_URL).href);
    });

    await ready();
    const lookAtBroker = async (): Promise<void> => {
      brokerUp.set(0);
      const server = await report("/varz", serverSchema);
      const jetStream = await report("/jsz?streams=true&consumers=true", jetStreamSchema);
      for (const { reset } of meters.values()) {
        reset();
      }
      for (const { name, labels, value } of brokerFigures(server, jetStream)) {
        meters.get(name)?.note(labels, value);
      }
      brokerUp.set(1);
    };
    const lookAt = async ({ name, url }: (typeof WATCHED)[number]): Promise<void> => {
      const isUp = await http.ask(url).then(
        () => 1,
        () => 0,
      );
      serviceUp.set({ target: name }, isUp);
    };
    await Promise.all([
      every(lookEveryMs, lookAtBroker, { signal, log, what: "looking at the broker" }),
      ...WATCHED.map((target) =>
        every(lookEveryMs, () => lookAt(target), { signal, log, what: `looking at ${target.name}` }),
      ),
    ]);
  },
);

/** What holds a figure of the broker: a counter where the broker counts, which begins anew when the broker does. */
function meter(options: Omit<GaugeConfiguration<string>, "collect">) {
  if (options.name.endsWith("_total")) {
    const counter = new Counter(options);
    return {
      reset: () => counter.reset(),
      note: (labels: Readonly<Record<string, string>>, value: number) => counter.inc(labels, value),
    };
  }
  const gauge = new Gauge(options);
  return {
    reset: () => gauge.reset(),
    note: (labels: Readonly<Record<string, string>>, value: number) => gauge.set(labels, value),
  };
}
