"""Makes Markdown tables of what `benches/chat/run` has measured: medians over the rounds."""

import json
import platform
import statistics
import sys
from collections import defaultdict


def read(path):
    results = defaultdict(list)
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            results[entry["name"]].append(entry["result"])
    return results


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def median(results, name, key):
    values = [result[key] for result in results.get(name, []) if key in result]
    return statistics.median(values) if values else None


def number(value, digits=0):
    return "missing" if value is None else f"{value:,.{digits}f}"


def faults(results, name):
    """What must not happen, over all rounds."""
    return sum(result.get("cut", 0) + result.get("refused", 0) for result in results.get(name, []))


def verdict(share, target):
    return "missing" if share is None else f"{share * 100:.0f} % ({'met' if share >= target else 'missed'}: {target * 100:.0f} %)"


def ratio(one, other):
    return one / other if one and other else None


def stored(results):
    print("### Stored group messages: 64 senders, 16 in flight each, rooms of two\n")
    print("Beside a bare loop of multi-row inserts into the same tables, and beside the same loop with `OR ROLLBACK`, which is what the store says: SQLite")
    print("then keeps nothing to take back the statement alone.\n")
    rows = []
    for durability in ("full", "normal"):
        name = f"post {durability}"
        ours = median(results, name, "stored")
        bare, same = (median(results, f"floor {durability} {kind}", "rows") for kind in ("plain", "rollback"))
        part = ratio(ours, same)
        rows.append([
            durability.upper(), number(ours), number(bare), verdict(ratio(ours, bare), 0.6),
            number(same), "missing" if part is None else f"{part * 100:.0f} %",
            number(median(results, name, "p50_ms"), 1), number(median(results, name, "p99_ms"), 1),
            number(median(results, name, "server_cpu"), 2), str(faults(results, name)),
        ])
    table(["synchronous", "stored/s", "bare inserts/s", "share", "with OR ROLLBACK", "share", "ack p50 ms", "p99 ms", "server's core", "cut or refused"], rows)


def fanout(results):
    print("### Deliveries: a group message into a room of 1,000, beside socketioxide, which stores nothing\n")
    rows = []
    for in_flight in (1, 4, 16):
        names = [f"fanout {in_flight} {server}" for server in ("ours", "socketioxide")]
        ours, theirs = (median(results, name, "deliveries") for name in names)
        busy = "/".join(number(median(results, name, "load_cpu"), 2) for name in names)
        rows.append([
            str(in_flight), number(median(results, names[0], "bytes")), number(ours), number(theirs),
            verdict(ratio(ours, theirs), 1.0), busy, str(sum(faults(results, name) for name in names)),
        ])
    table(["in flight", "bytes of an event", "ours/s", "socketioxide/s", "share", "load's core", "cut or refused"], rows)


def ack(results):
    print("### From send to ack, 1,000 messages a second\n")
    keys = ("stored", "p50_ms", "p99_ms", "server_cpu")
    values = [number(median(results, "ack", key), digits) for key, digits in zip(keys, (0, 2, 2, 2))]
    table(["stored/s", "p50 ms", "p99 ms", "server's core", "cut or refused"], [values + [str(faults(results, "ack"))]])


def joins(results):
    print("### Everybody joins one show within two seconds\n")
    names = sorted((name for name in results if name.startswith("joins")), key=lambda name: int(name.split()[1]))
    columns = ("clients", "joined", "seconds", "calm_after", "p50_ms", "p99_ms", "slowest_pong_ms", "announcements_each", "megabytes", "server_cpu_s", "refused", "cut")
    rows, first = [], None
    for name in names:
        result = results[name][-1]
        first = first or result
        grown = result["server_cpu_s"] / max(first["server_cpu_s"], 0.01), result["megabytes"] / max(first["megabytes"], 0.1)
        more = result["clients"] / first["clients"]
        rows.append([f"{result[key]:,}" for key in columns] + [f"{more:.0f} × people, {grown[0]:.1f} × CPU, {grown[1]:.1f} × bytes (square: {more * more:.0f} ×)"])
    table(["sockets", "joined", "last ack s", "calm after s", "ack p50 ms", "p99 ms", "slowest pong ms", "announcements each", "MB sent", "server CPU s", "refused", "cut", "growth"], rows)


def idle(results):
    print("### 10,000 idle clients of the whole server, each after 1 KiB of request headers\n")
    rows = []
    for kind, most in (("plain", None), ("tls", 24)):
        each = median(results, f"idle {kind}", "bytes_each")
        met = "" if most is None or each is None else f"{'met' if each <= most * 1024 else 'missed'}: {most} KiB"
        rows.append([kind, number(each and each / 1024, 1), met])
    table(["connections", "KiB each", "target"], rows)


def main():
    results = read(sys.argv[1])
    print(f"Server on one core, load on another; {platform.machine()}, Linux {platform.release()}\n")
    for name, section in (("post", stored), ("fanout", fanout), ("ack", ack), ("joins", joins), ("idle", idle)):
        if any(key.startswith(name) for key in results):
            section(results)


main()
