#!/usr/bin/env bash
# Builds tools of the table `tools` from Go modules: build.sh [TOOL...], all of them without a name.
# What is built already from the same sources is left alone; an interrupted build goes on where it was, because Go
# keeps what it has downloaded and compiled, and a tool appears in its folder whole or not at all.
set -euo pipefail
# shellcheck source=../scripts/lib/toolchain.sh
. "$(dirname "$0")/../scripts/lib/toolchain.sh"

if (($# == 0)); then
  mapfile -t missing < <(tool_names)
  set -- "${missing[@]}"
fi
for tool in "$@"; do [[ -n $(tool_line "$tool") ]] || fail "unknown tool $tool" "toolchain/tools lists them"; done
mapfile -t missing < <(missing_tools "$@")
((${#missing[@]} > 0)) || exit 0

work='' # temporary folder of the build that runs
trap '[[ -z $work ]] || rm -rf "$work"' EXIT

# The remedy for what Go says when a build fails: the cause is in LOG.
explain() {
  local tool=$1 log=$2 module sources
  sources=$(tool_sources "$tool")
  module=$(grep -oE '[a-z0-9.-]+\.[a-z]+/[^ ]+@v[^: ]+' "$log" | head -n 1) || true
  if grep -q 'no space left on device' "$log"; then
    fail "the disk is full: $tool cannot be built" \
      "room is needed in $cache ($(free_mib "$cache") MiB free), GOCACHE=$(go env GOCACHE) ($(free_mib "$(go env GOCACHE)") MiB free)" \
      "and GOMODCACHE=$(go env GOMODCACHE) ($(free_mib "$(go env GOMODCACHE)") MiB free): make some, or set TWOFOLD_CACHE, GOCACHE and GOMODCACHE to a larger disk," \
      'and run again: it goes on where it stopped'
  elif grep -qE 'SECURITY ERROR|checksum mismatch' "$log"; then
    fail "${module:-a module} is not what ${sources#"$root/"}/go.sum says; nothing was built from it" \
      "see that GOPROXY ($(go env GOPROXY)) is the one you mean, then: go clean -modcache"
  elif grep -qE '40[0-9] |410 Gone|not found|unrecognized import path' "$log" && [[ -n $module ]]; then
    fail "the module proxy does not have $module: $(grep -oE '4[0-9][0-9] [A-Z][A-Za-z ]*' "$log" | head -n 1)" \
      "GOPROXY is $(go env GOPROXY): set it to a proxy that has the module," \
      "or install Pulumi and put it on PATH, then nothing is built here: https://www.pulumi.com/docs/install"
  elif grep -qE 'dial tcp|no such host|i/o timeout|connection re|TLS handshake|EOF|module lookup disabled' "$log"; then
    fail "the module proxy does not answer: ${module:-$(grep -m 1 -E 'dial tcp|no such host|timeout|connection|TLS|EOF|disabled' "$log")}" \
      "GOPROXY is $(go env GOPROXY): check the network (HTTPS_PROXY for a web proxy), and run again: it goes on where it stopped"
  fi
  fail "$tool could not be built; the whole output is in $log"
}

# What the progress line adds: `go build -v` writes a line for each module it fetches and each package it compiles.
counts() {
  local fetched compiled
  fetched=$(grep -c '^go: downloading' "$1" || true) compiled=$(grep -vc '^go: ' "$1" || true)
  ((fetched == 0)) || printf '%d modules fetched, ' "$fetched"
  printf '%d packages compiled, ' "$compiled"
}

# The Kubernetes provider embeds its schema, which its module carries: an overlay puts that file in place.
overlay() {
  local module=github.com/pulumi/pulumi-kubernetes/provider/v4 dir
  go mod download "$module" && dir=$(go list -m -f '{{.Dir}}' "$module") || return
  printf '{ "Replace": { "%s/schema.json": "%s/cmd/pulumi-resource-kubernetes/schema.json" } }' "$PWD" "$dir" >"$1"
}

# copy_of MODULE: copies it to $work/MODULE, for which $work/go.mod, a go.mod that takes it from there, is begun or goes on.
copy_of() {
  local dir
  go mod download "$1" && dir=$(go list -m -f '{{.Dir}}' "$1") || return
  mkdir -p "$work/$1" && cp -R "$dir/." "$work/$1" && chmod -R u+w "$work/$1" || return
  [[ -f $work/go.mod ]] || { cp go.mod "$work/go.mod" && cp go.sum "$work/go.sum"; } || return
  go mod edit -replace "$1=$work/$1" "$work/go.mod"
}

# edit SED LINES MODULE FILE...: applies the folder's SED to files of the copy, where it must change so many lines.
edit() {
  local sed=$1 lines=$2 module=$3 file changed=0
  shift 3
  for file in "${@/#/$work/$module/}"; do
    sed -E -i.before -f "$sed" "$file"
    changed=$((changed + $(diff "$file.before" "$file" | grep -c '^[<>]')))
    rm "$file.before"
  done
  ((changed == lines)) || { echo "what $sed looks for is not where it was: $changed lines differ, not $lines; correct it" && return 1; }
}

# put FILE MODULE PATH: puts the folder's file in the place of a file of the copy.
put() {
  [[ -f $work/$2/$3 ]] || { echo "$2 has no $3 any more: correct it" && return 1; }
  cp "$1" "$work/$2/$3"
}

# Some modules do not fit as they are, and are built from a copy: see the .sed files beside the go.mod files.
changed_copy() { # TOOL
  local module
  case $1 in
    pulumi-resource-docker)
      module=github.com/terraform-providers/terraform-provider-docker
      copy_of $module && edit waits.sed 6 $module internal/provider/resource_docker_{network_funcs,volume}.go
      ;;
    metrics-server)
      module=sigs.k8s.io/metrics-server
      copy_of $module && edit names.sed 240 $module pkg/api/generated/openapi/zz_generated.openapi.go
      ;;
    kube-score)
      module=github.com/zegl/kube-score
      copy_of $module && edit lookup.sed 5 $module score/internal/labelselector.go
      ;;
    traefik)
      module=github.com/go-acme/lego/v4
      copy_of $module && put dns/dns.go $module providers/dns/zz_gen_dns_providers.go || return 1
      module=github.com/traefik/traefik/v3
      copy_of $module && rm "$work/$module"/pkg/provider/ecs/{config,label}.go && put ecs/ecs.go $module pkg/provider/ecs/ecs.go
      ;;
    *) return 2 ;;
  esac
}

compile() { # TOOL PACKAGE LDFLAGS
  local -a flags=(-v -trimpath -ldflags "-s -w $3" -o "$work/out/$1")
  local code=0
  cd "$(tool_sources "$1")"
  if [[ $1 == pulumi-resource-kubernetes ]]; then
    overlay "$work/overlay.json" && flags+=(-overlay "$work/overlay.json") || return
  fi
  changed_copy "$1" || code=$?
  case $code in
    0) flags+=(-modfile "$work/go.mod") ;;
    2) ;; # built as it is
    *) return "$code" ;;
  esac
  exec go build "${flags[@]}" "$2"
}

build() { # TOOL PLACE
  local tool=$1 path version package ldflags log=$tools_dir/$1.log begun=$SECONDS
  path=$(tool_path "$tool")
  read -r version package ldflags < <(tool_line "$tool")
  work=$(mktemp -d "$tools_dir/.build-XXXXXX")
  mkdir "$work/out" "$work/tmp"
  GOTMPDIR=$work/tmp compile "$tool" "$package" "$ldflags" >"$log" 2>&1 </dev/null &
  follow $! "[$2] building $tool $version" counts "$log" || {
    (($? == 130)) && exit 130
    # Progress lines have no space in them, but for the downloads.
    grep -v '^go: downloading' "$log" | grep ' ' | tail -n 8 | cut -c 1-240 | sed 's/^/  | /' >&2 || true
    explain "$tool" "$log"
  }
  rm -rf "$(dirname "$path")"
  mv "$work/out" "$(dirname "$path")"
  rm -rf "$work" "$log"
  work=''
  find "$tools_dir" -maxdepth 1 -name "$tool-????????????????" -mtime +30 -exec rm -rf {} + # of sources long gone
  say "[$2] built $tool $version in $(duration $((SECONDS - begun)))"
}

want_go "${missing[@]}"
check_go >/dev/null || fix_go
use_go
writable_dir "$tools_dir"
exec 9>"$tools_dir/.lock"
if have flock && ! flock -n 9; then
  flock 9 & # the lock is the descriptor's: it stays when this child ends
  follow $! 'waiting for another build of the tools to end'
  mapfile -t missing < <(missing_tools "$@")
fi
rm -rf "$tools_dir"/.build-*

# go.sum is the check of every download: it is read, never written. No tool needs C.
export GOFLAGS="-mod=readonly -buildvcs=false" GOWORK=off CGO_ENABLED=0
for i in "${!missing[@]}"; do build "${missing[i]}" "$((i + 1)) of ${#missing[@]}"; done
