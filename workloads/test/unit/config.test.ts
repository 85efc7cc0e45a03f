import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { resolveVariables } from "../../src/config/environment.ts";
import { loadConfig, secretsOf } from "../../src/config/load.ts";
import { logLevel } from "../../src/config/log-level.ts";
import { strategyVariables } from "../../src/config/strategy-file.ts";
import {
  exchangeVariables,
  feedVariables,
  limitVariables,
  messageVariables,
  postgresVariables,
  seedVariables,
} from "../../src/config/variables.ts";

const directory = mkdtempSync(join(tmpdir(), "config-"));
const file = (name: string, content: string): string => {
  writeFileSync(join(directory, name), content);
  return join(directory, name);
};
after(() => rmSync(directory, { recursive: true }));

const unheard = (remark: string): never => assert.fail(`unexpected warning: ${remark}`);

describe("variables from files", () => {
  it("reads NAME_FILE in place of NAME and drops the line end", () => {
    const path = file("key", "from a file\n");
    assert.deepEqual(resolveVariables(["A", "B", "C", "D"], { A: "direct", B_FILE: path, C: "", C_FILE: "" }), {
      values: { A: "direct", B: "from a file" },
      problems: [],
    });
  });

  it("reports what is set twice and what cannot be read", () => {
    const absent = join(directory, "absent");
    const { values, problems } = resolveVariables(["A", "B"], { A: "x", A_FILE: "/y", B_FILE: absent });
    assert.deepEqual(values, {});
    assert.deepEqual(problems, [
      { name: "A", message: "and A_FILE are both set; keep one of them" },
      {
        name: "B",
        message: `should come from ${absent}, which cannot be read (ENOENT); mount the file or fix the path`,
      },
    ]);
  });
});

describe("loadConfig", () => {
  it("names every problem at once, each variable once, and never a value", () => {
    const shape = { ...messageVariables, ...postgresVariables, ...exchangeVariables, ...seedVariables };
    const { problems } = loadConfig(shape, {
      DATABASE_URL: "mysql://user:hunter2@db",
      REDIS_URL: "hunter2",
      EXCHANGE_API_KEY_FILE: "/nowhere",
      SEED: "-1",
    });
    assert.deepEqual(problems, [
      "EXCHANGE_API_KEY should come from /nowhere, which cannot be read (ENOENT); mount the file or fix the path",
      "REDIS_URL is not a URL that begins with redis:// or rediss://",
      "DATABASE_URL is not a URL that begins with postgres:// or postgresql://",
      "EXCHANGE_API_SECRET is missing; set EXCHANGE_API_SECRET, or EXCHANGE_API_SECRET_FILE to the path of a file that holds it",
      "SEED is not a whole number from 0 to 4294967295",
    ]);
  });

  it("fills in the defaults", () => {
    const { config } = loadConfig({ ...feedVariables, ...limitVariables(unheard), ...seedVariables }, { SEED: "7" });
    assert.deepEqual(config, {
      SYMBOLS: ["BTCUSDT", "ETHUSDT", "SOLUSDT"],
      FEED: "simulated",
      TICK_MS: 1_000,
      MAX_POSITION_SIZE: 10_000,
      MAX_DAILY_LOSS: 1_000,
      SEED: 7,
    });
  });

  it("takes lists with blanks, and refuses an empty one, an unknown feed and a tick that is too short", () => {
    assert.deepEqual(loadConfig(feedVariables, { SYMBOLS: " A, B ,,C" }).config?.SYMBOLS, ["A", "B", "C"]);
    assert.deepEqual(loadConfig(feedVariables, { SYMBOLS: " , ", FEED: "live", TICK_MS: "1" }).problems, [
      "SYMBOLS names no symbol; use a list such as BTCUSDT,ETHUSDT",
      "FEED is unknown; use simulated",
      "TICK_MS is not a number of milliseconds, at least 10",
    ]);
  });

  it("falls back to the limits' defaults with a warning when they cannot be used", () => {
    const warnings: string[] = [];
    const shape = limitVariables((remark) => warnings.push(remark));
    assert.deepEqual(loadConfig(shape, { MAX_POSITION_SIZE: "lots", MAX_DAILY_LOSS: "-5" }).config, {
      MAX_POSITION_SIZE: 10_000,
      MAX_DAILY_LOSS: 1_000,
    });
    assert.deepEqual(warnings, [
      'MAX_POSITION_SIZE is "lots", not a positive number of USD; using 10000',
      'MAX_DAILY_LOSS is "-5", not a positive number of USD; using 1000',
    ]);
    assert.deepEqual(loadConfig(limitVariables(unheard), { MAX_DAILY_LOSS: "12.5" }).config?.MAX_DAILY_LOSS, 12.5);
  });

  it("draws another seed for each start that has none", () => {
    const seeds = Array.from({ length: 20 }, () => loadConfig(seedVariables, {}).config?.SEED);
    assert.ok(new Set(seeds).size > 1);
    assert.ok(seeds.every((seed) => z.int().min(0).max(0xffff_ffff).safeParse(seed).success));
  });
});

describe("secretsOf", () => {
  it("finds keys and passwords, the latter also as they are written in the URL", () => {
    const config = {
      DATABASE_URL: "postgres://trader:p%40ss@db/trading",
      REDIS_URL: "redis://cache:6379",
      EXCHANGE_API_KEY: "key",
      EXCHANGE_API_SECRET: "secret",
      SYMBOLS: ["A"],
      PORT: 1,
    };
    assert.deepEqual(secretsOf(config), ["p%40ss", "p@ss", "key", "secret"]);
  });
});

describe("logLevel", () => {
  const cases: readonly [string, Parameters<typeof logLevel>[0], string][] = [
    ["default", {}, "info"],
    ["plain", { LOG_LEVEL: "debug" }, "debug"],
    ["upper case", { LOG_LEVEL: "WARN" }, "warn"],
    ["older spelling", { RUST_LOG: "error" }, "error"],
    ["own directive first", { RUST_LOG: "info,trading_bot=debug" }, "debug"],
    ["another's directive", { RUST_LOG: "warn,risk_manager=debug" }, "warn"],
    ["only another's", { RUST_LOG: "risk_manager=debug" }, "info"],
    ["off", { RUST_LOG: "off" }, "silent"],
    ["LOG_LEVEL wins", { LOG_LEVEL: "warn", RUST_LOG: "trace" }, "warn"],
  ];
  for (const [name, variables, expected] of cases) {
    it(`${name}: ${JSON.stringify(variables)} is ${expected}`, () => {
      assert.equal(logLevel(variables, "trading-bot", unheard), expected);
    });
  }

  it("warns of a level that does not exist and uses info", () => {
    const warnings: string[] = [];
    assert.equal(
      logLevel({ LOG_LEVEL: "loud" }, "trading-bot", (remark) => warnings.push(remark)),
      "info",
    );
    assert.deepEqual(warnings, [
      'log level "loud" is unknown, using info; use off, silent, error, warn, info, debug, trace',
    ]);
  });
});

describe("strategy.json", () => {
  const load = (content?: string) => {
    rmSync(join(directory, "strategy.json"), { force: true });
    if (content !== undefined) {
      file("strategy.json", content);
    }
    return loadConfig(strategyVariables, { CONFIG_DIR: directory });
  };
  const defaults = { fastTicks: 5, slowTicks: 20, startingEquityUsd: 100_000, cooldownSeconds: 30 };

  it("is optional, and may set some of the settings", () => {
    assert.deepEqual(load().config?.CONFIG_DIR, defaults);
    assert.deepEqual(load('{"slowTicks": 50, "orderNotionalUsd": 500}').config?.CONFIG_DIR, {
      ...defaults,
      slowTicks: 50,
      orderNotionalUsd: 500,
    });
  });

  it("is refused with the reason when it makes no sense", () => {
    const path = join(directory, "strategy.json");
    const begin = `CONFIG_DIR leads to ${path}, which cannot be used: `;
    assert.deepEqual(load('{"fastTicks": 20}').problems, [`${begin}✖ fastTicks must be less than slowTicks`]);
    assert.deepEqual(load('{"slow": 20}').problems, [`${begin}✖ Unrecognized key: "slow"`]);
    assert.match(load("{").problems[0] ?? "", /cannot be used: SyntaxError: /);
  });
});
