# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Images without an image builder: root file systems, packed as Docker archives of one layer.

# skeleton DIR: busybox under all its names, two users, /tmp
skeleton() {
  local name
  mkdir -p "$1"/{bin,etc,tmp,home}
  cp "$cache/deb/bin/busybox" "$1/bin/busybox"
  for name in $("$1/bin/busybox" --list); do [[ $name == busybox || -e $1/bin/$name ]] || ln -s busybox "$1/bin/$name"; done
  chmod 1777 "$1/tmp"
  printf 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/sh\n' >"$1/etc/passwd"
  printf 'root:x:0:\nnobody:x:65534:\n' >"$1/etc/group"
}

rootfs() {
  mkdir -p "$cache/stamp"
  # shellcheck disable=SC2086 # one word a package
  unpack "$cache/deb" $debs
  unpack "$cache/root" libc6 libgcc-s1 libstdc++6 zlib1g
  unlock
  mkdir -p "$1"
  cp -a "$cache/root/." "$1"
  rm -rf "$1"/usr/share/{doc,lintian,locale,gdb,gcc} "$1"/usr/lib/*/gconv
  skeleton "$1"
}

# image NAME ROOT OUT [ENTRYPOINT...]: a Docker archive of one layer, the same bytes for the same files.
# IMAGE_USER (uid:gid) is who runs it by default, IMAGE_DIR where, IMAGE_ENV (NAME=VALUE, one a line) with what else.
image() {
  local name=$1 root=$2 out=$3 work diff config id list='' environment='' word
  shift 3
  work=$(mktemp -d)
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C "$root" -cf "$work/layer.tar" .
  diff=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
  for word; do list+=${list:+,}$(json_string "$word"); done
  while read -r word; do [[ ! $word ]] || environment+=,$(json_string "$word"); done <<<"${IMAGE_ENV:-}"
  config='{"created":"1970-01-01T00:00:00Z","architecture":"'$(architecture)'","os":"linux","config":{"User":'$(json_string "${IMAGE_USER:-}")',
"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"'$environment'],"Entrypoint":['$list'],
"WorkingDir":'$(json_string "${IMAGE_DIR:-/}")'},"rootfs":{"type":"layers","diff_ids":["sha256:'$diff'"]},"history":[{"created":"1970-01-01T00:00:00Z"}]}'
  id=$(printf '%s' "$config" | sha256sum | cut -d' ' -f1)
  printf '%s' "$config" >"$work/$id.json"
  printf '[{"Config":"%s.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$id" "$name" >"$work/manifest.json"
  mkdir -p "$(dirname "$out")"
  tar -C "$work" --owner=0 --group=0 --numeric-owner --mtime=@0 -cf "$out" manifest.json "$id.json" layer.tar
  rm -rf "$work"
}

json_string() { local s=${1//\\/\\\\}; printf '"%s"' "${s//\"/\\\"}"; }

architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64 | arm64) echo arm64 ;;
    *) uname -m ;;
  esac
}

# The images of the cluster's own pods, and localhost/kube/base:1, a busybox for tests.
build_images() {
  local began root what
  what=$(cat "$parts/image/pause.c" "$(stamp_file "$bin/coredns")" "$(stamp_file "$bin/local-path-provisioner")" \
    "$(stamp_file "$cache/deb")" <(declare -f image skeleton build_images) | sha256sum)
  stamp "$cache/images" "$what" && return
  lock
  stamp "$cache/images" "$what" && return
  began=$(clock)
  rm -rf "$cache/images"
  mkdir -p "$cache/images"
  root=$(mktemp -d)
  mkdir -p "$root/pause" "$root/coredns"
  gcc -Os -static -s -o "$root/pause/pause" "$parts/image/pause.c"
  image localhost/kube/pause:1 "$root/pause" "$cache/images/pause.tar" /pause
  skeleton "$root/base"
  image localhost/kube/base:1 "$root/base" "$cache/images/base.tar"
  cp "$bin/coredns" "$root/coredns/"
  image localhost/kube/coredns:1 "$root/coredns" "$cache/images/coredns.tar" /coredns
  cp "$bin/local-path-provisioner" "$root/base/bin/"
  image localhost/kube/local-path:1 "$root/base" "$cache/images/local-path.tar" local-path-provisioner
  rm -rf "$root"
  set_stamp "$cache/images" "$what"
  step "$began" 'made images'
}

ctr() { "$bin/ctr" --address "$state/containerd.sock" -n k8s.io "$@"; }

load() {
  local file out
  [[ -S $state/containerd.sock ]] || die "no node at $state; found no containerd there: kube up, as root"
  for file; do
    out=$(ctr images import "$file" 2>&1) || die "$file: $out"
  done
}
