"""Statuses of states on a true map, every area kept, with an inset where the states are too small to be seen.

Each state has the mark of its status as well as its colour, so that a small island is seen as well as Brazil and the
map can be read in greyscale. Outlines come from a file, `paths.outlines_file`; a state without one is named below the
map. Islands far from the rest of their state may lie outside of the frame.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle

from r2p_analysis import paths
from r2p_analysis.plotting import glyphs, style
from r2p_analysis.plotting.names import Box, beside
from r2p_analysis.plotting.panels import (
    GAP,
    MARK,
    Frame,
    State,
    extent,
    frame_of,
    holds,
    inset_of,
    panel_box,
    projected,
    seen,
    sides,
    small_states,
)

MISSING = "without outline"
"""The ``gid`` of the line that names the states without an outline."""

_EMPTY = (
    "No state has an outline: those that are shipped are of the Americas.\n"
    "external.natural_earth.load_outlines makes others; the map of tiles needs none."
)
_SIDE = 526.0  # points of the longer side of a map; with fewer the names of the Americas have no room
_SHORTEST = 0.5  # of the longer side, the shorter one
_ONE_TEXT = 72.0  # points that a map without a state is high
_SEA, _LAND = style.PALE, style.GRID
_PUSHES = 10  # rounds in which marks are moved apart
_LISTED = 12  # names of states without an outline that are written out


def read_outlines(path: object = None) -> pd.DataFrame:
    """Outlines of states as `external.natural_earth.load_outlines` makes them.

    Parameters
    ----------
    path : str or path-like, optional
        The file; None takes the shipped one, of the Americas.

    Returns
    -------
    pandas.DataFrame
        Columns ``iso3``, empty for land of no listed state; ``piece``; ``points``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.

    Examples
    --------
    >>> outlines = read_outlines()
    >>> outlines["iso3"].isin(["BRA", "KNA"]).sum() > 2
    np.True_
    """
    path = paths.outlines_file() if path is None else path
    return pd.read_csv(path, dtype={"iso3": "str"}, keep_default_na=False)


def state_map_size(codes: Iterable[str], outlines: pd.DataFrame) -> tuple[float, float]:
    """Width and height of a map of states, in points: fitted to their land, a square where an inset needs the room.

    Parameters
    ----------
    codes : iterable of str
        States, by iso3.
    outlines : pandas.DataFrame
        See `read_outlines`.

    Returns
    -------
    tuple of float
        Width and height; a low strip if no state has an outline.

    Examples
    --------
    >>> chile, honduras = (state_map_size([code], read_outlines()) for code in ("CHL", "HND"))
    >>> chile[0] < chile[1], honduras[0] > honduras[1], state_map_size(["GHA"], read_outlines())
    (True, True, (526.0, 72.0))
    """
    there = sorted(set(codes) & set(outlines["iso3"]))
    if not there:
        return _SIDE, _ONE_TEXT
    states, _ = projected(outlines, there)
    square = frame_of(states, _SIDE, _SIDE)
    if len(small := small_states(states, square)) > 1 and inset_of(states, small, square, _SIDE) is not None:
        return _SIDE, _SIDE
    width, height = (float(side * square.scale) for side in extent(states))
    return max(width, _SHORTEST * _SIDE), max(height, _SHORTEST * _SIDE)


def plot_state_map(
    statuses: pd.Series,
    ax: Axes,
    *,
    outlines: pd.DataFrame | None = None,
    names: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    legend: Sequence[str] | None = None,
) -> Axes:
    """Draw a map of states by status.

    Parameters
    ----------
    statuses : pandas.Series
        A status for each state, ``silent`` where nothing is said; by iso3.
    ax : matplotlib.axes.Axes
        Axes to draw on.
    outlines : pandas.DataFrame, optional
        See `read_outlines`; None takes the shipped ones, of the Americas.
    names : mapping of str to str, optional
        What is written beside the mark of a state; its code without it.
    labels : mapping of str to str, optional
        What is written for a status.
    legend : sequence of str, optional
        Statuses of the legend; None takes those that are there.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes, and in it, where several states are too small to be told apart, an inset with those. Each status is
        one collection of areas and one of marks, with the status as the ``gid`` of the latter. A text with the gid
        ``without outline`` names the states that are not drawn.

    Raises
    ------
    ValueError
        If a status has no glyph.

    See Also
    --------
    plot_tile_map : States of one size, which needs no outlines.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = plot_state_map(pd.Series({"BRA": "operating", "URY": "silent", "GHA": "planned"}), Figure().subplots())
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "without outline"]
    ['Without an outline, and not drawn: GHA.']
    """
    there_are = glyphs.check(statuses)
    names = {code: (names or {}).get(code, code) for code in statuses.index}
    table = read_outlines() if outlines is None else outlines
    there = set(table["iso3"]) & set(statuses.index)
    ax.set_axis_off()
    if there:
        states, land = projected(table, sorted(there))
        _draw(ax, statuses, states, land, names)
    else:
        ax.text(0.5, 0.5, _EMPTY, ha="center", va="center", linespacing=1.5, transform=ax.transAxes, gid="empty")
    counts = {status: int((statuses == status).sum()) for status in legend or there_are}
    style.add_keys(ax, glyphs.keys(counts, labels or {}), len(counts))
    _say_missing(ax, [names[code] for code in statuses.index if code not in there])
    return ax


def _draw(ax: Axes, statuses: pd.Series, states: dict[str, State], land: list, names: Mapping[str, str]) -> None:
    width, height = style.points_of(ax)
    frame = frame_of(states, width, height)
    small = small_states(states, frame)
    inset = inset_of(states, small, frame, width) if len(small) > 1 else None
    magnified = {} if inset is None else {code: names[code] for code in states if holds(inset, states[code].mark)}
    plain = {code: names[code] for code in states if code not in magnified}
    _draw_land(ax, statuses, states, land, frame)
    taken: tuple[Box, ...] = ()
    n_left_out = 0
    if inset is not None:
        box = panel_box(inset)
        around = Box(*frame.points(inset.left, inset.bottom), *frame.points(inset.right, inset.top))
        taken = (box._replace(right=box.right + GAP, top=box.top + GAP), *sides(around))
        panel = ax.inset_axes((0, 0, box.right / width, box.top / height), zorder=5)
        _draw_land(panel, statuses, states, land, inset)
        n_left_out = _draw_marks(panel, statuses, states, magnified, inset)
        panel.set(xticks=[], yticks=[])
        panel.spines[:].set(visible=True, color=style.MUTED, linewidth=style.THIN)
        corner, size = (inset.left, inset.bottom), (inset.right - inset.left, inset.top - inset.bottom)
        ax.add_patch(Rectangle(corner, *size, fill=False, edgecolor=style.MUTED, linewidth=style.THIN, zorder=3))
    n_left_out += _draw_marks(ax, statuses, states, plain, frame, taken=taken)
    style.say_crowded(ax, n_left_out, f"{len(states)} states")


def _draw_land(ax: Axes, statuses: pd.Series, states: dict[str, State], land: list, frame: Frame) -> None:
    ax.set(xlim=(frame.left, frame.right), ylim=(frame.bottom, frame.top))
    ax.add_patch(Rectangle((0, 0), 1, 1, transform=ax.transAxes, color=_SEA, zorder=0))
    land = [piece for piece in (seen(piece, frame) for piece in land) if piece is not None]
    ax.add_collection(PolyCollection(land, facecolor=_LAND, edgecolor=style.PAPER, linewidth=style.HAIR, zorder=1))
    for status in glyphs.check(statuses):
        own = (piece for code, state in states.items() if statuses[code] == status for piece in state.pieces)
        pieces = [piece for piece in (seen(piece, frame) for piece in own) if piece is not None]
        # Borders between dark states have to be light, the coast of a light one dark.
        border = style.PAPER if style.against(glyphs.fill(status)) == style.PAPER else style.MUTED
        look = {"facecolor": glyphs.fill(status), "edgecolor": border, "linewidth": style.HAIR}
        ax.add_collection(PolyCollection(pieces, zorder=2, **look))


def _draw_marks(
    ax: Axes,
    statuses: pd.Series,
    states: dict[str, State],
    names: Mapping[str, str],
    frame: Frame,
    *,
    taken: tuple[Box, ...] = (),
) -> int:
    """Draw marks on grounds of their own, which small states need, and names; the number left out is returned."""
    codes = list(names)
    places = _apart(np.array([frame.points(*states[code].mark) for code in codes]).reshape(-1, 2))
    marks = {code: Box(*(place - MARK / 2), *(place + MARK / 2)) for code, place in zip(codes, places, strict=True)}
    at_km = places / frame.scale + (frame.left, frame.bottom)
    for status in glyphs.check(statuses[codes]):
        at = at_km[(statuses[codes] == status).to_numpy()]
        ground = {"facecolors": glyphs.fill(status), "edgecolors": style.MUTED, "linewidths": style.HAIR}
        ax.scatter(*at.T, marker="o", s=MARK**2, zorder=4, **ground)
        ax.scatter(*at.T, zorder=4.5, gid=status, **glyphs.mark(status))
    written = beside(names, marks, panel_box(frame), size=style.SMALL, taken=taken)
    for code, (x, y) in sorted(written.items()):
        at = (x / frame.scale + frame.left, y / frame.scale + frame.bottom)
        look = {"fontsize": style.SMALL, "va": "bottom", "gid": "label", "path_effects": [style.HALO], "zorder": 6}
        ax.text(*at, names[code], **look)
    return len(codes) - len(written)


def _apart(places: np.ndarray) -> np.ndarray:
    """Push marks that would touch away from each other, a little at a time."""
    places, least = places.copy(), MARK + 1
    for _ in range(_PUSHES):
        for i, j in itertools.combinations(range(len(places)), 2):
            away = places[j] - places[i]
            distance = float(np.hypot(*away))
            if distance < least:
                push = away / distance if distance else np.array([0.0, 1.0])
                places[i] -= push * (least - distance) / 2
                places[j] += push * (least - distance) / 2
    return places


def _say_missing(ax: Axes, names: list[str]) -> None:
    if names:
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        said = f"Without an outline, and not drawn: {', '.join(names[:_LISTED])}{more}."
        style.add_note(ax, said).set_gid(MISSING)
