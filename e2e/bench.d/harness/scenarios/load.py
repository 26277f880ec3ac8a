# SPDX-License-Identifier: Apache-2.0
"""Heavy queries in parallel while samples come in: no scrape may be missed for them."""

import statistics
import time

from ..process import CpuWindow
from .queries import P99, REQUEST_RATE, STEP_SECONDS

CLIENTS = 20
HOURS = 6
HEAVY = [
    REQUEST_RATE,
    P99,
    "rate(container_cpu_usage_seconds_total[5m])",
    "sum by (namespace) (container_memory_working_set_bytes)",
]


def run(bench, spec):
    """Six hours of history by remote write, then targets scraped at 1 s: some time alone, some time beside the clients."""
    targets, series = bench.size or bench.pick(quick=(20, 500), full=(100, 1000))
    past_targets, past_series = 10, 500
    alone, together = bench.pick(quick=(10, 30), full=(30, 120))
    exporter_port = bench.next_port()
    exporter = bench.load.export(bench.log("exporter"), exporter_port, targets=targets, series=series, late_after="1500ms", **bench.exporter_flags)
    server = bench.server(spec)
    try:
        server.start()
        end = int(time.time()) // STEP_SECONDS * STEP_SECONDS
        start = end - HOURS * 3600
        bench.load.write_all(server, bench.log("writer"), targets=past_targets, series=past_series, start=start * 1000,
                             step=f"{STEP_SECONDS}s", steps=(end - start) // STEP_SECONDS, connections=bench.connections)
        server.flush()
        server.process.settle(60)
        server.stop()
        server.config.write_text("global:\n  scrape_interval: 1s\n" + exporter.scrape_config(targets, job="now"))
        server.start()
        exporter.wait_all_seen(targets)
        time.sleep(3)
        quiet = _window(exporter, server, targets, lambda: time.sleep(alone))
        plan = {
            "url": server.url, "clients": CLIENTS, "seconds": together,
            "queries": [{"path": "/api/v1/query_range", "params": {"query": [q], "start": [str(start)], "end": [str(end)], "step": [str(STEP_SECONDS)], **_args(spec)}} for q in HEAVY],
        }
        pressed = {}
        busy = _window(exporter, server, targets, lambda: pressed.update(bench.load.press(plan)))
        if pressed.get("error"):
            bench.note(f"{spec.name}: {pressed['error']}")
        memory = server.process.memory()
        server.flush()
        # Served by the target, and yet not taken: the scrape took too long.
        failed = server.api.scalar(f'sum(count_over_time(up{{job="now"}}[{int(busy["seconds"])}s])) - sum(sum_over_time(up{{job="now"}}[{int(busy["seconds"])}s]))', at=busy["ended"])
        return {
            "scrapes missed without queries": quiet["missed"],
            "scrapes expected beside queries": busy["expected"],
            "scrapes missed beside queries": busy["missed"],
            "scrapes failed beside queries": failed,
            "scrapes late (>1.5 s) beside queries": busy["late"],
            "samples per s beside queries": busy["rate"],
            "queries answered": pressed["answered"],
            "queries failed": pressed["failed"],
            "median latency, ms": statistics.median(pressed["latency_ms"]) if pressed["latency_ms"] else None,
            "answers, MB per s": pressed["bytes"] / 1e6 / busy["seconds"],
            "CPU cores used": busy["cores"],
            "cores used by the targets": busy["load_cores"],
            "cores used by other programs": busy["other_cores"],
            "RSS, MB": memory["rss"] / 1e6,
            "peak RSS, MB": memory["peak"] / 1e6,
            "ended by itself": int(not server.process.alive()),
        }
    finally:
        exporter.stop()
        server.remove()


def _args(spec):
    return {name: [value] for name, value in spec.query_args.items()}


def _window(exporter, server, targets, action):
    """What was scraped while something happened. A target is due once a second, so one may be due just outside."""
    before, window = exporter.stats(), CpuWindow(server.process, exporter.process)
    action()
    after, seconds = exporter.stats(), window.close().seconds
    scrapes = after["scrapes"] - before["scrapes"]
    expected = int(targets * (after["time_ms"] - before["time_ms"]) / 1000) - targets
    return {
        "expected": expected, "missed": max(0, expected - scrapes), "late": after["late"] - before["late"],
        "rate": (after["samples"] - before["samples"]) / seconds, "seconds": seconds, "ended": time.time(),
        "cores": window.server / seconds, "load_cores": window.load / seconds, "other_cores": window.others / seconds,
    }
