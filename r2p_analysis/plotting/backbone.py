"""The signed backbone on a circle: who shares significantly more, and who less, than sizes alone would give.

Every node of the side that was tested has its place, with or without a tie. Where there is no tie the middle of the
circle says so, since an empty drawing looks like a broken one.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, sin

import networkx as nx
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from r2p_analysis.plotting import ring, style

_SHAPES = {"actor": ("o", "state"), "body": ("s", "body")}
_GROUPS = {"actor": "subregion", "body": "scope"}
_SIZE = 30.0
_EMPTY = 190  # points that the words in an empty circle are wide
_CENTRE = "No pair was found to differ from what sizes alone give, at p\u00a0=\u00a0{level:g} {after}."
_POWERLESS = "No pair could be told from what sizes alone give, at p\u00a0=\u00a0{level:g}."


def plot_backbone(G: nx.Graph, ax: Axes, *, labels: Mapping[str, str] | None = None) -> Axes:
    """Draw a signed backbone: solid ties for more, broken ones for less than expected.

    Parameters
    ----------
    G : networkx.Graph
        See `networks.backbone`. States are circles, by sub-region; bodies are squares, by declared scope.
    ax : matplotlib.axes.Axes
        Axes to draw on.
    labels : mapping of str to str, optional
        What is written for a group, in the order in which groups stand; others come after, and those without one last.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. Ties are collections of lines with the gids ``1`` and ``-1``, ties that scopes fix have a small
        square halfway (gid ``definitional``); nodes are collections ``tied`` and ``untied``; the small print
        with the gid ``power`` says what the test could show.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> G = nx.Graph(mode="body", level=0.05)
    >>> G.add_nodes_from(["lan", "oas", "caricom"])
    >>> G.add_edge("caricom", "lan", sign=-1, definitional=True)
    >>> ax = plot_backbone(G, Figure().subplots())
    >>> [c.get_gid() for c in ax.collections]
    ['-1', 'definitional', 'tied', 'untied']
    """
    mode, labels = G.graph.get("mode", "actor"), labels or {}
    groups = _grouped(G, mode, list(labels))
    turn, headings = ring.angles(groups)
    room = ring.frame(ax, [*(_label(G, n) for n in G), *(labels.get(group, group) for group in headings)])
    named = ring.with_room(ax, sorted(G, key=lambda n: (-G.degree[n], n)), turn, list(headings.values()))
    _draw_ties(G, turn, ax)
    _draw_nodes(G, mode, turn, ax, {n: style.fitted(_label(G, n), style.LABEL, room) for n in named})
    for group, angle in headings.items():
        if labels.get(group, group):
            text = style.fitted(labels.get(group, group), style.LABEL, room)
            ring.write_outwards(ax, text, angle, gid="heading", fontstyle="italic", color=style.MUTED)
    if not G.size():
        _write_centre(G, ax)
    ax.set_axis_off()
    style.say_crowded(ax, len(G) - len(named), f"{len(G)} nodes")
    style.add_keys(ax, _keys(G, mode), 2)
    if G.graph.get("power"):
        style.add_note(ax, G.graph["power"]).set_gid(style.POWER)
    return ax


def _grouped(G: nx.Graph, mode: str, order: list[str]) -> dict[str, str]:
    """Group of each node, in the order of groups and names."""
    group = {n: d.get(_GROUPS[mode]) for n, d in G.nodes(data=True)}
    group = {n: name if isinstance(name, str) else "" for n, name in group.items()}
    rank = {name: i for i, name in enumerate(order)}

    def place(node: str) -> tuple:
        name = group[node]
        return not name, rank.get(name, len(rank)), name, _label(G, node), node

    return {node: group[node] for node in sorted(G, key=place)}


def _label(G: nx.Graph, node: str) -> str:
    return str(G.nodes[node].get("label", node))


def _ties(G: nx.Graph, sign: int) -> list[tuple[str, str]]:
    return sorted(tuple(sorted((u, v))) for u, v, s in G.edges(data="sign") if s == sign)


def _draw_ties(G: nx.Graph, turn: Mapping[str, float], ax: Axes) -> None:
    for sign, stroke in style.SIGNS.items():
        curves = [ring.chord(turn[u], turn[v]) for u, v in _ties(G, sign)]
        if curves:
            look = {"colors": stroke.colour, "linestyles": [stroke.dashes], "linewidths": stroke.width}
            ax.add_collection(LineCollection(curves, **look, zorder=1, gid=str(sign)))
    fixed = [tie for sign in style.SIGNS for tie in _ties(G, sign) if G.edges[tie].get("definitional")]
    if fixed:
        middles = [ring.chord(turn[u], turn[v])[12] for u, v in fixed]
        look = {"marker": "s", "s": 14, "facecolors": style.PAPER, "edgecolors": style.INK, "linewidths": style.THIN}
        ax.scatter(*zip(*middles, strict=True), **look, zorder=2, gid="definitional")


def _kinds(G: nx.Graph) -> dict[str, list[str]]:
    kinds = {"tied": [n for n in sorted(G) if G.degree[n]], "untied": [n for n in sorted(G) if not G.degree[n]]}
    return {kind: nodes for kind, nodes in kinds.items() if nodes}


def _draw_nodes(G: nx.Graph, mode: str, turn: Mapping[str, float], ax: Axes, names: Mapping[str, str]) -> None:
    for gid, nodes in _kinds(G).items():
        face = style.INK if gid == "tied" else style.PAPER
        x, y = zip(*((cos(turn[n]), sin(turn[n])) for n in nodes), strict=True)
        look = {"facecolors": face, "edgecolors": style.INK, "linewidths": style.LINE, "s": _SIZE}
        ax.scatter(x, y, marker=_SHAPES[mode][0], **look, zorder=3, gid=gid)
        for node in filter(names.__contains__, nodes):
            ink = style.INK if gid == "tied" else style.MUTED
            ring.write_outwards(ax, names[node], turn[node], gid="label", color=ink)


def _write_centre(G: nx.Graph, ax: Axes) -> None:
    after = "after correction" if G.graph.get("correction") else "without correction"
    said = _CENTRE if G.graph.get("n_can_reach", 1) else _POWERLESS  # no finding where no test could give one
    words = style.wrapped(said.format(level=G.graph.get("level", 0.05), after=after), style.LABEL, _EMPTY)
    ax.text(0, 0, words, ha="center", va="center", fontsize=style.LABEL, color=style.MUTED, gid="centre")


def _keys(G: nx.Graph, mode: str) -> dict[str, Line2D]:
    shape, noun = _SHAPES[mode]
    look = {"marker": shape, "linestyle": "none", "markersize": _SIZE**0.5, "markeredgecolor": style.INK}
    faces = {"tied": style.INK, "untied": style.PAPER}
    says = {"tied": "with a tie", "untied": "without a tie"}
    keys = {}
    for kind, nodes in _kinds(G).items():
        keys[f"{noun} {says[kind]} ({len(nodes)})"] = Line2D([], [], markerfacecolor=faces[kind], **look)
    for sign, stroke in style.SIGNS.items():
        line = Line2D([], [], color=stroke.colour, linestyle=stroke.dashes, linewidth=stroke.width)
        keys[f"{stroke.label} ({len(_ties(G, sign))})"] = line
    n_fixed = sum(bool(fixed) for *_, fixed in G.edges(data="definitional"))
    if n_fixed:
        box = {"markersize": 14**0.5, "markerfacecolor": style.PAPER, "markeredgewidth": style.THIN}
        keys[f"both scopes shut out some state ({n_fixed})"] = Line2D([], [], **{**look, "marker": "s", **box})
    return keys
