import assert from "node:assert/strict";
import type { DashboardPlan } from "../../../components/core/plan-types";
import { asked } from "../../../dashboards/asked";
import { asksPrometheus, modelOf } from "../../../dashboards/model";
import { eventually } from "../eventually";

/** What Prometheus answers to an expression: the values of the series, or `undefined` when it cannot read it. */
type Answer = readonly number[] | undefined;

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

/** One line of a panel, as Prometheus is asked for it. */
interface PanelQuery {
  /** Dashboard, panel and line. */
  readonly name: string;
  readonly expression: string;
}

/** Every query of the dashboards that is Prometheus', with all that can be chosen chosen. */
function queriesOf({ dashboards, ...choice }: Deployed): readonly PanelQuery[] {
  return dashboards.map(modelOf).flatMap(({ uid, panels }) =>
    panels.filter(asksPrometheus).flatMap(({ title, targets }) =>
      targets.map(({ expr = "", legendFormat = "" }) => ({
        name: `${uid}: ${title}: ${legendFormat}`,
        expression: asked(expr, choice),
      })),
    ),
  );
}

/** Whether a panel has something to draw. */
const isAnswer = (answer: Answer): boolean => answer?.some((value) => Number.isFinite(value)) === true;

/** Every panel of every dashboard has something to show. */
export async function everyPanelAnswers(deployed: Deployed): Promise<void> {
  const queries = queriesOf(deployed);
  assert.ok(queries.length > 0, "the dashboards ask nothing");
  let missing = queries;
  await eventually(async () => {
    const answers = await deployed.ask(missing.map(({ expression }) => expression));
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
