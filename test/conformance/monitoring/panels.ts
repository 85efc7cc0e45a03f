import assert from "node:assert/strict";
import type { DashboardPlan } from "../../../components/core/plan-types";
import { asked } from "../../../dashboards/asked";
import { modelOf } from "../../../dashboards/model";
import { eventually } from "../eventually";

/** What a store answers to an expression: the values of the series, or `undefined` when it cannot read it. */
export type Answer = readonly number[] | undefined;

/** Where dashboards are looked at. */
interface Deployed {
  /** Name of the system that is chosen, or nothing for a cluster's own dashboards. */
  readonly system?: string;
  /** Four times as long as the scrapes are apart, as Grafana would have it. */
  readonly rateInterval: string;
  readonly dashboards: readonly DashboardPlan[];
  /** The answers to expressions, in their order. */
  readonly ask: (expressions: readonly string[]) => Promise<readonly Answer[]>;
}

/** One line of a panel, as its store is asked for it. */
export interface PanelQuery {
  /** Dashboard, panel and line. */
  readonly name: string;
  /** What keeps the figures. */
  readonly store: string;
  readonly expression: string;
}

type Choice = Omit<Deployed, "dashboards" | "ask">;

/** Every query of the dashboards, with all that can be chosen chosen. */
function queriesOf(dashboards: readonly DashboardPlan[], choice: Choice): readonly PanelQuery[] {
  return dashboards.map(modelOf).flatMap(({ uid, panels }) =>
    panels.flatMap(({ title, datasource, targets }) =>
      targets.map(({ refId, legendFormat = refId, expr, target, query }) => ({
        name: `${uid}: ${title}: ${legendFormat}`,
        store: datasource.type,
        expression: asked(expr ?? target ?? query ?? "", choice),
      })),
    ),
  );
}

/** Whether a panel has something to draw. */
const isAnswer = (answer: Answer): boolean => answer?.some((value) => Number.isFinite(value)) === true;

/** Every panel of every dashboard that asks Prometheus has something to show. */
export async function everyPanelAnswers({ dashboards, ask, ...choice }: Deployed): Promise<void> {
  const queries = queriesOf(dashboards, choice).filter(({ store }) => store === "prometheus");
  await allAnswer(queries, (missing) => ask(missing.map(({ expression }) => expression)));
}

/** So has every panel that asks one of the other stores, each of which some panel asks. */
export async function everyStorePanelAnswers(
  dashboards: readonly DashboardPlan[],
  stores: readonly string[],
  ask: (queries: readonly PanelQuery[]) => Promise<readonly Answer[]>,
): Promise<void> {
  const queries = queriesOf(dashboards, { system: ".+", rateInterval: "1m" }).filter(
    ({ store }) => store !== "prometheus",
  );
  assert.deepEqual([...new Set(queries.map(({ store }) => store))].sort(), stores);
  await allAnswer(queries, ask);
}

async function allAnswer(
  queries: readonly PanelQuery[],
  ask: (queries: readonly PanelQuery[]) => Promise<readonly Answer[]>,
): Promise<void> {
  assert.ok(queries.length > 0, "the dashboards ask nothing");
  let missing = queries;
  await eventually(async () => {
    const answers = await ask(missing);
    missing = missing.filter((_, index) => !isAnswer(answers[index]));
    assert.deepEqual(
      missing.map(({ name, expression }) => `${name} has no answer: ${expression}`),
      [],
    );
  }, 120);
}

/** The values in what Prometheus' interface answers to a query. */
export function valuesIn(answer: string): Answer {
  const { status, data } = JSON.parse(answer) as {
    readonly status: string;
    readonly data?: { readonly result: readonly { readonly value: readonly [number, string] }[] };
  };
  return status === "success" ? data?.result.map(({ value }) => Number(value[1])) : undefined;
}
