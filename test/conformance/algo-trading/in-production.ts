import assert from "node:assert/strict";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { eventually } from "../eventually";
import { cluster } from "../kubernetes/cluster";
import type { Instance, Published } from "../live-target";
import type { DeployedSystem } from "../systems/deployed-system";
import { algoTradingCases, noOrderIsDoubled } from "./cases";
import { Trading } from "./trading";

/** What an address answers to somebody outside who asks by HTTPS. The cluster has no certificate that anybody knows. */
async function ask({ address, port, host = "" }: Published, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: address, port, path, servername: host, headers: { host }, rejectUnauthorized: false };
    request({ ...options, signal: AbortSignal.timeout(5000) }, (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
    })
      .on("error", reject)
      .end();
  });
}

/** The system as the stack prod has it: reached from outside, with a second bot that takes over. */
export function algoTradingInProduction(deployed: DeployedSystem): void {
  const trading = new Trading(deployed);
  const namespace = async (): Promise<string> => {
    const found = (await deployed.live.objects()).find((object) => object.startsWith("namespace "));
    assert.ok(found !== undefined, "there is no namespace");
    return found.slice("namespace ".length);
  };

  it("admits restricted pods only", async () => {
    const { metadata } = await cluster().core.readNamespace({ name: await namespace() });
    assert.equal(metadata?.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
  });

  it("answers at one address outside, by HTTPS, and not with its metrics", async () => {
    const services = (await deployed.live.objects()).flatMap((object) => object.match(/^service (.*)$/)?.[1] ?? []);
    const published = await Promise.all(services.map((service) => deployed.live.published(service)));
    const [front, ...others] = published.flat();
    assert.ok(front !== undefined && others.length === 0, `published are ${JSON.stringify(published)}`);
    const { "nginx/http": address, ...inside } = await deployed.addresses();
    assert.equal(address, `https://${front.host}`);
    for (const way of Object.values(inside)) assert.match(way, /^kubectl .* port-forward /);
    await eventually(async () => assert.equal((await ask(front, "/health")).status, 200), 30);
    assert.deepEqual(JSON.parse((await ask(front, "/health")).body).status, "healthy");
    assert.equal((await ask(front, "/metrics")).status, 404);
    assert.equal((await ask({ ...front, host: "other.example.com" }, "/health")).status, 404);
  });

  algoTradingCases(deployed);

  it("lets one of two bots trade, and the other one follow when that is removed", async () => {
    // the autoscaler may have added some in the meantime
    const [leader, ...followers] = await eventually(() => trading.bots(), 30);
    assert.ok(leader !== undefined && followers.length > 0);
    const filled = (bot: Instance): Promise<number> => trading.metric(bot, "trading_orders_filled");
    const before = new Map(await Promise.all(followers.map(async (bot) => [bot.id, await filled(bot)] as const)));
    await deployed.live.stop(leader);
    await eventually(async () => {
      const [next, ...others] = await trading.bots();
      assert.ok(next !== undefined && others.length > 0);
      assert.notEqual(next.id, leader.id);
      assert.ok((await filled(next)) > (before.get(next.id) ?? 0));
    }, 90);
    await noOrderIsDoubled(trading);
  });

  it("knows its orders after the pods of the database and of who needs it are removed at once [S1-25]", async () => {
    const [database] = await deployed.live.instances("postgres");
    const [judge] = await deployed.live.instances("risk-manager");
    assert.ok(database !== undefined && judge !== undefined);
    const before = Number(await trading.sql("SELECT count(*) FROM orders"));
    await Promise.all([deployed.live.stop(database), deployed.live.stop(judge)]);
    const filled = "SELECT count(*) FROM orders WHERE status = 'filled'";
    const first = await eventually(async () => Number(await trading.sql(filled)), 90);
    assert.ok(Number(await trading.sql("SELECT count(*) FROM orders")) >= before);
    // the new pod of the risk manager works, or nothing would be filled any more
    await eventually(async () => assert.ok(Number(await trading.sql(filled)) > first), 90);
    await noOrderIsDoubled(trading);
  });

  it("measures what the autoscaler of the bots goes by", async () => {
    const name = await namespace();
    await eventually(async () => {
      const list = await cluster().objects.list("autoscaling/v2", "HorizontalPodAutoscaler", name);
      const [autoscaler, ...others] = list.items as readonly Autoscaler[];
      assert.deepEqual(others, []);
      assert.deepEqual([autoscaler?.spec?.minReplicas, autoscaler?.spec?.maxReplicas], [2, 4]);
      assert.ok(autoscaler?.status?.currentMetrics?.some(({ resource }) => resource !== undefined));
    }, 120);
  });
}

interface Autoscaler {
  readonly spec?: { readonly minReplicas?: number; readonly maxReplicas?: number };
  readonly status?: { readonly currentMetrics?: readonly { readonly resource?: object }[] };
}
