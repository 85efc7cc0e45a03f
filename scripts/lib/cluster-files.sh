# shellcheck shell=bash
# What the clone's own node reads: binaries, certificates, configuration, manifests. Sourced, never run.
# shellcheck source=cluster-node.sh
. "${BASH_SOURCE[0]%/*}/cluster-node.sh"
# shellcheck source=certificates.sh
. "${BASH_SOURCE[0]%/*}/certificates.sh"
# shellcheck source=node-images.sh
. "${BASH_SOURCE[0]%/*}/node-images.sh"

kubernetes='' kube_router='' # the binaries, once build_node has been
restart_because=''           # why a running node has to be started again, once prepare_node has been

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

# prepare_node ADDRESS: writes what the node reads; sets `restart_because`.
# shellcheck disable=SC2034 # restart_because is for the scripts that source this
prepare_node() {
  local address=$1 renewed print tool
  mkdir -p "$cluster_dir"/{bin,run/imported,var} "$registry_storage"
  renewed=$(certificates "$cluster_dir/pki" "$address") || fail 'the certificates of the cluster could not be made' \
    "see that $cluster_dir/pki can be written"
  for tool in kubernetes kube-router; do link_tool "$tool" "$cluster_dir/bin"; done
  for tool in etcd kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubectl; do
    ln -sfn kubernetes "$cluster_dir/bin/$tool"
  done
  write_configuration "$address"
  print=$({
    cat "$root/cluster/node.sh" && echo "$kubernetes $kube_router"
    find "$cluster_dir/etc" -type f -print0 | LC_ALL=C sort -z | xargs -0 cat
  } | sha256)
  if [[ $address != "$(cluster_address)" ]]; then
    restart_because="its address is $address now"
  elif [[ -n $renewed ]]; then
    restart_because="certificates were renewed (${renewed//$'\n'/, })"
  elif [[ $print != "$(cat "$cluster_dir/run/print" 2>/dev/null)" ]]; then
    restart_because='its components or their configuration have changed'
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
  for file in containerd.toml kubelet.yaml kube-proxy.yaml kwok.yaml nsswitch.conf resolv.conf cni/10-twofold.conflist; do
    sed -f - "$root/cluster/etc/$file" <<<"$script" >"$cluster_dir/etc/$file"
  done
  for file in "$root"/cluster/manifests/*.yaml; do
    sed -f - "$file" <<<"$script" >"$cluster_dir/manifests/${file##*/}"
  done
  registry_config "$registry_address" error readonly >"$cluster_dir/etc/registry.yml"
  sed -i "s|$registry_storage|/run/registry|" "$cluster_dir/etc/registry.yml"
  for user in kube-controller-manager kube-scheduler kube-proxy kube-router kwok kubelet; do
    kubeconfig "$cluster_dir/pki" "$user" "$address" >"$cluster_dir/etc/$user.kubeconfig"
  done
  kubeconfig "$cluster_dir/pki" admin "$address" >"$cluster_dir/kubeconfig"
)

# Debian's folder, or the one that others use.
cni_plugins() { if [[ -x /usr/lib/cni/bridge ]]; then echo /usr/lib/cni; else echo /opt/cni/bin; fi; }
