# shellcheck shell=bash
# The cluster that a stack on Kubernetes runs on: one that the user has named, or a node of the clone's own. Sourced,
# never run.
#
#   stack_context    prints the context that the stack's configuration names (kubeContext); empty without one
#   cluster_started  prints the process id of the clone's own node; fails where it does not run
#   start_cluster    makes the cluster usable: asks the named one whether it answers, or else starts the clone's own and
#                    what is missing of it; ends the script where that cannot be
#   stop_cluster     ends the clone's own node and removes everything of it; never touches a named cluster
# shellcheck source=own-cluster.sh
. "${BASH_SOURCE[0]%/*}/own-cluster.sh"

stack_context() { stack_setting kubeContext; }

# takes_own_registry: whether the stack has images that go to the registry on this machine.
takes_own_registry() {
  local named
  needs_target kubernetes || return
  [[ $(stack_setting imageSource) != upstream ]] || return
  named=$(stack_setting registry)
  [[ ${named:-$registry_address} == "$registry_address" ]]
}

# cluster_is_built: whether nothing has to be built for the stack's cluster.
cluster_is_built() {
  # shellcheck disable=SC2046 # one word a tool
  [[ -n $(stack_context) || -z $(missing_tools $(cluster_tools)) ]]
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

# version_in: the version of a cluster's answer on stdin.
version_in() { sed -n 's/.*"gitVersion": *"\([^"]*\)".*/\1/p'; }

check_named_cluster() { # CONTEXT
  local answer
  if answer=$(user_kubectl --context "$1" get --raw /version --request-timeout 10s 2>&1); then
    printf '%s  context %s, which Pulumi.%s.yaml names' "$(version_in <<<"$answer")" "$1" "$stack"
  else
    printf 'context %s, which Pulumi.%s.yaml names: %s' "$1" "$stack" "$(tail -n 1 <<<"$answer")"
    return 1
  fi
}

check_cluster() {
  local context version
  context=$(stack_context)
  if [[ -n $context ]]; then
    check_named_cluster "$context"
  elif ! cluster_started >/dev/null; then
    printf 'none is named (kubeContext), and the own one does not run'
    return 1
  elif version=$(cluster_kubectl get --raw /version 2>/dev/null) && [[ -s $cluster_dir/run/applied ]]; then
    printf '%s  own node at %s' "$(version_in <<<"$version")" "$(cluster_address)"
  else
    printf 'the own one has not come up yet, or does not answer (process %s)' "$(cluster_started)"
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
  printf 'start a node here'
  cluster_is_built || printf ', built from Go modules, once: about 9 minutes on two cores'
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
  [[ -d $cluster_dir || -n $(node_processes) ]] || { say 'there is no cluster of this clone' && return; }
  with_cluster_lock stop_own_cluster
}
