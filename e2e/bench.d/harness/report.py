# SPDX-License-Identifier: Apache-2.0
"""Tables on the terminal and one JSON file per run."""

import json
import math
import os
import platform
import statistics


def median_of(runs):
    """Merge the figures of repeated runs: the median of each number."""
    merged = {}
    for key in runs[0]:
        values = [run[key] for run in runs if run.get(key) is not None]
        numeric = values and all(isinstance(v, (int, float)) for v in values)
        merged[key] = statistics.median(values) if numeric else (values[0] if values else None)
    return merged


def number(value):
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    if value == 0:
        return "0"
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}"
    digits = max(0, 3 - int(math.floor(math.log10(abs(value)))) - 1)
    return f"{value:.{min(digits, 6)}f}"


def ratio(mine, theirs):
    if not isinstance(mine, (int, float)) or not isinstance(theirs, (int, float)) or not theirs:
        return ""
    return f"{mine / theirs:.2f}x"


def table(title, figures):
    """figures: {server: {metric: value}}; the first server is compared with each other one."""
    servers = list(figures)
    first, others = servers[0], servers[1:]
    metrics = list(dict.fromkeys(m for s in servers for m in figures[s]))
    rows = [[title, *servers, *(f"{first}/{o}" for o in others)]]
    for m in metrics:
        values = [figures[s].get(m) for s in servers]
        rows.append([m, *map(number, values), *(ratio(values[0], v) for v in values[1:])])
    return align(rows)


def align(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for n, row in enumerate(rows):
        lines.append("  ".join([row[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]).rstrip())
        if n == 0:
            lines.append("-" * len(lines[0]))
    return "\n".join(lines)


def machine():
    with open("/proc/meminfo") as f:
        memory = int(f.readline().split()[1]) * 1024
    return {"cpus": os.cpu_count(), "memory_bytes": memory, "kernel": platform.release(), "load_average": os.getloadavg()}


def save(path, document):
    with open(path, "w") as f:
        json.dump(document, f, indent=1)
        f.write("\n")
