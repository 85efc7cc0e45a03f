import { httpPort, healthPath as ownHealthPath } from "./nginx-server";

/** A prefix of paths, and the name of the upstream that its requests go to. */
export interface ProxyRoute {
  readonly path: string;
  readonly upstream: string;
}

export interface ProxyConfig {
  readonly routes: readonly ProxyRoute[];
  /** Paths that are answered with 404 and not passed on. */
  readonly hidden: readonly string[];
  /** Path that is passed on to the first route without a line in the log and without a limit. */
  readonly healthPath: string | undefined;
  /** How many requests one address may make: a second, and at once beyond that. */
  readonly limit: { readonly perSecond: number; readonly burst: number } | undefined;
  /** Proxies before this one, whose word on the client's address is taken. */
  readonly trusted: readonly string[];
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
}

export const httpsPort = 8443;

/** Where the script that starts nginx writes the addresses that names lead to. */
export const upstreamsFile = "/tmp/upstreams.conf";

const commonHeaders = {
  "X-Frame-Options": "DENY",
  "X-Content-Type-Options": "nosniff",
  "X-XSS-Protection": "1; mode=block",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'",
};
const oneYear = 31_536_000;
/** With TLS browsers may be told of it before they come for the first time; by plain HTTP they take no notice. */
const transport = (tls: boolean): string => `max-age=${oneYear}; includeSubDomains${tls ? "; preload" : ""}`;

/** The configuration of an nginx that passes requests on, for the part of its own that is about HTTP. */
export function proxyConfig(config: ProxyConfig): string {
  const { limit, trusted, tls } = config;
  return [
    `include ${upstreamsFile};`,
    ...(limit === undefined
      ? []
      : [`limit_req_zone $binary_remote_addr zone=clients:10m rate=${limit.perSecond}r/s;`, "limit_req_status 429;"]),
    ...trusted.map((block) => `set_real_ip_from ${block};`),
    ...(trusted.length === 0 ? [] : ["real_ip_header X-Forwarded-For;", "real_ip_recursive on;"]),
    "",
    ...(tls === undefined
      ? server([`listen ${httpPort};`], config)
      : [...redirecting(), "", ...server(secure(tls), config)]),
    "",
  ].join("\n");
}

/** Answers its own health by plain HTTP, and sends all else to HTTPS at the usual port. */
function redirecting(): readonly string[] {
  return block("server", [
    `listen ${httpPort};`,
    "server_tokens off;",
    ...ownHealth,
    ...block("location /", ["return 301 https://$host$request_uri;"]),
  ]);
}

const ciphers = [
  ...["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"],
  ...["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"],
].join(":");

function secure({ certificate, key }: NonNullable<ProxyConfig["tls"]>): readonly string[] {
  return [
    `listen ${httpsPort} ssl http2;`,
    `ssl_certificate ${certificate};`,
    `ssl_certificate_key ${key};`,
    "ssl_protocols TLSv1.2 TLSv1.3;",
    `ssl_ciphers ${ciphers};`,
    "ssl_prefer_server_ciphers off;",
    "ssl_session_cache shared:tls:10m;",
    "ssl_session_timeout 10m;",
  ];
}

const ownHealth = block(`location = ${ownHealthPath}`, [
  "access_log off;",
  "default_type text/plain;",
  'return 200 "ok\\n";',
]);

function server(listening: readonly string[], config: ProxyConfig): readonly string[] {
  const { routes, hidden, healthPath, limit, tls } = config;
  const headers = Object.entries({ ...commonHeaders, "Strict-Transport-Security": transport(tls !== undefined) });
  const added = headers.map(([name, value]) => `add_header ${name} "${value}" always;`);
  const limited = limit === undefined ? [] : [`limit_req zone=clients burst=${limit.burst} nodelay;`];
  const [first] = routes;
  return block("server", [
    ...listening,
    "server_tokens off;",
    ...added,
    "",
    "proxy_http_version 1.1;",
    'proxy_set_header Connection "";',
    "proxy_set_header Host $host;",
    "proxy_set_header X-Real-IP $remote_addr;",
    "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    "proxy_set_header X-Forwarded-Proto $scheme;",
    // Of a replica that is gone nothing is heard; the next one is asked after that.
    "proxy_connect_timeout 5s;",
    "proxy_send_timeout 60s;",
    "proxy_read_timeout 60s;",
    "proxy_buffer_size 4k;",
    "proxy_buffers 8 4k;",
    "",
    ...ownHealth,
    ...hidden.flatMap((path) => block(`location = ${path}`, ["return 404;"])),
    ...(healthPath === undefined || first === undefined
      ? []
      : block(`location = ${healthPath}`, ["access_log off;", `proxy_pass http://${first.upstream};`])),
    ...routes.flatMap(({ path, upstream }) => [
      ...block(`location ${path}`, [...limited, `proxy_pass http://${upstream};`]),
    ]),
    ...(first === undefined
      ? []
      : block("location ~* \\.(js|css|png|jpe?g|gif|ico|svg)$", [
          // A header here drops those of the server, so that they are said again.
          ...added,
          `add_header Cache-Control "public, max-age=${oneYear}, immutable";`,
          `proxy_pass http://${first.upstream};`,
        ])),
  ]);
}

function block(head: string, lines: readonly string[]): readonly string[] {
  return [`${head} {`, ...lines.map((line) => (line === "" ? "" : `  ${line}`)), "}"];
}
