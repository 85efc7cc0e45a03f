# shellcheck shell=bash
# Starts and ends the clone's own cluster. Sourced, never run.
# shellcheck source=simulated-nodes.sh
. "${BASH_SOURCE[0]%/*}/simulated-nodes.sh"

cluster_kubectl() { "$cluster_dir/bin/kubectl" --kubeconfig "$cluster_dir/kubeconfig" --request-timeout 20s "$@"; }

start_own_cluster() {
  local address images begun=$SECONDS
  get_node_packages
  build_node
  address=$(choose_address)
  prepare_node "$address"
  if [[ -n $restart_because ]] && cluster_started >/dev/null; then
    say "starting the node again: $restart_because"
    end_node
  fi
  if cluster_started >/dev/null && everything_answers; then
    add_the_rest
    tell_where "the cluster runs: node $(cluster_address)"
    return
  fi
  cluster_started >/dev/null || launch_node "$address"
  link_node "$address"
  import_images &
  images=$!
  await 'starting the control plane' 90 'etcd kube-apiserver' cluster_kubectl get --raw /readyz
  await 'granting access' 30 kube-apiserver apply_manifests access.yaml
  follow "$images" 'importing the images of the add-ons' || give_up 'the images of the add-ons cannot be imported' containerd
  await 'starting the node' 60 'containerd kubelet' cluster_kubectl wait --for condition=Ready node/twofold --timeout 5s
  await 'applying the add-ons' 30 'kube-apiserver kube-controller-manager' apply_manifests .
  await 'starting the add-ons' 120 add-ons add_ons_are_ready 5s
  add_the_rest
  tell_where "the cluster is ready after $(duration $((SECONDS - begun))): node $address"
}

# add_the_rest: what may change while the node runs.
add_the_rest() {
  start_registry
  [[ -n ${NODES:-} ]] || return 0
  simulate_nodes "$NODES"
  await "starting $NODES simulated nodes" 180 kwok simulated_nodes_are_ready "$NODES"
}

tell_where() {
  local address
  address=$(cluster_address)
  say "$1"
  say "  kubectl  eval \"\$(make -s env)\"; export KUBECONFIG=$cluster_dir/kubeconfig"
  say "  ingress  http://$address and https://$address, class traefik"
  say "  logs     $cluster_dir/var/log"
}

# import_images: those that the node does not have yet, all at once.
import_images() {
  local image name
  local -a imports=()
  until in_node ctr version >/dev/null 2>&1; do sleep 0.2; done
  for image in "${node_images[@]}"; do
    name=$cluster_dir/run/imported/${image_file[$image]##*/}
    [[ -e $name ]] || {
      { in_node ctr -n k8s.io images import --digests=false - <"${image_file[$image]}" >/dev/null && touch "$name"; } &
      imports+=($!)
    }
  done
  for image in ${imports[@]+"${imports[@]}"}; do wait "$image" || return; done
}

# apply_manifests FILE: of the rendered ones, or all of them with ".".
apply_manifests() {
  cluster_kubectl apply --server-side --force-conflicts --field-manager twofold -f "$cluster_dir/manifests/$1" || return
  [[ $1 != . ]] || manifests_print >"$cluster_dir/run/applied"
}

manifests_print() { cat "$cluster_dir"/manifests/*.yaml | sha256; }

# add_ons_are_ready TIMEOUT: asked for in one go, because each start of kubectl costs a tenth of a second.
add_ons_are_ready() {
  cluster_kubectl wait --timeout "$1" --for condition=Available --all-namespaces -l app.kubernetes.io/part-of=twofold-cluster deployments,apiservices
}

everything_answers() {
  [[ $(manifests_print) == "$(cat "$cluster_dir/run/applied" 2>/dev/null)" ]] &&
    add_ons_are_ready 1s >/dev/null 2>&1
}

# add_on_words: what the add-ons that are not ready said last, and what happened to them.
add_on_words() {
  local pod namespace
  while read -r namespace pod; do
    say "$namespace/$pod is not ready; its last words, and the last event:"
    {
      cluster_kubectl -n "$namespace" logs "$pod" --tail 6 || cluster_kubectl -n "$namespace" logs "$pod" --tail 6 --previous
      cluster_kubectl -n "$namespace" events --for "pod/$pod" --no-headers | tail -n 1
    } 2>&1 | cut -c 1-300 | sed 's/^/  | /' >&2
  done < <(cluster_kubectl get pods --all-namespaces --no-headers -o custom-columns='N:.metadata.namespace,P:.metadata.name,R:.status.containerStatuses[0].ready' |
    sed -nE 's/^(kube-system|ingress) +([^ ]+) +(false|<none>)$/\1 \2/p')
}

# await LABEL SECONDS COMPONENTS COMMAND...: runs COMMAND until it succeeds, and gives up when the time is over.
await() {
  local label=$1 limit=$2 components=$3
  shift 3
  try_for "$limit" "$@" >"$cluster_dir/run/answer" 2>&1 &
  follow $! "$label" || {
    (($? == 130)) && exit 130
    tail -n 3 "$cluster_dir/run/answer" | sed 's/^/  | /' >&2
    [[ $components != add-ons ]] || add_on_words
    give_up "no success in ${limit}s with: $label" "${components/add-ons/kubelet}"
  }
}

try_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    cluster_started >/dev/null && ((SECONDS < end)) || return 1
    sleep 0.2
  done
}

stop_own_cluster() {
  local pid
  if pid=$(cluster_started); then say "ending the node, process $pid"; fi
  end_node
  as_root rm -rf --one-file-system "$cluster_dir"
  release_registry
}

# The registry is there for clusters, and ends with the last of them on this machine.
release_registry() {
  grep -qzxE 'twofold-[0-9a-f]{8}' /proc/[0-9]*/cmdline 2>/dev/null || stop_registry
}
