#!/usr/bin/env bash
# Brings the stack STACK (default dev) up, shows what that would do, takes it down, says what is not as it was made, judges it by the
# rules, or only makes it ready for plain `pulumi`: stack.sh up|preview|down|drift|compliance|prepare [OPTION...]
# Options are those of drift/cli.ts and compliance/cli.ts. Ends with Pulumi's exit code.
# With SYSTEM, up brings these systems to those that the stack has, down takes them away, and the stack's file says so from
# then on; preview shows what up would do.
set -euo pipefail
# shellcheck source=lib/checks.sh
. "$(dirname "$0")/lib/checks.sh"
# shellcheck source=lib/stack.sh
. "$(dirname "$0")/lib/stack.sh"
cd "$root"

action=${1:?usage: stack.sh up|preview|down|drift|compliance|prepare}
shift

# prepare_stack: makes the stack if it is not there.
prepare_stack() {
  if [[ -n $(users_backend) ]]; then
    pulumi stack select --create --stack "$stack"
  else
    make_stack
  fi
}

# put_right: the provider compares with the state alone. What was changed by hand is refreshed in the state, or is to be made
# anew: `replaced` has the options for that.
put_right() {
  local verb urn steps
  local -a targets=()
  steps=$(node --import tsx drift/cli.ts --repair --stack "$stack") ||
    say 'what was changed by hand could not be looked for, and stays as it is: see above'
  while read -r verb urn; do
    case $verb in
      refresh) targets+=(--target "$urn") ;;
      replace) replaced+=(--replace "$urn") ;;
    esac
  done <<<"$steps"
  ((${#targets[@]} == 0)) || pulumi refresh --yes --skip-preview --suppress-outputs "${with[@]}" "${targets[@]}"
}

addresses() {
  # shellcheck disable=SC2016 # the dollar signs are JavaScript's
  pulumi stack output addresses --json --stack "$stack" 2>/dev/null | node --eval '
    const systems = Object.entries(JSON.parse(require("fs").readFileSync(0, "utf8")));
    for (const [system, services] of systems) {
      console.log(`\n${system}:`);
      const width = Math.max(0, ...Object.keys(services).map((name) => name.length));
      for (const [name, address] of Object.entries(services)) console.log(`  ${name.padEnd(width)}  ${address}`);
    }' || true
}

# choose_systems FILE: has FILE say which systems the stack has after this run, and prints them.
choose_systems() {
  local -a wanted
  read -ra wanted <<<"${SYSTEM//,/ }"
  pulumi stack export --stack "$stack" | node --import tsx scripts/systems.ts "$action" "$1" "${wanted[@]}"
}

# bring_up: what would change is for `make preview` to show, and what the outputs say of the target for docs/parity.md.
bring_up() {
  replaced=()
  put_right
  pulumi up --yes --skip-preview --suppress-outputs "${with[@]}" "${replaced[@]}" || code=$?
  ((code != 0)) || addresses
}

if [[ $action == down && -z $(users_backend) ]] && ! has_stack; then
  say "there is no stack $stack: nothing to take down"
  exit 0
fi
scripts/setup.sh
eval "$(scripts/env.sh)"
release_lock
prepare_stack
committed=Pulumi.$stack.yaml
left=
if [[ -n ${SYSTEM:-} && $action =~ ^(up|down)$ ]]; then
  [[ -f $committed ]] || echo 'config: {}' >"$committed"
  left=$(choose_systems "$committed")
  [[ -z $left ]] || say "the stack $stack is to have ${left// /, }; $committed says so from now on"
fi
file=$(config_file)
if [[ -n ${SYSTEM:-} && $action == preview ]]; then
  tried=$(mktemp -d)
  trap 'rm -r "$tried"' EXIT
  cp "${file:-$committed}" "$tried/$committed"
  file=$tried/$committed
  shown=$(choose_systems "$file")
  say "the stack $stack if it had ${shown// /, }:"
fi
settings=(${file:+--config-file "$file"})
with=("${settings[@]}" --stack "$stack")
code=0
case $action in
  up) bring_up ;;
  preview) pulumi preview --suppress-outputs "${with[@]}" || code=$? ;;
  down)
    # The systems that stay are brought up without those that go.
    if [[ -n $left ]]; then bring_up; else pulumi destroy --yes --skip-preview --suppress-outputs "${with[@]}" || code=$?; fi
    ;;
  drift | compliance) node --import tsx "$action/cli.ts" --stack "$stack" "$@" -- "${settings[@]}" || code=$? ;;
  prepare) say "the stack $stack is ready: make up STACK=$stack, or eval \"\$(make -s env)\" && pulumi up --stack $stack" ;;
  *) fail "unknown action $action" 'use up, preview, down, drift, compliance or prepare' ;;
esac
exit "$code"
