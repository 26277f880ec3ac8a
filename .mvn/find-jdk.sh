# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Finds a JDK >= 25 and exports JAVA_HOME. Sourced (never executed) by mvnw and narthex, before
# they switch globbing off. The first fit wins: NARTHEX_JAVA_HOME, JAVA_HOME, javac on the PATH,
# then the places where package managers and tools put JDKs. Ends the sourcing script with 1 when
# there is none, or when NARTHEX_JAVA_HOME names something else.

NARTHEX_JDK_LEAST=25

# Prints the major version of the JDK in directory $1; nothing if there is no JDK.
narthex_jdk_major() {
  [ -n "$1" ] && [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release"
}

narthex_jdk_fits() {
  narthex_major=$(narthex_jdk_major "$1")
  [ -n "$narthex_major" ] && [ "$narthex_major" -ge "$NARTHEX_JDK_LEAST" ]
}

narthex_find_jdk() {
  if [ -n "${NARTHEX_JAVA_HOME:-}" ]; then
    if narthex_jdk_fits "$NARTHEX_JAVA_HOME"; then
      JAVA_HOME=$NARTHEX_JAVA_HOME
      return 0
    fi
    narthex_major=$(narthex_jdk_major "$NARTHEX_JAVA_HOME")
    echo "NARTHEX_JAVA_HOME: no JDK >= $NARTHEX_JDK_LEAST there, found ${narthex_major:-none} in" \
      "\"$NARTHEX_JAVA_HOME\"; name the directory of a JDK >= $NARTHEX_JDK_LEAST or unset it." >&2
    return 1
  fi
  if narthex_jdk_fits "${JAVA_HOME:-}"; then
    return 0
  fi
  narthex_javac=$(command -v javac 2>/dev/null) || narthex_javac=
  if [ -n "$narthex_javac" ]; then
    narthex_javac=$(readlink -f "$narthex_javac" 2>/dev/null || echo "$narthex_javac")
    narthex_javac=${narthex_javac%/bin/javac}
  fi
  for narthex_jdk in "$narthex_javac" "${JAVA_HOME_25_X64:-}" "${JAVA_HOME_25_ARM64:-}" \
    "${JDK_25:-}" /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* \
    /opt/java/* /opt/jdk* /opt/openjdk* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
    "${HOME:-}"/.gradle/jdks/* "${HOME:-}"/.asdf/installs/java/* \
    "${HOME:-}"/.local/share/mise/installs/java/* "${HOME:-}"/.local/share/jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if narthex_jdk_fits "$narthex_jdk"; then
      JAVA_HOME=$narthex_jdk
      return 0
    fi
  done
  echo "Narthex needs a JDK >= $NARTHEX_JDK_LEAST and found none: install one (for example Eclipse" \
    "Temurin $NARTHEX_JDK_LEAST, from your package manager or https://adoptium.net) or set" \
    "NARTHEX_JAVA_HOME to the directory of one." >&2
  return 1
}

narthex_find_jdk || exit 1
export JAVA_HOME
unset narthex_javac narthex_jdk narthex_major
