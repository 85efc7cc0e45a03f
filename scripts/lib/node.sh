# shellcheck shell=bash
# Node.js and the npm packages of the clone. Sourced, never run.
# shellcheck source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

node_wanted=22.12
node_version=24.21.0
npm_version=11.19.1
node_dir=$cache/node-$node_version

# node_path: the folder to put in front of PATH; empty where the system's Node.js is new enough.
node_path() {
  system_node >/dev/null || { [[ -x $node_dir/bin/node ]] && printf '%s' "$node_dir/bin"; } || true
}

system_node() {
  local version
  have node && have npm || return
  version=$(node --version 2>/dev/null) && version_at_least "$version" "$node_wanted" && printf '%s' "${version#v}"
}

check_node() {
  local version
  if version=$(system_node); then
    printf '%s  %s' "$version" "$(command -v node)"
  elif [[ -x $node_dir/bin/node ]]; then
    printf '%s  %s' "$node_version" "$node_dir/bin/node"
  elif have node && ! have npm; then
    printf 'node %s is here without npm' "$(node --version 2>/dev/null)"
    return 1
  else
    printf '%s found, %s or newer is needed' "$(node --version 2>/dev/null || printf none)" "$node_wanted"
    return 1
  fi
}

remedy_node() {
  if have npm || can_install_packages; then
    printf 'take Node.js %s from npm into %s' "$node_version" "$node_dir"
  else
    printf 'install Node.js %s or newer with npm: https://nodejs.org/en/download' "$node_wanted"
    return 1
  fi
}

# The npm package "node" only picks the package of the platform in an install script; taking that one at once needs
# no script. npm comes along because Debian's does not run with another Node.js than Debian's. It is run in the folder:
# --prefix would be another place for the settings of the whole machine, too.
fix_node() {
  local os arch work
  have npm || need_packages npm
  os=$(uname -s | tr '[:upper:]' '[:lower:]')
  case $(uname -m) in x86_64) arch=x64 ;; aarch64 | arm64) arch=arm64 ;; *) arch=$(uname -m) ;; esac
  writable_dir "$cache"
  work=$(mktemp -d "$cache/.node-XXXXXX")
  echo '{ "private": true }' >"$work/package.json"
  (cd "$work" && quietly "fetching Node.js $node_version" "$work/log" npm install --ignore-scripts --no-audit --no-fund \
    "node-$os-$arch@$node_version" "npm@$npm_version") || {
    rm -rf "$work"
    fail "npm could not fetch Node.js $node_version for $os-$arch" "$npm_remedy" \
      "or install Node.js $node_wanted or newer: https://nodejs.org/en/download"
  }
  mkdir "$work/bin"
  ln -s "../node_modules/node-$os-$arch/bin/node" "$work/bin/node"
  ln -s ../node_modules/npm/bin/npm-cli.js "$work/bin/npm"
  ln -s ../node_modules/npm/bin/npx-cli.js "$work/bin/npx"
  rm -rf "$node_dir" && mv "$work" "$node_dir"
}

npm_remedy='see that the npm registry answers (npm ping) and that the disk has room (df -h), and run again'

# Folders with packages of their own: the program, and the applications that it deploys.
package_dirs=(. workloads)

# Whether node_modules of a folder holds what package-lock.json says; npm writes its own record last, so half an
# install shows. Prints the number of packages.
packages_in() {
  # shellcheck disable=SC2016 # the dollar signs are JavaScript's
  (cd "$root/$1" && node_usable && node --eval '
    const read = (file) => JSON.parse(require("fs").readFileSync(file, "utf8")).packages;
    const wanted = Object.entries(read("package-lock.json")).filter(([path]) => path !== "");
    const got = read("node_modules/.package-lock.json");
    const same = ([path, entry]) => (got[path] ? got[path].version === entry.version : entry.optional || entry.devOptional || entry.peer);
    if (!wanted.every(same)) process.exit(1);
    console.log(Object.keys(got).length);
  ' 2>/dev/null)
}

check_packages() {
  local dir count total=0
  for dir in "${package_dirs[@]}"; do
    count=$(packages_in "$dir") || {
      printf '%s is absent, or not what package-lock.json says' "$(cd "$root/$dir" && pwd)/node_modules"
      return 1
    }
    total=$((total + count))
  done
  printf '%s as in package-lock.json' "$total"
}

# trust_system: npm keeps its settings beside the Node.js that runs it, and Node.js knows no authority of the site's own:
# whom the machine trusts counts for the fetched one, too.
trust_system() { export NODE_USE_SYSTEM_CA=${NODE_USE_SYSTEM_CA:-1}; }

node_usable() { [[ -z $(node_path) ]] || PATH=$(node_path):$PATH && have node; }

remedy_packages() { printf 'run npm ci'; }

# No package of the lock file needs its install script: esbuild's only looks for the binary that npm has put there.
fix_packages() {
  local dir log
  log=$(mktemp)
  for dir in "${package_dirs[@]}"; do
    packages_in "$dir" >/dev/null ||
      (cd "$root/$dir" && trust_system && quietly "npm ci in $PWD" "$log" npm ci --ignore-scripts --no-audit --no-fund) ||
      fail "npm ci failed; the whole output is in $log" "$npm_remedy"
  done
  rm -f "$log"
}
