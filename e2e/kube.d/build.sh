# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Builds the programs into the cache, each once: a stamp beside it says what it was made from.

# name  module directory  package  kind (a: also for --apiserver-only, n: node, g: node, with cgo)
programs='
etcd . go.etcd.io/etcd/server/v3 a
kube-apiserver . k8s.io/kubernetes/cmd/kube-apiserver a
kube-controller-manager . k8s.io/kubernetes/cmd/kube-controller-manager a
kube-scheduler . k8s.io/kubernetes/cmd/kube-scheduler a
kubectl . k8s.io/kubernetes/cmd/kubectl a
kubelet . k8s.io/kubernetes/cmd/kubelet n
kube-proxy . k8s.io/kubernetes/cmd/kube-proxy n
containerd tools/containerd github.com/containerd/containerd/v2/cmd/containerd n
containerd-shim-runc-v2 tools/containerd github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2 n
ctr tools/containerd github.com/containerd/containerd/v2/cmd/ctr n
runc tools/runc github.com/opencontainers/runc g
cni/bridge tools/cni github.com/containernetworking/plugins/plugins/main/bridge n
cni/host-local tools/cni github.com/containernetworking/plugins/plugins/ipam/host-local n
cni/loopback tools/cni github.com/containernetworking/plugins/plugins/main/loopback n
coredns tools/coredns . n
forward tools/forward . n
local-path-provisioner tools/local-path github.com/rancher/local-path-provisioner n
'
debs='nftables libnftables1 libnftnl11 libmnl0 libjansson4 libgmp10 libedit2 libxtables12 libbsd0 libmd0 libtinfo6
 busybox-static libseccomp-dev'

need() {
  local program
  for program; do
    command -v "$program" >/dev/null || die "needs $program, found none on PATH; $parts/README.md lists what is needed"
  done
}

module_version() { awk -v m="$2" '$1 == m && $2 ~ /^v/ { print $2; exit }' "$parts/$1/go.mod"; }

stamp_file() { printf '%s/stamp/%s' "$cache" "${1//\//%}"; }
# stamp FILE WHAT: true when FILE was last made from WHAT
stamp() { [[ -e $1 && -e $(stamp_file "$1") && $(<"$(stamp_file "$1")") == "$2" ]]; }
set_stamp() { mkdir -p "$cache/stamp"; printf '%s' "$2" >"$(stamp_file "$1")"; }

# Builders take turns; only who has something to build waits.
locked=
lock() { [[ $locked ]] || { exec 9>"$cache/build.lock"; flock 9; locked=1; }; }
unlock() { [[ ! $locked ]] || exec 9>&-; locked=; }

build() {
  local name dir package kind toolchain
  need go curl openssl flock
  [[ $only ]] || need gcc apt-get dpkg-deb ip nsenter unshare findmnt
  toolchain=$(go version)
  mkdir -p "$bin/cni" "$cache/stamp"
  # shellcheck disable=SC2086 # one word a package
  [[ $only ]] || unpack "$cache/deb" $debs
  while read -r name dir package kind; do
    [[ $name ]] || continue
    [[ $only && $kind != a ]] || build_go "$name" "$dir" "$package" "$kind"
  done <<<"$programs"
  if [[ ! $only ]]; then
    [[ -x $bin/nft ]] || wrap_nft
    build_images
  fi
  unlock
}

build_go() { # name dir package kind
  local name=$1 dir=$2 package=$3 kind=$4 version flags='-s -w' tags='' began what out=$bin/$1
  version=$(module_version . k8s.io/kubernetes)
  local v=k8s.io/component-base/version
  [[ $package == k8s.io/kubernetes/* ]] && flags+=" -X $v.gitVersion=$version -X $v.gitMajor=1 -X $v.gitMinor=$(cut -d. -f2 <<<"$version")\
 -X $v.gitTreeState=clean -X $v.gitCommit=$version -X $v.buildDate=1970-01-01T00:00:00Z"
  [[ $dir == tools/containerd ]] && tags='no_btrfs no_zfs no_devmapper no_tracing'
  local -x CGO_ENABLED=0 GOFLAGS='-trimpath -mod=readonly -buildvcs=false'
  if [[ $kind == g ]]; then
    CGO_ENABLED=1
    tags='seccomp netgo osusergo'
    flags+=' -extldflags -static'
    local -x CGO_CFLAGS="-I$cache/deb/usr/include" CGO_LDFLAGS="-L$cache/deb/usr/lib/$(gcc -print-multiarch)"
    local -x PKG_CONFIG=$cache/pkg-config
    printf '#!/bin/sh\ncase " $* " in *" --libs "*) echo -lseccomp ;; esac\n' >"$PKG_CONFIG"
    chmod +x "$PKG_CONFIG"
  fi
  what=$(find "$parts/$dir" -maxdepth 1 \( -name go.mod -o -name '*.go' \) -print0 | sort -z | xargs -0 cat | sha256sum)$flags$tags$toolchain
  stamp "$out" "$what" && return
  lock
  stamp "$out" "$what" && return
  began=$(clock)
  mkdir -p "$(dirname "$out")"
  say "  building $name ..."
  (cd "$parts/$dir" && nice -n 5 go build -p 2 ${tags:+-tags "$tags"} -ldflags "$flags" -o "$out" "$package") ||
    die "$name did not build"
  set_stamp "$out" "$what"
  step "$began" "built $name"
}

# unpack DIR PACKAGE...: Debian packages, without their dependencies, installing nothing
unpack() {
  local to=$1 began package
  shift
  stamp "$to" "$*" && return
  lock
  stamp "$to" "$*" && return
  began=$(clock)
  rm -rf "$to" "$to.get"
  mkdir -p "$to.get" "$to"
  (cd "$to.get"
    apt-get -qq download "$@" 2>/dev/null || { apt-get -qq update && apt-get -qq download "$@" 2>/dev/null; }) ||
    die "could not download from Debian: $*"
  for package in "$to.get"/*.deb; do dpkg-deb -x "$package" "$to"; done
  rm -rf "$to.get"
  set_stamp "$to" "$*"
  step "$began" 'unpacked Debian packages'
}

wrap_nft() { # kube-proxy calls nft; this one brings its libraries and needs no installation
  local lib
  lib=$(gcc -print-multiarch)
  cat >"$bin/nft" <<NFT
#!/bin/sh
here=\$(dirname "\$0")/../deb
LD_LIBRARY_PATH=\$here/usr/lib/$lib:\$here/lib/$lib exec "\$here/usr/sbin/nft" "\$@"
NFT
  chmod +x "$bin/nft"
}
