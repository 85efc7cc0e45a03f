import { readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { type Document, isMap, parseDocument } from "yaml";
import { z } from "zod";
import { DescriptionError, oneOf, suggest } from "../components/core/errors";
import { type SystemName, systemNames } from "../systems/places";

// pulumi stack export | node --import tsx scripts/systems.ts up|down FILE SYSTEM...
// Brings systems to those that a stack has, or takes them away, in the stack's configuration FILE. Prints what it has then.

const key = "twofold:systems";

/** Reads `SYSTEM`: names with commas or spaces between them, or all. Throws a `DescriptionError`. */
export function namedSystems(given: string): readonly SystemName[] {
  const names = given.split(/[\s,]+/).filter((name) => name !== "");
  if (names.length === 1 && names[0] === "all") return systemNames;
  const known = (name: string): name is SystemName => systemNames.some((candidate) => candidate === name);
  const unknown = names.filter((name) => !known(name));
  if (unknown.length > 0 || names.length === 0)
    throw new DescriptionError(
      "make",
      (names.length === 0 ? [""] : unknown).map((name) => ({
        path: "SYSTEM",
        given: `names ${JSON.stringify(name)}, which is no system`,
        remedy: name === "" ? oneOf([...systemNames, "all"]) : suggest(name, [...systemNames, "all"]),
      })),
    );
  return names.filter(known);
}

/** What a stack has after some systems were brought to those that it has, or were taken away; in the catalogue's order. */
export function systemsAfter(
  action: string,
  present: readonly string[],
  named: readonly SystemName[],
): readonly SystemName[] {
  if (action !== "down") return systemNames.filter((name) => present.includes(name) || named.includes(name));
  const absent = named.filter((name) => !present.includes(name));
  if (absent.length > 0)
    throw new DescriptionError(
      "make down",
      absent.map((name) => ({
        path: "SYSTEM",
        given: `names ${name}, which the stack does not have`,
        remedy: present.length === 0 ? "it has none" : oneOf(present),
      })),
    );
  return systemNames.filter((name) => present.includes(name) && !named.includes(name));
}

/** A stack's configuration with these systems, and all else in it as it was. */
export function withSystems(file: string, systems: readonly SystemName[]): string {
  const document: Document = parseDocument(file);
  if (!isMap(document.contents)) document.contents = document.createNode({});
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  document.setIn(["config", key], document.createNode(systems, { flow: true }));
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

const state = z.object({
  deployment: z.object({ resources: z.array(z.object({ urn: z.string(), type: z.string() })).nullish() }).nullish(),
});

/** The systems that a state holds, as `pulumi stack export` writes it. */
export function systemsIn(exported: string): readonly string[] {
  const resources = state.parse(JSON.parse(exported)).deployment?.resources ?? [];
  return resources
    .filter(({ type }) => type === "twofold:index:System")
    .map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2));
}

async function main(action = "", file = "", ...given: readonly string[]): Promise<void> {
  const systems = systemsAfter(action, systemsIn(await text(process.stdin)), namedSystems(given.join(" ")));
  // what is down needs no name any more, and the next up should bring the same
  if (systems.length > 0) writeFileSync(file, withSystems(readFileSync(file, "utf8"), systems));
  console.log(systems.join(" "));
}

if (require.main === module)
  main(...process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof DescriptionError ? error.message : error);
    process.exitCode = 1;
  });
