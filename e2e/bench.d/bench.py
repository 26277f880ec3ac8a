#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures Prometheus-compatible servers side by side, in one run on one machine.

The figures to trust are CPU seconds, memory, bytes and counts, and the ratios
between servers of one run; wall times also depend on what else the machine does.
"""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

from harness import peers, report, scenarios
from harness.load import LoadGenerator
from harness.peers import cache_home
from harness.servers import Server, known_servers, spec_from_argument

HERE = Path(__file__).resolve().parent


class Bench:
    """What a scenario needs: sizes, ports, folders, the load generator."""

    def __init__(self, options):
        self.full = options.full
        self.size = options.size
        self.connections = options.connections
        self.first_targets = options.first_targets
        self.only = options.only
        self.server_cpus = options.server_cpus
        self.exporter_flags = {"format": options.format, "gzip": str(options.gzip).lower(), "churn": options.churn}
        self.details = {}
        work = Path(options.work) if options.work else cache_home() / "narthex-bench"
        work.mkdir(parents=True, exist_ok=True)
        self.root = Path(tempfile.mkdtemp(prefix="run-", dir=work))
        self.load = LoadGenerator(options.load_cpus)
        self._port = options.port_base
        self._last_port = options.port_base + 99
        self._first_port = options.port_base

    def pick(self, quick, full):
        return full if self.full else quick

    def next_port(self):
        port = self._port
        self._port = self._first_port if port == self._last_port else port + 1
        return port

    def server(self, spec):
        port = self.next_port()
        return Server(spec, self.root / f"{spec.name}-{port}", port, self.server_cpus)

    def folder(self, name):
        path = self.root / name
        path.mkdir(exist_ok=True)
        return path

    def log(self, name):
        return self.root / f"{name}.log"

    def note(self, text):
        print("  " + text, flush=True)


def run(options):
    known = known_servers(HERE / "servers.toml")
    specs = [spec_from_argument(text) for text in options.server or []]
    for name in filter(None, options.peers.split(",")):
        if name not in known:
            sys.exit(f"no server named {name} in servers.toml (it has: {', '.join(known)})")
        specs.append(known[name])
    if not specs:
        sys.exit("no servers to measure: give --server or --peers")
    names = list(scenarios.ALL) if "all" in options.scenario else options.scenario
    bench = Bench(options)
    document = {
        "time": datetime.now(timezone.utc).isoformat(timespec="seconds"), "mode": "full" if options.full else "quick",
        "servers": {s.name: s.command for s in specs}, "peers": peers.versions(),
        "machine": report.machine(), "repeat": options.repeat, "scenarios": {},
    }
    failed = False
    try:
        for name in names:
            scenario = scenarios.ALL[name]
            began = time.monotonic()
            print(f"== {name}: {scenario.summary}", flush=True)
            bench.details = {}
            runs = {spec.name: [] for spec in specs}
            for _ in range(options.repeat):
                if scenario.together:
                    try:
                        for server, figures in scenario.run(bench, specs).items():
                            runs[server].append(figures)
                    except Exception as e:
                        failed = True
                        print(f"  failed: {type(e).__name__}: {e}", flush=True)
                    continue
                for spec in specs:
                    try:
                        runs[spec.name].append(scenario.run(bench, spec))
                    except Exception as e:
                        failed = True
                        print(f"  {spec.name} failed: {type(e).__name__}: {e}", flush=True)
            figures = {server: report.median_of(r) if r else {} for server, r in runs.items()}
            print(report.table(name, figures))
            print(f"  ({time.monotonic() - began:.0f} s)\n", flush=True)
            document["scenarios"][name] = {"figures": figures, "runs": runs, **bench.details}
            if options.json:
                report.save(options.json, document)
    finally:
        if options.keep:
            print(f"kept: {bench.root}")
        else:
            shutil.rmtree(bench.root, ignore_errors=True)
    return 1 if failed else 0


def size(text):
    targets, _, series = text.partition("x")
    return int(targets), int(series)


def cpu_set(text):
    return {int(c) for c in text.split(",")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)

    p = commands.add_parser("peers", help="download and build the peers into the user's cache directory")
    p.add_argument("--force", action="store_true", help="install again what is there already")

    commands.add_parser("list", help="list the scenarios and the servers known by name")

    p = commands.add_parser("run", help="run scenarios and print a table for each", epilog=(
        "Example: e2e/bench run scrape queries --server narthex=build/narthex-server --json result.json"))
    p.add_argument("scenario", nargs="+", choices=[*scenarios.ALL, "all"], metavar="SCENARIO", help=f"one or more of {', '.join(scenarios.ALL)}, or all")
    p.add_argument("--server", action="append", metavar="NAME=COMMAND", help=(
        "a server under test, compared with the peers (repeatable). COMMAND may hold {config}, {data}, {host} and {port}; "
        "without any of them Prometheus' own flags are added: --config.file, --storage.tsdb.path, --web.listen-address, "
        "--web.enable-remote-write-receiver"))
    p.add_argument("--peers", default="prometheus,victoriametrics", help="peers from servers.toml, in order (default %(default)s; empty for none)")
    mode = p.add_mutually_exclusive_group()
    mode.add_argument("--quick", action="store_true", help="about a minute per scenario and server (default)")
    mode.add_argument("--full", action="store_true", help="larger data and longer windows")
    p.add_argument("--repeat", type=int, default=1, metavar="N", help="repeat each scenario N times, servers in turns, and print medians")
    p.add_argument("--json", metavar="FILE", help="also write all figures to FILE")
    p.add_argument("--size", type=size, metavar="TARGETSxSERIES", help="override the number of targets and series per target")
    p.add_argument("--first-targets", type=int, default=150, metavar="N", help="scrape-max: targets of the first level (default %(default)s)")
    p.add_argument("--connections", type=int, default=4, metavar="N", help="remote-write connections (default %(default)s)")
    p.add_argument("--only", action="append", metavar="WORD", help="queries: only those with WORD in their name (repeatable)")
    p.add_argument("--format", choices=["text", "openmetrics", "auto"], default="text", help="exposition format of scraped targets (default %(default)s)")
    p.add_argument("--gzip", action="store_true", help="targets compress for scrapers that accept gzip")
    p.add_argument("--churn", type=float, default=0, metavar="PERCENT", help="share of scraped series renamed per minute (default 0)")
    p.add_argument("--server-cpus", type=cpu_set, metavar="0,1", help="pin servers to these CPUs")
    p.add_argument("--load-cpus", type=cpu_set, metavar="0,1", help="pin the load generator to these CPUs")
    p.add_argument("--port-base", type=int, default=19000, metavar="PORT", help="uses the 100 ports from here on, loopback only (default %(default)s)")
    p.add_argument("--work", metavar="FOLDER", help="where run folders go (default: the user's cache directory)")
    p.add_argument("--keep", action="store_true", help="keep the run folder with logs and answers")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that children are ended and folders removed

    if options.command == "peers":
        peers.install(options.force)
        return 0
    if options.command == "list":
        for s in scenarios.ALL.values():
            print(f"{s.name:13} {s.summary}")
        print("servers:", ", ".join(known_servers(HERE / "servers.toml")))
        return 0
    return run(options)


if __name__ == "__main__":
    sys.exit(main())
