/** Series over time by name and labels: a number that stays, `+3` for a counter that grows by 3 a minute, or promtool's own words. */
export type Series = Readonly<Record<string, string | number>>;

/** What makes an alert fire, with all of its severities, and what is close to that and does not. */
export interface RuleCase {
  readonly fires: Series;
  readonly silent: Series;
}

export type RuleCases = Readonly<Record<string, RuleCase>>;
