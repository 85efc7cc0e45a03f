import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mermaid } from "../components/diagram";
import { algoTrading } from "../systems/algo-trading/index";
import { algoTradingSettings } from "../systems/algo-trading/settings";

/** Pages that show the graph of algo-trading, relative to the project's folder. */
export const pagesWithGraph = ["README.md", "systems/algo-trading/README.md"] as const;

const [begin, end] = ["<!-- graph:begin -->", "<!-- graph:end -->"];

/** The graph of algo-trading as it is deployed without any setting. */
export function algoTradingGraph(): string {
  return mermaid(algoTrading({ ...algoTradingSettings.parse({}), profile: "small" }).plan());
}

/** The page with the graph between its two marks. Throws when the page has no marks. */
export function withGraph(page: string, graph: string): string {
  const [before, rest] = page.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined) throw new Error(`the page has no ${begin} with a ${end} after it`);
  return `${before}${begin}\n\`\`\`mermaid\n${graph}\n\`\`\`\n${end}${after}`;
}

if (require.main === module) {
  for (const page of pagesWithGraph) {
    const path = join(__dirname, "..", page);
    writeFileSync(path, withGraph(readFileSync(path, "utf8"), algoTradingGraph()));
  }
}
