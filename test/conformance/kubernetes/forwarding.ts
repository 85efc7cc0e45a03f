import assert from "node:assert/strict";
import { createServer } from "node:net";
import { PortForward } from "@kubernetes/client-node";
import { answer } from "../answer";
import { portOf } from "../harness/outside";
import { port } from "../programs/bench";
import type { Scene } from "../scene";
import { cluster } from "./cluster";
import { placeOf } from "./live-kubernetes";

/** How those who may use the cluster's API reach what it lets nobody else reach. */
export function forwarding(scene: Scene): void {
  describe("forwarding", () => {
    scene.behaviour("ports.exposure", "lets a loopback port be forwarded to the machine", async (deployment) => {
      const door = await deployment.inside("door");
      const { namespace, name } = placeOf(door.instance);
      const forward = new PortForward(cluster().config);
      const server = createServer((socket) => {
        forward.portForward(namespace, name, [port], socket, null, socket).then(
          (connection) => {
            if ("addEventListener" in connection) connection.addEventListener("close", () => socket.end());
          },
          () => socket.destroy(),
        );
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const hostname = await answer({ address: "127.0.0.1", port: portOf(server) }, "/cgi-bin/whoami");
        assert.equal(hostname, await door.run("hostname"));
      } finally {
        server.close();
      }
    });
  });
}
