import { PackageURL } from "packageurl-js";
import { z } from "zod";
import type { GoBuild } from "./go-modules";

/** Something that is in an image, by its package URL. */
export interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  /** As the package says it. */
  readonly license?: string;
}

/** Which distribution an image is of, as its os-release says. */
export interface Distribution {
  readonly id: string;
  readonly version: string;
}

/** What os-release says. */
export function distributionIn(osRelease: string): Distribution {
  const value = (key: string): string => new RegExp(`^${key}="?([^"\n]*)"?$`, "m").exec(osRelease)?.[1] ?? "";
  return { id: value("ID") || "linux", version: value("VERSION_ID") };
}

/** The packages that dpkg's status, or a part of it, says are installed. */
export function dpkgPackages(status: string, { id, version: release }: Distribution): readonly Component[] {
  return fields(status, /^([A-Za-z-]+): (.*)$/).flatMap((paragraph) => {
    const { Package: name, Version: version, Architecture: arch, Status: state } = paragraph;
    if (name === undefined || version === undefined || state?.endsWith(" installed") === false) return [];
    return [component("deb", { namespace: id, name, version, qualifiers: { arch, distro: `${id}-${release}` } })];
  });
}

/** The packages of apk's database. */
export function apkPackages(installed: string, { id, version: release }: Distribution): readonly Component[] {
  return fields(installed, /^([A-Z]):(.*)$/).flatMap(({ P: name, V: version, A: arch, L: license }) => {
    if (name === undefined || version === undefined) return [];
    const qualifiers = { arch, distro: `${id}-${release}` };
    return [component("apk", { namespace: id, name, version, qualifiers }, license)];
  });
}

const packageJson = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().optional().catch(undefined),
});

/** The package whose package.json this is; some are parts of others, and have no name or version. */
export function npmPackage(text: string): readonly Component[] {
  const parsed = packageJson.safeParse(jsonIn(text));
  if (!parsed.success) return [];
  const { name, version, license } = parsed.data;
  const [own, scope] = name.split("/").reverse();
  return own === undefined || own === "" ? [] : [component("npm", { namespace: scope, name: own, version }, license)];
}

/** The modules of a Go program, with the standard library. */
export function goPackages({ go, modules }: GoBuild): readonly Component[] {
  const all = [{ path: "stdlib", version: go.replace(/^go/, "") }, ...modules];
  return all.map(({ path, version }) => {
    const parts = path.split("/");
    return component("golang", { namespace: parts.slice(0, -1).join("/"), name: parts.at(-1) ?? path, version });
  });
}

interface Coordinates {
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly version: string;
  readonly qualifiers?: Readonly<Record<string, string | undefined>>;
}

function component(type: string, { namespace, name, version, qualifiers }: Coordinates, license?: string): Component {
  const given = Object.entries(qualifiers ?? {}).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, value]],
  );
  const purl = new PackageURL(
    type,
    namespace || undefined,
    name,
    version || undefined,
    Object.fromEntries(given),
    undefined,
  );
  return {
    name: type === "deb" || type === "apk" || !namespace ? name : `${namespace}/${name}`,
    version,
    purl: purl.toString(),
    ...(license === undefined || license === "" ? {} : { license }),
  };
}

/** Paragraphs of lines that are a key and a value; what a value goes on with on further lines is left out. */
function fields(text: string, line: RegExp): readonly Readonly<Record<string, string | undefined>>[] {
  return text.split(/\n{2,}/).map((paragraph) =>
    Object.fromEntries(
      paragraph.split("\n").flatMap((each) => {
        const [, key, value] = line.exec(each) ?? [];
        return key === undefined || value === undefined ? [] : [[key, value]];
      }),
    ),
  );
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
