import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { parse } from "yaml";
import { defineSystem } from "../../components/builder";
import { receiverSecretKeys } from "../../config/receivers";
import { parseStack } from "../../config/read";
import { contentOf, serviceOf } from "../support/algo-trading";

const page = readFileSync(join(__dirname, "../../docs/monitoring.md"), "utf8");

describe("docs/monitoring.md", () => {
  it("watches a service with two lines", () => {
    const lines = /```ts two lines\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    assert.equal(lines.trim().split("\n").length, 2);
    const shop = defineSystem("shop", (s) => {
      const api = s.service("api", { image: "example/api:1", ports: { http: { number: 80 } } });
      s.monitoring();
      runInNewContext(lines, { api });
    });
    const prometheus = serviceOf(shop.plan(), "prometheus");
    const config = parse(contentOf(prometheus, "/etc/prometheus/prometheus.yml")) as Config;
    assert.ok(config.scrape_configs.some(({ job_name }) => job_name === "api"));
    const { groups } = parse(contentOf(prometheus, "/etc/prometheus/alerts/shop.yml")) as Rules;
    assert.ok(groups.flatMap(({ rules }) => rules).some(({ alert }) => alert === "OrdersFail"));
  });

  it("has commands that the configuration takes, for every kind of receiver and each of its secrets", () => {
    const settings: Record<string, Record<string, unknown>> = {};
    for (const [, kind = "", key = "", list, value = ""] of page.matchAll(
      /^pulumi config set --path '?receivers\.(\w+)\.(\w+)(\[0\])?'? (?:-- )?'?([^'\n]+)'?$/gm,
    )) {
      // as Pulumi reads it by a path: numbers and truth as such
      const read: unknown = /^(true|false|-?\d{1,15})$/.test(value) ? JSON.parse(value) : value;
      settings[kind] = { ...settings[kind], [key]: list === undefined ? read : [read] };
    }
    const { receivers } = parseStack({ receivers: JSON.stringify(settings) });
    assert.deepEqual(
      Object.keys(receivers).sort(),
      ["deadMan", "email", "slack", "telegram", "webhook", "wechat"].sort(),
    );
    const secrets = [...page.matchAll(/^pulumi config set --secret (\w+)$/gm)].map(([, key]) => key);
    assert.deepEqual(secrets.sort(), Object.keys(receiverSecretKeys).sort());
  });
});

interface Config {
  readonly scrape_configs: readonly { readonly job_name: string }[];
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string }[] }[];
}
