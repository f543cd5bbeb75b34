"""EDTF values against bounds worked out by hand, against sets of days, and against another parser."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from r2p_analysis import dates


def day(text):
    return date.fromisoformat(text) if text else None


def span(text):
    """Bounds written as "from to"; "-" stands for no bound."""
    low, high = (part.strip("-") and date.fromisoformat(part) for part in text.split())
    return low or None, high or None


# One unknown day: first and last day have the same bounds.
ONE_DAY = {
    "2012-03-29": "2012-03-29 2012-03-29",
    "2012-02-29": "2012-02-29 2012-02-29",
    "2012-12-31": "2012-12-31 2012-12-31",
    "0001-01-01": "0001-01-01 0001-01-01",
    "9999-12-31": "9999-12-31 9999-12-31",
    "2012-01": "2012-01-01 2012-01-31",
    "2012-02": "2012-02-01 2012-02-29",
    "2013-02": "2013-02-01 2013-02-28",
    "1900-02": "1900-02-01 1900-02-28",
    "2012-04": "2012-04-01 2012-04-30",
    "2012-12": "2012-12-01 2012-12-31",
    "9999-12": "9999-12-01 9999-12-31",
    "2012-03-XX": "2012-03-01 2012-03-31",
    "2012": "2012-01-01 2012-12-31",
    "2012-XX": "2012-01-01 2012-12-31",
    "2012-XX-XX": "2012-01-01 2012-12-31",
    "0001": "0001-01-01 0001-12-31",
    "9999": "9999-01-01 9999-12-31",
    "201X": "2010-01-01 2019-12-31",
    "19XX": "1900-01-01 1999-12-31",
    "20XX": "2000-01-01 2099-12-31",
    # seasons without a hemisphere are northern
    "2012-21": "2012-03-01 2012-05-31",
    "2012-22": "2012-06-01 2012-08-31",
    "2012-23": "2012-09-01 2012-11-30",
    "2012-24": "2012-12-01 2013-02-28",
    "2011-24": "2011-12-01 2012-02-29",
    # northern, southern
    "2012-25": "2012-03-01 2012-05-31",
    "2012-26": "2012-06-01 2012-08-31",
    "2012-27": "2012-09-01 2012-11-30",
    "2012-28": "2012-12-01 2013-02-28",
    "2012-29": "2012-09-01 2012-11-30",
    "2012-30": "2012-12-01 2013-02-28",
    "2012-31": "2012-03-01 2012-05-31",
    "2012-32": "2012-06-01 2012-08-31",
    # quarters, thirds, halves
    "2012-33": "2012-01-01 2012-03-31",
    "2012-34": "2012-04-01 2012-06-30",
    "2012-35": "2012-07-01 2012-09-30",
    "2012-36": "2012-10-01 2012-12-31",
    "2012-37": "2012-01-01 2012-04-30",
    "2012-38": "2012-05-01 2012-08-31",
    "2012-39": "2012-09-01 2012-12-31",
    "2012-40": "2012-01-01 2012-06-30",
    "2012-41": "2012-07-01 2012-12-31",
    "9999-41": "9999-07-01 9999-12-31",
    # qualifiers do not widen
    "2014?": "2014-01-01 2014-12-31",
    "2012~": "2012-01-01 2012-12-31",
    "2012%": "2012-01-01 2012-12-31",
    "2012-03~": "2012-03-01 2012-03-31",
    "2012-03-29?": "2012-03-29 2012-03-29",
    "2012-21~": "2012-03-01 2012-05-31",
    "19XX?": "1900-01-01 1999-12-31",
    # sets: one day out of several
    "[2014-09-08..2014-12-31]": "2014-09-08 2014-12-31",
    "[2012..2015-05-29]": "2012-01-01 2015-05-29",
    "[2012-03-15..2012-03]": "2012-03-15 2012-03-31",
    "[2012-03..2012-04]": "2012-03-01 2012-04-30",
    "[2012-24..2013-21]": "2012-12-01 2013-05-31",
    "[2012..2012]": "2012-01-01 2012-12-31",
    "[..2014-09-08]": "- 2014-09-08",
    "[..2014]": "- 2014-12-31",
    "[2012-03..]": "2012-03-01 -",
    "[2012]": "2012-01-01 2012-12-31",
    "[2012,2015]": "2012-01-01 2015-12-31",
    "[2015,2012]": "2012-01-01 2015-12-31",
    "[2012, 2015]": "2012-01-01 2015-12-31",
    "[2012-03-29,2013..2014,2016-02]": "2012-03-29 2016-02-29",
    "[..2012,2015]": "- 2015-12-31",
    "[2012,2015..]": "2012-01-01 -",
    "[2012?..2013~]": "2012-01-01 2013-12-31",
}

# What lasted: bounds of the first day, bounds of the last day.
LASTED = {
    "2008-03-31/2008-04-01": ("2008-03-31 2008-03-31", "2008-04-01 2008-04-01"),
    "2012-03-29/2012-03-29": ("2012-03-29 2012-03-29", "2012-03-29 2012-03-29"),
    "2012/2014": ("2012-01-01 2012-12-31", "2014-01-01 2014-12-31"),
    "2012-03/2012-05-02": ("2012-03-01 2012-03-31", "2012-05-02 2012-05-02"),
    "19XX/2012": ("1900-01-01 1999-12-31", "2012-01-01 2012-12-31"),
    "2012-21/2012-24": ("2012-03-01 2012-05-31", "2012-12-01 2013-02-28"),
    "2012?/2014~": ("2012-01-01 2012-12-31", "2014-01-01 2014-12-31"),
    # ends that overlap bound each other: it cannot end before it begins
    "2012/2012": ("2012-01-01 2012-12-31", "2012-01-01 2012-12-31"),
    "2012/2012-03": ("2012-01-01 2012-03-31", "2012-03-01 2012-03-31"),
    "2012-03-15/2012-03": ("2012-03-15 2012-03-15", "2012-03-15 2012-03-31"),
    "2012-03/2012": ("2012-03-01 2012-03-31", "2012-03-01 2012-12-31"),
    "2012-10/2012": ("2012-10-01 2012-10-31", "2012-10-01 2012-12-31"),
    "2012/2012-03-05": ("2012-01-01 2012-03-05", "2012-03-05 2012-03-05"),
    # open and unknown ends
    "2012-03/..": ("2012-03-01 2012-03-31", "2012-03-01 -"),
    "2012-03/": ("2012-03-01 2012-03-31", "2012-03-01 -"),
    "../2015": ("- 2015-12-31", "2015-01-01 2015-12-31"),
    "/2015": ("- 2015-12-31", "2015-01-01 2015-12-31"),
    # on each of several dates: from a day of the earliest to a day of the latest
    "{2012,2015}": ("2012-01-01 2012-12-31", "2015-01-01 2015-12-31"),
    "{2015, 2012}": ("2012-01-01 2012-12-31", "2015-01-01 2015-12-31"),
    "{2012-03,2012-06-12,2012-04}": ("2012-03-01 2012-03-31", "2012-06-12 2012-06-12"),
    "{2012}": ("2012-01-01 2012-12-31", "2012-01-01 2012-12-31"),
    "{2012?,2013~}": ("2012-01-01 2012-12-31", "2013-01-01 2013-12-31"),
    "{1667,1668,1670..1672}": ("1667-01-01 1667-12-31", "1672-01-01 1672-12-31"),
    "{2012-24,2012-12-05}": ("2012-12-01 2012-12-05", "2012-12-05 2013-02-28"),
    "{..2014}": ("- 2014-12-31", "2014-01-01 2014-12-31"),
    "{2012,..2014-03}": ("- 2012-12-31", "2014-03-01 2014-03-31"),
    "{2012..,2010}": ("2010-01-01 2010-12-31", "2012-01-01 -"),
}

QUALIFIERS = {
    "2012": "",
    "2014?": "?",
    "2012~": "~",
    "2012-03%": "%",
    "2012?/2013~": "?~",
    "2012?/2013?": "?",
    "2012/2013": "",
    "../2013?": "?",
    "[2012?..2013]": "?",
    "[2012..2013~]": "~",
    "[2012~,2013?,2014~]": "~?",
    "[2012,2013]": "",
    "{2012~,2013?,2014~}": "~?",
    "{2012%..2013}": "%",
}

RUNS = {
    "2012-03": ["2012-03-01 2012-03-31"],
    "2012/2014": ["2012-01-01 2012-12-31"],
    "[2012..2013]": ["2012-01-01 2013-12-31"],
    "[2015,2012-03]": ["2012-03-01 2012-03-31", "2015-01-01 2015-12-31"],
    "[2012,2013]": ["2012-01-01 2013-12-31"],  # no day lies between
    "[2012-03-01,2012-03-02]": ["2012-03-01 2012-03-02"],
    "[2012-03-01,2012-03-03]": ["2012-03-01 2012-03-01", "2012-03-03 2012-03-03"],
    "[2012,2012-03]": ["2012-01-01 2012-12-31"],
    "[2012-03..2012-05,2012-04..2012-07]": ["2012-03-01 2012-07-31"],
    "[..2010,2012]": ["- 2010-12-31", "2012-01-01 2012-12-31"],
    "[2009,..2010]": ["- 2010-12-31"],
    "[..2010,..2012]": ["- 2012-12-31"],
    "[..2010,2011..]": ["- -"],
    "[2012..,2014]": ["2012-01-01 -"],
    "[2010,2012..]": ["2010-01-01 2010-12-31", "2012-01-01 -"],
    "[9998-12,9999]": ["9998-12-01 9999-12-31"],
}

FAULTY = {
    "is not an EDTF date": [
        "", " ", "spring 2012", "29 March 2012", "2012-3", "2012/3", "12-03-29", "20120329", "2012 ", " 2012", "2012\n",
        "2012-03-29-01", "2012?~", "?2012", "2012-?03", "2012-03?-29", "Y2012", "XXXX",
        "2XXX", "2012-0X", "..", "2012..2013", "2012/[2013..2014]", "[2012/2013]", "[]", "{}", "{2012,}",
        "{2012/2013}", "{[2012..2013]}", "[{2012,2013}]", "{2012..2013..2014}", "[2012,]",
        "[,2012]", "[2012,,2013]", "[.. 2012]", "[2012\t,2013]", "[2012..2013..2014]", "[2012...2013]", "[[2012]]",
        "\uff12\uff10\uff11\uff12", "\u0662\u0660\u0661\u0662", "2012\u201303", "[....2012]", "nan",
    ],
    "is not an interval of two dates": ["/", "../..", "../", "/..", "2012/2013/2014", "2012//2013"],
    "is a set without a date": ["[..]", "[..,2012]", "[....]", "[2012....]", "{..}", "{2012,..}"],
    "does not end with its closing bracket": ["[2012..2013", "[", "[2012..2013]?", "[2012] ", "{2012,2013", "{2012]",
        "[2012}"],
    "has a time of day, and a day is the finest date here": ["2012-03-29T10:00:00", "2012-03-29T10:00:00Z"],
    "has a year outside 0001 to 9999": ["-0044", "-0044-03", "Y17000", "Y-17000"],
    "has no such day": [
        "2012-00", "2012-13", "2012-20", "2012-42", "2012-99", "2012-02-30", "2013-02-29", "1900-02-29", "2012-04-31",
        "2012-03-00", "2012-03-32", "2012-21-01", "2012-21-XX", "2012-XX-12", "0000", "0000-01", "000X", "9999-24",
        "2012/2012-02-30", "[2012-02-30..2013]",
    ],
    "has a month in an unspecified year": ["19XX-03", "201X-XX", "201X-21", "19XX-03-29"],
    "ends before it begins": ["2013/2012", "2012-03-29/2012-03-28", "2012-04/2012-03", "2012-29/2012-08", "2013?/2012"],
    "runs backwards": ["[2013..2012]", "[2012-03-29..2012-03-28]", "[2010,2013..2012]", "{2013..2012}"],
}  # fmt: skip

FORMS = [
    "2012", "2012-03", "2012-03-29", "2012-21", "201X", "19XX", "2012-XX", "2012-03-XX",
    "a/b", "a/..", "../b", "a/", "/b", "[a..b]", "[..b]", "[a..]", "[a,b]", "{a,b}", "{a..b}",
]  # fmt: skip


@pytest.mark.parametrize("text", ONE_DAY)
def test_one_day_bounds(text):
    value = dates.parse(text)
    assert (value.first, value.last) == (span(ONE_DAY[text]), span(ONE_DAY[text]))
    assert not value.is_extent


@pytest.mark.parametrize("text", LASTED)
def test_extent_bounds(text):
    value = dates.parse(text)
    assert (value.first, value.last) == (span(LASTED[text][0]), span(LASTED[text][1]))
    assert value.is_extent


@pytest.mark.parametrize(("text", "low", "high"), [
    ("2012-03", "2012-03-01", "2012-03-31"),
    ("2012/2014-05", "2012-01-01", "2014-05-31"),
    ("[2012,2015]", "2012-01-01", "2015-12-31"),
    ("[..2014]", None, "2014-12-31"),
    ("2012/..", "2012-01-01", None),
    ("../2015", None, "2015-12-31"),
])  # fmt: skip
def test_bounds_are_earliest_and_latest_day(text, low, high):
    assert dates.bounds(text) == (day(low), day(high))
    assert (dates.parse(text).earliest, dates.parse(text).latest) == (day(low), day(high))


@pytest.mark.parametrize("text", QUALIFIERS)
def test_qualifiers_are_kept_once_each(text):
    assert dates.parse(text).qualifier == QUALIFIERS[text]


@pytest.mark.parametrize("text", RUNS)
def test_runs_of_possible_first_days(text):
    assert dates.parse(text).runs == tuple(span(run) for run in RUNS[text])


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in FAULTY.items() for text in texts])
def test_faulty_dates_are_refused_with_the_rule_and_the_allowed_forms(rule, text):
    with pytest.raises(ValueError, match="forms that can be read") as caught:
        dates.parse(text)
    message = str(caught.value)
    assert message.startswith(f"{text!r} {rule}")
    assert all(form in message for form in FORMS)


@pytest.mark.parametrize("text", ["08/09/2014", "8/9/14", "08-09-2014", "8.9.2014"])
def test_a_day_first_or_month_first_date_says_what_to_write(text):
    with pytest.raises(
        ValueError, match="day-first or month-first, which cannot be told apart: write it as in 2014-09"
    ):
        dates.parse(text)


@pytest.mark.parametrize("text", ["2014/09/08", "2014.9.8"])
def test_a_date_with_other_signs_than_hyphens_says_what_to_write(text):
    with pytest.raises(ValueError, match="has no hyphens between its parts: write it as in 2014-09-08"):
        dates.parse(text)


def test_a_single_text_is_no_list_of_reports():
    with pytest.raises(ValueError, match=r"give a list, as in \['2012'\]"):
        dates.refine("2012")


@pytest.mark.parametrize("cell", [None, float("nan"), 2012, date(2012, 1, 1)])
def test_what_is_no_text_is_refused(cell):
    with pytest.raises(ValueError, match="is not an EDTF date"):
        dates.parse(cell)


@pytest.mark.parametrize("form", FORMS)
def test_the_forms_that_the_message_lists_can_be_read(form):
    assert dates.parse(form.replace("a", "2012").replace("b", "2013")).text


def test_a_value_keeps_its_text_and_can_be_a_key():
    assert dates.parse("2012-XX").text == "2012-XX"
    assert len({dates.parse("2012"), dates.parse("2012"), dates.parse("2012?")}) == 2


@pytest.mark.parametrize(("a", "b", "expected", "reverse"), [
    ("2012-03-28", "2012-03-29", "yes", "no"),
    ("2012-03-29", "2012-03-29", "no", "no"),
    ("2012", "2012", "possible", "possible"),
    ("2012", "2013", "yes", "no"),
    ("2012", "2012-03", "possible", "possible"),
    ("2012-12-31", "2012", "no", "possible"),  # no day of 2012 comes after its last
    ("2012", "2012-01-01", "no", "possible"),
    ("2012-02-28", "2012-21", "yes", "no"),
    ("2012-24", "2013-01", "possible", "possible"),
    ("2012/2014", "2013", "yes", "no"),  # first days count
    ("2012-03-01/2012-03-09", "2012-03-02", "yes", "no"),
    ("2012/2012-03", "2012-04", "yes", "no"),
    ("2012/..", "2013", "yes", "no"),
    ("../2012", "2013", "yes", "no"),
    ("../2012", "2012", "possible", "possible"),
    ("/2012", "2011", "possible", "possible"),
    ("[..2014-09-08]", "2014-09-09", "yes", "no"),
    ("[..2014-09-08]", "2014-09-08", "possible", "no"),
    ("[2012..]", "2011-12-31", "no", "yes"),
    ("[2012..]", "2013", "possible", "possible"),
    ("[2012..]", "[..2014]", "possible", "possible"),
    ("[2012,2015]", "2013", "possible", "possible"),
    ("[2012,2013]", "2014", "yes", "no"),
    ("2012?", "2013~", "yes", "no"),
])  # fmt: skip
def test_before(a, b, expected, reverse):
    assert (dates.before(a, b), dates.before(b, a)) == (expected, reverse)


@pytest.mark.parametrize(("texts", "expected"), [
    ([], None),
    (["2012"], "2012"),
    (["2012", "2012-03"], "2012-03"),
    (["2012-03-29", "2012", "2012-03"], "2012-03-29"),
    (["2011-08", "2012-04"], None),
    (["2012", "2012-03", "2012-04"], None),
    (["2012-03", "[2012-03-15..2012-04-15]"], None),  # overlap is not nesting
    (["2012-24", "2013-01"], "2013-01"),
    (["2012", "2012-24"], None),  # a winter ends in the next year
    (["[..2014-09-08]", "2012"], "2012"),
    (["[..2014-09-08]", "2014"], None),
    (["[..2014]", "[..2012]"], "[..2012]"),
    (["[2012..]", "2013"], "2013"),
    (["[2012..]", "[..2014]"], None),
    (["[2012..]", "[2010..]"], "[2012..]"),
    # a set has gaps
    (["[2012,2015]", "2012-03"], "2012-03"),
    (["[2012,2015]", "2013"], None),
    (["[2012,2015]", "[2012..2015]"], "[2012,2015]"),
    (["[2012,2015]", "2012/2015"], None),
    (["[2012,2013]", "2012-12-31/2013-01-01"], "2012-12-31/2013-01-01"),
    # what lasted: both ends have to nest, and a day does not narrow it
    (["2008", "2008-03-31/2008-04-01"], "2008-03-31/2008-04-01"),
    (["2008-03", "2008-03-31/2008-04-01"], None),
    (["2012/2014", "2012-03/2014-05"], "2012-03/2014-05"),
    (["2012/2014", "2013-01/2013-05"], None),
    (["2012/2014", "2013"], None),
    (["2012-03-05/2012-03-09", "2012-03-05"], None),
    (["2012/..", "2012-03/2015"], "2012-03/2015"),
    (["2012/..", "2012"], "2012"),
    # on each of several dates is neither one day nor what lasted
    (["{2012-03,2012-06}", "2012"], "{2012-03,2012-06}"),
    (["{2012-03,2012-06}", "2012-04"], None),
    (["{2012-03,2012-06}", "{2012-03,2012-06}"], "{2012-03,2012-06}"),
    (["{2012,2014}", "2012/2014"], None),
    (["{2012,2014}", "{2012,2013,2014}"], None),
    (["{2012,2014}", "2012"], None),
    # of equals, the one without a qualifier, then the first as text
    (["2012?", "2012"], "2012"),
    (["2012~", "2012?"], "2012?"),
    (["2012-XX", "2012"], "2012"),
    (["2012-03?", "2012"], "2012-03?"),
    (["2012", "2012"], "2012"),
])  # fmt: skip
def test_refine(texts, expected):
    assert dates.refine(texts) == expected
    assert dates.refine(texts[::-1]) == expected
    assert dates.refine(iter(texts)) == expected


@pytest.mark.parametrize("faulty", ["2012-3", "", None, float("nan")])
def test_refine_refuses_a_faulty_report(faulty):
    with pytest.raises(ValueError, match=f"^{faulty!r} is not an EDTF date"):
        dates.refine(["2012", faulty])


# ---- against sets of days: every value of a small calendar, spelt out as the pairs (first day, last day) it allows

FEBRUARY = [date(2012, 2, n) for n in range(1, 30)]
PARTS = {"2012-02": FEBRUARY} | {f"{d}": [d] for d in (*FEBRUARY[::7], date(2012, 3, 1), date(2012, 3, 4))}


def _days_between(low, high):
    return [low + timedelta(days=n) for n in range((high - low).days + 1)]


def _spelt_out():
    for a, days in PARTS.items():
        yield a, {(d, d) for d in days}
        for b, others in PARTS.items():
            yield f"[{a},{b}]", {(d, d) for d in {*days, *others}}
            yield f"{{{a},{b}}}", {(min(pair), max(pair)) for pair in product(days, others)}
            if min(days) <= max(others):
                yield f"{a}/{b}", {(first, last) for first in days for last in others if first <= last}
                yield f"[{a}..{b}]", {(d, d) for d in _days_between(min(days), max(others))}


PAIRS = dict(_spelt_out())
PAIR_OF_VALUES = st.tuples(st.sampled_from(sorted(PAIRS)), st.sampled_from(sorted(PAIRS)))
EVERYWHERE = settings(deadline=None, derandomize=True, max_examples=600)


@pytest.mark.parametrize("text", PAIRS)
def test_bounds_are_the_first_and_last_of_the_days_spelt_out(text):
    firsts, lasts = ([pair[i] for pair in PAIRS[text]] for i in (0, 1))
    value = dates.parse(text)
    assert value.first == (min(firsts), max(firsts))
    assert value.last == (min(lasts), max(lasts))
    assert sorted(set(firsts)) == [d for run in value.runs for d in _days_between(*run)]


@given(PAIR_OF_VALUES)
@EVERYWHERE
def test_before_is_yes_when_every_choice_of_first_days_agrees(texts):
    answers = {a < b for a, _ in PAIRS[texts[0]] for b, _ in PAIRS[texts[1]]}
    expected = "possible" if len(answers) == 2 else "yes" if answers == {True} else "no"
    assert dates.before(*texts) == expected


def _lies_within(inner, outer):
    if outer[0] == "{" or (inner[0] == "{" and "/" in outer):
        return inner == outer
    if "/" in outer:
        return all({pair[i] for pair in PAIRS[inner]} <= {pair[i] for pair in PAIRS[outer]} for i in (0, 1))
    return {d for pair in PAIRS[inner] for d in _days_between(*pair)} <= {first for first, _ in PAIRS[outer]}


@given(PAIR_OF_VALUES)
@EVERYWHERE
def test_refine_gives_a_report_that_lies_within_the_other(texts):
    a, b = texts
    nested = {a: _lies_within(a, b), b: _lies_within(b, a)}
    refined = dates.refine(texts)
    assert nested[refined] if refined else not any(nested.values())


# ---- properties of any value

DATE = st.sampled_from([text for text in ONE_DAY if "[" not in text])
END = st.one_of(DATE, st.sampled_from(["", ".."]))
VALUES = st.one_of(
    DATE,
    st.builds("{}/{}".format, END, END),
    st.builds("[{}..{}]".format, st.one_of(DATE, st.just("")), st.one_of(DATE, st.just(""))),
    st.lists(DATE, min_size=1, max_size=4).map(lambda parts: f"[{','.join(parts)}]"),
    st.lists(DATE, min_size=1, max_size=4).map(lambda parts: f"{{{','.join(parts)}}}"),
).filter(lambda text: _is_date(text))


def _is_date(text):
    try:
        return bool(dates.parse(text))
    except ValueError:
        return False


def _in_order(*days):
    stated = [d for d in days if d is not None]
    return stated == sorted(stated)


@given(VALUES)
@EVERYWHERE
def test_bounds_are_ordered(text):
    value = dates.parse(text)
    assert _in_order(*value.first)
    assert _in_order(*value.last)
    assert _in_order(value.first[0], value.last[0])
    assert _in_order(value.first[1], value.last[1])
    assert _in_order(*[d for run in value.runs for d in run])
    assert (value.runs[0][0], value.runs[-1][1]) == value.first


@given(VALUES, VALUES)
@EVERYWHERE
def test_before_cannot_hold_both_ways(a, b):
    answer, reverse = dates.before(a, b), dates.before(b, a)
    assert {answer, reverse} <= {"yes", "no", "possible"}
    assert (answer, reverse) not in {("yes", "yes"), ("yes", "possible"), ("possible", "yes")}


@given(st.lists(VALUES, min_size=1, max_size=4))
@EVERYWHERE
def test_refinement_lies_within_the_bounds_of_all(texts):
    refined = dates.refine(texts)
    if refined is None:
        assert len(set(texts)) > 1
        return
    assert refined in texts
    for low, high in map(dates.bounds, texts):
        assert low is None or dates.bounds(refined)[0] >= low
        assert high is None or dates.bounds(refined)[1] <= high


@given(st.one_of(st.text(), st.text("0123456789X-/.,[]{}?~% ", max_size=14)))
@settings(EVERYWHERE, max_examples=2000)
def test_parse_raises_nothing_but_value_error(text):
    if _is_date(text):
        assert dates.parse(text).text == text


# ---- against the edtf library, where it is right

# It ends winters with the year, pads unknown ends by ten years, and cannot read some forms.
CUT = {text for text in (*ONE_DAY, *LASTED) if any(winter in text for winter in ("-24", "-28", "-30"))}
PADDED = {text for text in LASTED if "" in text.split("/")}
UNREAD = {
    "{2012}",
    "{2012,..2014-03}",
    "{2012..,2010}",
    "2012-21~",
    "[2012]",
    "[2012..2015-05-29]",
    "[2012-03-15..2012-03]",
    "[2012?..2013~]",
}


def _oracle_day(day):
    return None if isinstance(day, float) else date(*day[:3])


@pytest.mark.filterwarnings("ignore")
def test_the_edtf_library_gives_the_same_bounds():
    edtf = pytest.importorskip("edtf")
    shared = [text for text in (*ONE_DAY, *LASTED) if text not in CUT | PADDED | UNREAD]
    assert len(shared) > 70
    for text in shared:
        value = edtf.parse_edtf(text)
        assert (_oracle_day(value.lower_strict()), _oracle_day(value.upper_strict())) == dates.bounds(text), text


@pytest.mark.filterwarnings("ignore")
def test_the_edtf_library_refuses_faulty_days_as_well():
    edtf = pytest.importorskip("edtf")
    for text in ("2012-13", "2012-42", "2012-3", "[2012,]"):
        with pytest.raises(edtf.parser.edtf_exceptions.EDTFParseException):
            edtf.parse_edtf(text)
