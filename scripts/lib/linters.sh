# shellcheck shell=bash
# Linters that are no npm packages. What a machine cannot have is left out, and named with the reason. Sourced, never run.
#
#   lint_scripts    shellcheck over every shell script
#   lint_workflows  actionlint and zizmor over .github
# shellcheck source=toolchain.sh
. "${BASH_SOURCE[0]%/*}/toolchain.sh"

lint_scripts() {
  if have shellcheck; then
    # Each on its own, because it reads everything that a script sources anew.
    printf '%s\0' scripts/*.sh scripts/lib/*.sh toolchain/build.sh cluster/node.sh .ci/run |
      xargs -0 -n 1 -P "$(getconf _NPROCESSORS_ONLN)" shellcheck
  else
    say 'shellcheck is not installed: the shell scripts were not linted (apt-get install shellcheck)'
  fi
}

lint_workflows() {
  local reason code=0
  if reason=$(get_actionlint); then
    "$(tool_path actionlint)" || code=$?
  else
    say "actionlint $reason: the workflows were not linted with it"
  fi
  if reason=$(get_zizmor); then
    # Offline, so that its verdict is about the files alone.
    "$(zizmor_path)" --offline --quiet --persona pedantic .github || code=$?
  else
    say "zizmor $reason: the workflows were not audited with it"
  fi
  return "$code"
}

# get_actionlint: builds it unless it is there; prints the reason where it cannot be.
get_actionlint() {
  [[ -z $(missing_tools actionlint) ]] && return
  have go || { printf 'is not built, and Go is not installed' && return 1; }
  "$root/toolchain/build.sh" actionlint || { printf 'could not be built' && return 1; }
}

# zizmor_path: where its binary is, or will be.
zizmor_path() { printf '%s/zizmor-%s/zizmor' "$tools_dir" "$(zizmor_wanted | sha256 | cut -c 1-16)"; }

zizmor_wanted() { cat "$root/toolchain/zizmor/requirements.txt"; }

# get_zizmor: takes it from PyPI unless it is there; prints the reason where it cannot be had.
get_zizmor() {
  local path work
  path=$(zizmor_path)
  [[ -x $path ]] && return
  have python3 || { printf 'is not here, and Python is not installed' && return 1; }
  writable_dir "$tools_dir"
  work=$(mktemp -d "$tools_dir/.zizmor-XXXXXX")
  if quietly 'fetching zizmor' "$work/log" install_zizmor "$work"; then
    mkdir -p "$(dirname "$path")" && mv -f "$work/venv/bin/zizmor" "$path"
  fi
  rm -rf "$work"
  [[ -x $path ]] || { printf 'could not be fetched from PyPI' && return 1; }
}

# install_zizmor DIR: only the wheels whose hashes are known; nothing of another package's is built or run.
install_zizmor() {
  python3 -m venv "$1/venv" &&
    "$1/venv/bin/python" -m pip install --disable-pip-version-check --require-hashes --only-binary :all: --no-deps \
      --requirement "$root/toolchain/zizmor/requirements.txt"
}
