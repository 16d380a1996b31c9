"""Charts as accessible SVG: bars drawn from given numbers, legible at any width, without script or style.

- Widths are percentages and text is not scaled, so a chart reads the same at 320 and at 1280 pixels.
- Each is one image to assistive software, with title and description; its table stands beside it.
- Shades differ in pattern or in a word beside them, not only in color: for print, and for all eyes.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

_ROW, _TALL = 54, 80  # pixels of a row: label and bar; label, bar and note
_BAR = 22
_LABEL = 15  # from the row's top to the label's base line
_WIDEST = 50.0  # percent, where the number stands to the right of the bar
_VISIBLE = 0.35  # percent: something is never drawn as nothing


class Piece(NamedTuple):
    """One part of a bar: its number, and the class that colours it."""

    number: int
    shade: str


class Bar(NamedTuple):
    """One row: label at the left, figure at the right or behind the bar, pieces, and a note below."""

    label: str
    figure: str
    pieces: tuple[Piece, ...]
    note: str = ""


_PATTERNS = (
    ("dropped", "M0 8 8 0M-2 2 2-2M6 10 10 6"),
    ("insufficient", "M0 0 8 8M-2 6 2 10M6-2 10 2"),
    ("unconfirmed", "M4 0V8"),
    ("forbidden", "M0 4H8"),
    ("wrong", "M0 8 8 0M-2 2 2-2M6 10 10 6M0 0 8 8M-2 6 2 10M6-2 10 2"),
)


def patterns() -> str:
    """The patterns that charts of one page share, in an image of no size."""
    drawn = "".join(
        f'<pattern id="p-{name}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" class="ground {name}"/><path d="{path}" class="line {name}"/></pattern>'
        for name, path in _PATTERNS
    )
    return f'<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>{drawn}</defs></svg>'


def swatch(shade: str) -> str:
    """The small square that a legend shows for a shade."""
    return (
        '<svg class="swatch" width="16" height="16" aria-hidden="true">'
        f'<rect class="bar {shade}" width="16" height="16"/></svg>'
    )


def _rects(bar: Bar, most: int, top: int, widest: float) -> tuple[list[str], float]:
    parts, left = [], 0.0
    for piece in bar.pieces:
        if piece.number <= 0:
            continue
        width = max(_VISIBLE, widest * piece.number / most)
        place = f'x="{left:.2f}%" y="{top}" width="{width:.2f}%" height="{_BAR}"'
        parts.append(f'<rect class="bar {piece.shade}" {place}/>')
        left += width
    return parts, left


def _row(bar: Bar, most: int, top: int, is_figure_behind: bool) -> list[str]:
    widest = _WIDEST if is_figure_behind else 100.0
    parts, end = _rects(bar, most, top + _LABEL + 7, widest)
    lines = [f'<text class="label" x="0" y="{top + _LABEL}">{escape(bar.label)}</text>', *parts]
    if is_figure_behind:
        place = f'x="{end:.2f}%" dx="8" y="{top + _LABEL + 23}"'
        lines.append(f'<text class="figure" {place}>{escape(bar.figure)}</text>')
    else:
        place = f'x="100%" y="{top + _LABEL}" text-anchor="end"'
        lines.append(f'<text class="figure" {place}>{escape(bar.figure)}</text>')
    if bar.note:
        lines.append(f'<text class="note" x="0" y="{top + _LABEL + 46}">{escape(bar.note)}</text>')
    return lines


class Caption(NamedTuple):
    """What a chart is called and what it shows, in words; `name` makes its ids."""

    name: str
    title: str
    description: str


def bars(caption: Caption, rows: Sequence[Bar], *, is_figure_behind: bool = False) -> str:
    """The chart of `rows` on one scale; the figure stands over the right end, or behind each bar."""
    most = max((sum(piece.number for piece in bar.pieces) for bar in rows), default=0) or 1
    lines, top = [], 0
    for bar in rows:
        lines += _row(bar, most, top, is_figure_behind)
        top += _TALL if bar.note else _ROW
    title, description = f"{caption.name}-title", f"{caption.name}-description"
    return (
        f'<svg class="chart" role="img" aria-labelledby="{title} {description}" width="100%" height="{top}">'
        f'<title id="{title}">{escape(caption.title)}</title>'
        f'<desc id="{description}">{escape(caption.description)}</desc>'
        f"{''.join(lines)}</svg>"
    )
