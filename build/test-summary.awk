# SPDX-License-Identifier: Apache-2.0
# Sums up the XML reports of Surefire (unit) and Failsafe (integration): a line a module, the reasons of skipped tests,
# and the whole.
function attribute(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3) + 0 : 0 }
/<testsuite / { open = 1 }
open && /tests="/ {
  split(FILENAME, part, "/target/")
  kind = part[1] (part[2] ~ /^failsafe/ ? " (integration)" : "")
  if (!(kind in tests)) { order[++kinds] = kind }
  tests[kind] += attribute("tests"); failures[kind] += attribute("failures")
  errors[kind] += attribute("errors"); skipped[kind] += attribute("skipped")
  open = 0
}
/<skipped/ && match($0, "message=\"[^\"]*\"") { reasons[substr($0, RSTART + 9, RLENGTH - 10)]++ }
END {
  for (i = 1; i <= kinds; i++) {
    k = order[i]
    printf "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d - in %s\n", \
      tests[k], failures[k], errors[k], skipped[k], substr(k, 3)
    t += tests[k]; f += failures[k]; e += errors[k]; s += skipped[k]
  }
  for (reason in reasons) { printf "skipped %d: %s\n", reasons[reason], reason }
  printf "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d\n", t, f, e, s
}
