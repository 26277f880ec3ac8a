# SPDX-License-Identifier: Apache-2.0
"""A small client of the HTTP API, and the comparison of two answers."""

import http.client
import json
import math
import time
import urllib.parse


class ApiError(Exception):
    pass


class Api:
    def __init__(self, host, port, args=None, timeout=120):
        self.host, self.port, self.args, self.timeout = host, port, dict(args or {}), timeout

    def get(self, path, params=None, timeout=None):
        """Status and body of one request on a connection of its own."""
        query = urllib.parse.urlencode(list((params or {}).items()) + list(self.args.items()), doseq=True)
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout or self.timeout)
        try:
            connection.request("GET", path + ("?" + query if query else ""))
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def data(self, path, params=None):
        status, body = self.get(path, params)
        if status // 100 != 2:
            raise ApiError(f"{path} {params}: status {status}: {body[:300]!r}")
        return json.loads(body)["data"]

    def query(self, expression, at=None):
        params = {"query": expression}
        if at is not None:
            params["time"] = f"{at:.3f}"
        return self.data("/api/v1/query", params)["result"]

    def scalar(self, expression, at=None):
        """The single value of a query, 0 where it is empty."""
        result = self.query(expression, at)
        return float(result[0]["value"][1]) if result else 0.0

    def wait_until(self, accept, path, params=None, limit=300, pause=0.005, alive=lambda: True):
        """Poll until accept(status, body); seconds waited."""
        began = time.monotonic()
        while True:
            try:
                status, body = self.get(path, params, timeout=10)
                if accept(status, body):
                    return time.monotonic() - began
            except (OSError, http.client.HTTPException):
                pass
            if not alive():
                raise ApiError("the server has ended")
            if time.monotonic() - began > limit:
                raise ApiError(f"{path}: no good answer within {limit} s")
            time.sleep(pause)


def _key(metric):
    return tuple(sorted(metric.items()))


def _close(a, b, tolerance):
    a, b = float(a), float(b)
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b or math.isclose(a, b, rel_tol=tolerance, abs_tol=1e-300)


def differences(mine, theirs, tolerance=1e-9):
    """How two answers' data differ: (short text, worst relative error), or None where they agree."""
    if isinstance(mine, list) or isinstance(theirs, list):
        def flat(items):
            return {json.dumps(i, sort_keys=True) for i in items}
        a, b = flat(mine), flat(theirs)
        if a == b:
            return None
        return f"{len(a)} and {len(b)} entries, {len(a - b)} and {len(b - a)} of them only there", None
    if mine["resultType"] != theirs["resultType"]:
        return f"result type {mine['resultType']} and {theirs['resultType']}", None
    if mine["resultType"] in ("scalar", "string"):
        return None if mine["result"] == theirs["result"] else ("other value", None)

    def points(result):
        return {_key(s["metric"]): s["values"] if "values" in s else [s["value"]] for s in result}
    a, b = points(mine["result"]), points(theirs["result"])
    notes, worst, bad, total = [], 0.0, 0, 0
    if a.keys() != b.keys():
        notes.append(f"{len(a)} and {len(b)} series, {len(a.keys() - b.keys())} and {len(b.keys() - a.keys())} of them only there")
    for key in a.keys() & b.keys():
        pa, pb = {float(t): v for t, v in a[key]}, {float(t): v for t, v in b[key]}
        total += len(pa.keys() | pb.keys())
        bad += len(pa.keys() ^ pb.keys())
        for t in pa.keys() & pb.keys():
            if not _close(pa[t], pb[t], tolerance):
                bad += 1
                x, y = float(pa[t]), float(pb[t])
                if math.isfinite(x) and math.isfinite(y):
                    worst = max(worst, abs(x - y) / max(abs(x), abs(y)))
    if bad:
        notes.append(f"{bad} of {total} points, by up to {worst:.2g}")
    return ("; ".join(notes), worst) if notes else None
