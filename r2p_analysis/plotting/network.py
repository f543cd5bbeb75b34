"""Networks of membership, drawn where every name can be read.

Places are computed, not simulated: a spring layout says nothing that can be read off, moves with every row, and
hides isolates. In the two-mode drawing bodies stand in the middle and states at the sides, by sub-region; in
the projection all states stand on a circle. Nodes without a tie have a labelled place of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from math import ceil

import networkx as nx
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from r2p_analysis.plotting import style

_SIDE, _COLUMNS = 3.3, 3
_ROOM = 128  # points between two columns of nodes without a tie
_RIGHT = ("south_america",)


def plot_two_mode(B: nx.Graph, ax: Axes, *, labels: Mapping[str, str] | None = None) -> Axes:
    """Draw a two-mode network: states (circles) at the sides, bodies (squares) in the middle.

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
        The Axes. Ties are one collection of lines for each value of ``holds``, with it as ``gid``;
        nodes are collections with the gids ``bridge``, ``member``, ``isolate``, ``body``, ``empty body``.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> B = nx.Graph()
    >>> B.add_nodes_from(["arg", "brb"], bipartite=0)
    >>> B.add_edge("arg", "lan", holds="yes")
    >>> B.nodes["lan"]["bipartite"] = 1
    >>> ax = plot_two_mode(B, Figure().subplots())
    >>> [c.get_gid() for c in ax.collections]
    ['yes', 'member', 'isolate', 'body']
    """
    places = two_mode_places(B)
    _draw_ties(B, places, ax)
    for gid, nodes in _kinds_of_nodes(B).items():
        _draw_nodes(B, places, gid, nodes, ax)
    _write_regions(B, places, ax, labels or {})
    heights = [y for _, y in places.values()] or [0]
    ax.set(xlim=(-5.6, 5.6), ylim=(min(heights) - 0.8, max(heights) + 1.6))
    ax.set_axis_off()
    _add_keys(B, ax)
    return ax


def two_mode_places(B: nx.Graph) -> dict[str, tuple[float, float]]:
    """Place of every node: columns for what has ties, rows below them for what has none.

    Parameters
    ----------
    B : networkx.Graph
        Two-mode network.

    Returns
    -------
    dict of str to tuple of float
        Places in rows and columns, two of one side never nearer than a row.

    Examples
    --------
    >>> B = nx.Graph([("arg", "lan")])
    >>> nx.set_node_attributes(B, {"arg": 0, "lan": 1}, "bipartite")
    >>> two_mode_places(B)
    {'arg': (-3.3, 0.0), 'lan': (0.0, 0.0)}
    """
    bodies, states = _tied(B, 1), _tied(B, 0)
    rank = {body: i for i, body in enumerate(bodies)}
    pull = {state: np.mean([rank[body] for body in B[state]]) for state in states}
    sides = ([], [])
    for region, members in groupby(sorted(states, key=lambda n: (_region(B, n), pull[n], n)), lambda n: _region(B, n)):
        sides[region in _RIGHT].append(list(members))
    tall = max((sum(map(len, side)) + len(side) - 1 for side in sides), default=0)
    places = {}
    for x, side in zip((-_SIDE, _SIDE), sides, strict=True):
        places |= _column(x, side, tall)
    weight = {body: np.mean([places[state][1] for state in B[body]]) for body in bodies}
    step = max(tall - 1, 0) / max(len(bodies), 1)
    for i, body in enumerate(sorted(bodies, key=lambda n: (-weight[n], n))):
        places[body] = (0.0, 0.0 - step * (i + 0.5))
    return places | _rows_of_isolates(B, -tall - 1.5)


def _tied(B: nx.Graph, side: int, tied: bool = True) -> list[str]:
    nodes = [n for n, s in B.nodes(data="bipartite") if s == side and bool(B.degree[n]) == tied]
    return sorted(nodes, key=lambda n: (_region(B, n), _label(B, n), n))


def _region(B: nx.Graph, node: str) -> str:
    return B.nodes[node].get("subregion", "")


def _label(B: nx.Graph, node: str) -> str:
    return B.nodes[node].get("label", node)


def _column(x: float, groups: Sequence[Sequence[str]], tall: int) -> dict[str, tuple[float, float]]:
    """Groups one below the other, a free row between them, centred on the longer column."""
    rows = [node for group in groups for node in (None, *group)][1:]
    top = -(tall - len(rows)) / 2
    return {node: (x, top - i) for i, node in enumerate(rows) if node is not None}


def _rows_of_isolates(B: nx.Graph, top: float) -> dict[str, tuple[float, float]]:
    places = {}
    for side in (0, 1):
        alone = _tied(B, side, tied=False)
        deep = ceil(len(alone) / _COLUMNS)
        for i, node in enumerate(alone):
            places[node] = (-4.9 + 3.6 * (i // deep), top - 1 - i % deep)
        top -= deep + 2 if alone else 0
    return places


def _kinds_of_nodes(B: nx.Graph) -> dict[str, list[str]]:
    """Nodes by how they are drawn; kinds without a node are left out."""
    states, bodies = _tied(B, 0), _tied(B, 1)
    kinds = {
        "bridge": [n for n in states if B.degree[n] > 1],
        "member": [n for n in states if B.degree[n] == 1],
        "isolate": _tied(B, 0, tied=False),
        "body": bodies,
        "empty body": _tied(B, 1, tied=False),
    }
    return {kind: nodes for kind, nodes in kinds.items() if nodes}


def _draw_ties(B: nx.Graph, places: Mapping, ax: Axes) -> None:
    tied = _tied(B, 1)
    colours = {body: style.BODY_COLOURS[i % len(style.BODY_COLOURS)] for i, body in enumerate(tied)}
    for holds, (_, dashes) in style.HOLDS.items():
        ties = sorted(
            tuple(sorted(tie, key=lambda n: B.nodes[n]["bipartite"]))
            for *tie, how in B.edges(data="holds", default="undated")
            if how == holds
        )
        if ties:
            curves = [_curve(places[state], places[body]) for state, body in ties]
            lines = LineCollection(curves, linestyles=[dashes], linewidths=style.LINE, zorder=1, gid=holds)
            lines.set_color([colours[body] for _, body in ties])
            ax.add_collection(lines)


def _curve(start: tuple[float, float], end: tuple[float, float]) -> np.ndarray:
    """Line that leaves and arrives level."""
    t = np.linspace(0, 1, 33)
    return np.column_stack([start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t**2 * (3 - 2 * t)])


def _draw_nodes(B: nx.Graph, places: Mapping, gid: str, nodes: Sequence[str], ax: Axes) -> None:
    look = style.NODES[gid]
    ax.scatter(*zip(*(places[n] for n in nodes), strict=True), **look.marker, zorder=3, gid=gid)
    for node in nodes:
        place = _below_or_above(B, places, node) if gid == "body" else _beside(places[node], gid)
        name = _body_name(B, node) if gid == "body" else style.fitted(_label(B, node), style.LABEL, _ROOM)
        words = {"fontsize": style.LABEL, "fontweight": look.weight, "color": look.ink, "gid": "label"}
        text = ax.annotate(name, places[node], **place, textcoords="offset points", zorder=4, **words)
        if gid == "body":
            text.set_path_effects([style.HALO])


def _body_name(B: nx.Graph, body: str) -> str:
    n = B.degree[body]
    count = f"({n}\u00a0{'state' if n == 1 else 'states'})"
    return style.wrapped(f"{_label(B, body)} {count}", style.LABEL, 122, "bold")


def _below_or_above(B: nx.Graph, places: Mapping, body: str) -> dict[str, object]:
    """Side of a body's name on which fewer of its ties arrive."""
    above = places[body][1] >= np.mean([places[state][1] for state in B[body]])
    return {"xytext": (0, 9 if above else -9), "ha": "center", "va": "bottom" if above else "top"}


def _beside(place: tuple[float, float], gid: str) -> dict[str, object]:
    left = gid in ("bridge", "member") and place[0] < 0
    return {"xytext": (-7 if left else 7, 0), "ha": "right" if left else "left", "va": "center"}


def _write_regions(B: nx.Graph, places: Mapping, ax: Axes, labels: Mapping[str, str]) -> None:
    for region, nodes in groupby(_tied(B, 0), lambda n: _region(B, n)):
        x, y = max((places[n] for n in nodes), key=lambda place: place[1])
        beside = {"xytext": (-7, 0), "ha": "right"} if x < 0 else {"xytext": (7, 0), "ha": "left"}
        ax.annotate(labels.get(region, region), (x, y + 0.95), textcoords="offset points", **beside, **style.HEADING)
    for side, what in ((0, "States in none of these bodies"), (1, "Bodies to which no state is said to belong")):
        alone = [places[n] for n in _tied(B, side, tied=False)]
        if alone:
            y = max(y for _, y in alone) + 1
            ax.text(-5, y, f"{what} ({len(alone)})", **style.HEADING)
            ax.axhline(y + 0.6, color=style.FAINT, linewidth=style.HAIR, zorder=0)


def _add_keys(B: nx.Graph, ax: Axes) -> None:
    keys = {f"{style.NODES[gid].label} ({len(n)})": style.NODES[gid].key() for gid, n in _kinds_of_nodes(B).items()}
    held = [how for *_, how in B.edges(data="holds", default="undated")]
    for how, (label, dashes) in style.HOLDS.items():
        if how in held:
            line = Line2D([], [], color=style.INK, linewidth=style.LINE, linestyle=dashes)
            keys[f"{label} membership ({held.count(how)})"] = line
    style.add_keys(ax, keys, 4)
