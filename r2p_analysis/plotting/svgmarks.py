"""Marks of a timeline as SVG that a script can move: each says on which days it stands.

``data-a`` and ``data-b`` are days since 1970; what is no bar stands at the one that ``data-end`` names, and ``data-y``
is its height. The shapes are those of `marks`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape

import pandas as pd

from r2p_analysis.plotting import conflicts as disputes
from r2p_analysis.plotting import lanes as layout
from r2p_analysis.plotting import marks as glyphs
from r2p_analysis.plotting import style

_ARROW, _STEPS, _APART = 15, 6, 5
_THIN = ' data-thin=""'


@dataclass(frozen=True)
class Place:
    """Where days and rows of a span stand in the image, in points."""

    span: layout.Span
    top: float
    row: float

    def x(self, day: float) -> float:
        """Place of a day."""
        return round((day - self.span.left) / self.span.per_point, 2)

    def ends(self, low: float, high: float) -> tuple[float, float]:
        """Places of the ends of a bar, which is wide enough to be seen."""
        left, right = self.x(low), self.x(high)
        short = max(layout.SHORTEST - (right - left), 0) / 2 if high > low else 0
        return round(left - short, 2), round(right + short, 2)

    def y(self, row: float) -> float:
        """Place of a row."""
        return round(self.top + row * self.row, 2)

    def half(self, share: float) -> float:
        """Points of a share of a row."""
        return round(share * self.row, 2)


def text(words: str, x: float, y: float, *, anchor: str = "start", ink: str = style.INK, more: str = "") -> str:
    """Write a line as wide as it was measured, whatever font is there."""
    wide = round(style.width_of(words, style.PRINT), 1)
    fit = f' textLength="{wide:g}" lengthAdjust="spacingAndGlyphs"' if wide else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{ink}"{fit}{more}>{escape(words)}</text>'


def event(place: Place, row: tuple, said: str) -> str:
    """Draw one event with its title, and what is said of it."""
    y, shape = place.y(row.y), "".join(_SHAPES[row.drawn](place, row))
    hit = _bar(place, (row.low, row.high), y, 0.5, 'fill="#fff" fill-opacity="0"')
    head = f'<g data-event="" data-day="{(row.low + row.high) / 2:g}" role="img"><title>{escape(said)}</title>'
    return f"{head}{hit}{shape}{_title(place, row)}</g>"


def _title(place: Place, row: tuple) -> str:
    """Write a title beside its mark; beside an arrow, which keeps its length, it stands as far as the arrow reaches."""
    right, days = row.side == "right", (row.from_day, row.to_day)
    away = 0 if row.side == "below" else _APART
    if row.side == "below":
        days = (row.title_day,) * 2
    elif row.drawn == "open":
        backwards = pd.isna(row.earliest)
        days = (row.high if backwards else row.low,) * 2
        away += _ARROW * (right != backwards)
    ink = style.MUTED if row.status == "background" else style.INK
    at = _at(place, days, place.y(row.title_y) + 2.1, "b" if right else "a")
    sign, anchor = (-1, "end") if row.side == "left" else (1, "start")
    return text(row.label, sign * away, 0, anchor=anchor, ink=ink, more=f" {at}")


def _bar(place: Place, days: tuple[float, float], y: float, half: float, look: str, *, thin: bool = False) -> str:
    """Draw a bar over some days; a thin one is as narrow as they are."""
    left, right = (place.x(days[0]), place.x(days[1])) if thin else place.ends(*days)
    box = f'x="{left:g}" width="{right - left:.2f}" y="{y - place.half(half):.2f}" height="{2 * place.half(half):g}"'
    return f"<rect {_days(days)}{_THIN * thin} {box} {look}/>"


def _days(days: tuple[float, float]) -> str:
    return f'data-a="{days[0]:.8g}" data-b="{days[1]:.8g}"'


def _at(place: Place, days: tuple[float, float], y: float, end: str = "a") -> str:
    """Where something stands: at an end of a bar."""
    x = place.ends(*days)[end == "b"]
    return f'{_days(days)} data-end="{end}" data-y="{y:g}" transform="translate({x:g} {y:g})"'


def _stop(place: Place, days: tuple[float, float], y: float, end: str = "a") -> str:
    tall = place.half(glyphs.STOP)
    return f'<line {_at(place, days, y, end)} y1="{-tall:g}" y2="{tall:g}" stroke="{style.INK}" stroke-width=".7"/>'


def _face(row: tuple, share: float = 0.0) -> str:
    if row.status == "announced":
        return style.PAPER
    return "#" + "".join(f"{round(255 * part):02X}" for part in style.paler(style.group_of(row.kind).colour, share))


def _point(place: Place, row: tuple) -> Iterator[str]:
    look = f'r="2.3" fill="{_face(row)}" stroke="{style.INK}" stroke-width=".7"'
    yield f"<circle {_at(place, (row.low + 0.5,) * 2, place.y(row.y))} {look}/>"


def _uncertain(place: Place, row: tuple) -> Iterator[str]:
    y = place.y(row.y)
    look = f'fill="{_face(row, 0.45)}" stroke="{style.MUTED}" stroke-width=".4"'
    yield _bar(place, (row.low, row.high), y, glyphs.LOW, look)
    yield _stop(place, (row.low, row.high), y, "a")
    yield _stop(place, (row.low, row.high), y, "b")


def _extent(place: Place, row: tuple) -> Iterator[str]:
    if row.low < row.core_low or row.high > row.core_high:
        yield from _uncertain(place, row)
    look = f'fill="{_face(row)}" stroke="{style.INK}" stroke-width=".7"'
    yield _bar(place, (row.core_low, row.core_high), place.y(row.y), glyphs.HIGH, look)


def _open(place: Place, row: tuple) -> Iterator[str]:
    """An arrow of a fixed length from the stop to the open side."""
    y, backwards = place.y(row.y), pd.isna(row.earliest)
    stop, way = ((row.high,) * 2, -1) if backwards else ((row.low,) * 2, 1)
    face = style.PAPER if row.status == "announced" else style.INK
    tip, back = way * _ARROW, way * (_ARROW - 4)
    dots = f'd="M0 0H{back}" fill="none" stroke="{style.INK}" stroke-dasharray="1 1.4"'
    yield f"<path {_at(place, stop, y)} {dots}/>"
    head = f'd="M{tip} 0L{back} -2.2V2.2Z" fill="{face}" stroke="{style.INK}" stroke-width=".7"'
    yield f"<path {_at(place, stop, y)} {head}/>"
    yield _stop(place, stop, y)


def _fading(place: Place, row: tuple) -> Iterator[str]:
    y, wide, forwards = place.y(row.y), (row.high - row.low) / _STEPS, pd.isna(row.latest)
    for step in range(_STEPS):
        low = row.low + step * wide if forwards else row.high - (step + 1) * wide
        look = f'fill="{_face(row, step / _STEPS)}"'
        yield _bar(place, (low, low + wide), y, glyphs.HIGH, look, thin=True)
    rim = f'fill="none" stroke="{style.INK}" stroke-width=".7" stroke-dasharray="1 1.4"'
    yield _bar(place, (row.low, row.high), y, glyphs.HIGH, rim)
    yield _stop(place, (row.low, row.high), y, "a" if forwards else "b")


_SHAPES = {"point": _point, "uncertain": _uncertain, "extent": _extent, "open": _open, "open extent": _fading}


def conflicts(place: Place, shown: pd.DataFrame, table: pd.DataFrame) -> Iterator[str]:
    """Draw other days that are reported, links within a lane, and frames of what is in conflict."""
    if shown.empty:
        return
    link = f'stroke="{style.RED}" stroke-dasharray="3 1 1 1" stroke-width=".9"'
    days, pairs = disputes.in_conflict(shown, place.span, table)
    for day in days.itertuples():
        y, near = place.y(day.y), day.high if day.high <= day.at else day.low
        yield _link(place, (near, day.at), (y, y), link)
        yield _bar(place, (day.low, day.high), y, glyphs.LOW, f'fill="{style.PAPER}" stroke="{style.RED}"')
    for pair in pairs[pairs["lane"] == pairs["other_lane"]].itertuples():
        middles = (pair.low + pair.high) / 2, (pair.other_low + pair.other_high) / 2
        yield _link(place, middles, (place.y(pair.y), place.y(pair.other_y)), link)
    named = {*pairs["event_id"], *pairs["other_id"]}
    for row in shown[shown["event_id"].isin(named)].itertuples():
        frame = f'fill="{style.PAPER}" stroke="{style.RED}" stroke-width="1.6"'
        yield _bar(place, (row.low, row.high), place.y(row.y), glyphs.RIM, frame)


def _link(place: Place, days: tuple[float, float], heights: tuple[float, float], look: str) -> str:
    ends = f'x1="{place.x(days[0]):g}" x2="{place.x(days[1]):g}" y1="{heights[0]:g}" y2="{heights[1]:g}"'
    return f'<line data-link="1" data-thin="" {_days(days)} {ends} {look}/>'


def ends(place: Place, until: Mapping[str, date], top: float, bottom: float) -> Iterator[str]:
    """Shade what comes after the end of each source, and name it above the lanes."""
    for i, (name, day) in enumerate(sorted(until.items(), key=lambda end: (end[1], end[0]), reverse=True)):
        at, y = min(max(layout.day_of(day) + 1, place.span.start), place.span.right), top + i * place.row + 1.5
        shade = f'y="{y:g}" height="{bottom - y:g}" fill="{style.INK}" fill-opacity=".07"'
        width = f'x="{place.x(at):g}" width="{place.x(place.span.right) - place.x(at):g}"'
        yield f'<rect {_days((at, place.span.right))} data-thin="" {width} {shade}/>'
        line = f'y1="0" y2="{bottom - y:g}" stroke="{style.GREY}" stroke-dasharray="3 2" stroke-width=".7"'
        yield f"<line {_at(place, (at, at), y)} {line}/>"
        words = layout.cut(f"{name}: tells of nothing after {day:%Y-%m-%d}", place.x(at) - 8)
        yield text(words, -4, 5.2, anchor="end", more=f" {_at(place, (at, at), y)}")


def years(place: Place, top: float, bottom: float) -> str:
    """Draw the years of the whole axis; the script draws them anew when it zooms."""
    first, last = (pd.Timestamp(0) + pd.Timedelta(days=day) for day in (place.span.start, place.span.end))
    step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 1000) if n * 365.25 / place.span.per_point >= 22 or n == 1000)
    parts = []
    for year in range(-(-first.year // step) * step, last.year, step):
        x = place.x(float(layout.day_of(pd.Timestamp(year=year, month=1, day=1))))
        line = f'x1="{x:g}" x2="{x:g}" y1="0" y2="{bottom:g}" stroke="{style.GRID}" stroke-width=".4"'
        parts.append(f"<line {line}/>{text(str(year), x + 2, 6)}")
    return f'<g data-years="" data-top="0" data-bottom="{bottom:g}" fill="{style.INK}">{"".join(parts)}</g>'
