"""Rankings under check: the ranks that each node takes when ties are left out, by kind of run.

An interval is of runs, not a confidence interval: it says how far a rank hangs on the ties, not how sure one may be
of it. Nodes of equal rank share the best of their places, so that leaving out one tie can move many of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from r2p_analysis.plotting import rows, style

ROW = 14.0
"""Points that a row takes."""

_SPREAD = 0.5  # of a row, over which the intervals of a node stand
_COLUMN = 42  # points
_NAME = 150  # points
_SHORT = {"dropped_ties": "ties dropped", "inferred_off": "inferred out", "body_left_out": "body out"}


def plot_rank_intervals(
    intervals: pd.DataFrame,
    ax: Axes,
    *,
    summary: pd.DataFrame | None = None,
    labels: Mapping[str, str] | None = None,
) -> Axes:
    """Draw the ranks that nodes take when ties are left out.

    Parameters
    ----------
    intervals : pandas.DataFrame
        See `networks.rank_intervals`.
    ax : matplotlib.axes.Axes
        Axes to draw on; as many nodes are drawn as have room, the best first.
    summary : pandas.DataFrame, optional
        See `networks.robustness`: of each kind of run, how often the same nodes are on top.
    labels : mapping of str to str, optional
        Name of each node.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. Intervals are collections of lines with the check as ``gid``, their ends points with it; a tick with
        the gid ``rank`` is the rank in the whole network. Numbers are the shares of runs in which a node has rank 1.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> row = {"check": "body_left_out", "node": "arg", "rank": 1, "rank_low": 1, "rank_high": 2}
    >>> table = pd.DataFrame([row | {"share_same": 0.5, "share_top": 0.5, "n_runs": 2}])
    >>> ax = plot_rank_intervals(table, Figure().subplots())
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "cell"]
    ['0.50']
    """
    labels = labels or {}
    nodes = intervals.drop_duplicates("node").sort_values(["rank", "node"])
    n = rows.fit(ax, len(nodes), 0, ROW)
    shown = nodes.head(n)
    heights, _ = rows.places([""] * n)
    place = dict(zip(shown["node"], heights, strict=True))
    checks = [check for check in style.CHECKS if (intervals["check"] == check).any()]
    ax.vlines(shown["rank"], np.array(heights) - 0.4, np.array(heights) + 0.4, **_tick(), gid="rank")
    for i, check in enumerate(checks):
        of_check = intervals[(intervals["check"] == check) & intervals["node"].isin(place)]
        shift = _SPREAD * (i / (len(checks) - 1) - 0.5) if len(checks) > 1 else 0.0
        _draw_check(ax, of_check, of_check["node"].map(place) + shift, style.CHECKS[check])
        cells = of_check.set_index("node")["share_top"].reindex(shown["node"])
        rows.write_column(ax, _SHORT[check], _shares(cells), heights, right=_COLUMN * (i + 1))
    names = [style.fitted(str(labels.get(node, node)), style.LABEL, _NAME) for node in shown["node"]]
    _draw_frame(ax, intervals[intervals["node"].isin(place)], heights, names)
    style.say_crowded(ax, len(nodes) - n, f"{len(nodes)} nodes, those of the lowest ranks")
    style.add_keys(ax, _keys(checks, intervals, summary), 1)
    return ax


def _tick() -> dict[str, object]:
    return {"colors": style.FAINT, "linewidths": 3.2, "zorder": 1}


def _draw_check(ax: Axes, rank: pd.DataFrame, y: pd.Series, stroke: style.Stroke) -> None:
    gid = rank["check"].iloc[0] if len(rank) else None
    line = {"colors": stroke.colour, "linestyles": [stroke.dashes], "linewidths": stroke.width, "zorder": 2}
    ax.hlines(y, rank["rank_low"], rank["rank_high"], **line, gid=gid)
    for end in ("rank_low", "rank_high"):
        face = {"facecolors": stroke.colour if end == "rank_low" else style.PAPER, "edgecolors": stroke.colour}
        ax.scatter(rank[end], y, marker=stroke.marker, s=11, linewidths=style.THIN, **face, zorder=3, gid=gid)


def _shares(cells: pd.Series) -> list[str]:
    """Shares to two digits; never 0.00 or 1.00 for what is not."""
    return ["" if np.isnan(x) or x == 0 else "1" if x == 1 else f"{min(max(x, 0.01), 0.99):.2f}" for x in cells]


def _draw_frame(ax: Axes, intervals: pd.DataFrame, heights: list[float], names: list[str]) -> None:
    rows.limit(ax, heights)
    rows.write_names(ax, names, heights, {})
    most = intervals[["rank", "rank_high"]].to_numpy().max() if len(intervals) else 1
    ax.set_xlim(0.6 - 0.02 * most, 0.4 + 1.02 * most)
    step = max(1, round(most / 8 / 5) * 5) if most > 12 else 1
    ax.set_xticks([1, *range(step if step > 1 else 2, int(most) + 1, step)])
    ax.xaxis.grid(True, color=style.PALE, linewidth=style.THIN)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("rank (1 is best; equal nodes share the best of their places)")
    at = {"xycoords": "axes fraction", "textcoords": "offset points", "xytext": (10, 27), "va": "bottom"}
    ax.annotate("share of runs on top", (1, 1), fontsize=style.SMALL, color=style.MUTED, gid="column", **at)


def _keys(checks: list[str], intervals: pd.DataFrame, summary: pd.DataFrame | None) -> dict[str, object]:
    tick = {"marker": "|", "color": style.FAINT, "markeredgewidth": 3.2, "markersize": 9, "linestyle": "none"}
    keys: dict[str, object] = {"rank in the whole network": Line2D([], [], **tick)}
    level = intervals.attrs.get("level")
    for check in checks:
        stroke = style.CHECKS[check]
        mark = {"marker": stroke.marker, "markersize": 3.4, "linewidth": stroke.width, "linestyle": stroke.dashes}
        said = _said(check, intervals, summary)
        keys[f"{stroke.label}: {said}"] = Line2D([], [], color=stroke.colour, **mark)
    if level is not None and level < 1 and "dropped_ties" in checks:
        keys[f"from filled to hollow: {100 * level:g}\u00a0% of the runs or more"] = Line2D([], [], linestyle="none")
    return keys


def _said(check: str, intervals: pd.DataFrame, summary: pd.DataFrame | None) -> str:
    row = None if summary is None else summary.set_index("check").loc[check]
    n = int(intervals.loc[intervals["check"] == check, "n_runs"].max() if row is None else row["n_runs"])
    runs = f"{n} {'run' if n == 1 else 'runs'}"
    if row is None:
        return runs
    tau = "" if np.isnan(row["tau"]) else f", Kendall's tau {row['tau']:.2f} on average"
    return f"{runs}, the same on top in {100 * row['share_top_holds']:.0f}\u00a0% of them{tau}"
