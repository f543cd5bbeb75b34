"""Which came first: for every pair of events the probability that the one began on an earlier day than the other.

What is certain and what is only probable differ in shape: a full tile is certain, an empty cell is excluded, a disc
is a probability by its area. Rows stand in the order of expected places, so that a certain order is a full triangle.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection, LineCollection, PatchCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from r2p_analysis.plotting import style
from r2p_analysis.plotting.lanes import cut

ROW = 8.6
"""Points that a row of the matrix takes."""

_PAGE, _NAME, _DATE = 518.0, 138.0, 78.0  # points: a page of a journal, the least for a title, what is for a date
_CERTAIN = 1e-12  # probabilities are exact but for rounding
_WIDEST = 0.86  # of a cell, a disc of probability 1


def precedence_order(p: np.ndarray) -> np.ndarray:
    """Order events by the place that each is expected to have among those with a date.

    Parameters
    ----------
    p : numpy.ndarray of float, shape (n, n)
        P(row before column), see `chronology.order_probabilities`; NaN where a date is missing.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Positions: events by the expected number of those before them, a common day counting half, equal ones in the
        order given, and those without a date last.

    Examples
    --------
    >>> precedence_order(np.array([[0, 0, np.nan], [1, 0, np.nan], [np.nan] * 3])).tolist()
    [1, 0, 2]
    """
    before = np.nansum(p, axis=0) - np.nansum(p, axis=1)  # twice the expected place, less a constant
    return np.argsort(np.where(np.isnan(np.diag(p)), np.inf, before.round(9)), kind="stable")


def precedence_choice(p: np.ndarray, n: int) -> np.ndarray:
    """Choose the events that a matrix of some rows is about: those in most pairs whose order is not certain.

    Parameters
    ----------
    p : numpy.ndarray of float, shape (n_events, n_events)
        P(row before column).
    n : int
        How many events have room.

    Returns
    -------
    numpy.ndarray of int
        Positions, ascending; events with a date come before those without, and equals in the order given.

    Examples
    --------
    >>> precedence_choice(np.array([[0, 1, 1], [0, 0, 0.2], [0, 0.7, 0]]), 2).tolist()
    [1, 2]
    """
    same = 1 - p - p.T
    open_order = (np.maximum(np.maximum(p, p.T), same) < 1 - _CERTAIN) & ~np.isnan(p) & ~np.eye(len(p), dtype=bool)
    most = np.lexsort((-open_order.sum(axis=1), np.isnan(np.diag(p))))
    return np.sort(most[:n])


def plot_precedence(p: np.ndarray, events: pd.DataFrame, ax: Axes) -> Axes:
    """Draw a matrix of the probabilities that the event of a row came before that of a column.

    Parameters
    ----------
    p : numpy.ndarray of float, shape (n, n)
        P(row before column), see `chronology.order_probabilities`; NaN where a date is missing.
    events : pandas.DataFrame
        The n events in the same order: ``title``, and ``date_edtf`` if it is to be written.
    ax : matplotlib.axes.Axes
        Axes to draw on.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes, rows and columns in the order of `precedence_order`, columns by the numbers of the rows. Tiles
        (gid ``certain``), discs (``probable``), pairs of one day for certain (``same day``) and crosses where a date
        is missing (``no date``). Names have no room where rows are lower than letters; a line says so.

    Raises
    ------
    ValueError
        If `p` is not square with a row for each event.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from r2p_analysis.chronology import order_probabilities
    >>> events = pd.DataFrame({"title": ["a year", "a day in it"], "date_edtf": ["2012", "2012-12-31"]})
    >>> ax = plot_precedence(order_probabilities(events), events, Figure().subplots())
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "row"]
    ['1  a year', '2  a day in it']
    """
    if p.shape != (len(events), len(events)):
        raise ValueError(f"p has the shape {p.shape} and there are {len(events)} events: one row and column for each")
    order = precedence_order(p)
    p, events = p[np.ix_(order, order)], events.iloc[order]
    n = len(p)
    ax.set_xlim(-0.5, max(n, 1) - 0.5)
    ax.set_ylim(max(n, 1) - 0.5, -0.5)
    _draw_grid(n, ax)
    _draw_cells(p, ax)
    _write_names(events, ax)
    for side in ax.spines.values():
        side.set_visible(False)
    style.add_keys(ax, _keys(p), 2)
    return ax


def _draw_grid(n: int, ax: Axes) -> None:
    """Draw a thin line between cells, a darker one every fifth, and the diagonal."""
    for every, look in ((1, {"color": style.PALE}), (5, {"color": style.FAINT})):
        at = [i - 0.5 for i in range(0, n + 1, every)]
        lines = [[(x, -0.5), (x, n - 0.5)] for x in at] + [[(-0.5, y), (n - 0.5, y)] for y in at]
        ax.add_collection(LineCollection(lines, linewidths=style.HAIR, zorder=0.5, **look))
    own = [Rectangle((i - 0.5, i - 0.5), 1, 1) for i in range(n)]
    ax.add_collection(PatchCollection(own, facecolors=style.GRID, edgecolors="none", zorder=0.4))


def _draw_cells(p: np.ndarray, ax: Axes) -> None:
    off = ~np.eye(len(p), dtype=bool)
    sure, none = p > 1 - _CERTAIN, np.isnan(p) & off
    probable = (p > _CERTAIN) & ~sure & off
    same = (1 - p - p.T > 1 - _CERTAIN) & off
    tiles = [Rectangle((x - 0.44, y - 0.44), 0.88, 0.88) for y, x in np.argwhere(sure)]
    look = {"facecolors": style.INK, "edgecolors": "none", "snap": False}  # else white rows where cells are small
    ax.add_collection(PatchCollection(tiles, gid="certain", zorder=2, **look))
    y, x = np.nonzero(probable)
    wide = _WIDEST * np.sqrt(p[probable])
    look = {"facecolors": style.SKY, "edgecolors": style.INK, "linewidths": style.HAIR, "units": "xy", "zorder": 2}
    places = {"offsets": np.c_[x, y], "offset_transform": ax.transData}
    ax.add_collection(EllipseCollection(wide, wide, np.zeros(len(wide)), gid="probable", **places, **look))
    size = (0.5 * style.points_of(ax)[1] / max(len(p), 1)) ** 2
    for gid, cells, marker in (("no date", none, "x"), ("same day", same, "_")):
        y, x = np.nonzero(cells)
        ink = {"color": style.GREY if gid == "no date" else style.INK, "linewidths": style.THIN}
        ax.scatter(x, y, marker=marker, s=min(size, 12), gid=gid, zorder=2, **ink)


def _write_names(events: pd.DataFrame, ax: Axes) -> None:
    """Write a number and a title beside each row, its date as stated behind it, and numbers above the columns."""
    ax.set_xticks([])
    ax.set_yticks([])
    n, step = len(events), style.points_of(ax)[1] / max(len(events), 1)
    if n and step < style.PRINT:
        style.say_crowded(ax, n, f"{n} events")
        return
    words = {"textcoords": "offset points", "fontsize": style.PRINT, "va": "center"}
    room = max(_PAGE - style.points_of(ax)[0] - _DATE, _NAME) - 16
    dates = events["date_edtf"] if "date_edtf" in events else pd.Series(pd.NA, events.index)
    for i, (title, stated) in enumerate(zip(events["title"], dates, strict=True)):
        name = f"{i + 1}  {cut(str(title), room)}"
        ax.annotate(name, (-0.5, i), (-4, 0), ha="right", gid="row", **words)
        stated = "no date" if pd.isna(stated) else cut(str(stated), _DATE)
        ax.annotate(stated, (n - 0.5, i), (4, 0), ha="left", gid="date", color=style.MUTED, **words)
    step = style.points_of(ax)[0] / max(n, 1)
    every = 1 if step >= style.width_of(str(n), style.PRINT) else 5
    for i in [i for i in range(n) if (i + 1) % every == 0 or not i]:
        ax.annotate(str(i + 1), (i, -0.5), (0, 3), ha="center", gid="column", **{**words, "va": "bottom"})


def _keys(p: np.ndarray) -> dict[str, object]:
    disc = {"linestyle": "none", "marker": "o", "markerfacecolor": style.SKY, "markeredgecolor": style.INK}
    disc |= {"markeredgewidth": style.HAIR}
    keys: dict[str, object] = {
        "the row certainly came before the column": Patch(facecolor=style.INK),
        "probably: the area is the probability, here 0.9": Line2D([], [], markersize=6.6, **disc),
        "the same, 0.5": Line2D([], [], markersize=4.9, **disc),
        "the same, 0.1": Line2D([], [], markersize=2.2, **disc),
        "certainly not: empty": Patch(facecolor=style.PAPER, edgecolor=style.FAINT),
    }
    if (np.triu(1 - p - p.T, 1) > 1 - _CERTAIN).any():
        keys["certainly on one day"] = Line2D([], [], linestyle="none", marker="_", color=style.INK, markersize=4)
    if np.isnan(p).any():
        keys["no date, or open to a side"] = Line2D(
            [], [], linestyle="none", marker="x", color=style.GREY, markersize=3
        )
    return keys
