import assert from "node:assert/strict";
import { eventually } from "../eventually";
import type { Deployed } from "./deployed";
import type { Trading } from "./trading";

export interface Watched {
  /** How often each job is scraped, as the system states it. */
  readonly jobs: Readonly<Record<string, string>>;
  readonly alerts: readonly string[];
}

/** What is scraped, and what is alerted on, wherever the system runs. */
export const watchedEverywhere: Watched = {
  jobs: {
    alertmanager: "15s",
    "market-data": "15s",
    "order-execution": "15s",
    postgres: "15s",
    prometheus: "15s",
    redis: "15s",
    "redis-streams": "15s",
    "risk-manager": "15s",
    "trading-bot": "5s",
  },
  alerts: ["HighDrawdown", "MarketDataStale", "OrderExecutionSlow"],
};

interface Target {
  readonly labels: { readonly job: string };
  readonly health: string;
  readonly scrapeInterval: string;
}

/** Two orders for one symbol at once, which a bot never places, and a fill of an order that is not filled. */
const contradictions = `
  SELECT one.id, two.id FROM orders one JOIN orders two
    ON two.symbol = one.symbol AND two.placed_at > one.placed_at AND two.placed_at < one.updated_at
  UNION ALL SELECT orders.id, order_id FROM fills JOIN orders ON orders.id = order_id WHERE status <> 'filled'`;

/** Has the system there for the cases of a block, or skips them where it cannot be. */
export function itIsDeployed(deployed: Deployed): void {
  before(async function () {
    this.timeout(1_800_000); // images may have to be built
    const missing = await deployed.missing();
    if (missing !== undefined) {
      console.log(`    skipped: ${missing}`);
      this.skip();
    }
    await deployed.deploy();
  });
  after(() => deployed.remove());
}

/** The system trades, knows its orders, and is watched. */
export function itTrades(deployed: Trading, { jobs, alerts }: Watched): void {
  it("turns simulated prices into orders, fills and P&L", async () => {
    await eventually(async () => {
      assert.ok(Number(await deployed.sql("SELECT count(*) FROM orders WHERE status = 'filled'")) >= 3);
      const [bot] = await deployed.bots();
      assert.ok(bot !== undefined && (await deployed.metric(bot, "trading_orders_filled")) >= 3);
      assert.notEqual(await deployed.metric(bot, "trading_pnl_usd"), 0);
      assert.ok((await deployed.metric(bot, "trading_drawdown_percent")) >= 0);
    }, 120);
    const seconds = Number(await deployed.inside("redis", "redis-cli", "ttl", "price:BTCUSDT"));
    assert.ok(seconds > 0 && seconds <= 60, `the price lives for ${seconds} s`);
    assert.equal(await deployed.sql(contradictions), "");
  });

  it("is scraped as often as it states, each replica by itself, with its alert rules loaded", async () => {
    const bots = (await deployed.live.instances("trading-bot")).length;
    await eventually(async () => {
      const { activeTargets } = (await deployed.prometheus("targets")) as { readonly activeTargets: readonly Target[] };
      assert.deepEqual(
        activeTargets.map(({ labels, scrapeInterval }) => `${labels.job} ${scrapeInterval}`).sort(),
        Object.entries(jobs)
          .flatMap(([job, interval]) => Array<string>(job === "trading-bot" ? bots : 1).fill(`${job} ${interval}`))
          .sort(),
      );
      assert.deepEqual(new Set(activeTargets.map(({ health }) => health)), new Set(["up"]));
    }, 90);
    const { groups } = (await deployed.prometheus("rules")) as {
      readonly groups: readonly { readonly rules: readonly { readonly name: string }[] }[];
    };
    assert.deepEqual(groups.flatMap(({ rules }) => rules.map(({ name }) => name)).sort(), [...alerts].sort());
  });
}

/** No order was placed twice. */
export async function noOrderIsDoubled(deployed: Trading): Promise<void> {
  assert.equal(await deployed.sql(contradictions), "");
}

/** A second run changes nothing, and a removal leaves nothing; the last cases of all. */
export function itSettles(deployed: Deployed): void {
  it("changes nothing when nothing has changed", async () => {
    const { code, steps, output } = await deployed.stack.up();
    assert.equal(code, 0, output);
    assert.deepEqual(steps, [], output);
  });

  it("leaves nothing behind", async () => {
    assert.notDeepEqual(await deployed.live.objects(), []);
    const { code, output } = await deployed.stack.destroy();
    assert.equal(code, 0, output);
    // a storage class may take its time to remove what was on a volume
    await eventually(async () => assert.deepEqual(await deployed.live.objects(), []), 60);
  });
}
