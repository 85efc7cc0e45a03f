#!/usr/bin/env bash
# Writes the kubeconfig in KUBECONFIG_DATA to .twofold/kubeconfig, for this user alone: a job of a pipeline has it as a secret, and
# programs want a file. Without one there is nothing to write.
set -euo pipefail
# shellcheck source=lib/common.sh
. "$(dirname "$0")/lib/common.sh"
cd "$root"

[[ -n ${KUBECONFIG_DATA:-} ]] || { say 'KUBECONFIG_DATA is empty: no kubeconfig is written' && exit 0; }
umask 077
mkdir -p .twofold
rm -f .twofold/kubeconfig
printf '%s\n' "$KUBECONFIG_DATA" >.twofold/kubeconfig
