# shellcheck shell=bash
# The images of the cluster's add-ons: each a layer with one binary from toolchain/, in a file that containerd and
# `docker load` take. Sourced, never run.
# shellcheck source=toolchain.sh
. "${BASH_SOURCE[0]%/*}/toolchain.sh"

node_images_dir=$cache/node-images
# shellcheck disable=SC2034 # for the scripts that source this
node_images=(pause coredns metrics-server local-path-provisioner traefik busybox)

# image_binary IMAGE: the file that it is about. busybox, from the system, is the shell that makes folders for volumes.
image_binary() { if [[ $1 == busybox ]]; then echo /bin/busybox; else tool_path "$1"; fi; }

# image_name IMAGE: its reference. The tag changes with the binary: a tool's folder carries the hash of its sources.
image_name() {
  local path tag
  path=$(image_binary "$1")
  if [[ $1 == busybox ]]; then
    tag=$(sha256 <"$path")
    tag=${tag:0:16}
  else
    tag=$(basename "$(dirname "$path")")
    tag=$(tool_version "$1")-${tag##*-}
  fi
  printf 'twofold.local/%s:%s' "$1" "$tag"
}

# image_file IMAGE: the archive that holds it.
image_file() {
  local name
  name=$(image_name "$1")
  name=${name#*/}
  printf '%s/%s.tar' "$node_images_dir" "${name/:/-}"
}

plain_tar() { tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=ustar "$@"; }

# make_image IMAGE: writes the archive, unless it is there.
make_image() (
  local name file work layer config arch
  name=$(image_name "$1")
  file=$(image_file "$1")
  if [[ -s $file ]]; then
    touch "$file"
    return
  fi
  writable_dir "$node_images_dir"
  work=$(mktemp -d "$node_images_dir/.image-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work"/root/{bin,etc,tmp} "$work/archive"
  chmod 755 "$work/root"
  chmod 1777 "$work/root/tmp"
  install -m 755 "$(image_binary "$1")" "$work/root/bin/$1"
  [[ $1 != busybox ]] || for applet in sh mkdir rm; do ln -s busybox "$work/root/bin/$applet"; done
  plain_tar -cf "$work/layer.tar" -C "$work/root" .
  layer=$(sha256 <"$work/layer.tar")
  mkdir "$work/archive/$layer"
  mv "$work/layer.tar" "$work/archive/$layer/layer.tar"
  case $(uname -m) in aarch64 | arm64) arch=arm64 ;; *) arch=amd64 ;; esac
  printf '{"architecture":"%s","os":"linux","config":{"Entrypoint":["/bin/%s"],"Env":["PATH=/bin"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$arch" "$1" "$layer" >"$work/config.json"
  config=$(sha256 <"$work/config.json")
  mv "$work/config.json" "$work/archive/$config.json"
  printf '[{"Config":"%s.json","RepoTags":["%s"],"Layers":["%s/layer.tar"]}]' "$config" "$name" "$layer" >"$work/archive/manifest.json"
  plain_tar -cf "$work/image.tar" -C "$work/archive" .
  mv "$work/image.tar" "$file"
  find "$node_images_dir" -maxdepth 1 -name '*.tar' -mtime +30 -delete # of sources long gone
)
