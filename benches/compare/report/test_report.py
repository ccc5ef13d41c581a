"""A few results in, tables and a chart out."""

import json
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import chart
import report
import tables
from measured import read
from targets import verdicts

META = {
    "mode": "one-worker", "command": "benches/compare/run", "rounds": 3, "seconds": 5, "shrink": 1, "cpu": "A <fast> one",
    "cores": 2, "kernel": "Linux 6", "memory": "24 GiB", "versions": {"ours": "1"}, "missing": {"bun": "npm is not there"},
}  # fmt: skip


def result(scenario, rate=None, **more):
    server = {"user_us_per_delivery": 0.1, "cpu_us_per_delivery": 1.3, "busy": 0.99}
    server.update(more.pop("server", {}))
    base = {"lost": 0, "duplicated": 0, "reordered": 0, "counts": True, "why_not": []}
    return {**base, "scenario": scenario, "deliveries_per_second": rate, "server": server, "load": {"busy": 0.5}, **more}


def run(tmp_path, *measured, **meta):
    """A run with these results; each is server, scenario and result, or an error in words."""
    lines = [{**META, **meta}]
    for server, scenario, outcome in measured:
        key = "error" if isinstance(outcome, str) else "result"
        lines.append({"server": server, "scenario": scenario, "round": 1, key: outcome})
    path = tmp_path / f"{lines[0]['mode']}.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return read(path)


def rates(tmp_path, ours, theirs, scenario="fanout-10000x4", **more):
    measured = [("ours", scenario, result("fanout", rate)) for rate in ours]
    measured += [("socketioxide", scenario, result("fanout", rate, **more)) for rate in theirs]
    return run(tmp_path, *measured)


def verdict(run, words):
    return next(v for v in verdicts(run) if words in v.target)


def test_a_table_has_medians_and_how_many_times_better_ours_is(tmp_path):
    text = tables.scenario(rates(tmp_path, [800, 600, 700], [200, 100, 300]), "fanout-10000x4")
    assert "| Roomcast | 700 |" in text
    assert "| socketioxide | 200 |" in text
    assert "| 3.50 × |" in text


def test_a_row_that_we_lose_stays_in(tmp_path):
    text = tables.scenario(rates(tmp_path, [100], [400]), "fanout-10000x4")
    assert "| 0.25 × |" in text


def test_the_summary_has_a_row_per_scenario_and_a_column_per_server(tmp_path):
    text = tables.summary(rates(tmp_path, [800], [200]))
    assert "|  | Roomcast | socketioxide |" in text
    assert "| One room of 10,000, 4 messages in flight: a second | 800 | 200 (4.00 ×) |" in text
    slow = tables.summary(rates(tmp_path, [700], [200], counts=False, why_not=["the server was only 60 % busy"]))
    assert "| 700 | 200 (does not count) |" in slow


def test_less_is_better_where_it_is(tmp_path):
    memory = [("ours", 2048), ("node", 4096)]
    measured = [(server, "idle-10000", result("idle", server={"bytes_per_client": size})) for server, size in memory]
    assert "| socket.io, Node | 4.0 | 2.00 × |" in tables.scenario(run(tmp_path, *measured), "idle-10000")


def test_a_row_that_does_not_count_says_why_and_has_no_ratio(tmp_path):
    slow = rates(tmp_path, [700], [200], counts=False, why_not=["the server was only 60 % busy"])
    text = tables.scenario(slow, "fanout-10000x4")
    assert "socketioxide (does not count)" in text and "only 60 % busy" in text
    assert "×" not in text.split("\n", 2)[2]
    assert verdict(slow, "at least 3 ×").met is None


def test_a_message_lost_in_one_round_is_not_made_good_by_the_others(tmp_path):
    measured = [("ours", "fanout-10000x4", result("fanout", 700, lost=lost)) for lost in (0, 5, 0)]
    text = tables.scenario(run(tmp_path, *measured), "fanout-10000x4")
    assert "Roomcast (does not count)" in text and "5 lost" in text


def test_a_peer_that_mixes_up_the_order_is_still_compared_with_and_we_are_not(tmp_path):
    mixed = {"counts": False, "reordered": 9, "why_not": ["9 messages came out of order"]}
    measured = [("ours", "fanout-10000x4", result("fanout", 800)), ("socketioxide", "fanout-10000x4", result("fanout", 200, **mixed))]
    text = tables.scenario(run(tmp_path, *measured), "fanout-10000x4")
    assert "| 4.00 × |" in text and "socketioxide: 9 out of order" in text
    measured[0] = ("ours", "fanout-10000x4", result("fanout", 800, **mixed))
    assert "Roomcast (does not count)" in tables.scenario(run(tmp_path, *measured), "fanout-10000x4")


def test_a_row_counts_with_the_rounds_that_do_if_they_are_the_most(tmp_path):
    idle = {"counts": False, "why_not": ["the server was idle"]}
    measured = [("ours", "fanout-10000x4", result("fanout", rate, **more)) for rate, more in [(700, {}), (10, idle), (800, {})]]
    text = tables.scenario(run(tmp_path, *measured), "fanout-10000x4")
    assert "| Roomcast | 750 |" in text
    assert "2 of 3 rounds count; the server was idle" in text
    measured[0] = measured[1]
    assert "Roomcast (does not count)" in tables.scenario(run(tmp_path, *measured), "fanout-10000x4")


def test_a_failed_measurement_is_a_reason_and_no_figure(tmp_path):
    failed = run(tmp_path, ("ours", "echo-64", result("echo", 9)), ("python", "echo-64", "not done after 150 s"))
    text = tables.scenario(failed, "echo-64")
    assert "python-socketio (does not count)" in text and "not done after 150 s" in text


def test_a_target_is_met_missed_or_open(tmp_path):
    assert verdict(rates(tmp_path, [600], [200]), "at least 3 ×").met is True
    assert verdict(rates(tmp_path, [599], [200]), "at least 3 ×").met is False
    assert verdict(rates(tmp_path, [600], []), "at least 3 ×").met is None
    assert verdict(rates(tmp_path, [600], [200]), "user CPU").met is False


def test_the_best_peer_decides_about_latency_and_the_floor_is_none(tmp_path):
    times = [("ours", 300), ("floor", 100), ("node", 900), ("bun", 301)]
    measured = [(server, "latency-1000", result("latency", 1, latency_us={"p50": time, "p99": time})) for server, time in times]
    assert verdict(run(tmp_path, *measured), "p50").met is True
    measured[3] = ("bun", "latency-1000", result("latency", 1, latency_us={"p50": 299, "p99": 299}))
    assert verdict(run(tmp_path, *measured), "p50").met is False


def test_the_whole_report_has_all_sections_and_a_chart_that_is_xml(tmp_path, capsys):
    rates(tmp_path, [700], [200])
    run(tmp_path, ("ours", "scale-100", result("fanout", 5)), ("ours", "beside-idle", result("fanout", 5)), mode="scaling")
    report.main(tmp_path)
    text = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out.strip() == text.strip()
    for piece in ["## One worker", "### Targets", "missing, npm is not there", "## Scaling", "| 100 | 5 |", "10,000 idle clients in no room"]:
        assert piece in text, piece
    xml.fromstring((tmp_path / "chart.svg").read_text(encoding="utf-8"))


def test_a_quick_run_has_no_targets_and_says_what_it_is(tmp_path, capsys):
    run(tmp_path, ("ours", "echo-64", result("echo", 9)), shrink=10)
    report.main(tmp_path)
    text = capsys.readouterr().out
    assert "A quick run" in text and "### Targets" not in text
    assert "it says nothing about speed" in chart.draw(read(tmp_path / "one-worker.jsonl"))
