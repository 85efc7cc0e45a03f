import { type End, endOf, mayConnect, type Opening } from "./flows";
import type { ConnectionOutline, PortOutline } from "./outline";
import { at, hasPending, isRecord } from "./plain";
import { type Service, type StackFinding, type System, type View, workloadOf } from "./stack";

interface Member {
  readonly service: Service;
  readonly end: End;
}

/** Ways between the services of a system, and between them and the outside, that differ from its description. */
export function strayOnKubernetes(system: System, view: View): readonly StackFinding[] {
  const members = view.services
    .filter((service) => service.system === system)
    .flatMap((service) =>
      service.things.flatMap((thing): Member[] => {
        const workload = workloadOf(thing);
        const end = workload === undefined ? undefined : endOf(thing, workload, view);
        return end === undefined ? [] : [{ service, end }];
      }),
    );
  return [
    ...members.flatMap((from) =>
      members.flatMap((to) => (from === to ? [] : strayBetween(from, to, system.outline.connections, view))),
    ),
    ...members.filter(({ end }) => !end.isPending).flatMap((member) => strayOutside(member, system)),
  ];
}

/** Stands for every port that is not named. */
const anyPort = 0;

function strayBetween(
  from: Member,
  to: Member,
  connections: readonly ConnectionOutline[],
  view: View,
): readonly StackFinding[] {
  const [client, server] = [from.service.outline.name, to.service.outline.name];
  const opened = (to.end.ingress ?? []).flatMap(({ ports = [] }) => ports);
  const candidates = [
    ...Object.values(to.service.outline.ports).map(({ number, protocol }) => `${protocol.toUpperCase()} ${number}`),
    ...opened.map(({ protocol, from: number }) => `${protocol} ${number}`),
    `TCP ${anyPort}`,
  ];
  return [...new Set(candidates)].flatMap((candidate): StackFinding[] => {
    const [protocol = "", digits] = candidate.split(" ");
    const port = Number(digits);
    const isDeclared = connections.some(
      (each) =>
        each.from === client && each.to === server && each.port === port && each.protocol.toUpperCase() === protocol,
    );
    const mayReach = mayConnect(from.end, to.end, port, protocol, view);
    if (mayReach === true && !isDeclared) {
      const what = port === anyPort ? "any port" : `port ${port}`;
      return [{ on: to.service.resource, message: `lets ${client} reach ${what}, which is not declared` }];
    }
    if (mayReach === false && isDeclared)
      return [
        { on: from.service.resource, message: `cannot reach ${server} on port ${port}, although it is declared to` },
      ];
    return [];
  });
}

/** Openings to other namespaces and addresses: in by public ports and those with metrics, out to what is declared outside. */
function strayOutside({ service, end }: Member, { outline }: System): readonly StackFinding[] {
  const { name, ports, metrics } = service.outline;
  const isPublic = ([key, port]: [string, PortOutline]): boolean => port.exposure === "public" || key === metrics?.port;
  const inward = Object.entries(ports)
    .filter(isPublic)
    .map(([, { number }]) => number);
  const outward = outline.externals.filter(({ from }) => from === name).map(({ port }) => port);
  return [
    ...foreign(end.ingress)
      .flatMap((opening) => beyond(opening, inward))
      .map((port) => ({
        on: service.resource,
        message: `lets others than its system reach ${port}, which is neither public nor for metrics`,
      })),
    ...foreign(end.egress)
      .flatMap((opening) => beyond(opening, [...outward, dns]))
      .map((port) => ({
        on: service.resource,
        message: `may reach ${port} outside of its system, which is not declared`,
      })),
  ];
}

const dns = 53;

function foreign(openings: readonly Opening[] | undefined): readonly Opening[] {
  return (openings ?? []).filter(
    ({ peers }) => !hasPending(peers) && (peers.length === 0 || peers.some((peer) => isRecord(peer) && !isLocal(peer))),
  );
}

function isLocal(peer: unknown): boolean {
  return at(peer, "podSelector") !== undefined && at(peer, "namespaceSelector") === undefined;
}

/** The ports of an opening that are not among those allowed. */
function beyond({ ports }: Opening, allowed: readonly number[]): readonly string[] {
  if (ports === undefined) return ["every port"];
  return ports
    .filter(({ from, to }) => from !== to || !allowed.includes(from))
    .map(({ from, to }) => (from === to ? `port ${from}` : `the ports ${from} to ${to}`));
}
