import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { removeOnExit } from "../harness/exit";
import type { Platform } from "../harness/platform";
import { programs, PulumiStack } from "../harness/pulumi";
import type { Instance, LiveTarget } from "../live-target";

export interface DeployedOptions {
  readonly platform: Pick<Platform, "id" | "live" | "missing">;
  /** What the names of the deployment begin with on this platform, given the prefix of the stack. */
  readonly livePrefix: (namePrefix: string) => string;
  /** Keys of the stack's configuration, as paths. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The system algo-trading, as a whole program deploys it, on some platform. */
export class Deployed {
  readonly #options: DeployedOptions;
  readonly #namePrefix = `twofold-test-${randomBytes(4).toString("hex")}`;
  #stack: PulumiStack | undefined;
  #forgetExit = (): void => undefined;

  constructor(options: DeployedOptions) {
    this.#options = options;
  }

  get live(): LiveTarget {
    const { platform, livePrefix } = this.#options;
    return platform.live(livePrefix(this.#namePrefix));
  }

  /** What is missing for it on this machine. */
  missing(): Promise<string | undefined> {
    return this.#options.platform.missing();
  }

  async deploy(): Promise<void> {
    const { platform, settings, livePrefix } = this.#options;
    this.#stack = await PulumiStack.create(this.#namePrefix, randomBytes(12).toString("hex"), programs.catalogue);
    const prefix = livePrefix(this.#namePrefix);
    this.#forgetExit = removeOnExit({ stack: this.stack, settings: { platform: platform.id, prefix } });
    await this.stack.configure({ ...settings, namePrefix: this.#namePrefix });
    const { code, output } = await this.stack.up();
    assert.equal(code, 0, output);
  }

  get stack(): PulumiStack {
    assert.ok(this.#stack !== undefined, "nothing was deployed");
    return this.#stack;
  }

  /** Removes everything, whatever state it is in. */
  async remove(): Promise<void> {
    if (this.#stack === undefined) return;
    await this.live.sweep();
    this.#stack.remove();
    this.#forgetExit();
  }

  /** Where the stack says that ports answer, by `service/port`. */
  async addresses(): Promise<Readonly<Record<string, string>>> {
    const all = (await this.stack.output("addresses")) as Readonly<Record<string, Record<string, string>>>;
    return all["algo-trading"] ?? {};
  }

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
