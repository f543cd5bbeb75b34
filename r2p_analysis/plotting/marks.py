"""Marks of a timeline: what is known of a date has a shape of its own, so that grey print and every eye can read it.

A day is a point. One unknown day is a low pale bar between two stops, all of its days alike. What lasted is a high
solid bar over the days on which it was surely under way. An open side is an arrow, or, of what lasted, a bar that
fades. What is announced only is white inside.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.legend_handler import HandlerLine2D
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from r2p_analysis.plotting import style

HIGH, LOW, STOP, RIM = 0.30, 0.16, 0.30, 0.42
"""Half the height of what lasted, of what is uncertain, of the stops at its ends, and of a rim around it, in rows."""

_PALER, _STEPS, _MOST_DOT = 0.45, 6, 0.52


def draw_marks(marks: pd.DataFrame, ax: Axes) -> None:
    """Draw events at their places, see `lanes.places`; rows are a unit high."""
    draw = {"point": _draw_points, "open": _draw_open, "uncertain": _draw_uncertain, "extent": _draw_extents}
    draw |= {"open extent": _draw_fading}
    for drawn, rows in marks.groupby("drawn"):
        draw[drawn](rows, ax)


def _dot(ax: Axes) -> float:
    """Area of a point: never higher than its row."""
    rows = abs(ax.get_ylim()[1] - ax.get_ylim()[0])
    return min(style.DOT, (_MOST_DOT * style.points_of(ax)[1] / max(rows, 1)) ** 2)


def faces(marks: pd.DataFrame, share: float = 0.0) -> list:
    """Colours to fill marks with: none for what is announced, else that of the kind, paler by a share of white."""
    colours = [style.paler(style.group_of(kind).colour, share) for kind in marks["kind"]]
    return [style.PAPER if status == "announced" else c for status, c in zip(marks["status"], colours, strict=True)]


def _draw_points(marks: pd.DataFrame, ax: Axes) -> None:
    look = {"s": _dot(ax), "edgecolors": style.INK, "linewidths": style.THIN, "zorder": 3}
    ax.scatter(marks["low"], marks["y"], facecolors=faces(marks), gid="point", **look)


def _draw_open(marks: pd.DataFrame, ax: Axes) -> None:
    """Draw a dotted line with a head on its open side and a stop at the day that is known."""
    look = {"s": _dot(ax), "linewidths": style.THIN, "zorder": 3}
    ax.hlines(marks["y"], marks["low"], marks["high"], colors=style.INK, linestyles="dotted", linewidths=style.LINE)
    for is_open, head, stop, marker in (("earliest", "low", "high", "<"), ("latest", "high", "low", ">")):
        rows = marks[marks[is_open].isna()]
        if len(rows):
            inside = [style.PAPER if status == "announced" else style.INK for status in rows["status"]]
            ax.scatter(
                rows[head], rows["y"], marker=marker, gid="open", facecolors=inside, edgecolors=style.INK, **look
            )
            _draw_stops(rows, stop, ax)


def _draw_stops(marks: pd.DataFrame, end: str, ax: Axes) -> None:
    look = {"colors": style.INK, "linewidths": style.THIN, "zorder": 2.5, "gid": "stop"}
    ax.vlines(marks[end], marks["y"] - STOP, marks["y"] + STOP, **look)


def _draw_uncertain(marks: pd.DataFrame, ax: Axes, gid: str = "uncertain") -> None:
    look = {"facecolors": faces(marks, _PALER), "edgecolors": style.MUTED, "linewidths": style.HAIR}
    _draw_bars(marks, ("low", "high"), ax, half=LOW, gid=gid, **look)
    for end in ("low", "high"):
        _draw_stops(marks, end, ax)


def _draw_extents(marks: pd.DataFrame, ax: Axes) -> None:
    fringe = (marks["low"] < marks["core_low"]) | (marks["high"] > marks["core_high"])
    if fringe.any():
        _draw_uncertain(marks[fringe], ax, "fringe")
    look = {"facecolors": faces(marks), "edgecolors": style.INK, "linewidths": style.THIN}
    _draw_bars(marks, ("core_low", "core_high"), ax, half=HIGH, gid="extent", **look)


def _draw_fading(marks: pd.DataFrame, ax: Axes) -> None:
    """Draw a high bar that grows paler step by step towards its open side, with a dotted rim."""
    for step in range(_STEPS):
        part = _step(marks, step)
        look = {"facecolors": faces(marks, step / _STEPS), "edgecolors": "none"}
        _draw_bars(part, ("low", "high"), ax, half=HIGH, gid="fading", **look)
    rim = {"facecolors": "none", "edgecolors": style.INK, "linewidths": style.THIN, "linestyles": "dotted"}
    _draw_bars(marks, ("low", "high"), ax, half=HIGH, gid="open extent", **rim)
    for is_open, stop in (("earliest", "high"), ("latest", "low")):
        _draw_stops(marks[marks[is_open].isna()], stop, ax)


def _step(marks: pd.DataFrame, step: int) -> pd.DataFrame:
    """One of the parts that a bar fades in, the first one at the end that is known."""
    wide = (marks["high"] - marks["low"]) / _STEPS
    forwards = marks["latest"].isna()
    low = (marks["low"] + step * wide).where(forwards, marks["high"] - (step + 1) * wide)
    return marks.assign(low=low, high=low + wide)


def _draw_bars(marks: pd.DataFrame, ends: tuple[str, str], ax: Axes, *, half: float, gid: str, **look: object) -> None:
    spans = zip(marks[ends[0]], marks[ends[1]], marks["y"], strict=True)
    bars = [Rectangle((left, y - half), right - left, 2 * half) for left, right, y in spans]
    ax.add_collection(PatchCollection(bars, zorder=2, gid=gid, **look))


def keys_of(there: set[str]) -> dict[str, object]:
    """Entries of the legend for the marks, statuses and other signs that are there."""
    return {label: artist for sign, label, artist in _keys() if sign in there}


def _keys() -> list[tuple[str, str, object]]:
    dot = {"marker": "o", "markersize": 4, "markeredgecolor": style.INK, "markeredgewidth": style.THIN}
    dot |= {"linestyle": "none"}
    between = {"color": style.paler(style.GREY, _PALER), "linewidth": 2.6, "solid_capstyle": "butt", "marker": "|"}
    between |= {"markersize": 5, "markeredgecolor": style.INK, "markeredgewidth": style.THIN}
    arrow = {"color": style.INK, "linestyle": "dotted", "linewidth": style.LINE, "marker": "<", "markersize": 3.6}
    solid = {"facecolor": style.GREY, "edgecolor": style.INK, "linewidth": style.THIN}
    red = {"edgecolor": style.RED, "linewidth": style.THIN}
    return [
        ("point", "on this day", Line2D([], [], markerfacecolor=style.GREY, **dot)),
        ("uncertain", "on one unknown day between the stops", Ends([], [], **between)),
        ("extent", "lasted: surely under way all these days", Patch(**solid)),
        ("open extent", "lasted, fading to an end not known", Patch(**{**solid, "linestyle": ":"})),
        ("open", "on or before the stop, or on or after it", Line2D([], [], markevery=[0], **arrow)),
        ("announced", "white inside: announced, not reported", Line2D([], [], markerfacecolor=style.PAPER, **dot)),
        ("other date", "another day reported of it, not taken", Patch(facecolor=style.PAPER, hatch="xxxxxx", **red)),
        ("in conflict", "framed, linked or same letter: in conflict", Patch(facecolor="none", **red)),
        ("background", BACKGROUND, Line2D([], [], linestyle="none")),
        ("doubted", "(2012?), (2012~): doubted, approximate", Line2D([], [], linestyle="none")),
    ]


class Ends(Line2D):
    """A line of a legend with markers at both of its ends."""


BACKGROUND = "title in grey: told as background"
"""Entry of the legend that is written in grey itself."""

HANDLERS = {Ends: HandlerLine2D(numpoints=2)}
"""How the legend draws the entries of `keys_of`."""
