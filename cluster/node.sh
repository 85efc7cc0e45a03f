#!/usr/bin/env bash
# Process 1 of a cluster's node: makes the node out of the namespaces in which it is started (network, mounts, processes,
# IPC and host name, by unshare) and keeps the components running. When it ends, by whatever way, the kernel ends every
# process of the node and takes its mounts, interfaces, rules and routes along; only the control groups stay.
#   node.sh ID STATE ADDRESS REGISTRY
# ID names the node's control group, STATE is the folder that holds everything of it, ADDRESS the node's own, of a /30
# whose other end is the machine; REGISTRY is the folder of the registry's images.
set -euo pipefail
id=$1 state=$2 address=$3 registry=$4
cd /

# Still the machine's /proc: the number under which the machine knows this process.
read -r pid _ </proc/self/stat
printf '%s\n' "$pid" >"$state/run/pid"

# --- control groups: ID, with the node's own processes in ID/node, and below ID the pods

# The processors and memory nodes of the parent, without which a cpuset takes no process.
inherit_cpuset() {
  local file
  for file in cpuset.cpus cpuset.mems; do cat "$1/../$file" >"$1/$file"; done
}

join_control_group() { # MOUNT_POINT VERSION
  local group
  for group in "$1/$id" "$1/$id/node"; do
    mkdir -p "$group"
    [[ $2 == 1 && -f $group/cpuset.cpus ]] && inherit_cpuset "$group"
    [[ $2 == 2 && $group != */node ]] && pass_controllers "$1" && pass_controllers "$group"
  done
  echo 0 >"$1/$id/node/cgroup.procs"
}

pass_controllers() {
  local controller
  for controller in $(<"$1/cgroup.controllers"); do
    echo "+$controller" >"$1/cgroup.subtree_control" || echo "control group $1 does not pass $controller on"
  done
}

while read -r _ point type _; do
  if [[ $type == cgroup ]]; then
    join_control_group "$point" 1
  elif [[ $type == cgroup2 && $point == /sys/fs/cgroup ]]; then
    join_control_group "$point" 2
  fi
done </proc/self/mounts

# --- file systems: the machine's, but unwritable, with the node's own /run, /tmp and /var

mount -t tmpfs -o mode=755 twofold /run
mkdir -p /run/twofold /run/registry /run/netns /run/lock
mount --bind "$state" /run/twofold
mount --bind "$registry" /run/registry
mount -o remount,bind,ro /run/registry
mkdir -p /run/twofold/var/{lib/{etcd,kubelet/volume-plugins,containerd,cni,local-path},log/pods,tmp,cache}
ln -sfn /run /run/twofold/var/run
mount --bind /run/twofold/var /var
mount -t tmpfs -o mode=1777 twofold /tmp
mount -t proc proc /proc
# The network namespace's own view; the control groups are mounted below.
mkdir /run/cgroup
mount --rbind /sys/fs/cgroup /run/cgroup
mount -t sysfs sysfs /sys
mount --rbind /run/cgroup /sys/fs/cgroup
umount --lazy /run/cgroup
mount -o remount,bind,ro /
# No server of names can be reached from here, and each try would take half a minute: what is in no file is not known.
[[ ! -e /etc/nsswitch.conf ]] || mount --bind /run/twofold/etc/nsswitch.conf /etc/nsswitch.conf
# Volumes that a container mounts are to be seen by the kubelet, and the other way round.
mount --bind /var/lib/kubelet /var/lib/kubelet
mount --make-rshared /var/lib/kubelet
hostname twofold

# --- network: the machine puts the other end of a pair of interfaces here; there is no way out but to its address

until [[ -e /sys/class/net/eth0 ]]; do sleep 0.05; done
ip link set lo up
ip address add "$address/30" dev eth0
ip link set eth0 up
# A local process that turns to a service's address needs a route before the packet is sent on to a pod.
ip link add services type bridge
ip link set services up
ip route add 10.96.0.0/16 dev services src "$address"
ip link add cni0 type bridge
ip address add 10.244.0.1/24 dev cni0
ip link set cni0 up
ip route add unreachable 10.244.0.0/16
echo 1 >/proc/sys/net/ipv4/ip_forward
for family in iptables ip6tables; do echo 1 >"/proc/sys/net/bridge/bridge-nf-call-$family"; done
iptables -w -t nat -A POSTROUTING -s 10.244.0.0/16 -o eth0 -j MASQUERADE
# Policies are about IPv4: pods must not reach each other by the IPv6 addresses that every interface gives itself.
ip6tables -w -P FORWARD DROP
ip6tables -w -P INPUT DROP

# --- components

bin=/run/twofold/bin pki=/run/twofold/pki etc=/run/twofold/etc

# command_of COMPONENT: sets `command`.
command_of() {
  local config=$etc/$1.kubeconfig
  case $1 in
    etcd)
      # Without waiting for the disk: what a loss of power would cost here is a cluster for trying out.
      command=("$bin/etcd" --name twofold --data-dir /var/lib/etcd --log-level warn --unsafe-no-fsync
        --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379
        --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380
        --initial-cluster twofold=http://127.0.0.1:2380)
      ;;
    containerd) command=(containerd --config "$etc/containerd.toml" --log-level warn) ;;
    docker-registry) command=(docker-registry serve "$etc/registry.yml") ;;
    kube-apiserver)
      # shellcheck disable=SC2054 # its lists have commas
      command=("$bin/kube-apiserver" --etcd-servers=http://127.0.0.1:2379
        --advertise-address="$address" --bind-address="$address" --secure-port=6443 --service-cluster-ip-range=10.96.0.0/16
        --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt"
        --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true --profiling=false
        --kubelet-client-certificate="$pki/apiserver-kubelet-client.crt"
        --kubelet-client-key="$pki/apiserver-kubelet-client.key" --kubelet-certificate-authority="$pki/ca.crt"
        --kubelet-preferred-address-types=InternalIP
        --service-account-issuer=https://kubernetes.default.svc.cluster.local
        --service-account-key-file="$pki/service-accounts.pub" --service-account-signing-key-file="$pki/service-accounts.key"
        --requestheader-client-ca-file="$pki/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client
        --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group
        --requestheader-username-headers=X-Remote-User
        --proxy-client-cert-file="$pki/front-proxy-client.crt" --proxy-client-key-file="$pki/front-proxy-client.key" -v=1)
      ;;
    kube-controller-manager)
      command=("$bin/kube-controller-manager" --kubeconfig="$config" --authentication-kubeconfig="$config"
        --authorization-kubeconfig="$config" --bind-address=127.0.0.1 --leader-elect=false --profiling=false
        --kube-api-qps=200 --kube-api-burst=400 --use-service-account-credentials=true --root-ca-file="$pki/ca.crt"
        --service-account-private-key-file="$pki/service-accounts.key"
        --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key"
        --allocate-node-cidrs=true --cluster-cidr=10.244.0.0/16 --service-cluster-ip-range=10.96.0.0/16
        --node-monitor-grace-period=20s --horizontal-pod-autoscaler-sync-period=10s -v=1)
      ;;
    kube-scheduler)
      command=("$bin/kube-scheduler" --kubeconfig="$config" --authentication-kubeconfig="$config"
        --authorization-kubeconfig="$config" --bind-address=127.0.0.1 --leader-elect=false --profiling=false
        --kube-api-qps=200 --kube-api-burst=400 -v=1)
      ;;
    kubelet)
      # The socket is named again for the statistics of containers, which have a way of their own to it.
      command=("$bin/kubelet" --config="$etc/kubelet.yaml" --kubeconfig="$config" --hostname-override=twofold
        --node-ip="$address" --containerd=/run/containerd/containerd.sock)
      ;;
    kube-proxy) command=("$bin/kube-proxy" --config="$etc/kube-proxy.yaml") ;;
    kube-router)
      command=("$bin/kube-router" --kubeconfig="$config" --hostname-override=twofold --run-firewall=true
        --run-router=false --run-service-proxy=false --run-loadbalancer=false
        --service-cluster-ip-range=10.96.0.0/16 --health-port=0 --metrics-port=0 -v=0)
      ;;
    kwok)
      # Its pods and nodes get addresses that nobody has: with the real node's they would count as local.
      command=("$bin/kwok" --kubeconfig="$config" --config="$etc/kwok.yaml" --manage-all-nodes=false
        --manage-nodes-with-label-selector=twofold.dev/simulated=true --node-ip=10.245.255.254 --cidr=10.245.0.1/17
        --node-lease-duration-seconds=40 --v=WARN)
      ;;
  esac
}

declare -A process=() # of each component

start() {
  local command
  command_of "$1"
  "${command[@]}" >>"/var/log/$1.log" 2>&1 </dev/null &
  process[$1]=$!
}

# tend SECONDS: starts again what has ended, then waits. Ended children, and orphans that come to process 1, are reaped
# by bash itself; the read is a sleep that needs no process.
exec 9<> <(:)
tend() {
  local name
  for name in "${!process[@]}"; do
    kill -0 "${process[$name]}" 2>/dev/null && continue
    echo "$name has ended, and is started again"
    start "$name"
  done
  read -r -t "$1" -u 9 _ || true
}

api_is_ready() {
  printf 'GET /readyz HTTP/1.0\r\n\r\n' | timeout 5 openssl s_client -quiet -connect "$address:6443" 2>/dev/null | grep -q '^ok'
}

# The logs of the last start stay beside the new ones.
for log in /var/log/*.log; do [[ ! -s $log ]] || mv "$log" "$log.1"; done
for name in etcd containerd docker-registry kube-apiserver; do start "$name"; done
until api_is_ready; do tend 0.2; done
for name in kube-controller-manager kube-scheduler kubelet kube-proxy; do start "$name"; done
# It ends where there is no node yet, and may look for it only once `make cluster` has granted that.
until "$bin/kubectl" --kubeconfig "$etc/kube-router.kubeconfig" get node twofold >/dev/null 2>&1; do tend 0.5; done
start kube-router
while true; do
  # `make cluster NODES=200` puts it there.
  [[ ! -x $bin/kwok || -n ${process[kwok]:-} ]] || start kwok
  tend 1
done
