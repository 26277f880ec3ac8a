# SPDX-License-Identifier: Apache-2.0
"""Ingest by scraping."""

import time

from ..process import CpuWindow


def _start(bench, spec, targets, series, late_after):
    exporter_port = bench.next_port()
    exporter = bench.load.export(bench.log("exporter"), exporter_port, targets=targets, series=series,
                                 late_after=late_after, **bench.exporter_flags)
    server = bench.server(spec)
    server.config.write_text("global:\n  scrape_interval: 1s\n" + exporter.scrape_config(targets))
    return exporter, server


def steady(bench, spec):
    targets, series = bench.size or (100, 1000)
    warm, measured = bench.pick(quick=(8, 25), full=(60, 180))
    exporter, server = _start(bench, spec, targets, series, "1500ms")
    try:
        began = time.time()
        server.start()
        exporter.wait_all_seen(targets)
        time.sleep(warm)
        process = server.process
        before, window = exporter.stats(), CpuWindow(process, exporter.process)
        time.sleep(measured)
        after, seconds = exporter.stats(), window.close().seconds
        memory = process.memory()
        served = exporter.close()["samples"]
        time.sleep(2)
        server.flush()
        stored = server.stored_samples(bench.load.sample_names, began - 60, time.time())
        scrapes = after["scrapes"] - before["scrapes"]
        samples = after["samples"] - before["samples"]
        return {
            "samples per s": samples / seconds,
            "CPU-s per million samples": window.server / samples * 1e6,
            "CPU cores used": window.server / seconds,
            "RSS, MB": memory["rss"] / 1e6,
            "anonymous RSS, MB": memory["anon"] / 1e6,
            "peak RSS, MB": memory["peak"] / 1e6,
            "RSS bytes per series": memory["rss"] / (targets * series + after["renamed"]),
            "scrapes missed": max(0, round(targets * seconds) - targets - scrapes),
            "scrapes late (>1.5 s)": after["late"] - before["late"],
            "samples served and lost": served - stored,
            "body bytes per sample": after["bytes"] / max(1, after["samples"]),
            "cores used by the targets": window.load / seconds,
            "cores used by other programs": window.others / seconds,
        }
    finally:
        exporter.stop()
        server.remove()


def maximum(bench, spec):
    series = (bench.size or (0, 1000))[1]
    patience, measured, factor, refine = bench.pick(quick=(15, 8, 1.6, 1), full=(60, 40, 1.4, 3))
    low, high, targets = 0, None, bench.first_targets
    best, last = {}, {}
    while True:
        last = _level(bench, spec, targets, series, patience, measured)
        bench.note(f"{spec.name}: {targets * series:,} samples/s asked, {last['rate']:,.0f} done, "
                   f"{last['late']} of {last['scrapes']} scrapes late; cores used: "
                   f"server {last['cores']:.2f}, targets {last['load_cores']:.2f}, other programs {last['other_cores']:.2f}")
        if last["kept_up"]:
            low, best = targets, last
        else:
            high = targets
        if high is None:
            targets = int(targets * factor)
        else:
            if refine == 0 or high - low <= max(10, low // 20):
                break
            refine -= 1
            targets = (low + high) // 2
    shown = best or last
    return {
        "highest rate kept up, samples per s": low * series,
        "first rate not kept up, samples per s": high * series,
        "CPU cores used there": shown["cores"],
        "cores used by the targets there": shown["load_cores"],
        "cores used by other programs there": shown["other_cores"],
        "CPU-s per million samples there": shown["cpu_per_million"],
        "RSS bytes per series there": shown["rss_per_series"],
    }


def _wait_steady(exporter, targets, patience):
    """Until no scrape was late or missing for 3 s: the series exist and first-time work is over."""
    end, good, last = time.monotonic() + patience, 0, exporter.stats()
    while time.monotonic() < end and good < 3:
        time.sleep(1)
        now = exporter.stats()
        good = good + 1 if now["late"] == last["late"] and now["scrapes"] - last["scrapes"] >= 0.9 * targets else 0
        last = now


def _level(bench, spec, targets, series, patience, measured):
    exporter, server = _start(bench, spec, targets, series, "1500ms")
    try:
        server.start()
        exporter.wait_all_seen(targets, 20)
        _wait_steady(exporter, targets, patience)
        before, window = exporter.stats(), CpuWindow(server.process, exporter.process)
        time.sleep(measured)
        after, seconds = exporter.stats(), window.close().seconds
        scrapes, late = after["scrapes"] - before["scrapes"], after["late"] - before["late"]
        samples = max(1, after["samples"] - before["samples"])
        return {
            "kept_up": scrapes >= 0.97 * targets * (seconds - 0.5) and late <= 0.02 * scrapes,
            "rate": samples / seconds, "late": late, "scrapes": scrapes, "cores": window.server / seconds,
            "load_cores": window.load / seconds, "other_cores": window.others / seconds,
            "cpu_per_million": window.server / samples * 1e6,
            "rss_per_series": server.process.memory()["rss"] / (targets * series),
        }
    finally:
        exporter.stop()
        server.remove()
