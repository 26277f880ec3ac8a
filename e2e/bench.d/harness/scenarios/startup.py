# SPDX-License-Identifier: Apache-2.0
"""Start-up with an empty data directory, and what an idle server costs."""

import statistics
import time


def run(bench, spec):
    starts, idle_seconds = bench.pick(quick=(5, 5), full=(15, 30))
    ready, cpu, at_ready = [], [], []
    for n in range(starts):
        server = bench.server(spec)
        try:
            ready.append(server.start())
            cpu.append(server.process.cpu_seconds())
            at_ready.append(server.process.memory()["rss"])
            if n == starts - 1:
                server.process.settle(15)
                before = server.process.cpu_seconds()
                time.sleep(idle_seconds)
                idle_cpu = (server.process.cpu_seconds() - before) / idle_seconds
                memory = server.process.memory()
                stop = server.stop()
        finally:
            server.remove()
    return {
        "ready, s (median)": statistics.median(ready),
        "ready, s (best)": min(ready),
        "CPU-s to ready": statistics.median(cpu),
        "RSS at ready, MB": statistics.median(at_ready) / 1e6,
        "idle RSS, MB": memory["rss"] / 1e6,
        "idle anonymous RSS, MB": memory["anon"] / 1e6,
        "idle CPU, ms per s": idle_cpu * 1000,
        "graceful stop, s": stop,
    }
