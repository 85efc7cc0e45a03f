import assert from "node:assert/strict";
import fc from "fast-check";
import { violationsIn } from "../../policy/evaluate";
import type { PlainRecord } from "../../policy/facts/plain";
import type { Resource } from "../../policy/facts/stack";
import { rules } from "../../policy/rules/index";
import { settings } from "./support/plain";
import { dockerShop, kubernetesShop } from "./support/shop";

/** A change of one field, whatever its value, and every rule that it goes against. */
interface Mutation {
  readonly changes: fc.Arbitrary<PlainRecord>;
  readonly breaks: readonly string[];
}

const lowId = fc.integer({ min: 1, max: 9999 });
const dangerous = fc.constantFrom("SYS_ADMIN", "NET_ADMIN", "NET_RAW", "SYS_PTRACE", "SYS_MODULE", "BPF", "ALL");
const folder = fc.stringMatching(/^\/(srv|opt|home)\/[a-z]{1,8}$/);
const version = fc.stringMatching(/^shop\/api:[0-9]{1,2}\.[0-9]{1,3}$/);
const secret = fc.stringMatching(/^[a-z][A-Za-z0-9]{7,30}$/);
const secretName = fc.constantFrom(
  "DB_PASSWORD",
  "API_KEY",
  "authToken_SECRET",
  "PGPASS_PASSWORD",
  "AWS_SECRET_ACCESS_KEY",
);
const otherAddress = fc.ipV4().filter((address) => !address.startsWith("127."));
const of = (key: string, ...values: readonly unknown[]) =>
  fc.constantFrom(...values).map((value) => ({ [key]: value }));

const secure = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } };

const onDocker: Readonly<Record<string, Mutation>> = {
  "a low user": { changes: lowId.map((id) => ({ user: `${id}:10001` })), breaks: ["high-uid"] },
  "root as user": { changes: of("user", "0:10001", "root:10001"), breaks: ["no-root-uid", "run-as-non-root"] },
  "a capability": {
    changes: fc.tuple(dangerous, fc.boolean()).map(([name, prefixed]) => ({
      capabilities: { drops: ["ALL"], adds: [prefixed ? `CAP_${name}` : name.toLowerCase()] },
    })),
    breaks: ["no-dangerous-capabilities"],
  },
  "a root file system to write to": { changes: of("readOnly", undefined, false), breaks: ["read-only-rootfs"] },
  "no limit of memory": { changes: of("memory", undefined, 0), breaks: ["memory-limit"] },
  "no limit of CPU": { changes: of("cpus", undefined, "0"), breaks: ["cpu-bound"] },
  "a tag": { changes: version.map((image) => ({ image })), breaks: ["image-digest"] },
  "a folder of the machine": {
    changes: folder.map((hostPath) => ({ volumes: [{ hostPath, containerPath: "/x", readOnly: true }] })),
    breaks: ["no-host-path"],
  },
  "a port for others": {
    changes: otherAddress.map((ip) => ({ ports: [{ internal: 8080, external: 18_080, ip, protocol: "tcp" }] })),
    breaks: ["publish-loopback-only"],
  },
  "a secret": {
    changes: fc.tuple(secretName, secret).map(([name, value]) => ({ envs: [`${name}=${value}`] })),
    breaks: ["no-plain-secret-env"],
  },
  "no filter": {
    changes: of("securityOpts", ["no-new-privileges", "seccomp=unconfined"]),
    breaks: ["seccomp-default"],
  },
  "no rotation": { changes: of("logOpts", undefined, {}, { "max-size": "1m" }), breaks: ["log-rotation"] },
  "no check": { changes: of("healthcheck", undefined, { tests: ["NONE"] }), breaks: ["healthcheck"] },
};

const onKubernetes: Readonly<Record<string, Mutation>> = {
  "a capability": {
    changes: dangerous.map((name) => ({
      securityContext: { ...secure, capabilities: { drop: ["ALL"], add: [name] } },
    })),
    breaks: ["no-dangerous-capabilities"],
  },
  "a low user": {
    changes: lowId.map((runAsUser) => ({ securityContext: { ...secure, runAsUser } })),
    breaks: ["high-uid"],
  },
  "privileges to gain": {
    changes: of(
      "securityContext",
      { ...secure, allowPrivilegeEscalation: undefined },
      { ...secure, allowPrivilegeEscalation: true },
    ),
    breaks: ["no-new-privileges"],
  },
  "a tag": { changes: version.map((image) => ({ image })), breaks: ["image-digest", "pull-policy-matches-pin"] },
  "a secret": {
    changes: fc.tuple(secretName, secret).map(([name, value]) => ({ env: [{ name, value }] })),
    breaks: ["no-plain-secret-env"],
  },
  "no readiness": { changes: of("readinessProbe", undefined), breaks: ["readiness"] },
  "a probe of another port": {
    changes: fc
      .integer({ min: 1024, max: 65_535 })
      .filter((port) => port !== 8080)
      .map((port) => ({ livenessProbe: { tcpSocket: { port } } })),
    breaks: ["probe-port-declared"],
  },
  "a port of the node": {
    changes: fc.integer({ min: 1, max: 65_535 }).map((hostPort) => ({ ports: [{ containerPort: 8080, hostPort }] })),
    breaks: ["no-host-port"],
  },
};

function broken(resources: readonly Resource[]): readonly string[] {
  return [...new Set(violationsIn({ resources }, rules, settings).map(({ rule }) => rule.id))].sort();
}

describe("one changed field of a system in order", () => {
  for (const [what, { changes, breaks }] of Object.entries(onDocker))
    it(`goes against ${breaks.join(" and ")} on Docker, and nothing else: ${what}`, () => {
      fc.assert(fc.property(changes, (api) => assert.deepEqual(broken(dockerShop({ api })), breaks)));
    });

  for (const [what, { changes, breaks }] of Object.entries(onKubernetes))
    it(`goes against ${breaks.join(" and ")} on Kubernetes, and nothing else: ${what}`, () => {
      fc.assert(fc.property(changes, (container) => assert.deepEqual(broken(kubernetesShop({ container })), breaks)));
    });
});
