import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import Docker from "dockerode";
import { dockerPlatform } from "./docker/platform";
import {
  alertsAreTold,
  deadManIsMissed,
  deadManSeconds,
  type Rehearsal,
  rehearsedTimeScale,
  secretsStaySecret,
} from "./monitoring/alive";
import { FakeReceivers } from "./monitoring/fake-receivers";
import { DeployedStack } from "./systems/deployed-stack";

/** What trades, what watches it, and one service that nobody needs. */
const services = [
  "trading-bot",
  "market-data",
  "risk-manager",
  "order-execution",
  "prometheus",
  "alertmanager",
  "cadvisor",
  "redis-streams-exporter",
];

describe("alerts of algo-trading on docker", function () {
  this.timeout(60_000);
  const docker = new Docker();
  let fakes: FakeReceivers;
  let stack: DeployedStack;

  before(async function () {
    this.timeout(1_800_000); // images may have to be built
    const missing = await dockerPlatform.missing();
    if (missing !== undefined) {
      console.log(`    skipped: ${missing}`);
      this.skip();
    }
    fakes = await FakeReceivers.open(await dockerPlatform.address(), `canary-${randomBytes(8).toString("hex")}`);
    stack = new DeployedStack(
      dockerPlatform,
      {
        systems: ["algo-trading"],
        only: services,
        hostPortBase: { "algo-trading": 24_000 + 100 * randomInt(30) },
        subnets: "10.226.0.0/16",
        receivers: fakes.settings(deadManSeconds),
        alertTimeScale: rehearsedTimeScale,
      },
      fakes.secrets,
    );
    await stack.deploy();
  });
  after(async () => {
    await stack?.remove();
    fakes?.close();
  });

  const rehearsal = (): Rehearsal & { state(): string } => {
    const deployed = stack.system("algo-trading");
    const container = async (service: string): Promise<Docker.Container> => {
      const [instance] = await deployed.live.instances(service);
      assert.ok(instance !== undefined, `${service} is not there`);
      return docker.getContainer(instance.id);
    };
    const service = "redis-streams-exporter";
    return {
      deployed,
      fakes,
      absence: {
        service,
        begin: async () => (await container(service)).stop(),
        end: async () => (await container(service)).start(),
      },
      stopPrometheus: async () => (await container("prometheus")).stop(),
      state: () => stack.stack.stateFile(),
    };
  };

  alertsAreTold(rehearsal);
  secretsStaySecret(rehearsal);

  it("refuses what Alertmanager would not read before anything is changed, and the old configuration goes on", async () => {
    const { deployed } = rehearsal();
    const present = async (): Promise<object> =>
      Promise.all(["alertmanager", "prometheus"].map((service) => deployed.live.instances(service)));
    const before = await present();
    await stack.stack.configure({ "receivers.telegram.chatId": "0" });
    const { code, output } = await stack.stack.up();
    assert.notEqual(code, 0);
    assert.match(
      output,
      /systems\.algo-trading\.alertmanager: would not read \S+alertmanager\.yml; amtool says: .*chat_id/,
    );
    assert.deepEqual(await present(), before);
  });

  deadManIsMissed(rehearsal);
});
