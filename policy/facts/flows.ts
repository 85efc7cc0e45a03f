import { mayShare } from "./matching";
import { at, hasPending, itemsAt, known, numberAt, pending, recordAt, textAt, textsAt } from "./plain";
import { selects } from "./selector";
import type { Thing, View } from "./stack";
import { allOf, anyOf, type Verdict } from "./verdict";
import type { Workload } from "./workload";

/** Some pods, as network policies see them. */
interface Pods {
  readonly namespace: string;
  readonly labels: unknown;
  /** Numbers of the ports that containers name. */
  readonly portNames: Readonly<Record<string, number>>;
}

interface PortRange {
  readonly from: number;
  readonly to: number;
  readonly protocol: string;
}

/** What a policy allows to or from its pods. */
export interface Opening {
  /** Empty means everybody. */
  readonly peers: readonly unknown[];
  /** `undefined` means every port. */
  readonly ports: readonly PortRange[] | undefined;
}

/** Pods with what policies allow them. A direction without any policy is not restricted. */
export interface End {
  readonly pods: Pods;
  readonly ingress: readonly Opening[] | undefined;
  readonly egress: readonly Opening[] | undefined;
  /** Whether it is not known yet which policies are about these pods, or what they say. */
  readonly isPending: boolean;
}

/** The pods of an object, unless a preview does not know their namespace. */
export function endOf({ namespace }: Thing, workload: Workload, view: View): End | undefined {
  if (namespace === undefined) return undefined;
  const pods = { namespace, labels: workload.labels, portNames: portNamesOf(workload) };
  const policies = view
    .ofKind("NetworkPolicy")
    .filter((policy) => mayShare(policy.namespace, namespace))
    .map(({ plain }) => at(plain, "spec"))
    .map((spec) => ({ spec, isOwn: selects(at(spec, "podSelector") ?? {}, pods.labels) }));
  const own = policies.filter(({ isOwn }) => isOwn === true).map(({ spec }) => spec);
  return {
    pods,
    ingress: openingsOf(own, "Ingress", pods),
    egress: openingsOf(own, "Egress", pods),
    isPending: policies.some(({ isOwn }) => isOwn === pending) || own.some(hasPending),
  };
}

function portNamesOf({ containers }: Workload): Readonly<Record<string, number>> {
  const ports = containers.flatMap(({ plain }) => itemsAt(plain, "ports"));
  return Object.fromEntries(
    ports.flatMap((port) =>
      known(textAt(port, "name")).flatMap((name) =>
        known(numberAt(port, "containerPort")).map((number): [string, number] => [name, number]),
      ),
    ),
  );
}

function openingsOf(specs: readonly unknown[], type: "Ingress" | "Egress", pods: Pods): readonly Opening[] | undefined {
  const [direction, peers] = type === "Ingress" ? ["ingress", "from"] : ["egress", "to"];
  const about = specs.filter((spec) => policyTypesOf(spec).includes(type));
  if (about.length === 0) return undefined;
  return about.flatMap((spec) =>
    itemsAt(spec, direction ?? "").map((rule) => ({
      peers: itemsAt(rule, peers ?? ""),
      ports:
        at(rule, "ports") === undefined ? undefined : itemsAt(rule, "ports").flatMap((port) => rangeOf(port, pods)),
    })),
  );
}

/** The directions that a policy is about; the API fills them in where they are missing. */
export function policyTypesOf(spec: unknown): readonly string[] {
  const types = textsAt(spec, "policyTypes");
  return types.length > 0 ? types : ["Ingress", ...(at(spec, "egress") === undefined ? [] : ["Egress"])];
}

/** Without a number it is every port of the protocol. */
function rangeOf(port: unknown, { portNames }: Pods): readonly PortRange[] {
  const [protocol = "TCP"] = known(textAt(port, "protocol"));
  const given = textAt(port, "port");
  if (given === pending) return [];
  if (given === undefined) return [{ from: 0, to: 65_535, protocol }];
  const from = /^\d+$/.test(given) ? Number(given) : portNames[given];
  const [to] = known(numberAt(port, "endPort"));
  return from === undefined ? [] : [{ from, to: to ?? from, protocol }];
}

/** Whether both ends allow a connection to a port. */
export function mayConnect(from: End, to: End, port: number, protocol: string, view: View): Verdict {
  if (from.isPending || to.isPending) return pending;
  const lets = (openings: readonly Opening[] | undefined, peer: Pods, home: Pods): Verdict =>
    openings === undefined ||
    anyOf(openings.filter(isAbout(port, protocol)).map(({ peers }) => isAmong(peer, peers, home, view)));
  return allOf([lets(from.egress, to.pods, from.pods), lets(to.ingress, from.pods, to.pods)]);
}

const isAbout =
  (port: number, protocol: string) =>
  ({ ports }: Opening): boolean =>
    ports?.some((range) => range.protocol === protocol && range.from <= port && port <= range.to) ?? true;

function isAmong(pods: Pods, peers: readonly unknown[], home: Pods, view: View): Verdict {
  if (peers.length === 0) return true;
  return anyOf(peers.filter((peer) => at(peer, "ipBlock") === undefined).map((peer) => isPeer(peer, pods, home, view)));
}

function isPeer(peer: unknown, pods: Pods, home: Pods, view: View): Verdict {
  const [namespaces, labels] = [at(peer, "namespaceSelector"), at(peer, "podSelector")];
  return allOf([
    namespaces === undefined
      ? pods.namespace === home.namespace
      : selects(namespaces, namespaceLabels(pods.namespace, view)),
    labels === undefined || selects(labels, pods.labels),
  ]);
}

/** The API gives each namespace a label with its name. */
function namespaceLabels(name: string, view: View): unknown {
  const own = view.ofKind("Namespace").find((thing) => thing.name === name);
  return { ...recordAt(own?.labels), "kubernetes.io/metadata.name": name };
}
