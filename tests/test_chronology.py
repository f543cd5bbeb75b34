"""Order and counts of events against rows worked out by hand and against a count of single days."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from r2p_analysis import dates
from r2p_analysis.chronology import counts_by_period, event_order, order_probabilities, rates
from tests.tiny import tiny_study

# date_edtf: earliest, latest, first_latest, last_earliest, precision, n_days
ROWS = {
    "2012-03-29": ("2012-03-29", "2012-03-29", "2012-03-29", "2012-03-29", "day", 1),
    "2012-03-29?": ("2012-03-29", "2012-03-29", "2012-03-29", "2012-03-29", "day", 1),
    "2008-03-31/2008-04-01": ("2008-03-31", "2008-04-01", "2008-03-31", "2008-04-01", "days", 1),
    "2008-03-31~/2008-04-01?": ("2008-03-31", "2008-04-01", "2008-03-31", "2008-04-01", "days", 1),
    "2012-02": ("2012-02-01", "2012-02-29", "2012-02-29", "2012-02-01", "month", 29),
    "2012-10": ("2012-10-01", "2012-10-31", "2012-10-31", "2012-10-01", "month", 31),
    "2012-12~": ("2012-12-01", "2012-12-31", "2012-12-31", "2012-12-01", "month", 31),
    "2012-02-XX": ("2012-02-01", "2012-02-29", "2012-02-29", "2012-02-01", "month", 29),
    "2012-21": ("2012-03-01", "2012-05-31", "2012-05-31", "2012-03-01", "season", 92),
    "2012-24?": ("2012-12-01", "2013-02-28", "2013-02-28", "2012-12-01", "season", 90),
    "2012-33": ("2012-01-01", "2012-03-31", "2012-03-31", "2012-01-01", "season", 91),
    "2012": ("2012-01-01", "2012-12-31", "2012-12-31", "2012-01-01", "year", 366),
    "2014?": ("2014-01-01", "2014-12-31", "2014-12-31", "2014-01-01", "year", 365),
    "2012-XX": ("2012-01-01", "2012-12-31", "2012-12-31", "2012-01-01", "year", 366),
    "2012-XX-XX%": ("2012-01-01", "2012-12-31", "2012-12-31", "2012-01-01", "year", 366),
    "201X": ("2010-01-01", "2019-12-31", "2019-12-31", "2010-01-01", "range", 3652),
    "19XX": ("1900-01-01", "1999-12-31", "1999-12-31", "1900-01-01", "range", 36524),
    "[2012-03-01..2012-03-31]": ("2012-03-01", "2012-03-31", "2012-03-31", "2012-03-01", "range", 31),
    "[2012,2014-02]": ("2012-01-01", "2014-02-28", "2014-02-28", "2012-01-01", "range", 394),
    "2012/2014": ("2012-01-01", "2014-12-31", "2012-12-31", "2014-01-01", "range", 366),
    "2012/2012-03": ("2012-01-01", "2012-03-31", "2012-03-31", "2012-03-01", "range", 91),
    "2012-03-29/2013": ("2012-03-29", "2013-12-31", "2012-03-29", "2013-01-01", "range", 1),
    "2012-03/..": ("2012-03-01", None, "2012-03-31", "2012-03-01", "open", 31),
    "../2012": (None, "2012-12-31", "2012-12-31", "2012-01-01", "open", None),
    "[..2014-09-08]": (None, "2014-09-08", "2014-09-08", None, "open", None),
    "[2012..]": ("2012-01-01", None, None, "2012-01-01", "open", None),
    "": (None, None, None, None, "none", None),
}
DERIVED = ["earliest", "latest", "first_latest", "last_earliest", "precision", "n_days"]
FREQUENCY = {"year": "Y", "quarter": "Q", "month": "M"}


def study_of(*texts, **columns):
    """Study with an event a, b, c ... for each date."""
    rows = [{"event_id": chr(97 + i), "date_edtf": text} for i, text in enumerate(texts)]
    return tiny_study(events=[row | {k: v[i] for k, v in columns.items()} for i, row in enumerate(rows)])


def as_dict(counts):
    """Cells that are not 0, as {column: {period: number}}."""
    return {c: {str(p): n for p, n in counts[c].items() if n} for c in counts if counts[c].any()}


# ---- event_order


@pytest.mark.parametrize("text", ROWS)
def test_a_date_gives_bounds_precision_and_days(text):
    row = event_order(study_of(text)).loc[0, DERIVED]
    *days, precision, n_days = ROWS[text]
    assert [None if pd.isna(cell) else str(cell.date()) for cell in row[:4]] == days
    assert row["precision"] == precision
    assert (None if pd.isna(row["n_days"]) else row["n_days"]) == n_days


def test_events_come_by_earliest_then_latest_day_then_id():
    texts = ["2013", "2012-03", "", "2012", "2012-01-01", "[..2009]", "2012-01-01", "2012/..", "../2008", ""]
    assert "".join(event_order(study_of(*texts))["event_id"]) == "egdhbaifcj"


def test_days_beyond_the_range_of_nanoseconds_are_kept():
    ordered = event_order(study_of("9999", "0001"))
    assert ordered["earliest"].astype("str").tolist() == ["0001-01-01", "9999-01-01"]
    assert ordered["latest"].dt.year.tolist() == [1, 9999]


def test_columns_of_events_are_kept_and_the_derived_ones_follow():
    study = study_of("2012", "2011", title=["A", "B"], ordinal=[2, None], kind=["speech", "forum"])
    ordered = event_order(study)
    assert list(ordered.columns) == [*study.events.columns, *DERIVED]
    assert ordered["title"].tolist() == ["B", "A"]
    assert ordered["ordinal"].dtype == "Int64"
    assert ordered["date_edtf"].dtype == "str"
    assert ordered.index.tolist() == [0, 1]
    assert {str(ordered[column].dtype) for column in DERIVED[:4]} == {"datetime64[s]"}
    assert ordered["n_days"].dtype == "Int64"


def test_codes_are_categories_in_the_order_of_the_descriptor():
    study = study_of("2012", "2011", kind=["speech", "conference"], status=["announced", "reported"])
    ordered = event_order(study)
    assert ordered["kind"].tolist() == ["conference", "speech"]
    for column in ("kind", "status", "basis"):
        assert ordered[column].cat.categories.tolist() == study.axis("events", column)
    precisions = ["day", "days", "month", "season", "year", "range", "open", "none"]
    assert ordered["precision"].cat.categories.tolist() == precisions


def test_the_study_stays_as_it_was_and_the_order_of_its_rows_does_not_matter():
    study = study_of("2013", "2012-03", "", "[..2009]", "2012")
    events = study.events.copy()
    ordered = event_order(study)
    shuffled = event_order(study.with_tables(events=events.iloc[[3, 0, 4, 2, 1]]))
    pd.testing.assert_frame_equal(study.events, events)
    pd.testing.assert_frame_equal(shuffled, ordered)


def test_no_events_give_no_rows_but_all_columns():
    ordered = event_order(tiny_study())
    assert len(ordered) == 0
    assert list(ordered.columns)[-6:] == DERIVED
    assert [str(ordered[column].dtype) for column in DERIVED] == ["datetime64[s]"] * 4 + ["category", "Int64"]


def test_a_table_of_ids_and_dates_is_enough():
    events = pd.DataFrame({"event_id": ["a", "b"], "date_edtf": ["2012", "2011"]})
    ordered = event_order(tiny_study().with_tables(events=events))
    assert list(ordered.columns) == ["event_id", "date_edtf", *DERIVED]
    assert ordered["event_id"].tolist() == ["b", "a"]


def test_a_date_that_cannot_be_read_is_named():
    with pytest.raises(ValueError, match="'spring 2012' is not an EDTF date"):
        event_order(study_of("2012", "spring 2012"))


# ---- counts_by_period


@pytest.mark.parametrize(("text", "period", "expected"), [
    ("2012-03-29", "year", {"2012": 1}),
    ("2012-03-29", "quarter", {"2012Q1": 1}),
    ("2012-03-29", "month", {"2012-03": 1}),
    ("2012", "year", {"2012": 1}),
    ("2012", "quarter", {"2012Q1": 91 / 366, "2012Q2": 91 / 366, "2012Q3": 92 / 366, "2012Q4": 92 / 366}),
    ("2012-24", "year", {"2012": 31 / 90, "2013": 59 / 90}),
    ("2012-24", "month", {"2012-12": 31 / 90, "2013-01": 31 / 90, "2013-02": 28 / 90}),
    ("2012-31", "quarter", {"2012Q1": 31 / 92, "2012Q2": 61 / 92}),
    ("[2012-12-31..2013-01-02]", "year", {"2012": 1 / 3, "2013": 2 / 3}),
    ("[2012-12-30,2014-01-01,2014-01-02]", "year", {"2012": 1 / 3, "2014": 2 / 3}),  # no day of 2013
    ("2012-12-31/2013-01-30", "year", {"2012": 1}),  # it began in 2012
    ("2012/2014", "year", {"2012": 1}),
    ("2012-12/..", "month", {"2012-12": 1}),
    ("2012-03-29~", "year", {"2012": 1}),
])  # fmt: skip
def test_an_event_is_split_by_its_possible_first_days(text, period, expected):
    counts = counts_by_period(study_of(text).events, period)
    assert as_dict(counts) == {"n_events": pytest.approx(expected, abs=1e-15)}
    assert counts.attrs["n_left_out"] == 0


def test_all_periods_between_the_first_and_the_last_are_there():
    counts = counts_by_period(study_of("2012-11-05", "2013-02-01", "2012-11-30").events, "month")
    assert counts.index.astype("str").tolist() == ["2012-11", "2012-12", "2013-01", "2013-02"]
    assert counts["n_events"].tolist() == [2, 0, 0, 1]
    assert counts.index.name == "period"
    by_year = counts_by_period(study_of("2015-11-05", "2012").events)
    assert by_year["n_events"].tolist() == [1, 0, 0, 1]
    by_quarter = counts_by_period(study_of("2012-11-05", "2013-06-01").events, "quarter")
    assert by_quarter["n_events"].tolist() == [1, 0, 1]


def test_events_without_a_bounded_first_day_are_left_out_and_counted():
    events = study_of("2012", "", "[..2014]", "../2012", "[2012..]", "2012/..").events
    counts = counts_by_period(events)
    assert as_dict(counts) == {"n_events": {"2012": 2}}
    assert counts.attrs["n_left_out"] == 4


def test_codes_keep_their_axis_with_columns_that_no_event_fills():
    study = study_of("2012", "2012", "2014", kind=["visit", "speech", "visit"])
    counts = counts_by_period(event_order(study), by="kind")
    assert list(counts.columns) == study.axis("events", "kind")
    assert counts.columns.name == "kind"
    assert as_dict(counts) == {"speech": {"2012": 1}, "visit": {"2012": 1, "2014": 1}}


def test_other_columns_are_sorted_and_have_a_column_for_empty_cells_and_for_undated_events():
    events = study_of("2012", "2013", "2013", "", country_iso3=["USA", "", "ARG", "MEX"]).events
    counts = counts_by_period(events, by="country_iso3")
    assert list(counts.columns) == ["ARG", "MEX", "USA", "none given"]
    assert as_dict(counts) == {"ARG": {"2013": 1}, "USA": {"2012": 1}, "none given": {"2013": 1}}
    assert counts.attrs["n_left_out"] == 1


@pytest.mark.parametrize("texts", [[], ["", "[..2014]"]])
def test_nothing_to_count_gives_columns_without_rows(texts):
    ordered = event_order(study_of(*texts))
    for period, freq in FREQUENCY.items():
        for by, width in ((None, 1), ("kind", 20)):
            counts = counts_by_period(ordered, period, by)
            assert counts.shape == (0, width)
            assert (counts.index.name, counts.columns.name) == ("period", by)
            assert counts.index.dtype == pd.PeriodIndex([], freq=freq).dtype
            assert {str(dtype) for dtype in counts.dtypes} == {"float64"}
            assert counts.attrs["n_left_out"] == len(texts)


def test_the_index_and_the_order_of_the_rows_do_not_matter():
    events = study_of("2012", "2012-21", "[2012-12-30..2013-01-05]", "201X", "2012-24", kind=["visit"] * 5).events
    counts = counts_by_period(events, "month", "kind")
    for order in ([4, 3, 2, 1, 0], [2, 0, 4, 1, 3]):
        pd.testing.assert_frame_equal(counts_by_period(events.iloc[order], "month", "kind"), counts, check_exact=True)


def test_unknown_period_or_column_names_what_is_allowed():
    events = study_of("2012").events
    with pytest.raises(ValueError, match=r"period 'years': did you mean 'year'\? allowed: year, quarter, month"):
        counts_by_period(events, "years")
    with pytest.raises(ValueError, match=r"unknown column of events 'kinds': did you mean 'kind'\?"):
        counts_by_period(events, by="kinds")
    with pytest.raises(ValueError, match=r"events need a column 'date_edtf', or .*; the table has: event_id, "):
        counts_by_period(events.drop(columns="date_edtf"))


# ---- against a count of single days

DATES = (
    "2012-03-29 2012 2013-02 2012-24 2012-29 201X 2013? 2012-12/2014 2013/2013-02-03 2012/.. "
    "[2012-12-30..2013-01-02] [2012-02-29,2013-02-28] [2011,2013-05] [..2012] ../2012 [2012..]"
)
TEXTS = st.sampled_from([*DATES.split(), ""])
NAME = {
    "year": lambda day: f"{day:%Y}",
    "quarter": lambda day: f"{day:%Y}Q{(day.month + 2) // 3}",
    "month": lambda day: f"{day:%Y-%m}",
}


def _first_days(text):
    runs = dates.parse(text).runs if text else [(None, None)]
    if None in runs[0] + runs[-1]:
        return []
    return [low + timedelta(days=n) for low, high in runs for n in range((high - low).days + 1)]


@given(st.lists(TEXTS, max_size=6), st.sampled_from(sorted(NAME)))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_counts_are_sums_of_equal_shares_of_days(texts, period):
    expected = {}
    for text in texts:
        days = [NAME[period](day) for day in _first_days(text)]
        for name, n in Counter(days).items():
            expected[name] = expected.get(name, 0) + Fraction(n, len(days))
    counts = counts_by_period(study_of(*texts).events, period)
    found = as_dict(counts).get("n_events", {})
    assert found == pytest.approx({name: float(n) for name, n in expected.items()}, abs=1e-12)
    assert counts["n_events"].sum() == pytest.approx(len(texts) - counts.attrs["n_left_out"], abs=1e-9)


# ---- order_probabilities


def possible_first_days(text):
    """Each possible first day, as a number; None where there is no date."""
    return text and [low.toordinal() + n for low, high in dates.parse(text).runs for n in range((high - low).days + 1)]


def share_of_earlier_pairs(a, b):
    if not (a and b):
        return np.nan
    pairs = np.less.outer(possible_first_days(a), possible_first_days(b))
    return pairs.sum() / pairs.size


DATED = ["2012-03-29", "2012-06", "2012-06", "2012-24", "2012", "2010-10-14/2010-10-16", "2012/..", "{2012-05,2012-06}",
         "[2012-06-01,2012-06-05]", "[2011,2012-07,2013-02..2013-04]", "2012?", "1990", "0001"]  # fmt: skip


@given(st.lists(st.sampled_from([*DATED, None]), max_size=12))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_order_probabilities_are_shares_of_the_pairs_of_days(texts):
    p = order_probabilities(pd.DataFrame({"date_edtf": pd.Series(texts, dtype="str")}))
    expected = np.array([[share_of_earlier_pairs(a, b) for b in texts] for a in texts]).reshape(p.shape)
    # An event does not begin before itself.
    np.fill_diagonal(expected, [0.0 if text else np.nan for text in texts])
    assert p.dtype == "float64"
    np.testing.assert_array_equal(p, expected)


def test_june_against_june_and_a_year_against_the_next_by_hand():
    p = order_probabilities(pd.DataFrame({"date_edtf": ["2012-06", "2012-06", "2013-04"]}, index=[7, 7, 7]))
    assert p.tolist() == [[0, 29 / 60, 1], [29 / 60, 0, 1], [0, 0, 0]]


def test_blocks_of_rows_do_not_show():
    rng = np.random.default_rng(1)
    days = [f"{y}-{m:02d}" for y, m in zip(rng.integers(2000, 2020, 700), rng.integers(1, 13, 700), strict=True)]
    texts = [f"[{a},{b}]" if i % 3 == 0 else a for i, (a, b) in enumerate(zip(days, days[::-1], strict=True))]
    p = order_probabilities(pd.DataFrame({"date_edtf": texts}))
    for i, j in rng.integers(0, 700, (300, 2)):
        assert p[i, j] == (0 if i == j else share_of_earlier_pairs(texts[i], texts[j]))


@pytest.mark.parametrize("convert", [
    lambda days: days,
    lambda days: pd.array(days, dtype="datetime64[s]"),
    lambda days: [day and date.fromisoformat(day) for day in days],
])  # fmt: skip
def test_earliest_and_latest_are_one_unknown_day(convert):
    events = pd.DataFrame(
        {
            "earliest": convert(["2012-06-01", "2012-06-01", None, "0001-01-01"]),
            "latest": convert(["2012-06-30", "2012-06-30", None, "0001-12-31"]),
        }
    )
    p = order_probabilities(events)
    nan = np.nan
    expected = [[0, 29 / 60, nan, 0], [29 / 60, 0, nan, 0], [nan] * 4, [1, 1, nan, 0]]
    np.testing.assert_array_equal(p, expected)


def test_open_first_days_have_no_probability_unless_a_support_closes_them():
    support = (date(2012, 6, 1), date(2012, 6, 30))
    events = pd.DataFrame({"date_edtf": ["[..2012-06-10]", "2012-06-06", None]})
    p = order_probabilities(events)
    assert np.isnan(p).tolist() == [[True] * 3, [True, False, True], [True] * 3]
    assert order_probabilities(events, support)[:2, :2].tolist() == [[0, 0.5], [0.4, 0]]
    assert np.isnan(order_probabilities(events, support)[2]).all()
    bounds = pd.DataFrame({"earliest": [None, "2012-06-06", None], "latest": ["2012-06-10", "2012-06-06", None]})
    np.testing.assert_array_equal(order_probabilities(bounds), p)
    np.testing.assert_array_equal(order_probabilities(bounds, support), order_probabilities(events, support))


def test_the_dates_of_a_table_from_event_order_count_and_not_its_bounds():
    # It lasted, so its first day is known though earliest and latest differ.
    ordered = event_order(study_of("2010-10-14/2010-10-16", "2010-10-15"))
    assert order_probabilities(ordered).tolist() == [[0, 1], [0, 0]]


def test_no_events_have_no_pairs_and_the_table_is_left_as_it_was():
    events = pd.DataFrame({"date_edtf": ["2012", None]})
    before = events.copy()
    assert order_probabilities(events).shape == (2, 2)
    pd.testing.assert_frame_equal(events, before)
    assert order_probabilities(events[:0]).shape == (0, 0)
    assert order_probabilities(pd.DataFrame({"earliest": [], "latest": []})).shape == (0, 0)
    assert np.isnan(order_probabilities(events[1:])).tolist() == [[True]]


@pytest.mark.parametrize(("columns", "support", "reason"), [
    ({"earliest": ["2012-06-02"]}, None, "'date_edtf', or 'earliest' and 'latest'; the table has: earliest"),
    ({"earliest": ["2012-06-02"], "latest": ["2012-06-01"]}, None, "row 'a' has no day between"),
    ({"date_edtf": ["[2013..]"]}, (date(2012, 6, 1), date(2012, 6, 30)), "row 'a' has no day between"),
    ({"date_edtf": ["spring 2012"]}, None, "is not an EDTF date"),
])  # fmt: skip
def test_tables_without_an_order_are_refused(columns, support, reason):
    with pytest.raises(ValueError, match=reason):
        order_probabilities(pd.DataFrame(columns, index=["a"]), support)


@pytest.mark.parametrize("read", [order_probabilities, rates])
@pytest.mark.parametrize(
    "cell", [2012, "2012", "03/04/2012", "2012-03-04 23:00", "soon", pd.Timestamp("2012-03-04T23:00Z")]
)
def test_a_bound_that_is_no_day_is_refused_and_never_guessed(read, cell):
    with pytest.raises(ValueError, match=r"column 'earliest': .*2012.* cannot be read|'soon' cannot be read"):
        read(pd.DataFrame({"earliest": [cell], "latest": [cell]}))
