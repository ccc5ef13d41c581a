"""What is to be reached, and whether it was."""

from dataclasses import dataclass

from measured import NAMES

PEERS = [server for server in NAMES if server not in ("ours", "floor")]


@dataclass
class Verdict:
    """One target with what was measured; `met` is `None` when a row that it needs is missing or does not count."""

    scenario: str
    target: str
    measured: str
    met: bool | None


def usable(*rows):
    """Why these rows cannot be compared, or nothing."""
    for row in rows:
        if row is None:
            return "not measured"
        if not row.counts:
            return f"{NAMES[row.server]} does not count: {'; '.join(row.reasons)}"
    return None


def ratio(run, scenario, peer, metric="deliveries_per_second", *, least=None, most=None):
    """Ours divided by a peer's: at least, or at most, so many times as much."""
    ours, theirs = run.get(scenario, "ours"), run.get(scenario, peer)
    what = {"deliveries_per_second": "deliveries", "user": "user CPU per delivery", "cpu": "CPU per delivery", "cpu_per_connect": "CPU per connect"}
    bound = f"at least {least:g}" if least is not None else f"at most {fraction(most)}"
    target = f"{what[metric]}: {bound} × {NAMES[peer]}"
    why = usable(ours, theirs)
    if why or not ours[metric] or not theirs[metric]:
        return Verdict(scenario, target, why or "not measured", None)
    measured = ours[metric] / theirs[metric]
    met = measured >= least if least is not None else measured <= most
    return Verdict(scenario, target, f"{measured:.2f} ×", met)


def fraction(number):
    return f"1/{round(1 / number)}" if number < 1 else f"{number:g}"


def fastest(run, scenario, metric):
    """Ours is at or below every peer's that was measured."""
    target = f"{metric} at or below every peer's"
    ours = run.get(scenario, "ours")
    peers = [row for row in map(lambda peer: run.get(scenario, peer), PEERS) if row and row.counts and row[metric] is not None]
    why = usable(ours)
    if why or ours[metric] is None or not peers:
        return Verdict(scenario, target, why or "not measured", None)
    best = min(peers, key=lambda row: row[metric])
    measured = f"{ours[metric]:,.0f} µs; the best peer, {NAMES[best.server]}, {best[metric]:,.0f} µs"
    return Verdict(scenario, target, measured, ours[metric] <= best[metric])


def below(run, scenario, metric, unit, most):
    target = f"{most:g} {unit} or less"
    ours = run.get(scenario, "ours")
    why = usable(ours)
    if why or ours[metric] is None:
        return Verdict(scenario, target, why or "not measured", None)
    return Verdict(scenario, target, f"{ours[metric]:.2f} {unit}", ours[metric] <= most)


def nothing_missed(run, scenario):
    target, ours = "no client misses a message", run.get(scenario, "ours")
    if ours is None or ours["missed"] is None:
        return Verdict(scenario, target, "not measured", None)
    return Verdict(scenario, target, f"{ours['missed']:,.0f} missed", ours["missed"] == 0)


def verdicts(run):
    """All of them, in the order of the scenarios."""
    oxide = "socketioxide"
    if run.meta["mode"] == "one-worker":
        against_node = [
            ratio(run, "fanout-10000x4", "node", least=10),
            ratio(run, "fanout-1000x16", "node", least=20),
            ratio(run, "polling-10000", "node", "cpu", most=1),
        ]
    else:
        against_node = []
    return [
        ratio(run, "fanout-10000x4", oxide, least=3),
        ratio(run, "fanout-10000x4", oxide, "user", most=1 / 8),
        ratio(run, "fanout-1000x16", oxide, least=4),
        ratio(run, "fanout-1000x1", oxide, least=1.5),
        ratio(run, "rooms-100x10", oxide, least=1.6),
        ratio(run, "echo-64", oxide, least=1.5),
        fastest(run, "latency-1000", "p50"),
        fastest(run, "latency-1000", "p99"),
        below(run, "idle-10000", "kib_per_client", "KiB per client", 4),
        ratio(run, "connect-10000", oxide, "cpu_per_connect", most=1 / 3),
        nothing_missed(run, "polling-10000"),
        *against_node,
    ]
