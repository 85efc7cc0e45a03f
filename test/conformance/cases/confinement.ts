import assert from "node:assert/strict";
import { eventually } from "../eventually";
import type { Scene } from "../scene";

/** What a process may not do: as the kernel enforces it, not as an object says it. */
export function confinement(scene: Scene): void {
  describe("confinement", () => {
    scene.behaviour("security", "runs each process as its user, with no way to gain privileges", async (deployment) => {
      const services = deployment.plan().services.filter(({ kind }) => kind === "service" || kind === "stateful");
      for (const { name, security } of services) {
        const view = await (await deployment.inside(name)).process();
        assert.deepEqual(
          { ...view, groups: view.groups.filter((group) => group !== view.gid) },
          {
            uid: security.user,
            gid: security.group,
            groups: security.supplementalGroups,
            effectiveCapabilities: 0n,
            boundingCapabilities: capabilityMask(security.addCapabilities),
            noNewPrivileges: security.noNewPrivileges,
          },
          name,
        );
      }
    });

    scene.behaviour(
      "security",
      "keeps the root file system from being written unless that was allowed",
      async (deployment) => {
        for (const [service, flag] of [
          ["store", "ro"],
          ["outsider", "rw"],
        ] as const) {
          const mounts = (await (await deployment.inside(service)).run("cat", "/proc/mounts")).split("\n");
          const root = mounts.find((line) => line.split(" ")[1] === "/")?.split(" ")[3];
          assert.equal(root?.split(",")[0], flag, service);
        }
        const { code, stderr } = await (await deployment.inside("store")).try("touch", "/new");
        assert.equal(code, 1);
        assert.match(stderr, /Read-only file system/);
      },
    );

    scene.behaviour(
      "resources.memoryMiB",
      "ends a process that takes more memory than the limit",
      async (deployment) => {
        const worker = await deployment.inside("worker");
        const limit = await worker.firstOf("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes");
        assert.equal(Number(limit), 48 * 2 ** 20);
        const allocate = (mebibytes: number) =>
          worker.try("dd", "if=/dev/zero", "of=/dev/null", `bs=${mebibytes}M`, "count=1");
        assert.equal((await allocate(24)).code, 0);
        assert.equal((await allocate(96)).code, 137);
      },
    );

    scene.nativeBehaviour("resources.pids", "starts no more processes than the limit", async (deployment) => {
      const worker = await deployment.inside("worker");
      const forks = "n=0; while [ $n -lt 100 ]; do sleep 1 & n=$((n + 1)); echo $n; done";
      const { code, stdout, stderr } = await worker.try("sh", "-c", forks);
      const started = Number(stdout.trim().split("\n").at(-1));
      assert.ok(started > 30 && started < 64, `${started} processes were started`);
      assert.notEqual(code, 0);
      assert.match(stderr, /fork/i);
      await eventually(() => worker.run("true"), 5);
    });

    scene.behaviour(
      "resources.cpuMillis",
      "gives processor time as asked for, and not above the limit",
      async (deployment) => {
        const worker = await deployment.inside("worker");
        const quota = "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu/cpu.cfs_period_us";
        const [allowed, period] = (await worker.run("sh", "-c", `cat /sys/fs/cgroup/cpu.max 2>/dev/null || ${quota}`))
          .trim()
          .split(/\s+/)
          .map(Number);
        assert.equal((allowed ?? 0) / (period ?? 1), 0.5);
        const share = Number(await worker.firstOf("/sys/fs/cgroup/cpu.weight", "/sys/fs/cgroup/cpu/cpu.shares"));
        // 200 thousandths of a core in both scales, of 1024 shares and of 10000 weights, rounded either way
        assert.ok([204, 205, 8].includes(share), `its share is ${share}`);
      },
    );

    scene.behaviour("kernel.sysctls", "sets kernel parameters", async (deployment) => {
      const worker = await deployment.inside("worker");
      assert.equal(await worker.run("cat", "/proc/sys/net/core/somaxconn"), "777\n");
    });

    scene.behaviour("kernel.ulimits", "sets limits of the process", async (deployment) => {
      const limits = await (await deployment.inside("worker")).run("cat", "/proc/1/limits");
      assert.match(limits, /^Max open files +1234 +2345 +files/m);
    });

    scene.behaviour("kernel.shmMiB", "sizes shared memory", async (deployment) => {
      const mounts = await (await deployment.inside("worker")).run("cat", "/proc/mounts");
      assert.match(mounts, /^\S+ \/dev\/shm tmpfs \S*size=3072k/m);
    });

    scene.nativeBehaviour("logging", "keeps no more log than asked for", async (deployment) => {
      const outsider = await deployment.inside("outsider");
      await outsider.run("sh", "-c", "yes 'a line that is written to fill the log' | head -c 4194304 >/proc/1/fd/1");
      await outsider.run("sh", "-c", "echo the end >/proc/1/fd/1");
      const log = await eventually(async () => {
        const text = await deployment.live.logs(outsider.instance);
        assert.match(text, /the end\n$/);
        return text;
      }, 10);
      assert.ok(log.length < 1.1 * 2 ** 20, `${log.length} characters are kept`);
    });
  });
}

const capabilityNumbers: Readonly<Record<string, bigint>> = { NET_BIND_SERVICE: 10n };

function capabilityMask(names: readonly string[]): bigint {
  return names.reduce((mask, name) => mask | (1n << (capabilityNumbers[name] ?? 63n)), 0n);
}
