import assert from "node:assert/strict";
import type { Feature } from "../../../components/index";
import type { Deployment } from "../harness/deployment";
import type { Inside } from "../inside";
import type { Scene } from "../scene";

/** What a second run does: nothing, or exactly what has changed. */
export function changes(scene: Scene): void {
  describe("changes", () => {
    scene.behaviour("image", "finds nothing to do when nothing has changed", async (deployment) => {
      const { code, output, changes, steps } = await deployment.up();
      assert.equal(code, 0, output);
      assert.deepEqual(steps, []);
      assert.deepEqual(Object.keys(changes), ["same"]);
    });

    scene.behaviour(
      "env",
      "replaces one service when one of its variables changes, and the preview says so",
      async (deployment) => {
        const changed = { client: { env: { MARK: "changed" } } };
        const before = await identities(deployment);
        const preview = await deployment.preview(changed);
        const up = await deployment.up(changed);
        assert.equal(up.code, 0, up.output);
        for (const { steps } of [preview, up]) {
          const touched = steps.filter(({ op }) => op !== "read");
          assert.notDeepEqual(touched, []);
          assert.deepEqual(
            touched.filter(({ name }) => !name.includes("client")),
            [],
          );
        }
        const after = await identities(deployment);
        assert.deepEqual(after["store"], before["store"]);
        assert.equal(after["client"]?.length, 1);
        assert.notDeepEqual(after["client"], before["client"]);
        assert.equal((await (await deployment.inside("client")).environment())["MARK"], "changed");
      },
    );

    for (const feature of ["volumes", "shutdown", "singleton"] as const) {
      scene.behaviour(feature, replacement[feature].title, async (deployment) => {
        const store = await deployment.inside("store");
        await store.run("sh", "-c", `echo ${feature} >/data/note`);
        const { ended } = await deployment.live.follow(store.instance);
        const { code, output } = await deployment.up({ store: { env: { FAREWELL_SECONDS: "2", MARK: feature } } });
        assert.equal(code, 0, output);
        const after = await deployment.inside("store");
        assert.notEqual(after.instance.id, store.instance.id);
        await replacement[feature].check(after, await ended, await deployment.logs("store"));
      });
    }

    for (const [feature, spec, look, expected] of fields) {
      const state = weakened.includes(feature) ? "nativeBehaviour" : "behaviour";
      scene[state](feature, `brings a change of ${feature} to the running service`, async (deployment) => {
        const { code, output } = await deployment.up({ client: spec });
        assert.equal(code, 0, output);
        assert.match(await (await deployment.inside("client")).run("sh", "-c", look), expected);
        const again = await deployment.up({ client: spec });
        assert.deepEqual(again.steps, [], again.output);
      });
    }
  });
}

/** What must hold once the store has been replaced. */
const replacement = {
  volumes: {
    title: "keeps the data of a service that is replaced",
    async check(after: Inside) {
      assert.equal((await after.file("/data/note")).content, "volumes\n");
    },
  },
  shutdown: {
    title: "lets a service finish by itself when it is replaced",
    async check(_after: Inside, before: string) {
      assert.match(before, /last words: got TERM, finishing for \d s\n.*last words: done\n$/);
    },
  },
  singleton: {
    title: "starts a single service only after the one that it replaces has ended",
    async check(_after: Inside, before: string, log: string) {
      const uptime = (line: string | undefined): number => Number(line?.split(" ")[0]);
      const end = uptime(before.trim().split("\n").at(-1));
      const start = uptime(log.split("\n")[0]);
      assert.ok(start > end, `it started at ${start}, the one before ended at ${end}`);
    },
  },
} as const;

/** Fields that a platform might take note of without bringing them to the process, and how the process shows them. */
const fields = [
  [
    "scratch",
    { scratch: { tmp: { path: "/tmp", sizeMiB: 7 } } },
    "cat /proc/mounts",
    /^tmpfs \/tmp tmpfs \S*size=7168k/m,
  ],
  [
    "resources.cpuMillis",
    { resources: { cpuMillis: { limit: 300 } } },
    "cat /sys/fs/cgroup/cpu.max 2>/dev/null || cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us",
    /^30000\b/,
  ],
  [
    "resources.memoryMiB",
    { resources: { memoryMiB: { request: 32, limit: 96 } } },
    "cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes",
    /^100663296$/m,
  ],
  [
    "resources.pids",
    { resources: { pids: 33 } },
    "cat /sys/fs/cgroup/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids/pids.max",
    /^33$/m,
  ],
] as const;

/** Those that a platform may approximate by leaving them out. */
const weakened: readonly Feature[] = ["resources.pids"];

async function identities(deployment: Deployment): Promise<Readonly<Record<string, readonly string[]>>> {
  const names = deployment.plan().services.map(({ name }) => name);
  const entries = names.map(
    async (name) => [name, (await deployment.live.instances(name)).map(({ id }) => id)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
