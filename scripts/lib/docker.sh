# shellcheck shell=bash
# The Docker Engine: found, installed, started, stopped. Sourced, never run.
# shellcheck source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

docker_dir=$cache/docker # log and process id of an engine that these scripts started

# docker_host: the engine's address: DOCKER_HOST, else the client's current context, else the usual socket.
docker_host() {
  local host=${DOCKER_HOST:-}
  [[ -n $host ]] || { have docker && host=$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null); } || true
  printf '%s' "${host:-unix:///var/run/docker.sock}"
}

# engine_version: what the engine answers, asked with whatever is here that can ask.
engine_version() {
  local host answer
  host=$(docker_host)
  if have docker; then
    answer=$(DOCKER_HOST=$host timeout 20 docker version --format '{{.Server.Version}}' 2>/dev/null)
  elif have curl && [[ $host == unix://* ]]; then
    answer=$(curl -sf -m 20 --unix-socket "${host#unix://}" http://docker/version | sed -n 's/.*"Version": *"\([^"]*\)".*/\1/p')
  fi
  [[ -n ${answer:-} ]] && printf '%s' "$answer"
}

check_docker() {
  local version
  if version=$(engine_version); then
    printf '%s  %s' "$version" "$(docker_host)"
  else
    printf 'no engine answers at %s' "$(docker_host)"
    return 1
  fi
}

has_systemd() { [[ -d /run/systemd/system ]]; }

remedy_docker() {
  if [[ -n ${DOCKER_HOST:-} ]]; then
    printf 'start the engine that DOCKER_HOST names, or unset DOCKER_HOST'
    return 1
  elif [[ $(docker_host) != unix:///var/run/docker.sock ]]; then
    printf 'start the engine of the current context (docker context ls)'
    return 1
  elif [[ -S /var/run/docker.sock && ! -w /var/run/docker.sock ]] && ((EUID != 0)); then
    # shellcheck disable=SC2016 # meant for the reader's shell
    printf 'let this user in: sudo usermod -aG docker "$USER", then log in again'
    return 1
  elif have dockerd && can_be_root; then
    printf 'start it'
  elif can_install_packages; then
    printf 'install docker.io with apt-get, and start it'
  else
    printf 'install and start Docker: https://docs.docker.com/engine/install'
    return 1
  fi
}

fix_docker() {
  have dockerd || PATH=$PATH:/usr/sbin
  have dockerd || need_packages docker.io iptables
  # Newer releases have the client in a package of its own.
  have docker || need_packages docker-cli
  if engine_version >/dev/null; then return; fi # the package starts it where it can
  start_docker
}

start_docker() {
  local begun=$SECONDS
  if has_systemd; then
    as_root systemctl start docker || fail 'docker.service does not start' 'its log: journalctl -u docker -n 30'
  else
    writable_dir "$docker_dir"
    say "starting dockerd; its log is $docker_dir/dockerd.log"
    # A new session, and no descriptor of ours: it outlives this script and holds none of its pipes or locks open.
    # shellcheck disable=SC2016 # expanded by the inner shell
    as_root setsid bash -c 'exec dockerd >"$1/dockerd.log" 2>&1 </dev/null 9>&- & echo $! >"$1/dockerd.pid"' - "$docker_dir"
  fi
  until engine_version >/dev/null; do
    if [[ -S /var/run/docker.sock && ! -w /var/run/docker.sock ]]; then
      fail 'Docker runs, but this user may not use it' "$(remedy_docker || true)"
    elif ! has_systemd && ! process_lives "$(cat "$docker_dir/dockerd.pid")" ''; then
      tail -n 8 "$docker_dir/dockerd.log" | sed 's/^/  | /' >&2
      rm -f "$docker_dir/dockerd.pid"
      fail 'dockerd was started and ended at once; its last words are above' \
        "the whole log is $docker_dir/dockerd.log; inside a container it needs --privileged," \
        'or set DOCKER_HOST to an engine elsewhere'
    fi
    ((SECONDS - begun < 60)) || fail 'Docker was started, but does not answer after 60 s' \
      "its log: $(has_systemd && echo 'journalctl -u docker -n 30' || echo "$docker_dir/dockerd.log")"
    sleep 0.3
  done
  has_systemd || say "dockerd runs as process $(started_docker), and goes on running; make docker-stop ends it"
}

# started_docker: the process id of the dockerd that was started from here, if it still lives.
started_docker() {
  local pid
  pid=$(cat "$docker_dir/dockerd.pid" 2>/dev/null) && [[ -n $pid ]] || return 1
  # After a restart of the machine the number may be somebody else's.
  process_lives "$pid" dockerd && printf '%s' "$pid"
}

stop_docker() {
  local pid
  pid=$(started_docker) || return 0
  say "stopping dockerd, process $pid"
  as_root kill "$pid"
  while [[ -n $(started_docker) ]]; do sleep 0.2; done
  rm -f "$docker_dir/dockerd.pid"
}
