/** Containers of these namespaces are nearly full. */
const namespaces: Readonly<Record<string, string>> = {
  "team-shop": 'label_app_kubernetes_io_managed_by="twofold", label_app_kubernetes_io_part_of="shop"',
  monitoring: 'label_app_kubernetes_io_managed_by="twofold", label_app_kubernetes_io_part_of="monitoring"',
  elsewhere: 'label_app_kubernetes_io_managed_by="helm", label_app_kubernetes_io_part_of="shop"',
  "kube-system": "",
};

const container = (namespace: string, percent: number): readonly object[] =>
  Object.entries({ container_memory_usage_bytes: percent, container_spec_memory_limit_bytes: 100 }).map(
    ([metric, value]) => ({
      series: `${metric}{namespace="${namespace}", name="${namespace}/a/api", image="api:1"}`,
      values: `${value}x30`,
    }),
  );

/** A file for `promtool test rules`: which system alerts of containers have, half an hour after kube-state-metrics has ended. */
export function systemOfNamespaceTest(file: string): object {
  return {
    rule_files: [file],
    evaluation_interval: "1m",
    tests: [
      {
        interval: "1m",
        input_series: [
          ...Object.entries(namespaces).flatMap(([namespace, labels]) => [
            ...container(namespace, 90),
            {
              series: `kube_namespace_labels{${[`namespace="${namespace}"`, ...(labels === "" ? [] : [labels])].join(", ")}}`,
              values: "1x3 stale",
            },
          ]),
          ...container("team-shop-with-room", 50),
        ],
        promql_expr_test: [
          {
            expr: 'count by (namespace, system) (ALERTS{alertname="HighMemoryUsage", alertstate="firing"})',
            eval_time: "30m",
            exp_samples: [
              { labels: '{namespace="team-shop", system="shop"}', value: 1 },
              ...["monitoring", "elsewhere", "kube-system"].map((name) => ({
                labels: `{namespace="${name}", system="cluster"}`,
                value: 1,
              })),
            ],
          },
          {
            // the same from the first minute that it holds until the last: it has not become another alert
            expr: 'count by (namespace) (count_over_time(ALERTS{alertstate="firing", system="shop"}[24m:1m]) >= 24)',
            eval_time: "30m",
            exp_samples: [{ labels: '{namespace="team-shop"}', value: 1 }],
          },
        ],
      },
    ],
  };
}
