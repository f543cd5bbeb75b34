"""Which of two dates came first, what nests in what, how long it lasted: what is possible and what is certain.

The modelling choice: an answer is certain when every choice of days that the two values allow gives it,
and the days of two values are chosen independently. What is one unknown day lasted that one day.

Source of the relations between intervals: Allen (1983), Maintaining knowledge about temporal intervals,
Communications of the ACM 26, https://doi.org/10.1145/182.358434.
"""

from __future__ import annotations

from datetime import date
from itertools import product

from r2p_analysis.dates.value import Bounds, Edtf, parse

# Conditions "day i is at least n days before day j" (i, j, n) on the first and last days of a and of b.
# A thing that ends on one day meets what begins on the next.
_FIRST_A, _LAST_A, _FIRST_B, _LAST_B, _ORIGIN = range(5)
_ALLEN = {
    "before": [(_LAST_A, _FIRST_B, 2)],
    "meets": [(_LAST_A, _FIRST_B, 1), (_FIRST_B, _LAST_A, -1)],
    "overlaps": [(_FIRST_A, _FIRST_B, 1), (_FIRST_B, _LAST_A, 0), (_LAST_A, _LAST_B, 1)],
    "finished by": [(_FIRST_A, _FIRST_B, 1), (_LAST_A, _LAST_B, 0), (_LAST_B, _LAST_A, 0)],
    "contains": [(_FIRST_A, _FIRST_B, 1), (_LAST_B, _LAST_A, 1)],
    "starts": [(_FIRST_A, _FIRST_B, 0), (_FIRST_B, _FIRST_A, 0), (_LAST_A, _LAST_B, 1)],
    "equals": [
        (_FIRST_A, _FIRST_B, 0),
        (_FIRST_B, _FIRST_A, 0),
        (_LAST_A, _LAST_B, 0),
        (_LAST_B, _LAST_A, 0),
    ],
}
# The same with a and b exchanged.
_CONVERSES = {
    "started by": "starts",
    "during": "contains",
    "finishes": "finished by",
    "overlapped by": "overlaps",
    "met by": "meets",
    "after": "before",
}
_SWAPPED = (_FIRST_B, _LAST_B, _FIRST_A, _LAST_A)
_CONDITIONS = _ALLEN | {
    name: [(_SWAPPED[i], _SWAPPED[j], n) for i, j, n in _ALLEN[of]] for name, of in _CONVERSES.items()
}


def before(a: str, b: str) -> str:
    """Whether `a` begins before `b` begins.

    Parameters
    ----------
    a, b : str
        EDTF values; their first days are compared.

    Returns
    -------
    {"yes", "no", "possible"}
        ``yes`` or ``no`` when every choice of days agrees; an open bound leaves it possible.

    Examples
    --------
    >>> before("2012", "2013-04"), before("2012", "2012-03"), before("2013-04", "2012")
    ('yes', 'possible', 'no')
    """
    (a_early, a_late), (b_early, b_late) = parse(a).first, parse(b).first
    if a_late and b_early and a_late < b_early:
        return "yes"
    if a_early and b_late and a_early >= b_late:
        return "no"
    return "possible"


def refine(texts: list[str]) -> str | None:
    """Narrowest of several dated reports of one happening, if they nest.

    Parameters
    ----------
    texts : list of str
        EDTF values.

    Returns
    -------
    str or None
        The value that lies within all others: each of its first days is a possible first day of them,
        and so with the last days. Of several with the same bounds one without a qualifier, then the
        first in text order. None when no report lies within all the others, and when there is none.

    Raises
    ------
    ValueError
        If a report is no EDTF value, or `texts` is a single text.

    Examples
    --------
    >>> refine(["2012", "2012-03"])
    '2012-03'
    >>> refine(["2011-08", "2012-04"]) is None
    True
    >>> refine(["2012/2014", "2013"]) is None  # a day does not narrow what lasted
    True
    """
    if isinstance(texts, str):
        raise ValueError(f"several reports are refined: give a list, as in [{texts!r}]")
    reports = sorted(map(parse, texts), key=lambda report: report.text)
    nested = [report for report in reports if all(_within(report, other) for other in reports)]
    return min(nested, key=lambda report: bool(report.qualifier)).text if nested else None


def relations(a: str, b: str) -> tuple[str, ...]:
    """Allen relations that can hold between two dated things; a single one is certain.

    Parameters
    ----------
    a, b : str
        EDTF values. What is not an extent lasted one day; an all-of set reaches from its first day to its last.

    Returns
    -------
    tuple of str
        Those of before, meets, overlaps, finished by, contains, starts, equals, started by, during,
        finishes, overlapped by, met by, after (in this order) that some choice of days gives, read
        "a ... b". Never empty. An open end is anywhere beyond the other end.

    Raises
    ------
    ValueError
        If a value cannot be read.

    See Also
    --------
    before : Compare the first days only.

    Notes
    -----
    Days are whole: what ends on the day before `b` begins meets it, and what ends on that day overlaps it.

    Examples
    --------
    >>> relations("2010-10-14/2010-10-16", "2010-10-15")
    ('contains',)
    >>> relations("[2010-10-14..2010-10-16]", "2010-10-15")
    ('meets', 'equals', 'met by')
    >>> relations("2012", "2013-04")
    ('before',)
    """
    pairs = list(product(_rooms(parse(a), _FIRST_A, _LAST_A), _rooms(parse(b), _FIRST_B, _LAST_B)))
    return tuple(name for name, asked in _CONDITIONS.items() if any(_can_hold(asked + x + y) for x, y in pairs))


def duration(text: str) -> tuple[int, int | None]:
    """Number of days that a dated thing lasted, its first and last one included.

    Parameters
    ----------
    text : str
        An EDTF value.

    Returns
    -------
    tuple of (int, int or None)
        Fewest and most days, at least 1; None where an end is open. Of one unknown day both are 1, of an
        all-of set the days from its first date to its last.

    Raises
    ------
    ValueError
        If the value cannot be read.

    Examples
    --------
    >>> duration("2010-10-14/2010-10-16"), duration("[2010-10-14..2010-10-16]"), duration("2012/..")
    ((3, 3), (1, 1), (1, None))
    """
    value = parse(text)
    if not value.is_extent:
        return 1, 1
    shortest = _days_from(value.first[1], value.last[0])
    longest = _days_from(value.first[0], value.last[1])
    return max(1, shortest + 1), None if longest is None else longest + 1


def gap(a: str, b: str) -> tuple[int | None, int | None]:
    """Number of days from the last day of `a` to the first day of `b`.

    Parameters
    ----------
    a, b : str
        EDTF values.

    Returns
    -------
    tuple of (int or None, int or None)
        Fewest and most days: 1 = on the next day, 0 = on the same day, negative = `b` begins before `a`
        ends; None where open.

    Raises
    ------
    ValueError
        If a value cannot be read.

    Examples
    --------
    >>> gap("2008-03-31/2008-04-01", "2008-04-04"), gap("2012-03", "2013-04"), gap("[..2012]", "2013")
    ((3, 3), (366, 425), (1, None))
    """
    ended, begun = parse(a).last, parse(b).first
    return _days_from(ended[1], begun[0]), _days_from(ended[0], begun[1])


def _within(inner: Edtf, outer: Edtf) -> bool:
    if outer.is_extent:
        # What happened on each of several dates and what lasted do not narrow each other.
        if outer.text != inner.text and "{" in outer.text + inner.text:
            return False
        return _inside(inner.first, outer.first) and _inside(inner.last, outer.last)
    pieces = [(inner.earliest, inner.latest)] if inner.is_extent else inner.runs
    return all(any(_inside(piece, run) for run in outer.runs) for piece in pieces)


def _inside(inner: Bounds, outer: Bounds) -> bool:
    early = outer[0] is None or (inner[0] is not None and inner[0] >= outer[0])
    late = outer[1] is None or (inner[1] is not None and inner[1] <= outer[1])
    return early and late


def _days_from(start: date | None, end: date | None) -> int | None:
    return None if start is None or end is None else (end - start).days


def _rooms(value: Edtf, first: int, last: int) -> list[list[tuple[int, int, int]]]:
    """Conditions that the value sets to its first and last day, once for each run of possible days."""
    if value.is_extent:
        return [[*_limits(first, value.first), *_limits(last, value.last), (first, last, 0)]]
    return [[*_limits(first, run), (first, last, 0), (last, first, 0)] for run in value.runs]


def _limits(day: int, bounds: Bounds) -> list[tuple[int, int, int]]:
    low, high = bounds
    from_low = [(_ORIGIN, day, low.toordinal())] if low else []
    return from_low + ([(day, _ORIGIN, -high.toordinal())] if high else [])


def _can_hold(conditions: list[tuple[int, int, int]]) -> bool:
    """Whether days exist that meet all conditions: none of their cycles demands to be later than itself."""
    latest_demand = [0] * 5
    # A chain without a cycle has four links at most, so what still moves in the fifth round moves for ever.
    for _ in range(5):
        before = list(latest_demand)
        for i, j, n in conditions:
            latest_demand[j] = max(latest_demand[j], latest_demand[i] + n)
        if latest_demand == before:
            return True
    return False
