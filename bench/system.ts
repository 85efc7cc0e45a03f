import type { ServiceHandle, SystemBuilder } from "../components";
import type { RenderingOptions } from "../components/targets/kubernetes/options";
import { entry } from "../images/table";
import { type BenchService, benchServices, checkTiming, gateImage, limits } from "./services";

/** Describes the services for Twofold; `references` gives the image that stands for an upstream reference. */
export function describe(system: SystemBuilder, value: string, references: Readonly<Record<string, string>>): void {
  const handles = new Map<string, ServiceHandle>();
  for (const service of benchServices(value)) {
    const { upstream } = entry(service.image);
    const handle = system.service(service.name, specOf(service, references[upstream] ?? upstream));
    for (const name of service.needs) {
      const needed = handles.get(name);
      if (needed !== undefined) handle.connectsTo(needed);
    }
    handles.set(service.name, handle);
  }
}

/** How it is rendered for a cluster. */
export function renderingOptions(namespace: string, references: Readonly<Record<string, string>>): RenderingOptions {
  const { upstream } = entry(gateImage);
  return { namespace, gateImage: references[upstream] ?? upstream };
}

function specOf(service: BenchService, image: string): Parameters<SystemBuilder["service"]>[1] {
  const { user } = entry(service.image);
  const { startupSeconds, ...timing } = checkTiming;
  return {
    kind: service.volume === undefined ? "service" : "stateful",
    image,
    ...(service.command === undefined ? {} : { args: [...service.command] }),
    ports: service.port === undefined ? {} : { main: { number: service.port } },
    env: service.env,
    volumes: service.volume === undefined ? {} : { data: { path: service.volume } },
    scratch: Object.fromEntries(service.scratch.map((path, index) => [`scratch-${index}`, { path }])),
    security: { user: user.uid, group: user.gid },
    resources: { memoryMiB: { limit: limits.memoryMiB } },
    probes: { ready: { exec: [...service.check], ...timing }, startupSeconds },
    shutdown: { graceSeconds: limits.graceSeconds, signal: service.stopSignal },
  };
}
