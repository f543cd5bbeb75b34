"""Marks of statuses, the same in a matrix, on a map and in their legends; a mark says without colour what it means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matplotlib.lines import Line2D

from r2p_analysis.plotting import style


def check(statuses: Iterable[str]) -> list[str]:
    """Those statuses that are there, in the order of legends.

    Raises
    ------
    ValueError
        If one has no glyph.

    Examples
    --------
    >>> check(["silent", "operating", "silent"])
    ['operating', 'silent']
    """
    there = set(statuses)
    unknown = sorted(map(repr, there - set(style.STATUS)))
    if unknown:
        raise ValueError(f"no glyph for {', '.join(unknown)}; there are {', '.join(style.STATUS)}")
    return [status for status in style.STATUS if status in there]


def fill(status: str) -> str:
    """Colour of the ground that a status stands on; silence has paper.

    >>> fill("silent") == style.PAPER
    True
    """
    tile = style.STATUS[status].tile
    return style.PAPER if tile == "none" else tile


def mark(status: str, scale: float = 1.0) -> dict[str, object]:
    """Settings of ``Axes.scatter``; a hollow mark is filled as its ground, which may be hatched.

    >>> mark("planned", 2)["s"], mark("potential")["facecolors"] == style.YELLOW
    (52.0, True)
    """
    glyph = style.STATUS[status]
    face = glyph.tile if glyph.face == "none" else glyph.face
    look = {"facecolors": face, "edgecolors": glyph.edge, "linewidths": style.THIN}
    return {"marker": glyph.marker, "s": glyph.size * scale, **look}


def keys(counts: Mapping[str, int], labels: Mapping[str, str]) -> dict[str, tuple[Line2D, Line2D]]:
    """Entries of a legend: each status with its label and its number.

    >>> list(keys({"silent": 3}, {"silent": "Silent"}))
    ['Silent (3)']
    """
    return {f"{labels.get(status, status)} ({n})": _key(status) for status, n in counts.items()}


def _key(status: str) -> tuple[Line2D, Line2D]:
    glyph = style.STATUS[status]
    tile = Line2D([], [], marker="s", markersize=9, color=glyph.tile, linestyle="none")
    look = {"markerfacecolor": glyph.face, "markeredgecolor": glyph.edge, "markeredgewidth": style.THIN}
    return tile, Line2D([], [], marker=glyph.marker, markersize=glyph.size**0.5, linestyle="none", **look)
