import { parser } from "@prometheus-io/lezer-promql";

/** Series that an expression reads, and what it does with them. */
export interface Selector {
  readonly metric: string;
  /** Conditions, such as `job=~"$job"`. */
  readonly matchers: readonly string[];
  /** How far back it looks, as it is written; `undefined` for the value at one time. */
  readonly range: string | undefined;
  /** The function or aggregation around it, such as `rate`. @default - none */
  readonly within: string | undefined;
}

interface Parsed {
  /** Pieces that cannot be read, with their places. */
  readonly mistakes: readonly string[];
  readonly selectors: readonly Selector[];
}

type SyntaxNode = ReturnType<typeof parser.parse>["topNode"];

const durations = { $__rate_interval: "90s", $__range: "60m", $__interval: "15s" } as const;

/** An expression with Grafana's own variables replaced; those of labels are texts, which PromQL does not look into. */
const withDurations = (expression: string, values: Readonly<Record<string, string>> = durations): string =>
  expression.replaceAll(/\$__(rate_interval|range|interval)\b/g, (name) => values[name] ?? name);

/** What a PromQL expression says, read by the grammar that Prometheus' own pages use. */
export function parsePromql(expression: string): Parsed {
  const written = withDurations(expression);
  const mistakes: string[] = [];
  const selectors: Selector[] = [];
  parser.parse(written).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) mistakes.push(`${from}: ${written.slice(from, to + 10)}`);
      if (type.name === "VectorSelector") selectors.push(selectorOf(node, written));
    },
  });
  return { mistakes, selectors };
}

function selectorOf(node: SyntaxNode, written: string): Selector {
  const text = ({ from, to }: SyntaxNode): string => written.slice(from, to);
  const first = (name: string, of: SyntaxNode): string => of.getChildren(name).map(text)[0] ?? "";
  const matchers = node.getChildren("LabelMatchers").flatMap((all) => all.getChildren("UnquotedLabelMatcher"));
  const matrix = node.parent?.name === "MatrixSelector" ? node.parent : undefined;
  const around = callAround((matrix ?? node).parent);
  return {
    metric: first("Identifier", node),
    matchers: matchers.map(text),
    range: matrix === undefined ? undefined : (written.slice(node.to, matrix.to).match(/\[(.*)\]/)?.[1] ?? ""),
    within: around === undefined ? undefined : (text(around).match(/^\w+/)?.[0] ?? ""),
  };
}

/** The call that takes something as its argument, past parentheses. */
function callAround(node: SyntaxNode | null): SyntaxNode | undefined {
  if (node === null) return undefined;
  if (node.name === "FunctionCall" || node.name === "AggregateExpr") return node;
  return ["FunctionCallBody", "ParenExpr"].includes(node.name) ? callAround(node.parent) : undefined;
}
