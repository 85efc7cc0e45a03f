import assert from "node:assert/strict";
import { serviceSchema } from "../../components/core/spec";
import { problemsWith } from "../support/problems";

const names = "use 1 to 40 of a-z, 0-9 and -, beginning with a letter";
const aPath = "use an absolute path without a colon, without . or .. and without a slash at its end";

describe("a field of a service", () => {
  const refused: readonly (readonly [object, ...string[]])[] = [
    [{ image: 5 }, "image: is a number; use a string or an object"],
    [{ image: undefined }, "image: is missing; give a string or an object"],
    [
      { image: { build: { contxt: "x" } } },
      "image.build.context: is missing; give a string",
      "image.build.contxt: is not a known name; did you mean context?",
    ],
    [
      { image: { build: { context: ".", baseImages: { BASE: "node" } } } },
      'image.build.baseImages.BASE: is "node"; add a tag or a digest',
    ],
    [{ kind: "deamon" }, 'kind: is "deamon"; use one of service, stateful, job, cron'],
    [{ ports: { HTTP: { number: 1 } } }, `ports.HTTP: is not a valid name; ${names}`],
    [
      { ports: { http: { number: 0 }, dns: { number: 65_536, protocol: "quic" } } },
      "ports.http.number: is 0; use at least 1",
      "ports.dns.number: is 65536; use at most 65535",
      'ports.dns.protocol: is "quic"; use one of tcp, udp',
    ],
    [
      { env: { "A-B": "", "1A": "" } },
      "env.A-B: is not a valid name; use letters, digits and _, not beginning with a digit",
      "env.1A: is not a valid name; use letters, digits and _, not beginning with a digit",
    ],
    [{ env: { PIN: 271828 } }, "env.PIN: is a number; use a string, a secret's reference, or text`…`"],
    [{ env: { PIN: undefined } }, "env.PIN: is missing; use a string, a secret's reference, or text`…`"],
    [{ env: JSON.parse('{"__proto__":"x"}') }, "env.__proto__: is not a valid name; leave it out"],
    [
      { files: [{ path: "/etc/x/y", content: { password: "hunter2" } }] },
      "files.0.content: is an object; use a string, a secret's reference, or text`…`",
    ],
    [{ files: [{ path: "/etc/x/y", content: "", mode: 0o1000 }] }, "files.0.mode: is 512; use at most 511"],
    [{ command: [] }, "command: is an empty list; give at least 1"],
    [{ command: ["", "x"] }, "command: is a list; begin with the name of a program"],
    [{ probes: { ready: { exec: [] } } }, "probes.ready.exec: is an empty list; give at least 1"],
    [
      { probes: { live: { http: { port: "http", path: "health" } } }, ports: { http: { number: 1 } } },
      'probes.live.http.path: is "health"; begin with a slash, without spaces',
    ],
    [{ probes: { redy: {} } }, "probes.redy: is not a known name; did you mean ready?"],
    [
      { scratch: { tmp: { path: "/tmp", noExec: true } } },
      "scratch.tmp.noExec: is not a known name; did you mean noexec?",
    ],
    [
      { hostMounts: [{ source: "src", path: "/src", because: "" }] },
      `hostMounts.0.source: is "src"; ${aPath}`,
      'hostMounts.0.because: is ""; give a text that is not empty',
    ],
    [{ resources: { memoryMiB: { limit: "512" } } }, 'resources.memoryMiB.limit: is "512"; use a number'],
    [{ resources: { memory: {} } }, "resources.memory: is not a known name; did you mean memoryMiB?"],
    [{ resources: { cpuMillis: { limt: 5 } } }, "resources.cpuMillis.limt: is not a known name; did you mean limit?"],
    [{ replicas: 51 }, "replicas: is 51; use at most 50"],
    [{ replicas: 1.5 }, "replicas: is 1.5; use a whole number"],
    [
      { security: { addCapabilities: ["CAP_NET_RAW"] } },
      'security.addCapabilities.0: is "CAP_NET_RAW"; did you mean NET_RAW?',
    ],
    [
      { security: { addCapabilities: ["NET_ROW"], because: "x" } },
      'security.addCapabilities.0: is "NET_ROW"; did you mean NET_RAW?',
    ],
    [{ security: { appArmor: "" } }, 'security.appArmor: is ""; give a text that is not empty'],
    [{ shutdown: { signal: "SIGTREM" } }, 'shutdown.signal: is "SIGTREM"; did you mean SIGTERM?'],
    [{ shutdown: { graceSeconds: 0 } }, "shutdown.graceSeconds: is 0; use at least 1"],
    [
      { restart: { policy: "unless-stopped" } },
      'restart.policy: is "unless-stopped"; use one of always, onFailure, never',
    ],
    [{ restart: {} }, "restart.policy: is missing; use one of always, onFailure, never"],
    [
      { kernel: { ulimits: { nofiles: { soft: 1, hard: 1 } } } },
      "kernel.ulimits.nofiles: is not a valid name; did you mean nofile?",
    ],
    [
      { kernel: { sysctls: { somaxconn: "1" } } },
      "kernel.sysctls.somaxconn: is not a valid name; use a sysctl's name, such as net.core.somaxconn",
    ],
    [{ kernel: { sysctls: { "net.core.somaxconn": 1 } } }, "kernel.sysctls.net.core.somaxconn: is 1; use a string"],
    [
      { kind: "cron", schedule: "@daily" },
      'schedule: is "@daily"; use five fields: minute, hour, day of the month, month, day of the week',
    ],
    [
      { metrics: { port: "http", names: ["a-b"] }, ports: { http: { number: 1 } } },
      'metrics.names.0: is "a-b"; use letters, digits, _ and :, not beginning with a digit',
    ],
    [
      { alerts: [{ name: "high cpu", expr: "", forSeconds: -1, severity: "page" }] },
      'alerts.0.name: is "high cpu"; use letters and digits, beginning with a letter',
      'alerts.0.expr: is ""; give a text that is not empty',
      "alerts.0.forSeconds: is -1; use at least 0",
      'alerts.0.severity: is "page"; use one of critical, warning, info, none',
      "alerts.0.summary: is missing; give a string",
    ],
    [
      { provides: { db: { port: "db", scheme: "Postgres", path: "orders", value: {} } }, ports: { db: { number: 1 } } },
      'provides.db.scheme: is "Postgres"; use a-z, 0-9, +, . and -, beginning with a letter',
      'provides.db.path: is "orders"; begin with / or ?, without spaces',
      "provides.db.value: is not a known name; did you mean values?",
    ],
    [
      { imagePullPolicy: "Always" },
      `imagePullPolicy: is not a known name; use one of ${Object.keys(serviceSchema.shape).sort().join(", ")}`,
    ],
  ];
  for (const [fields, ...expected] of refused)
    it(`is explained: ${expected[0] ?? ""}`, () => {
      assert.deepEqual(
        problemsWith(fields),
        expected.map((line) => `services.api.${line}`),
      );
    });

  const accepted: readonly object[] = [
    { args: ["--save", ""] },
    { args: [] },
    { ports: { constructor: { number: 1 }, a: { number: 2 } } },
    { env: { constructor: "x", toString: "y", _A1: "ü\n" } },
    { kernel: { sysctls: { "net.core.somaxconn": "1024" }, ulimits: { nofile: { soft: 1024, hard: 4096 } } } },
    { security: { addCapabilities: ["NET_BIND_SERVICE"], because: "listens on 443" } },
    { shutdown: { signal: "SIGINT" } },
    { scratch: { tmp: { path: "/tmp/…/.hidden/..a" } } },
  ];
  for (const fields of accepted)
    it(`may be ${JSON.stringify(fields)}`, () => {
      assert.deepEqual(problemsWith(fields), []);
    });
});
