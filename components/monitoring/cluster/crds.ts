import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { cacheFolder } from "../../../images/cache";
import { DescriptionError } from "../../core/errors";
import type { ClusterObject } from "./objects";

const operatorModule = "github.com/prometheus-operator/prometheus-operator";
/** Its go.mod says which version, and its go.sum what is in it. */
const moduleFolder = join(__dirname, "../../../images/prometheus-operator");

/** The kinds that the operator works with. Those of Thanos and of agents are left out: nothing here is of these kinds. */
const plurals = [
  ...["alertmanagerconfigs", "alertmanagers", "podmonitors", "probes"],
  ...["prometheuses", "prometheusrules", "scrapeconfigs", "servicemonitors"],
] as const;

/** Of the definitions as they are made below; another version of the operator has another. */
const checksum = "3958401306f1b10eee22ccee38ccfbe37c4dd1e1cf3744bd7f037b23da1491ad";

/** Names of the definitions. */
export const definitionNames: readonly string[] = plurals.map((plural) => `${plural}.monitoring.coreos.com`);

/**
 * The definitions of the operator's kinds, without their prose. They come with the operator's own Go module, and are kept in
 * the cache; what is there counts only with the right checksum. Throws a `DescriptionError` when they cannot be had.
 */
export function operatorDefinitions(): readonly ClusterObject[] {
  const kept = join(cacheFolder(), "definitions", `prometheus-operator-${checksum.slice(0, 16)}.json`);
  if (existsSync(kept)) {
    const text = readFileSync(kept, "utf8");
    if (sha256(text) === checksum) return JSON.parse(text) as readonly ClusterObject[];
  }
  const text = JSON.stringify(fromModule());
  const found = sha256(text);
  if (found !== checksum)
    throw wrong(
      `have the checksum ${found}, not ${checksum}`,
      "see that images/prometheus-operator/go.mod and components/monitoring/cluster/crds.ts mean the same version",
    );
  mkdirSync(join(cacheFolder(), "definitions"), { recursive: true });
  writeFileSync(`${kept}.${process.pid}`, text);
  renameSync(`${kept}.${process.pid}`, kept);
  return JSON.parse(text) as readonly ClusterObject[];
}

function fromModule(): readonly ClusterObject[] {
  const folder = join(moduleDirectory(), "example/prometheus-operator-crd");
  return plurals.map((plural) => {
    const text = readFileSync(join(folder, `monitoring.coreos.com_${plural}.yaml`), "utf8");
    return withoutProse(parse(text)) as ClusterObject;
  });
}

function moduleDirectory(): string {
  try {
    const output = execFileSync("go", ["mod", "download", "-json", operatorModule], {
      cwd: moduleFolder,
      encoding: "utf8",
      env: { ...process.env, GOFLAGS: "-mod=readonly" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return (JSON.parse(output) as { readonly Dir: string }).Dir;
  } catch (error) {
    throw wrong(
      `cannot be had from the Go module ${operatorModule}: ${error instanceof Error ? error.message : String(error)}`,
      "install Go, and set GOPROXY to a proxy that has it, or set clusterMonitoring.deploy to false where the cluster has an operator",
    );
  }
}

/** Descriptions of fields, four fifths of it all; a field that is called description is none, and stays. */
function withoutProse(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(withoutProse);
  if (typeof data !== "object" || data === null) return data;
  const kept = Object.entries(data).filter(([key, value]) => key !== "description" || typeof value !== "string");
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutProse(value)]));
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function wrong(given: string, remedy: string): DescriptionError {
  return new DescriptionError("the cluster's monitoring", [
    { path: "definitions of prometheus-operator's kinds", given, remedy },
  ]);
}
