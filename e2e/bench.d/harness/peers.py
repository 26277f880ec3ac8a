# SPDX-License-Identifier: Apache-2.0
"""Installs the peers below the user's cache directory; nothing on the system changes.

Prometheus and Alertmanager are Debian packages, unpacked and not installed;
VictoriaMetrics is built with the Go toolchain from its published module.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

DEBIAN_SUITE = "sid"
DEBIAN_PACKAGES = ["prometheus", "promtool", "prometheus-alertmanager"]
VICTORIA_MODULE = "github.com/VictoriaMetrics/VictoriaMetrics"
VICTORIA_VERSION = "v1.122.0"


def cache_home():
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def folder():
    return cache_home() / "narthex-peers"


def _run(argv, **options):
    subprocess.run(argv, check=True, **options)


def debian_mirror():
    """The base address of the mirror this machine already uses for Debian."""
    lines = []
    for file in [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]:
        if file.suffix in (".list", ".sources") and file.is_file():
            lines += file.read_text().splitlines()
    for line in lines:
        found = re.match(r"(?:URIs:|deb(?:\s+\[[^]]*\])?)\s+(\S+/debian)/?(?:\s|$)", line)
        if found:
            return found.group(1)
    raise SystemExit("peers: no Debian mirror in apt's sources")


def install_debian(force):
    root = folder() / "root"
    if root.exists() and not force:
        return
    state = folder() / "apt"
    (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (state / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    source = state / "sources.list"
    key = "/usr/share/keyrings/debian-archive-keyring.gpg"
    source.write_text(f"deb [signed-by={key}] {debian_mirror()} {DEBIAN_SUITE} main\n")
    options = [f"Dir::Etc::sourcelist={source}", "Dir::Etc::sourceparts=/dev/null", f"Dir::State::Lists={state}/lists",
               f"Dir::Cache={state}", "APT::Sandbox::User=root", "Acquire::Languages=none"]
    apt = ["apt-get", "-qq"] + [word for option in options for word in ("-o", option)]
    _run(apt + ["update"])
    packages = folder() / "packages"
    shutil.rmtree(packages, ignore_errors=True)
    packages.mkdir()
    _run(apt + ["download"] + DEBIAN_PACKAGES, cwd=packages)
    fresh = folder() / "root.new"
    shutil.rmtree(fresh, ignore_errors=True)
    for package in sorted(packages.glob("*.deb")):
        _run(["dpkg", "-x", str(package), str(fresh)])
    shutil.rmtree(root, ignore_errors=True)
    fresh.rename(root)


def install_victoriametrics(force):
    binary = folder() / "victoria-metrics"
    if binary.exists() and not force:
        return
    build = folder() / "victoria-build"
    build.mkdir(parents=True, exist_ok=True)
    package = f"{VICTORIA_MODULE}/app/victoria-metrics"
    (build / "go.mod").write_text("module peers\n\ngo 1.24\n")
    _run(["go", "get", "-tool", f"{package}@{VICTORIA_VERSION}"], cwd=build)
    version = f"-X {VICTORIA_MODULE}/lib/buildinfo.Version=victoria-metrics-{VICTORIA_VERSION}"
    _run(["go", "build", "-ldflags", f"-s -w {version}", "-o", str(binary), package], cwd=build)


def install(force=False):
    folder().mkdir(parents=True, exist_ok=True)
    install_debian(force)
    install_victoriametrics(force)
    print(f"in {folder()}:")
    for line in versions():
        print(" ", line)


def versions():
    """One line per peer: its own statement of its version."""
    lines = []
    for program in ["root/usr/bin/prometheus", "root/usr/bin/promtool", "root/usr/bin/prometheus-alertmanager", "victoria-metrics"]:
        path = folder() / program
        if path.exists():
            done = subprocess.run([path, "--version"], capture_output=True, text=True)
            said = [line for line in (done.stdout + done.stderr).splitlines() if "ERROR" not in line and line.strip()]
            lines.append(f"{path.name}: {said[0] if said else 'no answer'}")
    return lines
