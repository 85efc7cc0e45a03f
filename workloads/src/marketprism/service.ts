import { Counter, Gauge, Histogram } from "prom-client";
import type { z } from "zod";
import type { App } from "../platform/app.ts";
import { checkHealth, type Dependency } from "../platform/health.ts";
import type { Route } from "../platform/http-server.ts";
import { defineRole, type Role } from "../roles/role.ts";
import { createHttpClient, type HttpClient } from "./http-client.ts";
import { layered } from "./layers.ts";
import { type ServiceConfig, serviceVariables } from "./variables.ts";

/** What a service of MarketPrism has besides the app. */
export interface Service {
  readonly app: App;
  readonly http: HttpClient;
  /** Answers a method and path, and measures it. */
  route(name: string, answer: Route): void;
  /** Counts something among the dependencies that /health names; without a required one the service is unhealthy. */
  dependsOn(name: string, kind: "required" | "optional", check: () => Promise<void>): void;
}

/** Makes a role whose variables may come from layered files, and which reports itself as all services of the system do. */
export function defineService<Shape extends z.core.$ZodLooseShape>(
  name: string,
  variables: Shape,
  run: (service: Service, config: ServiceConfig & z.output<z.ZodObject<Shape>>) => Promise<void>,
): Role {
  const shape = { ...serviceVariables, ...variables };
  const role = defineRole(
    name,
    () => shape,
    async (app, config) => {
      const read = config as unknown as ServiceConfig & z.output<z.ZodObject<Shape>>;
      const service = createService(app, read);
      try {
        await run(service, read);
      } finally {
        await service.http.close();
      }
    },
  );
  return { name, prepare: (environment, args) => role.prepare(layered(environment), args) };
}

interface Named extends Dependency {
  readonly kind: "required" | "optional";
}

function createService(app: App, config: ServiceConfig): Service {
  const { SERVICE_NAME: service, SERVICE_VERSION: version } = config;
  const { registry } = app;
  const dependencies: Named[] = [];
  const measure = createMeasure(app, service);
  new Gauge({
    name: "marketprism_up",
    help: "1 while the service runs; the labels tell what runs.",
    labelNames: ["service", "version"],
    registers: [registry],
  }).set({ service, version }, 1);
  const route = (name: string, answer: Route) => app.route(name, measure(name, answer));
  route("GET /health", async () => {
    const { status, report } = await healthOf(dependencies);
    const body = { service, status, version, timestamp: new Date().toISOString(), dependencies: report };
    return { status: status === "unhealthy" ? 503 : 200, body };
  });
  return {
    app,
    http: createHttpClient(config, registry),
    route,
    dependsOn: (name, kind, check) => dependencies.push({ name, kind, check }),
  };
}

/** Degraded where something optional fails: what can still be done is done, so nobody has to take the service out of use. */
async function healthOf(dependencies: readonly Named[]) {
  const { dependencies: all } = await checkHealth(dependencies);
  const named = dependencies.map(({ name, kind }) => ({ name, kind, health: all[name] }));
  const failing = named.filter(({ health }) => health?.status !== "healthy");
  const status = failing.some(({ kind }) => kind === "required")
    ? "unhealthy"
    : failing.length > 0
      ? "degraded"
      : "healthy";
  return { status, report: Object.fromEntries(named.map(({ name, health }) => [name, health])) };
}

function createMeasure({ registry }: App, service: string): (name: string, answer: Route) => Route {
  const labelNames = ["service", "route", "code"];
  const registers = [registry];
  const requests = new Counter({
    name: "marketprism_http_requests_total",
    help: "Requests answered.",
    labelNames,
    registers,
  });
  const duration = new Histogram({
    name: "marketprism_http_request_duration_seconds",
    help: "Time to the answer of a request.",
    labelNames,
    registers,
  });
  return (name, answer) => async (request) => {
    const began = performance.now();
    let code = 500;
    try {
      const answered = await answer(request);
      code = answered.status;
      return answered;
    } finally {
      const labels = { service, route: name, code: String(code) };
      requests.inc(labels);
      duration.observe(labels, (performance.now() - began) / 1_000);
    }
  };
}
