"""One measurement in one line, for whoever watches: what it is good for, and whether it counts."""

import json
import sys

from measured import metrics

record = json.load(sys.stdin)
result = record.get("result")
if result is None:
    print(record.get("error"))
else:
    known = metrics(result)
    parts = [f"{known['deliveries_per_second']:,.0f}/s"] if known["deliveries_per_second"] else []
    for key, unit in [("p99", "µs p99"), ("cpu", "µs CPU each"), ("kib_per_client", "KiB a client"), ("cpu_per_connect", "µs CPU a connect")]:
        if known[key] is not None:
            parts.append(f"{known[key]:,.4g} {unit}")
    if not result.get("counts", True):
        parts.append("does not count: " + "; ".join(result.get("why_not", [])))
    print(", ".join(parts))
