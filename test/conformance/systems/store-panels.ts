import type { Answer, PanelQuery } from "../monitoring/panels";
import type { DeployedSystem } from "./deployed-system";

/** Asks Graphite and InfluxDB as Grafana would, by their interfaces, with the way and the account that a service has to them. */
const script = `
const { GRAPHITE_URL, INFLUXDB_URL, INFLUXDB_DATABASE, INFLUXDB_USER, INFLUXDB_PASSWORD_FILE } = process.env;
const password = require("node:fs").readFileSync(INFLUXDB_PASSWORD_FILE, "utf8").trim();
const authorization = "Basic " + Buffer.from(INFLUXDB_USER + ":" + password).toString("base64");
const stores = {
  graphite: (target) =>
    fetch(GRAPHITE_URL + "/render", {
      method: "POST",
      body: new URLSearchParams({ target, from: "-10min", until: "now", format: "json" }),
    }),
  influxdb: (q) =>
    fetch(INFLUXDB_URL + "/query?" + new URLSearchParams({ db: INFLUXDB_DATABASE, q, epoch: "ms" }), {
      headers: { authorization },
    }),
};
const ask = async ({ store, expression }) => {
  const answer = await stores[store](expression);
  return answer.ok ? answer.json() : undefined;
};
Promise.all(JSON.parse(process.argv[1]).map(ask)).then((all) => console.log(JSON.stringify(all)));
`;

interface GraphiteAnswer {
  readonly datapoints: readonly (readonly [value: number | null, at: number])[];
}

interface InfluxdbAnswer {
  readonly results: readonly {
    readonly series?: readonly { readonly values: readonly (readonly [at: number, value: number | null])[] }[];
  }[];
}

/** What the stores of a system answer to what panels ask them, from a service that has a way to both. */
export async function askStores(
  deployed: DeployedSystem,
  from: string,
  queries: readonly PanelQuery[],
): Promise<readonly Answer[]> {
  const asked = queries.map(({ store, expression }) => ({ store, expression }));
  const answers = JSON.parse(
    await deployed.inside(from, "node", "-e", script, JSON.stringify(asked)),
  ) as readonly unknown[];
  return answers.map((answer, index) => (answer === null ? undefined : valuesOf(queries[index]?.store, answer)));
}

function valuesOf(store: string | undefined, answer: unknown): Answer {
  const values =
    store === "graphite"
      ? (answer as readonly GraphiteAnswer[]).flatMap(({ datapoints }) => datapoints.map(([value]) => value))
      : (answer as InfluxdbAnswer).results.flatMap(({ series = [] }) =>
          series.flatMap(({ values }) => values.map(([, value]) => value)),
        );
  return values.filter((value) => value !== null);
}
