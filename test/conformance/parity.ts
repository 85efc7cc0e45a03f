import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Target } from "../../components/index";
import type { ParityRow } from "../../scripts/parity";
import type { Behaviour, Evidence } from "./evidence";

const table = join(__dirname, "../../docs/parity.json");
const results = join(__dirname, "../../.twofold/parity");

/** The behaviours that docs/parity.json names for a target. */
export function documented(target: Target["id"]): readonly Behaviour[] {
  const rows = JSON.parse(readFileSync(table, "utf8")) as readonly ParityRow[];
  return rows.flatMap(({ feature, targets }) => targets[target].shownBy.map((shown) => ({ feature, ...shown })));
}

/** Writes down what a run has seen, for machines, and gives it in the order of the table. */
export function keepEvidence({ platform, seen }: Evidence): readonly Behaviour[] {
  const place = ({ feature, title }: Behaviour): string => `${feature} ${title}`;
  const sorted = [...seen].sort((a, b) => (place(a) < place(b) ? -1 : 1));
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, `${platform}.json`), `${JSON.stringify(sorted, undefined, 2)}\n`);
  return sorted;
}
