import type { ServiceHandle } from "../core/service-handle";
import type { SystemBuilder } from "../core/system";
import type { SecretRef } from "../core/value";
import { type HostPort, hostPort } from "./host-port";
import { httpPort, nginxServer } from "./nginx-server";
import { httpsPort, type ProxyConfig, proxyConfig, upstreamsFile } from "./reverse-proxy-config";
import { secretFile } from "./secret-file";

type Target = Parameters<ServiceHandle["connectsTo"]>[0];

export interface ReverseProxyOptions extends HostPort {
  /** What requests go to by the beginning of their path; what begins with none goes to the first, which is that of `/`. */
  readonly routes: readonly { readonly path: string; readonly to: Target }[];
  /** Paths that are answered with 404 and not passed on. @default - none */
  readonly hidden?: readonly string[];
  /** Path that tells the health of what is behind, passed on without a limit. @default - none */
  readonly healthPath?: string;
  /** Requests of one address: a second, and at once beyond that; more are answered with 429. @default - no limit */
  readonly limit?: ProxyConfig["limit"];
  /** Proxies before this one, as blocks of addresses, whose X-Forwarded-For is believed. @default - none */
  readonly trustedProxies?: readonly string[];
  /** Certificate with its chain, and its key; plain HTTP then leads to HTTPS. @default - plain HTTP */
  readonly tls?: HostPort & { readonly certificate: SecretRef; readonly key: SecretRef };
}

const seconds = 5;

/**
 * An nginx that passes HTTP requests on to services by their paths. It spreads them over all replicas, to the one with the
 * fewest connections, and leaves one out for 30 s after three failures. nginx looks names up when it starts and never again, so
 * that a script beside it writes down what they lead to, and has it read anew when that changes.
 */
export function reverseProxy(system: SystemBuilder, name: string, options: ReverseProxyOptions): ServiceHandle {
  const { routes, hidden = [], healthPath, limit, trustedProxies = [], tls, ...published } = options;
  const named = routes.map(({ path, to }) => ({ path, to, upstream: nameOf(to) }));
  const configuration = proxyConfig({
    routes: named,
    hidden,
    healthPath,
    limit,
    trusted: trustedProxies,
    tls:
      tls === undefined
        ? undefined
        : {
            certificate: secretFile(system, name, "tls.crt", tls.certificate),
            key: secretFile(system, name, "tls.key", tls.key),
          },
  });
  const nginx = nginxServer(system, name, {
    command: ["sh", "/etc/nginx/start.sh"],
    ports: {
      http: { number: httpPort, ...hostPort(published) },
      ...(tls === undefined ? {} : { https: { number: httpsPort, ...hostPort(tls) } }),
    },
    env: { UPSTREAMS: [...new Set(named.map(({ upstream }) => upstream))].join(" ") },
    configuration,
    files: [{ path: "/etc/nginx/start.sh", content: start }],
  });
  return named.reduce(
    (proxy, { to, upstream }) =>
      proxy.connectsTo(to, { env: ({ host, port }) => ({ [variableOf(upstream)]: `${host} ${port}` }) }),
    nginx,
  );
}

const nameOf = (to: Target): string => ("of" in to ? to.of.name : to.name);
const variableOf = (upstream: string): string => `UPSTREAM_${upstream.replaceAll("-", "_")}`;

/** NAME-pods stands for the replicas that are ready, where there is such a name; NAME itself is one address on Kubernetes. */
const start = String.raw`#!/bin/sh
set -u

addresses() {
  { getent ahostsv4 "$1-pods" || getent ahostsv4 "$1"; } | awk '{ print $1 }' | sort -u
}

render() {
  for name in $UPSTREAMS; do
    eval "set -- \$UPSTREAM_$(echo "$name" | tr - _)"
    found=$(addresses "$1")
    [ -n "$found" ] || return 1
    echo "upstream $name {"
    echo "  zone $name 64k;"
    echo "  least_conn;"
    for address in $found; do echo "  server $address:$2 max_fails=3 fail_timeout=30s;"; done
    echo "  keepalive 16;"
    echo "}"
  done
}

until render > ${upstreamsFile}; do sleep 1; done

while sleep ${seconds}; do
  render > ${upstreamsFile}.new || continue
  cmp -s ${upstreamsFile}.new ${upstreamsFile} && continue
  mv ${upstreamsFile}.new ${upstreamsFile}
  nginx -s reload
done &

exec nginx -g 'daemon off;'
`;
