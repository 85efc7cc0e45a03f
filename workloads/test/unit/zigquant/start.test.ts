import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../../src/config/environment.ts";
import { readStart } from "../../../src/zigquant/start.ts";

describe("the start of zigquant", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "zigquant-"));
  });
  after(() => rmSync(folder, { recursive: true }));
  const file = (content: string): string => {
    const path = join(folder, "config.json");
    writeFileSync(path, content);
    return path;
  };
  const refused = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      return error.problems.join();
    }
    return assert.fail("nothing was refused");
  };

  it("hands ZIGQUANT_* on as CONFIG_*, and those win over the file [S3-05]", () => {
    const CONFIG_PATH = file('{ "api": { "port": 1 }, "logLevel": "error" }');
    const given = { CONFIG_PATH, ZIGQUANT_API_PORT: "9000", ZIGQUANT_LOG_LEVEL: "debug", CONFIG_LOG_LEVEL: "warn" };
    const { environment, configPath } = readStart(given, ["serve"]);
    assert.equal(configPath, CONFIG_PATH);
    assert.deepEqual(
      [environment["CONFIG_API_PORT"], environment["PORT"], environment["CONFIG_LOG_LEVEL"], environment["LOG_LEVEL"]],
      ["9000", "9000", "debug", "debug"],
    );
  });

  it("takes port and level from the file, and they have defaults", () => {
    const CONFIG_PATH = file('{ "api": { "port": 81 }, "logLevel": "warn" }');
    const { environment } = readStart({ CONFIG_PATH, ZIGQUANT_API_PORT: "" }, ["serve"]);
    assert.deepEqual([environment["PORT"], environment["LOG_LEVEL"]], ["81", "warn"]);
    const empty = readStart({ CONFIG_PATH: file("{}") }, ["serve"]).environment;
    assert.deepEqual([empty["PORT"], empty["LOG_LEVEL"]], ["8080", "info"]);
  });

  it("keeps the configuration when a log file is asked for: both arguments count [S3-30]", () => {
    const path = file('{ "symbol": "ETHUSDT" }');
    const { settings, environment } = readStart({}, ["serve", "--config", path, "--log-file", "/var/log/app.log"]);
    assert.deepEqual([settings.symbol, environment["LOG_FILE"]], ["ETHUSDT", "/var/log/app.log"]);
  });

  it("refuses other commands, unknown arguments and a configuration that makes no sense", () => {
    const CONFIG_PATH = file('{ "api": { "port": "high" } }');
    assert.match(
      refused(() => readStart({ CONFIG_PATH }, ["trade"])),
      /the command is "trade"; use serve/,
    );
    assert.match(
      refused(() => readStart({ CONFIG_PATH }, ["serve", "--confg", "x"])),
      /--confg/,
    );
    assert.match(
      refused(() => readStart({ CONFIG_PATH }, ["serve"])),
      /config\.json, which cannot be used: .*api\.port/,
    );
    assert.match(
      refused(() => readStart({ CONFIG_PATH: "/nowhere" }, ["serve"])),
      /\/nowhere, which cannot be used: .*ENOENT/,
    );
  });
});
