"""Headlines by switches: a cell says whether a claim still holds when one decision is turned.

Every cell has a mark of its own shape, so that nothing hangs on colour; where a switch had nothing to turn the mark is
smaller than where it was turned and changed nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from r2p_analysis.plotting import rows, style
from r2p_analysis.schema import one_of

ROW, COLUMN = 20.0, 11.5
"""Points that a row and a column take."""

_NAME, _SWITCH = 196.0, 110.0  # points for the text of a headline, and for the name of a switch
_TILE = 0.86
_FAR = 15  # with more rows the names of switches stand below as well
_NOTHING = "nothing to turn"
_NONE = "No headline of the notebooks holds in this study."


@dataclass(frozen=True)
class _Look:
    """Tile and mark of a label."""

    says: str
    tile: str
    edge: str
    marker: str
    face: str
    ink: str
    size: float


_LOOKS: Mapping[str, _Look] = {
    "reversed": _Look("reversed: the claim does not hold", style.RED, style.INK, "X", style.PAPER, style.INK, 46),
    "weaker": _Look("weaker: it holds, with less strength", style.YELLOW, style.FAINT, "v", "none", style.INK, 26),
    "same": _Look("same: it holds as it did, or more", style.PALE, style.PALE, "o", style.GREY, style.GREY, 7),
    "not computable": _Look("not computable", style.PAPER, style.GREY, "_", style.INK, style.INK, 26),
    _NOTHING: _Look("nothing to turn, so nothing said", "none", "none", ".", style.FAINT, style.FAINT, 4),
}


def plot_sensitivity(table: pd.DataFrame, ax: Axes, *, labels: Mapping[str, str] | None = None) -> Axes:
    """Draw headlines by switches.

    Parameters
    ----------
    table : pandas.DataFrame
        ``chapter``, ``headline``, ``switch``, ``label``, ``n`` as `sensitivity.sensitivity` gives it: rows and columns
        stand in its order, headlines of a chapter together.
    ax : matplotlib.axes.Axes
        Axes to draw on.
    labels : mapping of str to str, optional
        Text of a headline, its claim; its name where it has none.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. Marks have the label as ``gid``, and ``nothing to turn`` where n is 0. Below each column and beside
        each row stands how many of its cells are weaker or reversed; under many rows the names of switches stand again.
        Names without room are left out; a line says so.

    Raises
    ------
    ValueError
        If a column is missing or a label is unknown.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> cells = {"chapter": "networks", "headline": ["a", "a"], "switch": ["x", "y"], "label": ["same", "weaker"]}
    >>> ax = plot_sensitivity(pd.DataFrame({**cells, "n": [0, 3]}), Figure().subplots())
    >>> [marks.get_gid() for marks in ax.collections if marks.get_gid()]
    ['weaker', 'nothing to turn']
    """
    _check(table)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.set_xticks([])
    lines = table.drop_duplicates("headline")[["headline", "chapter"]]
    heights, headings = rows.places([chapter.capitalize() for chapter in lines["chapter"]])
    rows.limit(ax, heights)
    if table.empty:
        ax.text(0, 0.5, _NONE, fontsize=style.LABEL, color=style.MUTED, gid="empty")
    columns = list(table["switch"].drop_duplicates())
    ax.set_xlim(-0.6, max(len(columns), 1) - 0.4)
    cells = table.assign(
        x=table["switch"].map({switch: x for x, switch in enumerate(columns)}),
        y=table["headline"].map(dict(zip(lines["headline"], heights, strict=True))),
        look=table["label"].astype("str").mask(table["label"].eq("same") & table["n"].eq(0), _NOTHING),
    )
    _draw_cells(cells, ax)
    texts = [(labels or {}).get(name, name) for name in lines["headline"]]
    n_out = _write_rows(cells, texts, headings, ax) + _write_columns(cells, columns, ax)
    style.add_keys(ax, _keys(cells), 3)
    style.say_crowded(ax, n_out, f"{len(texts)} headlines and {len(columns)} switches")
    return ax


def _check(table: pd.DataFrame) -> None:
    if missing := [name for name in ("chapter", "headline", "switch", "label", "n") if name not in table]:
        raise ValueError(f"the table has no column {missing[0]!r}; give it as `sensitivity` returns it")
    for label in table["label"].unique():
        one_of(label, [name for name in _LOOKS if name != _NOTHING], "label")


def rows_of(table: pd.DataFrame) -> float:
    """Rows that the figure needs, with headings and totals."""
    return max(table["headline"].nunique(), 1) + rows.HEADING * table["chapter"].nunique() + 1


def _draw_cells(cells: pd.DataFrame, ax: Axes) -> None:
    for name, look in _LOOKS.items():
        found = cells[cells["look"] == name]
        if found.empty:
            continue
        half = _TILE / 2
        tiles = [Rectangle((x - half, y - half), _TILE, _TILE) for x, y in zip(found["x"], found["y"], strict=True)]
        edge = {"facecolors": look.tile, "edgecolors": look.edge, "linewidths": style.HAIR}
        ax.add_collection(PatchCollection(tiles, zorder=1, **edge))
        mark = {"marker": look.marker, "s": look.size, "facecolors": look.face}
        mark |= {} if look.marker == "_" else {"edgecolors": look.ink}  # a bar has no inside
        ax.scatter(found["x"], found["y"], linewidths=style.THIN, zorder=2, gid=name, **mark)


def _changed(cells: pd.DataFrame, by: str) -> pd.Series:
    return cells["look"].isin(["weaker", "reversed"]).groupby(cells[by]).sum()


def _write_rows(cells: pd.DataFrame, texts: list[str], headings: Mapping[str, float], ax: Axes) -> int:
    """Write the texts of headlines and how many switches change each; count those without room."""
    changed = _changed(cells, "y")
    step = style.points_of(ax)[1] / max(abs(ax.get_ylim()[0] - ax.get_ylim()[1]), 1)
    kept = style.with_room({str(y): y * step for y in changed.index}, 2.3 * style.SMALL)
    beside = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points", "va": "center"}
    for (y, n), text in zip(changed.items(), texts, strict=True):
        if str(y) in kept:
            look = {"fontsize": style.SMALL, "gid": "row", "linespacing": 1.15, "multialignment": "right"}
            ax.annotate(style.wrapped(text, style.SMALL, _NAME), (0, y), xytext=(-5, 0), ha="right", **look, **beside)
            ax.annotate(str(n), (1, y), xytext=(12, 0), ha="right", fontsize=style.SMALL, gid="total", **beside)
    for heading, y in headings.items():
        ax.annotate(heading, (0, y), xytext=(-5, 0), ha="right", **{**beside, **style.HEADING})
    return len(changed) - len(kept)


def _write_columns(cells: pd.DataFrame, columns: list[str], ax: Axes) -> int:
    """Write the names of switches aslant above, and below how many headlines each changes; far below, names again."""
    changed = _changed(cells, "x")
    step = style.points_of(ax)[0] / max(abs(ax.get_xlim()[1] - ax.get_xlim()[0]), 1)
    kept = style.with_room({switch: x * step for x, switch in enumerate(columns)}, 1.7 * style.SMALL)
    aslant = {"rotation": 45, "rotation_mode": "anchor", "ha": "left", "va": "bottom"}
    points = {"xycoords": ax.get_xaxis_transform(), "textcoords": "offset points", "fontsize": style.SMALL}
    for x, switch in enumerate(columns):
        if switch in kept:
            name = style.fitted(switch, style.SMALL, _SWITCH)
            ax.annotate(name, (x, 1), xytext=(-1, 2), gid="column", **aslant, **points)
            ax.annotate(str(changed[x]), (x, 0), xytext=(0, -6), ha="center", va="center", gid="total", **points)
            if cells["y"].nunique() > _FAR:
                again = {**aslant, "ha": "right", "va": "top"}
                ax.annotate(name, (x, 0), xytext=(3, -13), gid="foot", **again, **points)
    if kept:
        said = {"color": style.MUTED, "gid": "total", "va": "center"}
        ax.annotate("weaker or reversed", (-0.6, 0), xytext=(-5, -6), ha="right", **said, **points)
    return len(columns) - len(kept)


def _keys(cells: pd.DataFrame) -> dict[str, tuple[Line2D, Line2D]]:
    keys = {}
    for name, look in _LOOKS.items():
        tile = Line2D([], [], marker="s", markersize=9, color=look.tile, linestyle="none")
        tile.set(markeredgecolor=look.edge, markeredgewidth=style.HAIR)
        face = {"markerfacecolor": look.face, "markeredgecolor": look.ink, "markeredgewidth": style.THIN}
        mark = Line2D([], [], marker=look.marker, markersize=look.size**0.5, linestyle="none", **face)
        keys[f"{look.says} ({int((cells['look'] == name).sum())})"] = (tile, mark)
    return keys
