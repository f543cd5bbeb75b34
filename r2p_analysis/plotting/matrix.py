"""States by something, one tile a cell: every row and column of the axes is drawn, whatever the cells say.

A cell that no row reaches is a dot, not a blank, so that nobody takes silence for a gap in the drawing, and not
a cross, which stands for what a source denies. How firmly a cell stands is said without colour: a dark edge
is certain on the day, and hatching rests on inferred rows only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from r2p_analysis.plotting import glyphs, style

_GAP = 1.25  # rows that a heading takes
_TILE = 0.86
_HATCH = "/////"
_NAME = 8.4  # points that a line of a name takes
_THREE_LINES = 36  # points between columns that have room for names of three lines


def plot_matrix(
    table: pd.DataFrame,
    ax: Axes,
    *,
    groups: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    statuses: Sequence[str] | None = None,
    certain: pd.DataFrame | None = None,
    inferred: pd.DataFrame | None = None,
    silent: str = "nothing said",
    idle: str = "none said to operate",
    hatched: str = "inferred rows only",
) -> Axes:
    """Draw a matrix of statuses.

    Parameters
    ----------
    table : pandas.DataFrame
        Statuses, ``silent`` where no row reaches the state; see `coverage.states_by_functions`.
    ax : matplotlib.axes.Axes
        Axes to draw on.
    groups : mapping of str to str, optional
        Heading of each row; rows of one heading have to stand together.
    labels : mapping of str to str, optional
        What is written for the name of a row, of a column or of a status.
    statuses : sequence of str, optional
        Statuses of the legend; None takes those of the table.
    certain, inferred : pandas.DataFrame of bool, optional
        Cells that hold for certain, and cells that rest on inferred rows only; rows and columns as in `table`.
        None leaves the mark and its legend out. Silent cells have neither.
    silent, idle : str
        Said beside a row that is silent throughout, and beside any other in which nothing operates.
    hatched : str, default "inferred rows only"
        What the legend says of `inferred` cells.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. Each status is one collection of markers, with the status as its ``gid``; ``certain`` is
        one of edges and ``inferred`` one of hatched tiles for each status. Names that would touch others are
        left out, and a line with the gid ``crowded`` says how many.

    Raises
    ------
    ValueError
        If a cell has no glyph.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> table = pd.DataFrame({"lan": ["operating", "silent"]}, index=["ARG", "BRB"])
    >>> ax = plot_matrix(table, Figure().subplots(), silent="no body named")
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "without"]
    ['no body named']
    """
    labels, groups = labels or {}, groups or {}
    present = glyphs.check(table.to_numpy().ravel())
    rows = _row_places(table.index, groups)
    marks = {name: mask & (table != "silent") for name, mask in _given(certain, inferred).items()}
    for status in present:
        _draw_status(table, rows, status, ax, marks)
    last = max(rows.values(), default=0)
    ax.set(xlim=(-0.5, max(len(table.columns), 1) - 0.5), ylim=(last + 1.5, -0.5))
    step_x, step_y = (
        points / n for points, n in zip(style.points_of(ax), (max(len(table.columns), 1), last + 2), strict=True)
    )
    n_rows = _write_rows(table, rows, ax, labels, without={True: silent, False: idle}, step=step_y)
    _write_headings(rows, ax, groups)
    n_columns = _write_columns(table, last, ax, labels, step_x)
    ax.set_axis_off()
    style.say_crowded(ax, n_rows, f"{len(rows)} rows")
    style.say_crowded(ax, n_columns, f"{len(table.columns)} columns")
    _add_keys(table, ax, labels, statuses or present, marks=marks, hatched=hatched)
    return ax


def _given(certain: pd.DataFrame | None, inferred: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    return {name: mask for name, mask in (("certain", certain), ("inferred", inferred)) if mask is not None}


def _row_places(index: Sequence[str], groups: Mapping[str, str]) -> dict[str, float]:
    """Height of each row; a heading makes room above its first one."""
    places, heading, at = {}, None, -1.0
    for row in index:
        at += 1
        if groups.get(row) != heading:
            heading = groups[row]
            at += _GAP
        places[row] = at
    return places


def _draw_status(
    table: pd.DataFrame, rows: Mapping[str, float], status: str, ax: Axes, marks: Mapping[str, pd.DataFrame]
) -> None:
    glyph, here = style.STATUS[status], table == status
    cells = _cells(here, rows)
    ax.add_collection(PatchCollection(_tiles(cells), facecolor=glyph.tile, edgecolor="none", zorder=1))
    for name, mask in marks.items():
        tiles = _tiles(_cells(here & mask, rows))
        if tiles:
            ax.add_collection(PatchCollection(tiles, facecolor="none", zorder=1.5, gid=name, **_mark(name, glyph)))
    ax.scatter(*zip(*cells, strict=True), zorder=2, gid=status, **glyphs.mark(status))


def _cells(mask: pd.DataFrame, rows: Mapping[str, float]) -> list[tuple[int, float]]:
    return [(x, rows[row]) for row in mask.index for x, cell in enumerate(mask.loc[row]) if cell]


def _tiles(cells: Sequence[tuple[int, float]]) -> list[Rectangle]:
    return [Rectangle((x - _TILE / 2, y - _TILE / 2), _TILE, _TILE) for x, y in cells]


def _mark(name: str, glyph: style.Glyph) -> dict[str, object]:
    """Look of a tile that is certain or inferred; hatching is white on dark tiles and black on light ones."""
    if name == "certain":
        return {"edgecolor": style.INK, "linewidth": style.THICK}
    return {"edgecolor": style.against(glyph.tile), "linewidth": 0, "hatch": _HATCH}


def _write_rows(
    table: pd.DataFrame,
    rows: Mapping[str, float],
    ax: Axes,
    labels: Mapping,
    *,
    without: Mapping[bool, str],
    step: float,
) -> int:
    """Write names and sums of the rows, as far as there is room; the number of those without is returned."""
    named = set(style.with_room({row: y * step for row, y in rows.items()}, _NAME))
    operating, silent_rows = (table == "operating").sum(axis=1), (table == "silent").all(axis=1)
    for row, y in rows.items():
        none = not operating[row]
        look = {"color": style.RED if none else style.INK, "fontweight": "bold" if none else "normal", "va": "center"}
        said, gid = (without[bool(silent_rows[row])], "without") if none else (str(operating[row]), "total")
        if row in named:
            ax.text(-0.65, y, labels.get(row, row), ha="right", fontsize=style.LABEL, gid="row", **look)
            ax.text(len(table.columns) - 0.35, y, said, ha="left", fontsize=style.SMALL, gid=gid, **look)
        if none:
            ax.axhspan(y - 0.5, y + 0.5, facecolor=style.PALE, zorder=0)
    return len(rows) - len(named)


def _write_headings(rows: Mapping[str, float], ax: Axes, groups: Mapping[str, str]) -> None:
    first = {}
    for row, y in rows.items():
        first.setdefault(groups.get(row), y)
    for heading, y in first.items():
        if heading:
            ax.text(-0.65, y - 1, heading, ha="right", **style.HEADING)
            ax.axhline(y - 0.62, color=style.FAINT, linewidth=style.HAIR, zorder=0)


def _write_columns(table: pd.DataFrame, last: float, ax: Axes, labels: Mapping[str, str], step: float) -> int:
    operating = (table == "operating").sum()
    named = style.with_room({column: x * step for x, column in enumerate(table.columns)}, 1.6 * _NAME)
    for x, column in enumerate(table.columns):
        if column not in named:
            continue
        cut = style.wrapped if step > _THREE_LINES else style.fitted
        name = cut(labels.get(column, column), style.LABEL, 110)
        aslant = {"rotation": 45, "rotation_mode": "anchor", "ha": "left", "va": "bottom", "linespacing": 1.0}
        ax.text(x - 0.1, -0.6, name, fontsize=style.LABEL, gid="column", **aslant)
        ax.text(x, last + 1.1, operating[column], ha="center", va="center", fontsize=style.SMALL, gid="total")
    ax.text(-0.65, last + 1.1, "operating", ha="right", va="center", fontsize=style.SMALL, color=style.MUTED)
    return len(table.columns) - len(named)


def _add_keys(
    table: pd.DataFrame,
    ax: Axes,
    labels: Mapping[str, str],
    statuses: Sequence[str],
    *,
    marks: Mapping[str, pd.DataFrame],
    hatched: str,
) -> None:
    keys: dict[str, object] = glyphs.keys({s: int((table == s).sum(axis=None)) for s in statuses}, labels)
    if marks:
        # Entries run down the columns: with these blanks the marks have one of their own.
        keys |= {" " * (i + 1): Line2D([], [], linestyle="none") for i in range(-len(keys) % 3)}
        keys |= _keys_of_marks(int((table != "silent").to_numpy().sum()), marks, hatched)
    style.add_keys(ax, keys, -(-len(keys) // 3) if marks else len(keys))


def _keys_of_marks(n_said: int, marks: Mapping[str, pd.DataFrame], hatched: str) -> dict[str, Patch]:
    keys, n = {}, {name: int(mask.to_numpy().sum()) for name, mask in marks.items()}
    if "certain" in n:
        edge = {"edgecolor": style.INK, "linewidth": style.THICK}
        keys[f"dark edge: certain on the day ({n['certain']} of {n_said})"] = Patch(facecolor=style.GRID, **edge)
        keys[f"no edge: possible on the day ({n_said - n['certain']})"] = Patch(facecolor=style.GRID)
    if "inferred" in n:
        look = {"hatch": _HATCH, "linewidth": 0, "edgecolor": style.INK}
        keys[f"hatched: {hatched} ({n['inferred']} of {n_said})"] = Patch(facecolor=style.GRID, **look)
    return keys
