"""EDTF values: the first and last day that a coded date allows.

The modelling choice: a value has bounds for its *first* and for its *last* day. Extent (``a/b``, it
lasted from a to b) and uncertainty (``[a..b]``, one unknown day; ``2012``, a day of that year) are
therefore two things. An all-of set (``{a,b}``, it happened on each) reaches from its first to its last
date; where its dates overlap, the bounds of both ends are kept and not how they hang together. A
qualifier (``?``, ``~``, ``%``) is kept as a flag and never becomes padding. An open end (``a/..``) and
an unknown one (``a/``) have the same bounds; only the text tells them apart.

Source: Library of Congress, Extended Date/Time Format (2019), https://www.loc.gov/standards/datetime/:
levels 0 and 1 without times of day and years outside 0001 to 9999, and of level 2 parts of a year,
one-of and all-of sets.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

Bounds = tuple[date | None, date | None]

# First month and number of months of the sub-year groupings of EDTF. A season without a hemisphere
# (21 to 24) is read as northern; a winter or a southern summer runs into the next year.
_GROUPINGS = {
    **{21 + i: (3 + 3 * i, 3) for i in range(4)},
    **{25 + i: (3 + 3 * i, 3) for i in range(4)},
    **{29 + i: ((9, 12, 3, 6)[i], 3) for i in range(4)},
    **{33 + i: (1 + 3 * i, 3) for i in range(4)},
    **{37 + i: (1 + 4 * i, 4) for i in range(3)},
    **{40 + i: (1 + 6 * i, 6) for i in range(2)},
}
_DATE = re.compile(r"([0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?([?~%]?)")
# What is met in tables and is not to be read here: what spreadsheets make of a date, and EDTF beyond days of our era.
_NOT_READ = {
    re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{4}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}"): (
        "may be day-first or month-first, which cannot be told apart: write it as in 2014-09-08"
    ),
    re.compile(r"[0-9]{4}([/.])[0-9]{1,2}\1[0-9]{1,2}"): "has no hyphens between its parts: write it as in 2014-09-08",
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T.*"): "has a time of day, and a day is the finest date here",
    re.compile(r"Y-?[0-9]{5,}|-[0-9]{4}.*"): "has a year outside 0001 to 9999",
}
_FORMS = (
    "2012, 2012-03, 2012-03-29, 2012-21 (a season or other part of a year: 21 to 41), 201X, 19XX, 2012-XX, 2012-03-XX, "
    "all of these also with ?, ~ or % at the end; a/b, a/.., ../b, a/, /b for what lasted; "
    "[a..b], [..b], [a..], [a,b] for one unknown day; {a,b}, {a..b} for all of several dates"
)


@dataclass(frozen=True)
class Edtf:
    """A parsed EDTF value.

    Attributes
    ----------
    text : str
        The value as coded.
    first, last : tuple of (datetime.date or None, datetime.date or None)
        Earliest and latest possible first day, and the same of the last day. None = open or unknown.
    runs : tuple of tuple of (datetime.date or None, datetime.date or None)
        The possible first days as runs without gaps, in order; more than one only for ``[a,b]``.
    qualifier : str
        Each of ``?`` (uncertain), ``~`` (approximate) and ``%`` (both) that the value carries, once.
    is_extent : bool
        True for ``a/b``: the thing lasted; and for ``{a,b}``: it happened on each.
    """

    text: str
    first: Bounds
    last: Bounds
    runs: tuple[Bounds, ...]
    qualifier: str
    is_extent: bool = False

    @property
    def earliest(self) -> date | None:
        """First day that is possible; None where open."""
        return self.first[0]

    @property
    def latest(self) -> date | None:
        """Last day that is possible; None where open."""
        return self.last[1]


@lru_cache(maxsize=100_000)
def parse(text: str) -> Edtf:
    """Parse an EDTF value.

    Parameters
    ----------
    text : str
        A date, partial date, season or other part of a year (21 to 41), unspecified digits (``19XX``),
        interval ``a/b`` with open (``..``) or unknown (empty) ends, one-of set ``[a..b]``, ``[a,b]``, or
        all-of set ``{a,b}``, ``{a..b}``.

    Returns
    -------
    Edtf
        Bounds of the first and last day; an open or unknown end is None, never an invented date.

    Raises
    ------
    ValueError
        If the text is not one of these forms, names a day that does not exist, or runs backwards.

    Examples
    --------
    >>> parse("2012-24").last
    (datetime.date(2012, 12, 1), datetime.date(2013, 2, 28))
    >>> parse("2008-03-31/2008-04-01").last
    (datetime.date(2008, 4, 1), datetime.date(2008, 4, 1))
    >>> parse("2012/2012-03").first  # begins no later than it ends
    (datetime.date(2012, 1, 1), datetime.date(2012, 3, 31))
    >>> parse("[..2014-09-08]").earliest is None
    True
    """
    if not isinstance(text, str) or not text:
        raise ValueError(_message(text, "is not an EDTF date"))
    for form, rule in _NOT_READ.items():
        if form.fullmatch(text):
            raise ValueError(_message(text, rule))
    if "/" in text:
        return _parse_extent(text)
    if text[0] in "[{":
        return _parse_one_of(text) if text[0] == "[" else _parse_all_of(text)
    found, qualifier = _parse_date(text, text)
    return Edtf(text, found, found, (found,), qualifier)


def bounds(text: str) -> Bounds:
    """Earliest and latest day of an EDTF value.

    Parameters
    ----------
    text : str
        An EDTF value, see `parse`.

    Returns
    -------
    tuple of (datetime.date or None, datetime.date or None)
        Both days are possible days; None where the value is open.

    Examples
    --------
    >>> bounds("2012-03")
    (datetime.date(2012, 3, 1), datetime.date(2012, 3, 31))
    """
    value = parse(text)
    return value.earliest, value.latest


def _parse_extent(text: str) -> Edtf:
    start, _, end = text.partition("/")
    if "/" in end or {start, end} <= {"", ".."}:
        raise ValueError(_message(text, "is not an interval of two dates"))
    first, last, qualifiers = _reach(start, end, text, "ends before it begins")
    return Edtf(text, first, last, (first,), _each_once(qualifiers), is_extent=True)


def _reach(start: str, end: str, text: str, backwards: str) -> tuple[Bounds, Bounds, str]:
    (first, q1), (last, q2) = _parse_end(start, text), _parse_end(end, text)
    if first[0] and last[1] and last[1] < first[0]:
        raise ValueError(_message(text, backwards))
    # It cannot end before it begins, so each imprecise or unknown end is bounded by the other one.
    first_latest = min(filter(None, (first[1], last[1])))
    last_earliest = max(filter(None, (first[0], last[0])))
    return (first[0], first_latest), (last_earliest, last[1]), q1 + q2


def _parse_all_of(text: str) -> Edtf:
    firsts, lasts, qualifiers = zip(*(_parse_member(part, text) for part in _members(text, "}")), strict=True)
    # The earliest of the first days, the latest of the last days; an open bound is beyond all others.
    first = (_outermost(min, (low for low, _ in firsts)), min(high for _, high in firsts))
    last = (max(low for low, _ in lasts), _outermost(max, (high for _, high in lasts)))
    return Edtf(text, first, last, (first,), _each_once("".join(qualifiers)), is_extent=True)


def _parse_member(part: str, text: str) -> tuple[Bounds, Bounds, str]:
    start, dots, end = _split_choice(part, text)
    if dots:
        return _reach(start, end, text, "runs backwards")
    found, qualifier = _parse_date(part, text)
    return found, found, qualifier


def _outermost(choose: Callable[[list[date]], date], days: Iterable[date | None]) -> date | None:
    days = list(days)
    return None if None in days else choose(days)


def _parse_one_of(text: str) -> Edtf:
    choices = [_parse_choice(part, text) for part in _members(text, "]")]
    runs = _merge([run for run, _ in choices])
    span = (runs[0][0], runs[-1][1])
    return Edtf(text, span, span, runs, _each_once("".join(qualifier for _, qualifier in choices)))


def _members(text: str, bracket: str) -> list[str]:
    if not text.endswith(bracket):
        raise ValueError(_message(text, "does not end with its closing bracket"))
    # A blank may follow a comma: the standard's own examples have both ways.
    return [part.strip(" ") for part in text[1:-1].split(",")]


def _parse_choice(part: str, text: str) -> tuple[Bounds, str]:
    start, dots, end = _split_choice(part, text)
    if not dots:
        return _parse_date(part, text)
    (low, q1), (high, q2) = _parse_end(start, text), _parse_end(end, text)
    if low[0] and high[1] and high[1] < low[0]:
        raise ValueError(_message(text, "runs backwards"))
    return (low[0], high[1]), q1 + q2


def _split_choice(part: str, text: str) -> tuple[str, str, str]:
    start, dots, end = part.partition("..")
    if dots and (".." in (start, end) or not (start or end)):
        raise ValueError(_message(text, "is a set without a date"))
    return start, dots, end


def _merge(runs: list[Bounds]) -> tuple[Bounds, ...]:
    merged: list[Bounds] = []
    for low, high in sorted(runs, key=lambda run: (run[0] is not None, run[0])):
        begun, until = merged[-1] if merged else (None, date.min)
        if merged and _touches(until, low):
            merged[-1] = (begun, max(until, high) if until and high else None)
        else:
            merged.append((low, high))
    return tuple(merged)


def _touches(until: date | None, low: date | None) -> bool:
    return until is None or low is None or low.toordinal() - until.toordinal() <= 1


def _each_once(qualifiers: str) -> str:
    return "".join(dict.fromkeys(qualifiers))


def _parse_end(part: str, text: str) -> tuple[Bounds, str]:
    return ((None, None), "") if part in ("", "..") else _parse_date(part, text)


def _parse_date(part: str, text: str) -> tuple[Bounds, str]:
    match = _DATE.fullmatch(part)
    if match is None:
        raise ValueError(_message(text, "is not an EDTF date"))
    year, month, day, qualifier = match.groups()
    if "X" in year and month:
        raise ValueError(_message(text, "has a month in an unspecified year"))
    try:
        return _span(year, month, day), qualifier
    except ValueError as error:
        raise ValueError(_message(text, f"has no such day ({error})")) from error


def _span(year: str, month: str | None, day: str | None) -> Bounds:
    low, high = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if month in (None, "XX"):
        if day not in (None, "XX"):
            raise ValueError("a day needs its month")
        return date(low, 1, 1), date(high, 12, 31)
    start, n_months = _GROUPINGS.get(int(month), (int(month), 1))
    if n_months > 1 and day:
        raise ValueError("a season has no days")
    if day not in (None, "XX"):
        exact = date(low, int(month), int(day))
        return exact, exact
    first = date(low, start, 1)
    years, month_index = divmod(start + n_months - 2, 12)
    year, month = low + years, month_index + 1
    return first, date(year, month, monthrange(year, month)[1])


def _message(text: object, rule: str) -> str:
    return f"{text!r} {rule}; forms that can be read: {_FORMS}"
