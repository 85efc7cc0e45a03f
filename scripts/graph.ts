import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SystemPlan } from "../components/core/plan-types";
import { mermaid } from "../components/diagram";
import { docker } from "../components/targets/docker/docker";
import { stackSchema } from "../config/stack";
import { createResolver } from "../images/resolve";
import { dockerOptions } from "../systems/docker";
import { type SystemName, systemNames } from "../systems/places";
import { planSystems } from "../systems/plan";

/** What each system is, and the port that shows most of it. */
const about: Readonly<Record<SystemName, { readonly what: string; readonly first: string }>> = {
  "algo-trading": {
    what: "trades on paper: prices, orders, risk and their execution, over PostgreSQL and Redis",
    first: "prometheus/http",
  },
  trademaster: {
    what: "a web service, an API and workers behind nginx, hardened, over PostgreSQL and Redis",
    first: "nginx/http",
  },
  zigquant: { what: "a trading engine behind an HTTP interface, with its ledger on a volume", first: "zigquant/http" },
  "metrics-examples": {
    what: "prices of an exchange, fed to Prometheus, Graphite and InfluxDB side by side",
    first: "prometheus/http",
  },
  marketprism: {
    what: "market data by independent services over NATS and ClickHouse, behind a gateway",
    first: "api-gateway-service/http",
  },
};

/** A part of a page that is generated, between two marks. */
interface Part {
  readonly page: string;
  readonly mark: string;
  readonly content: () => string;
}

const root = join(__dirname, "..");

/** Every part of a page that shows systems as they are described. */
export const parts: readonly Part[] = [
  { page: "README.md", mark: "systems", content: overview },
  ...systemNames
    .map((name) => ({ page: `systems/${name}/README.md`, mark: "graph", content: () => picture(planOf(name)) }))
    .filter(({ page }) => readFileSync(join(root, page), "utf8").includes("<!-- graph:begin -->")),
];

/** A system as it is deployed without any setting. */
function planOf(name: SystemName): SystemPlan {
  const [chosen] = planSystems(stackSchema.parse({ systems: [name] }));
  if (chosen === undefined) throw new Error(`there is no system ${name}`);
  return chosen.plan;
}

/** Where a system's ports answer on a machine with nothing but defaults, by `service/port`. */
function addressesOf(name: SystemName): Readonly<Record<string, string>> {
  const options = dockerOptions(name, stackSchema.parse({ systems: [name] }), createResolver("upstream"));
  const { services } = docker(options).render(planOf(name));
  return Object.fromEntries(
    services.flatMap(({ name: service, addresses }) =>
      Object.entries(addresses).map(([port, address]) => [`${service}/${port}`, address]),
    ),
  );
}

const picture = (plan: SystemPlan): string => `\`\`\`mermaid\n${mermaid(plan)}\n\`\`\``;

/** A table of the systems, and folded for each its addresses and its picture. */
function overview(): string {
  const rows = systemNames.map((name) => {
    const { what, first } = about[name];
    const address = addressesOf(name)[first];
    if (address === undefined) throw new Error(`${name} has no port ${JSON.stringify(first)}`);
    return `| [${name}](systems/${name}/README.md) | ${what} | ${first.split("/")[0] ?? ""}, ${address} |`;
  });
  const folded = systemNames.map((name) => {
    const addresses = Object.entries(addressesOf(name)).map(([port, address]) => `- ${port}: ${address}`);
    return `<details><summary>${name}: picture and addresses</summary>\n\n${picture(planOf(name))}\n\n${addresses.join("\n")}\n\n</details>`;
  });
  const table = ["| system | what it does | look first at |", "| --- | --- | --- |", ...rows].join("\n");
  return [table, ...folded].join("\n\n");
}

/** The page with the part between its two marks. Throws when the page has no marks. */
export function withPart(page: string, mark: string, content: string): string {
  const [begin, end] = [`<!-- ${mark}:begin -->`, `<!-- ${mark}:end -->`];
  const [before, rest] = page.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined) throw new Error(`the page has no ${begin} with a ${end} after it`);
  return `${before}${begin}\n${content}\n${end}${after}`;
}

if (require.main === module) {
  for (const { page, mark, content } of parts) {
    const path = join(root, page);
    writeFileSync(path, withPart(readFileSync(path, "utf8"), mark, content()));
  }
}
