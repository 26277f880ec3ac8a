# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with run and the other parts
# Steps of a run: each is timed, counted and bounded.

passed=0 failed=0 step='' begun=0 watchdog=''

say() { printf '%s\n' "$*" >&2; }
# fail WHY: ends the step
fail() { say "        $*"; return 1; }
now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo "${t%???}"; }
seconds_since() { local ms=$(($(now_ms) - $1)); printf '%d.%d' $((ms / 1000)) $((ms % 1000 / 100)); }

# take WHAT COMMAND...: one step
take() {
  step=$1
  begun=$(now_ms)
  shift
  note=''
  # In a condition `set -e` is off: a step says what it cannot go on without by `|| return`.
  if "$@"; then
    passed=$((passed + 1))
    printf 'ok      %-46s %7s s%s\n' "$step" "$(seconds_since "$begun")" "${note:+  $note}"
  else
    failed=$((failed + 1))
    printf 'FAILED  %-46s %7s s\n' "$step" "$(seconds_since "$begun")"
    step=''
    return 1
  fi
  step=''
}

# check: a step; the run goes on when it fails. must: one that all later ones need
check() { take "$@" || :; }
must() { take "$@" || exit 1; }

# until_true SECONDS WHAT COMMAND...: waits for a condition, five times a second
until_true() {
  local end=$(($(now_ms) + $1 * 1000)) seconds=$1 what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    (($(now_ms) < end)) || { fail "not within $seconds s: $what"; return 1; }
    sleep 0.2
  done
}

# deadline SECONDS: the whole run ends then, whatever hangs
deadline() {
  (
    trap - EXIT INT TERM
    sleep "$1" &
    trap 'kill %1 2>/dev/null; exit' TERM
    wait
    say "        not done within $1 s, ending"
    kill -TERM "$$"
  ) &
  watchdog=$!
}

# The end of every run, however it came to it.
finish() {
  local code=$?
  trap - EXIT
  set +e
  [[ ! $watchdog ]] || { kill "$watchdog" 2>/dev/null; wait "$watchdog" 2>/dev/null; }
  if [[ $step ]]; then
    failed=$((failed + 1))
    printf 'FAILED  %-46s %7s s\n' "$step" "$(seconds_since "$begun")"
  fi
  ((failed == 0)) || collect_logs
  if [[ $keep ]]; then
    cluster_hint
  else
    local t
    t=$(now_ms)
    cluster_down >>"$logs/cluster.log" 2>&1
    printf '        %-46s %7s s\n' 'cluster down' "$(seconds_since "$t")"
  fi
  echo "$passed passed, $failed failed"
  ((failed == 0 && code == 0)) || exit 1
}
