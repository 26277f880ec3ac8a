# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with run and the other parts
# The cluster: Kind, or e2e/kube where there is no container engine.

cluster=narthex-e2e state=''

engine() { docker info >/dev/null 2>&1 || podman info >/dev/null 2>&1; }

choose_cluster() {
  if [[ ! $kind ]]; then
    if command -v kind >/dev/null && engine; then kind=kind; else kind=local; fi
  fi
  case $kind in
    kind)
      if ! command -v kind >/dev/null || ! engine; then
        say 'run: --kind needs kind and a running container engine, and found no such two'
        exit 1
      fi
      command -v kubectl >/dev/null || { say 'run: --kind needs kubectl on PATH'; exit 1; }
      export KUBECONFIG=$logs/kubeconfig
      ;;
    local)
      ((EUID == 0)) || { say 'run: no container engine with kind was found, and e2e/kube needs root for a node; run as root'; exit 1; }
      state=$(mktemp -d "${TMPDIR:-/tmp}/narthex-e2e.XXXXXX")
      export KUBECONFIG=$state/kubeconfig
      ;;
  esac
}

cluster_up() {
  case $kind in
    kind) kind create cluster --name "$cluster" --kubeconfig "$KUBECONFIG" --wait 3m >"$logs/cluster.log" 2>&1 ;;
    # The owner: down by itself when this run is killed and cannot do it. Unset: an offset chosen for something else.
    local)
      local owner=(--owner $$)
      [[ ! $keep ]] || owner=()
      env -u KUBE_OFFSET -u KUBE_STATE "$here/kube" --offset auto --state "$state" up "${owner[@]}" >"$logs/cluster.log" 2>&1
      ;;
  esac || { tail -n 20 "$logs/cluster.log" >&2; return 1; }
}

cluster_load() {
  case $kind in
    kind) kind load image-archive --name "$cluster" "$@" ;;
    local) "$here/kube" --state "$state" load "$@" ;;
  esac
}

cluster_down() {
  case $kind in
    kind) kind delete cluster --name "$cluster" ;;
    local)
      "$here/kube" --state "$state" down && rm -rf "$state"
      ;;
  esac
}

cluster_hint() {
  say "        the cluster runs on: export KUBECONFIG=$KUBECONFIG"
  case $kind in
    kind) say "        down: kind delete cluster --name $cluster" ;;
    local) say "        down: e2e/kube --state $state down" ;;
  esac
}

k() {
  case $kind in
    kind) kubectl --request-timeout=60s "$@" ;;
    local) "$here/kube" --state "$state" kubectl --request-timeout=60s "$@" ;;
  esac
}
