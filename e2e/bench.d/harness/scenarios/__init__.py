# SPDX-License-Identifier: Apache-2.0
"""The scenarios. Each module holds one or two functions run(bench, spec) -> {metric: value}
and registers them here; together marks a scenario that runs all servers at once:
run(bench, specs) -> {server: {metric: value}}.
"""

from dataclasses import dataclass
from typing import Callable

from . import load, queries, remote_write, restart, scrape, startup, storage


@dataclass(frozen=True)
class Scenario:
    name: str
    summary: str
    run: Callable
    together: bool = False


ALL = {s.name: s for s in [
    Scenario("startup", "time from exec to ready and idle memory, empty data directory", startup.run),
    Scenario("scrape", "scrape targets at a fixed rate: CPU per sample, memory per series, samples lost", scrape.steady),
    Scenario("scrape-max", "raise the scrape rate until scrapes come late", scrape.maximum),
    Scenario("remote-write", "ingest by remote write as fast as acknowledged", remote_write.run),
    Scenario("storage", "bytes per sample on disk once the data is compacted", storage.run),
    Scenario("restart", "kill -9 under load: time to ready, replay CPU, samples lost", restart.run),
    Scenario("queries", "latency and CPU of a fixed list of API requests, answers compared", queries.run, together=True),
    Scenario("load", "20 clients ask heavy queries without a pause while targets are scraped: scrapes missed, memory", load.run),
]}
