"""What rows say of the first and last days of events: limits of a day, and orders of two days.

The modelling choice: a relation says no more than its definition in ``codes``, in whole days, and never that a day
is *earlier* than another, only that it is *not later*: what follows something may begin on the same day.

================  ====================================================================================================
before            ends no later than the day on which the other begins
after             begins no earlier than the day on which the other ends
during, part_of   begins no earlier than the other begins and ends no later than it ends
outcome_of        begins no earlier than the other begins (a result may come while its source still goes on)
reports_on        ends no earlier than the other begins; nothing where the other is announced, since a text may be
                  about what is to come
announces         begins no later than the other begins
next_in_series    begins no earlier than the other begins
series, ordinal   a lower number of a series begins no later than a higher one; equal numbers say nothing here
same_as           nothing, as the source leaves it open; where it is supposed, first and last days are equal
================  ====================================================================================================

A date limits the first and the last day of its event. ``[a..b]`` is one unknown day, so both are the same; ``2012``
leaves open how long within the year it lasted. What is announced has the days that are announced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from typing import NamedTuple

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology.engines import in_pandas
from r2p_analysis.chronology.firstdays import parsed
from r2p_analysis.options import in_short, listed
from r2p_analysis.schema import one_of
from r2p_analysis.study import Study

# Sides of an event, and pairs of sides of which the former is not later than the latter.
FIRST, LAST, _OTHER_FIRST, _OTHER_LAST = range(4)
_WITHIN = ((_OTHER_FIRST, FIRST), (LAST, _OTHER_LAST))
_MEANING = {
    "before": ((LAST, _OTHER_FIRST),),
    "after": ((_OTHER_LAST, FIRST),),
    "during": _WITHIN,
    "outcome_of": ((_OTHER_FIRST, FIRST),),
    "reports_on": ((_OTHER_FIRST, LAST),),
    "announces": ((FIRST, _OTHER_FIRST),),
    "next_in_series": ((_OTHER_FIRST, FIRST),),
    "same_as": (),
}
_EQUAL = ((FIRST, _OTHER_FIRST), (_OTHER_FIRST, FIRST), (LAST, _OTHER_LAST), (_OTHER_LAST, LAST))
_LINK_COLUMNS = ("link_id", "event_id", "relation", "other_id")
Rows = tuple[str, ...]


class Order(NamedTuple):
    """Day `earlier` is not later than day `later`; a day is 2 × event (its first) or 2 × event + 1 (its last)."""

    earlier: int
    later: int
    rows: Rows = ()
    says: str = ""


class Limit(NamedTuple):
    """Bound of a day, as a proleptic day number, and the rows that set it."""

    day: int
    rows: Rows


@dataclass(frozen=True)
class Network:
    """Events, limits of their days (by day), orders of two days, and one-of sets with gaps (runs, by event)."""

    ids: tuple[str, ...]
    lows: Mapping[int, Limit]
    highs: Mapping[int, Limit]
    orders: tuple[Order, ...]
    sets: Mapping[int, tuple[tuple[float, float], ...]]
    dated: Mapping[str, str]


def tables_of(events: pd.DataFrame | Study, links: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Events and links, of a study or as given."""
    if isinstance(events, Study):
        events, links = events.events, events.event_links if links is None else links
    none = pd.DataFrame(columns=list(_LINK_COLUMNS), dtype="str")
    return in_pandas(events), none if links is None else in_pandas(links)


def network_of(
    events: pd.DataFrame | Study,
    links: pd.DataFrame | None = None,
    leave_out: Collection[str] = (),
    suppose_same: bool = False,
) -> Network:
    """Read tables of events and links; see `tighten` for the arguments and the errors."""
    events, links = tables_of(events, links)
    _check(events, links)
    ids = events["event_id"].tolist()
    place = {event: i for i, event in enumerate(ids)}
    rows = [f"events:{event}" for event in ids]
    known = {*rows, *("event_links:" + links["link_id"])}
    leave_out = listed(leave_out, "leave_out", "events:lan-launch")
    out = {row if row in known else one_of(row, sorted(known), "row to leave out") for row in leave_out}
    values = [None if row in out else value for row, value in zip(rows, parsed(events), strict=True)]
    orders = [*_within_events(values, rows), *_of_parts(events, place), *_of_series(events)]
    orders += _of_links(events, links, place, suppose_same)
    return Network(
        tuple(ids),
        _limits(values, rows, 0),
        _limits(values, rows, 1),
        tuple(order for order in orders if out.isdisjoint(order.rows)),
        {i: _numbered(value) for i, value in enumerate(values) if value and len(value.runs) > 1},
        {row: f"{event} is dated {value.text}" for row, event, value in zip(rows, ids, values, strict=True) if value},
    )


def _check(events: pd.DataFrame, links: pd.DataFrame) -> None:
    for table, name, needed in [(events, "events", ("event_id", "date_edtf")), (links, "links", _LINK_COLUMNS)]:
        if missing := [column for column in needed if column not in table]:
            raise ValueError(f"{name} lack {', '.join(missing)}; the table has: {', '.join(map(str, table.columns))}")
    for ids in (events["event_id"], links["link_id"]):
        if numbers := [one for one in ids.dropna() if not isinstance(one, str)]:
            raise ValueError(f"{ids.name} is {in_short(numbers[0])}: ids are text, as in 'lan-launch'; convert them")
        if ids.isna().any() or ids.duplicated().any():
            twice = sorted(set(ids[ids.duplicated()].dropna())) or ["an empty one"]
            raise ValueError(f"{ids.name} must tell the rows apart; there are twice or without: {', '.join(twice)}")
    for name in ("event_id", "relation", "other_id"):
        if links[name].isna().any():
            without = ", ".join(map(str, links.loc[links[name].isna(), "link_id"]))
            raise ValueError(f"links without {name}: {without}; each needs two events and a relation")
    known = set(events["event_id"])
    parents = events["part_of"] if "part_of" in events else pd.Series(dtype="str")
    for named in (links["event_id"], links["other_id"], parents):
        for event in named.dropna():
            if event not in known:
                one_of(event, sorted(known), f"event in {named.name} (keep its row, or leave out what names it)")


def _limits(values: list[dates.Edtf | None], rows: list[str], end: int) -> dict[int, Limit]:
    """Earliest (end 0) or latest days (end 1) that dates allow for each first and last day."""
    found = {}
    for i, value in enumerate(values):
        for side, bounds in enumerate((value.first, value.last) if value else ()):
            if bounds[end]:
                found[2 * i + side] = Limit(bounds[end].toordinal(), (rows[i],))
    return found


def _within_events(values: list[dates.Edtf | None], rows: list[str]) -> Iterator[Order]:
    for i, value in enumerate(values):
        yield Order(2 * i, 2 * i + 1)
        if value and value.text[0] == "[":
            yield Order(2 * i + 1, 2 * i, (rows[i],), f"{rows[i].partition(':')[2]} lasted one day")


def _numbered(value: dates.Edtf) -> tuple[tuple[float, float], ...]:
    low, high = date.min.toordinal(), date.max.toordinal()
    return tuple((a.toordinal() if a else low, b.toordinal() if b else high) for a, b in value.runs)


def _of_parts(events: pd.DataFrame, place: Mapping[str, int]) -> Iterator[Order]:
    if "part_of" in events:
        for part, whole in events.loc[events["part_of"].notna(), ["event_id", "part_of"]].itertuples(index=False):
            yield from _orders(_WITHIN, (place[part], place[whole]), (f"events:{part}",), f"{part} part of {whole}")


def _of_series(events: pd.DataFrame) -> Iterator[Order]:
    if not {"series", "ordinal"} <= set(events):
        return
    numbered = events.reset_index(drop=True).dropna(subset=["series", "ordinal"])
    # As text, 10 would come before 9.
    numbered = numbered.assign(ordinal=pd.to_numeric(numbered["ordinal"]))
    for series, members in numbered.groupby("series", sort=True):
        steps = [list(step["event_id"].items()) for _, step in members.groupby("ordinal", sort=True)]
        # Every two numbers and not only neighbours: an order stands on the rows of its own two events alone.
        for (i, a), (j, b) in (pair for lower, higher in combinations(steps, 2) for pair in product(lower, higher)):
            yield Order(2 * i, 2 * j, (f"events:{a}", f"events:{b}"), f"{a} numbered before {b} in {series}")


def _of_links(
    events: pd.DataFrame, links: pd.DataFrame, place: Mapping[str, int], suppose_same: bool
) -> Iterator[Order]:
    announced = set(events.loc[events["status"] == "announced", "event_id"]) if "status" in events else set()
    for link, event, relation, other in links[list(_LINK_COLUMNS)].itertuples(index=False):
        meaning = _MEANING[one_of(relation, _MEANING, "relation of two events")]
        if relation == "same_as" and suppose_same:
            meaning = _EQUAL
        if relation == "reports_on" and other in announced:
            meaning = ()
        says = f"{event} {relation} {other}"
        yield from _orders(meaning, (place[event], place[other]), (f"event_links:{link}",), says)


def _orders(meaning: tuple, pair: tuple[int, int], rows: Rows, says: str) -> Iterator[Order]:
    for earlier, later in meaning:
        yield Order(*(2 * pair[side // 2] + side % 2 for side in (earlier, later)), rows, says)
