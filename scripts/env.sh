#!/usr/bin/env bash
# Prints the settings with which plain `pulumi up` runs in this clone, for: eval "$(make -s env)"
# What the user has set already is not in it.
set -euo pipefail
# shellcheck source=lib/checks.sh
. "$(dirname "$0")/lib/checks.sh"

path=$(node_path)
users_pulumi >/dev/null || path+=${path:+:}$own_home/bin
# kubectl of the clone's own cluster, where the user has none.
[[ ! -x $state_dir/cluster/bin/kubectl ]] || have kubectl || path+=${path:+:}$state_dir/cluster/bin
# shellcheck disable=SC2016 # expanded by the shell that evaluates it
[[ -z $path || ":$PATH:" == *":$path:"* ]] || printf 'export PATH=%q:"$PATH"\n' "$path"
# As trust_system.
[[ -z $(node_path) ]] || setting NODE_USE_SYSTEM_CA 1
[[ -n ${DOCKER_HOST:-} || $(docker_host) == unix:///var/run/docker.sock ]] || printf 'export DOCKER_HOST=%q\n' "$(docker_host)"
pulumi_settings
