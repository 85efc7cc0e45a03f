import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import pg from "pg";
import { type Books, booksIn } from "./books.ts";
import { RoleProcess } from "./role-process.ts";
import { type Services, startServices } from "./services.ts";

const sql = (name: string): string => readFileSync(join(import.meta.dirname, "../../sql", name), "utf8");

/** The four roles with a PostgreSQL and a Redis of their own. A test that starts a role anew puts it in its place here. */
export class TradingSystem {
  bot!: RoleProcess;
  feed!: RoleProcess;
  risk!: RoleProcess;
  execution!: RoleProcess;
  pool!: pg.Pool;
  books!: Books;
  redis!: Redis;
  messages!: Redis;
  #services: Services | undefined;
  readonly #configDirectory = mkdtempSync(join(tmpdir(), "strategy-"));
  readonly #running = new Set<RoleProcess>();

  get roles(): readonly RoleProcess[] {
    return [this.bot, this.feed, this.risk, this.execution];
  }

  /** Sets everything up, or says what is missing. */
  async setUp(): Promise<string | undefined> {
    const services = await startServices();
    if ("missing" in services) {
      return services.missing;
    }
    this.#services = services;
    this.pool = new pg.Pool({ connectionString: services.databaseUrl });
    this.pool.on("error", () => {});
    this.books = booksIn(this.pool);
    this.redis = new Redis(services.redisUrl);
    this.messages = new Redis(`${services.redisUrl}/1`);
    for (const name of ["01-init.sql", "02-schema.sql", "01-init.sql", "02-schema.sql"]) {
      await this.pool.query(sql(name));
    }
    writeFileSync(join(this.#configDirectory, "strategy.json"), JSON.stringify({ cooldownSeconds: 0 }));
    this.bot = this.start("trading-bot");
    this.feed = this.start("market-data");
    this.risk = this.start("risk-manager");
    this.execution = this.start("order-execution");
    return undefined;
  }

  async tearDown(): Promise<void> {
    await Promise.all([...this.#running].map((process) => process.stop("SIGKILL")));
    rmSync(this.#configDirectory, { recursive: true });
    if (this.#services !== undefined) {
      this.redis.disconnect();
      this.messages.disconnect();
      await this.pool.end();
      await this.#services.stop();
    }
  }

  start(role: string, environment: Readonly<Record<string, string>> = {}): RoleProcess {
    assert.ok(this.#services, "there are no services yet");
    const { databaseUrl, redisUrl } = this.#services;
    const process = new RoleProcess(role, {
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      MESSAGES_REDIS_URL: `${redisUrl}/1`,
      EXCHANGE_API_KEY: "key-of-the-account",
      EXCHANGE_API_SECRET: "secret-of-the-account",
      CONFIG_DIR: this.#configDirectory,
      TICK_MS: "50",
      SNAPSHOT_MS: "500",
      SEED: "7",
      EXCHANGE_REJECT_RATE: "0.1",
      ...environment,
    });
    this.#running.add(process);
    return process;
  }

  async stop(process: RoleProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<number | string> {
    this.#running.delete(process);
    return process.stop(signal);
  }
}
