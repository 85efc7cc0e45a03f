import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { defineSystem } from "../../components/builder";
import { DescriptionError } from "../../components/core/errors";
import type { AlertRule, Image } from "../../components/core/spec";
import { alertmanagerConfig, receiverSecrets } from "../../components/monitoring/receivers/config";
import { messageTemplates } from "../../components/monitoring/receivers/messages";
import type { Receivers } from "../../components/monitoring/receivers/settings";
import { run } from "../../images/command";
import { checkConfiguration } from "../../systems/check-configuration";
import { planAlgoTrading, serviceOf } from "../support/algo-trading";
import { everyReceiver } from "../support/receivers";
import { buildMilliseconds, presentImages } from "./present-images";

const plan = planAlgoTrading({ alerting: { receivers: everyReceiver } });
const judged = ["prometheus", "alertmanager"].map((service) => serviceOf(plan, service).image);

describe("the files of algo-trading's monitoring", function () {
  this.timeout(60_000);
  let referenceOf: Awaited<ReturnType<typeof presentImages>>;

  before(async function () {
    this.timeout(buildMilliseconds);
    referenceOf = await presentImages(judged);
    // nothing that was found good before counts here
    process.env["TWOFOLD_CACHE"] = mkdtempSync(join(tmpdir(), "twofold-checked-"));
  });
  after(() => {
    rmSync(process.env["TWOFOLD_CACHE"] ?? "", { recursive: true });
    delete process.env["TWOFOLD_CACHE"];
  });

  const resolve = (image: Image) => ({ kind: "image", reference: referenceOf(image) }) as const;

  it("are accepted by promtool and amtool, and then not asked about again", async () => {
    await checkConfiguration([plan], resolve);
    const started = performance.now();
    await checkConfiguration([plan], resolve);
    assert.ok(performance.now() - started < 100);
  });

  it("are refused with their words before anything is made, when a rule or a receiver cannot be read", async () => {
    const wrong: AlertRule = { name: "Wrong", expr: "up >", forSeconds: 0, severity: "info", summary: "it is wrong" };
    const shop = defineSystem("shop", (s) => {
      s.service("api", { image: "example/api:1", ports: { http: { number: 80 } } }).alerts(wrong);
      s.monitoring();
    });
    await assert.rejects(checkConfiguration([shop.plan()], resolve), (error) => {
      assert.ok(error instanceof DescriptionError);
      assert.match(
        error.message,
        /systems\.shop\.prometheus: would not read \/etc\/prometheus\/prometheus\.yml; promtool says: .*"Wrong".*parse error/,
      );
      return true;
    });
    const nowhere = planAlgoTrading({ alerting: { receivers: { telegram: { chatId: 0 } } } });
    await assert.rejects(
      checkConfiguration([nowhere], resolve),
      /systems\.algo-trading\.alertmanager: would not read \/etc\/alertmanager\/alertmanager\.yml; amtool says: .*chat_id/,
    );
  });
});

describe("Alertmanager's configuration", function () {
  this.timeout(60_000);
  let folder: string;
  let image: string;
  const { telegram, slack, email, wechat, webhook, deadMan } = everyReceiver;
  const choices: Readonly<Record<string, Receivers>> = {
    none: {},
    all: everyReceiver,
    telegram: { telegram },
    slack: { slack },
    email: { email },
    wechat: { wechat },
    webhook: { webhook },
    deadMan: { deadMan },
    some: { slack: { severities: ["critical"], systems: ["shop"] }, webhook },
  };

  before(async function () {
    this.timeout(buildMilliseconds);
    const alertmanager = serviceOf(plan, "alertmanager").image;
    image = (await presentImages([alertmanager]))(alertmanager);
    folder = mkdtempSync(join(tmpdir(), "twofold-monitoring-"));
    chmodSync(folder, 0o755); // the program has a user of its own
    writeFileSync(join(folder, "messages.tmpl"), messageTemplates);
    for (const { name } of receiverSecrets(everyReceiver)) writeFileSync(join(folder, name), "secret");
    for (const [name, receivers] of Object.entries(choices)) {
      const config = {
        receivers,
        secretFile: (file: string) => `/given/${file}`,
        templateFile: "/given/messages.tmpl",
      };
      writeFileSync(join(folder, `${name}.yml`), stringify(alertmanagerConfig(config)));
    }
    writeFileSync(join(folder, "wrong.txt"), "route: { receiver: nobody }\n");
  });
  after(() => rmSync(folder, { recursive: true }));

  /** What a script says that has the files in /given, and amtool. */
  const inside = (script: string): Promise<string> =>
    run("docker", [
      "run",
      "--rm",
      "--network",
      "none",
      "--volume",
      `${folder}:/given:ro`,
      "--entrypoint",
      "sh",
      image,
      "-c",
      script,
    ]);

  it("is accepted by amtool whoever is told, and a wrong one is not", async () => {
    const output = await inside('for file in /given/*.yml; do amtool check-config "$file" || exit 1; done');
    assert.equal(output.match(/^Checking .* SUCCESS$/gm)?.length, Object.keys(choices).length);
    await assert.rejects(inside("amtool check-config /given/wrong.txt 2>/dev/null"), /undefined receiver/);
  });

  it("says to Slack what it would take for marks of its own as text, and to others as it is", async () => {
    const annotations = { summary: "a < b & c > d", runbook_url: "https://example.com/?a=1&b=2" };
    const times = { startsAt: "2026-01-02T03:04:05Z", endsAt: "2026-01-02T03:05:06Z" };
    const alert = { status: "resolved", labels: { alertname: "Slow" }, annotations, ...times };
    writeFileSync(join(folder, "alert.json"), JSON.stringify({ status: "resolved", alerts: [alert] }));
    const render = (name: string): Promise<string> =>
      inside(
        `amtool template render --template.glob=/given/messages.tmpl --template.data=/given/alert.json --template.text='{{ template "twofold.${name}" . }}'`,
      );
    const since = "Since 2026-01-02 03:04:05 UTC until 03:05:06 UTC";
    assert.equal((await render("text")).trim(), `Over: a < b & c > d\n${since}\nRunbook: https://example.com/?a=1&b=2`);
    assert.equal(
      (await render("slack-text")).trim(),
      `Over: a &lt; b &amp; c &gt; d\n${since}\nRunbook: https://example.com/?a=1&amp;b=2`,
    );
  });

  const everyone = "telegram,slack,email,wechat,webhook";
  const routes: readonly [config: string, labels: string, receivers: string][] = [
    ["all", "severity=critical system=shop", everyone],
    ["all", "severity=warning system=shop", everyone],
    ["all", "severity=info system=shop", "webhook"],
    ["all", "severity=none alertname=Watchdog", "dead-man"],
    ["all", "severity=critical alertname=Watchdog", "dead-man"],
    ["all", "severity=none alertname=InfoInhibitor", "page"],
    ["none", "severity=critical system=shop", "page"],
    ["none", "severity=none alertname=Watchdog", "page"],
    ["some", "severity=critical system=shop", "slack,webhook"],
    ["some", "severity=critical system=bank", "webhook"],
    ["some", "severity=warning system=shop", "webhook"],
  ];

  it("tells whom each severity and system is meant for, as amtool follows the routes", async () => {
    const commands = routes.map(
      ([config, labels]) => `amtool config routes test --config.file=/given/${config}.yml ${labels}`,
    );
    const output = await inside(commands.join(" && "));
    assert.deepEqual(
      output.trim().split("\n"),
      routes.map(([, , receivers]) => receivers),
    );
  });
});
