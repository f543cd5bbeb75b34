"""Tests of pairs: what two share beside what their sizes alone would give, one row a pair.

What a test could not have shown is told apart from what it has not shown: a pair whose sizes do not allow it to reach
the level stands under a heading of its own, hatched and hollow. What the scopes of two bodies fix has a square.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from r2p_analysis.plotting import rows, style

ROW = 11.0
"""Points that a row takes."""

_NAME = 104  # points for one name of a pair
_HATCH = "//////"
_WIDE = 2  # standard deviations of the interval, to either side
_MARKS = {True: ("s", 26.0), False: ("o", 26.0)}  # marker and size by whether the pair is definitional


def pairs_to_draw(table: pd.DataFrame) -> pd.DataFrame:
    """Order tested pairs as they are drawn, without those of which one has nothing to share.

    Parameters
    ----------
    table : pandas.DataFrame
        See `networks.pair_table` and `networks.body_overlap`.

    Returns
    -------
    pandas.DataFrame
        Rows whose two degrees are above 0: those that can reach the level before the others, then by p and ids.

    Examples
    --------
    >>> pair = {"u": "a", "v": "b", "n_u": 1, "n_v": 2, "can_reach": False, "p": 0.6}
    >>> pairs_to_draw(pd.DataFrame([pair, {**pair, "v": "c", "can_reach": True}, {**pair, "n_u": 0}]))["v"].tolist()
    ['c', 'b']
    """
    some = table[(table["n_u"] > 0) & (table["n_v"] > 0)]
    return some.sort_values(["can_reach", "p", "u", "v"], ascending=[False, True, True, True], ignore_index=True)


def plot_pairs(table: pd.DataFrame, ax: Axes, *, unit: str = "members in common") -> Axes:
    """Draw what pairs share beside what their sizes alone would give.

    Parameters
    ----------
    table : pandas.DataFrame
        See `networks.pair_table` and `networks.body_overlap`, whose columns on scopes are drawn if they are there.
    ax : matplotlib.axes.Axes
        Axes to draw on; as many rows are drawn as have room, those with the smallest p.
    unit : str, default "members in common"
        What is counted.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. Points are collections with the gids ``significant`` (after correction), ``reaches`` (could have
        been) and ``cannot reach``; the small print with the gid ``power`` says what the test could show.

    Examples
    --------
    >>> import networkx as nx
    >>> from matplotlib.figure import Figure
    >>> from r2p_analysis.networks.backbone import pair_table
    >>> ax = plot_pairs(pair_table(nx.davis_southern_women_graph(), "body"), Figure(figsize=(9, 9)).subplots())
    >>> sorted({c.get_gid() for c in ax.collections if c.get_gid()})
    ['cannot reach', 'expected', 'reaches']
    """
    every = pairs_to_draw(table)
    level = table.attrs.get("level", 0.05)
    words = (f"Can reach p = {level:g}", f"Cannot reach p = {level:g}, whatever they share")
    groups = np.where(every["can_reach"], *words)
    every["gid"] = _verdicts(every, level)
    shown = every.head(rows.fit(ax, len(every), len(set(groups)), ROW))
    heights, headings = rows.places(groups[: len(shown)])
    shown = shown.assign(y=heights)
    _draw_expected(ax, shown)
    _draw_observed(ax, shown)
    _draw_frame(ax, shown, headings, unit)
    _write_cells(ax, shown, "p_adjusted" if table.attrs.get("correction") else "p")
    style.say_crowded(ax, len(every) - len(shown), f"{len(every)} pairs, those with the greatest p")
    style.add_keys(ax, _keys(every, table.attrs.get("correction")), 2)
    left_out = _left_out(len(table) - len(every))
    style.add_note(ax, " ".join(filter(None, [table.attrs.get("power", ""), left_out]))).set_gid(style.POWER)
    return ax


def _verdicts(shown: pd.DataFrame, level: float) -> np.ndarray:
    significant = shown["can_reach"] & (shown["p_adjusted"] <= level)
    return np.select([significant, shown["can_reach"]], ["significant", "reaches"], "cannot reach")


def _left_out(n: int) -> str:
    return f"Not drawn: {n} pairs in which one has nothing that it could share." * bool(n)


def _interval(shown: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Two standard deviations around what is expected; fewer than none or more than the smaller has cannot be."""
    most = shown[["n_u", "n_v"]].min(axis=1)
    low, high = (shown["expected"] + sign * _WIDE * shown["sd"] for sign in (-1, 1))
    return low.clip(lower=0), high.clip(upper=most)


def _draw_expected(ax: Axes, shown: pd.DataFrame) -> None:
    low, high = _interval(shown)
    for reach, look in ((True, {"facecolor": style.GRID}), (False, {"facecolor": style.PAPER, "hatch": _HATCH})):
        some = shown["can_reach"] == reach
        band = {"height": 0.62, "edgecolor": style.FAINT, "linewidth": style.HAIR, "gid": "interval", "zorder": 1}
        ax.barh(shown["y"][some], (high - low)[some], left=low[some], **band, **look)
    tick = {"colors": style.INK, "linewidths": style.THICK, "zorder": 3, "gid": "expected"}
    ax.vlines(shown["expected"], shown["y"] - 0.34, shown["y"] + 0.34, **tick)
    if "expected_within_scope" in shown:
        given = shown[shown["definitional"]]
        ax.scatter(given["expected_within_scope"], given["y"], **_within(), zorder=4.5, gid="within scope")


def _within() -> dict[str, object]:
    return {"marker": "x", "s": 30, "color": style.RED, "linewidths": 1.3}


def _draw_observed(ax: Axes, shown: pd.DataFrame) -> None:
    ends = {"colors": style.INK, "linewidths": style.LINE, "zorder": 2}
    ax.hlines(shown["y"], shown[["shared", "expected"]].min(axis=1), shown[["shared", "expected"]].max(axis=1), **ends)
    for (gid, definitional), some in shown.groupby(["gid", "definitional"]):
        ax.scatter(some["shared"], some["y"], **_point(gid, definitional), zorder=4, gid=gid)


def _point(gid: str, definitional: bool) -> dict[str, object]:
    marker, size = _MARKS[bool(definitional)]
    face = {"significant": style.INK, "reaches": style.FAINT, "cannot reach": style.PAPER}[gid]
    return {"marker": marker, "s": size, "facecolors": face, "edgecolors": style.INK, "linewidths": style.LINE}


def _draw_frame(ax: Axes, shown: pd.DataFrame, headings: dict[str, float], unit: str) -> None:
    pairs = zip(shown["label_u"].astype(str), shown["label_v"].astype(str), strict=True)
    names = [" – ".join(style.fitted(name, style.LABEL, _NAME) for name in pair) for pair in pairs]
    rows.limit(ax, shown["y"].tolist())
    rows.write_names(ax, names, shown["y"].tolist(), headings)
    most = max(shown["shared"].max(), _interval(shown)[1].max(), 1) if len(shown) else 1
    ax.set_xlim(-0.03 * most, 1.04 * most)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.xaxis.grid(True, color=style.PALE, linewidth=style.THIN)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(unit)


def _write_cells(ax: Axes, shown: pd.DataFrame, judged: str) -> None:
    sizes = [f"{u}, {v}" for u, v in zip(shown["n_u"], shown["n_v"], strict=True)]
    columns = {"sizes": sizes, "shared": shown["shared"].astype(str), "expected": _numbers(shown["expected"])}
    columns |= {"p": _chances(shown["p"])} | ({"p adjusted": _chances(shown["p_adjusted"])} if judged != "p" else {})
    if "p_within_scope" in shown:
        within = zip(shown["p_within_scope"], shown["definitional"], strict=True)
        columns["p within scopes"] = [_chance(p) if definitional else "" for p, definitional in within]
    look = {"color": np.where(shown["can_reach"], style.INK, style.MUTED).tolist()}
    heavy = np.where(shown["gid"] == "significant", "bold", "normal").tolist()
    for i, (title, cells) in enumerate(columns.items()):
        weights = heavy if title == {"p": "p", "p_adjusted": "p adjusted"}[judged] else ["normal"] * len(shown)
        rows.write_column(ax, title, list(cells), shown["y"].tolist(), right=38 * (i + 1), **look, fontweight=weights)


def _numbers(values: pd.Series) -> list[str]:
    return [f"{value:.1f}" for value in values]


def _chances(values: pd.Series) -> list[str]:
    return [_chance(p) for p in values]


def _chance(p: float) -> str:
    return "<\u200a0.001" if p < 0.001 else f"{p:.3f}"


def _keys(every: pd.DataFrame, correction: str | None) -> dict[str, object]:
    after = "after correction" if correction else "without correction"
    labels = {
        "significant": f"significant {after}",
        "reaches": f"not significant {after}, though it could reach the level",
        "cannot reach": "cannot reach the level",
    }
    keys: dict[str, object] = {}
    for gid in (gid for gid in labels if (every["gid"] == gid).any()):
        keys[f"{labels[gid]} ({int((every['gid'] == gid).sum())})"] = _key(_point(gid, False))
    if every["definitional"].any():
        n = int(every["definitional"].sum())
        keys[f"square: both scopes shut out some state, so names fix part of it ({n})"] = _key(_point("reaches", True))
    thin = {"edgecolor": style.FAINT, "linewidth": style.HAIR}
    keys[f"expected from the sizes (line) ± {_WIDE} standard deviations"] = (
        Patch(facecolor=style.GRID, **thin),
        Line2D([], [], marker="|", color=style.INK, linestyle="none", markersize=9, markeredgewidth=style.THICK),
    )
    if "expected_within_scope" in every and every["definitional"].any():
        cross = {"marker": "x", "linestyle": "none", "markersize": 5.5, "markeredgewidth": 1.3}
        keys["expected once scopes are given"] = Line2D([], [], color=style.RED, **cross)
    return keys


def _key(look: dict[str, object]) -> Line2D:
    faces = {"markerfacecolor": look["facecolors"], "markeredgecolor": look["edgecolors"]}
    return Line2D([], [], marker=look["marker"], linestyle="none", markersize=5.2, markeredgewidth=style.LINE, **faces)
