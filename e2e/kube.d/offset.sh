# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The offset: which ports, subnets and state directory this cluster has.

choose_offset() {
  [[ ! $state || $state == /* ]] || state=$PWD/$state
  if [[ ! $offset && $state && -e $state/offset ]]; then offset=$(<"$state/offset"); fi
  if [[ $offset == auto ]]; then
    [[ $command == up ]] || die "--offset auto is for up; $command takes the offset that up printed, or --state"
    claim
  fi
  offset=$((10#${offset:-0}))
  state=${state:-$cache/run/$offset}

  port=$((26400 + 10 * offset)) # +0 API server, +1 etcd, +2 etcd peer, +3 controller-manager, +4 scheduler
  server=https://127.0.0.1:$port
  host_ip=10.219.$offset.1
  node_ip=10.219.$offset.2
  pod_cidr=10.220.$offset.0/24
  svc_cidr=10.221.$offset.0/24
  svc_ip=10.221.$offset.1
  dns_ip=10.221.$offset.10
  link=nxkube$offset
  cgroup=narthex-kube-$offset
  node=node-0
  log=$state/log
  pki=$cache/pki/$offset # kept: it depends on nothing but the offset
  export KUBECACHEDIR=$state/kubectl-cache # a cluster made anew is not to be taken for its predecessor
}

# Takes the highest offset that nobody has. A claim is a file with the state directory and the process that claimed;
# it lapses when neither that process nor one of the cluster's is alive. Several may claim at once.
claim() {
  local n
  mkdir -p "$cache/claims"
  exec 8>"$cache/claims/lock"
  flock 8
  for ((n = 99; n >= 0; n--)); do
    if free "$n"; then
      offset=$n
      printf '%s %s %s\n' "$$" "$(start_time $$)" "${state:-$cache/run/$n}" >"$cache/claims/$n"
      exec 8>&-
      return
    fi
  done
  die 'all offsets from 0 to 99 are taken'
}

free() {
  local pid started dir name p
  if [[ -e $cache/claims/$1 ]]; then
    read -r pid started dir <"$cache/claims/$1"
    ! alive "$pid" "$started" || return 1
    if [[ -e $dir/pids && $(cat "$dir/offset" 2>/dev/null) == "$1" ]]; then
      while read -r name pid started; do
        ! alive "$pid" "$started" || return 1
      done <"$dir/pids"
    fi
  fi
  for p in 0 1 2 3 4; do
    ! (exec 3<>"/dev/tcp/127.0.0.1/$((26400 + 10 * $1 + p))") 2>/dev/null || return 1
  done
}

unclaim() { rm -f "$cache/claims/$offset"; }
