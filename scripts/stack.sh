#!/usr/bin/env bash
# Brings the stack STACK (default dev) up, shows what that would do, takes it down, says what is not as it was made, judges it by the
# rules, or only makes it ready for plain `pulumi`: stack.sh up|preview|down|drift|compliance|prepare [OPTION...]
# Options are those of drift/cli.ts and compliance/cli.ts. Ends with Pulumi's exit code.
set -euo pipefail
# shellcheck source=lib/checks.sh
. "$(dirname "$0")/lib/checks.sh"
cd "$root"

action=${1:?usage: stack.sh up|preview|down|drift|compliance|prepare}
shift
kept=$state_dir/stacks # stack configuration with the salt of this clone's passphrase

# prepare_stack: makes the stack if it is not there. In the clone's own backend it is made beside the committed
# configuration: Pulumi would write the passphrase's salt into it, and that belongs to this clone alone.
prepare_stack() {
  if [[ -n $(users_backend) ]]; then
    pulumi stack select --create --stack "$stack"
  elif [[ ! -f $state_dir/state/.pulumi/stacks/twofold/$stack.json ]]; then
    mkdir -p "$kept"
    rm -f "$kept/Pulumi.$stack.yaml"
    printf 'name: twofold\nruntime: nodejs\n' >"$kept/Pulumi.yaml"
    pulumi -C "$kept" stack init "$stack" >&2
  fi
}

# configuration: arguments that make Pulumi read Pulumi.STACK.yaml together with the kept salt.
configuration() {
  local committed=Pulumi.$stack.yaml salt
  [[ -z $(users_backend) ]] || return 0
  ! grep -qE '^(encryptionsalt|secretsprovider):' "$committed" 2>/dev/null || return 0
  salt=$(grep '^encryptionsalt:' "$kept/Pulumi.$stack.yaml" 2>/dev/null) || return 0
  { [[ ! -f $committed ]] || cat "$committed"; echo; echo "$salt"; } >"$kept/Pulumi.$stack.yaml"
  printf '%s\n' --config-file "$kept/Pulumi.$stack.yaml"
}

# release_lock: a run that was killed leaves its lock behind; Pulumi asks for `pulumi cancel` then. A lock of this
# machine whose process is gone is nobody's.
release_lock() {
  local lock pid locks=$state_dir/state/.pulumi/locks
  [[ -z $(users_backend) && -d $locks ]] || return 0
  while read -r lock; do
    pid=$(sed -n 's/.*"pid": *\([0-9]*\).*/\1/p' "$lock")
    # Only this machine can tell whether its process lives; on Linux, whether the number is still Pulumi's.
    if ! grep -q "\"hostname\": *\"$HOSTNAME\"" "$lock" || process_lives "${pid:-$$}" pulumi; then continue; fi
    say "the last run (process $pid) was ended before it could unlock the stack: unlocking"
    rm -f "$lock" "$lock.attrs"
  done < <(find "$locks" -path "*/$stack/*.json")
}

# put_right: the provider compares with the state alone. What was changed by hand is refreshed in the state, or is to be made
# anew: `replaced` has the options for that.
put_right() {
  local verb urn
  local -a targets=()
  while read -r verb urn; do
    if [[ $verb == refresh ]]; then targets+=(--target "$urn"); else replaced+=(--replace "$urn"); fi
  done < <(node --import tsx drift/cli.ts --repair --stack "$stack")
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

[[ $action == down && -z $(users_backend) && ! -f $state_dir/state/.pulumi/stacks/twofold/$stack.json ]] && {
  say "there is no stack $stack: nothing to take down"
  exit 0
}
scripts/setup.sh
eval "$(scripts/env.sh)"
release_lock
prepare_stack
mapfile -t settings < <(configuration)
with=("${settings[@]}" --stack "$stack")
code=0
case $action in
  up)
    replaced=()
    put_right
    # `make preview` shows what would change, and docs/parity.md what the outputs say of the target.
    pulumi up --yes --skip-preview --suppress-outputs "${with[@]}" "${replaced[@]}" || code=$?
    ((code != 0)) || addresses
    ;;
  preview) pulumi preview --suppress-outputs "${with[@]}" || code=$? ;;
  down) pulumi destroy --yes --skip-preview --suppress-outputs "${with[@]}" || code=$? ;;
  drift | compliance) node --import tsx "$action/cli.ts" --stack "$stack" "$@" -- "${settings[@]}" || code=$? ;;
  prepare) say "the stack $stack is ready: make up STACK=$stack, or eval \"\$(make -s env)\" && pulumi up --stack $stack" ;;
  *) fail "unknown action $action" 'use up, preview, down, drift, compliance or prepare' ;;
esac
exit "$code"
