import { programOf } from "./image";
import { at, hasPending, known } from "./plain";
import { type Service, type StackFinding, type View, workloadOf } from "./stack";
import type { Workload } from "./workload";

/** Variables that say how many connections a process keeps or may add. */
const poolName =
  /(^|_)(POOL|POOL_SIZE|POOL_MAX|POOL_MAX_SIZE|MAX_POOL|MAX_POOL_SIZE|MAX_CONNECTIONS|MAX_OPEN_CONNS|MAX_OVERFLOW)$/i;

/** Pools of other things than databases. */
const otherPool = /(^|_)(REDIS|NATS|KAFKA|AMQP|RABBITMQ|HTTP|THREAD|THREADS|WORKER|WORKERS|PROCESS)(_|$)/i;

/** How many connections a server takes when nothing is said, and how many of them are for administrators alone. */
const servers = [
  { program: /^postgres(ql)?\d*$/, preset: 100, reserved: 3 },
  { program: /^(mysql|mariadb)\d*$/, preset: 151, reserved: 0 },
] as const;

interface Demand {
  readonly text: string;
  readonly connections: number;
}

/** Databases whose declared clients may ask for more connections than they take. */
export function overdrawn(view: View): readonly StackFinding[] {
  return view.services.flatMap((service) => {
    const capacity = capacityOf(service);
    if (capacity === undefined) return [];
    const demands = clientsOf(service, view).flatMap((client) => demandOf(client));
    const asked = demands.reduce((sum, { connections }) => sum + connections, 0);
    if (asked <= capacity) return [];
    const parts = demands.map(({ text }) => text).join(", ");
    return [
      { on: service.resource, message: `may be asked for ${asked} connections (${parts}), and takes ${capacity}` },
    ];
  });
}

/** Connections that a database has for its clients; `undefined` for what is no database. */
function capacityOf({ things }: Service): number | undefined {
  for (const workload of things.flatMap((thing) => workloadOf(thing) ?? []))
    for (const { image, commandLine, plain } of workload.containers) {
      const program = known(image).map(programOf)[0] ?? "";
      const server = servers.find((each) => each.program.test(program));
      if (server === undefined) continue;
      if (hasPending([at(plain, "command"), at(plain, "args")])) return undefined;
      const [, stated] = /\bmax[_-]connections[= ](\d+)/.exec(commandLine.join(" ")) ?? [];
      return (stated === undefined ? server.preset : Number(stated)) - server.reserved;
    }
  return undefined;
}

function clientsOf({ outline, system }: Service, view: View): readonly Service[] {
  const names = new Set(system?.outline.connections.filter(({ to }) => to === outline.name).map(({ from }) => from));
  return view.services.filter((each) => each.system === system && names.has(each.outline.name));
}

/** Pools of one process, times the processes that there may be. */
function demandOf({ outline, things }: Service): readonly Demand[] {
  const [workload] = things.flatMap((thing) => workloadOf(thing) ?? []);
  const pool = workload === undefined ? 0 : poolOf(workload);
  const most = outline.autoscale?.max ?? outline.replicas;
  return pool === 0 ? [] : [{ text: `${outline.name} ${most} × ${pool}`, connections: most * pool }];
}

function poolOf({ containers }: Workload): number {
  return containers
    .flatMap(({ env }) => env)
    .filter(({ name }) => poolName.test(name) && !otherPool.test(name))
    .flatMap(({ value }) => known(value))
    .filter((value) => /^\d+$/.test(value))
    .reduce((sum, value) => sum + Number(value), 0);
}
