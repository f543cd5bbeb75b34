"""What the panels of a map show: states in kilometres, the frame around them, and an inset for small ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.path import Path as Outline

from r2p_analysis.plotting.names import Box
from r2p_analysis.plotting.projection import equal_area

MARK = 9.0
"""Points to a side that the mark of a state takes."""

GAP = 9.0
"""Points between an inset and what is beside it."""

_FAR = 0.01  # share of its state below which a piece of land does not widen the frame
_SMALL = 75  # a state is small if its area is below the square of this part of the frame's height
_WIDEST, _NARROWEST, _STEP = 0.75, 0.25, 0.01  # of an inset, as parts of the width of the map
_GRID = 24  # points to a side among which the one for a mark is chosen
_ROOM = Box(70, 38, 84, 16)  # points around the marks of an inset, for their names
_LINE = 2.0  # points to either side of a line that names keep away from
_FINEST = 0.3  # points below which nothing is told apart
_LARGER = 1.3  # how much larger than the map an inset has to be


class State(NamedTuple):
    """Pieces of land in kilometres, the largest first; their areas; the place of the mark."""

    pieces: list[np.ndarray]
    areas: np.ndarray
    mark: tuple[float, float]

    @property
    def near(self) -> list[np.ndarray]:
        """Pieces without small ones, which may be far away."""
        return [p for p, area in zip(self.pieces, self.areas, strict=True) if area >= _FAR * self.areas.sum()]


class Frame(NamedTuple):
    """What a panel shows, in kilometres, and its scale in points a kilometre."""

    left: float
    bottom: float
    right: float
    top: float
    scale: float

    def points(self, x: float, y: float) -> tuple[float, float]:
        """Place in points from the lower left corner."""
        return (x - self.left) * self.scale, (y - self.bottom) * self.scale


def projected(table: pd.DataFrame, codes: list[str]) -> tuple[dict[str, State], list[np.ndarray]]:
    """States by code, and land of nobody who is asked for; the map has its middle in the middle of the states."""
    degrees = [np.array(text.split(), dtype=float).reshape(-1, 2) / 100 for text in table["points"]]
    largest = np.flatnonzero(table["iso3"].isin(codes) & table["piece"].eq(1))
    middles = np.vstack([(degrees[i].min(axis=0) + degrees[i].max(axis=0)) / 2 for i in largest])
    centre = tuple((middles.min(axis=0) + middles.max(axis=0)) / 2)
    pieces = [np.column_stack(equal_area(*d.T, centre=centre)) for d in degrees]
    by_code: dict[str, list[np.ndarray]] = {}
    for code, piece in zip(table["iso3"], pieces, strict=True):
        by_code.setdefault(code if code in codes else "", []).append(piece)
    land = by_code.pop("", [])
    return {code: _state(by_code[code]) for code in codes}, land


def _state(pieces: list[np.ndarray]) -> State:
    areas = np.array([abs(_area(piece)) for piece in pieces])
    order = np.argsort(-areas, kind="stable")
    pieces = [pieces[i] for i in order]
    return State(pieces, areas[order], _inside(pieces[0]))


def _area(piece: np.ndarray) -> float:
    x, y = piece.T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def _inside(piece: np.ndarray) -> tuple[float, float]:
    """Of the points of a grid in an area, the one that is farthest from its border."""
    steps = (np.arange(_GRID) + 0.5) / _GRID
    (left, bottom), (right, top) = piece.min(axis=0), piece.max(axis=0)
    x, y = np.meshgrid(left + steps * (right - left), bottom + steps * (top - bottom))
    inner = np.column_stack([x.ravel(), y.ravel()])
    inner = inner[Outline(piece).contains_points(inner)]
    if not len(inner):
        return tuple(piece.mean(axis=0))
    x, y = inner[_away(inner, piece).argmax()]
    return float(x), float(y)


def _away(points: np.ndarray, piece: np.ndarray) -> np.ndarray:
    """Squared distance of points from an outline."""
    starts, sides_of = piece[:-1], np.diff(piece, axis=0)
    lengths = np.maximum((sides_of**2).sum(axis=1), 1e-12)
    least = np.full(len(points), np.inf)
    for start, side, length in zip(starts, sides_of, lengths, strict=True):
        share = np.clip((points - start) @ side / length, 0, 1)
        least = np.minimum(least, ((points - start - share[:, None] * side) ** 2).sum(axis=1))
    return least


def extent(states: dict[str, State]) -> tuple[float, float]:
    """Width and height of the land of states and a margin, in kilometres."""
    left, bottom, right, top = _around(states)
    return right - left, top - bottom


def _around(states: dict[str, State]) -> tuple[float, float, float, float]:
    points = np.vstack([piece for state in states.values() for piece in state.near])
    (left, bottom), (right, top) = points.min(axis=0), points.max(axis=0)
    pad = 0.02 * max(right - left, top - bottom)
    return left - pad, bottom - pad, right + pad, top + pad


def frame_of(states: dict[str, State], width: float, height: float) -> Frame:
    """Frame around the states, flush right, as large as fits."""
    left, bottom, right, top = _around(states)
    scale = min(width / (right - left), height / (top - bottom))
    middle = (top + bottom) / 2
    return Frame(right - width / scale, middle - height / scale / 2, right, middle + height / scale / 2, scale)


def small_states(states: dict[str, State], frame: Frame) -> list[str]:
    """States that are too small in a frame to be seen as an area."""
    least = ((frame.top - frame.bottom) / _SMALL) ** 2
    return [code for code, state in states.items() if state.areas.sum() < least]


def inset_of(states: dict[str, State], small: list[str], frame: Frame, width: float) -> Frame | None:
    """The largest frame at the lower left that shows the small states larger and hides no other; None if none does."""
    marks = np.array([states[code].mark for code in small])
    (left, bottom), (right, top) = marks.min(axis=0), marks.max(axis=0)
    points = np.vstack([piece for state in states.values() for piece in state.near])
    places = np.column_stack(frame.points(*points.T))
    for share in np.arange(_WIDEST, _NARROWEST, -_STEP):
        scale = (share * width - _ROOM.left - _ROOM.right) / (right - left)
        found = Frame(
            left - _ROOM.left / scale,
            bottom - _ROOM.bottom / scale,
            right + _ROOM.right / scale,
            top + _ROOM.top / scale,
            scale,
        )
        corner = np.array(found.points(found.right, found.top)) + GAP
        hidden = ((places < corner) & (places > 0)).all(axis=1)
        if scale > _LARGER * frame.scale and not hidden.any():
            return found
    return None


def holds(frame: Frame, point: tuple[float, float]) -> bool:
    """Whether the whole mark of a place lies in a frame."""
    half = MARK / frame.scale
    across = frame.left + half < point[0] < frame.right - half
    return across and frame.bottom + half < point[1] < frame.top - half


def sides(box: Box) -> list[Box]:
    """Lines around a box, which no name may cross."""
    left, bottom, right, top = box
    return [
        Box(left - _LINE, bottom, left + _LINE, top),
        Box(right - _LINE, bottom, right + _LINE, top),
        Box(left, bottom - _LINE, right, bottom + _LINE),
        Box(left, top - _LINE, right, top + _LINE),
    ]


def panel_box(frame: Frame) -> Box:
    """All of a panel, in points."""
    return Box(0, 0, *frame.points(frame.right, frame.top))


def seen(piece: np.ndarray, frame: Frame) -> np.ndarray | None:
    """Piece of land without points that a panel cannot tell apart; None if the panel shows nothing of it."""
    places = np.column_stack(frame.points(*piece.T))
    size = frame.points(frame.right, frame.top)
    steps = np.rint(places / _FINEST)
    moved = np.append(True, (np.diff(steps, axis=0) != 0).any(axis=1))
    outside = (places.max(axis=0) < 0).any() or (places.min(axis=0) > size).any()
    return None if outside or moved.sum() < 4 else piece[moved]
