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

# needed_things: Go is needed only to build; on Kubernetes a cluster and, for images that are built here, the registry that
# its nodes pull from, with Docker to build them.
needed_things() {
  echo node
  echo packages
  { check_pulumi && { ! needs_target kubernetes || cluster_is_built; }; } >/dev/null || echo go
  echo pulumi
  if needs_target docker || takes_own_registry; then echo docker; fi
  if needs_target kubernetes; then
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
