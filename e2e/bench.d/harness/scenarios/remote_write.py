# SPDX-License-Identifier: Apache-2.0
"""Ingest by remote write, as fast as the server acknowledges."""

import time

STEP_SECONDS = 15


def run(bench, spec):
    targets, series = bench.size or bench.pick(quick=(50, 1000), full=(200, 1000))
    duration = bench.pick(quick=15, full=90)
    start_ms = int(time.time() - 12 * 3600) // 7200 * 7200 * 1000
    server = bench.server(spec)
    try:
        server.start()
        process = server.process
        flags = dict(targets=targets, series=series, start=start_ms, step=f"{STEP_SECONDS}s", connections=bench.connections)
        cpu0 = process.cpu_seconds()
        first = bench.load.write_all(server, bench.log("writer"), steps=1, **flags)
        process.settle(5)
        created = process.cpu_seconds() - cpu0

        cpu1 = process.cpu_seconds()
        result = bench.load.write_all(server, bench.log("writer"), skip=1, duration=f"{duration}s", **flags)
        during = process.cpu_seconds() - cpu1
        memory = process.memory()
        process.settle(bench.pick(quick=10, full=60))
        settled = process.cpu_seconds() - cpu1
        server.flush()
        acked = first["acked"] + result["acked"]
        steps = acked // (targets * series) + 2
        end = start_ms / 1000 + steps * STEP_SECONDS
        stored = server.stored_samples(bench.load.sample_names, start_ms / 1000 - 10, end)
        return {
            "samples per s": result["acked"] / result["seconds"],
            "CPU-s per million samples": during / result["acked"] * 1e6,
            "... with work after the last ack": settled / result["acked"] * 1e6,
            "samples per CPU-s": result["acked"] / during,
            "CPU-s per 100k new series": created / (targets * series) * 1e5,
            "RSS, MB": memory["rss"] / 1e6,
            "peak RSS, MB": memory["peak"] / 1e6,
            "RSS bytes per series": memory["rss"] / (targets * series),
            "million samples sent": acked / 1e6,
            "samples acknowledged and lost": max(0, acked - stored),
            "requests answered 5xx/429": result["retries"],
        }
    finally:
        server.remove()
