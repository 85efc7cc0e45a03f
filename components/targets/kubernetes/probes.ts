import type { ServicePlan } from "../../core/plan-types";
import type { Port, Probe } from "../../core/spec";
import { probedPort } from "../ports";
import type { Container, ProbeAction, ProbeModel } from "./pod-model";

/** Start-up is looked at this often at least, so that a service is used soon after it is ready. */
const startupPeriodSeconds = 5;

interface Checks {
  readonly startup?: Probe | undefined;
  readonly ready?: Probe | undefined;
  readonly live?: Probe | undefined;
}

/**
 * The three checks of a service, from one model. A service that is not alive is restarted, which mends nobody else, and
 * would begin the recovery of a database again and again: so without a check of its own, liveness is only whether the port
 * accepts connections. Start-up is judged by liveness, for the same reason.
 */
function checksOf({ probes: { startup, ready, live }, ports }: ServicePlan): Checks {
  const alive = live ?? (ready === undefined ? undefined : shallow(ready, ports));
  return { startup: startup ?? alive, ready: ready ?? live, live: alive };
}

/** The port of the check, with its timing. A command has none: then it is the service's only one, or the command stays. */
function shallow(probe: Probe, ports: ServicePlan["ports"]): Probe {
  if ("tcp" in probe) return probe;
  const { periodSeconds, timeoutSeconds, failures } = probe;
  const [only, ...others] = Object.keys(ports).filter((name) => ports[name]?.protocol === "tcp");
  const port = "http" in probe ? probe.http.port : others.length === 0 ? only : undefined;
  return port === undefined ? probe : { tcp: { port }, periodSeconds, timeoutSeconds, failures };
}

export function probesOf(service: ServicePlan): Pick<Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  const { startup, ready, live } = checksOf(service);
  const model = (probe: Probe): ProbeModel => ({
    ...actionOf(probe, service.ports),
    periodSeconds: probe.periodSeconds,
    timeoutSeconds: probe.timeoutSeconds,
    failureThreshold: probe.failures,
  });
  return {
    ...(startup === undefined ? {} : { startupProbe: startupModel(model(startup), service) }),
    ...(ready === undefined ? {} : { readinessProbe: model(ready) }),
    ...(live === undefined ? {} : { livenessProbe: model(live) }),
  };
}

/** Gives up when the time to start is over and the check has failed as often as it may after that. */
function startupModel(probe: ProbeModel, { probes }: ServicePlan): ProbeModel {
  const periodSeconds = Math.min(probe.periodSeconds, startupPeriodSeconds);
  const seconds = probes.startupSeconds + probe.failureThreshold * probe.periodSeconds;
  return { ...probe, periodSeconds, failureThreshold: Math.ceil(seconds / periodSeconds) };
}

/** Seconds after which a service that is not ready never will be. */
export function verdictSeconds(service: ServicePlan): number {
  const { startupProbe, readinessProbe } = probesOf(service);
  return [startupProbe, readinessProbe]
    .filter((probe) => probe !== undefined)
    .reduce(
      (sum, { periodSeconds, timeoutSeconds, failureThreshold }) =>
        sum + failureThreshold * periodSeconds + timeoutSeconds,
      0,
    );
}

function actionOf(probe: Probe, ports: Readonly<Record<string, Port>>): ProbeAction {
  if ("exec" in probe) return { exec: { command: probe.exec } };
  if ("tcp" in probe) return { tcpSocket: { port: probedPort(probe.tcp.port, ports) } };
  return { httpGet: { port: probedPort(probe.http.port, ports), path: probe.http.path } };
}
