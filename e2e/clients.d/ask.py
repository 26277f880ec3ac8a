# SPDX-License-Identifier: Apache-2.0
"""Asks a server by prometheus-api-client; one line for each question that was answered as it should be."""

import sys
from datetime import datetime, timedelta

from prometheus_api_client import PrometheusApiClientException, PrometheusConnect

prometheus = PrometheusConnect(url=sys.argv[1])
python = {"job": "python"}


def values(metric):
    return {tuple(sorted((k, v) for k, v in one["metric"].items() if k not in ("instance", "job"))): float(one["value"][1])
            for one in prometheus.get_current_metric_value(metric, label_config=python)}


def expect(what, expected, found):
    if expected != found:
        sys.exit(f"{what}: expected {expected!r}, found {found!r}")
    print(f"Python: {what}")


def named(name, **labels):
    return tuple(sorted({"__name__": name, **labels}.items()))


expect("the connection is checked", True, prometheus.check_prometheus_connection())
expect("a counter with an escaped label", {named("client_orders_total", shop='north "1"\n'): 3.0}, values("client_orders_total"))
expect("a gauge", {named("client_temperature_celsius"): -2.5}, values("client_temperature_celsius"))
expect("a histogram", {named("client_wait_seconds_bucket", le="0.1"): 0.0, named("client_wait_seconds_bucket", le="1.0"): 1.0,
                       named("client_wait_seconds_bucket", le="+Inf"): 1.0}, values("client_wait_seconds_bucket"))
expect("a summary", {named("client_size_bytes_sum"): 12.0}, values("client_size_bytes_sum"))
expect("an info", {named("client_build_info", version="1.2"): 1.0}, values("client_build_info"))
expect("an enum", {named("client_state", client_state="idle"): 0.0, named("client_state", client_state="busy"): 1.0}, values("client_state"))
expect("all metrics by name", True, {"up", "client_orders_total"} <= set(prometheus.all_metrics()))
expect("label names", True, {"job", "instance"} <= set(prometheus.get_label_names()))
expect("label values", True, {"narthex", "python"} <= set(prometheus.get_label_values("job")))
series = prometheus.get_series(start=datetime.now() - timedelta(minutes=5), end=datetime.now(), params={"match[]": 'up{job="python"}'})
expect("series", ["python"], [one["job"] for one in series])
expect("targets", {"narthex", "python"}, {t["labels"]["job"] for t in prometheus.get_targets()["activeTargets"]})
metadata = prometheus.get_metric_metadata("client_wait_seconds")
expect("metadata", [("histogram", "Waiting.")], [(m["type"], m["help"]) for m in metadata])
found = prometheus.get_metric_range_data("up", label_config=python, start_time=datetime.now() - timedelta(seconds=30), end_time=datetime.now())
expect("a range of samples", True, len(found[0]["values"]) >= 3)
steps = prometheus.custom_query_range("vector(2)", start_time=datetime.now() - timedelta(seconds=10), end_time=datetime.now(), step="5")
expect("a range query", [2.0, 2.0, 2.0], [float(v) for _, v in steps[0]["values"]])
try:
    prometheus.custom_query("up{")
    sys.exit("a wrong query: expected an exception, found none")
except PrometheusApiClientException as e:
    expect("a wrong query is told", True, "parse error" in str(e))
