#!/usr/bin/env bash
# Runs every check and every test, or the test files that are given: test.sh [FILE...]
# Ends with the line "N passed, N failed, N skipped" and, whatever happens, with what it started stopped again.
set -euo pipefail
# shellcheck source=lib/checks.sh
. "$(dirname "$0")/lib/checks.sh"
cd "$root"

before=$(started_docker || true)
# Silently, so that the closing line stays the last one.
trap '[[ $(started_docker || true) == "$before" ]] || stop_docker 2>/dev/null' EXIT

scripts/setup.sh
eval "$(scripts/env.sh)"
# What fails fastest comes first; the applications' own tests use images that the behaviour suite has built.
(($# > 0)) || set -- test/{check,unit,golden,wiring,api,docs,conformance} workloads/test
files=()
for path in "$@"; do
  [[ ! -d $path ]] || while read -r file; do files+=("$file"); done < <(find "$path" -name '*.test.ts' | sort)
  [[ ! -f $path ]] || files+=("$path")
done
npx mocha "${files[@]}"
