import type { ServicePlan } from "../../core/plan-types";
import type { Port, Probe } from "../../core/spec";
import { probedPort } from "../ports";
import type { Goal, Healthcheck } from "./model";

/** Seconds that the engine itself may take on top of what the check asks for. */
const allowanceSeconds = 15;
/** Seconds in which a container without a check must run, and a job must end. */
const withoutCheckSeconds = { running: 30, completed: 3600 } as const;

/** The one check that the engine knows: readiness, else liveness, else start-up. */
function probeOf({ probes }: ServicePlan): Probe | undefined {
  return probes.ready ?? probes.live ?? probes.startup;
}

/** A service without a probe is not checked at all, also when its image brings a check of its own. */
export function healthcheckOf(service: ServicePlan): Healthcheck {
  const probe = probeOf(service);
  if (probe === undefined) return { tests: ["NONE"] };
  return {
    tests: testOf(probe, service.ports),
    interval: goDuration(probe.periodSeconds),
    timeout: goDuration(probe.timeoutSeconds),
    startPeriod: goDuration(service.probes.startupSeconds),
    retries: probe.failures,
  };
}

/** What to wait for, and for how long: until the engine must have given its verdict. */
export function goalOf(service: ServicePlan): Goal {
  const { pids } = service.resources;
  if (service.kind === "job") return { until: "completed", withinSeconds: withoutCheckSeconds.completed, pids };
  const probe = probeOf(service);
  if (probe === undefined) return { until: "running", withinSeconds: withoutCheckSeconds.running, pids };
  const verdict = (probe.failures + 1) * (probe.periodSeconds + probe.timeoutSeconds);
  return { until: "healthy", withinSeconds: service.probes.startupSeconds + verdict + allowanceSeconds, pids };
}

function testOf(probe: Probe, ports: Readonly<Record<string, Port>>): string[] {
  if ("exec" in probe) return ["CMD", ...probe.exec];
  if ("tcp" in probe) return listens(probedPort(probe.tcp.port, ports));
  return answers(probedPort(probe.http.port, ports), probe.http.path, probe.timeoutSeconds);
}

/**
 * Looks for a listening socket (state 0A) in the kernel's table. That needs neither a shell nor a client, and leaves no
 * broken connection in the service's log.
 */
function listens(port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return ["CMD", "grep", "-qsE", `^ *[0-9]+: [0-9A-F]+:${hex} [0-9A-F]+:0000 0A `, "/proc/net/tcp", "/proc/net/tcp6"];
}

/** Images differ in the client that they bring: BusyBox and Debian have wget, others curl; Debian's alone have Bash, which asks by itself. */
function answers(port: number, path: string, timeoutSeconds: number): string[] {
  const url = quoted(`http://127.0.0.1:${port}${path}`);
  const bash = [
    `exec 3<>/dev/tcp/127.0.0.1/${port}`,
    'printf "GET %s HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\n\\r\\n" "$0" >&3',
    "read -r _ status _ <&3",
    "[[ $status == [23]* ]]",
  ].join(" && ");
  const clients = [
    ["wget", `wget -q -T ${timeoutSeconds} -O /dev/null ${url}`],
    ["curl", `curl -fsS -m ${timeoutSeconds} -o /dev/null ${url}`],
    ["bash", `bash -c '${bash}' ${quoted(path)}`],
    ["node", `node -e 'fetch(process.argv[1]).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))' ${url}`],
  ];
  const choices = clients.map(([client, command]) => `command -v ${client} >/dev/null && exec ${command}`);
  return ["CMD-SHELL", `${choices.join("; ")}; echo 'the image has none of wget, curl, bash and node'; exit 1`];
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Seconds in the spelling that Go gives them and the engine answers with: any other would show as a change each time. */
export function goDuration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}
