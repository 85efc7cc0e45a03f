# shellcheck shell=bash
# The images of the cluster's add-ons: each a layer with one binary from toolchain/, in a file that containerd and
# `docker load` take. Sourced, never run.
# shellcheck source=toolchain.sh
. "${BASH_SOURCE[0]%/*}/toolchain.sh"

node_images_dir=$cache/node-images
node_images=(pause coredns metrics-server local-path-provisioner traefik busybox)
declare -A image_binary image_name image_file # of each: what it is about, its reference, the archive that holds it

# name_images: fills them. The tag changes with the binary: a tool's folder carries the hash of its sources. busybox,
# from the system, is the shell that makes the folders of volumes.
name_images() {
  local image path tag
  for image in "${node_images[@]}"; do
    if [[ $image == busybox ]]; then
      path=/bin/busybox
      tag=$(sha256 <$path)
      tag=${tag:0:16}
    else
      path=$(tool_path "$image")
      tag=${path%/*}
      tag=$(tool_version "$image")-${tag##*-}
    fi
    image_binary[$image]=$path
    image_name[$image]=twofold.local/$image:$tag
    image_file[$image]=$node_images_dir/$image-$tag.tar
  done
}

plain_tar() { tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=ustar "$@"; }

# make_image IMAGE: writes the archive, unless it is there.
make_image() (
  local name=${image_name[$1]} file=${image_file[$1]} work layer config arch
  if [[ -s $file ]]; then
    touch "$file"
    return
  fi
  writable_dir "$node_images_dir"
  work=$(mktemp -d "$node_images_dir/.image-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  local files=$work/files
  mkdir -p "$files"/{bin,etc,tmp} "$work/archive"
  chmod 755 "$files"
  chmod 1777 "$files/tmp"
  install -m 755 "${image_binary[$1]}" "$files/bin/$1"
  [[ $1 != busybox ]] || for applet in sh mkdir rm; do ln -s busybox "$files/bin/$applet"; done
  plain_tar -cf "$work/layer.tar" -C "$files" .
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
