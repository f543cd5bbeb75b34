"""Co-membership: states on a circle, tied when they belong to one body at least in common.

The drawing says what such ties are made of. A body of n members makes n(n-1)/2 of them, so one large body can
make most of the picture: what hangs on it alone is drawn faint, what would stay without it dark.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from math import cos, degrees, pi, sin

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from r2p_analysis.networks import one_mode_projection
from r2p_analysis.plotting import style

_WARNING = 400  # points that the warning is wide
_NAME = 8.4  # points of the ring that a name takes
_WIDEST = 8  # bodies in common beyond which the widths of ties are scaled down
_FAINTEST, _FAINTEST_KEY = 0.01, 0.25  # opacity of ties, and of theirs in the legend
_PULL = 0.55  # how far a chord bends towards the centre
_TIES = {"other": (style.INK, style.THIN), "only largest": (style.FAINT, style.HAIR)}
_SHARES = {
    "other": "pair that shares another body (the wider, the more bodies)",
    "only largest": "pair that shares only the largest body",
}


def co_membership(B: nx.Graph) -> pd.DataFrame:
    """List pairs of actors with the bodies that they have in common.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network, see `networks.two_mode_network`.

    Returns
    -------
    pandas.DataFrame
        Columns ``actor_1``, ``actor_2``, ``n_bodies``, ``bodies`` (ids, separated by ``;``) and
        ``only_largest``, whether the pair has nothing in common but the largest body (the first by id of
        equally large ones). An actor without a pair is a row with an empty ``actor_2``.

    Examples
    --------
    >>> B = nx.Graph([("arg", "lan"), ("chl", "lan")])
    >>> B.add_node("brb")
    >>> nx.set_node_attributes(B, {"arg": 0, "chl": 0, "brb": 0, "lan": 1}, "bipartite")
    >>> co_membership(B)[["actor_1", "actor_2", "bodies"]].fillna("").values.tolist()
    [['arg', 'chl', 'lan'], ['brb', '', '']]
    """
    G, largest = one_mode_projection(B), largest_body(B)
    pairs = [(u, v, sorted(set(B[u]) & set(B[v]))) for u, v in G.edges]
    rows = [(u, v, len(shared), ";".join(shared), shared == [largest]) for u, v, shared in pairs]
    rows += [(node, None, 0, None, False) for node in nx.isolates(G)]
    table = pd.DataFrame(rows, columns=["actor_1", "actor_2", "n_bodies", "bodies", "only_largest"])
    table = table.astype({"n_bodies": "int64", "only_largest": "bool"})
    return table.sort_values(["actor_1", "actor_2"], ignore_index=True)


def largest_body(B: nx.Graph) -> str | None:
    """Body with most members, the first by id of equals; None where nobody belongs anywhere.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network.

    Returns
    -------
    str or None
        Its id.

    Examples
    --------
    >>> B = nx.Graph([("arg", "lan"), ("chl", "lan"), ("arg", "unasur")])
    >>> nx.set_node_attributes(B, {"arg": 0, "chl": 0, "lan": 1, "unasur": 1}, "bipartite")
    >>> largest_body(B)
    'lan'
    """
    bodies = sorted(n for n, side in B.nodes(data="bipartite") if side == 1 and B.degree[n])
    return min(bodies, key=lambda n: (-B.degree[n], n), default=None)


def plot_co_membership(B: nx.Graph, ax: Axes, *, labels: Mapping[str, str] | None = None) -> Axes:
    """Draw the projection of a two-mode network onto its actors, with its warning.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network of states, see `networks.two_mode_network`.
    ax : matplotlib.axes.Axes
        Axes to draw on.
    labels : mapping of str to str, optional
        What is written for a sub-region.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. Ties are two collections of lines, ``only largest`` and ``other``; nodes are collections
        ``bridge``, ``member`` and ``isolate``; the text with the gid ``warning`` is the warning.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> B = nx.Graph([("arg", "lan"), ("chl", "lan")])
    >>> nx.set_node_attributes(B, {"arg": 0, "chl": 0, "lan": 1}, "bipartite")
    >>> ax = plot_co_membership(B, Figure().subplots())
    >>> next(t.get_text() for t in ax.texts if t.get_gid() == "warning").splitlines()[0]
    'A tie is membership in the same body, not contact.'
    """
    table = co_membership(B)
    angles, headings = _ring(B)
    headings = {(labels or {}).get(region, region): angle for region, angle in headings.items()}
    ax.set(xlim=(-1.75, 1.75), ylim=(-2.15, 1.6), aspect="equal")
    named = _named(B, angles, [angle for text, angle in headings.items() if text], ax)
    _draw_ties(table, angles, ax)
    _draw_states(B, table, angles, ax, named)
    for text, angle in headings.items():
        if text:
            _write_outwards(ax, text, angle, "heading", fontstyle="italic", color=style.MUTED)
    ax.set_axis_off()
    box = {"facecolor": style.PALE, "edgecolor": style.MUTED, "linewidth": style.HAIR, "pad": 5}
    words = style.wrapped(warning(B), style.LABEL, _WARNING)
    ax.text(0, -1.66, words, ha="center", va="top", fontsize=style.LABEL, linespacing=1.4, gid="warning", bbox=box)
    style.say_crowded(ax, len(angles) - len(named), f"{len(angles)} states")
    _add_keys(B, table, ax)
    return ax


def warning(B: nx.Graph) -> str:
    """Say in numbers how much of a projection its largest body makes.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network.

    Returns
    -------
    str
        Three lines.

    Examples
    --------
    >>> B = nx.Graph([("arg", "lan"), ("chl", "lan")])
    >>> nx.set_node_attributes(B, {"arg": 0, "chl": 0, "lan": 1}, "bipartite")
    >>> print(warning(B).splitlines()[2].replace(chr(160), " "))
    Of the 1 tied pairs 1 (100 %) share the largest body, lan (2 members); 1 (100 %) share nothing else.
    """
    table, body = co_membership(B).dropna(subset="actor_2"), largest_body(B)
    first = "A tie is membership in the same body, not contact.\nA body of n members makes n(n−1)/2 ties by itself."
    if body is None or table.empty:
        return f"{first}\nHere nobody is tied."
    n, n_all = B.degree[body], len(table)
    n_pairs, n_alone = n * (n - 1) // 2, int(table["only_largest"].sum())
    name = B.nodes[body].get("label", body)
    share, alone = (f"{part}\u00a0({100 * part / n_all:.0f}\u00a0%)" for part in (n_pairs, n_alone))
    return (
        f"{first}\nOf the {n_all} tied pairs {share} share the largest body, {name} ({n}\u00a0members); "
        f"{alone} share nothing else."
    )


def _ring(B: nx.Graph) -> tuple[dict[str, float], dict[str, float]]:
    """Angles of the states, by sub-region, and of the sub-regions' names; clockwise from the top."""
    region = {n: style.subregion_of(B.nodes[n]) for n, side in B.nodes(data="bipartite") if side == 0}
    order = sorted(region, key=lambda n: (not region[n], region[n], B.nodes[n].get("label", n), n))
    slots: list[tuple[str, bool]] = []
    for name, states in groupby(order, region.get):
        slots += [("", False), (name, True), *((state, False) for state in states)]
    turn = {slot: pi / 2 - 2 * pi * i / max(len(slots), 1) for i, slot in enumerate(slots)}
    headings = {name: angle for (name, is_heading), angle in turn.items() if is_heading}
    return {state: turn[state, False] for state in order}, headings


def _named(B: nx.Graph, angles: Mapping[str, float], headings: list[float], ax: Axes) -> set[str]:
    """States whose names have room on the ring, those in most bodies first."""
    radius = min(points / length for points, length in zip(style.points_of(ax), (3.5, 3.75), strict=True))
    places = {f"heading {i}": angle * radius for i, angle in enumerate(headings)}
    first = sorted(angles, key=lambda n: (-B.degree[n], n))
    return set(style.with_room(places | {n: angles[n] * radius for n in first}, _NAME)) - set(places)


def _draw_ties(table: pd.DataFrame, angles: Mapping[str, float], ax: Axes) -> None:
    for gid, ties in _by_share(table).items():
        colour, width = _TIES[gid]
        curves = [_chord(angles[u], angles[v]) for u, v in zip(ties["actor_1"], ties["actor_2"], strict=True)]
        widest = max(ties["n_bodies"].max() / _WIDEST, 1) if len(ties) else 1
        look = {"linewidths": list(width * ties["n_bodies"] / widest), "rasterized": len(ties) > style.MANY_TIES}
        look |= {"alpha": _alpha(len(ties)), "zorder": 1, "gid": gid}
        ax.add_collection(LineCollection(curves, colors=colour, **look))


def _by_share(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Pairs that share the largest body alone, which are drawn first, and the others."""
    pairs = table[table["actor_2"].notna()]
    return {"only largest": pairs[pairs["only_largest"]], "other": pairs[~pairs["only_largest"]]}


def _alpha(n: int) -> float:
    """Opacity of ties: with hundreds of them single ones would not be seen."""
    return min(0.75, max(90 / max(n, 1), _FAINTEST))


def _chord(start: float, end: float) -> np.ndarray:
    a, b = (np.array([cos(angle), sin(angle)]) for angle in (start, end))
    t = np.linspace(0, 1, 25)[:, None]
    middle = (a + b) / 2 * (1 - _PULL * np.hypot(*(a - b)) / 2)
    return (1 - t) ** 2 * a + 2 * t * (1 - t) * middle + t**2 * b


def _kinds(B: nx.Graph, table: pd.DataFrame) -> dict[str, list[str]]:
    alone = set(table.loc[table["actor_2"].isna(), "actor_1"])
    states = sorted(n for n, side in B.nodes(data="bipartite") if side == 0)
    return {
        "bridge": [n for n in states if n not in alone and B.degree[n] > 1],
        "member": [n for n in states if n not in alone and B.degree[n] == 1],
        "isolate": [n for n in states if n in alone],
    }


def _draw_states(B: nx.Graph, table: pd.DataFrame, angles: Mapping[str, float], ax: Axes, named: set[str]) -> None:
    for gid, states in _kinds(B, table).items():
        look = style.NODES[gid]
        if states:
            x, y = zip(*((cos(angles[n]), sin(angles[n])) for n in states), strict=True)
            ax.scatter(x, y, **look.marker, zorder=3, gid=gid)
        for node in filter(named.__contains__, states):
            name = B.nodes[node].get("label", node)
            _write_outwards(ax, name, angles[node], "label", fontweight=look.weight, color=look.ink)


def _write_outwards(ax: Axes, text: str, angle: float, gid: str, **look: object) -> None:
    left = cos(angle) < -1e-9
    turn = degrees(angle) + (180 if left else 0)
    place = {"rotation": turn, "rotation_mode": "anchor", "va": "center", "ha": "right" if left else "left"}
    ax.text(1.05 * cos(angle), 1.05 * sin(angle), text, fontsize=style.LABEL, gid=gid, **place, **look)


def _add_keys(B: nx.Graph, table: pd.DataFrame, ax: Axes) -> None:
    keys = {}
    for gid, states in _kinds(B, table).items():
        label = "state that shares none" if gid == "isolate" else style.NODES[gid].label
        keys[f"{label} ({len(states)})"] = style.NODES[gid].key()
    for gid, ties in reversed(_by_share(table).items()):
        colour, width = _TIES[gid]
        line = Line2D([], [], color=colour, linewidth=2 * width, alpha=max(_alpha(len(ties)), _FAINTEST_KEY))
        keys[f"{_SHARES[gid]} ({len(ties)})"] = line
    style.add_keys(ax, keys, 2)
