"""Bars: events by year, and passages by state."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from r2p_analysis.plotting import style

_PALER = 0.6  # share of white in what is not exact
_LEVEL, _UPRIGHT = 15.5, 8.0  # points that a year takes, written level and upright
_NAME = 8.4  # points that the name of a state takes


def plot_counts(counts: pd.DataFrame, exact: pd.DataFrame, ax: Axes) -> Axes:
    """Draw expected counts of events by period as stacked bars, what is exact at the foot of each.

    Parameters
    ----------
    counts : pandas.DataFrame
        Expected counts: periods by the labels of `style.EVENT_GROUPS`; see `chronology.counts_by_period`.
    exact : pandas.DataFrame
        The part of each that comes from events whose period is certain; same rows and columns.
    ax : matplotlib.axes.Axes
        Axes to draw on.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. Below the black line of a bar (gid ``exact``) stands what is exact, above it, in paler
        colours, what uncertain events add on average.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> counts = pd.DataFrame({"Publications": [1.5]}, index=["2012"])
    >>> ax = plot_counts(counts, counts // 1, Figure().subplots())
    >>> [float(bar.get_height()) for bar in ax.patches if bar.get_height()]
    [1.0, 0.5]
    """
    x, foot = np.arange(len(counts)), np.zeros(len(counts))
    for part, share in ((exact, 0.0), (counts - exact, _PALER)):
        for group in style.EVENT_GROUPS:
            height = part.get(group.label, pd.Series(0.0, part.index)).to_numpy(float)
            look = {"facecolor": style.paler(group.colour, share), "hatch": group.hatch, "edgecolor": style.INK}
            ax.bar(x, height, 0.78, foot, linewidth=style.HAIR, gid=group.label, **look)
            foot = foot + height
    sure = exact.sum(axis=1).to_numpy()
    some, line = sure > 0, {"colors": style.INK, "linewidths": style.THICK, "zorder": 3}
    ax.hlines(sure[some], x[some] - 0.45, x[some] + 0.45, gid="exact", **line)
    ax.set_xlim(-0.7, max(len(counts), 1) - 0.3)
    n_unnamed = _write_periods(ax, x, foot, [str(period) for period in counts.index])
    ax.set_ylabel("expected number of events that begin")
    ax.yaxis.grid(True, color=style.PALE, linewidth=style.THIN)
    n_left_out = counts.attrs.get("n_left_out", 0)
    ax.set_xlabel(f"{n_left_out} events are left out: no date, or none to begin from", fontsize=style.SMALL, loc="left")
    style.say_crowded(ax, n_unnamed, f"{len(counts)} periods")
    style.add_keys(ax, _keys_of_counts(sure.sum(), foot.sum()), 3)
    return ax


def _write_periods(ax: Axes, x: np.ndarray, foot: np.ndarray, periods: list[str]) -> int:
    """Write totals and periods, upright where bars are narrow; the number of those without room is returned."""
    step = style.points_of(ax)[0] / (max(len(x), 1) + 0.4)
    look = {} if step >= _LEVEL else {"rotation": 90}
    named = x[:: int(np.ceil(_UPRIGHT / step))]
    above = {"xytext": (0, 2.5), "textcoords": "offset points", "ha": "center", "fontsize": style.SMALL, **look}
    above |= {"va": "bottom", "xytext": (0, 3.5)} if look else {}
    for place in named:
        ax.annotate(f"{foot[place]:.1f}".removesuffix(".0"), (place, foot[place]), gid="total", **above)
    ax.set_xticks(named, [periods[place] for place in named], **look)
    return len(x) - len(named)


def _keys_of_counts(n_sure: float, n: float) -> dict[str, Patch]:
    thin = {"edgecolor": style.INK, "linewidth": style.HAIR}
    keys = {group.label: Patch(facecolor=group.colour, hatch=group.hatch, **thin) for group in style.EVENT_GROUPS}
    keys[f"below the black line: year certain ({n_sure:.0f} of {n:.0f})"] = Patch(facecolor=style.GREY, **thin)
    keys["above it: year not certain, on average"] = Patch(facecolor=style.paler(style.GREY, _PALER), **thin)
    return keys


def plot_mentions(
    mentions: pd.DataFrame,
    ax: Axes,
    *,
    groups: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Axes:
    """Draw how many passages name each state: a bar for the state itself, an outline with its actors.

    Parameters
    ----------
    mentions : pandas.DataFrame
        Columns ``iso3``, ``n_passages`` and ``n_with_actors``; see `evidence.mentions_by_state`.
    ax : matplotlib.axes.Axes
        Axes to draw on.
    groups : mapping of str to str, optional
        Heading of each state. Headings stand in the order in which they appear here; below each its states,
        most passages first.
    labels : mapping of str to str, optional
        Name of each state.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. A state without a passage has the number 0 in place of a bar.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> mentions = pd.DataFrame({"iso3": ["ARG", "BRB"], "n_passages": [3, 0], "n_with_actors": [5, 0]})
    >>> ax = plot_mentions(mentions, Figure().subplots())
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "count"]
    ['3 (5)', '0']
    """
    groups = groups or {}
    order = list(dict.fromkeys(groups.values()))
    rows = mentions.assign(heading=[order.index(groups[i]) if i in groups else -1 for i in mentions["iso3"]])
    rows = rows.sort_values(["heading", "n_passages", "n_with_actors", "iso3"], ascending=[True, False, False, True])
    rows["y"] = np.arange(len(rows)) + 1.3 * rows["heading"].rank(method="dense")
    edge = {"height": 0.72, "edgecolor": style.INK, "linewidth": style.THIN}
    ax.barh(rows["y"], rows["n_with_actors"], facecolor=style.PAPER, gid="with actors", **edge)
    ax.barh(rows["y"], rows["n_passages"], facecolor=style.BLUE, gid="itself", **edge)
    tall = rows["y"].max() - rows["y"].min() + 2.3 if len(rows) else 1
    step = style.points_of(ax)[1] / tall
    named = set(style.with_room({row.iso3: row.y * step for row in rows.itertuples()}, _NAME))
    for row in rows.itertuples():
        if row.iso3 in named:
            _write_state(ax, row, labels or {})
    beside = {"xytext": (-6, 0), "textcoords": "offset points", "ha": "right"}
    for heading, y in rows[rows["heading"] >= 0].groupby("heading")["y"].min().items():
        ax.annotate(order[heading], (0, y - 1.05), **beside, **style.HEADING)
    _draw_frame_of_mentions(ax, rows["y"], len(rows) - len(named))
    return ax


def _write_state(ax: Axes, row: tuple, labels: Mapping[str, str]) -> None:
    none = not row.n_with_actors
    look = {"color": style.RED if none else style.INK, "fontweight": "bold" if none else "normal"}
    look |= {"va": "center", "textcoords": "offset points"}
    name, count = labels.get(row.iso3, row.iso3), str(row.n_passages)
    if row.n_with_actors > row.n_passages:
        count += f" ({row.n_with_actors})"
    ax.annotate(name, (0, row.y), (-6, 0), ha="right", fontsize=style.LABEL, gid="row", **look)
    ax.annotate(count, (row.n_with_actors, row.y), (4, 0), ha="left", fontsize=style.SMALL, gid="count", **look)


def _draw_frame_of_mentions(ax: Axes, y: pd.Series, n_unnamed: int) -> None:
    ax.set_yticks([])
    ax.set_ylim((y.max() + 0.7, y.min() - 1.6) if len(y) else (1, 0))
    ax.set_xlim(left=0, right=None if ax.dataLim.x1 > 0 else 1)
    if ax.dataLim.x1 <= 0:
        ax.set_xticks([0, 1])
    ax.set_xlabel("passages")
    ax.xaxis.grid(True, color=style.PALE, linewidth=style.THIN)
    thin = {"edgecolor": style.INK, "linewidth": style.THIN}
    itself, with_actors = Patch(facecolor=style.BLUE, **thin), Patch(facecolor=style.PAPER, **thin)
    keys = {"the state itself is named": itself, "with passages that name one of its actors": with_actors}
    style.say_crowded(ax, n_unnamed, f"{len(y)} states")
    style.add_keys(ax, keys, 2)
