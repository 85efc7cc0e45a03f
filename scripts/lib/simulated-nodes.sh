# shellcheck shell=bash
# Simulated nodes beside the real one: objects whose pods kwok says to be running. Sourced, never run.
# shellcheck source=cluster-files.sh
. "${BASH_SOURCE[0]%/*}/cluster-files.sh"

# More would get no range of pod addresses: the cluster's holds 256.
most_simulated=250

# simulate_nodes COUNT: makes that many of them, and removes those that are too many. A pod gets there only if it tolerates
# the taint, so that nothing that is meant to run does.
simulate_nodes() {
  local have number node
  local -a surplus=()
  if [[ ! $1 =~ ^[0-9]{1,3}$ ]] || ((10#$1 > most_simulated)); then
    fail "NODES is $1" "use a number of simulated nodes from 0 to $most_simulated"
  fi
  "$root/toolchain/build.sh" kwok
  link_tool kwok "$cluster_dir/bin"
  have=$(cluster_kubectl get nodes -l twofold.dev/simulated -o custom-columns=:.metadata.name --no-headers)
  for ((number = 1; number <= 10#$1; number++)); do
    grep -qxF "$(simulated_name $number)" <<<"$have" || simulated_node "$(simulated_name $number)"
  done >"$cluster_dir/run/nodes.yaml"
  [[ ! -s $cluster_dir/run/nodes.yaml ]] || cluster_kubectl create -f "$cluster_dir/run/nodes.yaml" >/dev/null
  for node in $have; do ((10#${node##*-} <= 10#$1)) || surplus+=("$node"); done
  ((${#surplus[@]} == 0)) || cluster_kubectl delete node "${surplus[@]}" >/dev/null
}

simulated_name() { printf 'simulated-%03d' "$1"; }

simulated_node() {
  cat <<END
---
apiVersion: v1
kind: Node
metadata:
  name: $1
  labels: { twofold.dev/simulated: "true", kubernetes.io/hostname: $1, kubernetes.io/os: linux }
spec:
  taints: [{ key: twofold.dev/simulated, value: "true", effect: NoSchedule }]
END
}

# simulated_nodes_are_ready COUNT
simulated_nodes_are_ready() {
  [[ $(cluster_kubectl get nodes -l twofold.dev/simulated --no-headers | grep -c ' Ready ') == "$((10#$1))" ]]
}
