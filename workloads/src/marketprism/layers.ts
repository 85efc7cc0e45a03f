import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ConfigError, type Environment } from "../config/environment.ts";

/** Values by section and name; each is a variable, so `http: { timeout_ms: 1000 }` says what HTTP_TIMEOUT_MS would. */
const layerSchema = z.record(
  z.string().regex(/^[a-z0-9_]+$/),
  z.union([z.string(), z.number(), z.boolean(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))]),
);

/**
 * The variables of a service, each from the last that sets it: base.yaml, the file of the environment, local.yaml, and the
 * process' own variables. local.yaml is for a developer's machine; anywhere else it stops the start.
 */
export function layered(environment: Environment): Environment {
  const { CONFIG_DIR: folder, ENVIRONMENT: name = "development" } = environment;
  if (folder === undefined || folder === "") {
    return environment;
  }
  if (name !== "development" && existsSync(join(folder, "local.yaml"))) {
    throw new ConfigError([`${folder}/local.yaml is for development alone; remove it, or set ENVIRONMENT=development`]);
  }
  const layers = ["base", name, "local"].map((layer) => readLayer(join(folder, `${layer}.yaml`), layer === "base"));
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  return withoutDoubles(Object.assign({}, ...layers), given);
}

/** A variable of the process also wins over a layer when one of them names a file. */
function withoutDoubles(layers: Readonly<Record<string, string>>, given: Environment): Environment {
  const isGiven = (name: string) => `${name}_FILE` in given || name.replace(/_FILE$/, "") in given;
  return { ...Object.fromEntries(Object.entries(layers).filter(([name]) => !isGiven(name))), ...given };
}

function readLayer(path: string, isRequired: boolean): Readonly<Record<string, string>> {
  if (!existsSync(path)) {
    if (isRequired) {
      throw new ConfigError([`${path} is missing; every service has one`]);
    }
    return {};
  }
  const parsed = layerSchema.safeParse(parse(readFileSync(path, "utf8")) ?? {});
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map(({ path: at, message }) => `${path}: ${at.join(".")} ${message}`));
  }
  const variables = Object.entries(parsed.data).flatMap(([section, value]) =>
    typeof value === "object"
      ? Object.entries(value).map(([name, inner]): [string, string] => [`${section}_${name}`, String(inner)])
      : [[section, String(value)] satisfies [string, string]],
  );
  return Object.fromEntries(variables.map(([name, value]) => [name.toUpperCase(), value]));
}
