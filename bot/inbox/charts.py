"""Charts of the overview as SVG: no script, colours for light and dark, fonts of the reader's own machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pygal
from pygal.style import Style
from starlette.responses import Response

SERIES = 12  # more than any chart has; they share six colours
FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
COLOURS = """inline:
:root { --ink: #1c242e; --soft: #525d6a; --rule: #c3cad3;
  --c0: #1f7a4d; --c1: #b7791f; --c2: #b5362b; --c3: #2f6fa8; --c4: #7a4fa3; --c5: #6b7683; }
@media (prefers-color-scheme: dark) { :root { --ink: #e5e9ee; --soft: #a9b3bf; --rule: #3d4753;
  --c0: #5fc48b; --c1: #e3b45c; --c2: #f08a7f; --c3: #7db8ea; --c4: #c3a0ea; --c5: #9aa5b3; } }
"""
STYLE = Style(
    background="transparent", plot_background="transparent", foreground="var(--soft)", foreground_strong="var(--ink)",
    foreground_subtle="var(--rule)", guide_stroke_color="var(--rule)", major_guide_stroke_color="var(--rule)", guide_stroke_dasharray="1,0",
    colors=tuple(f"var(--c{number % 6})" for number in range(SERIES)), value_colors=("var(--ink)",) * SERIES,
    opacity="1", font_family=FONT, label_font_size=13, major_label_font_size=13, legend_font_size=13, value_font_size=12, transition="0s",
)  # fmt: skip
LABELS_OF_AN_AXIS = 13
CONTENT_SECURITY = "default-src 'none'; style-src 'unsafe-inline'"  # a chart opened by itself: its own styles, nothing else
USUAL = {
    "js": [], "style": STYLE, "css": ["file://style.css", "file://graph.css", COLOURS], "width": 860, "margin": 6, "spacing": 8,
    "show_legend": False, "disable_xml_declaration": True, "no_data_text": "Nothing yet", "explicit_size": False, "truncate_label": -1,
    "value_formatter": lambda value: f"{value:,.0f}", "print_zeroes": False, "min_scale": 2, "max_scale": 6,
}  # fmt: skip


def stacked_bars(labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> bytes:
    """Return upright bars, one for each label, each made of its series."""
    step = max(1, -(-len(labels) // LABELS_OF_AN_AXIS))
    chart = pygal.StackedBar(
        **{**USUAL, "show_legend": True}, height=320, legend_at_bottom=True, legend_at_bottom_columns=len(series) or 1, legend_box_size=13,
        x_labels=labels, x_labels_major=labels[::step], show_minor_x_labels=False, show_x_guides=False,
        y_labels=steps_to(max((sum(bar) for bar in zip(*(values for _, values in series))), default=0)),
    )  # fmt: skip
    for name, values in series:
        chart.add(name, values)
    return _svg(chart)


def lying_bars(rows: Sequence[tuple[str, int]]) -> bytes:
    """Return lying bars, the first on top, each number beside its label."""
    labels = [f"{label} · {value:,}" for label, value in reversed(rows)]
    chart = pygal.HorizontalBar(
        **{**USUAL, "width": 560},
        height=60 + 30 * max(2, len(rows)),
        x_labels=labels,
        y_labels=steps_to(max((n for _, n in rows), default=0)),
    )
    chart.add("", [{"value": value, "color": "var(--c3)"} for _, value in reversed(rows)])
    return _svg(chart)


def dots(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> bytes:
    """Return a dot for each column of each row, the larger the more."""
    chart = pygal.Dot(**USUAL, height=60 + 36 * len(rows), x_labels=columns, x_labels_major=columns[::3], show_minor_x_labels=False)
    for name, values in rows:
        chart.add(name, [{"value": value, "color": "var(--c3)"} for value in values])
    return _svg(chart)


def steps_to(most: int) -> list[int]:
    """Return up to seven whole numbers for an axis that reaches `most`, in steps of 1, 2 or 5 times a power of ten."""
    step = 1
    while most > 6 * step:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return list(range(0, most + step, step)) if most else [0, 1]


def as_response(svg: bytes) -> Response:
    """Return a chart as what an <img> asks for."""
    return Response(
        svg, media_type="image/svg+xml", headers={"Content-Security-Policy": CONTENT_SECURITY, "Cache-Control": "private, max-age=60"}
    )


def _svg(chart: pygal.Graph) -> bytes:
    chart.add_xml_filter(_plain)
    return bytes(chart.render(is_unicode=True).encode())


def _plain(root: Any) -> Any:
    """Leave out what only pygal's own script would read: an image runs none."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in ("script", "desc") or child.get("class") == "tooltip":
                parent.remove(child)
    return root
