#!/usr/bin/env bash
# Previews the stacks STACKS (default: STACK, dev) and writes what a reviewer has to know of them. Arguments are options of
# `report/cli.ts preview`, whose exit code it ends with. Needs no engine and no cluster of its own.
set -euo pipefail
# shellcheck source=lib/checks.sh
. "$(dirname "$0")/lib/checks.sh"
# shellcheck source=lib/stack.sh
. "$(dirname "$0")/lib/stack.sh"
cd "$root"

read -ra names <<<"${STACKS:-$stack}"
TARGETS=''
for stack in "${names[@]}"; do TARGETS+=" $(stack_target)"; done
export TARGETS
things=(node packages)
check_pulumi >/dev/null || things+=(go)
scripts/setup.sh "${things[@]}" pulumi state
eval "$(scripts/env.sh)"

options=(--out "$state_dir/preview-report")
[[ ! -f policy/PulumiPolicy.yaml ]] || options+=(--policy-pack policy)
for stack in "${names[@]}"; do
  file=
  if [[ " $* " != *' --fresh '* && -z $(users_backend) ]]; then
    release_lock
    # What is wrong with one stack is in the report, and does not keep the others out of it.
    make_stack || say "the stack $stack could not be made"
    file=$(config_file)
  fi
  options+=(--stack "$stack${file:+=$file}")
done
exec node --import tsx report/cli.ts preview "${options[@]}" "$@"
