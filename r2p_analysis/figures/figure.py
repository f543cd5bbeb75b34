"""A figure of the registry: what it is called, how it is drawn, what its card says, and how large it has to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from r2p_analysis.figures.view import View

ROOM = (0.1, 0.1, 0.8, 0.8)
"""Place of the Axes in a figure; what sticks out is saved as well."""

_MOST_INCHES = 40.0
ROW = 9.4
"""Points that a row of names takes."""


@dataclass(frozen=True)
class Figure:
    """A figure of the registry.

    Attributes
    ----------
    name : str
        Its name, and that of its files.
    title : str
        Its title. In this and the texts below names in braces stand for words of the view.
    draw : callable
        Draws it from a view on an Axes and returns the Axes.
    data : callable
        Gives the rows that it draws, as a table.
    caption, reading, limits : str
        What it shows, how to read it, what it does not show.
    when : str
        Which dates it is for.
    size : tuple of float
        Width and height of the figure in inches, before what sticks out of the Axes is added.
    least : callable
        Width and height in inches that the names of a view need; a figure grows up to 40 inches for them.
    left_out : callable
        Says, of a view, what is counted and not drawn; an empty text if nothing.
    """

    name: str
    title: str
    draw: Callable[[View, Axes], Axes]
    data: Callable[[View], pd.DataFrame]
    caption: str
    reading: str
    limits: str
    when: str
    size: tuple[float, float]
    least: Callable[[View], tuple[float, float]] = lambda view: (0.0, 0.0)
    left_out: Callable[[View], str] = lambda view: ""

    def size_for(self, view: View) -> tuple[float, float]:
        """Width and height for a view, in inches."""
        width, height = (
            max(own, min(least, _MOST_INCHES)) for own, least in zip(self.size, self.least(view), strict=True)
        )
        return width, height


def inches(rows: float, points: float = ROW) -> float:
    """Height of a figure whose Axes have room for some rows, each some points high.

    >>> round(inches(10, 7.2), 6)
    1.25
    """
    return rows * points / 72 / ROOM[3]
