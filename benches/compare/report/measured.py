"""Raw results, and the medians of their rounds."""

import json
from dataclasses import dataclass
from statistics import median

NAMES = {
    "ours": "Roomcast",
    "socketioxide": "socketioxide",
    "node": "socket.io, Node",
    "bun": "socket.io, Bun engine",
    "python": "python-socketio",
    "floor": "floor",
}
"""In the order of the tables; the floor is no peer."""

THROUGHPUT = ("fanout", "rooms", "echo")
"""Scenarios that keep the server as busy as it can be; what else says `counts` for is how much a busy load can tell."""


def metrics(result):
    """What one measurement says, under the names that the tables use; `None` where it says nothing."""
    latency, server = result.get("latency_us") or {}, result.get("server") or {}
    memory = server.get("bytes_per_client")
    return {
        "deliveries_per_second": result.get("deliveries_per_second"),
        "cpu": server.get("cpu_us_per_delivery"),
        "user": server.get("user_us_per_delivery"),
        "p50": latency.get("p50"),
        "p99": latency.get("p99"),
        "p999": latency.get("p999"),
        "max": latency.get("max"),
        "kib_per_client": None if memory is None else memory / 1024,
        "cpu_per_connect": server.get("cpu_us_per_connect"),
        "server_busy": server.get("busy"),
        "load_busy": (result.get("load") or {}).get("busy"),
        "wrong": sum(result.get(kind) or 0 for kind in ("lost", "duplicated", "reordered")),
        "lost": result.get("lost"),
        "duplicated": result.get("duplicated"),
        "reordered": result.get("reordered"),
    }


@dataclass
class Row:
    """One server in one scenario, over all rounds."""

    server: str
    scenario: str
    kind: str
    rounds: int
    medians: dict
    spread: dict
    reasons: list

    @property
    def counts(self):
        return not self.reasons

    def __getitem__(self, metric):
        return self.medians.get(metric)


def row(server, scenario, records):
    """The row of all records of one server in one scenario; those that failed are reasons why it does not count."""
    results = [record["result"] for record in records if record.get("result")]
    reasons = [record["error"] for record in records if record.get("error")]
    for result in results:
        if not result.get("counts", True):
            reasons += result.get("why_not") or ["the load does not say why"]
    measured = [metrics(result) for result in results]
    medians, spread = {}, {}
    for metric in measured[0] if measured else ():
        values = [each[metric] for each in measured if each[metric] is not None]
        if values:
            # What went wrong in one round is not made good by the others.
            whole = metric in ("wrong", "lost", "duplicated", "reordered")
            medians[metric] = sum(values) if whole else median(values)
            spread[metric] = (min(values), max(values))
    if medians.get("wrong"):
        reasons.append("lost {lost:g}, twice {duplicated:g}, out of order {reordered:g}".format_map({**ZERO, **medians}))
    kind = next((result.get("scenario") for result in results), scenario.partition("-")[0])
    return Row(server, scenario, kind, len(results), medians, spread, list(dict.fromkeys(reasons)))


ZERO = {"lost": 0, "duplicated": 0, "reordered": 0}


@dataclass
class Run:
    """One file of raw results: what was measured and where, and the rows by scenario and server."""

    meta: dict
    rows: dict

    @property
    def scenarios(self):
        return list(dict.fromkeys(scenario for scenario, _ in self.rows))

    def of(self, scenario):
        """The rows of one scenario in the order of `NAMES`."""
        return [self.rows[scenario, server] for server in NAMES if (scenario, server) in self.rows]

    def get(self, scenario, server):
        return self.rows.get((scenario, server))


def read(path):
    """A file of raw results: the meta line first, then one measurement per line."""
    with open(path, encoding="utf-8") as lines:
        meta, *records = map(json.loads, lines)
    groups = {}
    for record in records:
        groups.setdefault((record["scenario"], record["server"]), []).append(record)
    return Run(meta, {key: row(key[1], key[0], group) for key, group in groups.items()})
