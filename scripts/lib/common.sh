# shellcheck shell=bash
# What every script shares: where things are, how they speak, versions, packages. Sourced, never run.

# shellcheck disable=SC2034 # for the scripts that source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${TWOFOLD_CACHE:-${XDG_CACHE_HOME:-${HOME:?is not set: set HOME or TWOFOLD_CACHE}/.cache}/twofold}
[[ $cache == /* ]] || cache=$PWD/$cache

have() { command -v "$1" >/dev/null 2>&1; }

# Progress and messages go to stderr, so that stdout stays free for results.
say() { printf '%s\n' "$*" >&2; }

# fail WHAT [REMEDY...]: says what is wrong and, a line each, what to do; ends the script.
fail() {
  printf 'twofold: %s\n' "$1" >&2
  shift
  (($# == 0)) || printf '  %s\n' "$@" >&2
  exit 1
}

# version_at_least HAVE WANTED: compares up to three numbers; "v", pre-release and build parts do not count.
version_at_least() {
  local -a have wanted
  local i a b
  IFS=. read -ra have <<<"${1#v}"
  IFS=. read -ra wanted <<<"${2#v}"
  for i in 0 1 2; do
    a=${have[i]:-0} b=${wanted[i]:-0}
    a=${a%%[!0-9]*} b=${b%%[!0-9]*}
    a=$((10#${a:-0})) b=$((10#${b:-0}))
    ((a == b)) || { ((a > b)) && return 0 || return 1; }
  done
}

# duration SECONDS: 75 becomes 1m15s.
duration() { (($1 < 60)) && printf '%ds' "$1" || printf '%dm%02ds' $(($1 / 60)) $(($1 % 60)); }

# follow PID LABEL [COMMAND...]: waits for a background process of this script and returns its code. A terminal sees
# one line that is kept up to date, anything else a line every 30 seconds; COMMAND prints what to add to it.
follow() {
  local pid=$1 label=$2 begun=$SECONDS told=$SECONDS detail code=0
  shift 2
  # A process in the background ignores the interrupt key, so it is ended from here.
  trap 'kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    if [[ -t 2 ]] || ((SECONDS - told >= 30)); then
      told=$SECONDS
      detail="$label: $( (($# == 0)) || "$@")$(duration $((SECONDS - begun)))"
      if [[ -t 2 ]]; then printf '\r\033[K%s' "$detail" >&2; else say "$detail"; fi
    fi
    sleep 0.3
  done
  [[ -t 2 ]] && printf '\r\033[K' >&2
  wait "$pid" || code=$?
  trap - INT TERM
  return "$code"
}

# until_ended COMMAND...: runs it and returns its code. Who tells this script to end tells COMMAND, which may take its time: what
# the script ends afterwards is still there for it.
until_ended() {
  local command code=0
  "$@" &
  command=$!
  trap 'kill -TERM "$command" 2>/dev/null || true' INT TERM HUP
  wait "$command" || code=$?
  while kill -0 "$command" 2>/dev/null; do wait "$command" || true; done # told to end, it has not ended yet
  trap - INT TERM HUP
  return "$code"
}

# quietly LABEL LOG COMMAND...: runs COMMAND with its output in LOG, and shows the end of it only if it fails.
quietly() {
  local label=$1 log=$2
  shift 2
  "$@" >"$log" 2>&1 </dev/null &
  follow $! "$label" || {
    local code=$?
    tail -n 15 "$log" | sed 's/^/  | /' >&2
    return "$code"
  }
}

# can_be_root: whether as_root can work at all.
can_be_root() { ((EUID == 0)) || have sudo; }

# as_root COMMAND...: runs COMMAND as root; an ordinary user is told before sudo asks.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif have sudo; then
    say "with sudo: $*"
    sudo "$@"
  else
    fail "root is needed for: $*" "run it as root, or install sudo"
  fi
}

has_package() { [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null) == ii* ]]; }

can_install_packages() { have apt-get && can_be_root; }

# need_packages PACKAGE...: installs the missing ones with apt-get; those that are there are left as they are.
need_packages() {
  local package log
  local -a missing=()
  for package in "$@"; do has_package "$package" || missing+=("$package"); done
  ((${#missing[@]} == 0)) && return
  have apt-get || fail "missing: ${missing[*]}" "install them with this system's package manager, and run again"
  say "installing with apt-get: ${missing[*]}"
  ((EUID == 0)) || as_root true # asks for the password before the output goes to a file
  log=$(mktemp)
  apt_install() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "${missing[@]}"; }
  # The package lists may be older than the mirror, or absent: only then are they fetched.
  if ! apt_install >"$log" 2>&1 </dev/null; then
    if ! quietly "fetching the package lists" "$log" as_root apt-get update -qq ||
      ! quietly "installing ${missing[*]}" "$log" apt_install; then
      fail "apt-get could not install: ${missing[*]}" "the whole output is in $log; correct the cause, and run again"
    fi
  fi
  rm -f "$log"
}

# free_mib DIR: free space of the file system that DIR is, or will be, on.
free_mib() {
  local dir=$1
  while [[ ! -d $dir ]]; do dir=$(dirname "$dir"); done
  df -Pm "$dir" | awk 'NR == 2 { print $4 }'
}

# writable_dir DIR: makes DIR, or says why that cannot be.
writable_dir() {
  { mkdir -p "$1" 2>/dev/null && [[ -w $1 ]]; } ||
    fail "cannot write to $1" "give it to this user, or set TWOFOLD_CACHE to a folder elsewhere"
}

# process_lives PID NAME: whether that process is there and, where /proc can tell, still is NAME. One that has ended
# but whose parent has not asked for its code, as happens in containers, does not live.
process_lives() {
  local stat
  if [[ -d /proc/self ]]; then
    stat=$(cat "/proc/$1/stat" 2>/dev/null) && [[ $stat == "$1 ($2"* && $stat != *') Z '* ]]
  else
    kill -0 "$1" 2>/dev/null
  fi
}

# sha256: of stdin, as hexadecimal.
sha256() { if have sha256sum; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }
