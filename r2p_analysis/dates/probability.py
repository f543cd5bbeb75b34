"""Probability that one dated thing begins before another, exact.

The modelling choice: first days are compared. An extent ``a/b`` begins on a day of a; ``[a..b]`` is one
unknown day. The days that a value allows for its first day are equally likely (or as likely as a stated
weight says), and the first days of two values are independent. Qualifiers change no probability: nobody
has said by how much. Two values of one happening, or two with a known order, are not independent; such
orders need constraints, not these functions.

With uniform days no day is enumerated: the pairs of days with a before b are a sum of triangular numbers
of the bounds, so the cost is one step for each pair of runs, whatever their lengths.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import accumulate, product

from r2p_analysis.dates.value import Bounds, parse

Runs = list[tuple[int, int]]
Weight = Callable[[date], "int | float | Fraction"]


def p_before(a: str, b: str, support: tuple[date, date] | None = None, *, weight: Weight | None = None) -> Fraction:
    r"""Probability that `a` begins on an earlier day than `b`.

    Parameters
    ----------
    a, b : str
        EDTF values. Of a one-of set every possible day counts once, also where its dates overlap; the
        first day of an all-of set is in the earliest of its dates.
    support : tuple of (datetime.date, datetime.date), optional
        First and last day that an open end may mean. Only open ends are closed by it.
    weight : callable, optional
        Weight of a day, not negative, in place of equal weights: ``lambda day: day.weekday() < 5`` leaves
        out weekends. The days are then enumerated.

    Returns
    -------
    fractions.Fraction
        In [0, 1], exact.

    Raises
    ------
    ValueError
        If a value cannot be read; if a first day is open and there is no `support`, or lies outside it; if
        the weights of a value's days are all 0 or one is negative.

    See Also
    --------
    p_same, p_after : The other two of the three, which sum to 1.
    before : Whether it is certain, with open ends, too.
    r2p_analysis.chronology.order_probabilities : All pairs of a table.

    Notes
    -----
    For days uniform on :math:`[l_1, u_1]` and :math:`[l_2, u_2]` and :math:`T(x) = x(x+1)/2` for
    :math:`x > 0`, else 0, the pairs with the first before the second are
    :math:`T(u_2-l_1) - T(u_2-u_1-1) - T(l_2-l_1-1) + T(l_2-u_1-2)`.

    Examples
    --------
    >>> p_before("2012-06", "2012-06")
    Fraction(29, 60)
    >>> p_before("2012", "2013-04"), p_before("2010-10-14/2010-10-16", "2010-10-15")
    (Fraction(1, 1), Fraction(1, 1))
    >>> p_before("[..2014-09-08]", "2014-09-05", (date(2014, 9, 1), date(2014, 9, 30)))
    Fraction(1, 2)
    """
    one, other = _first_days(a, support), _first_days(b, support)
    if weight is None:
        return _share_of_pairs(_n_before, one, other)
    weights, others = _weights(a, one, weight), _weights(b, other, weight)
    days, sums = list(others), [0, *accumulate(others.values())]
    later = {day: sums[-1] - sums[bisect_right(days, day)] for day in weights}
    return sum((weights[day] * later[day] for day in weights), Fraction()) / (sum(weights.values()) * sums[-1])


def p_same(a: str, b: str, support: tuple[date, date] | None = None, *, weight: Weight | None = None) -> Fraction:
    """Probability that `a` and `b` begin on the same day, of two happenings.

    Parameters
    ----------
    a, b : str
        EDTF values.
    support : tuple of (datetime.date, datetime.date), optional
        First and last day that an open end may mean.
    weight : callable, optional
        Weight of a day, see `p_before`.

    Returns
    -------
    fractions.Fraction
        In [0, 1], exact.

    Raises
    ------
    ValueError
        As `p_before`.

    Examples
    --------
    >>> p_same("2012-06", "2012-06"), p_same("2012-06-03", "[2012-06-02,2012-06-03]")
    (Fraction(1, 30), Fraction(1, 2))
    """
    one, other = _first_days(a, support), _first_days(b, support)
    if weight is None:
        return _share_of_pairs(_n_same, one, other)
    weights, others = _weights(a, one, weight), _weights(b, other, weight)
    both = sum((weights[day] * others.get(day, 0) for day in weights), Fraction())
    return both / (sum(weights.values()) * sum(others.values()))


def p_after(a: str, b: str, support: tuple[date, date] | None = None, *, weight: Weight | None = None) -> Fraction:
    """Probability that `a` begins on a later day than `b`; `p_before` with the two exchanged.

    Parameters
    ----------
    a, b : str
        EDTF values.
    support : tuple of (datetime.date, datetime.date), optional
        First and last day that an open end may mean.
    weight : callable, optional
        Weight of a day, see `p_before`.

    Returns
    -------
    fractions.Fraction
        In [0, 1], exact.

    Raises
    ------
    ValueError
        As `p_before`.

    Examples
    --------
    >>> p_after("2012-06-16", "2012-06")
    Fraction(1, 2)
    """
    return p_before(b, a, support, weight=weight)


def messydates_share(a: str, b: str) -> Fraction:
    """Share of the days of `a` that precede every day of `b`: what R messydates reports as ``a %l% b``.

    It is no probability: that `b` may be later than its earliest day does not count, so June against
    June gives 0, and the shares of before, same and after do not sum to 1. For comparisons with work
    that reports it; use `p_before` for anything else.

    Parameters
    ----------
    a, b : str
        EDTF values without open ends. Of what lasted, every day from its earliest to its latest counts.

    Returns
    -------
    fractions.Fraction
        In [0, 1].

    Raises
    ------
    ValueError
        If a value cannot be read or is open.

    References
    ----------
    Hollway and others, messydates (R package), operators for proportions, https://globalgov.github.io/messydates/.

    Examples
    --------
    >>> messydates_share("2012-06", "2012-06-16"), messydates_share("2012-06", "2012-06")
    (Fraction(1, 2), Fraction(0, 1))
    """
    one, other = _all_days(a), _all_days(b)
    earliest = other[0][0]
    n_before = sum(max(0, min(high, earliest - 1) - low + 1) for low, high in one)
    return Fraction(n_before, _n_days(one))


def _first_days(text: str, support: tuple[date, date] | None) -> Runs:
    return _close(text, parse(text).runs, support)


def _all_days(text: str) -> Runs:
    value = parse(text)
    return _close(text, ((value.earliest, value.latest),) if value.is_extent else value.runs, None)


def _close(text: str, runs: tuple[Bounds, ...], support: tuple[date, date] | None) -> Runs:
    if support is None and any(None in run for run in runs):
        message = f"{text!r} is open, and an open end has no probability: give support=(first day, last day)"
        raise ValueError(message)
    since, until = support or (None, None)
    closed = [((low or since).toordinal(), (high or until).toordinal()) for low, high in runs]
    if any(low > high for low, high in closed):
        raise ValueError(f"{text!r} has no day within the support from {since} to {until}")
    return closed


def _n_days(runs: Runs) -> int:
    return sum(high - low + 1 for low, high in runs)


def _share_of_pairs(count: Callable[[int, int, int, int], int], one: Runs, other: Runs) -> Fraction:
    n_pairs = sum(count(*run, *another) for run, another in product(one, other))
    return Fraction(n_pairs, _n_days(one) * _n_days(other))


def _n_before(l1: int, u1: int, l2: int, u2: int) -> int:
    return _triangle(u2 - l1) - _triangle(u2 - u1 - 1) - _triangle(l2 - l1 - 1) + _triangle(l2 - u1 - 2)


def _triangle(x: int) -> int:
    return x * (x + 1) // 2 if x > 0 else 0


def _n_same(l1: int, u1: int, l2: int, u2: int) -> int:
    return max(0, min(u1, u2) - max(l1, l2) + 1)


def _weights(text: str, runs: Runs, weight: Weight) -> dict[int, Fraction]:
    days = (day for low, high in runs for day in range(low, high + 1))
    weights = {day: Fraction(weight(date.fromordinal(day))) for day in days}
    if min(weights.values()) < 0 or not any(weights.values()):
        raise ValueError(f"the days of {text!r} need weights that are not negative and not all 0")
    return weights
