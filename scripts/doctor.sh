#!/usr/bin/env bash
# Says what this machine has, what a stack still needs and how to get it. Exit code 0: nothing is missing.
set -uo pipefail
# shellcheck source=lib/checks.sh
. "$(dirname "$0")/lib/checks.sh"

row() { printf '%-8s %-14s %s\n' "$@"; }

ours=0 theirs=0
echo "stack $stack, on $(stack_target)"
for thing in $(needed_things); do
  if found=$("check_$thing"); then
    row ok "$(title "$thing")" "$found"
  else
    row MISSING "$(title "$thing")" "$found"
    if remedy=$("remedy_$thing"); then
      row '' '' "make up will $remedy"
      ours=$((ours + 1))
    else
      row '' '' "to do: $remedy"
      theirs=$((theirs + 1))
    fi
  fi
done
row '' 'cache' "$cache, $(free_mib "$cache") MiB free"

if ((ours + theirs == 0)); then
  echo 'nothing is missing: make up can run'
elif ((theirs == 0)); then
  echo "$ours missing: make up gets it"
else
  echo "$((ours + theirs)) missing, $theirs of them for you to get; make up gets the rest"
fi
((ours + theirs == 0))
