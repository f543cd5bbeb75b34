"""Rows of names and numbers around the marks of a figure, as many as have room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from r2p_analysis.plotting import style

HEADING = 1.4
"""Rows that a heading takes."""


def fit(ax: Axes, n: int, n_headings: int, points: float) -> int:
    """Count those of `n` rows that an Axes has room for beside its headings, each some points high; one at least.

    >>> from matplotlib.figure import Figure
    >>> fit(Figure(figsize=(5, 5)).add_axes((0, 0, 1, 1)), 100, 2, 10)
    33
    """
    return min(n, max(int(style.points_of(ax)[1] / points - HEADING * n_headings), 1))


def places(groups: Sequence[str]) -> tuple[list[float], dict[str, float]]:
    """Heights of rows by group, those of one group standing together, and of the groups' headings; "" has none.

    >>> places(["", "north", "north"])
    ([0.0, 2.4, 3.4], {'north': 1.4})
    """
    heights, headings, at, before = [], {}, -1.0, ""
    for group in groups:
        at += 1
        if group != before:
            headings[group] = at + HEADING - 1
            at += HEADING
            before = group
        heights.append(round(at, 6))
    return heights, {group: round(y, 6) for group, y in headings.items()}


def limit(ax: Axes, heights: Sequence[float]) -> None:
    """Make the rows fill an Axes, the first one on top, without ticks of their own."""
    ax.set_ylim((heights[-1] + 0.6, -0.6) if len(heights) else (1, 0))
    ax.set_yticks([])


def write_names(ax: Axes, names: Sequence[str], heights: Sequence[float], headings: Mapping[str, float]) -> None:
    """Write the names of rows and headings to the left of an Axes."""
    beside = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points", "xytext": (-7, 0), "ha": "right"}
    for name, y in zip(names, heights, strict=True):
        ax.annotate(name, (0, y), va="center", fontsize=style.LABEL, gid="row", **beside)
    for heading, y in headings.items():
        ax.annotate(heading, (0, y), **beside, **style.HEADING)


def write_column(
    ax: Axes, title: str, cells: Sequence[str], heights: Sequence[float], *, right: float, **look: Sequence[object]
) -> None:
    """Write a column of cells flush right, some points to the right of an Axes; looks have a value a row.

    The title stands above the first row, a word a line.
    """
    beside = {"textcoords": "offset points", "ha": "right", "fontsize": style.SMALL}
    for i, (cell, y) in enumerate(zip(cells, heights, strict=True)):
        of_row = {name: values[i] for name, values in look.items()}
        at = {"xycoords": ax.get_yaxis_transform(), "xytext": (right, 0)}
        ax.annotate(cell, (1, y), va="center", gid="cell", **at, **beside, **of_row)
    words = title.replace(" ", "\n").replace("\u00a0", " ")
    at = {"xycoords": "axes fraction", "xytext": (right, 3), "va": "bottom", "linespacing": 1.2}
    ax.annotate(words, (1, 1), color=style.MUTED, gid="column", **at, **beside)
