# shellcheck shell=bash
# The image registry on loopback, from which Docker and the cluster's node take the images that are built here.
# Debian's docker-registry, with a configuration, a folder and a port of its own. Sourced, never run.
#
#   start_registry    gets the package where it lacks, and starts the registry unless it runs; ends the script where
#                     that cannot be. What it serves outlives it, in registry_storage.
#   stop_registry     ends the registry that start_registry started, and no other; says nothing where none runs
#   registry_runs     prints the process id of the registry that was started here; fails where none runs
#   registry_address  what an image's reference begins with; plain http, reached from this machine alone
#   registry_storage  the folder of the images, shared by the clones of this user
#   check_registry, remedy_registry, fix_registry: see checks.sh
#   registry_config ADDRESS LEVEL [readonly]
#                     prints a configuration over the same folder, for another process that only reads it
# shellcheck source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

registry_address=127.0.0.1:5055
registry_dir=$cache/registry # images, configuration, log and process id
registry_storage=$registry_dir/images

# No cache of descriptors: what another process removes would stay known.
registry_config() {
  cat <<END
version: 0.1
log: { level: $2, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: $registry_storage }
  delete: { enabled: true }
  maintenance: { readonly: { enabled: $([[ ${3:-} == readonly ]] && echo true || echo false) } }
http: { addr: $1 }
END
}

registry_runs() {
  local pid
  pid=$(cat "$registry_dir/registry.pid" 2>/dev/null) && [[ -n $pid ]] || return 1
  # After a restart of the machine the number may be somebody else's.
  process_lives "$pid" docker-registry && printf '%s' "$pid"
}

# registry_answers: whether a registry listens at the address, ours or not.
registry_answers() {
  local line
  { exec 7<>"/dev/tcp/${registry_address/://}"; } 2>/dev/null || return
  printf 'GET /v2/ HTTP/1.0\r\n\r\n' >&7
  IFS= read -r -t 5 line <&7
  exec 7>&-
  [[ $line == 'HTTP/1.'*' 200 '* ]]
}

# Debian enables the package's own service, on another port and for everybody: one that came with our installation
# is ended at once, one that was there is somebody's.
get_registry() {
  has_package docker-registry && return
  need_packages docker-registry
  if [[ -d /run/systemd/system ]]; then
    as_root systemctl disable --now docker-registry >&2
  else
    as_root /etc/init.d/docker-registry stop >&2 || true
    have update-rc.d && as_root update-rc.d docker-registry disable >&2
  fi
}

start_registry() {
  registry_runs >/dev/null && return
  get_registry
  writable_dir "$registry_storage"
  # Of two clones that come at once, one starts it; and it holds no lock of a script's.
  (
    flock 8
    registry_runs >/dev/null || launch_registry
  ) 8>"$registry_dir/.lock" || exit
}

launch_registry() {
  local begun=$SECONDS log=$registry_dir/registry.log
  ! registry_answers || fail "another registry than Twofold's listens at $registry_address" \
    "end it (ss -ltnp 'sport = :${registry_address##*:}' names the process), and run again"
  registry_config "$registry_address" warn >"$registry_dir/config.yml"
  # shellcheck disable=SC2016 # expanded by the inner shell
  setsid bash -c 'exec docker-registry serve "$1/config.yml" >"$1/registry.log" 2>&1 </dev/null 8>&- 9>&- & echo $! >"$1/registry.pid"' - "$registry_dir"
  until registry_answers; do
    if ! registry_runs >/dev/null || ((SECONDS - begun > 20)); then
      tail -n 5 "$log" | sed 's/^/  | /' >&2
      stop_registry
      fail "the registry does not answer at $registry_address; its last words are above" "the whole log is $log"
    fi
    sleep 0.1
  done
}

stop_registry() {
  local pid
  pid=$(registry_runs) || return 0
  kill "$pid"
  while registry_runs >/dev/null; do sleep 0.1; done
  rm -f "$registry_dir/registry.pid"
}

check_registry() {
  local pid
  if pid=$(registry_runs); then
    printf 'http://%s  process %s' "$registry_address" "$pid"
  else
    printf 'none of Twofold runs at %s' "$registry_address"
    return 1
  fi
}

remedy_registry() {
  if ! have docker-registry && ! can_install_packages; then
    printf 'install docker-registry (CNCF Distribution), or set kubernetes.registry to a registry of your own'
    return 1
  fi
  printf 'start one on this machine%s' "$(have docker-registry || echo ', docker-registry by apt-get')"
}

fix_registry() { start_registry; }
