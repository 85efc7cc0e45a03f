import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { ImageError } from "./errors";
import { folderParts, shortHash } from "./hash";
import { localPrefix, localReference, nameOf } from "./local";
import type { ImageSource } from "./source";
import { entry } from "./table";

/** An image that is built from a folder of the project. */
export interface BuildSpec {
  readonly build: {
    /** Folder that is sent to the builder; relative to the working directory. */
    readonly context: string;
    /** Path of the Dockerfile, relative to the context. */
    readonly dockerfile: string;
    readonly target?: string | undefined;
    /** Build arguments that name base images by upstream reference; they follow the image source. */
    readonly baseImages?: Readonly<Record<string, string>> | undefined;
  };
}

type Resolved =
  | { readonly kind: "image"; readonly reference: string }
  | { readonly kind: "unavailable"; readonly because: string };

export type Resolver = (image: string | BuildSpec) => Resolved;

/**
 * Turns the image of a spec into what the engine is given. Pure but for reading recipes and build contexts, each once per
 * resolver. Throws an ImageError for a reference that has no local build and for a build context that is not there.
 */
export function createResolver(source: ImageSource): Resolver {
  const known = new Map<string, Resolved>();
  const resolver: Resolver = (image) => {
    const key = JSON.stringify(image);
    const resolved = known.get(key) ?? compute(image);
    known.set(key, resolved);
    return resolved;
  };
  const compute: Resolver = (image) => {
    if (typeof image !== "string") return resolveBuild(image, resolver);
    return source === "upstream" ? { kind: "image", reference: image } : resolveLocally(image);
  };
  return resolver;
}

function resolveLocally(reference: string): Resolved {
  const name = nameOf(reference);
  if (name === undefined) {
    throw new ImageError(
      `image ${reference} has no local build; set imageSource to upstream, or add an entry for it to images/table.ts`,
    );
  }
  const { local } = entry(name);
  if ("unavailable" in local) return { kind: "unavailable", because: local.unavailable };
  return { kind: "image", reference: localReference(local) };
}

/** Base images by build argument, in the order of the arguments; or why one of them cannot be had. */
export type ResolvedBases =
  | { readonly kind: "bases"; readonly args: readonly (readonly [string, string])[] }
  | { readonly kind: "unavailable"; readonly because: string };

export function resolveBases(spec: BuildSpec, resolver: Resolver): ResolvedBases {
  const args: [string, string][] = [];
  for (const [name, reference] of Object.entries(spec.build.baseImages ?? {}).sort()) {
    const base = resolver(reference);
    if (base.kind === "unavailable") return base;
    args.push([name, base.reference]);
  }
  return { kind: "bases", args };
}

function resolveBuild(spec: BuildSpec, resolver: Resolver): Resolved {
  const { context, dockerfile, target = "" } = spec.build;
  const folder = resolve(context);
  for (const path of [folder, join(folder, dockerfile)]) {
    if (!existsSync(path)) throw new ImageError(`build context ${context}: ${path} does not exist; correct the path`);
  }
  const bases = resolveBases(spec, resolver);
  if (bases.kind === "unavailable") return bases;
  // the Dockerfile counts by itself, because .dockerignore may leave it out of the context
  const recipe = [dockerfile, readFileSync(join(folder, dockerfile)), target, ...bases.args.flat()];
  const hash = shortHash([...recipe, ...folderParts(folder)]);
  return { kind: "image", reference: `${localPrefix}${repositoryName(folder, target)}:${hash}` };
}

/** Folder and target in the letters that a repository name may have. */
function repositoryName(folder: string, target: string): string {
  return [basename(folder), target]
    .map((part) =>
      part
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, ""),
    )
    .filter((part) => part !== "")
    .join("-");
}
