"""Statuses of states on a map of tiles, where an island is as large as a continent: one small map a column.

Tiles stand where ``regions`` puts them, roughly as the states lie. States that it gives no place stand in rows below,
so that a study of any part of the world has its tiles.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from r2p_analysis.options import frame
from r2p_analysis.plotting import glyphs, style

TILE = 18.4
"""Points that a tile with its code and mark is wide: three maps beside each other are as wide as a page."""

_FLAT = 0.78  # height of a tile, in widths: three maps below each other are as high as a page
_ACROSS = 3  # maps beside each other
_NARROWEST = 5  # tiles that a map is wide at least, for its heading
_SIDE = 0.94  # of a tile that is drawn
_HIGH, _LOW = 0.15, 0.19  # of its width, how far above and below the middle of a tile code and mark stand
_BETWEEN, _ABOVE = 1.4, 1.9  # widths of tiles between maps, and above each for its heading


def tile_places(regions: pd.DataFrame) -> pd.DataFrame:
    """Places of the tiles of states.

    Parameters
    ----------
    regions : pandas.DataFrame
        Columns ``iso3`` and, where states have a place, ``tile_row`` and ``tile_col``, from 0; two states of one
        place would lie on each other.

    Returns
    -------
    pandas.DataFrame
        Columns ``row`` and ``col``, from 0, by iso3: those of `regions`; all others in the order of the rows, in a
        block below, as wide as the map or about as wide as high.

    Raises
    ------
    ValueError
        If two states have one place.

    Examples
    --------
    >>> regions = pd.DataFrame({"iso3": ["CAN", "GHA", "USA"], "tile_row": [0, None, 1], "tile_col": [1, None, 1]})
    >>> tile_places(regions).loc[["CAN", "GHA", "USA"]].to_numpy().tolist()
    [[0, 0], [3, 0], [1, 0]]
    """
    codes = regions.set_index("iso3")
    given = codes.reindex(columns=["tile_row", "tile_col"]).set_axis(["row", "col"], axis=1).dropna()
    twice = given[given.duplicated(keep=False)]
    if len(twice):
        raise ValueError(f"states with one place on the tile map: {', '.join(sorted(twice.index))}")
    given = (given.astype(int) - given.astype(int).min()).astype(int) if len(given) else given.astype(int)
    others = codes.index.difference(given.index, sort=False)
    across = int(given["col"].max()) + 1 if len(given) else max(math.ceil(len(others) ** 0.5), 1)
    first = int(given["row"].max()) + 2 if len(given) else 0
    block = {code: (first + i // across, i % across) for i, code in enumerate(others)}
    placed = pd.DataFrame.from_dict(block, orient="index", columns=["row", "col"], dtype=int)
    return pd.concat([given, placed]).reindex(codes.index).rename_axis("iso3")


def tile_size(places: pd.DataFrame, n: int) -> tuple[float, float]:
    """Width and height of `n` maps beside and below each other, in widths of a tile.

    >>> tile_size(pd.DataFrame({"row": [0, 9], "col": [0, 7]}), 8)
    (26.8, 29.1)
    """
    rows, columns = (int(places[name].max()) + 1 if len(places) else 1 for name in ("row", "col"))
    columns = max(columns, _NARROWEST)
    across = min(max(n, 1), _ACROSS)
    down = math.ceil(max(n, 1) / _ACROSS)
    return round(across * (columns + _BETWEEN) - _BETWEEN, 6), round(down * (rows * _FLAT + _ABOVE), 6)


def plot_tile_map(
    table: pd.DataFrame,
    ax: Axes,
    places: pd.DataFrame,
    *,
    labels: Mapping[str, str] | None = None,
    legend: Sequence[str] | None = None,
) -> Axes:
    """Draw a small map of tiles for each column of a table.

    Parameters
    ----------
    table : pandas.DataFrame
        Statuses, states × columns, ``silent`` where nothing is said; see `coverage.states_by_functions`.
    ax : matplotlib.axes.Axes
        Axes to draw on.
    places : pandas.DataFrame
        See `tile_places`.
    labels : mapping of str to str, optional
        What is written for a column or a status.
    legend : sequence of str, optional
        Statuses of the legend; None takes those that are there.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. Each status is one collection of marks, with the status as its ``gid``. Codes of states are left out
        where a tile has no room for them, and a line with the gid ``crowded`` says so.

    Raises
    ------
    ValueError
        If a status has no glyph, or a state no place.

    See Also
    --------
    plot_matrix : The same cells in rows, with names.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> table = pd.DataFrame({"training": ["operating", "silent"]}, index=["CAN", "USA"])
    >>> places = tile_places(pd.DataFrame({"iso3": ["CAN", "USA"]}))
    >>> ax = plot_tile_map(table, Figure().subplots(), places)
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "heading"]
    ['training']
    """
    frame(places, "places", "give that of tile_places")
    labels = labels or {}
    there = glyphs.check(frame(table, "table", "see coverage.states_by_functions").to_numpy().ravel())
    without = [code for code in table.index if code not in places.index]
    if without:
        raise ValueError(f"states without a place on the tile map: {', '.join(without)}")
    cells = _cells(table, places)
    width, height = tile_size(places, len(table.columns))
    room = style.points_of(ax)
    tile = min(room[0] / width, room[1] / height)
    ax.set(xlim=(-0.5, room[0] / tile - 0.5), ylim=(room[1] / tile - _ABOVE + _FLAT / 2, -_ABOVE + _FLAT / 2))
    ax.set_axis_off()
    for status in there:
        _draw_status(ax, cells[cells["status"] == status], status, tile)
    _write_codes(ax, cells, tile)
    _write_headings(ax, table, places, labels, tile)
    counts = {status: int((cells["status"] == status).sum()) for status in legend or there}
    style.add_keys(ax, glyphs.keys(counts, labels), len(counts))
    return ax


def _corner(number: int, places: pd.DataFrame) -> tuple[float, float]:
    """Place of the first tile of a map, in widths of a tile."""
    one = tile_size(places, 1)
    return number % _ACROSS * (one[0] + _BETWEEN), number // _ACROSS * one[1]


def _cells(table: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for number, column in enumerate(table.columns):
        left, top = _corner(number, places)
        at = places.loc[table.index]
        rows += zip(table.index, at["col"] + left, at["row"] * _FLAT + top, table[column], strict=True)
    return pd.DataFrame(rows, columns=["iso3", "x", "y", "status"])


def _draw_status(ax: Axes, cells: pd.DataFrame, status: str, tile: float) -> None:
    corners = zip(cells["x"] - _SIDE / 2, cells["y"] - _SIDE * _FLAT / 2, strict=True)
    squares = [Rectangle(xy, _SIDE, _SIDE * _FLAT) for xy in corners]
    edge = {"edgecolor": style.FAINT, "linewidth": style.HAIR, "zorder": 1}
    ax.add_collection(PatchCollection(squares, facecolor=glyphs.fill(status), **edge))
    # A code takes the upper half of a tile: the mark has room in what is left.
    low, share = (_LOW, 0.7) if _has_codes(tile) else (0.0, 1.0)
    scale = share * min(tile / TILE, 1) ** 2
    ax.scatter(cells["x"], cells["y"] + low, zorder=2, gid=status, **glyphs.mark(status, scale))


def _has_codes(tile: float) -> bool:
    return tile >= 0.9 * TILE


def _write_codes(ax: Axes, cells: pd.DataFrame, tile: float) -> None:
    wide = {code for code in cells["iso3"] if not _has_codes(tile) or style.width_of(code, style.PRINT) > _SIDE * tile}
    for code, x, y, status in cells[~cells["iso3"].isin(wide)].itertuples(index=False):
        look = {"fontsize": style.PRINT, "ha": "center", "va": "center", "color": style.against(glyphs.fill(status))}
        ax.text(x, y - _HIGH, code, gid="code", zorder=3, **look)
    style.say_crowded(ax, len(wide), f"{cells['iso3'].nunique()} codes of states")


def _write_headings(
    ax: Axes, table: pd.DataFrame, places: pd.DataFrame, labels: Mapping[str, str], tile: float
) -> None:
    width = (tile_size(places, 1)[0] + _BETWEEN - 0.4) * tile
    for number, column in enumerate(table.columns):
        left, top = _corner(number, places)
        counts = {status: int((table[column] == status).sum()) for status in glyphs.check(table[column])}
        said = [f"{n} {labels.get(status, status).lower()}" for status, n in counts.items()]
        beside = {"xy": (left - 0.5, top - _FLAT / 2), "textcoords": "offset points", "va": "bottom"}
        look = {"fontsize": style.LABEL, "fontweight": "bold", "gid": "heading", "xytext": (0, 15)}
        # Bold letters are wider than those that are measured.
        ax.annotate(style.fitted(labels.get(column, column), style.LABEL, width / 1.15), **beside, **look)
        small = {"fontsize": style.PRINT, "color": style.MUTED, "gid": "counts", "xytext": (0, 5)}
        ax.annotate(style.fitted(", ".join(said), style.PRINT, width), **beside, **small)
