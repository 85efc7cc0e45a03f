import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import Docker from "dockerode";
import { dockerPlatform } from "./docker/platform";
import { alertsAreTold, type Rehearsal, rehearsedLinks, rehearsedTimeScale } from "./monitoring/alive";
import { FakeReceivers } from "./monitoring/fake-receivers";
import { deadManIsMissed, deadManSeconds, secretsStaySecret, type Watch } from "./monitoring/watch";
import { DeployedStack } from "./systems/deployed-stack";
import type { DeployedSystem } from "./systems/deployed-system";
import { itIsDeployed } from "./systems/lifecycle";
import { itIsWatchedWell } from "./systems/watched";

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
  const stack = new DeployedStack(dockerPlatform, {
    systems: ["algo-trading"],
    only: services,
    hostPortBase: { "algo-trading": 24_000 + 100 * randomInt(30) },
    subnets: "10.226.0.0/16",
    alertTimeScale: rehearsedTimeScale,
    links: rehearsedLinks,
  });
  const deployed = stack.system("algo-trading");

  itIsDeployed(stack, async () => {
    fakes = await FakeReceivers.open(await dockerPlatform.address(), `canary-${randomBytes(8).toString("hex")}`);
    return { settings: { receivers: fakes.settings(deadManSeconds) }, secrets: fakes.secrets };
  });
  after(() => fakes?.close());

  const container = async (service: string): Promise<Docker.Container> => {
    const [instance] = await deployed.live.instances(service);
    assert.ok(instance !== undefined, `${service} is not there`);
    return docker.getContainer(instance.id);
  };
  const rehearsal = (): Rehearsal => {
    const service = "redis-streams-exporter";
    return {
      deployed,
      watch: watchBeside(deployed),
      fakes,
      absence: {
        service,
        begin: async () => (await container(service)).stop(),
        end: async () => (await container(service)).start(),
      },
    };
  };

  itIsWatchedWell(deployed);
  alertsAreTold(rehearsal);
  secretsStaySecret(() => ({
    ...rehearsal(),
    metadata: () => stack.live.metadata(),
    state: () => stack.stack.stateFile(),
  }));

  it("refuses what Alertmanager would not read before anything is changed, and the old configuration goes on", async () => {
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

  deadManIsMissed(() => ({
    fakes,
    stopPrometheus: async () => (await container("prometheus")).stop(),
    alertmanager: async () => {
      const [alertmanager] = await deployed.live.instances("alertmanager");
      return [alertmanager?.running, alertmanager?.restarts];
    },
  }));
});

/** Prometheus and Alertmanager that run beside a system, as a part of it. */
function watchBeside(deployed: DeployedSystem): Watch {
  return {
    value: async (expression) => {
      const { result } = (await deployed.prometheus(`query?query=${encodeURIComponent(expression)}`)) as {
        readonly result: readonly { readonly value: readonly [number, string] }[];
      };
      return Number(result[0]?.value[1] ?? Number.NaN);
    },
    configuration: () => deployed.inside("alertmanager", "cat", "/etc/alertmanager/alertmanager.yml"),
    logs: async () => {
      const found = await Promise.all(["alertmanager", "prometheus"].map((each) => deployed.live.instances(each)));
      assert.equal(found.flat().length, 2);
      return (await Promise.all(found.flat().map((instance) => deployed.live.logs(instance)))).join();
    },
  };
}
