"""Probabilities, Allen relations, durations and gaps against every choice of days, enumerated, and by hand."""

from calendar import monthrange
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from r2p_analysis import dates

QUIET = settings(deadline=None, derandomize=True, max_examples=300)


def days_between(low, high):
    return [low + timedelta(days=n) for n in range((high - low).days + 1)]


# ---- EDTF values built together with the pairs (first day, last day) that they allow, without the parser


def _month(year, month):
    days = [date(year, month, n + 1) for n in range(monthrange(year, month)[1])]
    return f"{year}-{month:02d}", days


def _season(year, code):
    months = {21: [(0, 3), (0, 4), (0, 5)], 24: [(0, 12), (1, 1), (1, 2)], 29: [(0, 9), (0, 10), (0, 11)]}[code]
    return f"{year}-{code}", [day for later, month in months for day in _month(year + later, month)[1]]


YEARS = st.integers(2011, 2013)
PARTS = st.one_of(
    st.dates(date(2011, 11, 1), date(2013, 3, 31)).map(lambda day: (day.isoformat(), [day])),
    st.builds(_month, YEARS, st.integers(1, 12)),
    st.builds(_season, YEARS, st.sampled_from([21, 24, 29])),
    YEARS.map(lambda year: (f"{year}", days_between(date(year, 1, 1), date(year, 12, 31)))),
)
QUALIFIED = st.builds(lambda part, mark: (part[0] + mark, part[1]), PARTS, st.sampled_from(["", "", "?", "~", "%"]))


def _extent(a, b):
    return f"{a[0]}/{b[0]}", {(x, y) for x in a[1] for y in b[1] if x <= y}


def _one_unknown_day(a, b):
    low, high = min(a[1]), max(b[1])
    return f"[{a[0]}..{b[0]}]", {(day, day) for day in days_between(low, high)} if low <= high else set()


def _one_of(parts):
    return f"[{','.join(text for text, _ in parts)}]", {(day, day) for _, days in parts for day in days}


def _all_of(a, b):
    return f"{{{a[0]},{b[0]}}}", {(min(pair), max(pair)) for pair in product(a[1], b[1])}


VALUES = st.one_of(
    QUALIFIED.map(lambda part: (part[0], {(day, day) for day in part[1]})),
    st.builds(_extent, QUALIFIED, QUALIFIED),
    st.builds(_one_unknown_day, QUALIFIED, QUALIFIED),
    st.lists(QUALIFIED, min_size=1, max_size=3).map(_one_of),
    st.builds(_all_of, PARTS, PARTS),
).filter(lambda value: value[1])


def first_days(value):
    return sorted({first for first, _ in value[1]})


def counted(a, b):
    """P(before), P(same), P(after) from every pair of possible first days."""
    signs = Counter((x > y) - (x < y) for x, y in product(first_days(a), first_days(b)))
    return [Fraction(signs[sign], signs.total()) for sign in (-1, 0, 1)]


def three(a, b, *rest, **options):
    return [ask(a, b, *rest, **options) for ask in (dates.p_before, dates.p_same, dates.p_after)]


# ---- probabilities


@given(VALUES, VALUES)
@QUIET
def test_probabilities_are_shares_of_all_pairs_of_first_days(a, b):
    assert three(a[0], b[0]) == counted(a, b)


@given(VALUES, VALUES)
@QUIET
def test_the_three_sum_to_one_and_agree_with_what_is_certain(a, b):
    before, same, after = three(a[0], b[0])
    assert before + same + after == 1
    assert {type(p) for p in (before, same, after)} == {Fraction}
    assert dates.before(a[0], b[0]) == {1: "yes", 0: "no"}.get(before, "possible")


F = Fraction
BY_HAND = [
    ("2012-06", "2012-06", [F(29, 60), F(1, 30), F(29, 60)]),
    ("2012", "2013-04", [1, 0, 0]),
    ("2013-04", "2012", [0, 0, 1]),
    ("2012-06-10", "2012-06", [F(20, 30), F(1, 30), F(9, 30)]),
    # what lasted begins on its first day, one unknown day is any of the three
    ("2010-10-14/2010-10-16", "2010-10-15", [1, 0, 0]),
    ("[2010-10-14..2010-10-16]", "2010-10-15", [F(1, 3), F(1, 3), F(1, 3)]),
    ("2010-10-14/..", "2010-10-15", [1, 0, 0]),
    ("2012-24", "2013-02", [F(62 * 28 + 28 * 27 // 2, 90 * 28), F(28, 90 * 28), F(28 * 27 // 2, 90 * 28)]),
    ("[2012-06-01,2012-06-05]", "2012-06-05", [F(1, 2), F(1, 2), 0]),
    # a month weighs as its days in a set, not as much as a day
    ("[2012-06,2012-08-31]", "2012-07", [F(30, 31), 0, F(1, 31)]),
    ("{2012-06-03,2012-06-01}", "2012-06-02", [1, 0, 0]),
    ("2012?", "2012~", [F(365, 732), F(1, 366), F(365, 732)]),
    ("0001", "9999", [1, 0, 0]),
]


@pytest.mark.parametrize(("a", "b", "expected"), BY_HAND)
def test_probabilities_worked_out_by_hand(a, b, expected):
    assert three(a, b) == expected
    assert three(b, a) == expected[::-1]


JUNE = (date(2012, 6, 1), date(2012, 6, 30))


def test_a_support_closes_open_ends_and_nothing_else():
    assert three("[..2012-06-10]", "2012-06-06", JUNE) == [F(5, 10), F(1, 10), F(4, 10)]
    assert three("[2012-06-21..]", "2012-06-30", JUNE) == [F(9, 10), F(1, 10), 0]
    assert three("../2012-06-10", "2012-06-06", JUNE) == [F(5, 10), F(1, 10), F(4, 10)]
    assert three("[..2012-06-01,2012-06-30..]", "2012-06-30", JUNE) == [F(1, 2), F(1, 2), 0]
    assert three("2012", "2012", JUNE) == three("2012", "2012")


@pytest.mark.parametrize("text", ["[..2012]", "[2012..]", "../2012", "/2012", "[..2010,2012]", "{..2012}"])
def test_an_open_first_day_has_no_probability_without_a_support(text):
    for ask in (dates.p_before, dates.p_same, dates.p_after):
        with pytest.raises(ValueError, match="is open, and an open end has no probability: give support"):
            ask(text, "2015")
        with pytest.raises(ValueError, match="is open"):
            ask("2015", text)


@pytest.mark.parametrize("text", ["[2012-07..]", "[..2012-05]"])
def test_an_open_date_outside_its_support_is_refused(text):
    with pytest.raises(ValueError, match="has no day within the support from 2012-06-01 to 2012-06-30"):
        dates.p_before(text, "2012", JUNE)


def test_weights_change_the_distribution_of_days():
    # June 2012 began on a Friday: 21 working days, the 1st the first of them, the 4th the second.
    working = {"weight": lambda day: day.weekday() < 5}
    assert three("2012-06", "2012-06", **working) == [F(10, 21), F(1, 21), F(10, 21)]
    assert three("2012-06-02/2012-06-30", "2012-06-04", weight=lambda day: 0.5) == [1, 0, 0]
    assert three("[2012-06-02..2012-06-04]", "2012-06-04", **working) == [0, 1, 0]


@given(VALUES, VALUES)
@settings(QUIET, max_examples=60)
def test_equal_weights_give_the_closed_form(a, b):
    assert three(a[0], b[0], weight=lambda day: F(2, 3)) == three(a[0], b[0])


@pytest.mark.parametrize("weight", [lambda day: 0, lambda day: 1 - day.day])
def test_weights_that_are_no_distribution_are_refused(weight):
    with pytest.raises(ValueError, match="the days of '2012-06' need weights that are not negative and not all 0"):
        dates.p_same("2012-06", "2012-06", weight=weight)


def test_the_share_of_messydates_is_not_the_probability():
    assert dates.messydates_share("2012-06", "2012-06-02") == F(1, 30)
    assert dates.messydates_share("2012-06", "2012-06") == 0
    assert dates.messydates_share("[2012-06-01,2012-06-03]", "2012-06-02") == F(1, 2)
    assert dates.messydates_share("2012-06-01/2012-06-04", "2012-06-02") == F(1, 4)
    assert dates.messydates_share("2012", "2013") == 1
    with pytest.raises(ValueError, match="is open"):
        dates.messydates_share("2012/..", "2013")


# ---- relations, durations, gaps

NAMES = (
    "before", "meets", "overlaps", "finished by", "contains", "starts", "equals",
    "started by", "during", "finishes", "overlapped by", "met by", "after",
)  # fmt: skip
# By the signs of (begins a - begins b, begins a - ends b, ends a - begins b, ends a - ends b), each ending a day late.
SIGNS = [
    (-1, -1, -1, -1), (-1, -1, 0, -1), (-1, -1, 1, -1), (-1, -1, 1, 0), (-1, -1, 1, 1), (0, -1, 1, -1),
    (0, -1, 1, 0), (0, -1, 1, 1), (1, -1, 1, -1), (1, -1, 1, 0), (1, -1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1),
]  # fmt: skip
BY_SIGNS = dict(zip(SIGNS, NAMES, strict=True))


def relation(a, b):
    (a1, a2), (b1, b2) = a, b
    a2, b2 = a2 + timedelta(days=1), b2 + timedelta(days=1)
    return BY_SIGNS[tuple((x > y) - (x < y) for x, y in ((a1, b1), (a1, b2), (a2, b1), (a2, b2)))]


WEEK = days_between(date(2012, 2, 27), date(2012, 3, 4))
SOME_DAYS = st.one_of(
    st.sampled_from(WEEK).map(lambda day: (day.isoformat(), [day])),
    st.just(("2012-02-27..2012-03-01", WEEK[:4])),
    st.just(("2012-02-29..2012-03-04", WEEK[2:])),
)
# A range can stand in a set, but is no end of an interval; there the month does that begins or ends in the week.
ENDS = st.one_of(
    st.sampled_from(WEEK).map(lambda day: (day.isoformat(), [day])),
    st.just(("2012-02", days_between(date(2012, 2, 1), date(2012, 2, 29)))),
)
SMALL = st.one_of(
    st.lists(SOME_DAYS, min_size=1, max_size=2).map(_one_of),
    st.builds(_extent, ENDS, ENDS),
).filter(lambda value: value[1])


@given(SMALL, SMALL)
@settings(QUIET, max_examples=400)
def test_relations_are_those_that_some_choice_of_days_gives(a, b):
    found = {relation(x, y) for x, y in product(a[1], b[1])}
    assert dates.relations(a[0], b[0]) == tuple(name for name in NAMES if name in found)


@pytest.mark.parametrize(("a", "b", "expected"), [
    ("2012-03-01/2012-03-04", "2012-03-05/2012-03-06", "meets"),
    ("2012-03-01/2012-03-04", "2012-03-06", "before"),
    ("2012-03-01/2012-03-04", "2012-03-04/2012-03-06", "overlaps"),
    ("2012-03-01/2012-03-04", "2012-03-03/2012-03-04", "finished by"),
    ("2012-03-01/2012-03-04", "2012-03-02", "contains"),
    ("2012-03-01", "2012-03-01/2012-03-02", "starts"),
    ("2012-03-01", "2012-03-01", "equals"),
    ("2012/2014", "2015-02", "before"),
    ("2012/2014", "2013-02/2013-05", "contains"),
    ("{2012-03-01,2012-03-09}", "2012-03-05", "contains"),
    ("[..2010]", "2012", "before"),
    ("[..2010]", "2010-06-01", "before, meets, equals, met by, after"),
    ("2012/..", "2011-05-04", "after"),
    ("2012-03-05/..", "2012-03-05/2012-03-09", "starts, equals, started by"),
    ("../2012-03-05", "2012-03-05/2012-03-09", "overlaps, starts"),
])  # fmt: skip
def test_relations_by_hand(a, b, expected):
    assert ", ".join(dates.relations(a, b)) == expected
    converse = dict(zip(NAMES, NAMES[::-1], strict=True))
    assert set(dates.relations(b, a)) == {converse[name] for name in expected.split(", ")}


@given(VALUES)
@QUIET
def test_durations_are_those_of_the_shortest_and_longest_choice(value):
    lasted = {(last - first).days + 1 for first, last in value[1]}
    low, high = dates.duration(value[0])
    if value[0].startswith("{"):  # of dates that overlap only the bounds of the two ends are kept
        assert low <= min(lasted) <= max(lasted) <= high
    else:
        assert (low, high) == (min(lasted), max(lasted))


@given(VALUES, VALUES)
@QUIET
def test_gaps_are_those_of_the_nearest_and_farthest_choice(a, b):
    ends, begins = {last for _, last in a[1]}, {first for first, _ in b[1]}
    assert dates.gap(a[0], b[0]) == ((min(begins) - max(ends)).days, (max(begins) - min(ends)).days)


@pytest.mark.parametrize(("text", "expected"), [
    ("2010-10-14/2010-10-16", (3, 3)),
    ("[2010-10-14..2010-10-16]", (1, 1)),
    ("2012", (1, 1)),
    ("2012/2012", (1, 366)),
    ("2012-03/2012-05", (32, 92)),
    ("2012-03-10/..", (1, None)),
    ("../2012-03", (1, None)),
    ("[..2012]", (1, 1)),
    ("{2012-03-01,2012-03-03}", (3, 3)),
])  # fmt: skip
def test_durations_by_hand(text, expected):
    assert dates.duration(text) == expected


@pytest.mark.parametrize(("a", "b", "expected"), [
    ("2012-03-01", "2012-03-02", (1, 1)),
    ("2012-03-01", "2012-03-01", (0, 0)),
    ("2012-03-01/2012-03-09", "2012-03-05", (-4, -4)),
    ("2012", "2012", (-365, 365)),
    ("[..2012]", "2013-01-01", (1, None)),
    ("2012", "[2013..]", (1, None)),
    ("2012/..", "2013-01-01", (None, 366)),
    ("[..2012]", "[2011..]", (-730, None)),
    ("[2012..]", "[..2011]", (None, -1)),
    ("2012/..", "[..2011]", (None, -1)),
])  # fmt: skip
def test_gaps_by_hand(a, b, expected):
    assert dates.gap(a, b) == expected


def test_the_steps_of_a_chain_of_gaps_add_up_where_days_are_exact():
    chain = ["2000-09-14", "2001-12-18", "2012-04-03", "2014-09-08"]
    steps = [dates.gap(a, b)[0] for a, b in pairwise(chain)]
    assert (sum(steps), sum(steps)) == dates.gap(chain[0], chain[-1])
