#!/usr/bin/env bash
# Runs every check and every test, or the test files that are given: test.sh [FILE...]
# Ends with the line "N passed, N failed, N skipped" and, whatever happens, with what it started stopped again.
set -euo pipefail
# shellcheck source=lib/checks.sh
. "$(dirname "$0")/lib/checks.sh"
cd "$root"

# What fails fastest comes first, and make check runs beside it; the applications' own tests use images that the behaviour
# suite has built.
(($# > 0)) || set -- test/{unit,golden,wiring,api,docs,policy,check,conformance} workloads/test

# Of no stack, so that a cluster is the clone's own: tests touch none that somebody has named.
export STACK=tests TARGETS=docker
stack=$STACK
if [[ " $*" == *' test/conformance'* ]]; then
  if reason=$(remedy_cluster); then TARGETS='docker kubernetes'; else say "nothing is tried on Kubernetes: $reason"; fi
fi

# What runs at the end and did not at the beginning is ended; silently where that succeeds, so that the closing line stays
# the last one.
docker_before=$(started_docker || true)
registry_before=$(registry_runs || true)
cluster_before=$(cluster_started || true)
end_what_was_started() {
  [[ $(cluster_started || true) == "$cluster_before" ]] || stop_cluster
  # The registry ends with the last cluster, also one that ran before the first.
  if [[ -n $registry_before ]]; then start_registry; else stop_registry; fi
  [[ $(started_docker || true) == "$docker_before" ]] || stop_docker
}
at_end() {
  local said
  said=$(end_what_was_started 2>&1) || say "what this run started was not all ended: $said"
}
trap at_end EXIT

scripts/setup.sh
eval "$(scripts/env.sh)"
files=()
for path in "$@"; do
  [[ ! -d $path ]] || while read -r file; do files+=("$file"); done < <(find "$path" -name '*.test.ts' | sort)
  [[ ! -f $path ]] || files+=("$path")
done
# What they have deployed is removed by themselves, and needs the engine and the cluster for it.
until_ended node --import tsx scripts/lanes.ts "${files[@]}"
