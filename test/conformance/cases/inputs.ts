import assert from "node:assert/strict";
import type { ServicePlan } from "../../../components/index";
import { partsOf, type Value } from "../../../components/core/value";
import type { Deployment } from "../harness/deployment";
import type { Scene } from "../scene";

/** What a process is given: command line, variables, files, folders. */
export function inputs(scene: Scene): void {
  describe("inputs", () => {
    scene.behaviour(
      "env",
      "gives each process the variables of the plan, byte for byte, and none besides",
      async (deployment) => {
        const services = running(deployment);
        assert.ok(services.some(({ env }) => Object.keys(env).length > 0));
        for (const service of services) {
          const expected = await resolved(deployment, service);
          for (const inside of await deployment.all(service.name)) {
            const actual = Object.entries(await inside.environment()).filter(([name]) => !fromPlatform.test(name));
            assert.deepEqual(Object.fromEntries(actual), expected, service.name);
          }
        }
      },
    );

    scene.behaviour(
      "provides",
      "puts a provider's secret into the address that its consumers get",
      async (deployment) => {
        const { STORE_URL } = await (await deployment.inside("api")).environment();
        assert.match(STORE_URL ?? "", /^http:\/\/bench:[A-Za-z0-9]{32}@store:8731\/$/);
      },
    );

    for (const feature of ["command", "args"] as const) {
      scene.behaviour(feature, `runs the ${feature} of the description`, async (deployment) => {
        const commandLine = await (await deployment.inside("worker")).run("cat", "/proc/1/cmdline");
        assert.ok(
          commandLine.endsWith("/usr/local/bin/probe\x00serve\x008731\x00"),
          `its command line is ${JSON.stringify(commandLine)}`,
        );
      });
    }

    scene.behaviour(
      "files",
      "lays each file where it was asked for, to be read by those who may",
      async (deployment) => {
        const services = running(deployment).filter(({ files }) => files.length > 0);
        assert.equal(services.flatMap(({ files }) => files).length, 3);
        for (const { name, files } of services) {
          const inside = await deployment.inside(name);
          for (const { path, content, mode } of files) {
            const file = await inside.file(path);
            assert.equal(file.content, await text(deployment, content), path);
            assert.equal(file.mode & 0o337, mode & 0o337, `${path} is open to others, or can be written or run`);
          }
        }
      },
    );

    scene.behaviour("files", "lets no process change a file that was laid there", async (deployment) => {
      const store = await deployment.inside("store");
      for (const command of [
        "echo x >>/etc/bench/store.conf",
        "rm /etc/bench/store.conf",
        "rm -f /run/secrets/password",
      ]) {
        const { code, stderr } = await store.try("sh", "-c", command);
        assert.notEqual(code, 0, command);
        assert.match(stderr, /Read-only file system|Permission denied/i);
      }
    });

    scene.nativeBehaviour("files", "gives each file exactly the owner and mode asked for", async (deployment) => {
      const store = await deployment.inside("store");
      const { files } = running(deployment).find(({ name }) => name === "store") ?? {};
      assert.ok(files !== undefined);
      for (const { path, uid, gid, mode } of files) {
        const { content: _, ...file } = await store.file(path);
        assert.deepEqual(file, { uid, gid, mode }, path);
      }
    });

    scene.behaviour("files.owner", "lets a file belong to another user than the process", async (deployment) => {
      const { uid } = await (await deployment.inside("store")).file("/run/secrets/canary");
      assert.equal(uid, 34567);
    });

    scene.behaviour(
      "files",
      "shows a secret that was asked for as a file nowhere but in the file",
      async (deployment) => {
        const password = deployment.plan().secrets.find(({ ref }) => ref.key === "password")?.ref;
        assert.ok(password !== undefined);
        const secrets = [deployment.canary, await deployment.secret(password)];
        const { output } = await deployment.preview();
        const places = {
          "the platform's metadata": await deployment.live.metadata(),
          "Pulumi's state": deployment.stack.stateFile(),
          "Pulumi's output": output,
        };
        for (const [place, shown] of Object.entries(places)) {
          assert.ok(shown.length > 500, `${place} is empty`);
          for (const secret of secrets) assert.equal(shown.includes(secret), false, `${place} shows a secret`);
        }
      },
    );

    scene.behaviour("volumes", "gives a volume that the process can write to", async (deployment) => {
      const store = await deployment.inside("store");
      await store.run("sh", "-c", "echo kept >/data/note");
      assert.equal((await store.file("/data/note")).content, "kept\n");
    });

    scene.nativeBehaviour("volumes.sizeMiB", "ends a volume at its size", async (deployment) => {
      const store = await deployment.inside("store");
      const { stderr } = await store.try("dd", "if=/dev/zero", "of=/data/large", "bs=1M", "count=3");
      await store.run("rm", "-f", "/data/large");
      assert.match(stderr, /No space left on device/);
    });

    scene.behaviour("scratch", "gives scratch space to write to, of the size asked for", async (deployment) => {
      const store = await deployment.inside("store");
      await store.run("dd", "if=/dev/zero", "of=/tmp/fits", "bs=1M", "count=3");
      const { code, stderr } = await store.try("dd", "if=/dev/zero", "of=/tmp/large", "bs=1M", "count=3");
      await store.run("rm", "-f", "/tmp/fits", "/tmp/large");
      assert.equal(code, 1);
      assert.match(stderr, /No space left on device/);
    });

    scene.behaviour("scratch.noexec", "runs nothing from scratch space unless that was allowed", async (deployment) => {
      const store = await deployment.inside("store");
      const runFrom = (folder: string) =>
        store.try(
          "sh",
          "-c",
          `printf '#!/bin/sh\\necho ran' >${folder}/try && chmod 755 ${folder}/try && ${folder}/try`,
        );
      assert.deepEqual(await runFrom("/cache"), { code: 0, stdout: "ran\n", stderr: "" });
      const { code, stderr } = await runFrom("/tmp");
      assert.equal(code, 126);
      assert.match(stderr, /Permission denied/);
    });

    scene.behaviour(
      "hostMounts",
      "shows a folder of the machine, which the process cannot change",
      async (deployment) => {
        const worker = await deployment.inside("worker");
        assert.equal(await worker.run("cat", "/host/from-host"), "seen\n");
        const { code, stderr } = await worker.try("touch", "/host/new");
        assert.equal(code, 1);
        assert.match(stderr, /Read-only file system/);
      },
    );
  });
}

/** What a platform may add by itself. */
const fromPlatform = /^(PATH|HOSTNAME|HOME|KUBERNETES_.*)$/;

function running(deployment: Deployment): readonly ServicePlan[] {
  return deployment.plan().services.filter(({ kind }) => kind === "service" || kind === "stateful");
}

async function resolved(deployment: Deployment, { env }: ServicePlan): Promise<Record<string, string>> {
  const entries = Object.entries(env).map(async ([name, value]) => [name, await text(deployment, value)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function text(deployment: Deployment, value: Value): Promise<string> {
  const parts = partsOf(value).map(async (part) => (typeof part === "string" ? part : await deployment.secret(part)));
  return (await Promise.all(parts)).join("");
}
