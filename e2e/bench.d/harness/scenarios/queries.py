# SPDX-License-Identifier: Apache-2.0
"""A fixed list of API requests against servers that hold the same data."""

import json
import statistics
import time

from .. import report
from ..api import differences

STEP_SECONDS = 15


def instant(expression):
    return lambda end: ("/api/v1/query", {"query": [expression], "time": [str(end)]})


def ranged(expression, hours, step):
    return lambda end: ("/api/v1/query_range", {"query": [expression], "start": [str(end - hours * 3600)], "end": [str(end)], "step": [str(step)]})


def metadata(path, *selectors):
    return lambda end: (path, {"start": [str(end - 3600)], "end": [str(end)], **({"match[]": list(selectors)} if selectors else {})})


REQUEST_RATE = "sum by (handler, status) (rate(http_server_requests_total[5m]))"
P99 = "histogram_quantile(0.99, sum by (le, handler) (rate(http_server_request_duration_seconds_bucket[5m])))"

QUERIES = {
    "select by label": instant('worker_queue_depth{queue="orders-events"}'),
    "sum by rate": instant(REQUEST_RATE),
    "sum by rate, 1h/15s": ranged(REQUEST_RATE, 1, 15),
    "error share, 6h/60s": ranged('sum(rate(http_server_requests_total{status=~"5.."}[5m])) / sum(rate(http_server_requests_total[5m]))', 6, 60),
    "histogram_quantile": instant(P99),
    "histogram_quantile, 1h/60s": ranged(P99, 1, 60),
    "topk of sum of rate": instant("topk(10, sum by (pod) (rate(container_cpu_usage_seconds_total[5m])))"),
    "topk of gauge, 1h/60s": ranged("topk(5, node_hwmon_temp_celsius)", 1, 60),
    "regex matchers, 1h/60s": ranged('sum by (namespace) (container_memory_working_set_bytes{pod=~"(orders|payments)-.*", container!~"istio.*"})', 1, 60),
    "join with group_left": instant("sum by (node) (container_memory_working_set_bytes * on (namespace, pod, instance) group_left (node) kube_pod_info)"),
    "join, 1h/60s": ranged("sum by (node) (container_memory_working_set_bytes * on (namespace, pod, instance) group_left (node) kube_pod_info)", 1, 60),
    "subquery": instant("max_over_time(sum(rate(http_server_requests_total[5m]))[1h:1m])"),
    "quantile_over_time 1h": instant("quantile_over_time(0.95, node_hwmon_temp_celsius[1h])"),
    "avg_over_time, 6h/5m": ranged('avg_over_time(jvm_memory_used_bytes{area="heap"}[10m])', 6, 300),
    "increase 6h": instant("sum by (instance) (increase(container_network_receive_bytes_total[6h]))"),
    "CPU busy share, 1h/15s": ranged('1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))', 1, 15),
    "predict_linear": instant("count(predict_linear(node_filesystem_avail_bytes[1h], 4 * 3600) < 2e11)"),
    "offset ratio": instant("sum(rate(http_server_requests_total[5m])) / sum(rate(http_server_requests_total[5m] offset 1h))"),
    "label_replace": instant('sum by (version) (label_replace(http_server_requests_total, "version", "$1", "handler", "/api/(v[0-9]+)/.*"))'),
    "changes": instant("sum by (queue) (changes(worker_queue_depth[1h]))"),
    "unless": instant("count(container_memory_working_set_bytes unless on (namespace, pod, instance) kube_pod_info)"),
    "count all series": instant('count({job="load"})'),
    "count by name": instant('count by (__name__) ({job="load"})'),
    "raw gauges, 1h/15s": ranged("node_hwmon_temp_celsius", 1, 15),
    "raw samples 30m": instant('container_cpu_usage_seconds_total{container="app"}[30m]'),
    "absent": instant("absent(no_such_metric)"),
    "label names": metadata("/api/v1/labels"),
    "label values": metadata("/api/v1/label/pod/values"),
    "label values, matched": metadata("/api/v1/label/handler/values", 'http_server_requests_total{status="500"}'),
    "series": metadata("/api/v1/series", '{namespace="checkout"}'),
}


def run(bench, specs):
    targets, series = bench.size or bench.pick(quick=(10, 500), full=(20, 500))
    hours = 6
    end = int(time.time() - 600) // 60 * 60
    start = end - hours * 3600 - 300
    steps = (end - start) // STEP_SECONDS + 1
    servers = []
    try:
        for spec in specs:
            server = bench.server(spec)
            servers.append(server)
            server.start()
            loaded = bench.load.write_all(server, bench.log("writer"), targets=targets, series=series, start=start * 1000,
                                          step=f"{STEP_SECONDS}s", steps=steps, connections=bench.connections)
            server.flush()
            bench.note(f"{spec.name}: {loaded['acked'] / 1e6:.1f} million samples in {loaded['seconds']:.1f} s")
        for server in servers:
            server.process.settle(60)

        answers = bench.folder("answers")
        chosen = {name: make(end) for name, make in QUERIES.items() if not bench.only or any(word in name for word in bench.only)}
        timings = bench.load.time_queries({
            "servers": [{"name": s.spec.name, "url": s.url, "pids": s.process.pids(), "args": s.spec.query_args} for s in servers],
            "queries": [{"name": name, "path": path, "params": params} for name, (path, params) in chosen.items()],
            "warmup": 3, "rounds": 5, "body_dir": str(answers),
            **bench.pick(quick=dict(min_repetitions=4, min_seconds=0.1, max_seconds=2), full=dict(min_repetitions=10, min_seconds=0.5, max_seconds=10)),
        })
        return _summarise(bench, [s.spec.name for s in servers], list(chosen), timings, servers)
    finally:
        for server in servers:
            server.remove()


def _summarise(bench, servers, names, timings, running):
    by = {(t["query"], t["server"]): t for t in timings}
    per_query, totals = {}, {name: {"p50": [], "cpu": []} for name in servers}
    rows = [["query (ms)", *(f"{s} {what}" for what in ("p50", "p99", "CPU") for s in servers), *(f"CPU {servers[0]}/{o}" for o in servers[1:]), "answers"]]
    disagreements = []
    for name in names:
        entry = {}
        for server in servers:
            t = by[name, server]
            if t.get("error") or not t["latency_ms"]:
                entry[server] = {"error": t.get("error", "no answer")}
                disagreements.append(f"{name}: {server} failed: {t.get('error')}")
                continue
            latencies = sorted(t["latency_ms"])
            entry[server] = {
                "p50_ms": statistics.median(latencies), "p99_ms": latencies[min(len(latencies) - 1, int(0.99 * len(latencies)))],
                "best_ms": latencies[0], "cpu_ms": t["cpu_seconds"] * 1000 / len(latencies), "repetitions": len(latencies), "bytes": t["bytes"],
            }
            totals[server]["p50"].append(entry[server]["p50_ms"])
            totals[server]["cpu"].append(entry[server]["cpu_ms"])
        agreed = []
        for other in servers[1:]:
            a, b = by[name, servers[0]], by[name, other]
            if a.get("body_file") and b.get("body_file"):
                found = differences(_data(a), _data(b))
                entry[other]["differs"] = found and found[0]
                agreed.append("differ" if found else "same")
                if found:
                    disagreements.append(f"{name}: {servers[0]} and {other}: {found[0]}")
            else:
                agreed.append("failed")
        per_query[name] = entry

        def cells(what):
            return [report.number(entry[s].get(what)) for s in servers]
        rows.append([name, *cells("p50_ms"), *cells("p99_ms"), *cells("cpu_ms"),
                     *(report.ratio(entry[servers[0]].get("cpu_ms"), entry[o].get("cpu_ms")) for o in servers[1:]), " ".join(agreed)])
    print(report.align(rows))
    for line in disagreements:
        print("  " + line)
    bench.details["queries"] = {"per_query": per_query, "disagreements": disagreements}
    figures = {}
    for server in running:
        t = totals[server.spec.name]
        memory = server.process.memory()
        figures[server.spec.name] = {
            "queries answered": len(t["p50"]),
            "sum of p50, ms": sum(t["p50"]),
            "geometric mean of p50, ms": statistics.geometric_mean(t["p50"]) if t["p50"] else None,
            "sum of CPU per query, ms": sum(t["cpu"]),
            "RSS afterwards, MB": memory["rss"] / 1e6,
            "peak RSS, MB": memory["peak"] / 1e6,
        }
    return figures


def _data(timing):
    with open(timing["body_file"]) as f:
        return json.load(f)["data"]
