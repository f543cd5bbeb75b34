"""Where everything on a timeline stands: its axis of days, how each event is drawn, lanes, rows and titles.

Places are worked out in points of a given width before anything is drawn, from the widths that the font itself
gives. So a title is known to fit, and the same table has the same places on paper and on a screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd

from r2p_analysis.plotting import style

SHORTEST = 3.4
"""Points that a bar is wide at least."""

_ARROW, _STRIP, _END = 15.0, 24.0, 5.0  # points: an open side, the strip for what was before, room behind the end
_GAP, _PAD = 5.0, 3.0  # points between a mark and its title, and around both
_MOST_WIDE, _LEAST_WIDE = 250.0, 56.0  # points that a title may be wide, and that it has beside its mark at the least
_ANNOUNCED = " (announced)"
_DOUBTS = "?~%"


class Span(NamedTuple):
    """Days since 1970 of an axis: its edges, its first day and its end; days to a point; lines that titles avoid."""

    left: float
    start: float
    end: float
    right: float
    per_point: float
    lines: tuple[float, ...] = ()


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
        ``point`` (a day), ``extent`` (surely under way on some days of the axis), ``uncertain`` (one unknown day, or
        nothing that is sure), ``open`` (on or after a day, or on or before one), ``open extent`` (lasted, one end is
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
    no_first, no_last = events["earliest"].isna(), events["latest"].isna()
    # One unknown day that is open to a side has no bound there for its first nor for its last day.
    lasted = (no_last & events["first_latest"].notna()) | (no_first & events["last_earliest"].notna())
    rules = [
        (no_first & no_last, "left out"),
        (events["latest"].lt(start), "margin"),
        (lasted, "open extent"),
        (no_first | no_last, "open"),
        (events["earliest"].eq(events["latest"]), "point"),
        (under_way, "extent"),
    ]
    return pd.Series("uncertain", events.index, dtype="str").case_when(rules)


def day_of(day: pd.Timestamp | pd.Series | date) -> float | pd.Series:
    """Days since 1970.

    >>> day_of(date(1970, 1, 11))
    10.0
    """
    return ((day if isinstance(day, pd.Series) else pd.Timestamp(day)) - pd.Timestamp(0)) / pd.Timedelta(days=1)


def span_of(events: pd.DataFrame, since: str, until: Mapping[str, date], width: float) -> Span:
    """Axis of a timeline that is some points wide; a strip to its left only if something was over before it.

    >>> none = pd.DataFrame({"earliest": [], "latest": []}, dtype="datetime64[s]")
    >>> span_of(none, "2000", {}, 366 + 5).per_point
    1.0
    """
    known = [*events["latest"].dropna(), *events["earliest"].dropna(), *until.values()]
    last = max([pd.Timestamp(since).year, *(day.year for day in known)])
    start, end = day_of(pd.Timestamp(since)), day_of(pd.Timestamp(year=last + 1, month=1, day=1))
    strip = _STRIP if events["latest"].lt(pd.Timestamp(since)).any() else 0.0
    per_point = (end - start) / max(width - strip - _END, 1)
    lines = tuple(sorted(day_of(day) + 1 for day in until.values()))
    return Span(start - strip * per_point, start, end, end + _END * per_point, per_point, lines)


def places(
    events: pd.DataFrame,
    span: Span,
    drawn: pd.Series,
    *,
    others: pd.DataFrame | None = None,
    widened: bool = True,
) -> pd.DataFrame:
    """Events that have a place on the axis, with where their marks begin and end.

    Parameters
    ----------
    events : pandas.DataFrame
        Events with their bounds.
    span : Span
        The axis.
    drawn : pandas.Series
        See `marks_of`.
    others : pandas.DataFrame, optional
        Other days that are reported of an event: ``event_id``, ``low``, ``high`` in days since 1970.
    widened : bool, default True
        Whether bars that are too short to be seen are widened.

    Returns
    -------
    pandas.DataFrame
        The events with ``drawn``; ``low``, ``high`` (the mark), ``core_low``, ``core_high`` (what is solid of it) and
        ``from_day``, ``to_day`` (the mark with the other days), all in days since 1970.
    """
    shown = events.assign(drawn=drawn)[~drawn.isin(["margin", "left out"])]
    columns = ("earliest", "first_latest", "last_earliest", "latest")
    low, core_low, core_high, high = (day_of(shown[name]) for name in columns)
    bar = ~shown["drawn"].isin(["point", "open"])
    short = bar & widened
    arrow = _ARROW * span.per_point
    low, high = low.fillna(high.clip(lower=span.start) - arrow), high.fillna(low + arrow)
    low, high = wide_enough(low.clip(lower=span.start), high + bar, short, span)
    core_low, core_high = core_low.clip(lower=span.start).fillna(low), (core_high + 1).fillna(high)
    core_low, core_high = wide_enough(core_low, core_high, short, span)
    shown = shown.assign(low=low, high=high, core_low=core_low, core_high=core_high)
    return _with_others(shown, others)


def wide_enough(low: pd.Series, high: pd.Series, bar: pd.Series, span: Span) -> tuple[pd.Series, pd.Series]:
    """Widen what is a bar and too short to be seen, to both sides."""
    short = (SHORTEST * span.per_point - (high - low)).clip(lower=0).where(bar, 0) / 2
    return low - short, high + short


def _with_others(shown: pd.DataFrame, others: pd.DataFrame | None) -> pd.DataFrame:
    """Add from where to where an event reaches with all other days that are reported of it."""
    ends = {"from_day": shown["low"], "to_day": shown["high"]}
    if others is not None and len(others):
        every = others.groupby("event_id")
        first, last = shown["event_id"].map(every["low"].min()), shown["event_id"].map(every["high"].max())
        ends = {"from_day": ends["from_day"].where(~(first < ends["from_day"]), first)}
        ends["to_day"] = shown["high"].where(~(last > shown["high"]), last)
    return shown.assign(**ends)


def titles_of(shown: pd.DataFrame, span: Span, tags: Mapping[str, str]) -> list[str]:
    """Title of each event with what must be said beside its mark, no wider than the wider side of it has room for.

    A date that the study doubts or calls approximate follows as it is stated, and that an event is only announced;
    and a tag, if it has one by its id.
    """
    dates = shown["date_edtf"] if "date_edtf" in shown else pd.Series("", shown.index)
    tagged = [tags.get(event, "") for event in shown["event_id"]]
    rows = zip(shown["title"], shown["status"], dates, tagged, shown["from_day"], shown["to_day"], strict=True)
    titles = []
    for title, status, stated, tag, low, high in rows:
        doubt = f" ({stated})" * (isinstance(stated, str) and any(sign in stated for sign in _DOUBTS))
        tail = doubt + _ANNOUNCED * (status == "announced") + f" [{tag}]" * bool(tag)
        room = min(_room(low, high, span), _MOST_WIDE)
        titles.append(cut(str(title), room - style.width_of(tail, style.PRINT)) + tail)
    return titles


def _room(low: float, high: float, span: Span) -> float:
    """Points for a title: on the wider side of a mark, or below one that takes nearly all of the axis."""
    beside = max(low - span.start, span.end - high) / span.per_point - _GAP - _PAD
    return beside if beside >= _LEAST_WIDE else (span.end - span.start) / span.per_point - 2 * _PAD


def cut(text: str, room: float) -> str:
    """Shorten a title to whole words that fit into some points, and a word that is wider by itself to its letters.

    >>> cut("Incomprehensibilities of all kinds", 40)
    'Incompreh…'
    """
    text = style.fitted(text, style.PRINT, room)
    while len(text) > 2 and style.width_of(text, style.PRINT) > room:
        text = text[:-2] + "…"
    return text


def in_lanes(shown: pd.DataFrame, lanes: Sequence[str], lane: str, span: Span) -> dict[str, pd.DataFrame]:
    """Marks of each lane with their row ``y``, counted from the top of the lane, and the ``side`` of their title."""
    return {name: _in_rows(shown[shown[lane] == name], span) for name in lanes}


def depth(marks: pd.DataFrame) -> int:
    """Rows of a lane; one that is empty has a row as well."""
    return int(marks["foot"].max()) if len(marks) else 1


def n_rows(lanes: Mapping[str, pd.DataFrame]) -> int:
    """Rows of all lanes."""
    return sum(map(depth, lanes.values()))


def stacked(lanes: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, pd.DataFrame, float, float]]:
    """Lanes below each other: name, marks with their rows counted from the top of all, top and bottom."""
    top = 0
    for name, marks in lanes.items():
        below = top + depth(marks)
        yield name, marks.assign(y=marks["y"] + top, title_y=marks["title_y"] + top), top, below
        top = below


def _in_rows(marks: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Give each mark the first row that has room for it and its title: to the right, to the left, or in the row below.

    ``title_y`` and ``title_day`` are where the title stands, at the end of the mark or at its own beginning.
    """
    rows: list[list[tuple[float, float]]] = []
    found = []
    for mark in marks.itertuples():
        sides = _sides(mark, span)
        below = max(map(len, sides.values())) - 1
        tried = [*rows, *[[] for _ in range(below + 1)]]
        free = ((y, side) for y in range(len(tried) - below) for side in sides if _fits(sides[side], tried[y:]))
        y, side = next(free)
        rows += [[] for _ in range(y + len(sides[side]) - len(rows))]
        for row, reach in zip(rows[y:], sides[side], strict=False):
            row.append(reach)
        day = {"right": mark.to_day, "left": mark.from_day}.get(side, sides[side][-1][0] + _PAD * span.per_point)
        found.append((y + 0.5, side, y + 0.5 + below, day, float(y + len(sides[side]))))
    names = ["y", "side", "title_y", "title_day", "foot"]
    placed = pd.DataFrame(found, columns=names, index=marks.index)
    return marks.assign(**placed.astype({name: "float64" for name in names if name != "side"}))


def _sides(mark: tuple, span: Span) -> dict[str, list[tuple[float, float]]]:
    """From where to where a mark and its title take room, row by row, for each side that the title fits on."""
    pad = _PAD * span.per_point
    title = style.width_of(mark.label, style.PRINT) * span.per_point if mark.label else 0.0
    own = (mark.from_day - pad, mark.to_day + pad)
    if not mark.label:
        return {"right": [own]}
    if max(mark.from_day - span.start, span.end - mark.to_day) / span.per_point - _GAP - _PAD < _LEAST_WIDE:
        low = max(min(mark.from_day, span.end - title - pad), span.start + pad)
        return {"below": [own, (low - pad, low + title + pad)]}
    gap = title + _GAP * span.per_point
    reach = {"right": (own[0], own[1] + gap), "left": (own[0] - gap, own[1])}
    inside = {side: (low, high) for side, (low, high) in reach.items() if low >= span.start and high <= span.end}
    whole = {side: ends for side, ends in inside.items() if not _crosses(mark, ends, span)}
    room = {"left": mark.from_day - span.start, "right": span.end - mark.to_day}
    side = max(room, key=room.get)
    return {side: [ends] for side, ends in (whole or inside or {side: reach[side]}).items()}


def _crosses(mark: tuple, ends: tuple[float, float], span: Span) -> bool:
    """Whether a title runs over a line, from its mark on the one side to the other."""
    pad = _PAD * span.per_point
    over = ((ends[0], mark.from_day - pad), (mark.to_day + pad, ends[1]))
    return any(low < line < high for low, high in over for line in span.lines)


def _fits(reaches: Sequence[tuple[float, float]], rows: Sequence[Sequence[tuple[float, float]]]) -> bool:
    """Whether nothing is where a mark and its title would be, from a row on."""
    taken = zip(reaches, rows, strict=False)
    return all(reach[1] <= low or reach[0] >= high for reach, row in taken for low, high in row)
