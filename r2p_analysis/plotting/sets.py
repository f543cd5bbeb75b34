"""Intersections of bodies, a column each: who is in exactly these, beside how many sizes alone would put there.

States in no body have a column like any other, the first one. A column is a pile of states, each with its code where
there is room, so that the figure is its own list of members.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from r2p_analysis.options import frame
from r2p_analysis.plotting import style

COLUMN, ROW = 22.0, 12.0
"""Points that a column and a row of the bodies take."""

UNIT = 8.6
"""Points that a state with its code takes in its pile."""

_COUNTS = MaxNLocator(5, integer=True, steps=[1, 2, 5, 10])
_BAR, _BESIDE = 0.68, 0.41  # width of a pile and place of what is expected, in columns
_LEAST = 6.6  # points below which a state in a pile has no code
_ABOVE = 20  # points above the highest pile
_FILL = style.paler(style.SKY, 0.6)
_FOOT = 26  # points below the bodies, for the numbers


def plot_intersections(
    table: pd.DataFrame, ax: Axes, *, labels: Mapping[str, str] | None = None, unit: str = "states"
) -> Axes:
    """Draw observed and expected sizes of intersections.

    Parameters
    ----------
    table : pandas.DataFrame
        See `intersecting.intersections`; drawn in its order, as many columns as have room.
    ax : matplotlib.axes.Axes
        Axes to draw on.
    labels : mapping of str to str, optional
        What is written for a body or a state.
    unit : str, default "states"
        What is counted.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. The piles are patches with the gid ``observed``, of those in no body ``none``; what is expected are
        collections with the gids ``interval``, ``expected`` and ``given``.

    Examples
    --------
    >>> import numpy as np
    >>> from matplotlib.figure import Figure
    >>> from r2p_analysis.intersecting import intersections
    >>> matrix = pd.DataFrame({"lan": [1, 0, 0], "oas": [0, 1, 0]}, index=["ARG", "CAN", "CUB"])
    >>> ax = plot_intersections(intersections(matrix, 9, np.random.default_rng(1)), Figure().subplots())
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "code"]
    ['CUB', 'ARG', 'CAN']
    """
    frame(table, "table", "give that of intersections", needs=["bodies", "members", "observed", "expected", "given"])
    labels, sets = labels or {}, table.attrs["sets"]
    width, height = style.points_of(ax)
    shown = table.head(max(int(width / COLUMN), 1))
    below = ROW * len(sets) + _FOOT
    most = max(shown["observed"].max(), shown["high"].max(), 1) if len(shown) else 1
    step = max(height - below - _ABOVE, 1) / most
    ax.set(xlim=(-0.5, max(width / COLUMN, 1) - 0.5), ylim=(-below, height - below))
    for x, row in enumerate(shown.itertuples()):
        _draw_pile(ax, x, row, step, labels)
        _draw_bodies(ax, x, row, list(sets))
    _draw_expected(ax, shown, step)
    _write_names(ax, sets, labels, len(shown))
    _frame(ax, len(shown), most, step, unit)
    style.say_crowded(ax, len(table) - len(shown), f"{len(table)} intersections")
    style.add_keys(ax, _keys(shown, unit), 2)
    return ax


def _draw_pile(ax: Axes, x: int, row: tuple, step: float, labels: Mapping[str, str]) -> None:
    none = not row.bodies
    look = {"facecolor": style.PAPER, "edgecolor": style.RED} if none else {"facecolor": _FILL, "edgecolor": style.BLUE}
    coded = step >= _LEAST
    for y, height in [(i, 1) for i in range(row.observed)] if coded else [(0, row.observed)] * bool(row.observed):
        place = (x - _BAR / 2, y * step)
        gid = "none" if none else "observed"
        ax.add_patch(Rectangle(place, _BAR, height * step, linewidth=style.HAIR, gid=gid, **look))
    for i, member in enumerate(row.members if coded else ()):
        at = (x, (row.observed - i - 0.5) * step)
        ax.text(*at, labels.get(member, member), fontsize=style.PRINT, ha="center", va="center_baseline", gid="code")
    size = {"fontsize": style.LABEL, "ha": "center", "va": "bottom", "fontweight": "bold"}
    ax.text(x, row.observed * step + 2, str(row.observed), color=style.RED if none else style.INK, gid="size", **size)


def _draw_bodies(ax: Axes, x: int, row: tuple, sets: list[str]) -> None:
    heights = {body: -ROW * (i + 1) for i, body in enumerate(sets)}
    dots = {"s": style.DOT, "zorder": 3, "linewidths": style.THIN}
    inside = [heights[body] for body in row.bodies]
    outside = [y for body, y in heights.items() if body not in row.bodies]
    edge = style.FAINT if row.bodies else style.RED
    ax.scatter([x] * len(outside), outside, facecolors=style.PAPER, edgecolors=edge, gid="outside", **dots)
    ax.scatter([x] * len(inside), inside, facecolors=style.INK, edgecolors=style.INK, gid="inside", **dots)
    if len(inside) > 1:
        ax.vlines(x, min(inside), max(inside), color=style.INK, linewidth=style.LINE, zorder=2)


def _draw_expected(ax: Axes, shown: pd.DataFrame, step: float) -> None:
    x = pd.Series(range(len(shown)), index=shown.index) + _BESIDE
    free = ~shown["given"]
    line = {"colors": style.INK, "zorder": 4}
    low, high = (shown[end][free] * step for end in ("low", "high"))
    ax.vlines(x[free], low, high, linewidths=style.LINE, gid="interval", **line)
    middle = shown["expected"] * step
    ax.hlines(middle[free], x[free] - 0.09, x[free] + 0.09, linewidths=style.THICK, gid="expected", **line)
    look = {"marker": "D", "s": 14, "facecolors": style.PAPER, "edgecolors": style.INK, "linewidths": style.THIN}
    ax.scatter(x[~free], middle[~free], gid="given", zorder=4, **look)
    foot = ax.get_ylim()[0]
    for place, expected in enumerate(shown["expected"]):
        small = {"fontsize": style.SMALL, "ha": "center", "va": "bottom", "color": style.MUTED, "gid": "expected size"}
        ax.text(place, foot + 3, f"{expected:.1f}", **small)


def _write_names(ax: Axes, sets: Mapping[str, int], labels: Mapping[str, str], n: int) -> None:
    right = {"ha": "right", "va": "center_baseline"}
    for i, (body, size) in enumerate(sets.items()):
        y = -ROW * (i + 1)
        ax.text(-0.62, y, f"{labels.get(body, body)} ({size})", fontsize=style.LABEL, gid="row", **right)
        if i % 2 == 0:
            ax.fill_between([-0.5, n - 0.5], y - ROW / 2, y + ROW / 2, color=style.PALE, linewidth=0, zorder=0)
    foot = ax.get_ylim()[0]
    ax.text(-0.62, foot + 3, "expected", fontsize=style.SMALL, color=style.MUTED, ha="right", va="bottom")
    if n:
        look = {"fontsize": style.SMALL, "color": style.RED, "ha": "center", "va": "top", "gid": "in none"}
        ax.text(0, -ROW * (len(sets) + 0.5) - 1, "in none", **look)


def _frame(ax: Axes, n: int, most: int, step: float, unit: str) -> None:
    counts = [int(count) for count in _COUNTS.tick_values(0, most) if 0 <= count <= most]
    ax.set_yticks([count * step for count in counts], [str(count) for count in counts])
    ax.set_xticks([])
    ax.spines["left"].set_bounds(0, most * step)
    ax.spines["bottom"].set_visible(False)
    ax.hlines(0, -0.5, n - 0.5, color=style.MUTED, linewidth=style.THIN, zorder=2)
    ax.text(-0.5, most * step + 8, unit, fontsize=style.SMALL, color=style.MUTED, ha="right", va="bottom")


def _keys(shown: pd.DataFrame, unit: str) -> dict[str, object]:
    keys: dict[str, object] = {
        f"{unit} in exactly these bodies": Patch(facecolor=_FILL, edgecolor=style.BLUE, linewidth=style.HAIR),
        f"{unit} in none of them": Patch(facecolor=style.PAPER, edgecolor=style.RED, linewidth=style.HAIR),
    }
    line = {"color": style.INK, "linestyle": "none"}
    if not shown["given"].all():
        tick = Line2D([], [], marker="_", markersize=6, markeredgewidth=style.THICK, **line)
        span = Line2D([], [], marker="|", markersize=10, markeredgewidth=style.LINE, **line)
        keys["expected by the sizes alone, with 95 % of the random networks"] = (span, tick)
    if shown["given"].any():
        keys["fixed by the sizes: the same in every random network"] = Line2D(
            [], [], marker="D", markersize=3.7, markerfacecolor=style.PAPER, markeredgewidth=style.THIN, **line
        )
    return keys
