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
"""Scenarios that keep the server as busy as it can be."""


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
        "missed": sum(result.get(kind) or 0 for kind in ("lost", "cut")),
    }


OUT_OF_ORDER = "came out of order"
"""How the load ends that reason. From a peer it is told and no more: it did the work, and gets away with less of it."""

WRONG = {"lost": "lost", "duplicated": "twice", "reordered": "out of order", "damaged": "damaged", "cut": "clients cut"}
"""What may be wrong; one round's mistakes are not made good by the others."""


@dataclass
class Row:
    """One server in one scenario, over all rounds."""

    server: str
    scenario: str
    kind: str
    medians: dict
    reasons: list
    """Why it does not count."""
    notes: list
    """What else there is to say, such as why some of its rounds do not count."""

    @property
    def counts(self):
        return not self.reasons

    def __getitem__(self, metric):
        return self.medians.get(metric)


def why_not(record):
    """Why one measurement does not count."""
    if "error" in record:
        return [record["error"]]
    result = record["result"]
    if result.get("counts", True):
        return []
    reasons = result.get("why_not") or ["the load does not say why"]
    return [reason for reason in reasons if record["server"] == "ours" or not reason.endswith(OUT_OF_ORDER)]


def wrong(results):
    """What went wrong in all rounds together."""
    sums = {kind: sum(result.get(kind) or 0 for result in results) for kind in WRONG}
    return {kind: f"{sums[kind]:,} {word}" for kind, word in WRONG.items() if sums[kind]}


def row(server, scenario, records):
    """The row of all records of one server in one scenario: the medians of the rounds that count, if they are the most; else of all."""
    results = [record["result"] for record in records if "result" in record]
    good = [record["result"] for record in records if not why_not(record)]
    why = list(dict.fromkeys(reason for record in records for reason in why_not(record)))
    mistakes, notes = wrong(results), []
    if server != "ours" and "reordered" in mistakes:
        notes.append(mistakes.pop("reordered"))
    reasons = list(mistakes.values())
    if 2 * len(good) <= len(records):
        reasons += why
    elif not reasons and why:
        notes += [f"{len(good)} of {len(records)} rounds count", *why]
    measured = [metrics(result) for result in (results if reasons else good)]
    medians = {}
    for metric in measured[0] if measured else ():
        values = [each[metric] for each in measured if each[metric] is not None]
        if values:
            medians[metric] = sum(values) if metric == "missed" else median(values)
    kind = next((result["scenario"] for result in results), scenario.partition("-")[0])
    return Row(server, scenario, kind, medians, reasons, notes)


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
