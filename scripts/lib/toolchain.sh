# shellcheck shell=bash
# The tools that toolchain/ builds from Go modules: which, where they lie, what they are built with. Sourced, never run.
# shellcheck source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

tools_dir=$cache/toolchain
go_usual=1.25.11 # what most modules ask for
go_wanted=$go_usual
go_version=1.26.8 # what is fetched where Go is older
tool_names() { sed -nE 's/^([a-z]+\/)?([a-z-]+) .*/\2/p' "$root/toolchain/tools"; }

# tool_line TOOL: its version, package and linker flags.
tool_line() { sed -nE "s/^([a-z]+\/)?$1 +//p" "$root/toolchain/tools"; }
tool_version() { tool_line "$1" | cut -d ' ' -f 1; }

# tool_sources TOOL: the folder of its module.
tool_sources() {
  local folder
  folder=$(sed -nE "s/^([a-z]+)\/$1 .*/\1/p" "$root/toolchain/tools")
  printf '%s/toolchain/%s' "$root" "${folder:-$1}"
}

# tool_path TOOL: where its binary is, or will be. The folder carries a hash of the sources, the table's line, the
# platform and the Go version that is asked for: a newer Go on the machine is no reason to build again.
tool_path() {
  local hash
  hash=$({
    tool_line "$1"
    uname -sm
    echo "$go_usual"
    cd "$(tool_sources "$1")" && find . -type f \( -name '*.go' -o -name '*.sed' -o -name go.mod -o -name go.sum \) | LC_ALL=C sort |
      while read -r file; do echo "$file" && cat "$file"; done
  } | sha256)
  printf '%s/%s-%s/%s' "$tools_dir" "$1" "${hash:0:16}" "$1"
}

# link_tool TOOL DIR: puts it into DIR, as a copy where a hard link cannot be.
link_tool() {
  local path
  path=$(tool_path "$1")
  [[ $2/$1 -ef $path ]] || cmp -s "$path" "$2/$1" || ln -f "$path" "$2/$1" 2>/dev/null || cp -f "$path" "$2/$1"
}

# tools_for TARGET...: a stack waits only for what it uses.
tools_for() { printf '%s\n' pulumi pulumi-language-nodejs pulumi-resource-random "${@/#/pulumi-resource-}"; }

# cluster_tools: what `make cluster` needs, where no cluster is named.
cluster_tools() { printf '%s\n' kubernetes kube-router coredns metrics-server local-path-provisioner traefik pause; }

# missing_tools TOOL...: those that are not built.
missing_tools() {
  local tool
  for tool in "$@"; do [[ -x $(tool_path "$tool") ]] || printf '%s\n' "$tool"; done
}

# go_found: the version of a Go that is new enough; puts a fetched one in front of PATH.
go_found() {
  local version fetched
  have go || return
  version=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null)
  version_at_least "${version#go}" "$go_wanted" && printf '%s' "${version#go}" && return
  fetched=$(go_fetched_dir)
  [[ -x $fetched/bin/go ]] && printf '%s' "$go_version"
}

# want_go TOOL...: from here on, the Go that their modules ask for is looked for and fetched.
want_go() {
  local tool asked
  for tool in "$@"; do
    asked=$(sed -n 's/^go //p' "$(tool_sources "$tool")/go.mod")
    version_at_least "$go_wanted" "$asked" || go_wanted=$asked
  done
}

go_fetched_dir() {
  local modules os arch
  { read -r modules && read -r os && read -r arch; } < <(GOTOOLCHAIN=local go env GOMODCACHE GOOS GOARCH)
  printf '%s/golang.org/toolchain@v0.0.1-go%s.%s-%s' "$modules" "$go_version" "$os" "$arch"
}

check_go() {
  local version
  if version=$(go_found); then
    printf '%s  %s' "$version" "$(command -v go)"
  else
    printf '%s found, %s or newer is needed to build the tools' "$(have go && GOTOOLCHAIN=local go env GOVERSION || printf none)" "$go_wanted"
    return 1
  fi
}

remedy_go() {
  if have go; then
    printf 'fetch Go %s from the module proxy' "$go_version"
  elif can_install_packages; then
    printf 'install golang-go with apt-get, and with it Go %s from the module proxy' "$go_version"
  else
    printf 'install Go %s or newer: https://go.dev/doc/install' "$go_wanted"
    return 1
  fi
}

# Debian's Go is older than what the modules need, and may be too old to fetch a newer one by itself. But a Go
# release is also a module, checked against the checksum database like any other: only its execute bits are missing.
fix_go() {
  local dir log
  have go || need_packages golang-go ca-certificates
  go_found >/dev/null && return
  dir=$(go_fetched_dir)
  log=$(mktemp)
  (cd / && GOTOOLCHAIN=local quietly "fetching Go $go_version" "$log" go mod download "golang.org/toolchain@$(basename "$dir" | cut -d @ -f 2)") ||
    fail "Go $go_version could not be fetched from the module proxy ($(go env GOPROXY))" \
      "install Go $go_wanted or newer: https://go.dev/doc/install"
  rm -f "$log"
  chmod -R u+w "$dir/bin" "$dir/pkg/tool" && chmod -R a+x "$dir/bin" "$dir/pkg/tool"
}

# use_go: makes `go` the one to build with, for the rest of the script.
use_go() {
  local version
  version=$(GOTOOLCHAIN=local go env GOVERSION)
  version_at_least "${version#go}" "$go_wanted" || PATH=$(go_fetched_dir)/bin:$PATH
  export PATH GOTOOLCHAIN=local
}
