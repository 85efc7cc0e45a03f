#!/usr/bin/env bash
# Gets what a stack needs and this machine lacks; says all of it first, and touches nothing that works.
# With arguments, only these things: setup.sh node packages
set -euo pipefail
# shellcheck source=lib/checks.sh
. "$(dirname "$0")/lib/checks.sh"

todo=()
plan=()
blocked=()
# shellcheck disable=SC2046 # one word a thing
(($# > 0)) || set -- $(needed_things)
for thing in "$@"; do
  if "check_$thing" >/dev/null; then
    continue
  elif remedy=$("remedy_$thing"); then
    todo+=("$thing")
    plan+=("  $(title "$thing"): $remedy")
  else
    blocked+=("$(title "$thing"): $("check_$thing" || true); $remedy")
  fi
done
((${#blocked[@]} == 0)) || fail 'some things are for you to get first:' "${blocked[@]}"
if ((${#todo[@]} > 0)); then printf '%s\n' 'to get ready:' "${plan[@]}" >&2; fi

for thing in ${todo[@]+"${todo[@]}"}; do
  # Something earlier on the list may have brought it along.
  "check_$thing" >/dev/null || "fix_$thing"
  [[ $thing != node ]] || PATH=$(node_path):$PATH
done
if check_pulumi >/dev/null; then link_pulumi; fi
