# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Stops the cluster and says what runs.

stop() { # [--keep]
  local keep=${1:-} name pid started end hierarchy
  if [[ -e $state/pids ]]; then
    # Backwards. What is to be used again is let finish.
    while read -r name pid started; do
      alive "$pid" "$started" || continue
      if [[ $keep && $name != node* ]]; then kill -TERM "$pid" 2>/dev/null || :; else kill -KILL "$pid" 2>/dev/null || :; fi
    done < <(tac "$state/pids")
    end=$((SECONDS + 8))
    while read -r name pid started; do
      while alive "$pid" "$started" && [[ $(cut -d')' -f2 "/proc/$pid/stat" 2>/dev/null) != ' Z'* ]]; do
        ((SECONDS < end)) || kill -KILL "$pid" 2>/dev/null || :
        sleep 0.02
      done
    done <"$state/pids"
    rm -f "$state/pids"
  fi
  ip link del "$link" 2>/dev/null || :
  while read -r hierarchy; do
    [[ -d $hierarchy/$cgroup ]] || continue
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      find "$hierarchy/$cgroup" -depth -type d -exec rmdir {} \; 2>/dev/null || :
      [[ -d $hierarchy/$cgroup ]] || break
      sleep 0.1
    done
    [[ ! -d $hierarchy/$cgroup ]] || say "kube: left behind: $hierarchy/$cgroup"
  done < <(cgroup_hierarchies)
  rm -f "$state/containerd.sock"*
}

wipe() {
  local part
  ! findmnt -rno TARGET | grep -qF "$state/" || die "something is still mounted under $state; findmnt shows it"
  for part in etcd containerd kubelet volumes cni pod-logs flag scratch kubectl-cache mode offset kubeconfig resolv.conf; do
    rm -rf --one-file-system "${state:?}/$part"
  done
  rm -f "$state"/*.conf "$state"/*.yaml "$state"/*.toml
}

down() { # [--keep]
  local began keep=${1:-}
  began=$(clock)
  [[ -d $state ]] || { say "nothing at $state"; return; }
  stop "$keep"
  [[ $keep ]] || { wipe; unclaim; }
  step "$began" down
}

status() {
  local name pid started child bad=0
  [[ -e $state/pids ]] || { echo "down ($state)"; return 1; }
  printf '%-26s %s\n' mode "$(was_mode)" kubeconfig "$state/kubeconfig"
  while read -r name pid started; do
    if alive "$pid" "$started"; then printf '%-26s pid %s\n' "$name" "$pid"; else printf '%-26s DEAD\n' "$name"; bad=1; fi
  done <"$state/pids"
  if pid=$(pid_of node-init); then
    for name in containerd kubelet kube-proxy; do
      started=
      for child in $(<"/proc/$pid/task/$pid/children"); do [[ $(<"/proc/$child/comm") == "$name" ]] && started=$child; done
      if [[ $started ]]; then printf '%-26s pid %s\n' "$name" "$started"; else printf '%-26s DEAD\n' "$name"; bad=1; fi
    done
    k get nodes --no-headers --request-timeout=3s 2>/dev/null || bad=1
  fi
  printf '%-26s ' readyz
  k get --raw /readyz --request-timeout=3s 2>/dev/null || { printf no; bad=1; }
  echo
  return $bad
}
