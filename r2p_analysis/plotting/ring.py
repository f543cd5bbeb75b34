"""Places on a circle: names that can be read outside of it, chords that bend towards its middle inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from math import cos, degrees, pi, sin

import numpy as np
from matplotlib.axes import Axes

from r2p_analysis.plotting import style

_PULL = 0.55  # how far a chord bends towards the centre
_NAME, _GAP = 8.4, 0.05  # points that a name takes; radii between the circle and a name
_MOST = 0.55  # share of the radius of the Axes that names may take


def frame(ax: Axes, names: Sequence[str]) -> float:
    """Set the limits so that a circle of radius 1 and names around it fill an Axes; points for a name are returned.

    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(5, 5)).add_axes((0, 0, 1, 1))
    >>> print(round(frame(ax, ["a name that is much too long for the Axes " * 3])), round(ax.get_xlim()[1], 2))
    99 2.33
    """
    half = min(style.points_of(ax)) / 2
    longest = max((style.width_of(name, style.LABEL) for name in names), default=0.0)
    room = min(longest + 2, _MOST * half)
    reach = (1 + _GAP) * half / (half - room)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    return room


def angles(groups: Mapping[str, str]) -> tuple[dict[str, float], dict[str, float]]:
    """Angles of nodes, in the order given, and of the headings of their groups; clockwise from the top.

    A free place and a heading stand before each group of neighbours; the group "" has no heading.

    >>> turn, headings = angles({"bol": "south", "per": "south"})
    >>> [round(angle / pi, 2) for angle in (headings["south"], turn["bol"], turn["per"])]
    [0.0, -0.5, -1.0]
    """
    slots: list[tuple[str, str]] = []
    for group, nodes in groupby(groups, groups.get):
        slots += [("free", group), ("heading", group), *(("node", node) for node in nodes)]
    turn = {slot: pi / 2 - 2 * pi * i / max(len(slots), 1) for i, slot in enumerate(slots)}
    headings = {group: angle for (kind, group), angle in turn.items() if kind == "heading" and group}
    return {node: turn["node", node] for node in groups}, headings


def with_room(ax: Axes, nodes: Sequence[str], turn: Mapping[str, float], headings: Sequence[float]) -> set[str]:
    """Nodes whose names have room on the ring beside the headings, the first of them before the others."""
    radius = min(style.points_of(ax)) / 2 / ax.get_xlim()[1]
    places = {f"heading {i}": angle * radius for i, angle in enumerate(headings)}
    named = style.with_room(places | {f"node {node}": turn[node] * radius for node in nodes}, _NAME)
    return {name.removeprefix("node ") for name in named} - set(places)


def chord(start: float, end: float) -> np.ndarray:
    """Curve between two angles of the circle, as points in rows.

    >>> chord(0, pi)[[0, 12, 24]].round(2).tolist()
    [[1.0, 0.0], [0.0, 0.0], [-1.0, 0.0]]
    """
    a, b = (np.array([cos(angle), sin(angle)]) for angle in (start, end))
    t = np.linspace(0, 1, 25)[:, None]
    middle = (a + b) / 2 * (1 - _PULL * np.hypot(*(a - b)) / 2)
    return (1 - t) ** 2 * a + 2 * t * (1 - t) * middle + t**2 * b


def write_outwards(ax: Axes, text: str, angle: float, **look: object) -> None:
    """Write a text outside of the circle, away from it, never upside down."""
    left = cos(angle) < -1e-9
    turn = degrees(angle) + (180 if left else 0)
    place = {"rotation": turn, "rotation_mode": "anchor", "va": "center", "ha": "right" if left else "left"}
    ax.text((1 + _GAP) * cos(angle), (1 + _GAP) * sin(angle), text, fontsize=style.LABEL, **place, **look)
