"""The report of all raw results in a folder: `results.md` and `chart.svg` beside them, and the Markdown on standard output.
For `benches/results` also the table in the README.

    report.py FOLDER
"""

import sys
from pathlib import Path

import chart
import tables
from measured import read
from targets import verdicts

HEAD = """# Roomcast beside its peers

The same program on each server, the same load generator, in turn, medians of all rounds. Every message has 200 bytes. How to read this, and what counts:
[benches/README.md](../README.md). The raw results are the `.jsonl` files beside this one.
"""
TITLES = {
    "one-worker": "One worker: the server on one core, the load on the other",
    "two-workers": "Two workers, not pinned: server and load share both cores",
    "scaling": "Scaling: one room, 4 messages in flight, one worker",
}


README = Path(__file__).parents[3] / "README.md"
BEGIN, END = "<!-- results -->\n", "<!-- end of results -->\n"


def renew_readme(run):
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    README.write_text("".join([before, BEGIN, tables.summary(run), END, after]), encoding="utf-8")


def section(mode, run):
    parts = [f"## {TITLES[mode]}", tables.machine(run.meta)]
    if mode == "scaling":
        return "\n".join([*parts, tables.scaling(run)])
    if run.meta["shrink"] == 1:
        parts += ["### Targets\n", tables.targets(verdicts(run))]
    return "\n".join([*parts, *(tables.scenario(run, name) for name in run.scenarios)])


def main(folder):
    folder = Path(folder)
    runs = {mode: read(folder / f"{mode}.jsonl") for mode in TITLES if (folder / f"{mode}.jsonl").exists()}
    if not runs:
        sys.exit(f"{folder} has no raw results")
    text = "\n".join([HEAD, *(section(mode, run) for mode, run in runs.items())])
    (folder / "results.md").write_text(text, encoding="utf-8")
    if "one-worker" in runs:
        (folder / "chart.svg").write_text(chart.draw(runs["one-worker"]), encoding="utf-8")
        if folder.resolve() == README.parent / "benches" / "results":
            renew_readme(runs["one-worker"])
    print(text)


if __name__ == "__main__":
    main(sys.argv[1])
