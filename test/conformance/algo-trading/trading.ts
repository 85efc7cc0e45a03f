import assert from "node:assert/strict";
import type { Instance } from "../live-target";
import type { DeployedSystem } from "../systems/deployed-system";

/** What can be asked of algo-trading in its own terms: its database, its bots and their metrics. */
export class Trading {
  readonly system: DeployedSystem;

  constructor(system: DeployedSystem) {
    this.system = system;
  }

  /** What the database answers. */
  sql(statement: string): Promise<string> {
    const access = ["-h", "127.0.0.1", "-U", "trader", "-d", "trading"];
    return this.system.inside("postgres", "psql", ...access, "-At", "-c", statement);
  }

  /** A metric of a trading bot that has no labels. */
  async metric(bot: Instance, name: string): Promise<number> {
    const ask = 'fetch("http://127.0.0.1:8080/metrics").then(async (answer) => console.log(await answer.text()))';
    const value = new RegExp(`^${name} (\\S+)$`, "m").exec(await this.system.inside(bot, "node", "-e", ask))?.[1];
    assert.ok(value !== undefined, `${bot.id} has no ${name}`);
    return Number(value);
  }

  /** The trading bots, the one that trades first. Fails unless exactly one does. */
  async bots(): Promise<readonly Instance[]> {
    const bots = await this.system.live.instances("trading-bot");
    const leading = await Promise.all(bots.map((bot) => this.metric(bot, "trading_leader")));
    assert.equal(leading.filter((value) => value === 1).length, 1, `leading are ${leading.join()}`);
    return bots.toSorted((a, b) => (leading[bots.indexOf(b)] ?? 0) - (leading[bots.indexOf(a)] ?? 0));
  }
}
