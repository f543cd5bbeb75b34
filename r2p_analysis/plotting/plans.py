"""What a budget buys: gaps that can be closed by price, and the commitments of a plan for each.

Under each point of the curve stands one plan of its price. Where several are equally cheap the last column says in how
many of those that close all they can a commitment stands: in all, and nothing else can take its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from r2p_analysis.options import frame
from r2p_analysis.plotting import style

ROW, COLUMN, CURVE = 10.5, 14.5, 170.0
"""Points that a commitment and a budget take, and the height of the curve."""

_COUNTS = MaxNLocator(5, integer=True, steps=[1, 2, 5, 10])
_GAP = 26  # points between the curve and the plans
_NAME = 180  # points of a name


def choices_in_order(table: pd.DataFrame, others: Sequence[str] = ()) -> list[str]:
    """Commitments of the plans of a curve in the order in which they come in, and others after them.

    Parameters
    ----------
    table : pandas.DataFrame
        See `closure.trade_off`.
    others : sequence of str
        Commitments that no plan of the curve has, though an equally cheap one does.

    Examples
    --------
    >>> choices_in_order(pd.DataFrame({"plan": [frozenset(), {"b"}, {"a", "b"}]}), ["c", "a"])
    ['b', 'a', 'c']
    """
    found: dict[str, None] = {}
    for plan in table["plan"]:
        found |= dict.fromkeys(sorted(plan, key=str))
    return list(found | dict.fromkeys(sorted(others, key=str)))


def plot_trade_off(
    table: pd.DataFrame,
    ax: Axes,
    *,
    standing: pd.Series | None = None,
    n_plans: int | None = None,
    labels: Mapping[str, str] | None = None,
    unit: str = "gaps closed",
) -> Axes:
    """Draw the trade-off of price and closed gaps, and the plans under it.

    Parameters
    ----------
    table : pandas.DataFrame
        See `closure.trade_off`: columns ``cost``, ``n_covered``, ``plan`` and ``not_covered``.
    ax : matplotlib.axes.Axes
        Axes to draw on; as many commitments are drawn as have room.
    standing : pandas.Series, optional
        In how many of the cheapest plans that close all that can be closed each commitment stands, by name.
    n_plans : int, optional
        How many such plans there are. None with `standing` says that they are too many to count, and that
        those named there stand in all.
    labels : mapping of str to str, optional
        What is written for a commitment.
    unit : str, default "gaps closed"
        What is counted.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. The curve's points are a collection with the gid ``budgets``, the commitments of plans one with the
        gid ``chosen``; names of commitments that stand in every cheapest plan are bold, with the gid ``in every``,
        the others have the gid ``row``.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> plans = [frozenset(), frozenset({"oas adds training"})]
    >>> table = pd.DataFrame({"cost": [0, 1], "n_covered": [0, 35], "plan": plans, "not_covered": [("a",), ()]})
    >>> standing = pd.Series({"oas adds training": 1})
    >>> ax = plot_trade_off(table, Figure(figsize=(6, 6)).subplots(), standing=standing, n_plans=1)
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "in every"]
    ['oas adds training']
    """
    frame(table, "table", "give that of trade_off", needs=["cost", "n_covered", "plan", "not_covered"])
    standing = pd.Series(dtype=int) if standing is None else standing
    choices = choices_in_order(table, list(standing.index))
    height = style.points_of(ax)[1]
    shown = choices[: max(int((height - _GAP - 0.5 * CURVE) / ROW), 1)]
    below = _GAP + ROW * len(shown)
    most = max(table["cost"].max(), 1)
    ax.set(xlim=(-0.04 * most, 1.04 * most), ylim=(-below, height - below))
    n_rows = int(table["n_covered"].iloc[-1]) + len(table["not_covered"].iloc[-1])
    step = (height - below - 14) / max(n_rows, 1)
    _draw_curve(ax, table, step, n_rows)
    _draw_plans(ax, table, shown)
    _write_names(ax, shown, standing, n_plans, labels or {})
    _frame(ax, table, step, n_rows, unit)
    style.say_crowded(ax, len(choices) - len(shown), f"{len(choices)} commitments")
    style.add_keys(ax, _keys(any(_in_every(choice, standing, n_plans) for choice in shown)), 2)
    return ax


def _in_every(choice: str, standing: pd.Series, n_plans: int | None) -> bool:
    """Whether a commitment stands in every cheapest plan."""
    n = int(standing.get(choice, 0))
    return n > 0 and (n_plans is None or n == n_plans)


def _draw_curve(ax: Axes, table: pd.DataFrame, step: float, n_rows: int) -> None:
    reached = table["n_covered"] * step
    end = ax.get_xlim()[1]
    cost = [*table["cost"], end]
    ax.step(cost, [*reached, reached.iloc[-1]], where="post", color=style.BLUE, linewidth=style.LINE, zorder=2)
    ax.scatter(table["cost"], reached, s=style.DOT, color=style.BLUE, zorder=3, gid="budgets")
    ax.axhline(n_rows * step, color=style.MUTED, linewidth=style.THIN, linestyle=(0, (4, 2)), zorder=1)
    left = n_rows - int(table["n_covered"].iloc[-1])
    said = f"all {n_rows} gaps" + f"; {left} of them nothing on offer closes" * bool(left)
    look = {"fontsize": style.SMALL, "color": style.MUTED, "va": "bottom", "gid": "all gaps"}
    ax.annotate(said, (0, n_rows * step), xytext=(0, 2), textcoords="offset points", **look)
    last = table.iloc[-1]
    if not last["n_covered"]:
        return
    at = (last["cost"], last["n_covered"] * step)
    look = {"fontsize": style.LABEL, "fontweight": "bold", "ha": "right", "va": "bottom", "gid": "last"}
    ax.annotate(f"{last['n_covered']} for {last['cost']}", at, xytext=(-4, 2), textcoords="offset points", **look)


def _draw_plans(ax: Axes, table: pd.DataFrame, shown: list[str]) -> None:
    chosen, free = [], []
    for place, choice in enumerate(shown):
        y = -_GAP - ROW * (place + 0.5)
        for cost, plan in zip(table["cost"], table["plan"], strict=True):
            (chosen if choice in plan else free).append((cost, y))
        if place % 2 == 0:
            ax.axhspan(y - ROW / 2, y + ROW / 2, color=style.PALE, linewidth=0, zorder=0)
    for places, gid, size, colour in ((chosen, "chosen", 15, style.INK), (free, "not chosen", 2, style.FAINT)):
        if places:
            ax.scatter(*zip(*places, strict=True), s=size, color=colour, linewidths=0, zorder=3, gid=gid)


def _write_names(
    ax: Axes, shown: list[str], standing: pd.Series, n_plans: int | None, labels: Mapping[str, str]
) -> None:
    beside = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points", "va": "center_baseline"}
    for place, choice in enumerate(shown):
        y = -_GAP - ROW * (place + 0.5)
        n, every = int(standing.get(choice, 0)), _in_every(choice, standing, n_plans)
        name = style.fitted(labels.get(choice, choice), style.LABEL, _NAME)
        look = {"fontweight": "bold" if every else "normal", "gid": "in every" if every else "row"}
        ax.annotate(name, (0, y), xytext=(-7, 0), ha="right", fontsize=style.LABEL, **beside, **look)
        if len(standing):
            said = "all" if every else f"{n} of {n_plans}" if n_plans else ""
            look = {"fontsize": style.SMALL, "fontweight": look["fontweight"], "gid": "cell"}
            ax.annotate(said, (1, y), xytext=(34, 0), ha="right", **beside, **look)
    if len(standing):
        words = "cheapest\nplans" if n_plans is None else f"{n_plans} cheapest\nplan{'s' * (n_plans != 1)}"
        look = {"fontsize": style.SMALL, "color": style.MUTED, "gid": "column", "linespacing": 1.2}
        at = {**beside, "va": "bottom", "xytext": (34, 3), "ha": "right"}
        ax.annotate(words, (1, -_GAP), **at, **look)


def _frame(ax: Axes, table: pd.DataFrame, step: float, n_rows: int, unit: str) -> None:
    counts = [int(count) for count in _COUNTS.tick_values(0, max(n_rows, 1)) if 0 <= count <= n_rows]
    ax.set_yticks([count * step for count in counts], [str(count) for count in counts])
    ax.set_ylabel(unit, loc="top")
    ax.spines["left"].set_bounds(0, n_rows * step)
    ax.spines["bottom"].set_visible(False)
    ax.set_xticks([])
    ax.axhline(0, color=style.MUTED, linewidth=style.THIN, zorder=2)
    places = {str(cost): cost / max(table["cost"].max(), 1) * style.points_of(ax)[0] for cost in table["cost"]}
    for cost in style.with_room(dict(sorted(places.items(), key=lambda item: (item[1] > 0, -item[1]))), 12):
        look = {"fontsize": style.SMALL, "ha": "center", "va": "top", "gid": "cost"}
        ax.annotate(cost, (float(cost), 0), xytext=(0, -3), textcoords="offset points", **look)
    beside = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points", "fontsize": style.SMALL}
    ax.annotate("price", (0, 0), xytext=(-7, -3), ha="right", va="top", color=style.MUTED, **beside)


def _keys(any_in_every: bool) -> dict[str, object]:
    dot = {"marker": "o", "markersize": 4.4, "markeredgewidth": 0}
    keys: dict[str, object] = {
        "most gaps closed for a price": Line2D([], [], color=style.BLUE, linewidth=style.LINE, **dot),
        "part of a plan of that price": Line2D([], [], color=style.INK, linestyle="none", **dot),
    }
    if any_in_every:
        bold = "bold: stands in every cheapest plan that closes all that can be closed"
        keys[bold] = Line2D([], [], linestyle="none")
    return keys
