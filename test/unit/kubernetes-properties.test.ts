import assert from "node:assert/strict";
import fc from "fast-check";
import type { SystemPlan } from "../../components/core/plan-types";
import { defineSystem } from "../../components/core/system";
import { partsOf, text, type Value } from "../../components/core/value";
import type { Manifest } from "../../components/targets/kubernetes/model";
import { renderOptions } from "../../components/targets/kubernetes/options";
import type { EnvVar } from "../../components/targets/kubernetes/pod-model";
import { manifestsOf, renderKubernetes } from "../../components/targets/kubernetes/render";
import { manifestsYaml } from "../../components/targets/kubernetes/yaml";
import { type ConnectedService, connectedServices } from "../support/connected-services";
import { only, rulesOf, templateOf } from "../support/kubernetes";
import { againstRestricted } from "../support/pod-security";

interface Sketch extends ConnectedService {
  readonly kind: "service" | "stateful" | "job";
  readonly replicas: number;
  readonly loose: boolean;
  readonly plain: string;
  readonly file: string;
}

const sketch = fc.record({
  kind: fc.constantFrom("service", "stateful", "job"),
  replicas: fc.integer({ min: 1, max: 3 }),
  loose: fc.boolean(),
  plain: fc.oneof(fc.string(), fc.constantFrom("$", "$$", "$(PLAIN)", "$$(SECRET)", "a$(")),
  file: fc.string(),
});
const sketches: fc.Arbitrary<readonly Sketch[]> = connectedServices(5, sketch).filter((all) =>
  all.every(({ name }) => name !== "default" && !name.endsWith("-pods")),
);

function planOf(services: readonly Sketch[]): SystemPlan {
  return defineSystem("shop", (shop) => {
    const secrets = services.map((_, index) => shop.secret(`key-${index}`));
    const handles = services.map(({ name, kind, replicas, loose, plain, file }, index) => {
      const secret = secrets[index] ?? "";
      return shop.service(name, {
        image: "x:1",
        kind,
        replicas,
        ports: { http: { number: 80 }, udp: { number: 53, protocol: "udp" } },
        env: { PLAIN: plain, SECRET: secret, MIXED: text`${plain}${secret}${plain}` },
        files: [
          { path: "/etc/x/plain", content: file },
          { path: "/etc/x/secret", content: text`${file}${secret}` },
        ],
        scratch: { tmp: { path: "/tmp" } },
        ...(loose ? { security: { user: 0, because: "of the test" } } : {}),
      });
    });
    services.forEach(({ to }, index) => {
      for (const other of to) {
        const provider = handles[other];
        assert.ok(provider);
        handles[index]?.connectsTo(provider.endpoint(other % 2 === 0 ? "http" : "udp"), { wait: "none" });
      }
    });
  }).plan();
}

const options = renderOptions("shop", {});
const render = (plan: SystemPlan): readonly Manifest[] => manifestsOf(renderKubernetes(plan, options));

const holds = (check: (plan: SystemPlan, manifests: readonly Manifest[]) => void): void =>
  fc.assert(
    fc.property(sketches, (services) => {
      const plan = planOf(services);
      check(plan, render(plan));
    }),
    { numRuns: 50 },
  );

/** What the kubelet makes of variables: each can use those before it, and those of a Secret are taken as they are. */
function expanded(env: readonly EnvVar[], secret: Readonly<Record<string, Value>>): Record<string, string> {
  const known: Record<string, string> = {};
  for (const variable of env) {
    known[variable.name] =
      "value" in variable
        ? variable.value.replaceAll(/\$(?:\$|\(([^)]*)\))/g, (whole, name: string | undefined) =>
            whole === "$$" ? "$" : (known[name ?? ""] ?? whole),
          )
        : shown(secret[variable.valueFrom.secretKeyRef.key] ?? "");
  }
  return known;
}

/** A value with the names of its secrets in their places. */
function shown(value: Value): string {
  return partsOf(value)
    .map((part) => (typeof part === "string" ? part : `<${part.key}>`))
    .join("");
}

describe("every rendering for Kubernetes", () => {
  it("has one rule on each side for each declared connection, and none for any other pair", () => {
    holds((plan, manifests) => {
      const policies = manifests
        .filter((each) => each.kind === "NetworkPolicy")
        .filter(({ metadata }) => !metadata.name.startsWith("all."));
      const found = policies.flatMap((policy) => rulesOf(policy).map((rule) => `${policy.metadata.name} ${rule}`));
      const declared = plan.connections.flatMap(({ from, to, port, protocol }) => {
        const at = `${port}/${protocol.toUpperCase()}`;
        return [`${from} out ${to} ${at}`, `${to} in ${from} ${at}`];
      });
      assert.deepEqual(found.sort(), declared.sort());
    });
  });

  it("gives names that Kubernetes takes, each once for its kind", () => {
    holds((_, manifests) => {
      const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      assert.equal(new Set(names).size, names.length);
      for (const { kind, metadata } of manifests) {
        assert.match(metadata.name, /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/);
        if (kind === "Service") assert.match(metadata.name, /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
      }
    });
  });

  it("gives a container exactly the environment of the description", () => {
    holds((plan, manifests) => {
      for (const { name, kind, env } of plan.services) {
        const workload = only(
          manifests,
          ({ service: "Deployment", stateful: "StatefulSet", job: "Job", cron: "CronJob" } as const)[kind],
          name,
        );
        const rendered = templateOf(workload)?.spec.containers[0].env ?? [];
        const described = Object.entries(env).map(([key, value]) => [key, shown(value)] as const);
        assert.deepEqual(expanded(rendered, only(manifests, "Secret", name).stringData), Object.fromEntries(described));
      }
    });
  });

  it("has references to secrets in Secrets and nowhere else", () => {
    holds((_, manifests) => {
      for (const manifest of manifests) {
        const holdsReference = JSON.stringify(manifest).includes('{"secret":"shop/key-');
        assert.equal(holdsReference, manifest.kind === "Secret", `${manifest.kind} ${manifest.metadata.name}`);
      }
    });
  });

  it("has restricted pods but for services that say why not", () => {
    holds((plan, manifests) => {
      const against = manifests.flatMap((manifest) => {
        const template = templateOf(manifest);
        return template === undefined || againstRestricted(template.spec).length === 0 ? [] : [manifest.metadata.name];
      });
      const loose = plan.services.filter(({ security }) => security.because !== undefined).map(({ name }) => name);
      assert.deepEqual(against.sort(), loose.sort());
    });
  });

  it("refers to nothing that it does not have", () => {
    holds((_, manifests) => {
      const keysOf = (kind: "ConfigMap" | "Secret", name: string): readonly string[] => {
        const found = only(manifests, kind, name);
        return Object.keys(found.kind === "Secret" ? found.stringData : found.data);
      };
      for (const template of manifests.flatMap((manifest) => templateOf(manifest) ?? [])) {
        const { containers, volumes = [], serviceAccountName } = template.spec;
        only(manifests, "ServiceAccount", serviceAccountName);
        for (const variable of containers[0].env ?? []) {
          if (!("valueFrom" in variable)) continue;
          const { name, key } = variable.valueFrom.secretKeyRef;
          assert.ok(keysOf("Secret", name).includes(key), `${name} has no ${key}`);
        }
        const served = new Map<string, readonly string[]>();
        for (const volume of volumes) {
          if (!("configMap" in volume) && !("secret" in volume)) continue;
          const [kind, name, items] =
            "configMap" in volume
              ? (["ConfigMap", volume.configMap.name, volume.configMap.items] as const)
              : (["Secret", volume.secret.secretName, volume.secret.items] as const);
          for (const { key } of items) assert.ok(keysOf(kind, name).includes(key), `${kind} ${name} has no ${key}`);
          served.set(
            volume.name,
            items.map(({ path }) => path),
          );
        }
        for (const { name, subPath } of containers[0].volumeMounts ?? []) {
          assert.ok(
            volumes.some((volume) => volume.name === name),
            `no volume ${name}`,
          );
          if (subPath !== undefined) assert.ok(served.get(name)?.includes(subPath), `${name} has no ${subPath}`);
        }
      }
    });
  });

  it("is the same each time, in plain data that can be copied", () => {
    holds((plan, manifests) => {
      assert.deepEqual(render(plan), manifests);
      assert.equal(
        manifestsYaml(renderKubernetes(plan, options), plan),
        manifestsYaml(renderKubernetes(plan, options), plan),
      );
    });
  });
});
