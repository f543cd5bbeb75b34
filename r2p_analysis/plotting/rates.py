"""Numbers of events by period, with what uncertain dates make of them, and what nobody has looked at.

Three things look different because they are: a solid band is an interval that has a probability, a hatched one lies
between hard bounds and has none, and crossed ground is not observed. Nothing is drawn there, not even a zero.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from r2p_analysis.plotting import style

_MOST_POINTS = 60
_LOOKS = {
    "bounds": {"facecolor": style.PAPER, "edgecolor": style.MUTED, "hatch": "/////", "linewidth": style.HAIR},
    "interval": {"facecolor": style.SKY, "edgecolor": style.BLUE, "linewidth": style.THIN},
    "unobserved": {"facecolor": style.PALE, "edgecolor": style.FAINT, "hatch": "xxx", "linewidth": style.HAIR},
}
_BURST = 0.045  # of the height, what a burst takes above the bands


def plot_rates(
    table: pd.DataFrame,
    ax: Axes,
    *,
    label: str = "events that begin",
    changes: pd.DataFrame | None = None,
    bursts: pd.DataFrame | None = None,
) -> Axes:
    """Draw the number of events in each period with its interval, its bounds, and what is not observed.

    Parameters
    ----------
    table : pandas.DataFrame
        See `chronology.rates`: a row a period; ``n_expected``, ``n_low``, ``n_high``, ``n_least``, ``n_most`` in
        events, null where nothing is observed; ``share_observed`` in [0, 1], taken to be the beginning of the period.
    ax : matplotlib.axes.Axes
        Axes to draw on.
    label : str, default "events that begin"
        What is counted; the length of the period is added.
    changes : pandas.DataFrame, optional
        See `chronology.change_points`: an upright line where each period begins, dotted if it is found in less than
        half of the draws of uncertain days (``share_draws``), with its ``p``.
    bursts : pandas.DataFrame, optional
        See `chronology.bursts`: a bar above all from ``first`` to ``last``, dark from ``core_first`` to ``core_last``.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. Collections ``bounds`` (hatched), ``interval`` and ``unobserved`` (crossed), one patch a period;
        ``expected``, a line a period that is observed; points are hollow where only a part is.

    Raises
    ------
    ValueError
        If the table has no period.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> numbers = {"n_expected": [1.5, None], "n_low": [1, None], "n_high": [2, None]}
    >>> numbers |= {"n_least": [1, None], "n_most": [2, None], "share_observed": [1.0, 0.0]}
    >>> table = pd.DataFrame(numbers, index=pd.period_range("2012", periods=2, freq="Y", name="period"))
    >>> ax = plot_rates(table, Figure().subplots())
    >>> {c.get_gid(): len(c.get_paths()) for c in ax.collections}["unobserved"]
    1
    """
    if not len(table):
        raise ValueError("the table of rates has no period; there is no event with a bounded date")
    start, end = _edges(table.index)
    share = table["share_observed"].to_numpy(float)
    seen = start + (end - start) * share
    numbers = table.drop(columns="share_observed").astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    numbers = dict(zip(table.columns.drop("share_observed"), np.where(share > 0, numbers.T, np.nan), strict=True))
    for gid, low, high in (("bounds", "n_least", "n_most"), ("interval", "n_low", "n_high")):
        _draw_bands(ax, (start, seen), (numbers[low], numbers[high]), gid)
    _draw_expected(ax, (start, seen), numbers["n_expected"], share)
    top = np.nanmax([*numbers.values(), np.ones(len(table))]) * 1.1
    ax.set_ylim(0, top)
    _draw_bands(ax, (seen, end), (np.where(share < 1, 0, np.nan), np.full(len(table), top)), "unobserved")
    _draw_frame(ax, start[0], end[-1], f"{label}, {_per(table.index)}")
    signs = _draw_changes(ax, changes) | _draw_bursts(ax, bursts, top)
    _say_left_out(ax, table)
    style.add_keys(ax, _keys(table, share, signs), 1)
    return ax


def _edges(periods: pd.PeriodIndex) -> tuple[np.ndarray, np.ndarray]:
    """First day of each period, and the day after its last one."""
    first = mdates.date2num(periods.start_time.to_numpy())
    return first, np.floor(mdates.date2num(periods.end_time.to_numpy())) + 1


def _per(periods: pd.PeriodIndex) -> str:
    """Name of the period.

    >>> _per(pd.period_range("2012", periods=1, freq="Q"))
    'by quarter'
    """
    n, name = periods.freq.n, periods.freqstr.lstrip("0123456789")[0]
    named = {"Y": "year", "Q": "quarter", "M": "month", "W": "week", "D": "day"}.get(name, "period")
    return f"by {named}" if n == 1 else f"by {n} {named}s"


def _draw_bands(ax: Axes, x: tuple[np.ndarray, np.ndarray], y: tuple[np.ndarray, np.ndarray], gid: str) -> None:
    boxes = [
        Rectangle((left, low), right - left, high - low)
        for left, right, low, high in zip(*x, *y, strict=True)
        if not np.isnan(low) and right > left
    ]
    look = {f"{name}s" if name != "hatch" else name: value for name, value in _LOOKS[gid].items()}
    order = {"bounds": 1.5, "interval": 2, "unobserved": 1}[gid]
    ax.add_collection(PatchCollection(boxes, zorder=order, gid=gid, **look))


def _draw_expected(ax: Axes, x: tuple[np.ndarray, np.ndarray], n: np.ndarray, share: np.ndarray) -> None:
    there = ~np.isnan(n)
    left, right = (edge[there] for edge in x)
    ax.hlines(n[there], left, right, colors=style.INK, linewidths=style.THICK, zorder=3, gid="expected")
    if there.sum() <= _MOST_POINTS:
        inside = np.where(share[there] < 1, style.PAPER, style.INK)
        look = {"s": 13, "facecolors": inside, "edgecolors": style.INK, "linewidths": style.THIN, "clip_on": False}
        ax.scatter((left + right) / 2, n[there], zorder=4, gid="point", **look)


def _draw_frame(ax: Axes, first: float, last: float, label: str) -> None:
    ax.set_xlim(first, last)
    locator = mdates.AutoDateLocator(minticks=2, maxticks=max(int(style.points_of(ax)[0] / 42), 3))
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator, show_offset=False))
    ax.yaxis.get_major_locator().set_params(integer=True)
    ax.set_ylabel(label)
    ax.yaxis.grid(True, color=style.GRID, linewidth=style.HAIR)


def _draw_changes(ax: Axes, changes: pd.DataFrame | None) -> set[str]:
    if changes is None or changes.empty:
        return set()
    for row in changes.itertuples():
        day = mdates.date2num(row.Index.start_time)
        look = {"linestyle": "--" if row.share_draws >= 0.5 else ":", "zorder": 3.5, "gid": "change"}
        ax.axvline(day, color=style.RED, linewidth=style.LINE, **look)
        says = "p\u00a0<\u00a00.001" if row.p < 0.001 else f"p\u00a0=\u00a0{row.p:.2g}"
        place = {"xycoords": ax.get_xaxis_transform(), "textcoords": "offset points", "rotation": 90, "va": "top"}
        ax.annotate(says, (day, 1), (-2, -3), ha="right", fontsize=style.PRINT, color=style.RED, gid="p", **place)
    return {"change"}


def _draw_bursts(ax: Axes, bursts: pd.DataFrame | None, top: float) -> set[str]:
    if bursts is None or bursts.empty:
        return set()
    for row in bursts.itertuples():
        for first, last, face in ((row.first, row.last, style.PAPER), (row.core_first, row.core_last, style.ORANGE)):
            left, right = mdates.date2num(first), mdates.date2num(last) + 1
            look = {"facecolor": face, "edgecolor": style.INK, "linewidth": style.THIN, "clip_on": False}
            ax.add_patch(Rectangle((left, top), right - left, _BURST * top, gid="burst", zorder=5, **look))
    return {"burst"}


def _say_left_out(ax: Axes, table: pd.DataFrame) -> None:
    said = [f"{table.attrs.get('n_left_out', 0)} events are left out: no date, or none to begin from"]
    beyond = table.attrs.get("n_beyond", 0)
    said += [f"{beyond:.1f} are expected after what is observed".replace(".0 ", " ")] * bool(beyond)
    ax.set_xlabel("; ".join(said), fontsize=style.SMALL, loc="left")


def _keys(table: pd.DataFrame, share: np.ndarray, signs: set[str]) -> dict[str, object]:
    level = table.attrs.get("level", 0.95)
    dot = {"color": style.INK, "linewidth": style.THICK, "marker": "o", "markersize": 3.6, "markeredgecolor": style.INK}
    keys: dict[str, object] = {
        "expected number, all days of an uncertain date alike": Line2D([], [], **dot),
        f"interval over these days ({100 * level:g}\u00a0%), not of sampling": Patch(**_LOOKS["interval"]),
        "from what is certain to what is possible: bounds, no probability": Patch(**_LOOKS["bounds"]),
    }
    if (share < 1).any():
        keys["not observed: unknown, not zero"] = Patch(**_LOOKS["unobserved"])
    if ((share > 0) & (share < 1)).any():
        keys["observed in part only: a number at the least"] = Line2D([], [], **dot, markerfacecolor=style.PAPER)
    if "change" in signs:
        line = {"color": style.RED, "linewidth": style.LINE}
        says = "change of the rate; dotted: in less than half of the draws of uncertain days"
        keys[says] = Line2D([], [], linestyle="--", **line)
    if "burst" in signs:
        keys["burst, on the days on which it is in most draws; white: in some"] = Patch(
            facecolor=style.ORANGE, edgecolor=style.INK, linewidth=style.THIN
        )
    return keys
