import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { defineSystem } from "../../components/builder";
import type { SystemPlan } from "../../components/core/plan-types";
import { clusterMonitoring } from "../../components/monitoring/cluster/manifests";
import { linkTo } from "../../components/monitoring/links";
import type { MonitoringOptions } from "../../components/monitoring/stack";
import { renderOptions } from "../../components/targets/kubernetes/options";
import { manifestsOf, renderKubernetes } from "../../components/targets/kubernetes/render";
import { parseStack } from "../../config/read";
import { kubernetesOptions } from "../../systems/kubernetes";
import { planSystems } from "../../systems/plan";
import { contentOf, serviceOf } from "../support/algo-trading";
import { asTheyAre, monitoringOptions } from "../support/cluster-monitoring";
import { problemsOf } from "../support/problems";

/** Addresses with up to three folders. */
const bases = fc
  .array(fc.stringMatching(/^[a-z0-9-]{1,8}$/), { maxLength: 3 })
  .map((folders) => ["https://ops.example.com", ...folders].join("/"));
const grafana = "https://grafana.example.com/ops/";
const project = "https://git.example.com/twofold/blob/main";

interface RuleFile {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly annotations: { readonly runbook_url?: string; readonly dashboard_url?: string };
    }[];
  }[];
}

/** Where each of the rules leads to, up to the page itself. */
const leadsOf = (...files: readonly unknown[]): readonly string[] => {
  const places = (files as readonly RuleFile[]).flatMap(({ groups }) =>
    groups.flatMap(({ rules }) =>
      rules.flatMap(({ annotations: { runbook_url = "", dashboard_url = "" } }) => [
        runbook_url.replace(/\w+\.md$/, ""),
        dashboard_url.replace(/[\w-]+$/, ""),
      ]),
    ),
  );
  assert.ok(places.length > 0);
  return [...new Set(places)].sort();
};

const rulesBeside = (plan: SystemPlan): readonly unknown[] =>
  serviceOf(plan, "prometheus")
    .files.filter(({ path }) => path.startsWith("/etc/prometheus/alerts/"))
    .map(({ path }) => parse(contentOf(serviceOf(plan, "prometheus"), path)));

const planOf = (raw: Readonly<Record<string, string>>): SystemPlan => {
  const [chosen] = planSystems(parseStack(raw));
  assert.ok(chosen);
  return chosen.plan;
};

describe("what an alert leads to", () => {
  it("is below the address that is given, with one / between, or else a path", () => {
    assert.equal(linkTo(undefined, "/d/shop"), "/d/shop");
    fc.assert(
      fc.property(bases, fc.constantFrom("/d/shop", "docs/runbooks/Slow.md"), (base, path) => {
        const link = linkTo(base, path);
        assert.equal(link, path.startsWith("/") ? `${base}${path}` : `${base}/${path}`);
        assert.equal(linkTo(`${base}/`, path), link);
        assert.equal(linkTo(base, link), link);
      }),
    );
  });

  it("is where the stack says, for the rules beside a system as for those of a cluster", () => {
    const links = JSON.stringify({ grafana, project });
    const expected = [`${project}/docs/runbooks/`, `${grafana}d/`].sort();
    assert.deepEqual(leadsOf(...rulesBeside(planOf({ links }))), expected);

    const config = parseStack({ links, target: "kubernetes", monitoring: "cluster" });
    const [chosen] = planSystems(config);
    assert.ok(chosen);
    const options = renderOptions(chosen.name, kubernetesOptions(chosen.name, config, asTheyAre));
    const objects = [
      ...manifestsOf(renderKubernetes(chosen.plan, options)),
      ...clusterMonitoring(monitoringOptions({ links: config.links })).objects,
    ];
    const rules = objects.filter(({ kind }) => kind === "PrometheusRule");
    assert.deepEqual(new Set(rules.map(({ metadata }) => metadata.namespace)), new Set(["algo-trading", "monitoring"]));
    assert.deepEqual(leadsOf(...rules.map((rule) => (rule as { spec?: unknown }).spec)), expected);
  });

  it("is the Grafana beside the system on Docker, at its port there, where it can be had", () => {
    const places = (raw: Readonly<Record<string, string>>) => leadsOf(...rulesBeside(planOf(raw)));
    const pathsAlone = ["/d/", "docs/runbooks/"];
    assert.deepEqual(places({ imageSource: "upstream" }), ["docs/runbooks/", "http://127.0.0.1:13000/d/"]);
    const moved = { imageSource: "upstream", hostPortBase: '{"algo-trading":20000}' };
    assert.deepEqual(places(moved), ["docs/runbooks/", "http://127.0.0.1:23000/d/"]);
    for (const without of [
      { imageSource: "local" },
      { imageSource: "upstream", target: "kubernetes" },
      { imageSource: "upstream", only: '["prometheus","alertmanager","trading-bot"]' },
    ])
      assert.deepEqual(places(without), pathsAlone, JSON.stringify(without));
    assert.ok(places({ imageSource: "upstream", links: JSON.stringify({ grafana }) }).includes(`${grafana}d/`));
  });

  it("is told to Grafana, too, which needs to know a path that it is reached below", () => {
    const rootOf = (options: MonitoringOptions) =>
      serviceOf(defineSystem("shop", (shop) => void shop.monitoring(options)).plan(), "grafana").env[
        "GF_SERVER_ROOT_URL"
      ];
    assert.equal(rootOf({ links: { grafana } }), grafana);
    assert.equal(rootOf({ hostPortBase: 10_000 }), undefined);
    const ofCluster = (links: object) =>
      JSON.stringify(clusterMonitoring(monitoringOptions({ links })).objects).includes("GF_SERVER_ROOT_URL");
    assert.deepEqual([ofCluster({ grafana }), ofCluster({})], [true, false]);
  });

  it("can only be where paths can be added", () => {
    const given = (address: string) => problemsOf(() => parseStack({ links: JSON.stringify({ grafana: address }) }));
    for (const good of ["http://10.0.0.7:3000", "https://ops.example.com/grafana/"])
      parseStack({ links: JSON.stringify({ grafana: good }) });
    for (const bad of ["https://h/?orgId=1", "https://h/#x", "https://h/?", "https://me:pw@h/", "https://h/{{x}}"])
      assert.deepEqual(given(bad), [
        `links.grafana: is ${JSON.stringify(bad)}; leave out user, ?, # and braces, as paths are added to it`,
      ]);
    for (const bad of ["grafana.example.com", "ftp://h/"])
      assert.match(given(bad).join(), /use a URL that begins with http:\/\/ or https:\/\//);
  });
});
