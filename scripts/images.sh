#!/usr/bin/env bash
# Does something with the images of the stack STACK: images.sh images|scan|sbom
# Gets what that needs and this machine lacks; a cluster is not among it.
set -euo pipefail
# shellcheck source=lib/checks.sh
. "$(dirname "$0")/lib/checks.sh"
cd "$root"

action=${1:?usage: images.sh images|scan|sbom}
things=(node packages)
[[ $action == scan ]] && ! have trivy || things+=(docker)
if [[ $action == images ]] && takes_own_registry; then things+=(registry); fi
scripts/setup.sh "${things[@]}"
exec scripts/exec.sh node --import tsx scripts/images.ts "$action" --stack "$stack"
