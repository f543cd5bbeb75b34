"""States by something, one tile a cell: every row and column of the axes is drawn, whatever the cells say.

A cell without a row in the study is a dot, not a blank, so that nobody takes silence for a gap in the drawing,
and not a cross, which stands for what a source denies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from r2p_analysis.plotting import style

_GAP = 1.25  # rows that a heading takes
_TILE = 0.86


def plot_matrix(
    table: pd.DataFrame,
    ax: Axes,
    *,
    groups: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    statuses: Sequence[str] | None = None,
    without: str = "none said to operate",
) -> Axes:
    """Draw a matrix of statuses.

    Parameters
    ----------
    table : pandas.DataFrame
        Statuses, ``silent`` where no row says anything; see `coverage.states_by_functions`.
    ax : matplotlib.axes.Axes
        Axes to draw on.
    groups : mapping of str to str, optional
        Heading of each row; rows of one heading have to stand together.
    labels : mapping of str to str, optional
        What is written for the name of a row, of a column or of a status.
    statuses : sequence of str, optional
        Statuses of the legend; None takes those of the table.
    without : str, default "none said to operate"
        Said beside a row in which nothing operates.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. Each status is one collection of markers, with the status as its ``gid``.

    Raises
    ------
    ValueError
        If a cell has no glyph.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> table = pd.DataFrame({"lan": ["operating", "silent"]}, index=["ARG", "BRB"])
    >>> ax = plot_matrix(table, Figure().subplots(), without="no body named")
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "without"]
    ['no body named']
    """
    labels, groups = labels or {}, groups or {}
    present = [status for status in style.STATUS if (table == status).any(axis=None)]
    unknown = sorted(set(table.to_numpy().ravel()) - set(style.STATUS))
    if unknown:
        raise ValueError(f"no glyph for {', '.join(map(repr, unknown))}; there are {', '.join(style.STATUS)}")
    rows = _row_places(table.index, groups)
    for status in present:
        _draw_status(table, rows, status, ax)
    _write_rows(table, rows, ax, labels, without)
    _write_headings(rows, ax, groups)
    _write_columns(table, max(rows.values(), default=0), ax, labels)
    ax.set(xlim=(-0.5, max(len(table.columns), 1) - 0.5), ylim=(max(rows.values(), default=0) + 1.5, -0.5))
    ax.set_axis_off()
    _add_keys(table, ax, labels, statuses or present)
    return ax


def _row_places(index: Sequence[str], groups: Mapping[str, str]) -> dict[str, float]:
    """Height of each row; a heading makes room above its first one."""
    places, heading, at = {}, None, -1.0
    for row in index:
        at += 1
        if groups.get(row) != heading:
            heading = groups[row]
            at += _GAP
        places[row] = at
    return places


def _draw_status(table: pd.DataFrame, rows: Mapping[str, float], status: str, ax: Axes) -> None:
    glyph = style.STATUS[status]
    cells = [(x, rows[row]) for row in table.index for x, cell in enumerate(table.loc[row]) if cell == status]
    tiles = [Rectangle((x - _TILE / 2, y - _TILE / 2), _TILE, _TILE) for x, y in cells]
    ax.add_collection(PatchCollection(tiles, facecolor=glyph.tile, edgecolor="none", zorder=1))
    look = {"s": glyph.size, "facecolors": glyph.face, "edgecolors": glyph.edge, "linewidths": style.THIN}
    ax.scatter(*zip(*cells, strict=True), marker=glyph.marker, zorder=2, gid=status, **look)


def _write_rows(table: pd.DataFrame, rows: Mapping[str, float], ax: Axes, labels: Mapping, without: str) -> None:
    operating = (table == "operating").sum(axis=1)
    for row, y in rows.items():
        none = not operating[row]
        look = {"color": style.RED if none else style.INK, "fontweight": "bold" if none else "normal", "va": "center"}
        said, gid = (without, "without") if none else (str(operating[row]), "total")
        ax.text(-0.65, y, labels.get(row, row), ha="right", fontsize=style.LABEL, gid="row", **look)
        ax.text(len(table.columns) - 0.35, y, said, ha="left", fontsize=style.SMALL, gid=gid, **look)
        if none:
            ax.axhspan(y - 0.5, y + 0.5, facecolor=style.PALE, zorder=0)


def _write_headings(rows: Mapping[str, float], ax: Axes, groups: Mapping[str, str]) -> None:
    first = {}
    for row, y in rows.items():
        first.setdefault(groups.get(row), y)
    for heading, y in first.items():
        if heading:
            ax.text(-0.65, y - 1, heading, ha="right", **style.HEADING)
            ax.axhline(y - 0.62, color=style.FAINT, linewidth=style.HAIR, zorder=0)


def _write_columns(table: pd.DataFrame, last: float, ax: Axes, labels: Mapping[str, str]) -> None:
    operating = (table == "operating").sum()
    for x, column in enumerate(table.columns):
        name = style.wrapped(labels.get(column, column), style.LABEL, 110)
        aslant = {"rotation": 45, "rotation_mode": "anchor", "ha": "left", "va": "bottom", "linespacing": 1.0}
        ax.text(x - 0.1, -0.6, name, fontsize=style.LABEL, gid="column", **aslant)
        ax.text(x, last + 1.1, operating[column], ha="center", va="center", fontsize=style.SMALL, gid="total")
    ax.text(-0.65, last + 1.1, "operating", ha="right", va="center", fontsize=style.SMALL, color=style.MUTED)


def _add_keys(table: pd.DataFrame, ax: Axes, labels: Mapping[str, str], statuses: Sequence[str]) -> None:
    keys = {}
    for status in statuses:
        glyph, n = style.STATUS[status], int((table == status).sum(axis=None))
        tile = Line2D([], [], marker="s", markersize=9, color=glyph.tile, linestyle="none")
        look = {"markerfacecolor": glyph.face, "markeredgecolor": glyph.edge, "markeredgewidth": style.THIN}
        mark = Line2D([], [], marker=glyph.marker, markersize=glyph.size**0.5, linestyle="none", **look)
        keys[f"{labels.get(status, status)} ({n})"] = (tile, mark)
    style.add_keys(ax, keys, len(keys))
