import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { fills } from "../support/books.ts";
import { eventually } from "../support/eventually.ts";
import type { TradingSystem } from "../support/trading-system.ts";

const lock = { TRADING_LEADER_LOCK: "true" };

/** However many bots there are, one trades; in the end only that one is left. */
export function itLetsOneBotTrade(system: TradingSystem): void {
  it("let one bot of several trade, and the next one follow it", async () => {
    assert.equal(await system.stop(system.bot), 0);
    const bots = [system.start("trading-bot", lock), system.start("trading-bot", lock)];
    const leading = (): Promise<number[]> => Promise.all(bots.map((each) => each.metric("trading_leader")));
    await eventually(async () => assert.deepEqual((await leading()).sort(), [0, 1]));
    const first = (await leading()).indexOf(1);
    const [leader, follower] = [bots[first], bots[1 - first]];
    assert.ok(leader && follower);
    const before = await system.books.number(fills);
    await system.books.atLeast(fills, before + 3);
    assert.equal(await follower.metric("trading_orders_total"), 0);
    assert.equal((await follower.get("/health")).status, 200);

    assert.equal(await system.stop(leader), 0);
    system.bot = follower;
    await eventually(async () => assert.equal(await follower.metric("trading_leader"), 1), 8_000);
    await eventually(async () => assert.ok((await follower.metric("trading_orders_filled")) >= 3), 30_000);
    await system.books.areRight();
  });

  it("never let two bots place orders, though one sleeps over its turn and wakes up again", async () => {
    const sleeper = system.bot;
    const other = system.start("trading-bot", lock);
    await other.said("ready");
    sleeper.signal("SIGSTOP");
    // By Redis it is the other's turn now, but the sleeper may have an order in its hands.
    await other.said("leading from now on");
    await other.said("taking the right to trade: failed, trying again");
    const asleep = await system.books.number("SELECT count(*) AS value FROM orders");
    await delay(2_000);
    assert.equal(await system.books.number("SELECT count(*) AS value FROM orders"), asleep);
    assert.equal(await other.metric("trading_leader"), 0);

    sleeper.signal("SIGCONT");
    await eventually(async () => assert.equal(await other.metric("trading_leader"), 1), 15_000);
    assert.equal(await sleeper.metric("trading_leader"), 0);
    const before = await sleeper.metric("trading_orders_total");
    await eventually(async () => assert.ok((await other.metric("trading_orders_filled")) >= 3), 30_000);
    assert.equal(await sleeper.metric("trading_orders_total"), before);
    await system.books.areRight();

    // Killed, it says nothing to anybody; its connection ends with it.
    assert.equal(await system.stop(other, "SIGKILL"), "SIGKILL");
    await eventually(async () => assert.equal(await sleeper.metric("trading_leader"), 1), 20_000);
  });

  it("never let two bots place orders, though Redis forgets whose turn it is", async () => {
    const other = system.start("trading-bot", lock);
    await other.said("ready");
    for (let loss = 0; loss < 40; loss += 1) {
      await system.messages.del("lock:trading-bot");
      await delay(100);
    }
    await other.said("leading from now on");
    await eventually(async () => {
      const leading = [await system.bot.metric("trading_leader"), await other.metric("trading_leader")];
      assert.deepEqual(leading.sort(), [0, 1]);
    }, 30_000);
    const before = await system.books.number(fills);
    await system.books.atLeast(fills, before + 3);
    await system.books.areRight();
    assert.equal(await system.stop(other), 0);
  });
}
