#!/usr/bin/env bash
# Measures large systems, Docker Compose against Twofold and, where the clone's own cluster runs, kubectl against it.
# Arguments are those of bench/run.ts.
set -euo pipefail
# shellcheck source=lib/checks.sh
. "$(dirname "$0")/lib/checks.sh"
cd "$root"

# Of no stack, so that a cluster is the clone's own.
export STACK=tests TARGETS=docker
if cluster_started >/dev/null; then TARGETS='docker kubernetes'; else say 'Kubernetes is left out: make cluster starts one'; fi
scripts/setup.sh
eval "$(scripts/env.sh)"
exec node --import tsx bench/run.ts "$@"
