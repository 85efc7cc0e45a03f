import assert from "node:assert/strict";
import type { ServiceSpec } from "../../../components/index";
import type { Deployment } from "../harness/deployment";
import { PulumiStack } from "../harness/pulumi";
import type { Scene } from "../scene";

/** What is wrong, what a run must say about it, and within how many seconds where nothing else uses the machine. */
interface Failure {
  readonly feature: "image" | "restart" | "probes.ready" | "kind";
  readonly title: string;
  readonly client: Partial<ServiceSpec>;
  readonly says: readonly RegExp[];
  readonly withinSeconds: number;
}

const failing: readonly Failure[] = [
  {
    feature: "restart",
    title: "fails at once when a service ends at its start, and shows its last words",
    client: { args: ["crash", "7"], probes: { ready: { tcp: { port: "http" } } } },
    says: [/client/, /\b7\b/, /cannot go on: \S+ is meant to fail/],
    withinSeconds: 20,
  },
  {
    feature: "probes.ready",
    title: "fails as soon as a service is unhealthy",
    client: {
      probes: { startupSeconds: 1, ready: { exec: ["false"], periodSeconds: 1, timeoutSeconds: 1, failures: 3 } },
    },
    says: [/client/, /its health check fails/],
    // a cluster takes most of 20 s for it with a machine to itself, and here has the other target's suite beside it
    withinSeconds: 40,
  },
  {
    feature: "kind",
    title: "fails at once when a job fails, and shows its last words",
    client: { kind: "job", args: ["job", "4"] },
    says: [/client/, /\b4\b/, /job ends with 4/],
    withinSeconds: 20,
  },
];

/** What a run does when something is wrong: it says so soon and clearly, and the next one goes on from there. */
export function failures(scene: Scene): void {
  describe("failures", () => {
    scene.behaviour(
      "image",
      "fails soon when an image does not exist, and leaves what runs alone",
      async (deployment) => {
        const before = await deployment.inside("client");
        const { code, output, seconds } = await deployment.up({ client: { image: "twofold.local/absent:1" } });
        assert.notEqual(code, 0);
        assert.ok(seconds < limit(deployment, 30), `it took ${seconds} s`);
        assert.match(output, /twofold\.local\/absent:1/);
        assert.equal((await deployment.inside("client")).instance.id, before.instance.id);
      },
    );

    for (const { feature, title, client, says, withinSeconds } of failing) {
      scene.behaviour(feature, title, async (deployment) => {
        const { code, output, seconds } = await deployment.up({ client });
        assert.notEqual(code, 0);
        assert.ok(seconds < limit(deployment, withinSeconds), `it took ${seconds} s`);
        for (const words of says) assert.match(output, words);
      });
    }

    scene.behaviour("kind", "refuses a second deployment under the same names", async (deployment) => {
      const before = await deployment.live.objects();
      const stranger = await PulumiStack.create("stranger", "of another state");
      try {
        const { code, output } = await stranger.up(deployment.env({}));
        assert.notEqual(code, 0);
        assert.match(output, /pair is on this (Docker Engine|cluster) already, from another clone or state/);
        assert.equal((await stranger.destroy(deployment.env({}))).code, 0);
      } finally {
        stranger.remove();
      }
      assert.deepEqual(await deployment.live.objects(), before);
    });

    scene.behaviour("image", "goes on from there once the description is right again", async (deployment) => {
      const { code, output } = await deployment.up();
      assert.equal(code, 0, output);
      assert.equal(await (await deployment.inside("client")).reaches("store", 8731), true);
      const again = await deployment.up();
      assert.deepEqual(again.steps, [], again.output);
    });
  });
}

/** Seconds that a run may take: on a busy machine four times as many as one that has nothing to do. */
function limit({ idleSeconds }: Deployment, seconds: number): number {
  return Math.max(seconds, 4 * idleSeconds);
}
