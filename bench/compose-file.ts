import { stringify } from "yaml";
import { entry } from "../images/table";
import { type BenchService, checkTiming, limits } from "./services";

/** The services as Docker Compose reads them, confined as the Docker target confines them. */
export function composeFile(
  project: string,
  services: readonly BenchService[],
  reference: (image: string) => string,
): string {
  const volumes = services.flatMap(({ name, volume }) => (volume === undefined ? [] : [[`${name}-data`, {}] as const]));
  return stringify({
    name: project,
    services: Object.fromEntries(services.map((service) => [service.name, composeService(service, reference)])),
    volumes: Object.fromEntries(volumes),
  });
}

function composeService(service: BenchService, reference: (image: string) => string): object {
  const { upstream, user } = entry(service.image);
  return {
    image: reference(upstream),
    user: `${user.uid}:${user.gid}`,
    ...(service.command === undefined ? {} : { command: service.command.map(escaped) }),
    environment: service.env,
    read_only: true,
    tmpfs: service.scratch.map((path) => `${path}:size=64m,mode=1777`),
    ...(service.volume === undefined ? {} : { volumes: [`${service.name}-data:${service.volume}`] }),
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
    mem_limit: `${limits.memoryMiB}m`,
    pids_limit: 256,
    restart: "unless-stopped",
    stop_signal: service.stopSignal,
    stop_grace_period: `${limits.graceSeconds}s`,
    healthcheck: {
      test: ["CMD", ...service.check],
      interval: `${checkTiming.periodSeconds}s`,
      timeout: `${checkTiming.timeoutSeconds}s`,
      retries: checkTiming.failures,
      start_period: `${checkTiming.startupSeconds}s`,
    },
    depends_on: Object.fromEntries(service.needs.map((name) => [name, { condition: "service_healthy" }])),
  };
}

/** Compose would read a dollar sign as a variable of its own. */
const escaped = (text: string): string => text.replaceAll("$", "$$$$");
