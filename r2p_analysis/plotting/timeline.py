"""Events in time: one lane a kind, every dated event with its title.

The drawing shows what is known of a date, not a best guess: a day is a point, a date that is not known exactly
is a pale bar over all of its possible days, what lasted is a solid bar over the days on which it was surely
under way. Announced events are hollow. Within a lane rows mean nothing: they only keep titles apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from r2p_analysis.plotting import style

_ANNOUNCED = " (announced)"
_BACKGROUND = "title in grey: told as background"
_SHORTEST = 36  # days: a shorter bar is drawn as wide as this
_OPEN = 150  # days: length of an open side
_STRIP = 300  # days: width of the strip for what was before
_END = 30  # days: room behind the last year
_ROOM = 290  # points for a title
_TITLE, _MOST_ROWS = 5.5, 320  # points that a row with a title needs; rows beyond which titles are given up
_YEAR, _BEFORE = 20.0, 0.035  # points for a year; share of a long axis for the strip at its left


def marks_of(events: pd.DataFrame, since: str = "2000") -> pd.Series:
    """Say how each event is drawn.

    Parameters
    ----------
    events : pandas.DataFrame
        Events with their bounds, see `chronology.event_order`.
    since : str, default "2000"
        First year of the axis.

    Returns
    -------
    pandas.Series
        ``point`` (a day), ``extent`` (surely under way on some days of the axis), ``uncertain``, ``open`` (one bound is
        not known), ``margin`` (over before `since`) or ``left out`` (no date).

    Examples
    --------
    >>> days = {"earliest": ["2012-03-01", "1969-01-01", None], "latest": ["2012-03-31", "1969-12-31", None]}
    >>> days |= {"first_latest": days["latest"], "last_earliest": days["earliest"]}
    >>> marks_of(pd.DataFrame(days).astype("datetime64[s]")).to_list()
    ['uncertain', 'margin', 'left out']
    """
    start = pd.Timestamp(since)
    under_way = events["first_latest"].le(events["last_earliest"]) & events["last_earliest"].ge(start)
    rules = [
        (events["earliest"].isna() & events["latest"].isna(), "left out"),
        (events["latest"].lt(start), "margin"),
        (events["earliest"].isna() | events["latest"].isna(), "open"),
        (events["earliest"].eq(events["latest"]), "point"),
        (under_way, "extent"),
    ]
    return pd.Series("uncertain", events.index, dtype="str").case_when(rules)


def plot_timeline(
    events: pd.DataFrame,
    ax: Axes,
    *,
    labels: Mapping[str, str] | None = None,
    since: str = "2000",
    until: pd.Timestamp | None = None,
) -> Axes:
    """Draw events in lanes by kind, each with its title.

    Parameters
    ----------
    events : pandas.DataFrame
        Events with their bounds, see `chronology.event_order`; every category of ``kind`` is a lane.
    ax : matplotlib.axes.Axes
        Axes to draw on; titles are placed for its size, so do not resize it afterwards.
    labels : mapping of str to str, optional
        Name of each kind.
    since : str, default "2000"
        First year of the axis; what was over before it is counted at the left margin.
    until : pandas.Timestamp, optional
        Last day that the sources speak of, marked by a line.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes. Marks are collections with the gids ``point``, ``uncertain``, ``extent`` and ``open``
        (see `marks_of`), one element an event; hollow ones are announced. Where the rows would be lower than
        letters, no title is written, and a line with the gid ``crowded`` says so.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from r2p_analysis import event_order, load_study
    >>> ax = plot_timeline(event_order(load_study()), Figure(figsize=(9, 9)).subplots())
    >>> [text.get_text() for text in ax.texts if text.get_gid() == "lane"][:2]
    ['publication', 'conference']
    """
    drawn, axis = marks_of(events, since), _axis(events, since, until)
    width, height = style.points_of(ax)
    lanes = _lanes(events, drawn, axis, width)
    n_titles = 0
    if _n_rows(lanes) * _TITLE > height:
        n_titles = sum(map(len, lanes.values()))
        lanes = _lanes(events, drawn, axis, width, titles=False)
    ax.set_xlim(axis.left, axis.right)
    top = 0
    for n, (lane, marks) in enumerate(lanes.items()):
        marks, below = marks.assign(y=marks["y"] + top), top + _deep(marks)
        n_before = int((drawn.eq("margin") & events["kind"].eq(lane)).sum())
        _draw_lane(ax, (labels or {}).get(lane, lane), style.group_of(lane).colour, (top, below), n_before)
        if n % 2 == 0:
            ax.axhspan(top, below, facecolor=style.PALE, zorder=0)
        _draw_marks(marks, ax)
        top = below
    _draw_frame(ax, axis, top, since, until)
    ax.set_xlabel(_what_is_not_drawn(drawn, since), fontsize=style.SMALL, loc="left")
    style.say_crowded(ax, n_titles, f"{n_titles} titles")
    for text in style.add_keys(ax, _keys(until), 3).get_texts():
        if text.get_text() == _BACKGROUND:
            text.set_color(style.MUTED)
    return ax


def timeline_rows(events: pd.DataFrame, width: float, *, since: str = "2000", until: pd.Timestamp | None = None) -> int:
    """Count the rows that a timeline needs.

    Parameters
    ----------
    events, since, until
        As in `plot_timeline`.
    width : float
        Width of the Axes in points.

    Returns
    -------
    int
        Rows with every title written, or, if these are more than 320, with none.

    Examples
    --------
    >>> from r2p_analysis import event_order, load_study
    >>> events = event_order(load_study())
    >>> timeline_rows(events, 600) > timeline_rows(events, 1200) >= events["kind"].cat.categories.size
    True
    """
    drawn, axis = marks_of(events, since), _axis(events, since, until)
    n = _n_rows(_lanes(events, drawn, axis, width))
    return n if n <= _MOST_ROWS else _n_rows(_lanes(events, drawn, axis, width, titles=False))


class _Axis(NamedTuple):
    """Days since 1970 of an axis: its edges, its first year, the line at the end of the sources, its end."""

    left: float
    start: float
    line: float
    end: float
    right: float


def _axis(events: pd.DataFrame, since: str, until: pd.Timestamp | None) -> _Axis:
    start, end = _day(pd.Timestamp(since)), _last_day(events, since, until)
    left = start - max(_STRIP, _BEFORE * (end - start))
    return _Axis(left, start, end if until is None else _day(until) + 1, end, end + _END)


def _lanes(
    events: pd.DataFrame, drawn: pd.Series, axis: _Axis, width: float, titles: bool = True
) -> dict[str, pd.DataFrame]:
    """Marks of each lane with their rows, counted from the top of the lane."""
    shown = _with_places(events.assign(drawn=drawn)[~drawn.isin(["margin", "left out"])], axis.start, titles)
    per_point = (axis.right - axis.left) / width
    kinds = events["kind"].astype("category").cat.categories
    return {kind: _in_rows(shown[shown["kind"] == kind], axis, per_point) for kind in kinds}


def _deep(marks: pd.DataFrame) -> int:
    """Rows of a lane; one that is empty has a row as well."""
    return int(marks["y"].max()) + 1 if len(marks) else 1


def _n_rows(lanes: Mapping[str, pd.DataFrame]) -> int:
    return sum(map(_deep, lanes.values()))


def _day(day: pd.Timestamp | pd.Series) -> float | pd.Series:
    """Days since 1970."""
    return (day - pd.Timestamp(0)) / pd.Timedelta(days=1)


def _last_day(events: pd.DataFrame, since: str, until: pd.Timestamp | None) -> float:
    known = [*events["latest"].dropna(), *events["earliest"].dropna(), *([] if until is None else [until])]
    years = [pd.Timestamp(since).year, *(day.year for day in known)]
    return _day(pd.Timestamp(year=max(years) + 1, month=1, day=1))


def _with_places(shown: pd.DataFrame, start: float, titles: bool) -> pd.DataFrame:
    """Add where a mark begins and ends, and the solid part of it, in days since 1970; and what is written."""
    columns = ("earliest", "first_latest", "last_earliest", "latest")
    low, core_low, core_high, high = (_day(shown[name]) for name in columns)
    low, high = low.fillna(high - _OPEN), high.fillna(low + _OPEN)
    bar = shown["drawn"].isin(["uncertain", "extent"])
    low, high = _wide_enough(low.clip(lower=start), high + bar, bar)
    core_low, core_high = _wide_enough(core_low.clip(lower=start), core_high + 1, bar)
    named = zip(shown["title"], shown["status"], strict=True)
    labels = [style.fitted(title, style.TINY, _ROOM) + _ANNOUNCED * (status == "announced") for title, status in named]
    labels = labels if titles else [""] * len(shown)
    return shown.assign(low=low, high=high, core_low=core_low, core_high=core_high, label=labels)


def _wide_enough(low: pd.Series, high: pd.Series, bar: pd.Series) -> tuple[pd.Series, pd.Series]:
    short = (_SHORTEST - (high - low)).clip(lower=0).where(bar, 0) / 2
    return low - short, high + short


def _in_rows(marks: pd.DataFrame, axis: _Axis, per_point: float) -> pd.DataFrame:
    """Give each mark the first row that has room for it and its title, to the right or to the left of it."""
    rows: list[list[tuple[float, float]]] = []
    places = []
    marks = marks.assign(label=[_within(mark, axis, per_point) for mark in marks.itertuples()])
    for mark in marks.itertuples():
        reach = _reach(mark, axis, per_point)
        free = ((y, side) for y, taken in enumerate([*rows, []]) for side in reach if _is_free(reach[side], taken))
        y, side = next(free)
        rows += [[]] if y == len(rows) else []
        rows[y].append(reach[side])
        places.append((y + 0.5, side))
    return marks.assign(
        y=pd.Series([y for y, _ in places], marks.index, dtype="float64"), side=[side for _, side in places]
    )


def _reach(mark: tuple, axis: _Axis, per_point: float) -> dict[str, tuple[float, float]]:
    """From where to where a mark and its title take room, for each side that the title fits on."""
    pad = 4 * per_point
    title = (style.width_of(mark.label, style.TINY) + 9) * per_point if mark.label else pad
    reach = {"right": (mark.low - pad, mark.high + title), "left": (mark.low - title, mark.high + pad)}
    last = axis.line if mark.high <= axis.line else axis.end  # a title does not run across the line
    inside = {side: (low, high) for side, (low, high) in reach.items() if low >= axis.start and high <= last}
    if inside:
        return inside
    # Rather across the line than across the edge.
    room = {"left": mark.low - axis.left, "right": axis.end - mark.high}
    side = "left" if title <= room["left"] else max(room, key=room.get)
    return {side: reach[side]}


def _within(mark: tuple, axis: _Axis, per_point: float) -> str:
    """Title of a mark, shortened where neither side of it is as wide."""
    room = max(mark.low - axis.left, axis.end - mark.high) / per_point - 9
    return style.fitted(mark.label, style.TINY, room) if mark.label else ""


def _is_free(reach: tuple[float, float], taken: Sequence[tuple[float, float]]) -> bool:
    return all(reach[1] <= low or reach[0] >= high for low, high in taken)


def _draw_lane(ax: Axes, label: str, colour: str, rows: tuple[float, float], n_before: int) -> None:
    across = ax.get_yaxis_transform()
    stripe = {"transform": across, "facecolor": colour, "edgecolor": style.MUTED, "linewidth": style.HAIR}
    ax.add_patch(Rectangle((-0.012, rows[0]), 0.008, rows[1] - rows[0], clip_on=False, **stripe))
    words = {"xycoords": across, "textcoords": "offset points", "va": "center", "fontsize": style.SMALL}
    ax.annotate(label, (-0.012, sum(rows) / 2), (-4, 0), ha="right", gid="lane", **words)
    if n_before:
        ax.annotate(str(n_before), (0, sum(rows) / 2), (12, 0), ha="center", gid="margin", **words)


def _draw_marks(marks: pd.DataFrame, ax: Axes) -> None:
    draw = {"point": _draw_points, "open": _draw_open, "uncertain": _draw_uncertain, "extent": _draw_extents}
    for drawn, rows in marks.groupby("drawn"):
        draw[drawn](rows, ax)
    for mark in marks[marks["label"] != ""].itertuples():
        right = mark.side == "right"
        place = {"xytext": (5 if right else -5, 0), "ha": "left" if right else "right", "va": "center"}
        look = {"fontsize": style.TINY, "color": style.MUTED if mark.status == "background" else style.INK}
        end = (mark.high if right else mark.low, mark.y)
        ax.annotate(mark.label, end, textcoords="offset points", gid="title of event", **place, **look)


def _faces(marks: pd.DataFrame, share: float = 0.0) -> list:
    """Colours to fill marks with: none for what is announced, else that of the kind, paler by a share of white."""
    colours = [style.paler(style.group_of(kind).colour, share) for kind in marks["kind"]]
    return [style.PAPER if status == "announced" else c for status, c in zip(marks["status"], colours, strict=True)]


def _draw_points(marks: pd.DataFrame, ax: Axes) -> None:
    look = {"s": style.DOT, "edgecolors": style.INK, "linewidths": style.THIN, "zorder": 3}
    ax.scatter(marks["low"], marks["y"], facecolors=_faces(marks), gid="point", **look)


def _draw_open(marks: pd.DataFrame, ax: Axes) -> None:
    """Draw a dotted line with a head on its open side and a stop at the day that is known."""
    look = {"s": style.DOT, "linewidths": style.THIN, "zorder": 3}
    ax.hlines(marks["y"], marks["low"], marks["high"], colors=style.INK, linestyles="dotted", linewidths=style.LINE)
    for is_open, head, stop, marker in (("earliest", "low", "high", "<"), ("latest", "high", "low", ">")):
        rows = marks[marks[is_open].isna()]
        if len(rows):
            faces = [style.PAPER if status == "announced" else style.INK for status in rows["status"]]
            ends = {"facecolors": faces, "edgecolors": style.INK}
            ax.scatter(rows[head], rows["y"], marker=marker, gid="open", **ends, **look)
            ax.scatter(rows[stop], rows["y"], marker="|", color=style.INK, gid="stop", **look)


def _draw_uncertain(marks: pd.DataFrame, ax: Axes) -> None:
    _draw_bars(marks, "low", "high", ax, "uncertain", paler=0.65, edge=style.MUTED, dashes=(0, (2, 1)))


def _draw_extents(marks: pd.DataFrame, ax: Axes) -> None:
    _draw_bars(marks, "low", "high", ax, "fringe", paler=0.65, edge=style.MUTED, dashes=(0, (2, 1)))
    _draw_bars(marks, "core_low", "core_high", ax, "extent", paler=0.0, edge=style.INK, dashes="-")


def _draw_bars(
    marks: pd.DataFrame, low: str, high: str, ax: Axes, gid: str, *, paler: float, edge: str, dashes: object
) -> None:
    spans = zip(marks[low], marks[high], marks["y"], strict=True)
    bars = [Rectangle((left, y - 0.26), right - left, 0.52) for left, right, y in spans]
    look = {"edgecolors": edge, "linestyles": [dashes], "linewidths": style.THIN, "zorder": 2, "gid": gid}
    ax.add_collection(PatchCollection(bars, facecolors=_faces(marks, paler), **look))


def _draw_frame(ax: Axes, axis: _Axis, bottom: float, since: str, until: pd.Timestamp | None) -> None:
    years = pd.date_range(since, pd.Timestamp(0) + pd.Timedelta(days=axis.end), freq="YS")
    ax.set_ylim(bottom, 0)
    ax.set_yticks([])
    ax.vlines([_day(year) for year in years], 0, bottom, colors=style.GRID, linewidths=style.HAIR, zorder=0.5)
    per_year = style.points_of(ax)[0] * 365.25 / (axis.right - axis.left)
    named = years[:-1][:: ceil(_YEAR / per_year)]
    middles = [(axis.left + axis.start) / 2, *(_day(year) + 183 for year in named)]
    ax.set_xticks(middles, [f"before\n{since}", *(str(year.year) for year in named)])
    ax.tick_params(length=0, labelsize=style.SMALL, top=True, labeltop=True)
    ax.spines[["left", "bottom"]].set_visible(False)
    if until is not None:
        ax.axvline(axis.line, color=style.RED, linewidth=style.LINE, linestyle="--", zorder=1, gid="until")


def _what_is_not_drawn(drawn: pd.Series, since: str) -> str:
    n = drawn.value_counts()
    before = f"{n.get('margin', 0)} that ended before {since} are only counted, at the left margin"
    return f"{len(drawn)} events: {before}; {n.get('left out', 0)} have no date and are not drawn"


def _keys(until: pd.Timestamp | None) -> dict[str, Line2D | Patch]:
    point = {"marker": "o", "markersize": style.DOT**0.5, "markeredgecolor": style.INK, "linestyle": "none"}
    pale = {"facecolor": style.paler(style.GREY), "edgecolor": style.MUTED, "linestyle": (0, (2, 1))}
    arrow = {"color": style.INK, "linestyle": "dotted", "marker": "<", "markersize": 4, "markevery": [0]}
    keys = {
        "a day": Line2D([], [], markerfacecolor=style.GREY, **point),
        "not known exactly: within these days": Patch(linewidth=style.THIN, **pale),
        "lasted: surely under way": Patch(facecolor=style.GREY, edgecolor=style.INK, linewidth=style.THIN),
        "by the stop, no earliest day known": Line2D([0, 1], [0, 0], linewidth=style.LINE, **arrow),
        "hollow: announced, not reported": Line2D([], [], markerfacecolor=style.PAPER, **point),
        _BACKGROUND: Line2D([], [], linestyle="none"),
    }
    if until is not None:
        line = Line2D([], [], color=style.RED, linewidth=style.LINE, linestyle="--")
        keys[f"end of what the documents tell: {until:%Y-%m-%d}"] = line
    return keys
