"""What sources disagree on, on a timeline: two marks, and between them a line, or the same letter where they are far.

A day that is reported of an event and was not taken stands in the row of its event. Two events that one conflict is
about are framed; a line links them within a lane, and a letter where they stand in different ones, since a line across
lanes would run through the titles of others.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from r2p_analysis import dates
from r2p_analysis.chronology import event_order
from r2p_analysis.plotting import lanes as layout
from r2p_analysis.plotting import style
from r2p_analysis.plotting.marks import LOW, RIM
from r2p_analysis.study import Study

_KINDS = ("date", "identity", "count", "source_error")
_LINK = {"color": style.RED, "linestyle": (0, (3, 1, 1, 1)), "linewidth": style.LINE, "zorder": 1.8}


NONE = pd.DataFrame(columns=["event_id", "other_id", "date_edtf", "conflict_id"], dtype="str")
"""A table of conflicts without any."""


def timeline_conflicts(study: Study) -> pd.DataFrame:
    """List what a timeline shows as two linked marks.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    pandas.DataFrame
        ``event_id`` and either ``date_edtf``, a day that is reported of the event and cannot be that of ``events``, or
        ``other_id``, an event that a row of ``conflicts`` names beside it (kinds date, identity, count and
        source_error; events that have a date, each with the next one in time); and ``conflict_id`` of that row.
        Sorted; empty cells are NA.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> found = timeline_conflicts(load_study())
    >>> found.dropna(subset="date_edtf")[["event_id", "date_edtf"]].to_numpy().tolist()
    [['apb-founding', '2011-08']]
    >>> found.loc[found["conflict_id"] == "lemkin-second", ["event_id", "other_id"]].to_numpy().tolist()
    [['lemkin-la-2', 'lemkin-la-next']]
    """
    rows = [*_disjoint(study), *_named_together(study)]
    table = pd.DataFrame(sorted(set(rows)), columns=["event_id", "other_id", "date_edtf", "conflict_id"], dtype="str")
    return table.replace("", pd.NA).astype("str")


def _disjoint(study: Study) -> Iterator[tuple[str, str, str, str]]:
    taken = study.events.dropna(subset="date_edtf").set_index("event_id")["date_edtf"]
    for row in study.event_dates.dropna(subset="date_edtf").itertuples():
        if row.event_id in taken.index and _apart(row.date_edtf, taken[row.event_id]):
            yield row.event_id, "", row.date_edtf, ""


def _apart(one: str, other: str) -> bool:
    """Whether two dates have no day in common."""
    (low, high), (other_low, other_high) = dates.bounds(one), dates.bounds(other)
    return bool((high and other_low and high < other_low) or (other_high and low and other_high < low))


def _named_together(study: Study) -> Iterator[tuple[str, str, str, str]]:
    order = event_order(study).dropna(subset="date_edtf")
    place = {event: i for i, event in enumerate(order["event_id"])}
    for conflict in study.conflicts[study.conflicts["kind"].isin(_KINDS)].itertuples():
        named = [row.partition(":")[2] for row in str(conflict.rows).split(";") if row.startswith("events:")]
        for one, other in pairwise(sorted({event for event in named if event in place}, key=place.get)):
            yield one, other, "", conflict.conflict_id


def other_days(conflicts: pd.DataFrame, span: layout.Span) -> pd.DataFrame:
    """Bars for the days that are reported of an event and not taken, those at least that have bounds."""
    rows = conflicts.dropna(subset="date_edtf")
    bounds = [dates.bounds(text) for text in rows["date_edtf"]]
    known = pd.Series([None not in bound for bound in bounds], rows.index, dtype="bool")
    low, high = ([float(layout.day_of(b[i])) + i for b in bounds if None not in b] for i in (0, 1))
    rows = rows[known].assign(low=low, high=high)
    rows = rows[rows["high"] > span.start]
    low, high = layout.wide_enough(rows["low"].clip(lower=span.start), rows["high"], pd.Series(True, rows.index), span)
    return rows.assign(low=low, high=high)


def in_conflict(shown: pd.DataFrame, span: layout.Span, conflicts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find what is to be drawn of conflicts among events that have their rows ``y`` and ``lane``.

    Returns days that were not taken, with the row of their event and the near end ``at`` of its own mark; and pairs.
    """
    rows = shown[["event_id", "y", "low", "high"]].rename(columns={"low": "own_low", "high": "own_high"})
    days = other_days(conflicts, span).merge(rows, on="event_id")
    days = days.assign(at=days["own_low"].where(days["high"] <= days["own_low"], days["own_high"]))
    return days, _pairs(shown, "lane", conflicts)


def draw(shown: pd.DataFrame, span: layout.Span, conflicts: pd.DataFrame, ax: Axes) -> set[str]:
    """Draw what is in conflict; which signs that took is returned."""
    days, pairs = in_conflict(shown, span, conflicts)
    _draw_days(days, ax)
    _draw_links(pairs[pairs["lane"] == pairs["other_lane"]], ax)
    named = {*pairs["event_id"], *pairs["other_id"]}
    _draw_rims(shown[shown["event_id"].isin(named)], 1.5 * span.per_point, ax)
    return {sign for sign, rows in (("other date", days), ("in conflict", pairs)) if len(rows)}


def _pairs(shown: pd.DataFrame, lane: str, conflicts: pd.DataFrame) -> pd.DataFrame:
    """Pairs of events in conflict that both have a mark, each pair once, with what is known of the two."""
    # An event stands in several lanes only where lanes are of actors: its first mark is linked.
    first = shown.drop_duplicates("event_id").rename(columns={lane: "lane"})
    first = first[["event_id", "lane", *({"low", "high", "y"} & set(first))]]
    other = first.rename(columns=lambda name: f"other_{name.removeprefix('event_')}")
    pairs = conflicts.dropna(subset="other_id")[["event_id", "other_id"]].drop_duplicates()
    return pairs.merge(first, on="event_id").merge(other, on="other_id")


def tags_of(shown: pd.DataFrame, lane: str, conflicts: pd.DataFrame) -> dict[str, str]:
    """Letter that both events of a pair have where they stand in two lanes, too far for a line."""
    pairs = _pairs(shown.drop(columns=["low", "high"]), lane, conflicts)
    apart = pairs[pairs["lane"].astype("str") != pairs["other_lane"].astype("str")]
    tags: dict[str, str] = {}
    for i, pair in enumerate(apart.sort_values(["event_id", "other_id"]).itertuples()):
        for event in (pair.event_id, pair.other_id):
            tags[event] = " ".join([*tags.get(event, "").split(), _letter(i)])
    return tags


def _letter(i: int) -> str:
    """Name the i-th pair: a, b, ..., z, a1, b1, ...

    >>> _letter(1), _letter(27)
    ('b', 'b1')
    """
    return "abcdefghijklmnopqrstuvwxyz"[i % 26] + str(i // 26 or "")


def _draw_days(days: pd.DataFrame, ax: Axes) -> None:
    """Draw days that were not taken, each with a broken line to the near end of its event's own mark."""
    for day in days.itertuples():
        near = day.high if day.high <= day.at else day.low
        ax.plot([near, day.at], [day.y, day.y], **_LINK, gid="link of a date")
    bars = [Rectangle((day.low, day.y - LOW), day.high - day.low, 2 * LOW) for day in days.itertuples()]
    if bars:
        look = {"facecolors": style.PAPER, "edgecolors": style.RED, "linewidths": style.THIN, "hatch": "xxxxxx"}
        ax.add_collection(PatchCollection(bars, **look, zorder=2, gid="other date"))


def _draw_links(pairs: pd.DataFrame, ax: Axes) -> None:
    """Draw a broken line between the frames of two events."""
    for pair in pairs.itertuples():
        lower = 1 if pair.other_y > pair.y else -1
        middles = [(pair.low + pair.high) / 2, (pair.other_low + pair.other_high) / 2]
        ax.plot(middles, [pair.y + lower * RIM, pair.other_y - lower * RIM], gid="link", **_LINK)


def _draw_rims(ringed: pd.DataFrame, pad: float, ax: Axes) -> None:
    """Draw a rim around the marks of events that are in conflict with another one."""
    rims = [Rectangle((r.low - pad, r.y - RIM), r.high - r.low + 2 * pad, 2 * RIM) for r in ringed.itertuples()]
    if rims:
        look = {"facecolors": "none", "edgecolors": style.RED, "linewidths": style.THIN, "zorder": 3.5}
        ax.add_collection(PatchCollection(rims, **look, gid="in conflict"))
