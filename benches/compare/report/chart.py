"""The one-worker run as an SVG: a panel per scenario, a bar per server. Its colours follow the reader's scheme."""

from html import escape

from measured import NAMES
from tables import TITLES

WIDTH, COLUMNS, GAP = 960, 2, 32
PANEL = (WIDTH - GAP * (COLUMNS + 1)) / COLUMNS
NAME, NUMBER, BAR, HEAD = 150, 76, 20, 46
"""Pixels: for a server's name, for its figure, for a bar and its gap, for a panel's title."""

STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 14px; font-weight: 600; }
  .unit, .other { fill: #59636e; }
  .page { fill: #ffffff; }
  .bar { fill: #9aa4af; }
  .ours { fill: #0a6cbd; }
  .floor { fill: none; stroke: #9aa4af; stroke-dasharray: 3 2; }
  .void { opacity: .35; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .unit, .other { fill: #9198a1; }
    .page { fill: #0d1117; }
    .bar { fill: #59636e; }
    .ours { fill: #4ba3f0; }
    .floor { fill: none; stroke: #59636e; }
  }
"""

# Metric, unit, format, by kind of scenario.
SHOWN = {
    "fanout": ("deliveries_per_second", "deliveries per second, more is better", "{:,.0f}"),
    "rooms": ("deliveries_per_second", "deliveries per second, more is better", "{:,.0f}"),
    "echo": ("deliveries_per_second", "echoes per second, more is better", "{:,.0f}"),
    "latency": ("p99", "99th percentile in µs, less is better", "{:,.0f}"),
    "idle": ("kib_per_client", "KiB per client, less is better", "{:.1f}"),
    "connect": ("cpu_per_connect", "CPU µs per client, less is better", "{:,.0f}"),
    "polling": ("cpu", "CPU µs per delivery, less is better", "{:.1f}"),
}


def bar(row, value, most, x, y, form):
    """A server's line: name, bar, figure."""
    width = max((PANEL - NAME - NUMBER) * value / most, 1)
    kind = {"ours": "ours", "floor": "floor"}.get(row.server, "bar")
    void, note = ("", "") if row.counts else (" void", " *")
    name = NAMES[row.server]
    text = "" if row.server == "ours" else ' class="other"'
    return [
        f'<text x="{x + NAME - 8:.0f}" y="{y + 13:.0f}" text-anchor="end"{text}>{escape(name)}</text>',
        f'<rect class="{kind}{void}" x="{x + NAME:.0f}" y="{y + 2:.0f}" width="{width:.1f}" height="{BAR - 6}" rx="2"/>',
        f'<text x="{x + NAME + width + 6:.1f}" y="{y + 13:.0f}"{text}>{form.format(value)}{note}</text>',
    ]


def panel(run, scenario, x, y):
    """The lines of a panel and its height."""
    rows = run.of(scenario)
    metric, unit, form = SHOWN[rows[0].kind]
    rows = [row for row in rows if row[metric] is not None]
    if not rows:
        return [], 0
    most = max(row[metric] for row in rows) or 1
    lines = [
        f'<text class="title" x="{x:.0f}" y="{y + 14:.0f}">{escape(TITLES.get(scenario, scenario))}</text>',
        f'<text class="unit" x="{x:.0f}" y="{y + 32:.0f}">{unit}</text>',
    ]
    for i, row in enumerate(rows):
        lines += bar(row, row[metric], most, x, y + HEAD - 6 + i * BAR, form)
    return lines, HEAD + len(rows) * BAR


def draw(run):
    """The whole chart."""
    lines, y = [], GAP
    scenarios = [name for name in run.scenarios if run.of(name)[0].kind in SHOWN]
    for start in range(0, len(scenarios), COLUMNS):
        heights = [0]
        for column, name in enumerate(scenarios[start : start + COLUMNS]):
            panel_lines, height = panel(run, name, GAP + column * (PANEL + GAP), y)
            lines += panel_lines
            heights.append(height)
        y += max(heights) + GAP
    meta = run.meta
    foot = f"{meta['cpu']}, {meta['cores']} cores, {meta['kernel']}; server on one core, load on the other; * does not count"
    if meta["shrink"] != 1:
        foot = f"A quick run with 1/{meta['shrink']} of the clients: it says nothing about speed. " + foot
    lines.append(f'<text class="unit" x="{GAP}" y="{y:.0f}">{escape(foot)}</text>')
    height = y + GAP / 2
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}" role="img">',
            "<title>Roomcast beside its peers</title>",
            f"<style>{STYLE}</style>",
            '<rect class="page" width="100%" height="100%" rx="8"/>',
            *lines,
            "</svg>\n",
        ]
    )
