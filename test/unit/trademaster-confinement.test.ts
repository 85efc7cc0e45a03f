import assert from "node:assert/strict";
import { secretsIn } from "../../components/core/value";
import { threadVariables } from "../../systems/trademaster/sizes";
import { serviceOf } from "../support/algo-trading";
import { containerOf, podOf } from "../support/rendered";
import { applications, development, firstOf, planTradeMaster, production } from "../support/trademaster";

describe("trademaster, confined", () => {
  it("is confined: 1000, a read-only root, no rights, two folders of their sizes in memory [S2-22, S2-23, S2-24, S2-25, S2-26, S2-27]", () => {
    for (const service of applications) {
      const { user, readOnly, capabilities, securityOpts, tmpfs } = containerOf(development, service);
      assert.deepEqual([user, readOnly, capabilities], ["1000:1000", true, { drops: ["ALL"] }]);
      // AppArmor's and seccomp's own profiles hold where nothing else is said
      assert.deepEqual(securityOpts, ["no-new-privileges"]);
      assert.match(tmpfs?.["/tmp"] ?? "", /^rw,nosuid,nodev,noexec,size=100m,/);
      assert.match(tmpfs?.["/var/tmp"] ?? "", /^rw,nosuid,nodev,noexec,size=50m,/);
      const kind = service === "worker" ? "StatefulSet" : "Deployment";
      const pod = podOf(production, kind, service) as ReturnType<typeof podOf> & { readonly securityContext: object };
      const { securityContext } = pod;
      for (const [key, value] of Object.entries({ runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true }))
        assert.equal(Reflect.get(securityContext, key), value);
      assert.deepEqual(Reflect.get(securityContext, "seccompProfile"), { type: "RuntimeDefault" });
      assert.deepEqual(firstOf(production, service)["securityContext"], {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      });
      const memory = pod.volumes.filter(({ emptyDir }) => JSON.stringify(emptyDir)?.includes("Memory"));
      const sizes = new Map(memory.map(({ name, emptyDir }) => [name, Reflect.get(Object(emptyDir), "sizeLimit")]));
      assert.deepEqual([sizes.get("scratch-tmp"), sizes.get("scratch-vartmp")], ["100Mi", "50Mi"]);
    }
  });

  it("may start a thousand processes, and swaps nothing out [S2-28, S2-29]", () => {
    for (const service of applications) {
      assert.equal(serviceOf(production, service).resources.pids, 1000);
      const { memory, memorySwap } = containerOf(development, service);
      assert.equal(memorySwap, memory);
    }
  });

  it("gets its secrets as files, generated, 64 and 32 long, and no password is written anywhere [S2-34, S2-35, S2-36]", () => {
    const paths = (service: string) =>
      serviceOf(production, service)
        .files.filter(({ content }) => secretsIn(content).length > 0)
        .map(({ path, mode }) => `${path} ${mode.toString(8)}`)
        .sort();
    const stores = ["/run/secrets/database_url 400", "/run/secrets/redis_url 400"];
    assert.deepEqual(paths("web"), stores);
    assert.deepEqual(paths("api"), ["/run/secrets/api_key 400", stores[0], "/run/secrets/jwt_secret 400", stores[1]]);
    for (const { env } of production.services)
      for (const value of Object.values(env)) assert.deepEqual(secretsIn(value), []);
    const sources = Object.fromEntries(
      production.secrets.map(({ ref, source }) => [ref.key, source.from === "generated" ? source.length : source.from]),
    );
    assert.deepEqual(sources, {
      "api-secret-key": 64,
      "grafana-admin-password": 32,
      "jwt-secret": 32,
      "postgres-password": 32,
      "redis-password": 32,
    });
    assert.doesNotMatch(JSON.stringify(production), /admin123/);
  });

  it("has no service that is privileged, or root but cAdvisor [S2-39]", () => {
    const root = development.services.filter(
      ({ security }) => security.user === 0 || security.addCapabilities.length > 0,
    );
    assert.deepEqual(
      root.map(({ name }) => name),
      ["cadvisor"],
    );
  });

  it("sets the two buffers of TCP that are a container's own, when it is asked to [S2-43]", () => {
    assert.deepEqual(serviceOf(production, "web").kernel.sysctls, {});
    const buffers = planTradeMaster({ environment: "development", networkBuffers: true });
    assert.deepEqual(containerOf(buffers, "web").sysctls, {
      "net.ipv4.tcp_rmem": "4096 87380 134217728",
      "net.ipv4.tcp_wmem": "4096 65536 134217728",
    });
  });

  it("tells libraries how many threads they may start: as many as cores, four at most [S2-45]", () => {
    const threads = (cores: number) =>
      new Set(
        Object.values(
          threadVariables({ cpuMillis: { request: 1, limit: cores * 1000 }, memoryMiB: { request: 6, limit: 6 } }),
        ),
      );
    assert.deepEqual(
      [0.5, 1, 2.5, 4, 16].map((cores) => [...threads(cores)]),
      [["1"], ["1"], ["2"], ["4"], ["4"]],
    );
    for (const library of ["OMP", "MKL", "OPENBLAS", "NUMEXPR"])
      assert.equal(serviceOf(production, "worker").env[`${library}_NUM_THREADS`], "4");
  });
});
