# shellcheck shell=bash
# The cluster that a stack on Kubernetes runs on: one that the user has named, or a node of the clone's own. Sourced,
# never run.
#
#   stack_context    prints the context that the stack's configuration names (kubeContext); empty without one
#   cluster_started  prints the process id of the clone's own node; fails where it does not run
#   start_cluster    makes the cluster usable: asks the named one whether it answers, or else starts the clone's own and
#                    what is missing of it; ends the script where that cannot be
#   stop_cluster     ends the clone's own node and removes everything of it; never touches a named cluster
#
# The node is the process scripts/../cluster/node.sh in namespaces of its own; everything of it lies in .twofold/cluster.
# shellcheck source=pulumi.sh
. "${BASH_SOURCE[0]%/*}/pulumi.sh"
# shellcheck source=certificates.sh
. "${BASH_SOURCE[0]%/*}/certificates.sh"
# shellcheck source=node-images.sh
. "${BASH_SOURCE[0]%/*}/node-images.sh"
# shellcheck source=registry.sh
. "${BASH_SOURCE[0]%/*}/registry.sh"

cluster_dir=$state_dir/cluster
cluster_id=twofold-$(printf '%s' "$root" | sha256 | cut -c 1-8)
cluster_link=tf-${cluster_id#*-} # the machine's end of the way to the node

stack_context() {
  sed -nE 's/^ *(twofold:)?kubeContext: *["'\'']?([^"'\''#]*[^"'\''# ]).*/\2/p' "$root/Pulumi.$stack.yaml" 2>/dev/null | tail -n 1
}

# user_kubectl: a kubectl for a named cluster: the user's, else ours if it is built.
user_kubectl() {
  local own
  own=$(tool_path kubernetes)
  if have kubectl; then
    kubectl "$@"
  elif [[ -x $own ]]; then
    "$own" kubectl "$@"
  else
    fail 'kubectl is needed to see whether the named cluster answers' 'install kubectl: https://kubernetes.io/docs/tasks/tools'
  fi
}

check_named_cluster() { # CONTEXT
  local answer
  if answer=$(user_kubectl --context "$1" get --raw /version --request-timeout 10s 2>&1); then
    printf '%s  context %s, which Pulumi.%s.yaml names' "$(sed -n 's/.*"gitVersion": *"\([^"]*\)".*/\1/p' <<<"$answer")" "$1" "$stack"
  else
    printf 'context %s, which Pulumi.%s.yaml names: %s' "$1" "$stack" "$(tail -n 1 <<<"$answer")"
    return 1
  fi
}

# cluster_started: a number that another process has got since a restart of the machine does not count.
cluster_started() {
  local pid
  pid=$(cat "$cluster_dir/run/pid" 2>/dev/null) && [[ -n $pid ]] || return
  grep -qzxF -- "$cluster_id" "/proc/$pid/cmdline" 2>/dev/null && printf '%s' "$pid"
}

cluster_address() { cat "$cluster_dir/run/address" 2>/dev/null; }
cluster_kubectl() { "$cluster_dir/bin/kubectl" --kubeconfig "$cluster_dir/kubeconfig" --request-timeout 20s "$@"; }

check_cluster() {
  local context version
  context=$(stack_context)
  if [[ -n $context ]]; then
    check_named_cluster "$context"
  elif ! cluster_started >/dev/null; then
    printf 'none is named (kubeContext), and the own one does not run'
    return 1
  elif version=$(cluster_kubectl get --raw /version 2>/dev/null); then
    printf '%s  own node at %s' "$(sed -n 's/.*"gitVersion": *"\([^"]*\)".*/\1/p' <<<"$version")" "$(cluster_address)"
  else
    printf 'the own one runs (process %s), but does not answer' "$(cluster_started)"
    return 1
  fi
}

remedy_cluster() {
  if [[ -n $(stack_context) ]]; then
    printf 'make the cluster answer (kubectl --context %s get nodes), or take kubeContext out of Pulumi.%s.yaml' "$(stack_context)" "$stack"
    return 1
  elif [[ $(uname -s) != Linux ]]; then
    printf 'name a cluster in Pulumi.%s.yaml (kubeContext): a node of its own needs Linux' "$stack"
    return 1
  elif ! can_be_root; then
    printf 'install sudo or run as root, or name a cluster in Pulumi.%s.yaml (kubeContext)' "$stack"
    return 1
  fi
  printf 'start a node here (make cluster)'
  # shellcheck disable=SC2046 # one word a tool
  [[ -z $(missing_tools $(cluster_tools)) ]] || printf ', built from Go modules, once: about 9 minutes on two cores'
}

fix_cluster() { start_cluster; }

# with_cluster_lock COMMAND...: of two scripts of this clone, one changes the cluster at a time.
with_cluster_lock() {
  mkdir -p "$state_dir"
  exec 8>"$state_dir/cluster.lock"
  flock -n 8 || {
    say 'waiting for another make cluster or make cluster-down of this clone'
    flock 8
  }
  "$@"
  exec 8>&-
}

start_cluster() {
  local context found
  context=$(stack_context)
  if [[ -n $context ]]; then
    found=$(check_named_cluster "$context") || fail "no answer from the cluster: $found" "$(remedy_cluster)"
    say "using $found; nothing is installed in it"
    return
  fi
  with_cluster_lock start_own_cluster
}

stop_cluster() {
  if [[ -n $(stack_context) ]]; then say "context $(stack_context), which Pulumi.$stack.yaml names, is left alone"; fi
  [[ -d $cluster_dir ]] || { say 'there is no cluster of this clone' && return; }
  with_cluster_lock stop_own_cluster
}

# --- the clone's own

# Under /usr/sbin for an ordinary user.
get_node_packages() {
  PATH=$PATH:/usr/sbin:/sbin
  local -a packages=(containernetworking-plugins iptables ipset conntrack openssl iproute2 busybox-static)
  # A containerd or runc that came with another package stays: Debian's would replace it.
  have containerd || packages+=(containerd)
  have runc || packages+=(runc)
  need_packages "${packages[@]}"
  get_registry
  load_modules
}

# Bridged packets pass the rules only with br_netfilter; the rest loads by itself where the kernel has it.
load_modules() {
  [[ -d /proc/sys/net/bridge ]] || as_root modprobe br_netfilter 2>/dev/null ||
    fail 'the kernel has no br_netfilter, without which no policy can hold' "name a cluster in Pulumi.$stack.yaml (kubeContext) instead"
}

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

start_own_cluster() {
  local address images kubernetes kube_router changed begun=$SECONDS
  get_node_packages
  build_node
  address=$(choose_address)
  changed=''
  prepare_node "$address"
  if [[ -n $changed ]] && cluster_started >/dev/null; then
    say "starting the node again: $changed"
    end_node
  fi
  if cluster_started >/dev/null && everything_answers; then
    start_registry
    tell_where 'the cluster runs'
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
  await 'starting the add-ons' 120 'kubelet kube-proxy kube-controller-manager' add_ons_are_ready 5s
  start_registry
  tell_where "the cluster is ready after $(duration $((SECONDS - begun)))"
}

# build_node: the tools and the images of the add-ons, where they are not there yet.
build_node() {
  local path image
  name_images
  kubernetes=$(tool_path kubernetes) kube_router=$(tool_path kube-router)
  for path in "$kubernetes" "$kube_router" "${image_binary[@]}"; do
    [[ -x $path ]] && continue
    # shellcheck disable=SC2046 # one word a tool
    "$root/toolchain/build.sh" $(cluster_tools)
    break
  done
  for image in "${node_images[@]}"; do make_image "$image"; done
}

tell_where() {
  say "$1: node $(cluster_address)" \
    $'\n'"  kubectl     eval \"\$(make -s env)\"; export KUBECONFIG=$cluster_dir/kubeconfig" \
    $'\n'"  ingress     http://$(cluster_address) and https, class traefik" \
    $'\n'"  logs        $cluster_dir/var/log"
}

# prepare_node ADDRESS: writes what the node reads; sets `changed` to the reason why a running node has to be started again.
prepare_node() {
  local address=$1 renewed print tool
  mkdir -p "$cluster_dir"/{bin,run/imported,var} "$registry_storage"
  renewed=$(certificates "$cluster_dir/pki" "$address") || fail 'the certificates of the cluster could not be made' \
    "see that $cluster_dir/pki can be written"
  for tool in "$kubernetes" "$kube_router"; do
    [[ $cluster_dir/bin/${tool##*/} -ef $tool ]] ||
      ln -f "$tool" "$cluster_dir/bin/" 2>/dev/null || cp -f "$tool" "$cluster_dir/bin/"
  done
  for tool in etcd kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubectl; do
    ln -sfn kubernetes "$cluster_dir/bin/$tool"
  done
  write_configuration "$address"
  print=$({
    cat "$root/cluster/node.sh" && echo "$kubernetes $kube_router"
    find "$cluster_dir/etc" -type f -print0 | LC_ALL=C sort -z | xargs -0 cat
  } | sha256)
  if [[ $address != "$(cluster_address)" ]]; then
    changed="its address is $address now"
  elif [[ -n $renewed ]]; then
    changed="certificates were renewed (${renewed//$'\n'/, })"
  elif [[ $print != "$(cat "$cluster_dir/run/print" 2>/dev/null)" ]]; then
    changed='its components or their configuration have changed'
  fi
  echo "$address" >"$cluster_dir/run/address"
  echo "$print" >"$cluster_dir/run/print"
}

# write_configuration ADDRESS: the templates of cluster/ with what belongs to this node in place, as only root and this user
# may read them: there are keys among them.
write_configuration() (
  local address=$1 file user script
  umask 077
  script=$(
    echo "s|@address@|$address|g; s|@id@|$cluster_id|g; s|@cni@|$(cni_plugins)|g"
    for image in "${node_images[@]}"; do echo "s|@image:$image@|${image_name[$image]}|g"; done
    for file in ca.crt metrics-server.crt metrics-server.key; do
      echo "s|@file:$file@|$(base64 -w 0 "$cluster_dir/pki/$file")|g"
    done
  )
  mkdir -p "$cluster_dir/etc/cni" "$cluster_dir/manifests"
  for file in containerd.toml kubelet.yaml kube-proxy.yaml resolv.conf cni/10-twofold.conflist; do
    sed -f - "$root/cluster/etc/$file" <<<"$script" >"$cluster_dir/etc/$file"
  done
  for file in "$root"/cluster/manifests/*.yaml; do
    sed -f - "$file" <<<"$script" >"$cluster_dir/manifests/${file##*/}"
  done
  registry_config "$registry_address" error readonly >"$cluster_dir/etc/registry.yml"
  sed -i "s|$registry_storage|/run/registry|" "$cluster_dir/etc/registry.yml"
  for user in kube-controller-manager kube-scheduler kube-proxy kube-router kubelet; do
    kubeconfig "$cluster_dir/pki" "$user" "$address" >"$cluster_dir/etc/$user.kubeconfig"
  done
  kubeconfig "$cluster_dir/pki" admin "$address" >"$cluster_dir/kubeconfig"
)

# Debian's folder, or the one that others use.
cni_plugins() { if [[ -x /usr/lib/cni/bridge ]]; then echo /usr/lib/cni; else echo /opt/cni/bin; fi; }

# launch_node ADDRESS: in a session of its own and without our descriptors: it outlives this script, and holds no lock.
launch_node() {
  local begun=$SECONDS
  end_node # what a node that was killed left behind: the kubelet would lose a minute over its control groups
  ((EUID == 0)) || as_root true # asks for the password before the output goes to a file
  # shellcheck disable=SC2016 # expanded by the inner shell
  as_root setsid bash -c 'log=$1; shift; exec unshare --net --mount --pid --ipc --uts --fork "$@" >"$log" 2>&1 </dev/null 8>&- 9>&- &' - \
    "$cluster_dir/run/node.log" bash "$root/cluster/node.sh" "$cluster_id" "$cluster_dir" "$1" "$registry_storage"
  until cluster_started >/dev/null; do
    ((SECONDS - begun < 10)) || give_up 'the node does not start'
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

# await LABEL SECONDS COMPONENTS COMMAND...: runs COMMAND until it succeeds, and gives up when the time is over.
await() {
  [[ -z ${TRACE:-} ]] || echo "$EPOCHREALTIME $1" >&2
  local label=$1 limit=$2 components=$3
  shift 3
  try_for "$limit" "$@" >"$cluster_dir/run/answer" 2>&1 &
  follow $! "$label" || {
    (($? == 130)) && exit 130
    tail -n 3 "$cluster_dir/run/answer" | sed 's/^/  | /' >&2
    give_up "no success in ${limit}s with: $label" "$components"
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
  if pid=$(cluster_started); then
    as_root kill -KILL "$pid"
    while process_lives "$pid" ''; do sleep 0.1; done
  fi
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

stop_own_cluster() {
  local pid
  if pid=$(cluster_started); then say "ending the node, process $pid"; fi
  end_node
  as_root rm -rf --one-file-system "$cluster_dir"
}
