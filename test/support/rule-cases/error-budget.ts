const ok = 'http_requests_total{code="200"}';
const failed = 'http_requests_total{code="500"}';

/** How many of the alerts of a severity fire at a time; none where the count is 0. */
const firing = (severity: string, eval_time: string, count: number): object => ({
  expr: `count(ALERTS{alertname="ApiErrorBudgetBurn", alertstate="firing", severity="${severity}"})`,
  eval_time,
  exp_samples: count === 0 ? [] : [{ labels: "{}", value: count }],
});

/** Minutes of a good time before; as long as the longest window that wakes somebody. */
const good = 360;
const days = 4 * 1440;

/** What promtool is to try of a promise of 99.9 percent: a total outage, half as fast again as allowed, and 30 seconds. */
export function errorBudgetTests(file: string): readonly object[] {
  return [
    {
      rule_files: [file],
      evaluation_interval: "1m",
      tests: [
        {
          name: "an outage",
          interval: "1m",
          input_series: [
            { series: ok, values: `0+60x${good} ${60 * good}+0x60` },
            { series: failed, values: `0+0x${good} 60+60x60` },
          ],
          promql_expr_test: [
            firing("critical", `${good}m`, 0),
            firing("critical", `${good + 5}m`, 1),
            firing("critical", `${good + 30}m`, 2),
          ],
        },
        {
          name: "half a minute",
          interval: "30s",
          input_series: [
            { series: ok, values: `0+30x${2 * good} ${30 * 2 * good}+30x240` },
            { series: failed, values: `0+0x${2 * good} 30+0x240` },
          ],
          promql_expr_test: [1, 5, 30, 60].map((later) => firing("critical", `${good + later}m`, 0)),
        },
      ],
    },
    {
      rule_files: [file],
      evaluation_interval: "10m",
      tests: [
        {
          name: "one and a half times as fast as allowed, for four days",
          interval: "2m",
          input_series: [
            { series: ok, values: `0+9985x${days / 2}` },
            { series: failed, values: `0+15x${days / 2}` },
          ],
          promql_expr_test: [firing("critical", `${days}m`, 0), firing("warning", `${days}m`, 1)],
        },
      ],
    },
  ];
}
