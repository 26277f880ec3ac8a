# SPDX-License-Identifier: Apache-2.0
"""Builds the load generator and runs its sub-commands."""

import json
import subprocess
import time
from pathlib import Path

from .api import Api
from .peers import cache_home
from .process import Process
from .servers import HOST

SOURCE = Path(__file__).resolve().parent.parent / "loadgen"


class LoadGenerator:
    def __init__(self, cpus=None):
        self.cpus = cpus
        self.binary = cache_home() / "narthex-bench" / "loadgen"
        self.binary.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["go", "build", "-o", str(self.binary), "."], cwd=SOURCE, check=True)
        self.sample_names = subprocess.run([self.binary, "names"], check=True, capture_output=True, text=True).stdout.split()

    def write(self, server, log, **flags):
        """Start a remote-write run against a server."""
        return Writer(Process(self._argv("write", url=server.url + server.spec.write, **flags), log, self.cpus, stdout=subprocess.PIPE))

    def write_all(self, server, log, **flags):
        """Run remote write to its end; its result, with a failure raised."""
        result = self.write(server, log, **flags).finish()
        if result["error"]:
            raise RuntimeError(f"remote write to {server.spec.name}: {result['error']}")
        return result

    def export(self, log, port, **flags):
        return Exporter(Process(self._argv("export", listen=f"{HOST}:{port}", **flags), log, self.cpus), port)

    def time_queries(self, plan):
        done = subprocess.run([self.binary, "query"], input=json.dumps(plan), check=True, stdout=subprocess.PIPE, text=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def press(self, plan):
        """Ask heavy queries from many clients for some seconds; what came of it."""
        done = subprocess.run([self.binary, "press"], input=json.dumps(plan), check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout)

    def _argv(self, command, **flags):
        return [str(self.binary), command] + [f"-{name.replace('_', '-')}={value}" for name, value in flags.items()]


class Writer:
    def __init__(self, process):
        self.process = process

    def wait_acked(self, samples, limit=600):
        """Read the progress lines until so many samples are acknowledged; False if it ended before."""
        end = time.monotonic() + limit
        for line in self.process.stdout:
            message = json.loads(line)
            if message.get("done"):
                self._result = message
                return False
            if message["acked"] >= samples or time.monotonic() > end:
                return True
        return False

    def finish(self):
        result = getattr(self, "_result", None)
        for line in self.process.stdout:
            message = json.loads(line)
            if message.get("done"):
                result = message
        self.process.wait()
        if result is None:
            raise RuntimeError(f"the writer ended without a result: {self.process.tail()}")
        return result


class Exporter:
    def __init__(self, process, port):
        self.process, self.port = process, port
        self._api = Api(HOST, port)
        self._api.wait_until(lambda status, _: status == 200, "/stats", limit=60, alive=process.alive)

    def stats(self):
        return json.loads(self._api.get("/stats")[1])

    def close(self):
        """Answer 503 from now on; the final figures."""
        return json.loads(self._api.get("/stats", {"close": "1"})[1])

    def scrape_config(self, targets, interval="1s", job="load", first=0):
        """A scrape job over the exporter's targets, each an instance of its own."""
        lines = [f"- job_name: {job}", f"  scrape_interval: {interval}", f"  scrape_timeout: {interval}", "  static_configs:"]
        for i in range(first, first + targets):
            lines += [f'  - targets: ["{HOST}:{self.port}"]',
                      f"    labels: {{instance: 'node-{i:04d}.eu-west-1.example.internal:9100', __metrics_path__: /t/{i}}}"]
        return "scrape_configs:\n" + "\n".join(lines) + "\n"

    def wait_all_seen(self, targets, limit=60):
        end = time.monotonic() + limit
        while self.stats()["targets_seen"] < targets:
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True

    def stop(self):
        self.process.kill()
