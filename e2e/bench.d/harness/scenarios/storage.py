# SPDX-License-Identifier: Apache-2.0
"""Bytes per sample on disk once everything written has left the write-ahead log.

The data is sent by remote write with past timestamps, in order. One further
sample, hours later, makes servers that keep a window of recent data in memory
compact all of what came before.
"""

import time

STEP_SECONDS = 15


def run(bench, spec):
    (targets, series), hours = bench.pick(quick=((4, 1000), 6), full=((10, 1000), 24))
    targets, series = bench.size or (targets, series)
    steps = hours * 3600 // STEP_SECONDS
    start = int(time.time() - (hours + 5) * 3600) // 7200 * 7200
    server = bench.server(spec)
    try:
        server.start()
        process = server.process
        cpu = process.cpu_seconds()
        result = bench.load.write_all(server, bench.log("writer"), targets=targets, series=series, start=start * 1000,
                                      step=f"{STEP_SECONDS}s", steps=steps, connections=bench.connections)
        bench.load.write_all(server, bench.log("writer"), targets=1, series=20, job="nudge",
                             start=(start + hours * 3600 + 12600) * 1000, steps=1)
        server.flush()
        process.settle(60)
        server.compact()
        _wait_stable(server, limit=bench.pick(quick=60, full=240))
        cpu = process.cpu_seconds() - cpu
        stored = server.stored_samples(bench.load.sample_names, start - 10, start + hours * 3600 + 10)
        durable, everything = server.disk()
        return {
            "durable bytes per sample": durable / stored,
            "all bytes per sample": everything / stored,
            "durable MB": durable / 1e6,
            "million samples stored": stored / 1e6,
            "samples acknowledged and lost": max(0, result["acked"] - stored),
            "CPU-s per million samples, all told": cpu / result["acked"] * 1e6,
            "peak RSS, MB": process.memory()["peak"] / 1e6,
        }
    finally:
        server.remove()


def _wait_stable(server, limit):
    """Until the size on disk has not changed for 8 s and the server is idle."""
    end, last, since = time.monotonic() + limit, None, time.monotonic()
    while time.monotonic() < end:
        size = server.disk()
        if size != last:
            last, since = size, time.monotonic()
        elif time.monotonic() - since > 8:
            break
        server.process.settle(3)
        time.sleep(0.5)
