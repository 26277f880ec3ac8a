# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Words that every part of kube uses: messages, time, processes.

say() { printf '%s\n' "$*" >&2; }
die() { say "kube: $*"; exit 1; }
trap 'say "kube: line $LINENO of $(basename "${BASH_SOURCE[0]}") failed: $BASH_COMMAND"' ERR

clock() { date +%s%N; }
since() { local ms=$((($(clock) - $1) / 1000000)); printf '%d.%02d s' $((ms / 1000)) $((ms % 1000 / 10)); }
# step BEGAN WHAT: one line of progress with the time it took
step() { local began=$1; shift; printf '  %-34s %9s\n' "$*" "$(since "$began")" >&2; }

# The start time of a process: with its id it names one process for good, for ids are used again.
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086 # the fields of proc_pid_stat(5) from the third on
  set -- $stat
  echo "${20}"
}
alive() { [[ -e /proc/$1/stat && $(start_time "$1") == "$2" ]]; }

# run NAME COMMAND...: start it detached, with a log of its own; pids holds its name, id and start time
run() {
  local name=$1 pid
  shift
  setsid "$@" </dev/null >>"$log/$name.log" 2>&1 9>&- &
  pid=$!
  disown "$pid"
  echo "$name $pid $(start_time "$pid")" >>"$state/pids"
}

pid_of() {
  local name pid started
  while read -r name pid started; do
    [[ $name == "$1" ]] && alive "$pid" "$started" && echo "$pid" && return
  done <"$state/pids"
  return 1
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds; ends at once when one of the processes has ended
wait_for() {
  local end=$((SECONDS + $1)) what=$2 name pid started
  shift 2
  until "$@" >/dev/null 2>&1; do
    while read -r name pid started; do
      alive "$pid" "$started" && continue
      tail -n 15 "$log/$name.log" >&2
      die "$name ended while waiting for $what; logs: $log"
    done <"$state/pids"
    ((SECONDS < end)) || die "timed out waiting for $what; logs: $log"
    sleep 0.05
  done
}
