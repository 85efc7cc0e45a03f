# shellcheck shell=bash
# The process of the clone's own node: its address, its start, its end. It is cluster/node.sh in namespaces of its own, and
# everything that it writes lies in .twofold/cluster. Sourced, never run.
# shellcheck source=pulumi.sh
. "${BASH_SOURCE[0]%/*}/pulumi.sh"
# shellcheck source=registry.sh
. "${BASH_SOURCE[0]%/*}/registry.sh"

cluster_dir=$state_dir/cluster
cluster_id=twofold-$(printf '%s' "${state_dir%/.twofold}" | sha256 | cut -c 1-8) # an argument of node.sh, and the name of its control group
cluster_link=tf-${cluster_id#*-}                                # the machine's end of the way to the node

# cluster_started: a number that another process has got since a restart of the machine does not count.
cluster_started() {
  local pid
  pid=$(cat "$cluster_dir/run/pid" 2>/dev/null) && [[ -n $pid ]] || return 1
  grep -qzxF -- "$cluster_id" "/proc/$pid/cmdline" 2>/dev/null && printf '%s' "$pid"
}

# node_processes: process 1 of the node and the unshare above it, even where somebody has removed .twofold. The brackets
# keep grep from finding itself.
node_processes() { grep -lzxE -- "[t]${cluster_id#t}" /proc/[0-9]*/cmdline 2>/dev/null | cut -d / -f 3; }

cluster_address() { cat "$cluster_dir/run/address" 2>/dev/null; }

# subnet_is_free N: whether nothing on this machine but the clone's own link has a route into 10.250.N.0/24.
subnet_is_free() {
  ! { ip -4 route show match "10.250.$1.0/30" && ip -4 route show root "10.250.$1.0/24"; } |
    grep -vE "^default|dev $cluster_link( |\$)" | grep -q .
}

# choose_address: prints the node's address, of a /30 with the machine. What was chosen once stays while it is free;
# else the clone's path says where to begin.
choose_address() {
  local n begin i
  n=$(cluster_address | cut -d . -f 3) || true
  if [[ -z $n ]] || ! subnet_is_free "$n"; then
    begin=$((16#$(cut -c 1-2 <<<"${cluster_id#*-}")))
    for ((i = 0; i < 256; i++)); do
      n=$(((begin + i) % 256))
      ! subnet_is_free "$n" || break
    done
    ((i < 256)) || fail 'no subnet of 10.250.0.0/16 is free for a node' 'see ip route, and make one free'
  fi
  printf '10.250.%d.2' "$n"
}

# launch_node ADDRESS: in a session of its own and without our descriptors: it outlives this script, and holds no lock.
launch_node() {
  local begun=$SECONDS
  end_node # what a node that was killed left behind: the kubelet would lose a minute over its control groups
  ((EUID == 0)) || as_root true # asks for the password before the output goes to a file
  # shellcheck disable=SC2016 # expanded by the inner shell
  as_root setsid bash -c 'log=$1; shift; exec unshare --net --mount --pid --ipc --uts --fork "$@" >"$log" 2>&1 </dev/null 8>&- 9>&- &' - \
    "$cluster_dir/run/node.log" bash "$root/cluster/node.sh" "$cluster_id" "$cluster_dir" "$1" "$registry_storage"
  until cluster_started >/dev/null; do
    ((SECONDS - begun < 20)) || give_up 'the node does not start; inside a container, it needs --privileged'
    sleep 0.05
  done
}

# link_node ADDRESS: the way between the machine and the node, if it is not there.
link_node() {
  ip link show "$cluster_link" >/dev/null 2>&1 ||
    as_root ip link add "$cluster_link" type veth peer name eth0 netns "$(cluster_started)" ||
    give_up 'the node cannot be joined to this machine'
  as_root ip address replace "${1%.2}.1/30" dev "$cluster_link"
  as_root ip link set "$cluster_link" up
}

in_node() { as_root nsenter --target "$(cluster_started)" --mount --net --pid --ipc --uts -- "$@"; }

# give_up WHAT [COMPONENTS]: shows the last words of the node and of those components, and ends the script.
give_up() {
  local log component
  local -a logs=("$cluster_dir/run/node.log")
  for component in ${2:-}; do logs+=("$cluster_dir/var/log/$component.log"); done
  for log in "${logs[@]}"; do
    [[ ! -s $log ]] || { say "last words of $(basename "$log" .log):" && tail -n 4 "$log" | cut -c 1-300 | sed 's/^/  | /' >&2; }
  done
  fail "$1" "the logs are in $cluster_dir/run/node.log and $cluster_dir/var/log;" \
    'make cluster goes on from here, make cluster-down removes everything'
}

# end_node: kills process 1, and with it everything in its namespaces; waits until the kernel is done.
end_node() {
  local pid
  for pid in $(node_processes); do
    as_root kill -KILL "$pid" 2>/dev/null || true
    while process_lives "$pid" ''; do sleep 0.1; done
  done
  # The interface goes with the namespace, which the kernel clears a little later.
  while ip link show "$cluster_link" >/dev/null 2>&1; do
    as_root ip link delete "$cluster_link" 2>/dev/null || true
    sleep 0.05
  done
  rm -f "$cluster_dir/run/pid"
  remove_control_groups
}

remove_control_groups() {
  local group tries
  for group in /sys/fs/cgroup/"$cluster_id" /sys/fs/cgroup/*/"$cluster_id"; do
    for ((tries = 0; tries < 50; tries++)); do
      [[ -d $group ]] || break
      as_root find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null || sleep 0.1
    done
  done
}
