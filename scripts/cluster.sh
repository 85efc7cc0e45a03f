#!/usr/bin/env bash
# Starts the cluster that stacks on Kubernetes run on, or removes it again: cluster.sh up|down
# NODES=200 adds as many simulated nodes, NODES=0 removes them.
# Where the stack's configuration names one (kubeContext), that one is used and left as it is.
set -euo pipefail
# shellcheck source=lib/cluster.sh
. "$(dirname "$0")/lib/cluster.sh"

case ${1:-} in
  up) start_cluster ;;
  down) stop_cluster ;;
  *) fail "unknown action ${1:-}" 'use up or down' ;;
esac
