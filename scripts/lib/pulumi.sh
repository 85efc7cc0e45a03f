# shellcheck shell=bash
# Which Pulumi runs, where its state is and what encrypts it. Sourced, never run.
# shellcheck source=toolchain.sh
. "${BASH_SOURCE[0]%/*}/toolchain.sh"

pulumi_wanted=3.208 # the oldest that has Stash, with which a deployment remembers its id
stack=${STACK:-dev}
state_dir=$root/.twofold
# A worktree may have a link to that of the clone, and with it the clone's state and cluster.
[[ ! -L $state_dir ]] || state_dir=$(cd -P "$state_dir" && pwd)
own_home=$state_dir/pulumi # laid out like ~/.pulumi: bin/ and plugins/
# Without a file of attributes beside each file of the state: it is not written in one go, and a run that is killed in
# that moment would leave a stack that nothing can read any more ("failed to load checkpoint: EOF").
own_backend="file://$state_dir/state?metadata=skip"

# stack_setting KEY: what the stack's configuration says, a text on its key's own line; empty without it, or without a file.
stack_setting() {
  [[ -f $root/Pulumi.$stack.yaml ]] || return 0
  sed -nE "s/^ *(twofold:)?$1: *[\"']?([^\"'#]*[^\"'# ]).*/\2/p" "$root/Pulumi.$stack.yaml" | tail -n 1
}

# stack_target: docker or kubernetes, as the stack's configuration says.
stack_target() {
  local target
  target=$(stack_setting target)
  printf '%s' "${target:-docker}"
}

# users_pulumi: the version of the Pulumi that somebody installed, if it is new enough and brings its language host.
users_pulumi() {
  local path version
  path=$(command -v pulumi) && have pulumi-language-nodejs || return
  [[ $path != "$own_home"/* ]] || return
  version=$(PULUMI_SKIP_UPDATE_CHECK=true pulumi version 2>/dev/null) && version_at_least "$version" "$pulumi_wanted" &&
    printf '%s' "${version#v}"
}

# needs_target TARGET: whether the stack, or whoever has set TARGETS to several of them, runs something there.
needs_target() { [[ " ${TARGETS:-$(stack_target)} " == *" $1 "* ]]; }

# shellcheck disable=SC2046,SC2086 # one word a target
stack_tools() { tools_for ${TARGETS:-$(stack_target)}; }

check_pulumi() {
  local version missing
  if version=$(users_pulumi); then
    printf '%s  %s, with its own plugins' "$version" "$(command -v pulumi)"
    return
  fi
  # shellcheck disable=SC2046 # one word a tool
  missing=$(missing_tools $(stack_tools) | tr '\n' ' ')
  if [[ -n $missing ]]; then
    printf 'not built: %s' "${missing% }"
    [[ ! $(command -v pulumi) =~ ^/ || $(command -v pulumi) == "$own_home"/* ]] ||
      printf ' (%s is %s, without its language host or older than %s)' "$(command -v pulumi)" "$(pulumi version 2>/dev/null)" "$pulumi_wanted"
    return 1
  fi
  printf '%s  built from Go modules, in %s' "$(tool_version pulumi)" "$tools_dir"
}

remedy_pulumi() {
  check_go >/dev/null || remedy_go >/dev/null || {
    printf 'install Pulumi %s or newer: https://www.pulumi.com/docs/install' "$pulumi_wanted"
    return 1
  }
  printf 'build it from Go modules, once: about 3 minutes a tool on two cores'
}

fix_pulumi() {
  # shellcheck disable=SC2046 # one word a tool
  "$root/toolchain/build.sh" $(stack_tools)
}

# link_pulumi: makes the built tools a Pulumi home of the clone. Hard links, because Pulumi takes the language host
# that lies beside its own binary. A PULUMI_HOME of the user's gets the providers that it lacks.
link_pulumi() {
  local tool path plugin
  local home=${PULUMI_HOME:-$own_home}
  users_pulumi >/dev/null && return
  mkdir -p "$own_home/bin"
  for tool in $(stack_tools); do
    path=$(tool_path "$tool")
    touch -c "$(dirname "$path")"
    case $tool in
      pulumi-resource-*)
        plugin=$home/plugins/resource-${tool#pulumi-resource-}-v$(tool_version "$tool")
        if [[ ! -e $plugin/$tool || -L $plugin/$tool ]]; then
          mkdir -p "$plugin" && ln -sfn "$path" "$plugin/$tool"
        fi
        ;;
      *)
        link_tool "$tool" "$own_home/bin"
        ;;
    esac
  done
}

# users_backend: where the user keeps state; empty where Twofold keeps it in the clone.
users_backend() {
  local login=${PULUMI_CREDENTIALS_PATH:-${PULUMI_HOME:-$HOME/.pulumi}}/credentials.json
  if [[ -n ${PULUMI_BACKEND_URL:-} ]]; then
    [[ $PULUMI_BACKEND_URL == "$own_backend" ]] || printf '%s' "$PULUMI_BACKEND_URL"
  elif [[ -n ${PULUMI_ACCESS_TOKEN:-} ]]; then
    printf 'Pulumi Cloud, by PULUMI_ACCESS_TOKEN'
  elif grep -qE '^backend:' "$root/Pulumi.yaml"; then
    printf 'the one in Pulumi.yaml'
  else
    { sed -n 's/.*"current" *: *"\([^"]\{1,\}\)".*/\1/p' "$login" | head -n 1; } 2>/dev/null || true
  fi
}

has_passphrase() { [[ -n ${PULUMI_CONFIG_PASSPHRASE+set} || -n ${PULUMI_CONFIG_PASSPHRASE_FILE:-} ]]; }

check_state() {
  local backend
  backend=$(users_backend)
  if [[ -n $backend ]]; then
    printf '%s' "$backend"
  elif [[ ! -d $state_dir/state ]] || { ! has_passphrase && [[ ! -s $state_dir/passphrase ]]; }; then
    printf 'not set up'
    return 1
  else
    printf '%s' "$state_dir/state"
  fi
}

remedy_state() { printf 'make %s, with a generated passphrase unless PULUMI_CONFIG_PASSPHRASE[_FILE] is set' "$state_dir/state"; }

# The passphrase appears whole or not at all, and never replaces one that is there.
fix_state() {
  local fresh
  mkdir -p "$state_dir/state"
  has_passphrase || [[ -s $state_dir/passphrase ]] || {
    fresh=$(mktemp "$state_dir/.passphrase-XXXXXX") # mode 0600
    head -c 32 /dev/urandom | base64 | tr -d '\n' >"$fresh"
    ln "$fresh" "$state_dir/passphrase" 2>/dev/null || true
    rm -f "$fresh"
  }
}

# setting NAME VALUE: an export line, unless the user has set NAME.
setting() { [[ -n ${!1+set} ]] || printf 'export %s=%q\n' "$1" "$2"; }

# pulumi_settings: export lines for the Pulumi that runs and for the state.
pulumi_settings() {
  if ! users_pulumi >/dev/null; then
    setting PULUMI_HOME "$own_home"
    [[ ! -s $HOME/.pulumi/credentials.json || -n ${PULUMI_HOME:-} ]] || setting PULUMI_CREDENTIALS_PATH "$HOME/.pulumi"
    setting PULUMI_SKIP_UPDATE_CHECK true
    setting PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION true
  fi
  if [[ -z $(users_backend) ]]; then
    setting PULUMI_BACKEND_URL "$own_backend"
    has_passphrase || setting PULUMI_CONFIG_PASSPHRASE_FILE "$state_dir/passphrase"
    # Every clone has its own passphrase: the state, not Pulumi.STACK.yaml, says what was encrypted with it.
    setting PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER true
  fi
}
