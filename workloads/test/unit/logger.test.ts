import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { LogOptions } from "../../src/platform/logger.ts";
import { typescriptFlags } from "../support/role-process.ts";

const module = JSON.stringify(join(import.meta.dirname, "../../src/platform/logger.ts"));

/** Arguments of a process that runs statements which use `log`; the log goes to standard output, so not in this one. */
function logging(options: Partial<LogOptions>, statements: string): string[] {
  const whole: LogOptions = { role: "bot", environment: "test", level: "info", secrets: [], ...options };
  const program = `import { createLogger } from ${module}; const log = createLogger(${JSON.stringify(whole)}); ${statements}`;
  return [...typescriptFlags, "--input-type=module", "--eval", program];
}

async function logged(options: Partial<LogOptions>, statements: string): Promise<string> {
  return (await promisify(execFile)(process.execPath, logging(options, statements))).stdout;
}

describe("logger", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "logger-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("writes lines of JSON with role, time and level, up to the level", async () => {
    const [first, ...rest] = (await logged({}, 'log.info({ n: 1 }, "hello"); log.debug("unheard");'))
      .trim()
      .split("\n");
    const { time, pid, instance, ...line } = JSON.parse(first ?? "");
    assert.deepEqual(line, { level: "info", role: "bot", environment: "test", n: 1, msg: "hello" });
    assert.equal(new Date(time).toISOString(), time);
    assert.deepEqual([typeof pid, typeof instance, rest], ["number", "string", []]);
  });

  it("blots secrets out wherever they are: fields, messages, errors and what JSON makes of them", async () => {
    const secrets = ["hunter-two", 'quo"ted\\secret'];
    const text = await logged(
      { secrets },
      `const [plain, quoted] = ${JSON.stringify(secrets)};
       log.info({ url: "redis://:" + plain + "@redis", deep: { list: [plain] } }, "with " + plain + " and " + quoted);
       log.error({ err: new Error("cannot log in with " + plain) });`,
    );
    assert.equal(text.includes("hunter-two"), false, text);
    assert.equal(text.includes("ted\\\\secret"), false, text);
    const [first] = text.split("\n");
    assert.equal(JSON.parse(first ?? "").url, "redis://:[redacted]@redis");
    assert.equal(JSON.parse(first ?? "").msg, "with [redacted] and [redacted]");
  });

  it("hides fields by their names when a secret is too short to look for", async () => {
    const text = await logged(
      { secrets: ["abc"] },
      'log.info({ password: "abc", account: { apiSecret: "abc" } }, "abcd");',
    );
    const { password, account, msg } = JSON.parse(text);
    assert.deepEqual(
      { password, account, msg },
      { password: "[redacted]", account: { apiSecret: "[redacted]" }, msg: "abcd" },
    );
  });

  it("keeps a copy in a directory, and sets a big one aside", () => {
    const statements = 'for (let n = 0; n < 25; n += 1) log.info({ n, fill: "x".repeat(1e6) });';
    const { status } = spawnSync(process.execPath, logging({ directory }, statements), { stdio: "ignore" });
    assert.equal(status, 0);
    assert.deepEqual(readdirSync(directory).sort(), ["bot.log", "bot.log.1"]);
    const kept = ["bot.log.1", "bot.log"].map((name) => {
      const text = readFileSync(join(directory, name), "utf8");
      assert.ok(text.length <= 10 * 1024 * 1024);
      return text.trim().split("\n");
    });
    assert.deepEqual(
      kept.map((lines) => lines.map((line) => JSON.parse(line).n)),
      [
        [10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
        [20, 21, 22, 23, 24],
      ],
    );
  });

  it("goes on without the copy when the directory cannot be written to", () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    const run = spawnSync(process.execPath, logging({ directory: file }, 'log.info("one"); log.info("two");'), {
      encoding: "utf8",
    });
    assert.equal(run.status, 0);
    assert.deepEqual(
      run.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).msg),
      ["one", "two"],
    );
    assert.match(run.stderr, /^the copy of the log in \S+\/file\/bot\.log ends here: EEXIST\b.*\n$/);
  });

  it("keeps as many older copies as it is told, and one of errors alone", () => {
    const [file, errorFile] = [join(directory, "all.log"), join(directory, "errors.log")];
    const statements =
      'for (let n = 0; n < 5; n += 1) log.info({ n, fill: "x".repeat(6e5) }); log.error("bad"); log.warn("less bad");';
    const options = { file, errorFile, fileMiB: 1, olderFiles: 3 };
    const { status } = spawnSync(process.execPath, logging(options, statements), { stdio: "ignore" });
    assert.equal(status, 0);
    assert.deepEqual(readdirSync(directory).sort(), ["all.log", "all.log.1", "all.log.2", "all.log.3", "errors.log"]);
    const numbers = [3, 2, 1].map((age) => JSON.parse(readFileSync(`${file}.${age}`, "utf8")).n);
    assert.deepEqual(numbers, [1, 2, 3]);
    assert.equal(JSON.parse(readFileSync(errorFile, "utf8")).msg, "bad");
  });

  it("names the place in the program, and errors by type, message and traceback, when the layout is full [S2-42]", async () => {
    const statements =
      'const trade = () => log.info({ event: "trade", symbol: "MSFT" }, "traded"); trade(); log.error({ err: new TypeError("odd") }, "failed");';
    const [traded, failed] = (await logged({ layout: "full" }, statements))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(Object.keys(traded), [
      ...["level", "logger", "timestamp", "module", "function", "line", "process_id", "thread_id"],
      ...["event", "symbol", "message"],
    ]);
    assert.deepEqual(
      [traded.level, traded.logger, traded.function, traded.message],
      ["INFO", "bot", "trade", "traded"],
    );
    assert.match(traded.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const { type, message, traceback } = failed.exception;
    assert.deepEqual([failed.function, type, message], ["<module>", "TypeError", "odd"]);
    assert.match(traceback, /^TypeError: odd\n\s+at /);
  });
});
