# SPDX-License-Identifier: Apache-2.0
"""A program with metrics of every kind of the official Python client, served on a port of this machine."""

import sys
import threading

from prometheus_client import Counter, Enum, Gauge, Histogram, Info, Summary, start_http_server

Counter("client_orders", "Orders taken.", ["shop"]).labels("north \"1\"\n").inc(3)
Gauge("client_temperature_celsius", "Of the room.").set(-2.5)
Histogram("client_wait_seconds", "Waiting.", buckets=(0.1, 1)).observe(0.5)
Summary("client_size_bytes", "Sizes.").observe(12)
Info("client_build", "What runs.").info({"version": "1.2"})
Enum("client_state", "Where it stands.", states=["idle", "busy"]).state("busy")
start_http_server(int(sys.argv[1]), addr="127.0.0.1")
threading.Event().wait()
