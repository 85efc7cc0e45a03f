# shellcheck shell=bash
# A stack in the clone's own backend, beside the committed configuration: how it is made, configured and unlocked. Those of a
# user's backend are left alone. Sourced, never run; $stack says which.
# shellcheck source=pulumi.sh
. "${BASH_SOURCE[0]%/*}/pulumi.sh"

kept=$state_dir/stacks # stack configuration with the salt of this clone's passphrase

has_stack() { [[ -f $state_dir/state/.pulumi/stacks/twofold/$stack.json ]]; }

# make_stack: makes the stack if it is not there. It is made beside the committed configuration: Pulumi would write the
# passphrase's salt into it, and that belongs to this clone alone.
make_stack() {
  has_stack && return
  mkdir -p "$kept"
  rm -f "$kept/Pulumi.$stack.yaml"
  printf 'name: twofold\nruntime: nodejs\n' >"$kept/Pulumi.yaml"
  pulumi -C "$kept" stack init "$stack" >&2
}

# config_file: the file in which Pulumi finds Pulumi.STACK.yaml together with the kept salt; nothing where it needs none.
config_file() {
  local committed=Pulumi.$stack.yaml salt
  [[ -z $(users_backend) ]] || return 0
  ! grep -qE '^(encryptionsalt|secretsprovider):' "$committed" 2>/dev/null || return 0
  salt=$(grep '^encryptionsalt:' "$kept/Pulumi.$stack.yaml" 2>/dev/null) || return 0
  { [[ ! -f $committed ]] || cat "$committed"; echo; echo "$salt"; } >"$kept/Pulumi.$stack.yaml"
  printf '%s' "$kept/Pulumi.$stack.yaml"
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
