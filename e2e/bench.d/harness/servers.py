# SPDX-License-Identifier: Apache-2.0
"""The servers under test: how each is started, asked and measured."""

import os
import shlex
import shutil
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from . import peers
from .api import Api, ApiError
from .process import Process, disk_bytes

HOST = "127.0.0.1"
PROMETHEUS_FLAGS = ["--config.file={config}", "--storage.tsdb.path={data}",
                    "--web.listen-address={host}:{port}", "--web.enable-remote-write-receiver"]


@dataclass
class ServerSpec:
    name: str
    command: list
    ready: str = "/-/ready"
    write: str = "/api/v1/write"
    query_args: dict = field(default_factory=dict)
    flush: list = field(default_factory=list)
    compact: list = field(default_factory=list)
    transient: list = field(default_factory=lambda: ["wal", "chunks_head", "wbl", "lock", "queries.active"])
    env: dict = field(default_factory=dict)


def known_servers(file):
    with open(file, "rb") as f:
        return {name: ServerSpec(name, **entry) for name, entry in tomllib.load(f).items()}


def spec_from_argument(text):
    """NAME=COMMAND; Prometheus' flags are added to a command without {placeholders}."""
    name, separator, command = text.partition("=")
    if not separator or not name or not command:
        raise ValueError(f"{text!r} is not NAME=COMMAND")
    argv = shlex.split(command)
    if not any("{" in word for word in argv):
        argv += PROMETHEUS_FLAGS
    return ServerSpec(name, argv)


class Server:
    """One instance with its own data directory and port."""

    def __init__(self, spec, folder, port, cpus=None):
        self.spec, self.port, self.cpus = spec, port, cpus
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.config = self.folder / "config.yml"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.data.mkdir(parents=True)
        self.config.write_text("global:\n  scrape_interval: 1m\n")
        self.api = Api(HOST, port, spec.query_args)
        self.url = f"http://{HOST}:{port}"
        self.process = None

    def start(self, limit=600):
        """Start and wait until ready; returns the seconds from exec to ready."""
        values = {"config": self.config, "data": self.data, "host": HOST, "port": self.port, "peers": peers.folder()}
        argv = [word.format(**values) if "{" in word else word for word in self.spec.command]
        if os.sep in argv[0] and not os.path.exists(argv[0]):
            raise SystemExit(f"{self.spec.name}: {argv[0]} is missing (peers are installed by: e2e/bench peers)")
        self.process = Process(argv, self.folder / "server.log", self.cpus, self.spec.env)
        try:
            self.api.wait_until(lambda status, _: status == 200, self.spec.ready, limit=limit, alive=self.process.alive)
        except ApiError as e:
            text = self.process.tail()
            self.process.kill()
            raise ApiError(f"{self.spec.name} did not become ready: {e}\n{text}")
        return time.monotonic() - self.process.started

    def flush(self):
        for path in self.spec.flush:
            self.api.get(path)

    def compact(self):
        for path in self.spec.compact:
            self.api.get(path)

    def disk(self):
        """(durable bytes, all bytes) in the data directory."""
        return disk_bytes(str(self.data), self.spec.transient), disk_bytes(str(self.data))

    def stored_samples(self, names, start, end, job="load"):
        """Samples in (start, end], counted by the server itself."""
        total = 0
        for name in names:
            total += self.api.scalar(f'sum(count_over_time({{__name__="{name}",job="{job}"}}[{int(end - start)}s]))', at=end)
        return int(total)

    def stop(self):
        return self.process.stop() if self.process and self.process.alive() else 0.0

    def remove(self):
        if self.process and self.process.alive():
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
