import { existsSync } from "node:fs";
import { join } from "node:path";
import { baseReference } from "./base";
import { ImageError } from "./errors";
import { folderParts, shortHash } from "./hash";
import { entry, type ImageName, imageNames, type LocalBuild } from "./table";

/** Begins the references of all images that are built here. */
export const localPrefix = "twofold.local/";

/** The entry's local build, or undefined where it has none. */
export function localBuild(name: ImageName): LocalBuild | undefined {
  const { local } = entry(name);
  return "unavailable" in local ? undefined : local;
}

/** The entry that a spec's upstream reference belongs to. */
export function nameOf(reference: string): ImageName | undefined {
  return imageNames.find((name) => entry(name).upstream === reference);
}

/** The folder with the Dockerfile of a local build. */
export function recipeFolder(local: LocalBuild): string {
  return join(__dirname, local.name);
}

/** The folder with the go.mod of a Go program, where that is another recipe's. */
export function moduleFolder({ prepare }: LocalBuild): string | undefined {
  const module = prepare !== undefined && "go" in prepare ? prepare.go.module : undefined;
  return module === undefined ? undefined : join(__dirname, module);
}

/** Every folder whose files are in the build: the recipe's own, and those of others that it takes files from. */
function foldersOf(local: LocalBuild): readonly string[] {
  return [recipeFolder(local), sharedFolder(local), moduleFolder(local)].filter((folder) => folder !== undefined);
}

/** The folder with files that several recipes have. */
export function sharedFolder({ shares }: LocalBuild): string | undefined {
  return shares === undefined ? undefined : join(__dirname, shares);
}

/** The local build that another one starts from; undefined for the Debian base. */
export function parentOf(local: LocalBuild): LocalBuild | undefined {
  return local.base === "debian" ? undefined : localBuild(local.base);
}

/** What `FROM ${BASE}` means in the recipe. */
export function baseOf(local: LocalBuild): string {
  const parent = parentOf(local);
  return parent === undefined ? baseReference : localReference(parent);
}

/**
 * The reference of a local build: its recipe and everything that it starts from are in the tag.
 * Throws an ImageError where the recipes are not there, as in the npm package.
 */
export function localReference(local: LocalBuild): string {
  if (!existsSync(recipeFolder(local))) {
    throw new ImageError(
      `${local.name}: its recipe ${recipeFolder(local)} does not exist; build local images in a clone of the repository, or set imageSource to upstream`,
    );
  }
  const parts = [baseOf(local), JSON.stringify(local.prepare ?? {}), ...foldersOf(local).flatMap(folderParts)];
  return `${localPrefix}${local.name}:${shortHash(parts)}`;
}
