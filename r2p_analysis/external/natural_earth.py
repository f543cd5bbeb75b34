"""Natural Earth: outlines of states from the TopoJSON files of the npm package world-atlas, made small.

Points that the scale of a page does not show are left out, arc by arc, so that two states keep one border between
them. What is left is whole hundredths of a degree: one text, the same on every machine. Natural Earth is in the
public domain, draws borders as they are held and not as they are claimed, and is for pictures, not for measuring.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from r2p_analysis.external import tables
from r2p_analysis.external.tables import state_codes, state_list
from r2p_analysis.schema import one_of

AMERICAS = ("northern_america", "central_america", "caribbean", "south_america")
"""Sub-regions of the shipped outlines."""

AROUND = (-120.0, -60.0, -40.0, 84.0)
"""West, south, east and north of the shipped outlines, in degrees: land of other states in it is kept, unnamed."""

_UNIT = 100  # units of a degree that points are rounded to


def load_outlines(
    path: str | os.PathLike,
    subregions: Collection[str] = AMERICAS,
    *,
    around: tuple[float, float, float, float] | None = AROUND,
    tolerance: float = 0.02,
) -> pd.DataFrame:
    """Read outlines of states.

    Parameters
    ----------
    path : str or path-like
        ``countries-50m.json`` of world-atlas, or another of its files; ``countries-110m.json`` lacks small islands.
    subregions : collection of str, default those of the Americas
        Sub-regions of M49 whose states are wanted, as in ``regions``.
    around : tuple of float, optional
        West, south, east and north in degrees. Land that begins in it and is of no wanted state is kept
        with an empty ``iso3``: parts of France stand in South America. None keeps none.
    tolerance : float, default 0.02
        How far, in degrees, a line may move when points are left out.

    Returns
    -------
    pandas.DataFrame
        One row a piece of land: ``iso3``; ``piece``, 1 for the largest of the state; ``points``, its outline as
        "lon lat lon lat ..." in hundredths of a degree, the last the same as the first. By iso3 and piece.
        A hole is not kept: draw the state that lies in it later.

    Raises
    ------
    ValueError
        If a sub-region is unknown, or the file is no TopoJSON of countries.

    See Also
    --------
    r2p_analysis.plotting.plot_state_map : Draws them.

    References
    ----------
    .. [1] Natural Earth, 1:50m Admin 0 countries, https://www.naturalearthdata.com
    .. [2] Douglas and Peucker (1973), Cartographica 10(2), 112-122. https://doi.org/10.3138/FM57-6770-U75U-7727

    Examples
    --------
    >>> import tempfile
    >>> square = {"type": "Polygon", "arcs": [[0]], "id": "192"}
    >>> topology = {"transform": {"scale": [0.5, 0.5], "translate": [-80, 20]}, "arcs": [[[0, 0], [2, 0], [0, 2]]]}
    >>> topology["arcs"][0] += [[-2, 0], [0, -2]]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "square.json"
    ...     _ = file.write_text(json.dumps(topology | {"objects": {"countries": {"geometries": [square]}}}))
    ...     load_outlines(file).to_numpy().tolist()
    [['CUB', 1, '-8000 2000 -7900 2000 -7900 2100 -8000 2100 -8000 2000']]
    """
    for subregion in subregions:
        one_of(subregion, tables.subregions()["subregion"].tolist(), "sub-region")
    wanted = set(state_list().loc[state_list()["subregion"].isin(list(subregions)), "iso3"])
    arcs, countries = _read(path)
    short = [_thinned(arc, tolerance) for arc in arcs]
    rows = []
    for code, rings in countries:
        for ring in rings:
            outline = np.rint(_joined(short, ring) * _UNIT).astype(int)
            if code in wanted or (around and _begins_in(_joined(arcs, ring[:1]), around)):
                rows.append((code if code in wanted else "", _doubled_area(outline), _text(outline)))
    table = pd.DataFrame(rows, columns=["iso3", "size", "points"])
    table = table[table["size"] > 0].sort_values(["iso3", "size", "points"], ascending=[True, False, True])
    table.insert(1, "piece", table.groupby("iso3").cumcount() + 1)
    return table.drop(columns="size").reset_index(drop=True)


def _read(path: str | os.PathLike) -> tuple[list[np.ndarray], list[tuple[str | None, list[list[int]]]]]:
    """Arcs in degrees; and of each country its code and rings, each a list of arcs."""
    topology = json.loads(Path(path).read_text(encoding="utf-8"))
    try:
        scale, start = (np.array(topology["transform"][name], dtype=float) for name in ("scale", "translate"))
        arcs = [np.cumsum(arc, axis=0) * scale + start for arc in topology["arcs"]]
        geometries = topology["objects"]["countries"]["geometries"]
        named = state_codes("m49", "iso3")
        return arcs, [(named.get(shape.get("id")), list(_rings(shape))) for shape in geometries]
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path} is no TopoJSON of countries: {error!r} is missing or wrong") from error


def _rings(shape: dict) -> Iterator[list[int]]:
    for polygon in shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]:
        yield from polygon[:1]


def _joined(arcs: list[np.ndarray], ring: list[int]) -> np.ndarray:
    """Points of a ring; an arc that is run backwards has the complement of its number."""
    parts = [arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in ring]
    return np.vstack([parts[0], *(part[1:] for part in parts[1:])])


def _begins_in(points: np.ndarray, around: tuple[float, float, float, float]) -> bool:
    west, south, east, north = around
    return bool(west <= points[0, 0] <= east and south <= points[0, 1] <= north)


def _thinned(points: np.ndarray, tolerance: float) -> np.ndarray:
    """Douglas and Peucker: leave out what lies within the tolerance of a chord; ends stay, where arcs meet."""
    kept = np.zeros(len(points), bool)
    kept[[0, -1]] = True
    open_parts = [(0, len(points) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        away = _away(points[first + 1 : last], points[first], points[last])
        if away.size and away.max() > tolerance**2:
            middle = first + 1 + int(away.argmax())
            kept[middle] = True
            open_parts += [(first, middle), (middle, last)]
    return points[kept]


def _away(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Squared distance of points from a chord; plain sums and products, which are the same on every machine."""
    (x, y), (dx, dy) = (points - start).T, end - start
    length = dx * dx + dy * dy
    share = np.clip((x * dx + y * dy) / length, 0, 1) if length else np.zeros(len(points))
    return (x - share * dx) ** 2 + (y - share * dy) ** 2


def _doubled_area(outline: np.ndarray) -> int:
    x, y = outline.T
    return abs(int((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()))


def _text(outline: np.ndarray) -> str:
    """Points as text, without those that rounding made the same as the one before."""
    moved = np.append(True, (np.diff(outline, axis=0) != 0).any(axis=1))
    return " ".join(map(str, outline[moved].ravel()))
