import assert from "node:assert/strict";
import type { Instance, LiveTarget } from "../live-target";

/** The system algo-trading where it runs, as somebody sees it who may look into it and changes nothing. */
export abstract class Trading {
  abstract get live(): Pick<LiveTarget, "instances" | "exec">;

  /** What a command says inside an instance, or inside the first one of a service; fails when the command does. */
  async inside(where: string | Instance, ...command: readonly string[]): Promise<string> {
    const instance = typeof where === "string" ? (await this.live.instances(where))[0] : where;
    assert.ok(instance !== undefined, `${JSON.stringify(where)} is not there`);
    const { code, stdout, stderr } = await this.live.exec(instance, command);
    assert.equal(code, 0, stderr);
    return stdout.trim();
  }

  /** What the database answers. */
  sql(statement: string): Promise<string> {
    return this.inside("postgres", "psql", "-h", "127.0.0.1", "-U", "trader", "-d", "trading", "-At", "-c", statement);
  }

  /** A metric of a trading bot that has no labels. */
  async metric(bot: Instance, name: string): Promise<number> {
    const ask = 'fetch("http://127.0.0.1:8080/metrics").then(async (answer) => console.log(await answer.text()))';
    const value = new RegExp(`^${name} (\\S+)$`, "m").exec(await this.inside(bot, "node", "-e", ask))?.[1];
    assert.ok(value !== undefined, `${bot.id} has no ${name}`);
    return Number(value);
  }

  /** The trading bots, the one that trades first. Fails unless exactly one does. */
  async bots(): Promise<readonly Instance[]> {
    const bots = await this.live.instances("trading-bot");
    const leading = await Promise.all(bots.map((bot) => this.metric(bot, "trading_leader")));
    assert.equal(leading.filter((value) => value === 1).length, 1, `leading are ${leading.join()}`);
    return bots.toSorted((a, b) => (leading[bots.indexOf(b)] ?? 0) - (leading[bots.indexOf(a)] ?? 0));
  }

  /** What Prometheus answers to a question of its interface. */
  async prometheus(path: string): Promise<unknown> {
    const answer = await this.inside("prometheus", "wget", "-q", "-O", "-", `http://127.0.0.1:9090/api/v1/${path}`);
    return (JSON.parse(answer) as { readonly data: unknown }).data;
  }
}
