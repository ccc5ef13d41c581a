"""Markdown."""

from measured import NAMES, THROUGHPUT

TITLES = {
    "fanout-10000x4": "One room of 10,000, 4 messages in flight",
    "fanout-10000x4-one": "The same, all of one member",
    "fanout-1000x16": "One room of 1,000, 16 messages in flight",
    "fanout-1000x1": "One room of 1,000, 1 message in flight",
    "rooms-100x10": "100 rooms of 10, 100 messages in flight",
    "echo-64": "Echo with ack, 64 clients",
    "latency-1000": "Latency: 20 messages a second into a room of 1,000",
    "idle-10000": "10,000 idle clients, each after 1 KiB of request headers",
    "connect-10000": "10,000 clients connect, 200 at a time",
    "polling-10000": "10,000 polling clients in one room, one message a second",
}
SCALES = {
    "beside-nothing": "5,000, nobody else",
    "beside-idle": "5,000, with 10,000 idle clients in no room",
    "beside-rooms": "5,000, with 10,000 idle clients in 1,000 other rooms",
}

# Column title, metric, format.
RATE = ("deliveries/s", "deliveries_per_second", "{:,.0f}")
CPU = ("CPU µs each", "cpu", "{:.2f}")
USER = ("of it user", "user", "{:.2f}")
BUSY = [("server busy", "server_busy", "{:.0%}"), ("load busy", "load_busy", "{:.0%}")]
LATENCY = [(f"{name} µs", metric, "{:,.0f}") for name, metric in [("p50", "p50"), ("p99", "p99"), ("p99.9", "p999"), ("max", "max")]]
CONNECT = [("CPU µs per connect", "cpu_per_connect", "{:.0f}"), ("KiB per client", "kib_per_client", "{:.1f}")]


def cell(row, metric, form):
    value = row[metric]
    return "" if value is None else form.format(value)


def columns(kind):
    """The columns of a scenario, and the one by which servers are compared; `True` when more of it is better."""
    if kind in THROUGHPUT:
        return [RATE, CPU, USER, *BUSY], "deliveries_per_second", True
    if kind == "latency":
        return [*LATENCY, CPU, BUSY[1]], "p99", False
    if kind == "polling":
        return [("missed", "missed", "{:,.0f}"), LATENCY[0], LATENCY[1], CPU, USER, *BUSY], "cpu", False
    if kind == "connect":
        return [*CONNECT, *BUSY], "cpu_per_connect", False
    return list(reversed(CONNECT)), "kib_per_client", False


def compared(ours, row, metric, more):
    """How many times better ours is; empty when one of both does not count."""
    if ours is None or row.server == "ours" or not (ours.counts and row.counts) or not (ours[metric] and row[metric]):
        return ""
    return f"{ours[metric] / row[metric] if more else row[metric] / ours[metric]:.2f} ×"


def table(heads, lines):
    align = ["---"] + ["---:"] * (len(heads) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, align, *lines]) + "\n"


def scenario(run, name):
    """One scenario: a row per server, with those that do not count and why."""
    rows = run.of(name)
    shown, metric, more = columns(rows[0].kind)
    shown = [column for column in shown if any(row[column[1]] is not None for row in rows)]
    ours = run.get(name, "ours")
    lines, notes = [], []
    for row in rows:
        title = NAMES[row.server]
        if not row.counts:
            title += " (does not count)"
        if row.reasons or row.notes:
            notes.append(f"- {NAMES[row.server]}: {'; '.join(row.reasons + row.notes)}.")
        lines.append([title, *(cell(row, m, form) for _, m, form in shown), compared(ours, row, metric, more)])
    head = ["", *(title for title, _, _ in shown), "ours is better by"]
    text = f"### {TITLES.get(name, name)}\n\n{table(head, lines)}"
    return "\n".join([text, *notes, ""]) if notes else text


def scaling(run):
    """Cost by clients, and beside others."""
    heads = ["clients in the room", "deliveries/s", "CPU µs each", "of it user", "server busy"]
    lines = []
    for name in run.scenarios:
        row = run.get(name, "ours")
        kind, _, size = name.partition("-")
        title = f"{int(size):,}" if kind == "scale" else SCALES.get(name, name)
        if not row.counts:
            title += f" (does not count: {'; '.join(row.reasons)})"
        lines.append([title, *(cell(row, m, form) for _, m, form in [RATE, CPU, USER, BUSY[0]])])
    return table(heads, lines)


def targets(verdicts):
    word = {True: "met", False: "**not met**", None: "open"}
    lines = [[TITLES.get(v.scenario, v.scenario), v.target, v.measured, word[v.met]] for v in verdicts]
    return table(["scenario", "target", "measured", ""], lines).replace("---:", "---")


def machine(meta):
    """Where and how it was measured, and what."""
    rounds = f"{meta['rounds']} round" + ("s" if meta["rounds"] != 1 else "")
    lines = [
        f"`{meta['command'].strip()}`: {rounds}, {meta['seconds']} s each; {meta['cpu']}, {meta['cores']} cores, {meta['memory']}, {meta['kernel']}.",
    ]
    if meta["shrink"] != 1:
        lines.append(f"**A quick run: 1/{meta['shrink']} of the clients that the titles name. Its figures say nothing about speed.**")
    lines.append("")
    lines += [f"- {NAMES[server]}: {version}" for server, version in meta.get("versions", {}).items()]
    lines += [f"- {NAMES[server]}: missing, {why}" for server, why in meta.get("missing", {}).items()]
    return "\n".join(lines) + "\n"


UNITS = {
    "deliveries_per_second": ("a second", "{:,.0f}"),
    "p99": ("p99, µs", "{:,.0f}"),
    "cpu": ("CPU µs per delivery", "{:.1f}"),
    "cpu_per_connect": ("CPU µs each", "{:.0f}"),
    "kib_per_client": ("KiB per client", "{:.1f}"),
}


def summary(run):
    """One row per scenario, one column per server, with how many times better ours is."""
    servers = [server for server in NAMES if any(run.get(name, server) for name in run.scenarios)]
    lines = []
    for name in run.scenarios:
        _, metric, more = columns(run.of(name)[0].kind)
        unit, form = UNITS[metric]
        ours = run.get(name, "ours")
        cells = [summary_cell(ours, run.get(name, server), metric, form, more) for server in servers]
        lines.append([f"{TITLES.get(name, name)}: {unit}", *cells])
    return table(["", *(NAMES[server] for server in servers)], lines)


def summary_cell(ours, row, metric, form, more):
    if row is None or row[metric] is None:
        return ""
    ratio = compared(ours, row, metric, more)
    note = f" ({ratio})" if ratio else "" if row.counts else " (does not count)"
    return cell(row, metric, form) + note
