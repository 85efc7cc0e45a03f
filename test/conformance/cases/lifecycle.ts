import assert from "node:assert/strict";
import { eventually } from "../eventually";
import type { Deployment } from "../harness/deployment";
import type { Scene } from "../scene";

/** How services come up, come back and end. */
export function lifecycle(scene: Scene): void {
  describe("lifecycle", () => {
    scene.behaviour("probes.ready", "starts a service only when what it waits for is healthy", async (deployment) => {
      const serving = await moment(deployment, "store", /serving on/);
      const started = await moment(deployment, "store", /started on/);
      assert.ok(serving - started >= 2, `the store served ${serving - started} s after its start`);
      for (const consumer of ["api", "setup"]) {
        const begin = await moment(deployment, consumer, /started on/);
        assert.ok(begin > serving, `${consumer} started at ${begin}, the store served at ${serving}`);
      }
    });

    scene.behaviour("probes.startup", "lets a service take its time to start", async (deployment) => {
      const [slow] = await deployment.live.instances("slow");
      assert.deepEqual({ running: slow?.running, restarts: slow?.restarts }, { running: true, restarts: 0 });
      const seconds =
        (await moment(deployment, "slow", /serving on/)) - (await moment(deployment, "slow", /started on/));
      assert.ok(seconds >= 4, `it served ${seconds} s after its start`);
    });

    scene.behaviour("kind", "runs a job once, and starts what waits for it after its end", async (deployment) => {
      const [job, ...others] = await deployment.live.instances("setup");
      assert.deepEqual(others, []);
      assert.deepEqual(
        { running: job?.running, exitCode: job?.exitCode, restarts: job?.restarts },
        { running: false, exitCode: 0, restarts: 0 },
      );
      assert.ok((await moment(deployment, "worker", /started on/)) > (await moment(deployment, "setup", /job ends/)));
    });

    scene.behaviour("restart", "starts a service again after a crash", async (deployment) => {
      await crash(deployment, "outsider");
      const outsider = await eventually(() => restarted(deployment, "outsider", 1), 20);
      assert.equal(outsider.running, true);
    });

    scene.behaviour(
      "restart.maxAttempts",
      "gives up on a service that crashes more often than allowed",
      async (deployment) => {
        await crash(deployment, "brittle");
        await eventually(() => restarted(deployment, "brittle", 1), 20);
        await crash(deployment, "brittle");
        await eventually(async () => {
          const [brittle] = await deployment.live.instances("brittle");
          assert.deepEqual({ running: brittle?.running, exitCode: brittle?.exitCode }, { running: false, exitCode: 3 });
        }, 5);
        const [brittle] = await deployment.live.instances("brittle");
        assert.equal(brittle?.restarts, 1);
      },
    );

    scene.nativeBehaviour(
      "restart",
      "leaves alone what has ended well, where only failures are to be mended",
      async (deployment) => {
        await (await deployment.inside("slow")).try("kill", "-TERM", "1");
        await eventually(async () => {
          const [slow] = await deployment.live.instances("slow");
          assert.deepEqual({ running: slow?.running, exitCode: slow?.exitCode }, { running: false, exitCode: 0 });
        }, 5);
      },
    );

    scene.behaviour("probes.live", "starts a service again that runs but no longer answers", async (deployment) => {
      const door = await deployment.inside("door");
      await door.run("sh", "-c", "kill -STOP $(pidof httpd)");
      try {
        await eventually(() => restarted(deployment, "door", 1), 8);
      } finally {
        await door.try("sh", "-c", "kill -CONT $(pidof httpd)");
      }
    });

    scene.behaviour(
      "restart",
      "lets what depends on a service go on after that was started again",
      async (deployment) => {
        await crash(deployment, "store");
        await eventually(() => restarted(deployment, "store", 1), 20);
        const [api] = await deployment.all("api");
        await eventually(async () => assert.equal(await api?.reaches("store", 8731), true), 20);
      },
    );

    scene.behaviour("shutdown", "ends a service by a signal, and lets it finish by itself", (deployment) =>
      endsBy(deployment, "store", "TERM"),
    );

    scene.nativeBehaviour("shutdown.signal", "ends a service by the signal that it asks for", (deployment) =>
      endsBy(deployment, "worker", "INT"),
    );
  });
}

async function endsBy(deployment: Deployment, service: string, signal: string): Promise<void> {
  const { instance } = await deployment.inside(service);
  const begin = performance.now();
  const { exitCode, log } = await deployment.live.stop(instance);
  assert.ok(performance.now() - begin < 15_000, "it took longer than the service itself");
  assert.match(log, new RegExp(`last words: got ${signal}, finishing for 1 s\n.*last words: done\n$`));
  assert.equal(exitCode, 0);
}

async function crash(deployment: Deployment, service: string): Promise<void> {
  await (await deployment.inside(service)).try("kill", "-USR1", "1");
}

/** Throws until all copies of a service run and one of them has been started again so many times. */
async function restarted(deployment: Deployment, service: string, times: number) {
  const [instance] = await deployment.live.instances(service);
  assert.deepEqual({ running: instance?.running, restarts: instance?.restarts }, { running: true, restarts: times });
  const inside = await deployment.inside(service);
  // the process is there before it listens to signals
  assert.equal(await inside.reaches("127.0.0.1", 8731), true);
  return inside.instance;
}

/** Uptime of the machine, in seconds, at the first line of a service's log that matches. */
export async function moment(deployment: Deployment, service: string, line: RegExp): Promise<number> {
  const found = (await deployment.logs(service)).split("\n").find((candidate) => line.test(candidate));
  assert.ok(found !== undefined, `the log of ${service} has no line that matches ${line.source}`);
  return Number(found.split(" ")[0]);
}
