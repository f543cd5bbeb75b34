"""Least and greatest number of gaps: what is said not to be there, what nobody speaks of, and what is covered.

Every bar is all cells of its row. Between the least and the greatest number lies what is silent: it may be a gap or
not, and no estimate is put in its place.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from r2p_analysis.options import frame
from r2p_analysis.plotting import rows, style

ROW = 13.0
"""Points that a row takes."""

_BAR = 0.66
# In the order of the bar: label, then colour and hatch, which tells the parts apart in greyscale.
_PARTS: Mapping[str, tuple[str, style.Fill]] = {
    "denied": ("denied: a gap", style.Fill(style.RED, "xxxx", "X")),
    "said": ("said to be planned or potential only: a gap", style.Fill(style.SKY, "////", "^")),
    "unknown": ("not known: a gap or not", style.Fill(style.PAPER, "....", ".")),
    "covered": ("covered", style.Fill(style.BLUE, "", "o")),
}


def plot_gap_bounds(
    table: pd.DataFrame,
    ax: Axes,
    *,
    labels: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
    unit: str = "cells",
) -> Axes:
    """Draw bounds on the number of gaps, a row each.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of `coverage.gap_bounds`, by what they are of: columns ``n_cells``, ``n_denied``, ``n_gaps_least`` and
        ``n_gaps_most``, and, where rows stand under headings, ``group``, rows of one group together.
    ax : matplotlib.axes.Axes
        Axes to draw on; as many rows are drawn as have room.
    labels : mapping of str to str, optional
        What is written for a row.
    words : mapping of str to str, optional
        What the legend says of the parts ``denied``, ``said``, ``unknown`` and ``covered``, where other words fit.
    unit : str, default "cells"
        What is counted.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. The bars are patches with the name of their part as the gid, the bounds a collection with the gid
        ``bounds``.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> table = {"n_cells": [35], "n_denied": [12], "n_gaps_least": [20], "n_gaps_most": [34]}
    >>> ax = plot_gap_bounds(pd.DataFrame(table, index=["early_warning"]), Figure(figsize=(6, 3)).subplots())
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "cell"]
    ['20', '34', '35']
    """
    frame(table, "table", "give that of gap_bounds", needs=["n_cells", "n_denied", "n_gaps_least", "n_gaps_most"])
    labels = labels or {}
    groups = table["group"].tolist() if "group" in table else [""] * len(table)
    shown = table.head(rows.fit(ax, len(table), len(set(filter(None, groups))), ROW))
    heights, headings = rows.places(groups[: len(shown)])
    cells = shown["n_cells"].where(shown["n_cells"] > 0)
    parts = _parts(shown)
    left = pd.Series(0.0, index=shown.index)
    for part, (_, fill) in _PARTS.items():
        look = {"facecolor": fill.colour, "hatch": fill.hatch, "edgecolor": _edge(fill), "linewidth": style.HAIR}
        share = (parts[part] / cells).fillna(0)
        ax.barh(heights, share, _BAR, left=left, gid=part, zorder=2, **look)
        left = left + share
    _draw_bounds(ax, shown, cells, heights)
    rows.limit(ax, heights)
    rows.write_names(ax, [labels.get(name, name) for name in shown.index], heights, headings)
    columns = {"gaps, least": "n_gaps_least", "gaps, most": "n_gaps_most", unit: "n_cells"}
    for i, (title, column) in enumerate(columns.items()):
        rows.write_column(ax, title, shown[column].astype(str).tolist(), heights, right=34 * (i + 1))
    _frame(ax, unit)
    style.say_crowded(ax, len(table) - len(shown), f"{len(table)} rows")
    style.add_keys(ax, _keys(words or {}), 2)
    return ax


def _parts(table: pd.DataFrame) -> pd.DataFrame:
    said, unknown = table["n_gaps_least"] - table["n_denied"], table["n_gaps_most"] - table["n_gaps_least"]
    # What is denied possibly only is no gap for certain: read for both, it is part of what is not known.
    parts = {"denied": table["n_denied"] + said.clip(upper=0), "said": said.clip(lower=0), "unknown": unknown}
    return pd.DataFrame({**parts, "covered": table["n_cells"] - table["n_gaps_most"]})


def _edge(fill: style.Fill) -> str:
    return style.against(fill.colour) if fill.hatch and fill.colour != style.PAPER else style.MUTED


def _draw_bounds(ax: Axes, shown: pd.DataFrame, cells: pd.Series, heights: list[float]) -> None:
    least, most = (shown[f"n_gaps_{end}"] / cells for end in ("least", "most"))
    known = cells.notna().to_numpy()
    y = pd.Series(heights, index=shown.index)
    rim = {"colors": style.PAPER, "linewidths": style.THICK + 2, "zorder": 3}
    line = {"colors": style.INK, "linewidths": style.THICK, "zorder": 3.5}
    for look, gid in ((rim, None), (line, "bounds")):
        ax.hlines(y[known], least[known], most[known], gid=gid, clip_on=False, **look)
        for end in (least, most):
            ax.vlines(end[known], (y - 0.28)[known], (y + 0.28)[known], clip_on=False, **look)


def _frame(ax: Axes, unit: str) -> None:
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
    ax.xaxis.grid(True, color=style.PALE, linewidth=style.THIN, zorder=0)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(f"share of the {unit}")


def _keys(words: Mapping[str, str]) -> dict[str, object]:
    keys: dict[str, object] = {}
    for part, (label, fill) in _PARTS.items():
        look = {"facecolor": fill.colour, "hatch": fill.hatch, "edgecolor": _edge(fill), "linewidth": style.HAIR}
        keys[words.get(part, label)] = Patch(**look)
    ends = Line2D([], [], color=style.INK, linewidth=style.THICK, marker="|", markersize=7, markeredgewidth=style.THICK)
    keys["from the least to the greatest number of gaps"] = ends
    return keys
