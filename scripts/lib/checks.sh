# shellcheck shell=bash
# Everything that a stack needs of the machine, in the order in which it is got. Each THING has check_THING, which
# prints what is there or what is wrong, remedy_THING, which prints what helps and fails where only a person can do
# it, and fix_THING, which does it. Sourced, never run.
# shellcheck source=node.sh
. "${BASH_SOURCE[0]%/*}/node.sh"
# shellcheck source=pulumi.sh
. "${BASH_SOURCE[0]%/*}/pulumi.sh"
# shellcheck source=docker.sh
. "${BASH_SOURCE[0]%/*}/docker.sh"
# shellcheck source=cluster.sh
. "${BASH_SOURCE[0]%/*}/cluster.sh"

# needed_things: Go is needed only to build, Docker only where the stack runs on it, a cluster and the registry that its
# nodes pull from only on Kubernetes.
needed_things() {
  echo node
  echo packages
  { check_pulumi && { [[ $(stack_target) == docker ]] || cluster_is_built; }; } >/dev/null || echo go
  echo pulumi
  if [[ $(stack_target) == docker ]]; then
    echo docker
  else
    ! takes_own_registry || echo registry
    echo cluster
  fi
  echo state
}

title() {
  case $1 in
    node) echo 'Node.js' ;;
    packages) echo 'npm packages' ;;
    go) echo 'Go' ;;
    pulumi) echo 'Pulumi' ;;
    docker) echo 'Docker Engine' ;;
    registry) echo 'image registry' ;;
    cluster) echo 'Kubernetes' ;;
    state) echo 'state' ;;
  esac
}
