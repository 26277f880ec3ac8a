# SPDX-License-Identifier: Apache-2.0
"""kill -9 while samples arrive, then a restart on what is left on disk.

Remote write runs at a fixed rate, so that what a server loses by acknowledging
before it has written can be compared.
"""

import json
import threading
import time

STEP_SECONDS = 5
RATE = 250_000
#: So many targets are scraped each second that one of them is due at once.
SPREAD = 50
EVERYTHING = 'count(count_over_time(worker_queue_depth{job="load"}[1h]))'


def run(bench, spec):
    targets, series = bench.size or bench.pick(quick=(20, 1000), full=(100, 1000))
    steps = 500  # 42 minutes: all of it stays in the write-ahead log
    kill_after = int(0.8 * steps) * targets * series
    exporter = bench.load.export(bench.log("exporter"), bench.next_port(), targets=SPREAD, series=20)
    server = bench.server(spec)
    try:
        # The first target is scraped once more by itself, for the gap.
        job = exporter.scrape_config(1, job="beat")
        others = exporter.scrape_config(SPREAD, job="spread").partition("\n")[2]
        server.config.write_text("global:\n  scrape_interval: 1s\n" + job + others)
        server.start()
        start = time.time() - 48 * 60
        writer = bench.load.write(server, bench.log("writer"), targets=targets, series=series, start=int(start * 1000),
                                  step=f"{STEP_SECONDS}s", steps=steps, rate=RATE, progress="50ms", connections=bench.connections)
        if not writer.wait_acked(kill_after):
            raise RuntimeError(f"remote write ended early: {writer.finish()}")
        rss_before = server.process.memory()["rss"]
        server.process.kill()
        killed = time.time()
        acked = writer.finish()["acked"]
        time.sleep(0.5)
        durable, everything = server.disk()

        began = time.monotonic()
        first = _FirstScrape(exporter)
        server.start()
        ready, cpu = time.monotonic() - began, server.process.cpu_seconds()
        server.api.wait_until(lambda status, body: status == 200 and bool(json.loads(body)["data"]["result"]),
                              "/api/v1/query", {"query": EVERYTHING}, alive=server.process.alive)
        answered = time.monotonic() - began
        at_ready = server.process.memory()
        gap = _scrape_gap(server, killed)
        server.flush()
        stored = server.stored_samples(bench.load.sample_names, start - 10, time.time())
        return {
            "first scrape, s": first.after(began),
            "ready, s": ready,
            "first query answered, s": answered,
            "CPU-s to ready": cpu,
            "CPU-s to ready per million samples": cpu / acked * 1e6,
            "RSS before the kill, MB": rss_before / 1e6,
            "RSS after restart, MB": at_ready["rss"] / 1e6,
            "peak RSS of the restart, MB": at_ready["peak"] / 1e6,
            "disk before restart, MB": everything / 1e6,
            "million samples acknowledged": acked / 1e6,
            "samples acknowledged and lost": max(0, acked - stored),
            "seconds of samples lost": max(0, acked - stored) / RATE,
            "gap in 1 s scrapes, s": gap,
        }
    finally:
        exporter.stop()
        server.remove()


class _FirstScrape:
    """Watches for the first scrape that a server has taken whole since now."""

    def __init__(self, exporter):
        self._exporter, self._before, self._seen = exporter, exporter.stats()["scrapes"], None
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self._exporter.stats()["scrapes"] > self._before:
                self._seen = time.monotonic()
                return
            time.sleep(0.005)

    def after(self, began):
        self._thread.join()
        return self._seen and self._seen - began


def _scrape_gap(server, killed, limit=60):
    """Seconds between the last scrape kept from before the kill and the first one after it."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        times = sorted(float(t) for s in server.api.query('up{job="beat"}[30m]') for t, _ in s["values"])
        if times and times[-1] > killed:
            after = next(t for t in times if t > killed)
            return after - max((t for t in times if t <= killed), default=after)
        time.sleep(0.5)
    return None
