import type { Properties } from "./events";
import { entriesOf, itemsOf, textAt, valueAt } from "./property-path";
import type { Opening } from "./openings";

/** One connection that a policy allows: a row of its truth table. */
interface Edge {
  readonly direction: Direction;
  readonly peer: string;
  readonly port: string;
  /** Whether the peer may be anywhere, and is not chosen by its labels or its namespace's. */
  readonly outside: boolean;
}

const directions = ["ingress", "egress"] as const;
type Direction = (typeof directions)[number];

const anyone = "anyone";
const anyPort = "any port";

/** What the new policies of a place allow that the old ones did not. */
export function wider(old: readonly Properties[], fresh: readonly Properties[]): readonly Opening[] {
  const before = old.flatMap(edgesOf);
  const edges = fresh.flatMap(edgesOf).filter((edge) => !before.some((each) => covers(each, edge)));
  const freed = directions.filter(
    (direction) =>
      old.some((policy) => restricts(policy, direction)) && !fresh.some((policy) => restricts(policy, direction)),
  );
  return [
    ...freed.map((direction) => open(`${direction} is no longer restricted`, "spec.policyTypes")),
    ...edges.map(openingOf),
  ];
}

/** What policies allow beyond the cluster. */
export function beyondCluster(policies: readonly Properties[]): readonly Opening[] {
  return policies
    .flatMap(edgesOf)
    .filter(({ outside }) => outside)
    .map(openingOf);
}

/** What it means that nothing restricts any more what policies restricted. */
export function unrestricted(): Opening {
  return open("the policy goes: what it denied is allowed", "spec");
}

const open = (what: string, path: string): Opening => ({ to: "anyone", what, path });

function openingOf({ direction, peer, port, outside }: Edge): Opening {
  const what = direction === "ingress" ? `may be reached by ${peer} on ${port}` : `may reach ${peer} on ${port}`;
  const path = `spec.${direction}`;
  if (!outside) return { to: "services", what, path };
  return { to: direction === "ingress" && peer === anyone ? "anyone" : "network", what, path };
}

function covers(a: Edge, b: Edge): boolean {
  return (
    a.direction === b.direction && (a.peer === b.peer || a.peer === anyone) && (a.port === b.port || a.port === anyPort)
  );
}

function restricts({ spec }: Properties, direction: Direction): boolean {
  const declared = itemsOf(valueAt(spec, ["policyTypes"]));
  if (declared.length === 0) return direction === "ingress" || valueAt(spec, ["egress"]) !== undefined;
  return declared.some((type) => String(type).toLowerCase() === direction);
}

function edgesOf(policy: Properties): readonly Edge[] {
  return directions.flatMap((direction) => {
    const rules = restricts(policy, direction) ? itemsOf(valueAt(policy["spec"], [direction])) : [];
    return rules.flatMap((rule) => {
      const peers = itemsOf(valueAt(rule, [direction === "ingress" ? "from" : "to"])).map(peerOf);
      const ports = itemsOf(valueAt(rule, ["ports"])).map(portOf);
      return (peers.length === 0 ? [{ peer: anyone, outside: true }] : peers).flatMap((peer) =>
        (ports.length === 0 ? [anyPort] : ports).map((port) => ({ direction, ...peer, port })),
      );
    });
  });
}

function peerOf(peer: unknown): { readonly peer: string; readonly outside: boolean } {
  const cidr = textAt(peer, ["ipBlock", "cidr"]);
  if (cidr !== undefined) {
    const except = itemsOf(valueAt(peer, ["ipBlock", "except"]));
    return {
      peer: [cidr, ...(except.length === 0 ? [] : [`except ${except.join(", ")}`])].join(" "),
      outside: true,
    };
  }
  const namespaces = valueAt(peer, ["namespaceSelector"]);
  const pods = valueAt(peer, ["podSelector"]);
  const parts = [
    ...(pods === undefined ? [] : [`pods ${selectorText(pods)}`]),
    ...(namespaces === undefined ? [] : [`namespaces ${selectorText(namespaces)}`]),
  ];
  return { peer: parts.join(" of "), outside: false };
}

/** A selector in short; one that Twofold and Kubernetes use for names is the name. */
function selectorText(selector: unknown): string {
  const labels = entriesOf(valueAt(selector, ["matchLabels"]));
  const expressions = itemsOf(valueAt(selector, ["matchExpressions"])).map((expression) => JSON.stringify(expression));
  const named = labels.map(([key, value]) =>
    key === "app.kubernetes.io/name" || key === "kubernetes.io/metadata.name"
      ? String(value)
      : `${key}=${String(value)}`,
  );
  const all = [...named, ...expressions];
  return all.length === 0 ? "all" : all.join(", ");
}

function portOf(port: unknown): string {
  const [number = anyPort, end, protocol = "TCP"] = ["port", "endPort", "protocol"].map((key) => textAt(port, [key]));
  return `${end === undefined ? number : `${number}-${end}`}/${protocol.toLowerCase()}`;
}
