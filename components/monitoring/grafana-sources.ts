import { stringify } from "yaml";
import { secretFile, secretPath } from "../catalog/secret-file";
import { external } from "../core/connect";
import type { FileInput } from "../core/description";
import type { ServiceHandle } from "../core/service-handle";
import type { SystemBuilder } from "../core/system";
import type { GrafanaOptions } from "./grafana";

/** A store of the system that panels may read, by the uid that its type has here. */
export interface DataSource {
  readonly type: "graphite" | "influxdb";
  /** Its endpoint `http` is asked; that of an InfluxDB offers user, password and database. */
  readonly of: ServiceHandle;
}

const passwordName = "influxdb-password";

/** Has Grafana reach the stores, and tells it by variables what its configuration names. */
export function connectDataSources(
  system: SystemBuilder,
  grafana: ServiceHandle,
  { dataSources = [] }: GrafanaOptions = {},
): void {
  for (const { type, of } of dataSources) {
    grafana.connectsTo(of.endpoint("http"), {
      wait: "started",
      env: ({ url, value }) => {
        if (type === "graphite") return { GRAPHITE_URL: url };
        secretFile(system, grafana.name, passwordName, value("password"));
        return { INFLUXDB_URL: url, INFLUXDB_USER: value("user"), INFLUXDB_DATABASE: value("database") };
      },
    });
  }
}

/** Has Grafana fetch its plugins, for which it needs the internet. */
export function reachPlugins(grafana: ServiceHandle, { plugins = [] }: GrafanaOptions = {}): void {
  if (plugins.length > 0) grafana.reaches(external("grafana.com", 443));
}

/** The files that make Grafana know the stores. */
export function dataSourceFiles(sources: readonly DataSource[], folder: string): readonly FileInput[] {
  return sources.map(({ type }) => ({
    path: `${folder}/${type}.yml`,
    content: stringify({
      apiVersion: 1,
      datasources: [{ uid: type, type, access: "proxy", editable: false, ...settings[type] }],
    }),
  }));
}

const settings = {
  graphite: { name: "Graphite", url: "$GRAPHITE_URL", jsonData: { graphiteVersion: "1.1", graphiteType: "default" } },
  influxdb: {
    name: "InfluxDB",
    url: "$INFLUXDB_URL",
    user: "$INFLUXDB_USER",
    jsonData: { dbName: "$INFLUXDB_DATABASE", httpMode: "GET" },
    // Grafana itself puts the file's content in
    secureJsonData: { password: `$__file{${secretPath(passwordName)}}` },
  },
} as const satisfies Record<DataSource["type"], object>;
