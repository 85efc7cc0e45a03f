import assert from "node:assert/strict";
import { parse } from "yaml";
import { defineSystem } from "../../components/builder";
import { SecretRef, secretsIn, text } from "../../components/core/value";
import { alertmanagerConfig, receiverPlaces, receiverSecrets } from "../../components/monitoring/receivers/config";
import { messageTemplates } from "../../components/monitoring/receivers/messages";
import { clusterPlatform } from "../../components/monitoring/rules/platform";
import type { Receivers } from "../../components/monitoring/receivers/settings";
import { receiverSecretKeys } from "../../config/receivers";
import { stackSchema } from "../../config/stack";
import { systems } from "../../systems/index";
import { contentOf, serviceOf } from "../support/algo-trading";
import { everyReceiver } from "../support/receivers";

interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly continue?: boolean;
  readonly group_by?: readonly string[];
  readonly group_wait: string;
  readonly group_interval: string;
  readonly repeat_interval: string;
  readonly routes?: readonly Route[];
}

interface Config {
  readonly route: Route;
  readonly inhibit_rules: readonly object[];
  readonly receivers: readonly (Readonly<Record<string, readonly object[]>> & { readonly name: string })[];
  readonly templates: readonly string[];
}

function configOf(receivers: Receivers, timeScale = 1): Config {
  const places = { secretFile: (name: string) => `/s/${name}`, templateFile: "/t/messages.tmpl" };
  return alertmanagerConfig({ receivers, timeScale, ...places }) as Config;
}

const timing = ({ group_wait, group_interval, repeat_interval }: Route): string =>
  [group_wait, group_interval, repeat_interval].join(" ");

describe("alertmanagerConfig", () => {
  it("shows alerts on its page only, when nobody is to be told", () => {
    const { route, receivers, templates } = configOf({});
    assert.deepEqual(receivers, [{ name: "page" }]);
    assert.deepEqual(new Set([route, ...(route.routes ?? [])].map(({ receiver }) => receiver)), new Set(["page"]));
    assert.deepEqual(
      (route.routes ?? []).flatMap(({ routes = [] }) => routes),
      [],
    );
    assert.deepEqual(templates, ["/t/messages.tmpl"]);
  });

  it("makes one message of what a service has of an alert, critical ones at once", () => {
    const { route } = configOf(everyReceiver);
    assert.deepEqual(route.group_by, ["system", "service", "alertname"]);
    assert.deepEqual(
      route.routes?.map((each) => `${each.matchers?.join()}: ${timing(each)}`),
      [
        'alertname="Watchdog": 0s 60s 60s',
        'severity="critical": 0s 60s 3600s',
        'severity="warning": 30s 300s 14400s',
        'severity="info": 300s 3600s 86400s',
      ],
    );
  });

  it("waits less in a rehearsal, and at least a second where it waits at all", () => {
    const times = configOf(everyReceiver, 0.01).route.routes?.map(timing);
    assert.deepEqual(times, ["0s 60s 60s", "0s 1s 36s", "1s 3s 144s", "3s 36s 864s"]);
  });

  it("tells each receiver of the severities and systems that it wants, and goes on to the next", () => {
    const { route } = configOf({
      telegram: { chatId: 1 },
      slack: { severities: ["info"], systems: ["shop", "bank"] },
      webhook: { url: "http://h/" },
    });
    assert.deepEqual(
      route.routes?.map(({ routes = [] }) => routes),
      [
        [],
        [
          { receiver: "telegram", continue: true },
          { receiver: "webhook", continue: true },
        ],
        [
          { receiver: "telegram", continue: true },
          { receiver: "webhook", continue: true },
        ],
        [
          { receiver: "slack", matchers: ['system=~"shop|bank"'], continue: true },
          { receiver: "webhook", continue: true },
        ],
      ],
    );
  });

  it("tells the dead man's switch that all is well, and nobody else", () => {
    const { route, receivers } = configOf({
      webhook: { url: "http://h/" },
      deadMan: { origin: "https://p.example.com", everySeconds: 20 },
    });
    const [first, ...others] = route.routes ?? [];
    assert.deepEqual(first, {
      receiver: "dead-man",
      matchers: ['alertname="Watchdog"'],
      group_wait: "0s",
      group_interval: "20s",
      repeat_interval: "20s",
    });
    assert.ok(!JSON.stringify(others).includes("dead-man"));
    assert.deepEqual(
      receivers.find(({ name }) => name === "dead-man"),
      {
        name: "dead-man",
        webhook_configs: [{ url_file: "/s/dead-man-url", send_resolved: false }],
      },
    );
  });

  it("tells of the end of an alert by every receiver that people read", () => {
    const people = configOf(everyReceiver).receivers.filter(({ name }) => name !== "page" && name !== "dead-man");
    assert.equal(people.length, 5);
    for (const { name, ...kinds } of people)
      for (const each of Object.values(kinds).flat())
        assert.equal(Reflect.get(Object(each), "send_resolved"), true, name);
  });

  it("lets a critical alert hide lesser ones about the same, a warning what is for information, and a lost node that it is not ready", () => {
    assert.deepEqual(configOf({}).inhibit_rules, [
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity=~"warning|info"'],
        equal: ["system", "service", "alertname"],
      },
      {
        source_matchers: ['severity="warning"'],
        target_matchers: ['severity="info"'],
        equal: ["system", "service", "alertname"],
      },
      {
        source_matchers: ['alertname="KubeNodeUnreachable"'],
        target_matchers: ['alertname=~"KubeNodeNotReady|KubeNodeReadinessFlapping"'],
        equal: ["node"],
      },
    ]);
    const names = clusterPlatform.flatMap(({ alerts }) => alerts.map(({ name }) => name));
    for (const name of ["KubeNodeUnreachable", "KubeNodeNotReady", "KubeNodeReadinessFlapping"])
      assert.ok(names.includes(name), name);
  });

  it("names files for secrets, and a template where Alertmanager knows no file", () => {
    const { receivers, templates } = configOf(everyReceiver);
    assert.deepEqual(templates, ["/t/messages.tmpl", "/s/wechat-api-secret.tmpl"]);
    const whole = JSON.stringify(receivers);
    for (const part of [
      '"bot_token_file":"/s/telegram-bot-token"',
      '"api_url_file":"/s/slack-webhook-url"',
      '"auth_password_file":"/s/smtp-password"',
      '"credentials_file":"/s/alert-webhook-token"',
      '"url_file":"/s/dead-man-url"',
      '"api_secret":"{{ template \\"twofold.wechat-api-secret\\" . }}"',
    ])
      assert.ok(whole.includes(part), part);
  });
});

describe("the secrets of receivers", () => {
  it("are keys that a stack may hold, all of them and no others", () => {
    const keys = receiverSecrets(everyReceiver).map(({ config }) => config);
    assert.deepEqual([...keys].sort(), Object.keys(receiverSecretKeys).sort());
  });

  it("are asked for only where they are needed", () => {
    const needed = (receivers: Receivers): readonly string[] => receiverSecrets(receivers).map(({ name }) => name);
    assert.deepEqual(needed({}), []);
    assert.deepEqual(needed({ webhook: { url: "http://h/" } }), []);
    assert.deepEqual(needed({ email: { to: ["a@b.example"], from: "c@d.example", host: "mail" } }), []);
    assert.deepEqual(needed({ telegram: { chatId: 1 } }), ["telegram-bot-token"]);
  });

  it("are files of their own in Alertmanager, and nowhere else [S1-39]", () => {
    const plan = defineSystem("shop", (s) => void s.monitoring({ receivers: everyReceiver })).plan();
    const alertmanager = serviceOf(plan, "alertmanager");
    const secret = (key: string): SecretRef => new SecretRef("shop", key);
    assert.deepEqual(
      alertmanager.files
        .filter(({ content }) => secretsIn(content).length > 0)
        .map(({ path, content, mode }) => ({ path, content, mode })),
      [
        { path: "/run/secrets/alert-webhook-token", content: secret("alert-webhook-token"), mode: 0o400 },
        { path: "/run/secrets/dead-man-url", content: secret("dead-man-url"), mode: 0o400 },
        { path: "/run/secrets/slack-webhook-url", content: secret("slack-webhook-url"), mode: 0o400 },
        { path: "/run/secrets/smtp-password", content: secret("smtp-password"), mode: 0o400 },
        { path: "/run/secrets/telegram-bot-token", content: secret("telegram-bot-token"), mode: 0o400 },
        {
          path: "/run/secrets/wechat-api-secret.tmpl",
          content: text`{{ define "twofold.wechat-api-secret" }}${secret("wechat-api-secret")}{{ end }}`,
          mode: 0o400,
        },
      ],
    );
    assert.deepEqual(
      Object.values(alertmanager.env).flatMap((value) => secretsIn(value)),
      [],
    );
    assert.equal(contentOf(alertmanager, "/etc/alertmanager/messages.tmpl"), messageTemplates);
    const config = parse(contentOf(alertmanager, "/etc/alertmanager/alertmanager.yml")) as Config;
    assert.deepEqual(config.templates, ["/etc/alertmanager/messages.tmpl", "/run/secrets/wechat-api-secret.tmpl"]);
  });
});

describe("the receivers of a stack", () => {
  for (const [name, describeSystem] of Object.entries(systems))
    it(`hold for ${name}, where it has an Alertmanager`, () => {
      const plan = describeSystem(stackSchema.parse({ receivers: everyReceiver })).plan();
      const alertmanager = plan.services.find((service) => service.name === "alertmanager");
      if (alertmanager === undefined) return;
      const config = parse(contentOf(alertmanager, "/etc/alertmanager/alertmanager.yml")) as Config;
      assert.equal(config.receivers.length, 7);
    });
});

describe("the places that Alertmanager may reach", () => {
  const places = (receivers: Receivers): readonly string[] =>
    receiverPlaces(receivers).map(({ host, port }) => `${host}:${port}`);

  it("are those of what is configured", () => {
    assert.deepEqual(places({}), []);
    assert.deepEqual(places(stackSchema.parse({ receivers: everyReceiver }).receivers), [
      "api.telegram.org:443",
      "hooks.slack.com:443",
      "mail.example.com:587",
      "qyapi.weixin.qq.com:443",
      "hooks.example.com:8443",
      "ping.example.com:443",
    ]);
  });

  it("are each named once", () => {
    const same = { webhook: { url: "http://h.example/a" }, deadMan: { origin: "http://h.example" } };
    assert.deepEqual(places(same), ["h.example:80"]);
  });

  it("are connections of Alertmanager alone", () => {
    const plan = defineSystem("shop", (s) => void s.monitoring({ receivers: { telegram: { chatId: 1 } } })).plan();
    assert.deepEqual(plan.externals, [{ from: "alertmanager", host: "api.telegram.org", port: 443 }]);
  });
});
