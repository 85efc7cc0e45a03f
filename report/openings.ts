import type { Properties } from "./events";
import { itemsOf, textAt, valueAt } from "./property-path";
import { types, workloads } from "./resource";
import type { Exposure } from "./schema";

/** One way to reach something from outside. */
export type Opening = Pick<Exposure, "to" | "what" | "path">;

/** The ways that a resource opens with these inputs. */
export function openingsOf(type: string, inputs: Properties): readonly Opening[] {
  switch (type) {
    case types.container:
      return [
        ...itemsOf(inputs["ports"]).flatMap(publishedPort),
        ...hostNetwork(inputs["networkMode"] === "host", "networkMode"),
      ];
    case types.ingress:
      return ingressOpenings(inputs);
    case types.kubernetesService:
      return serviceOpenings(inputs);
    default:
      return workloads.includes(type) ? podOpenings(valueAt(inputs, ["spec", "template", "spec"])) : [];
  }
}

function hostNetwork(shared: boolean, path: string): readonly Opening[] {
  const what = "every port of the process, on the machine's own network";
  return shared ? [{ to: "network", what, path }] : [];
}

function publishedPort(port: unknown): readonly Opening[] {
  const address = textAt(port, ["ip"]) ?? "0.0.0.0";
  const number = textAt(port, ["external"]) ?? "a free port";
  const own = address.startsWith("127.") || address === "::1" || address === "localhost";
  const what = `${address}:${number}/${textAt(port, ["protocol"]) ?? "tcp"}`;
  return [{ to: own ? "machine" : "network", what, path: "ports" }];
}

function ingressOpenings({ spec }: Properties): readonly Opening[] {
  const secured = new Set(itemsOf(valueAt(spec, ["tls"])).flatMap((tls) => itemsOf(valueAt(tls, ["hosts"]))));
  const opening = (host: string, path: string, backend: unknown): Opening => {
    const name = textAt(backend, ["service", "name"]) ?? "?";
    const port = textAt(backend, ["service", "port", "number"]) ?? textAt(backend, ["service", "port", "name"]) ?? "?";
    const what = `${secured.has(host) ? "https" : "http"}://${host}${path} to ${name}:${port}`;
    return { to: "anyone", what, path: "spec.rules" };
  };
  const rules = itemsOf(valueAt(spec, ["rules"])).flatMap((rule) =>
    itemsOf(valueAt(rule, ["http", "paths"])).map((path) =>
      opening(textAt(rule, ["host"]) ?? "*", textAt(path, ["path"]) ?? "/", valueAt(path, ["backend"])),
    ),
  );
  const preset = valueAt(spec, ["defaultBackend"]);
  return preset === undefined ? rules : [...rules, opening("*", "/", preset)];
}

function serviceOpenings({ spec }: Properties): readonly Opening[] {
  const type = textAt(spec, ["type"]) ?? "ClusterIP";
  const addresses = itemsOf(valueAt(spec, ["externalIPs"]));
  const ports = itemsOf(valueAt(spec, ["ports"])).map(
    (port) => `${textAt(port, ["port"]) ?? "?"}/${(textAt(port, ["protocol"]) ?? "TCP").toLowerCase()}`,
  );
  const by = (way: string, to: Opening["to"], path = "spec.type") =>
    ports.map((port): Opening => ({ to, what: `${way} ${port}`, path }));
  return [
    ...(type === "LoadBalancer" ? by("load balancer", "anyone") : []),
    ...(type === "NodePort" ? by("a port of every node for", "network") : []),
    ...addresses.flatMap((address) => by(`address ${String(address)}`, "network", "spec.externalIPs")),
  ];
}

function podOpenings(pod: unknown): readonly Opening[] {
  const ports = itemsOf(valueAt(pod, ["containers"])).flatMap((container) => itemsOf(valueAt(container, ["ports"])));
  return [
    ...hostNetwork(valueAt(pod, ["hostNetwork"]) === true, "hostNetwork"),
    ...ports.flatMap((port): readonly Opening[] => {
      const number = textAt(port, ["hostPort"]);
      return number === undefined ? [] : [{ to: "network", what: `port ${number} of the node`, path: "hostPort" }];
    }),
  ];
}
