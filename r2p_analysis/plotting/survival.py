"""Times that are known between bounds only: what is known of their distribution, and where it is not determined.

Turnbull's estimate gives masses to intervals and not to days. Within such an interval the share that is left may be
anything between two bounds: a box says so, and no line is drawn through it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from r2p_analysis.plotting import style

_YEAR = 365.25
_UNITS = {"years": _YEAR, "months": _YEAR / 12, "days": 1.0}
_BOX = {"facecolor": style.SKY, "edgecolor": style.BLUE, "hatch": "/////", "linewidth": style.THIN}
_CENSORED = {"facecolor": style.PALE, "edgecolor": style.FAINT, "hatch": "xxx", "linewidth": style.HAIR}
_ROW, _FIRST = 9.0, 36.0  # points of a row of numbers, and from the Axes to the first one
_BEYOND = 1.12  # share of the last time that the axis shows


def plot_survival(
    curve: pd.DataFrame, ax: Axes, *, label: str, times: pd.DataFrame | None = None, unit: str = "years"
) -> Axes:
    """Draw the bounds of a survival function, and below them how many there were to judge from.

    Parameters
    ----------
    curve : pandas.DataFrame
        See `chronology.survival`: ``time`` in days, ascending, ``survival_low`` and ``survival_high`` in [0, 1], which
        hold from a row's time to the next one; and, if there, ``low`` and ``high``, an interval around both.
    ax : matplotlib.axes.Axes
        Axes to draw on.
    label : str
        What the share is of, such as "states without a national mechanism".
    times : pandas.DataFrame, optional
        The times themselves: ``left_days`` and ``right_days``, infinite where censored, see `chronology.time_to`. With
        them a table of numbers stands below the axis.
    unit : {"years", "months", "days"}, default "years"
        Unit of the axis.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. ``known`` are the lines where the share is determined, ``undetermined`` the boxes where it is not,
        ``censored`` the one after the last time that is known, ``interval`` the dotted lines around them.

    Raises
    ------
    ValueError
        If the curve is empty or the unit is unknown.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> curve = pd.DataFrame({"time": [0, 365, 730], "survival_low": [0.5, 0.5, 0], "survival_high": [1, 0.5, 0.5]})
    >>> ax = plot_survival(curve, Figure().subplots(), label="states without a mechanism")
    >>> {c.get_gid(): len(c.get_paths()) for c in ax.collections}
    {'undetermined': 1, 'censored': 1, 'known': 1}
    """
    if unit not in _UNITS:
        raise ValueError(f"unknown unit {unit!r}; allowed: {', '.join(_UNITS)}")
    if not len(curve):
        raise ValueError("the curve has no time; estimate it from one time at least")
    curve, times = _in_unit(curve, times, _UNITS[unit])
    first, last = _range(curve, times)
    left, right = curve["time"].to_numpy(float).clip(min=first), np.append(curve["time"].to_numpy(float)[1:], last)
    low, high = (curve[name].to_numpy(float) for name in ("survival_low", "survival_high"))
    if left[0] > first:
        left, right, low, high = np.r_[first, left], np.r_[left[0], right], np.r_[1, low], np.r_[1, high]
    _draw_curve(ax, (left, right), (low, high))
    if {"low", "high"} <= set(curve):
        edges = [*curve["time"].clip(lower=first), last]
        look = {"baseline": None, "color": style.MUTED, "linewidth": style.LINE, "linestyle": ":", "gid": "interval"}
        for name in ("low", "high"):
            ax.stairs(curve[name].to_numpy(float), edges, **look)
    _draw_frame(ax, (first, last), label, unit)
    if times is not None:
        _write_numbers(ax, times)
    style.add_keys(ax, _keys("low" in curve, bool(low[-1] < high[-1])), 1)
    return ax


def _in_unit(curve: pd.DataFrame, times: pd.DataFrame | None, days: float) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    curve = curve.assign(time=curve["time"].astype("float64") / days)
    if times is not None:
        times = times[["left_days", "right_days"]].dropna().astype("float64") / days
    return curve, times


def _range(curve: pd.DataFrame, times: pd.DataFrame | None) -> tuple[float, float]:
    """First and last time of the axis, with room behind the last one that is finite."""
    every = np.r_[curve["time"], np.ravel(times) if times is not None else []]
    every = every[np.isfinite(every)]
    first = min(0.0, every.min(initial=0.0))
    return first, first + max((every.max(initial=first) - first) * _BEYOND, 1e-9) if len(every) else first + 1


def _draw_curve(ax: Axes, x: tuple[np.ndarray, np.ndarray], y: tuple[np.ndarray, np.ndarray]) -> None:
    parts = [part for part in zip(*x, *y, strict=True) if part[1] > part[0]]
    last = x[1][-1]
    for gid, look, at_end in (("undetermined", _BOX, False), ("censored", _CENSORED, True)):
        open_parts = [part for part in parts if part[3] > part[2] and (part[1] == last) == at_end]
        boxes = [Rectangle((a, low), b - a, high - low) for a, b, low, high in open_parts]
        look = {f"{name}s" if name != "hatch" else name: value for name, value in look.items()}
        ax.add_collection(PatchCollection(boxes, gid=gid, zorder=2, **look))
    known = [(a, b, low) for a, b, low, high in parts if high <= low]
    a, b, share = np.array(known).reshape(-1, 3).T
    ax.hlines(share, a, b, colors=style.INK, linewidths=style.THICK, zorder=3, gid="known", clip_on=False)


def _draw_frame(ax: Axes, x: tuple[float, float], label: str, unit: str) -> None:
    ax.set_xlim(*x)
    ax.set_ylim(0, 1)
    ax.xaxis.set_major_locator(MaxNLocator(max(int(style.points_of(ax)[0] / 46), 2), steps=[1, 2, 2.5, 5, 10]))
    ax.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f}\u00a0%")
    ax.set_xlabel(f"{unit} since the start", loc="left")
    ax.set_ylabel(label)
    ax.yaxis.grid(True, color=style.GRID, linewidth=style.HAIR)


def numbers_at(times: pd.DataFrame, at: np.ndarray) -> pd.DataFrame:
    """Count at some times how many surely have it still to come, and what is known of the others.

    Parameters
    ----------
    times : pandas.DataFrame
        ``left_days`` and ``right_days``: a time is later than the one and at most the other.
    at : numpy.ndarray
        Times in the same unit.

    Returns
    -------
    pandas.DataFrame
        Index: the times. ``still to come`` (left end not before), ``has come`` (right end not after), ``between``
        (neither is sure) and ``censored`` (no longer observed); they sum to the number of rows.

    Examples
    --------
    >>> times = pd.DataFrame({"left_days": [0, 100, 300.0], "right_days": [50, 400, float("inf")]})
    >>> numbers_at(times, np.array([0, 350])).to_numpy().tolist()
    [[3, 0, 0, 0], [0, 1, 1, 1]]
    """
    left, right = (times[name].to_numpy(float)[:, None] for name in ("left_days", "right_days"))
    come = right <= at
    coming = (left >= at) & ~come
    censored = ~coming & np.isinf(right) & ~come
    counts = [coming, come, ~coming & ~come & ~censored, censored]
    names = ["still to come", "has come", "between", "censored"]
    return pd.DataFrame({name: some.sum(axis=0) for name, some in zip(names, counts, strict=True)}, index=at)


def _write_numbers(ax: Axes, times: pd.DataFrame) -> None:
    """Write a table of numbers below the axis, a column a tick."""
    low, high = ax.get_xlim()
    ticks = np.array([tick for tick in ax.get_xticks() if low <= tick <= high])
    for i, (name, row) in enumerate(numbers_at(times, ticks).T.iterrows()):
        down = -_FIRST - i * _ROW
        look = {"textcoords": "offset points", "va": "center", "fontsize": style.SMALL}
        head = {"xycoords": "axes fraction", "ha": "right", "color": style.MUTED}
        ax.annotate(str(name), (0, 0), (-12, down), gid="number of", **head, **look)
        for tick, n in row.items():
            place = {"xycoords": ax.get_xaxis_transform(), "ha": "center", "annotation_clip": False}
            ax.annotate(str(n), (tick, 0), (0, down), gid="number", **place, **look)


def _keys(interval: bool, to_the_end: bool) -> dict[str, object]:
    keys: dict[str, object] = {
        "share that is left, where it is determined": Line2D([], [], color=style.INK, linewidth=style.THICK),
        "not determined: anywhere between the bounds": Patch(**_BOX),
    }
    if interval:
        dotted = {"color": style.MUTED, "linewidth": style.LINE, "linestyle": ":"}
        keys["bootstrap interval around both bounds, at each time by itself"] = Line2D([], [], **dotted)
    if to_the_end:
        keys["not seen to the end: what came later is not known (censored)"] = Patch(**_CENSORED)
    return keys
