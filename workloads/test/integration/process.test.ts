import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { roles } from "../../src/roles/index.ts";
import { RoleProcess } from "../support/role-process.ts";

const run = promisify(execFile);
const healthcheck = join(import.meta.dirname, "../../bin/healthcheck");

/** Nothing listens on port 1: the roles have to live without what they need. */
const alone = {
  DATABASE_URL: "postgres://trader:pass-word-1@127.0.0.1:1/trading",
  REDIS_URL: "redis://:pass-word-2@127.0.0.1:1",
  EXCHANGE_API_KEY: "key-of-the-account",
  EXCHANGE_API_SECRET: "secret-of-the-account",
};
const secrets = ["pass-word-1", "pass-word-2", "key-of-the-account", "secret-of-the-account"];

describe("a role as a process", function () {
  this.timeout(60_000);
  const started: RoleProcess[] = [];
  const start = (role: string, environment: Readonly<Record<string, string>>): RoleProcess => {
    const process = new RoleProcess(role, environment);
    started.push(process);
    return process;
  };
  const servers: Server[] = [];
  const listen = async (): Promise<{ server: Server; port: number }> => {
    const server = createServer().listen(0);
    servers.push(server);
    await once(server, "listening");
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    return { server, port: address.port };
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((process) => process.stop("SIGKILL")));
    for (const server of servers.splice(0)) {
      server.close();
    }
  });

  it("names every missing variable and ends with 1", async () => {
    const bot = start("trading-bot", {});
    assert.equal(await bot.exit(), 1);
    const [line] = bot.lines;
    assert.equal(bot.lines.length, 1);
    assert.equal(line?.["level"], "fatal");
    const missing = ["REDIS_URL", "DATABASE_URL", "EXCHANGE_API_KEY", "EXCHANGE_API_SECRET"];
    assert.deepEqual(
      line["problems"],
      missing.map((name) => `${name} is missing; set ${name}, or ${name}_FILE to the path of a file that holds it`),
    );
  });

  it("asks of each role only what it needs", async () => {
    const needs: Readonly<Record<string, readonly string[]>> = {
      "market-data": ["REDIS_URL"],
      "risk-manager": ["REDIS_URL", "DATABASE_URL"],
      "order-execution": ["REDIS_URL", "DATABASE_URL", "EXCHANGE_API_KEY", "EXCHANGE_API_SECRET"],
    };
    for (const [role, names] of Object.entries(needs)) {
      const process = start(role, {});
      assert.equal(await process.exit(), 1);
      const problems = process.lines[0]?.["problems"];
      assert.ok(Array.isArray(problems));
      assert.deepEqual(
        problems.map((problem: string) => problem.split(" ")[0]),
        names,
      );
    }
  });

  it("names the roles when it is given none", async () => {
    const process = start("trader", {});
    assert.equal(await process.exit(), 1);
    const names = roles.map(({ name }) => name).join(", ");
    assert.ok(names.startsWith("trading-bot, market-data, "));
    assert.equal(process.messages[0], `cannot start: the first argument is "trader", which is no role; use ${names}`);
  });

  it("ends with 1 when its port is taken", async () => {
    const { port } = await listen();
    const process = start("market-data", { ...alone, PORT: String(port) });
    assert.equal(await process.exit(), 1);
    assert.equal(process.lines.at(-1)?.["level"], "fatal");
    assert.match(process.output, /EADDRINUSE/);
  });

  it("lives without its dependencies, says which are missing, and stops with 0", async () => {
    const bot = start("trading-bot", alone);
    await bot.said("redis is not reachable, trying until it is");
    const { status, text } = await bot.get("/health");
    assert.equal(status, 503);
    const { dependencies, ...rest } = JSON.parse(text);
    assert.deepEqual(rest, { status: "unhealthy" });
    assert.equal(dependencies.postgres.reason, "connect ECONNREFUSED 127.0.0.1:1");
    assert.match(dependencies.redis.reason, /^not connected/);
    assert.deepEqual([(await bot.get("/live")).status, (await bot.get("/ready")).status], [200, 503]);
    assert.equal((await bot.get("/other")).status, 404);
    assert.equal(await bot.metric("trading_orders_total"), 0);

    const began = performance.now();
    assert.equal(await bot.stop(), 0);
    assert.ok(performance.now() - began < 10_000);
    assert.equal(bot.messages.at(-1), "stopped");
  });

  it("ends at once with a second signal", async () => {
    // A database that takes connections and never says a word holds up the stop.
    const { server, port } = await listen();
    const bot = start("trading-bot", { ...alone, DATABASE_URL: `postgres://trader@127.0.0.1:${port}/trading` });
    const asked = once(server, "connection");
    const answer = bot.get("/health").catch(() => undefined);
    await asked;
    bot.signal("SIGTERM");
    await bot.said("stopping");
    assert.equal(await bot.stop("SIGINT"), 130);
    assert.equal(bot.messages.at(-1), "stopped at once by a second signal");
    await answer;
  });

  it("never writes a secret, to the log or to its copy", async () => {
    const LOG_DIR = mkdtempSync(join(tmpdir(), "logs-"));
    const bot = start("trading-bot", { ...alone, LOG_LEVEL: "trace", LOG_DIR });
    await bot.said("redis is not reachable, trying until it is");
    const health = await bot.get("/health");
    await bot.stop();
    const copy = readFileSync(join(LOG_DIR, "trading-bot.log"), "utf8");
    rmSync(LOG_DIR, { recursive: true });
    assert.equal(copy.trim().split("\n").length, bot.lines.length);
    for (const secret of secrets) {
      assert.equal(`${bot.output}${copy}${health.text}`.includes(secret), false, secret);
    }
  });

  it("reads its secrets from files", async () => {
    const directory = mkdtempSync(join(tmpdir(), "secrets-"));
    const files = Object.entries(alone).map(([name, value]) => {
      writeFileSync(join(directory, name), `${value}\n`);
      return [`${name}_FILE`, join(directory, name)] as const;
    });
    const role = start("order-execution", Object.fromEntries(files));
    await role.said("redis is not reachable, trying until it is");
    assert.equal(await role.stop(), 0);
    rmSync(directory, { recursive: true });
  });

  it("is told by healthcheck whether it is healthy", async () => {
    const role = start("market-data", alone);
    const { port } = await role.said("started");
    const { stdout } = await run(healthcheck, [`http://127.0.0.1:${port}/live`]);
    assert.equal(stdout, '200 {"status":"live"}\n');
    await assert.rejects(run(healthcheck, [`http://127.0.0.1:${port}/health`]), (error: unknown) => {
      assert.ok(error instanceof Error && "code" in error && "stdout" in error);
      assert.equal(error.code, 1);
      assert.match(String(error.stdout), /^503 \{"status":"unhealthy"/);
      return true;
    });
    await role.stop("SIGKILL");
    await assert.rejects(run(healthcheck, [`http://127.0.0.1:${port}/live`]), {
      code: 1,
      stdout: "Connection refused\n",
    });
  });
});
