import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { BareMachine } from "../support/bare-machine";

interface Heard {
  readonly path: string | undefined;
  readonly type: string | undefined;
  readonly body: unknown;
}

describe("make notify", function () {
  this.timeout(20_000);
  const folder = mkdtempSync(join(tmpdir(), "twofold-notify-"));
  const heard: Heard[] = [];
  let status = 200;
  let server: Server;
  let origin: string;
  before((done) => {
    // a curl that notes what every user of the machine can read of it
    const real = `PATH='${process.env["PATH"] ?? ""}'`;
    writeFileSync(join(folder, "curl"), `#!/bin/sh\necho "$@" >>'${folder}/arguments'\n${real} exec curl "$@"\n`);
    chmodSync(join(folder, "curl"), 0o755);
    server = createServer((request, response) => {
      void text(request).then((body) => {
        heard.push({ path: request.url, type: request.headers["content-type"], body: JSON.parse(body) });
        response.writeHead(status).end();
      });
    }).listen(0, "127.0.0.1", () => {
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    heard.length = 0;
    status = 200;
  });

  const notify = (said: string, env: Readonly<Record<string, string>>): Promise<{ code: number; stderr: string }> =>
    new Promise((resolve) => {
      const PATH = `${folder}:${process.env["PATH"] ?? ""}`;
      const options = { env: { HOME: folder, PATH, TEXT: said, ...env } };
      execFile("scripts/notify.sh", [said], options, (error, _, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stderr }),
      );
    });

  const said = 'prod: "v1.2.3" \\ was not taken\n\tit did not pass – the gate';
  const telegram = () => ({ TELEGRAM_BOT_TOKEN: "12:secret", TELEGRAM_CHAT_ID: "-100", TELEGRAM_API_URL: origin });

  it("tells a webhook and a Telegram chat, whatever the text holds", async () => {
    const { code, stderr } = await notify(said, { NOTIFY_WEBHOOK_URL: `${origin}/hook?key=secret`, ...telegram() });
    assert.equal(code, 0, stderr);
    const type = "application/json";
    assert.deepEqual(heard, [
      { path: "/hook?key=secret", type, body: { text: said } },
      { path: "/bot12:secret/sendMessage", type, body: { chat_id: "-100", text: said } },
    ]);
    assert.equal(stderr, "the webhook was told\nthe Telegram chat was told\n");
    assert.doesNotMatch(readFileSync(join(folder, "arguments"), "utf8"), /secret|hook|sendMessage/);
  });

  it("says who was not told, and tells the others", async () => {
    const { code, stderr } = await notify(said, { NOTIFY_WEBHOOK_URL: "http://127.0.0.1:1/secret", ...telegram() });
    assert.equal(code, 1);
    assert.equal(stderr, "the webhook was not told: no answer\nthe Telegram chat was told\n");
    status = 403;
    const refused = await notify(said, telegram());
    assert.equal(refused.code, 1);
    assert.equal(refused.stderr, "the Telegram chat was not told: it answers with status 403\n");
  });

  it("says that there is nobody to tell, and how to change that", async () => {
    const { code, stderr } = await notify(said, {
      NOTIFY_WEBHOOK_URL: "",
      TELEGRAM_BOT_TOKEN: "",
      TELEGRAM_CHAT_ID: "",
    });
    assert.equal(code, 0);
    assert.match(stderr, /^nobody is told: set NOTIFY_WEBHOOK_URL, or TELEGRAM_BOT_TOKEN and TELEGRAM_CHAT_ID\n$/);
    assert.deepEqual(heard, []);
  });

  it("says what lacks on a machine without curl", () => {
    const machine = new BareMachine();
    const { code, stderr } = machine.run("scripts/notify.sh hello", { NOTIFY_WEBHOOK_URL: origin });
    machine.remove();
    assert.equal(code, 1);
    assert.equal(stderr, "twofold: the webhook was not told: curl is not installed\n  apt-get install curl\n");
  });
});
