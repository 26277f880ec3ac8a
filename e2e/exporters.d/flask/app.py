# SPDX-License-Identifier: Apache-2.0
"""A Flask app with the official Prometheus client, to be scraped by e2e/exporters. Its argument is the port."""

import sys

from flask import Flask, Response, request
from prometheus_client import REGISTRY, Counter, Enum, Gauge, Histogram, Info, Summary
from prometheus_client.exposition import choose_encoder

app = Flask(__name__)
greetings = Counter("greetings", 'Greetings, "with" quotes, \\ and\na line break.', ["name"])
seconds = Histogram("greeting_seconds", "Time to greet.", ["name"])
length = Summary("greeting_length_bytes", "Length of the greeting.")
temperature = Gauge("temperature_celsius", "Temperature, with a label that needs escapes.", ["place"])
Info("greeter", "What greets.").info({"language": "python", "framework": "flask"})
state = Enum("greeter_state", "What it is about.", states=["idle", "greeting"])


@app.get("/greet")
def greet():
    name = request.args.get("name", "world")
    with seconds.labels(name).time():
        text = f"Hello, {name}"
        greetings.labels(name).inc(exemplar={"trace_id": "abc123"})
        length.observe(len(text))
        state.state("greeting")
    temperature.labels('at "home" \\ here\n').set(-1.5e-9)
    temperature.labels("nowhere").set(float("nan"))
    return text


@app.get("/metrics")
def metrics():
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(REGISTRY), headers={"Content-Type": content_type})


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(sys.argv[1]))
