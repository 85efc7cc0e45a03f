import { shortHash } from "./hash";

/** The Debian base of all local images: what mmdebstrap is asked for. */
export const baseRecipe = {
  suite: "bookworm",
  variant: "minbase",
  include: ["ca-certificates"],
  /** Kept in the image, so that apt inside a Dockerfile behaves alike. */
  aptOptions: [
    'APT::Install-Recommends "false"',
    'APT::Install-Suggests "false"',
    'Acquire::Languages "none"',
    'Acquire::Retries "3"',
    'Dir::Cache::pkgcache ""',
    'Dir::Cache::srcpkgcache ""',
  ],
  /** Kept in the image too: no manuals and no translations, which a container never shows. */
  dpkgOptions: [
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/locale/*",
    "path-exclude=/usr/share/info/*",
    "path-exclude=/usr/share/doc/*",
    "path-include=/usr/share/doc/*/copyright",
  ],
} as const;

export const baseReference = `twofold.local/debian:${shortHash([JSON.stringify(baseRecipe)])}`;
