"""A measure of the network through time, with what uncertain dates make of it.

Two things are drawn that must not be taken for each other, and so they look different: a solid band is an interval
over days that are not known exactly, which have probabilities; a hatched band lies between the two extreme readings of
what is stated, which have none. Each date asked for stands for the time until half way to its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from r2p_analysis.plotting import style

_ALONE = 182.0  # days to either side of a single date
_MOST_POINTS = 60
_HATCH = "/////"
_BOUNDS = {
    True: "between the certain and the possible reading: bounds, no probability",
    False: "between the certain and the possible reading: no bounds of this measure",
}


def plot_series(
    table: pd.DataFrame,
    ax: Axes,
    *,
    label: str,
    until: date | None = None,
    bounds: bool = True,
    after: str = "after the last day that the documents tell of: nothing new can be seen here",
) -> Axes:
    """Draw a measure through time with both of its uncertainties.

    Parameters
    ----------
    table : pandas.DataFrame
        See `networks.series`; one row a date, of the whole network or of one node.
    ax : matplotlib.axes.Axes
        Axes to draw on.
    label : str
        What is measured, with its unit.
    until : datetime.date, optional
        Last day of which the sources tell; what comes after it is shaded. None shades nothing.
    bounds : bool, default True
        Whether the measure can only rise, or only fall, as ties are added: only then do the two readings bound it.
    after : str, optional
        What is said of the shaded part.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. Patches have the gids ``readings`` (hatched), ``interval`` and ``after``; the line of means ``value``.

    Raises
    ------
    ValueError
        If there is no date, or more than one row a date.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from r2p_analysis import load_study
    >>> from r2p_analysis.networks.through_time import series
    >>> table = series(load_study(), lambda B: B.degree["lan"], ["2011-12-31", "2012-03-31", "2012-12-31"])
    >>> ax = plot_series(table, Figure().subplots(), label="members of the Latin American Network")
    >>> [patch.get_gid() for patch in ax.patches]
    ['readings', 'interval', 'value']
    """
    days, edges = _days(table)
    readings = table[["in_certain", "in_possible"]]
    _draw_band(ax, edges, readings.min(axis=1), readings.max(axis=1), gid="readings")
    _draw_band(ax, edges, table["low"], table["high"], gid="interval")
    line = {"baseline": None, "color": style.INK, "linewidth": style.LINE, "zorder": 3}
    ax.stairs(table["value"].to_numpy(float), edges, **line, gid="value")
    if len(days) <= _MOST_POINTS:
        look = {"s": 12, "facecolors": style.INK, "edgecolors": style.PAPER, "linewidths": style.HAIR}
        ax.scatter(days, table["value"], **look, zorder=4, gid="value")
    cut = edges[-1] if until is None else max(mdates.date2num(until) + 1, edges[0])
    if cut < edges[-1]:
        ax.axvspan(cut, edges[-1], facecolor=style.PALE, zorder=0, gid="after")
        ax.axvline(cut, color=style.MUTED, linewidth=style.LINE, linestyle=":", zorder=1)
    _draw_frame(ax, edges, label)
    _say_exact(ax, table)
    style.add_keys(ax, _keys(table, bounds, after if cut < edges[-1] else ""), 1)
    return ax


def _days(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Days as numbers, and the edges half way between them."""
    days = mdates.date2num(pd.to_datetime(table["at"]).to_numpy())
    if not len(days):
        raise ValueError("the series has no date; ask for one at least")
    if (np.diff(days) <= 0).any():
        rule = "a drawing has one row a date, ascending; choose one node first, as in table[table['node'] == 'lan']"
        raise ValueError(f"{len(days)} rows with {len(set(days))} dates: {rule}")
    half = np.diff(days) / 2
    ends = (half[0], half[-1]) if len(half) else (_ALONE, _ALONE)
    return days, np.concatenate([[days[0] - ends[0]], days[:-1] + half, [days[-1] + ends[1]]])


def _look(gid: str) -> dict[str, object]:
    if gid == "readings":
        return {"facecolor": "none", "edgecolor": style.MUTED, "hatch": _HATCH, "linewidth": style.HAIR, "zorder": 2}
    return {"facecolor": style.SKY, "edgecolor": style.BLUE, "linewidth": style.THIN, "zorder": 1.5}


def _draw_band(ax: Axes, edges: np.ndarray, low: pd.Series, high: pd.Series, gid: str) -> None:
    ax.stairs(high.to_numpy(float), edges, baseline=low.to_numpy(float), fill=True, gid=gid, **_look(gid))


def _draw_frame(ax: Axes, edges: np.ndarray, label: str) -> None:
    ax.set_xlim(edges[0], edges[-1])
    ax.set_ylim(bottom=min(0, ax.get_ylim()[0]))
    locator = mdates.AutoDateLocator(minticks=2, maxticks=max(int(style.points_of(ax)[0] / 42), 3))
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator, show_offset=False))
    ax.set_ylabel(label)
    ax.yaxis.grid(True, color=style.PALE, linewidth=style.THIN)


def _say_exact(ax: Axes, table: pd.DataFrame) -> None:
    n_drawn = int((~table["exact"].astype(bool)).sum())
    how = "all networks that the stated days allow are enumerated"
    if n_drawn:
        how = f"{n_drawn} of {len(table)} dates rest on drawn networks, the others on all that the stated days allow"
    ax.set_xlabel(how, fontsize=style.SMALL, loc="left")


def _keys(table: pd.DataFrame, bounds: bool, after: str) -> Mapping[str, object]:
    level = table.attrs.get("level", 0.95)
    reading = table.attrs.get("reading", "possible")
    keys: dict[str, object] = {
        f"mean over days that are not known exactly, in the {reading} reading": Line2D(
            [], [], color=style.INK, linewidth=style.LINE, marker="o", markersize=3.4
        ),
        f"interval over these days ({100 * level:g}\u00a0%)": Patch(**_look("interval")),
        _BOUNDS[bounds]: Patch(**_look("readings")),
    }
    if after:
        keys[after] = Patch(facecolor=style.PALE, edgecolor=style.MUTED, linestyle=":")
    return keys
