import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const hotReload = join(__dirname, "../../systems/algo-trading/hot-reload.ts");

/** A program that says a word and waits, ready to be told to stop; then it says so and ends with 7. */
const saying = (word: string): string => `
  process.on("SIGTERM", () => { console.log("ends ${word}"); process.exit(7); });
  console.log("says ${word}");
  setInterval(() => undefined, 1000);
`;

describe("hot-reload", () => {
  let folder: string;
  let reload: ChildProcess;
  let output = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hot-reload-"));
    output = "";
  });

  afterEach(async () => {
    if (reload.exitCode === null) {
      // A harder signal would leave its program behind.
      reload.kill("SIGTERM");
      await once(reload, "close");
    }
    rmSync(folder, { recursive: true });
  });

  /** Runs the file `main.js` of the folder. */
  function run(): void {
    const args = ["--import=tsx", hotReload, folder, process.execPath, join(folder, "main.js")];
    reload = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [reload.stdout, reload.stderr]) stream?.on("data", (text) => (output += String(text)));
  }

  async function untilOutput(text: string): Promise<void> {
    const deadline = performance.now() + 8_000;
    while (!output.includes(text)) {
      assert.ok(performance.now() < deadline, `${JSON.stringify(text)} did not come; the output was:\n${output}`);
      await delay(20);
    }
  }

  it("starts the program anew after each change, also when a file takes the place of another", async () => {
    const main = join(folder, "main.js");
    writeFileSync(main, saying("one"));
    run();
    await untilOutput("says one");
    for (const word of ["two", "three", "four"]) {
      const draft = join(folder, "draft");
      writeFileSync(draft, saying(word));
      renameSync(draft, main);
      await untilOutput(`says ${word}`);
    }
    writeFileSync(main, saying("five, in place"));
    await untilOutput("says five, in place");
    await untilOutput("ends four");
  });

  it("runs a mended program at once after a broken one", async () => {
    const main = join(folder, "main.js");
    writeFileSync(main, "this is no program");
    run();
    await untilOutput("SyntaxError");
    writeFileSync(main, saying("mended"));
    const began = performance.now();
    await untilOutput("says mended");
    assert.ok(performance.now() - began < 4_000, "it waited for the next attempt");
  });

  it("passes the signal on, and ends with the program's own exit code after its last words", async () => {
    writeFileSync(join(folder, "main.js"), saying("one"));
    run();
    await untilOutput("says one");
    reload.kill("SIGTERM");
    const [code] = (await once(reload, "close")) as [number | null];
    assert.equal(code, 7);
    assert.match(output, /ends one/);
  });
});
