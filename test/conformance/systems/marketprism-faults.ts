import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { services } from "../../../systems/marketprism/settings";
import { eventually } from "../eventually";
import type { DeployedSystem } from "./deployed-system";
import { askItself, latest } from "./marketprism";

const docker = async (...command: readonly string[]): Promise<void> =>
  void (await promisify(execFile)("docker", [...command]));

const broker = "message-broker-service";

/** Connects as the services do, with the account that the container was given. */
const connecting = `
  import { readFileSync } from "node:fs";
  import { connect } from "@nats-io/transport-node";
  import { jetstream, jetstreamManager } from "@nats-io/jetstream";
  const { NATS_URL: servers, NATS_USER: user, NATS_PASSWORD_FILE: file } = process.env;
  const connection = await connect({ servers, user, pass: readFileSync(file, "utf8"), reconnect: false });
  const js = jetstream(connection);
  const manager = await jetstreamManager(connection);`;

/** Publishes until the broker is gone, and prints the sequence numbers of what it had acknowledged. */
const publishing = `${connecting}
  const acknowledged = [];
  try {
    for (let number = 0; number < 20000; number += 1)
      acknowledged.push((await js.publish("market.jobs.ledger", String(number), { timeout: 2000 })).seq);
  } catch {}
  console.log(JSON.stringify(acknowledged));
  process.exit(0);`;

/** Prints how many of these messages the broker still has, each with its content. */
const counting = (sequence: readonly number[]): string => `${connecting}
  let found = 0;
  for (const [number, seq] of ${JSON.stringify(sequence)}.entries()) {
    const message = await manager.streams.getMessage("JOBS", { seq });
    if (message?.string() === String(number)) found += 1;
  }
  console.log(found);
  process.exit(0);`;

/** What becomes of MarketPrism when containers are killed. */
export function marketPrismFaults(deployed: DeployedSystem): void {
  const idOf = async (service: string): Promise<string> => {
    const [instance] = await deployed.live.instances(service);
    assert.ok(instance !== undefined, service);
    return instance.id;
  };

  it("goes on without its collector: the others answer, and the gateway says what is missing [S5-28]", async () => {
    const id = await idOf(services.collector);
    await docker("kill", id);
    try {
      assert.equal((await latest(deployed)).length, 3);
      const { status, body } = await askItself(deployed, services.gateway, "/health");
      assert.deepEqual([status, body["status"]], [200, "degraded"]);
      assert.equal((await askItself(deployed, services.gateway, "/api/collector")).status, 502);
      for (const key of ["storage", "scheduler", "monitoring"] as const)
        assert.equal((await askItself(deployed, services[key], "/health")).body["status"], "healthy", key);
    } finally {
      await docker("start", id);
    }
    const since = Date.now();
    await eventually(async () => assert.ok((await latest(deployed)).some(({ at }) => at > since)), 60);
  });

  it("keeps every message that the broker acknowledged before it was killed, and takes new prices afterwards", async () => {
    const id = await idOf(broker);
    const published = deployed.inside(services.storage, "node", "--input-type=module", "-e", publishing);
    await delay(3_000);
    await docker("kill", "--signal", "KILL", id);
    await docker("start", id);
    const acknowledged = JSON.parse(await published) as readonly number[];
    assert.ok(acknowledged.length > 20 && acknowledged.length < 20_000, `${acknowledged.length} were acknowledged`);
    await eventually(async () => {
      const found = await deployed.inside(
        services.storage,
        "node",
        "--input-type=module",
        "-e",
        counting(acknowledged),
      );
      assert.equal(Number(found), acknowledged.length);
    }, 60);
    const since = Date.now();
    await eventually(async () => assert.ok((await latest(deployed)).some(({ at }) => at > since)), 90);
    await eventually(async () => {
      for (const service of Object.values(services))
        assert.equal((await askItself(deployed, service, "/health")).body["status"], "healthy", service);
    }, 60);
  });
}
