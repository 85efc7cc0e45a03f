import type { ServiceHandle } from "../core/service-handle";
import type { SystemBuilder } from "../core/system";
import { type HostPort, hostPort } from "./host-port";
import { healthPath, httpPort, nginxServer } from "./nginx-server";

export interface LoadBalancerOptions extends HostPort {
  /** What the requests go to; each of its replicas gets its share. */
  readonly backend: ServiceHandle;
  /** Paths that are answered with 404 and not passed on. @default - none */
  readonly hidden?: readonly string[];
}

/**
 * What nginx cannot read from its configuration: the resolver of where it finds itself, and the backend. nginx asks for
 * names as they are, and only Docker's own resolver knows those of services so; elsewhere they are completed by the first
 * of the domains to search, which on Kubernetes is the namespace's.
 */
const start = [
  `resolver=$(awk '$1 == "nameserver" && $2 ~ /[.]/ { print $2; exit }' /etc/resolv.conf)`,
  `domain=$(awk '$1 == "search" { print "." $2; exit }' /etc/resolv.conf)`,
  `if [ "$resolver" = 127.0.0.11 ]; then domain=; fi`,
  `echo "resolver $resolver valid=5s ipv6=off;" > /tmp/resolver.conf`,
  `echo "set \\$backend http://$BACKEND_HOST$domain:$BACKEND_PORT;" > /tmp/backend.conf`,
  `exec nginx -g 'daemon off;'`,
].join("\n");

// The variable makes nginx look the name up again every few seconds; a literal one is looked up once, at the start.
const configuration = (hidden: readonly string[]): string => `include /tmp/resolver.conf;

server {
  listen ${httpPort};
  server_tokens off;

  location = ${healthPath} {
    access_log off;
    default_type text/plain;
    return 200 "ok\\n";
  }
${hidden.map((path) => `\n  location = ${path} {\n    return 404;\n  }\n`).join("")}
  location / {
    include /tmp/backend.conf;
    proxy_pass $backend$request_uri;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_connect_timeout 2s;
    proxy_next_upstream error timeout;
  }
}
`;

/** An nginx that spreads HTTP requests over the replicas of one service. */
export function loadBalancer(system: SystemBuilder, name: string, options: LoadBalancerOptions): ServiceHandle {
  const nginx = nginxServer(system, name, {
    command: ["sh", "-c", start],
    ports: { http: { number: httpPort, ...hostPort(options) } },
    configuration: configuration(options.hidden ?? []),
  });
  return nginx.connectsTo(options.backend, {
    env: ({ host, port }) => ({ BACKEND_HOST: host, BACKEND_PORT: String(port) }),
  });
}
