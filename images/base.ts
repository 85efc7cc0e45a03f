import { shortHash } from "./hash";

/** What mmdebstrap is asked for: the Debian base of all local images. */
export const baseRecipe = {
  suite: "bookworm",
  variant: "minbase",
  include: ["ca-certificates"],
  /** Stays in the image, so that apt in a Dockerfile behaves alike. */
  aptOptions: [
    'APT::Install-Recommends "false"',
    'APT::Install-Suggests "false"',
    'Acquire::Languages "none"',
    'Acquire::Retries "3"',
  ],
  /** Stays in the image too: no manuals and translations, which nobody reads in a container. */
  dpkgOptions: [
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/locale/*",
    "path-exclude=/usr/share/info/*",
    "path-exclude=/usr/share/doc/*",
    "path-include=/usr/share/doc/*/copyright",
  ],
  customise: [
    // apt in a Dockerfile shall leave no caches behind; mmdebstrap itself needs them, so this comes after its work
    `rm -f "$1"/var/cache/apt/*.bin && printf '%s\\n' 'APT::Keep-Downloaded-Packages "false";' 'Dir::Cache::pkgcache "";' 'Dir::Cache::srcpkgcache "";' > "$1/etc/apt/apt.conf.d/90no-caches"`,
    // packages must not start the services that they install
    `printf '#!/bin/sh\\nexit 101\\n' > "$1/usr/sbin/policy-rc.d" && chmod 0755 "$1/usr/sbin/policy-rc.d"`,
    // nothing in a container changes its user, so no program needs the right to
    `find "$1" -xdev -type f -perm /6000 -exec chmod a-s {} +`,
  ],
  /** Settings of the image itself. */
  changes: ['CMD ["bash"]', "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
} as const;

export const baseReference = `twofold.local/debian:${shortHash([JSON.stringify(baseRecipe)])}`;
