import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parseStack, readStack } from "../../config/read";
import { secretKeys, stackSchema } from "../../config/stack";
import { systemNames } from "../../systems/places";
import { problemsOf } from "../support/problems";

const problems = (raw: Readonly<Record<string, string>>, encrypted?: readonly string[]): readonly string[] =>
  problemsOf(() => parseStack(raw, encrypted));

describe("a stack's configuration", () => {
  it("has a default for everything", () => {
    assert.deepEqual(parseStack({}), {
      target: "docker",
      systems: ["algo-trading"],
      profile: "small",
      strictParity: "off",
      isolation: "connection",
      hostPortBase: stackSchema.shape.hostPortBase.parse({}),
      subnets: "10.201.0.0/16",
      systemSubnets: {},
      keepVolumes: false,
      receivers: {},
      links: {},
      alertTimeScale: 1,
      kubernetes: { registry: "127.0.0.1:5055", ingressNamespace: "ingress", tls: false },
      monitoring: "own",
      clusterMonitoring: {
        deploy: true,
        cluster: "twofold",
        retentionDays: 30,
        storage: "8Gi",
        apiServers: ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"],
      },
      algoTrading: stackSchema.shape.algoTrading.parse({}),
      tradeMaster: stackSchema.shape.tradeMaster.parse({}),
      zigQuant: stackSchema.shape.zigQuant.parse({}),
      marketPrism: stackSchema.shape.marketPrism.parse({}),
      metricsExamples: stackSchema.shape.metricsExamples.parse({}),
    });
  });

  it("has the cluster monitor systems where there is one alone", () => {
    assert.equal(parseStack({ target: "kubernetes", monitoring: "cluster" }).monitoring, "cluster");
    assert.throws(() => parseStack({ monitoring: "cluster" }), {
      message:
        /monitoring: is cluster, and the target is docker, which has no cluster; set monitoring to own, or target/,
    });
  });

  it("can tell of the cluster itself where something looks at it, and of nothing else that is not deployed", () => {
    const receivers = '{"webhook":{"url":"https://h/","systems":["algo-trading","cluster"]}}';
    parseStack({ target: "kubernetes", monitoring: "cluster", receivers });
    assert.deepEqual(problems({ target: "kubernetes", receivers }), [
      'receivers.webhook.systems: names "cluster", which the stack does not deploy; use algo-trading',
    ]);
  });

  it("is read as Pulumi keeps it: strings bare, all else as JSON", () => {
    const config = parseStack({
      target: "kubernetes",
      systems: '["algo-trading"]',
      only: '["123", "true"]',
      keepVolumes: "true",
      hostPortBase: '{"algo-trading":20000}',
      algoTrading: '{"development":true,"seed":7,"symbols":["BTCUSDT"]}',
    });
    assert.equal(config.target, "kubernetes");
    assert.deepEqual(config.only, ["123", "true"]);
    assert.equal(config.keepVolumes, true);
    assert.equal(config.hostPortBase["algo-trading"], 20_000);
    assert.equal(config.algoTrading.development, true);
    assert.equal(config.algoTrading.seed, 7);
    assert.deepEqual(config.algoTrading.symbols, ["BTCUSDT"]);
  });

  it("leaves strings alone that would be something else in JSON", () => {
    for (const word of ["true", "null"]) assert.equal(parseStack({ namePrefix: word }).namePrefix, word);
    assert.deepEqual(problems({ namePrefix: "123" }), [
      'namePrefix: is "123"; use at most 31 of a-z, 0-9 and -, beginning with a letter',
    ]);
  });

  const refused: readonly (readonly [Readonly<Record<string, string>>, ...string[]])[] = [
    [{ tagret: "docker" }, "tagret: is not a known name; did you mean target?"],
    [{ target: "dcoker" }, 'target: is "dcoker"; use one of docker, kubernetes'],
    [{ target: "1" }, 'target: is "1"; use one of docker, kubernetes'],
    [{ keepVolumes: "yes" }, 'keepVolumes: is "yes"; use true or false'],
    [{ keepVolumes: "1" }, "keepVolumes: is 1; use true or false"],
    [{ systems: "algo-trading" }, 'systems: is "algo-trading"; use a list'],
    [{ systems: "[]" }, "systems: is an empty list; give at least 1"],
    [{ systems: '["algo-trading","algo-trading"]' }, "systems: is a list; name each system once"],
    [{ systems: '["algotrading"]' }, `systems.0: is "algotrading"; use one of ${systemNames.join(", ")}`],
    [
      { algoTrading: '{"alertWebhook":"http://h/","logLevel":"info"}' },
      "algoTrading.alertWebhook: is receivers.webhook.url now, for all systems; run pulumi config rm --path algoTrading.alertWebhook, and pulumi config set --path receivers.webhook.url with the URL",
    ],
    [
      { receivers: '{"telegram":{"chatId":1,"systems":["algo-trding"]}}' },
      'receivers.telegram.systems: names "algo-trding", which the stack does not deploy; did you mean algo-trading?',
    ],
    [{ receivers: '{"telegramm":{}}' }, "receivers.telegramm: is not a known name; did you mean telegram?"],
    [
      { receivers: '{"slack":{"origin":"https://hooks.example.com/secret"}}' },
      'receivers.slack.origin: is "https://hooks.example.com/secret"; leave out what follows the host',
    ],
    [
      { receivers: '{"slack":{"origin":"hooks"}}' },
      'receivers.slack.origin: is "hooks"; use a URL that begins with http:// or https://',
    ],
    [
      { receivers: '{"webhook":{"url":"ftp://h/"}}' },
      'receivers.webhook.url: is "ftp://h/"; use a URL that begins with http:// or https://',
    ],
    [{ alertTimeScale: "0" }, "alertTimeScale: is 0; use more than 0"],
    [{ only: "[1]" }, "only.0: is 1; use a string"],
    [
      { hostPortBase: '{"algo-trding":1}' },
      "hostPortBase.algo-trding: is not a known name; did you mean algo-trading?",
    ],
    [{ hostPortBase: '{"algo-trading":60000}' }, "hostPortBase.algo-trading: is 60000; use at most 56000"],
    [{ hostPortBase: "10000" }, "hostPortBase: is 10000; use an object"],
    ...["https://registry.example.org", "registry", "team/images", "Registry.example.org", "registry:5000/"].map(
      (registry): [Record<string, string>, string] => [
        { kubernetes: JSON.stringify({ registry }) },
        `kubernetes.registry: is "${registry}"; use host[:port][/path] such as registry.example.org/team, in small letters and without https://`,
      ],
    ),
    ...["10.0.0.0", "10.0.0.0/25", "10.0.0.0/7", "10.0.4.0/16"].map((subnets): [Record<string, string>, string] => [
      { subnets },
      `subnets: is "${subnets}"; use a block of IPv4 addresses of size /8 to /24, such as 10.201.0.0/16`,
    ]),
    [
      { algoTrading: '{"logLevel":"verbose","devlopment":true}' },
      'algoTrading.logLevel: is "verbose"; use one of debug, info, warn, error',
      "algoTrading.devlopment: is not a known name; did you mean development?",
    ],
    [
      { algoTrading: '{"maxBots":3,"public":true}' },
      "algoTrading.maxBots: is 3; set loadBalancer, or leave it out",
      "algoTrading.public: is true; set loadBalancer, or leave it out",
    ],
    [{ algoTrading: '{"maxDailyLoss":0}' }, "algoTrading.maxDailyLoss: is 0; use more than 0"],
    [{ exchangeApiKy: "x" }, "exchangeApiKy: is not a known name; did you mean exchangeApiKey?"],
    [
      { __proto__x: "1", constructor: "2" },
      `__proto__x: is not a known name; use one of ${allKeys()}`,
      `constructor: is not a known name; use one of ${allKeys()}`,
    ],
    [
      { strictParity: "on", keepVolumes: "2", colour: "red" },
      'strictParity: is "on"; use one of off, unsupported, approximated',
      "keepVolumes: is 2; use true or false",
      `colour: is not a known name; use one of ${allKeys()}`,
    ],
  ];
  for (const [raw, ...expected] of refused)
    it(`is refused: ${JSON.stringify(raw)}`, () => {
      assert.deepEqual(problems(raw), expected);
    });

  for (const registry of ["localhost", "localhost:5000/a", "registry:5000", "10.1.2.3:80/a/b-c", "r.example.org/team"])
    it(`takes ${registry} for a registry`, () => {
      assert.equal(parseStack({ kubernetes: JSON.stringify({ registry }) }).kubernetes.registry, registry);
    });

  it("leaves secrets alone, whatever they hold", () => {
    assert.deepEqual(parseStack({ exchangeApiKey: "{}", exchangeApiSecret: "5" }), parseStack({}));
  });

  it("refuses a secret in clear, once it is known what is encrypted", () => {
    assert.deepEqual(problems({ exchangeApiKey: "k", exchangeApiSecret: "s" }, ["exchangeApiKey"]), [
      "exchangeApiSecret: is stored in clear; run pulumi config set --secret exchangeApiSecret",
    ]);
  });

  it("shows no encrypted value, even where no secret belongs", () => {
    assert.deepEqual(problems({ target: "hunter2", hunter: "hunter2" }, ["target", "hunter"]), [
      "target: is encrypted, although it is no secret; run pulumi config set target without --secret",
      `hunter: is not a known name; use one of ${allKeys()}`,
    ]);
  });
});

function allKeys(): string {
  return [...Object.keys(stackSchema.shape), ...Object.keys(secretKeys)].sort().join(", ");
}

describe("readStack", () => {
  const variable = "PULUMI_CONFIG_SECRET_KEYS";
  const before = process.env[variable];

  beforeEach(async () => {
    await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "twofold", "test");
  });

  afterEach(() => {
    pulumi.runtime.setAllConfig({});
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
  });

  it("takes the project's keys and no others", () => {
    pulumi.runtime.setAllConfig({
      "twofold:keepVolumes": "true",
      "docker:host": "unix:///x",
      "twofoldish:target": "x",
    });
    const stack = readStack();
    assert.equal(stack.name, "test");
    assert.equal(stack.config.keepVolumes, true);
  });

  it("gives out secrets as secrets, and nothing for one that is not set", async () => {
    pulumi.runtime.setAllConfig({ "twofold:exchangeApiKey": "hunter2" });
    const { secret } = readStack();
    const key = secret("exchangeApiKey");
    assert.ok(key);
    assert.equal(await pulumi.isSecret(key), true);
    assert.equal(secret("exchangeApiSecret"), undefined);
  });

  it("reports every problem in one error without a stack trace", () => {
    pulumi.runtime.setAllConfig({
      "twofold:keepVolumes": "maybe",
      "twofold:exchangeApiKey": "k",
      "twofold:target": "x",
    });
    process.env[variable] = '["twofold:target"]';
    assert.throws(readStack, (error) => {
      assert.ok(pulumi.RunError.isInstance(error));
      assert.equal(
        error.message,
        [
          "configuration of the stack: 3 problems",
          "  exchangeApiKey: is stored in clear; run pulumi config set --secret exchangeApiKey",
          "  target: is encrypted, although it is no secret; run pulumi config set target without --secret",
          '  keepVolumes: is "maybe"; use true or false',
        ].join("\n"),
      );
      return true;
    });
  });
});
