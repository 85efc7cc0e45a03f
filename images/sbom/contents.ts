import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { type GoBuild, goBuildIn } from "./go-modules";
import {
  apkPackages,
  type Component,
  type Distribution,
  distributionIn,
  dpkgPackages,
  goPackages,
  npmPackage,
} from "./packages";

type Parse = (text: string, distribution: Distribution) => readonly Component[];

/** Where an image says what is in it, as paths without a slash at the beginning. */
const databases: readonly (readonly [RegExp, Parse])[] = [
  [/^var\/lib\/dpkg\/status(\.d\/[^/]+)?$/, dpkgPackages],
  [/^lib\/apk\/db\/installed$/, apkPackages],
  [/(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/, npmPackage],
];
const osReleases = ["usr/lib/os-release", "etc/os-release"];
const elf = Buffer.from("\x7fELF", "latin1");

/**
 * What is in an image, given its whole file system as a tar archive: packages of Debian, Alpine and npm, and modules of Go
 * programs, sorted by package URL and each once.
 */
export async function contentsOf(archive: Readable): Promise<readonly Component[]> {
  const texts: { readonly parse: Parse; readonly text: string }[] = [];
  const builds: GoBuild[] = [];
  let distribution = distributionIn("");
  const entries = archive.pipe(extract());
  for await (const entry of entries) {
    const { name, type, mode = 0 } = entry.header;
    const path = name.replace(/^\.?\//, "");
    const parse = databases.find(([pattern]) => pattern.test(path))?.[1];
    if (type === "file" && parse !== undefined) texts.push({ parse, text: (await buffer(entry)).toString() });
    else if (type === "file" && osReleases.includes(path))
      distribution = distributionIn((await buffer(entry)).toString());
    else if (type === "file" && (mode & 0o111) !== 0) {
      const content = await buffer(entry);
      const build = content.subarray(0, elf.length).equals(elf) ? goBuildIn(content) : undefined;
      if (build !== undefined) builds.push(build);
    }
    // an entry that was not read keeps the next from coming
    entry.resume();
  }
  const found = [...texts.flatMap(({ parse, text }) => parse(text, distribution)), ...builds.flatMap(goPackages)];
  const distinct = new Map(found.map((component) => [component.purl, component]));
  return [...distinct.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
}
