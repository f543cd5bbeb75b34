"""Co-membership by kind of body: how much of what pairs share is what everybody shares.

Pairs are put together by the groups that the two belong to, so that a bar is a mean over pairs. Beside it stands what
is left when the sizes of actors and bodies have been taken into account.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations_with_replacement

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from r2p_analysis.plotting import rows, style

ROW = 16.0
"""Points that a row takes."""

_HEADINGS = {"all": "", "within": "Within a sub-region", "between": "Between sub-regions"}
_BAR = 0.66
_NARROWEST = 24.0  # points that a share needs
_PANEL = (1.16, 0, 0.5, 1)  # of the residuals, in shares of the Axes
_SPREAD = 0.6  # of a row, over which the markers of the residuals stand


def decomposition_by_groups(table: pd.DataFrame, groups: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Mean of what pairs of actors share, by kind of body and by the groups of the two.

    Parameters
    ----------
    table : pandas.DataFrame
        See `networks.decomposition`.
    groups : mapping of str to str, optional
        Group of each actor, in the order of the rows. A pair with an actor that has none is in the row of all pairs
        only.

    Returns
    -------
    pandas.DataFrame
        One row a row of the figure and kind: ``part`` (``all``, ``within`` one group, ``between`` two), ``groups``,
        ``n_pairs``, ``kind``, ``n_bodies`` (of that kind, in all), ``mean_shared``, ``share`` (of what the pairs share;
        NaN where they share nothing) and, if the table has a null, ``mean_expected`` and ``mean_residual``. Without a
        pair there is no row.

    Examples
    --------
    >>> import networkx as nx
    >>> from r2p_analysis.networks.decomposition import decomposition
    >>> B = nx.Graph([("arg", "oas"), ("bol", "oas"), ("cub", "oas"), ("arg", "can"), ("bol", "can")])
    >>> nx.set_node_attributes(B, {"arg": 0, "bol": 0, "cub": 0, "oas": 1, "can": 1}, "bipartite")
    >>> kinds = {"oas": "regional", "can": "subregional"}
    >>> found = decomposition_by_groups(decomposition(B, kinds), {"arg": "south", "bol": "south", "cub": "north"})
    >>> found.loc[found["kind"] == "subregional", ["groups", "n_pairs", "mean_shared"]].round(2).values.tolist()
    [['all pairs', 3, 0.33], ['south', 1, 1.0], ['south – north', 2, 0.0]]
    """
    parts = [("all", "all pairs", table)]
    parts += [(part, name, table[some]) for part, name, some in _parts(table, groups or {})]
    columns = [name for name in ("shared", "expected", "residual") if name in table]
    found = []
    for part, name, pairs in parts:
        kinds = pairs.groupby("kind", observed=False)
        means = kinds[columns].mean().add_prefix("mean_")
        total = pairs["shared"].sum()
        shares = kinds["shared"].sum() / (total or np.nan)
        n_pairs = len(pairs) // max(len(means), 1)
        found.append(means.assign(part=part, groups=name, n_pairs=n_pairs, share=shares).reset_index())
    every = pd.concat([part for part in found if part["n_pairs"].gt(0).any()] or [found[0].head(0)], ignore_index=True)
    every["n_bodies"] = every["kind"].astype("object").map(table.attrs["n_bodies"])
    order = ["part", "groups", "n_pairs", "kind", "n_bodies", "mean_shared", "share"]
    every = every[[*order, *(f"mean_{name}" for name in columns[1:])]]
    every.attrs |= table.attrs
    return every


def plot_decomposition(parts: pd.DataFrame, ax: Axes, *, labels: Mapping[str, str] | None = None) -> Axes:
    """Draw co-membership by kind of body as stacked bars, and beside them the residuals against the null.

    Parameters
    ----------
    parts : pandas.DataFrame
        See `decomposition_by_groups`.
    ax : matplotlib.axes.Axes
        Axes to draw on; with a null the residuals have a panel of their own to the right of it.
    labels : mapping of str to str, optional
        What is written for a kind.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. Bars have their kind as ``gid``; a line (gid ``expected``) marks the total that the null expects, and
        the panel has a collection of points for each kind.

    Raises
    ------
    ValueError
        If there are more kinds than can be told apart.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> part = {"part": "all", "groups": "all pairs", "n_pairs": 3, "n_bodies": 1, "mean_shared": 1.0, "share": 0.5}
    >>> parts = pd.DataFrame([part | {"kind": "regional"}, part | {"kind": "universal"}])
    >>> ax = plot_decomposition(parts, Figure().subplots())
    >>> [(bar.get_gid(), float(bar.get_x()), float(bar.get_width())) for bar in ax.patches]
    [('regional', 0.0, 1.0), ('universal', 1.0, 1.0)]
    """
    kinds = list(dict.fromkeys(parts["kind"]))
    if len(kinds) > len(style.FILLS):
        raise ValueError(f"{len(kinds)} kinds of body; at most {len(style.FILLS)} can be told apart")
    bars = parts.drop_duplicates(["part", "groups"])
    n = rows.fit(ax, len(bars), bars["part"].nunique() - 1, ROW)
    bars = bars.head(n)
    heights, headings = rows.places(bars["part"].map(_HEADINGS).tolist())
    place = dict(zip(zip(bars["part"], bars["groups"], strict=True), heights, strict=True))
    y = [place.get(row) for row in zip(parts["part"], parts["groups"], strict=True)]
    shown = parts.assign(y=y).dropna(subset="y")
    _draw_bars(ax, shown, kinds)
    _draw_totals(ax, shown)
    rows.limit(ax, heights)
    rows.write_names(ax, _names(bars), heights, headings)
    if "mean_residual" in shown:
        _draw_residuals(ax, shown, kinds)
    style.say_crowded(ax, len(parts.drop_duplicates(["part", "groups"])) - n, "the groups of pairs")
    style.add_keys(ax, _keys(parts, kinds, labels or {}), 2)
    return ax


def _parts(table: pd.DataFrame, groups: Mapping[str, str]) -> list[tuple[str, str, pd.Series]]:
    order = list(dict.fromkeys(groups.values()))
    u, v = table["u"].map(groups), table["v"].map(groups)
    pairs = [(a, b, (u.eq(a) & v.eq(b)) | (u.eq(b) & v.eq(a))) for a, b in combinations_with_replacement(order, 2)]
    within = [("within", a, some) for a, b, some in pairs if a == b]
    return within + [("between", f"{a} – {b}", some) for a, b, some in pairs if a != b]


def _names(bars: pd.DataFrame) -> list[str]:
    pairs = zip(bars["groups"], bars["n_pairs"], strict=True)
    return [f"{name} ({n}\u00a0{'pair' if n == 1 else 'pairs'})" for name, n in pairs]


def _draw_bars(ax: Axes, shown: pd.DataFrame, kinds: list[str]) -> None:
    total = shown.groupby("y")["mean_shared"].sum()
    expected = shown.groupby("y")["mean_expected"].sum() if "mean_expected" in shown else []
    longest = max([0.1, *total, *expected])
    ax.set_xlim(0, 1.16 * longest)
    per_point = 1.16 * longest / style.points_of(ax)[0]
    foot = pd.Series(0.0, total.index)
    for kind, fill in zip(kinds, style.FILLS, strict=False):
        some = shown[shown["kind"] == kind].set_index("y")
        left = foot.reindex(some.index)
        look = {"facecolor": fill.colour, "hatch": fill.hatch, "edgecolor": style.INK, "linewidth": style.HAIR}
        ax.barh(some.index, some["mean_shared"], _BAR, left, gid=kind, **look)
        for y, width in some["mean_shared"].items():
            if width / per_point >= _NARROWEST:
                _write_share(ax, left[y] + width / 2, y, some.at[y, "share"])
        foot = foot.add(some["mean_shared"], fill_value=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.grid(True, color=style.PALE, linewidth=style.THIN)
    ax.set_xlabel("bodies that a pair shares, on average")


def _write_share(ax: Axes, x: float, y: float, share: float) -> None:
    box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.1}
    look = {"ha": "center", "va": "center", "fontsize": style.TINY, "bbox": box, "zorder": 5}
    ax.text(x, y, f"{100 * share:.0f}\u00a0%", gid="share", **look)


def _draw_totals(ax: Axes, shown: pd.DataFrame) -> None:
    total = shown.groupby("y")["mean_shared"].sum()
    ends = total.copy()
    if "mean_expected" in shown:
        expected = shown.groupby("y")["mean_expected"].sum()
        y = expected.index.to_numpy()
        line = {"colors": style.RED, "linewidths": style.THICK, "zorder": 4, "gid": "expected"}
        ax.vlines(expected, y - 0.44, y + 0.44, **line)
        ends = np.maximum(total, expected)
    for y, value in total.items():
        beside = {"xytext": (5, 0), "textcoords": "offset points", "va": "center", "fontsize": style.SMALL}
        ax.annotate(f"{value:.2f}" if value < 10 else f"{value:.1f}", (ends[y], y), gid="total", **beside)


def _draw_residuals(ax: Axes, shown: pd.DataFrame, kinds: list[str]) -> None:
    panel = ax.inset_axes(_PANEL)
    panel.set_label("residuals")
    total = shown.groupby("y")["mean_residual"].sum()
    panel.barh(total.index, total, _BAR, color=style.GRID, edgecolor=style.MUTED, linewidth=style.HAIR, gid="residual")
    panel.axvline(0, color=style.INK, linewidth=style.THIN)
    steps = np.linspace(-_SPREAD / 2, _SPREAD / 2, len(kinds)) if len(kinds) > 1 else [0.0]
    for kind, fill, step in zip(kinds, style.FILLS, steps, strict=False):
        some = shown[(shown["kind"] == kind) & (shown["mean_expected"] > 0)]
        look = {"facecolors": fill.colour, "edgecolors": style.INK, "linewidths": style.THIN, "s": style.DOT}
        panel.scatter(some["mean_residual"], some["y"] + step, marker=fill.marker, **look, zorder=3, gid=kind)
    most = max([0.01, *shown["mean_residual"].abs(), *total.abs()]) * 1.12
    panel.set(xlim=(-most, most), ylim=ax.get_ylim(), yticks=[], xlabel="more or less than the sizes give")
    panel.xaxis.get_major_locator().set_params(nbins=5)
    panel.spines["left"].set_visible(False)
    panel.xaxis.grid(True, color=style.PALE, linewidth=style.THIN)


def _keys(parts: pd.DataFrame, kinds: list[str], labels: Mapping[str, str]) -> dict[str, object]:
    keys: dict[str, object] = {}
    of_all = parts[parts["part"] == "all"].set_index("kind")
    for kind, fill in zip(kinds, style.FILLS, strict=False):
        thin = {"facecolor": fill.colour, "hatch": fill.hatch, "edgecolor": style.INK, "linewidth": style.HAIR}
        point = {"markerfacecolor": fill.colour, "markeredgecolor": style.INK, "markersize": style.DOT**0.5}
        mark = Line2D([], [], marker=fill.marker, linestyle="none", markeredgewidth=style.THIN, **point)
        key = (Patch(**thin), mark) if "mean_residual" in parts else Patch(**thin)
        keys[_label_of(labels.get(kind, kind), of_all.loc[kind])] = key
    if "mean_residual" in parts:
        line = {"color": style.RED, "marker": "|", "linestyle": "none", "markeredgewidth": style.THICK, "markersize": 9}
        keys["upright line: total that the sizes of states and bodies alone give"] = Line2D([], [], **line)
        keys["grey bar, to the right: total less that; points: its parts"] = Patch(
            facecolor=style.GRID, edgecolor=style.MUTED, linewidth=style.HAIR
        )
    return keys


def _label_of(label: str, row: pd.Series) -> str:
    n = int(row["n_bodies"])
    said = f"{label}: {n} {'body' if n == 1 else 'bodies'}"
    return said if np.isnan(row["share"]) else f"{said}, {100 * row['share']:.0f}\u00a0% of what is shared"
