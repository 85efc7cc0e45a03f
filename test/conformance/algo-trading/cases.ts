import assert from "node:assert/strict";
import { eventually } from "../eventually";
import type { DeployedSystem } from "../systems/deployed-system";
import { Trading } from "./trading";

/** Two orders for one symbol at once, which a bot never places, and a fill of an order that is not filled. */
const contradictions = `
  SELECT one.id, two.id FROM orders one JOIN orders two
    ON two.symbol = one.symbol AND two.placed_at > one.placed_at AND two.placed_at < one.updated_at
  UNION ALL SELECT orders.id, order_id FROM fills JOIN orders ON orders.id = order_id WHERE status <> 'filled'`;

/** The system trades, and knows its orders. */
export function algoTradingCases(deployed: DeployedSystem): void {
  const trading = new Trading(deployed);

  it("turns simulated prices into orders, fills and P&L", async () => {
    await eventually(async () => {
      assert.ok(Number(await trading.sql("SELECT count(*) FROM orders WHERE status = 'filled'")) >= 3);
      const [bot] = await trading.bots();
      assert.ok(bot !== undefined && (await trading.metric(bot, "trading_orders_filled")) >= 3);
      assert.notEqual(await trading.metric(bot, "trading_pnl_usd"), 0);
      assert.ok((await trading.metric(bot, "trading_drawdown_percent")) >= 0);
    }, 120);
    const seconds = Number(await deployed.inside("redis", "redis-cli", "ttl", "price:BTCUSDT"));
    assert.ok(seconds > 0 && seconds <= 60, `the price lives for ${seconds} s`);
    await noOrderIsDoubled(trading);
  });
}

/** No order was placed twice. */
export async function noOrderIsDoubled(trading: Trading): Promise<void> {
  assert.equal(await trading.sql(contradictions), "");
}
