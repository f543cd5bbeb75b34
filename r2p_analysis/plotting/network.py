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
_AMERICAS = {"northern_america": 0, "central_america": 0, "caribbean": 0, "south_america": 1}  # on which side
_LONGEST = 25  # states of a sub-region that is not cut into two columns
_NAME, _BODY = 8.4, 22.0  # points that a line of a name takes, and a body with its name


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
    heights = [y for _, y in places.values()] or [0]
    ax.set(xlim=(-5.6, 5.6), ylim=(min(heights) - 0.8, max(heights) + 1.6))
    step = style.points_of(ax)[1] / (max(heights) - min(heights) + 2.4)
    named, crowded = _named(B, places, step)
    _draw_ties(B, places, ax)
    for gid, nodes in _kinds_of_nodes(B).items():
        _draw_nodes(B, places, gid, nodes, ax, named=named, crowded=crowded and gid == "body")
    _write_regions(B, places, ax, labels or {})
    ax.set_axis_off()
    style.say_crowded(ax, len(B) - len(named), f"{len(B)} states and bodies")
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
    order = sorted(states, key=lambda n: (_region(B, n), pull[n], n))
    sides = _sides({region: list(members) for region, members in groupby(order, lambda n: _region(B, n))})
    tall = max((sum(map(len, side)) + len(side) - 1 for side in sides), default=0)
    places = {}
    for x, side in zip((-_SIDE, _SIDE), sides, strict=True):
        places |= _column(x, side, tall)
    weight = {body: np.mean([places[state][1] for state in B[body]]) for body in bodies}
    step = max(tall - 1, 0) / max(len(bodies), 1)
    for i, body in enumerate(sorted(bodies, key=lambda n: (-weight[n], n))):
        places[body] = (0.0, 0.0 - step * (i + 0.5))
    return places | _rows_of_isolates(B, -tall - 1.5)


def _sides(groups: Mapping[tuple[bool, str], list[str]]) -> tuple[list[list[str]], list[list[str]]]:
    """Sub-regions to the left and to the right: those of the Americas as on a map, others in halves."""
    sides: tuple[list, list] = ([], [])
    as_on_a_map, n, before = {name for _, name in groups} <= set(_AMERICAS), sum(map(len, groups.values())), 0
    for (_, name), states in groups.items():
        left = len(states) * (not _AMERICAS[name]) if as_on_a_map else _on_the_left(len(states), n / 2 - before, n)
        for side, part in zip(sides, (states[:left], states[left:]), strict=True):
            side.extend([part] * bool(part))
        before += len(states)
    return sides


def _on_the_left(n_states: int, room: float, n: int) -> int:
    """How many states of a sub-region stand on the left; one is cut in two only where it is long."""
    if n_states <= _LONGEST or not 0 < room < n_states:
        return n_states * (n_states <= 2 * room or n_states == n)
    return ceil(room)


def _tied(B: nx.Graph, side: int, tied: bool = True) -> list[str]:
    nodes = [n for n, s in B.nodes(data="bipartite") if s == side and bool(B.degree[n]) == tied]
    return sorted(nodes, key=lambda n: (_region(B, n), _label(B, n), n))


def _region(B: nx.Graph, node: str) -> tuple[bool, str]:
    """Sub-region, to sort by: nodes without one come last."""
    region = style.subregion_of(B.nodes[node])
    return not region, region


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


def _named(B: nx.Graph, places: Mapping[str, tuple[float, float]], step: float) -> tuple[set[str], bool]:
    """Nodes whose names have room, those with most ties first; and whether bodies stand too near for names between."""
    crowded = len(style.with_room({n: places[n][1] * step for n in _tied(B, 1)}, _BODY)) < len(_tied(B, 1))
    named: set[str] = set()
    for x in sorted({x for x, _ in places.values()}):
        column = sorted((n for n in places if places[n][0] == x), key=lambda n: (-B.degree[n], n))
        need = _BODY if x == 0 and not crowded else _NAME
        named |= set(style.with_room({n: places[n][1] * step for n in column}, need))
    return named, crowded


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
            if len(ties) > style.MANY_TIES:
                lines.set(rasterized=True, alpha=0.25)
            ax.add_collection(lines)


def _curve(start: tuple[float, float], end: tuple[float, float]) -> np.ndarray:
    """Line that leaves and arrives level."""
    t = np.linspace(0, 1, 33)
    return np.column_stack([start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t**2 * (3 - 2 * t)])


def _draw_nodes(
    B: nx.Graph, places: Mapping, gid: str, nodes: Sequence[str], ax: Axes, *, named: set[str], crowded: bool
) -> None:
    look = style.NODES[gid]
    size = {"s": 0.2 * look.size} if crowded else {}
    ax.scatter(*zip(*(places[n] for n in nodes), strict=True), **{**look.marker, **size}, zorder=3, gid=gid)
    for node in filter(named.__contains__, nodes):
        between = gid == "body" and not crowded
        place = _below_or_above(B, places, node) if between else _beside(places[node], gid)
        name = _body_name(B, node) if between else style.fitted(_label(B, node), style.LABEL, _ROOM)
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
    tied = sorted((_region(B, n), places[n][0], -places[n][1]) for n in _tied(B, 0))
    for ((_, region), x), column in groupby(tied, lambda place: place[:2]):
        y = -next(column)[2]
        if not labels.get(region, region):
            continue
        beside = {"xytext": (-7, 0), "ha": "right"} if x < 0 else {"xytext": (7, 0), "ha": "left"}
        ax.annotate(labels.get(region, region), (x, y + 0.95), textcoords="offset points", **beside, **style.HEADING)
    certain = B.graph.get("reading") == "certain"
    alone = ("States in none of these bodies", "Bodies to which no state is said to belong")
    alone = (
        ("States for certain in none of these bodies", "Bodies to which no state belongs for certain")
        if certain
        else alone
    )
    for side, what in enumerate(alone):
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
