# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Starts the cluster: the control plane as plain processes on loopback, and the node (node.sh) when it is wanted.

k() { "$bin/kubectl" --kubeconfig "$state/kubeconfig" "$@"; }
get() { curl -sf --max-time 5 --cacert "$pki/ca.crt" --cert "$pki/admin.crt" --key "$pki/admin.key" "$server$1"; }

mode() { echo "${only:-full}"; }
was_mode() { cat "$state/mode" 2>/dev/null || :; }
report() { printf 'KUBECONFIG=%s\nKUBE_OFFSET=%s\n' "$state/kubeconfig" "$offset"; }

up() {
  local all
  if [[ -e $state/pids ]]; then
    if [[ $(was_mode) == "$(mode)" ]] && status >/dev/null 2>&1; then
      say 'already up'
      report
      return
    fi
    stop --keep
    [[ $(was_mode) == "$(mode)" ]] || wipe
  fi
  if [[ ! $only ]]; then
    ((EUID == 0)) || die 'a node needs root; without it: up --apiserver-only'
    case $state/ in /run/* | /var/* | /sys/* | /proc/*) die "the node cannot keep its state under $state; choose another --state" ;; esac
    ((${#state} < 80)) || die "the path of the state is too long for a socket: $state; choose a shorter --state"
  fi
  all=$(clock)
  build
  mkdir -p "$log"
  rm -f "$log"/*.log
  mode >"$state/mode"
  echo "$offset" >"$state/offset"
  : >"$state/pids"
  trap 'code=$?; ((code == 0)) || say "kube: up failed; kube down cleans"' EXIT

  start_etcd
  prepare
  await_etcd
  start_apiserver
  start_controllers
  [[ $only ]] || node_up
  [[ ! $owner ]] || watch_owner
  step "$all" 'all'
  report
}

start_etcd() {
  local client=http://127.0.0.1:$((port + 1)) peer=http://127.0.0.1:$((port + 2))
  run etcd "$bin/etcd" --name kube --data-dir "$state/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "$client" --advertise-client-urls "$client" --listen-peer-urls "$peer" \
    --initial-advertise-peer-urls "$peer" --initial-cluster "kube=$peer"
}

prepare() { # while etcd starts
  local began
  began=$(clock)
  certificates
  kubeconfig "$state/kubeconfig" admin
  kubeconfig "$state/controller-manager.conf" controller-manager
  kubeconfig "$state/scheduler.conf" scheduler
  step "$began" 'certificates, kubeconfigs'
  [[ ! $only ]] || return 0
  began=$(clock)
  node_namespaces
  images_up >"$log/images.log" 2>&1 &
  step "$began" 'namespaces, network'
}

await_etcd() {
  local began
  began=$(clock)
  wait_for 30 etcd curl -sf --max-time 2 "http://127.0.0.1:$((port + 1))/health"
  step "$began" etcd
}

start_apiserver() {
  local began advertise=(--advertise-address="$host_ip")
  began=$(clock)
  [[ ! $only ]] || advertise=(--advertise-address=127.0.0.1 --endpoint-reconciler-type=none)
  run kube-apiserver "$bin/kube-apiserver" --etcd-servers="http://127.0.0.1:$((port + 1))" \
    --bind-address=127.0.0.1 --secure-port="$port" \
    --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
    --service-cluster-ip-range="$svc_cidr" \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file="$pki/sa.pub" --service-account-signing-key-file="$pki/sa.key" \
    --kubelet-client-certificate="$pki/apiserver-kubelet.crt" --kubelet-client-key="$pki/apiserver-kubelet.key" \
    --kubelet-certificate-authority="$pki/ca.crt" --kubelet-preferred-address-types=InternalIP \
    --proxy-client-cert-file="$pki/front-proxy.crt" --proxy-client-key-file="$pki/front-proxy.key" \
    --requestheader-client-ca-file="$pki/ca.crt" --requestheader-allowed-names=front-proxy-client \
    --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group \
    --requestheader-username-headers=X-Remote-User --shutdown-delay-duration=0 "${advertise[@]}"
  wait_for 60 kube-apiserver get /readyz
  step "$began" kube-apiserver
}

start_controllers() {
  local began
  began=$(clock)
  run kube-controller-manager "$bin/kube-controller-manager" --kubeconfig="$state/controller-manager.conf" \
    --authentication-kubeconfig="$state/controller-manager.conf" --authorization-kubeconfig="$state/controller-manager.conf" \
    --bind-address=127.0.0.1 --secure-port="$((port + 3))" --leader-elect=false --use-service-account-credentials \
    --kube-api-qps=500 --kube-api-burst=1000 --root-ca-file="$pki/ca.crt" --service-account-private-key-file="$pki/sa.key" \
    --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key" \
    --cluster-cidr="$pod_cidr" --service-cluster-ip-range="$svc_cidr"
  run kube-scheduler "$bin/kube-scheduler" --kubeconfig="$state/scheduler.conf" \
    --authentication-kubeconfig="$state/scheduler.conf" --authorization-kubeconfig="$state/scheduler.conf" \
    --bind-address=127.0.0.1 --secure-port="$((port + 4))" --leader-elect=false
  wait_for 30 kube-scheduler curl -skf --max-time 2 "https://127.0.0.1:$((port + 4))/healthz"
  wait_for 30 kube-controller-manager curl -skf --max-time 2 "https://127.0.0.1:$((port + 3))/healthz"
  wait_for 30 'the default service account' get /api/v1/namespaces/default/serviceaccounts/default
  step "$began" 'controller-manager, scheduler'
}

# A test that is killed cannot take its cluster down: this does it.
watch_owner() {
  setsid bash "$self" --offset "$offset" --state "$state" reap "$owner" "$(start_time "$owner")" "$(head -n 1 "$state/pids")" \
    </dev/null >"$log/owner.log" 2>&1 9>&- &
  disown $!
}

# reap PID START FIRST: down when that process has ended; nothing when the cluster that began with FIRST is gone by then
reap() {
  while alive "$1" "$2"; do
    [[ $(head -n 1 "$state/pids" 2>/dev/null) == "$3" ]] || return 0
    sleep 0.5
  done
  [[ $(head -n 1 "$state/pids" 2>/dev/null) != "$3" ]] || down ''
}
