"""Names beside marks, each where it touches no other name and no mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from r2p_analysis.plotting import style

_GAP = 2.0  # points between a mark and its name
# Right, left, below, above, then aslant: which side of the mark the name stands on, across and up.
_SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, 1), (1, -1), (-1, 1), (-1, -1))


class Box(NamedTuple):
    """A rectangle, in points."""

    left: float
    bottom: float
    right: float
    top: float

    def touches(self, other: Box) -> bool:
        """Whether two boxes share an area."""
        across = self.left < other.right and other.left < self.right
        return across and self.bottom < other.top and other.bottom < self.top

    def within(self, other: Box) -> bool:
        """Whether this one lies in the other."""
        inside = self.left >= other.left and self.right <= other.right
        return inside and self.bottom >= other.bottom and self.top <= other.top


def beside(
    names: Mapping[str, str], marks: Mapping[str, Box], room: Box, *, size: float, taken: tuple[Box, ...] = ()
) -> dict[str, tuple[float, float]]:
    """Lower left corners of names beside their marks, in points; a name without room has none.

    Those with the fewest free places come first, and equal ones in the order of their keys.

    Parameters
    ----------
    names : mapping of str to str
        What is written, a line each, by key.
    marks : mapping of str to Box
        Where the marks are, those without a name as well.
    room : Box
        Names stay in it.
    size : float
        Size of the type.
    taken : tuple of Box
        Where nothing may be written.

    Examples
    --------
    Right of the mark is no room.

    >>> places = beside({"a": "Peru"}, {"a": Box(90, 50, 96, 56)}, Box(0, 0, 100, 100), size=6)
    >>> places["a"][0] < 90
    True
    """
    blocked = [*marks.values(), *taken]
    free = {
        key: [box for box in _boxes(marks[key], text, size) if box.within(room) and not any(map(box.touches, blocked))]
        for key, text in names.items()
    }
    written: dict[str, Box] = {}
    for key in sorted(free, key=lambda key: (len(free[key]), key)):
        box = next((box for box in free[key] if not any(map(box.touches, written.values()))), None)
        if box is not None:
            written[key] = box
    return {key: (box.left, box.bottom) for key, box in written.items()}


def _boxes(mark: Box, text: str, size: float) -> list[Box]:
    width, height = style.width_of(text, size), 1.15 * size
    x, y = (mark.left + mark.right) / 2, (mark.bottom + mark.top) / 2
    away_x, away_y = (mark.right - mark.left + width) / 2 + _GAP, (mark.top - mark.bottom + height) / 2 + 0.5
    boxes = []
    for across, up in _SIDES:
        # Aslant, a name comes closer to the mark from the side.
        at_x = x + across * (away_x - (_GAP if up else 0))
        at_y = y + up * (away_y if not across else 0.75 * away_y)
        boxes.append(Box(at_x - width / 2, at_y - height / 2, at_x + width / 2, at_y + height / 2))
    return boxes
