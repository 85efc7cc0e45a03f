import assert from "node:assert/strict";
import type { ServicePlan } from "../../../components/core/plan-types";
import { upstream } from "../../../images/table";
import { eventually } from "../eventually";
import type { DeployedSystem } from "./deployed-system";

/** A kind of service that is sent datagrams. Nobody answers one: what came is told by who was to get it. */
interface Receiver {
  /** A datagram that the service takes, with who sends it and when. */
  readonly datagram: (round: string, sender: string) => string;
  /** Who sent the datagrams that came, of those that were sent in a round before this is asked. */
  readonly senders: (system: DeployedSystem, service: string, round: string) => Promise<readonly string[]>;
}

/** A counter of its own for each sender. StatsD forgets it after ten seconds, and Graphite has it then. */
const statsd: Receiver = {
  datagram: (round, sender) => `reach.${round}.${sender}:1|c`,
  senders: async (system, service, round) => {
    const graphite = system.plan.connections.find(({ from }) => from === service)?.to;
    assert.ok(graphite !== undefined, `${service} passes nothing on`);
    const last = "last-of-all";
    const listed = async (): Promise<readonly string[]> =>
      (await system.inside(graphite, "sh", "-c", 'ls "$1" || true', "sh", `${counters}/reach/${round}`)).split("\n");
    await system.inside(service, "node", "-e", sendToItself, statsd.datagram(round, last));
    await eventually(async () => assert.ok((await listed()).includes(last), `${service} passes nothing on`), 40);
    return (await listed()).filter((sender) => sender !== last);
  },
};

const counters = "/opt/graphite/storage/whisper/stats/counters";
const sendToItself = `const socket = require("node:dgram").createSocket("udp4");
socket.send(process.argv[1], 8125, "127.0.0.1", () => socket.close());`;

const receivers = new Map([[upstream("statsd"), statsd]]);

/** How a service tells which datagrams came. */
export function receiverIn({ name, image }: ServicePlan): Receiver {
  const found = typeof image === "string" ? receivers.get(image) : undefined;
  assert.ok(found !== undefined, `nobody has said how ${name} tells which datagrams came: add it to ${__filename}`);
  return found;
}
