"""Scatter plots as plain SVG: points, lines and intervals on linear or logarithmic axes.

- Series differ in shape as well as in color, and the legend shows both: for print, and for all eyes.
- A logarithmic axis has no place for zero, so it may state a floor: what is below it stands on the line "0".
"""

from collections.abc import Sequence
from html import escape
from math import log10
from typing import NamedTuple

WIDTH, HEIGHT = 760, 450
_LEFT, _RIGHT, _TOP, _BOTTOM = 78, 22, 66, 58
_INK, _GRID = "#1f2933", "#d9dee3"
COLORS = ("#0b6e4f", "#b3541e", "#5b3f8c", "#1c6dd0")
_FONT = 'font-family="system-ui, sans-serif"'


class Point(NamedTuple):
    """One figure with its interval on the upright axis, and a word beside it."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    label: str = ""


class Series(NamedTuple):
    """Points of one kind, joined by a line or not."""

    name: str
    points: Sequence[Point]
    is_line: bool = False


class Axis(NamedTuple):
    """A scale with the values at which it is marked; `floor` is where a logarithmic one says 0."""

    title: str
    marks: Sequence[float]
    is_log: bool = False
    floor: float | None = None

    def place(self, value: float) -> float:
        """Where a value stands, 0 at the beginning of the axis and 1 at its end."""
        ends = (self.floor if self.floor is not None else self.marks[0], self.marks[-1])
        if not self.is_log:
            return (value - ends[0]) / (ends[1] - ends[0])
        value = max(value, ends[0])
        return log10(value / ends[0]) / log10(ends[1] / ends[0])


class Plot(NamedTuple):
    """A picture: what it is called, what it shows in words, and its axes."""

    title: str
    description: str
    x: Axis
    y: Axis


def drawn(plot: Plot, series: Sequence[Series]) -> str:
    """The picture as SVG."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">',
        f"<title>{escape(plot.title)}</title><desc>{escape(plot.description)}</desc>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(_LEFT, 24, plot.title, 'font-size="16" font-weight="600"'),
        *_axes(plot),
    ]
    for number, each in enumerate(series):
        parts += _series(plot, each, number)
    parts += _legend(series)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _x(plot: Plot, value: float) -> float:
    return round(_LEFT + plot.x.place(value) * (WIDTH - _LEFT - _RIGHT), 1)


def _y(plot: Plot, value: float) -> float:
    return round(HEIGHT - _BOTTOM - plot.y.place(value) * (HEIGHT - _TOP - _BOTTOM), 1)


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" fill="{_INK}" {_FONT} {more}>{escape(words)}</text>'


def _line(ends: tuple[float, float, float, float], color: str, more: str = "") -> str:
    x1, y1, x2, y2 = ends
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{color}" {more}/>'


def _axes(plot: Plot) -> list[str]:
    parts, bottom, right = [], HEIGHT - _BOTTOM, WIDTH - _RIGHT
    for mark in plot.x.marks:
        at = _x(plot, mark)
        parts.append(_line((at, _TOP, at, bottom), _GRID))
        parts.append(_text(at, bottom + 20, worded(mark), 'font-size="12" text-anchor="middle"'))
    rows = [(mark, worded(mark)) for mark in plot.y.marks]
    if plot.y.floor is not None:
        rows.append((plot.y.floor, "0"))
    for mark, words in rows:
        at = _y(plot, mark)
        parts.append(_line((_LEFT, at, right, at), _GRID))
        parts.append(_text(_LEFT - 8, at + 4, words, 'font-size="12" text-anchor="end"'))
    parts.append(_text((_LEFT + right) / 2, HEIGHT - 14, plot.x.title, 'font-size="13" text-anchor="middle"'))
    middle = (_TOP + bottom) / 2
    turned = f'font-size="13" text-anchor="middle" transform="rotate(-90 18 {middle})"'
    return [*parts, _text(18, middle, plot.y.title, turned)]


def worded(value: float) -> str:
    """A mark of an axis in few letters."""
    for size, word in ((1e6, " M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{word}"
    return f"{value:g}"


def _series(plot: Plot, each: Series, number: int) -> list[str]:
    color, parts = COLORS[number % len(COLORS)], []
    if each.is_line:
        path = " ".join(f"{_x(plot, p.x)},{_y(plot, p.y)}" for p in each.points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="1.5"/>')
    for p in each.points:
        at, level = _x(plot, p.x), _y(plot, p.y)
        if p.high is not None:
            ends = (at, _y(plot, p.low or 0.0), at, _y(plot, p.high))
            parts.append(_line(ends, color, 'stroke-width="2" stroke-dasharray="4 3"'))
            parts.append(_line((at - 6, ends[3], at + 6, ends[3]), color, 'stroke-width="2"'))
        parts.append(_marker(at, level, number, 3.0 if each.is_line else 6.0))
        if p.label:
            is_right = at > WIDTH * 0.7
            anchor = 'text-anchor="end"' if is_right else ""
            parts.append(_text(at + (-9 if is_right else 9), level - 8, p.label, f'font-size="12" {anchor}'))
    return parts


def _marker(x: float, y: float, number: int, size: float) -> str:
    color = COLORS[number % len(COLORS)]
    if number % 3 == 0:
        return f'<circle cx="{x}" cy="{y}" r="{size}" fill="{color}"/>'
    if number % 3 == 1:
        return f'<rect x="{x - size}" y="{y - size}" width="{2 * size}" height="{2 * size}" fill="{color}"/>'
    points = f"{x},{y - size - 1} {x - size},{y + size} {x + size},{y + size}"
    return f'<polygon points="{points}" fill="{color}"/>'


def _legend(series: Sequence[Series]) -> list[str]:
    parts, left = [], WIDTH - _RIGHT
    for number in reversed(range(len(series))):
        words = series[number].name
        left -= 7 * len(words) + 26
        parts.append(_marker(left, 48, number, 5.0))
        parts.append(_text(left + 10, 52, words, 'font-size="12"'))
    return parts
