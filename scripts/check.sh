#!/usr/bin/env bash
# Types, lint, format and unused code of everything here; the shell scripts too where shellcheck is installed.
set -euo pipefail
# shellcheck source=lib/common.sh
. "$(dirname "$0")/lib/common.sh"
cd "$root"
npm run --silent check
npm run --silent --prefix workloads check
if have shellcheck; then
  # Each on its own, because it reads everything that a script sources anew.
  printf '%s\0' scripts/*.sh scripts/lib/*.sh toolchain/build.sh cluster/node.sh .ci/run |
    xargs -0 -n 1 -P "$(getconf _NPROCESSORS_ONLN)" shellcheck
else
  say 'shellcheck is not installed: the shell scripts were not linted (apt-get install shellcheck)'
fi
