"""Rates under uncertain dates against an enumeration of every assignment of days, and vintages worked out by hand."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from r2p_analysis import dates, load_study
from r2p_analysis.chronology import counts_by_period, rates, vintages
from r2p_analysis.chronology.periods import axis, bounded_runs, draw_days, edges
from r2p_analysis.chronology.rates import chances_interval
from r2p_analysis.external import ucdp
from tests.tiny import tiny_study


def events(*texts):
    return pd.DataFrame({"date_edtf": pd.Series(texts, dtype="str")})


def days_of(text):
    """Every possible first day, one at a time."""
    runs = dates.parse(text).runs
    return [first + timedelta(n) for first, last in runs for n in range((last - first).days + 1)]


NAMES = {
    "day": lambda d: d.isoformat(),
    "week": lambda d: (d - timedelta(d.weekday())).isoformat(),
    "month": lambda d: d.isoformat()[:7],
    "quarter": lambda d: f"{d.year}Q{(d.month + 2) // 3}",
    "year": lambda d: f"{d.year:04d}",
    "decade": lambda d: f"{d.year // 10}0",
}


def name_of(period, index):
    return index.start_time.date().isoformat() if period == "week" else str(index)


def laws_by_enumeration(texts, period):
    """Exact distribution of the number in each period, from every assignment of days to events."""
    shares = []
    for text in texts:
        days = days_of(text)
        names = [NAMES[period](day) for day in days]
        shares.append({name: Fraction(names.count(name), len(days)) for name in sorted(set(names))})
    laws = {}
    for choice in product(*(sorted(s) for s in shares)):
        weight = Fraction(1)
        for share, name in zip(shares, choice, strict=True):
            weight *= share[name]
        for name in {n for s in shares for n in s}:
            law = laws.setdefault(name, {})
            law[choice.count(name)] = law.get(choice.count(name), 0) + weight
    return laws


def interval(law, level):
    tail = (1 - level) / 2
    low = max(k for k in range(max(law) + 1) if sum(p for n, p in law.items() if n < k) <= tail)
    high = min(k for k in range(max(law) + 1) if sum(p for n, p in law.items() if n > k) <= tail)
    return low, high


TEXTS = st.sampled_from(
    ["2012-02-28", "2012-03", "2012", "2012-21", "[2012-12-30..2013-01-02]", "[2012-01-31,2012-02,2013-01]", "2012-24"]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=5), st.sampled_from(["month", "quarter", "year", "decade"]))
def test_numbers_are_those_of_every_assignment_of_days(texts, period):
    table = rates(events(*texts), period, level=0.9)
    laws = laws_by_enumeration(texts, period)
    for index, row in table.iterrows():
        law = laws.get(name_of(period, index), {0: Fraction(1)})
        assert row["n_expected"] == pytest.approx(float(sum(n * p for n, p in law.items())), abs=1e-12)
        assert (row["n_low"], row["n_high"]) == interval(law, Fraction(9, 10))
        assert (row["n_least"], row["n_most"]) == (min(law), max(law))
    assert set(laws) <= {name_of(period, index) for index in table.index}
    assert len(table) == len(pd.period_range(table.index[0], table.index[-1]))


@pytest.mark.parametrize("period", ["day", "week"])
def test_short_periods_are_those_of_every_assignment_of_days(period):
    texts = ["[2012-12-28..2013-01-02]", "2012-12-30", "[2012-12-29,2013-01-05..2013-01-09]"]
    table, laws = rates(events(*texts), period), laws_by_enumeration(texts, period)
    for index, row in table.iterrows():
        law = laws.get(name_of(period, index), {0: Fraction(1)})
        assert row["n_expected"] == pytest.approx(float(sum(n * p for n, p in law.items())))
        assert (row["n_low"], row["n_high"]) == interval(law, Fraction(19, 20))
        assert (row["n_least"], row["n_most"]) == (min(law), max(law))
    assert len(table) == {"day": 13, "week": 3}[period]


def test_the_distribution_of_many_equal_events_is_the_binomial_one():
    from scipy.stats import binom

    for n, tail in ((900, 0.025), (37, 0.005)):
        low, high = chances_interval(np.full(n, 0.3), tail)
        assert binom.cdf(low - 1, n, 0.3) <= tail < binom.cdf(low, n, 0.3)
        assert binom.sf(high, n, 0.3) <= tail < binom.sf(high - 1, n, 0.3)


def test_the_same_events_count_as_in_counts_by_period():
    table = load_study(layers=("coded", "reference")).events
    for period in ("year", "quarter", "month"):
        counts, found = counts_by_period(table, period), rates(table, period)
        pd.testing.assert_index_equal(found.index, counts.index)
        np.testing.assert_allclose(found["n_expected"], counts["n_events"], rtol=0, atol=1e-9)
        assert found.attrs["n_left_out"] == counts.attrs["n_left_out"]


def test_level_one_reaches_from_what_is_certain_to_what_is_possible():
    table = rates(events("2012", "2012", "2012-03-01", "2012-01"), "month", level=1)
    assert (table["n_low"] == table["n_least"]).all() and (table["n_high"] == table["n_most"]).all()
    assert table["n_most"].tolist() == [3, 2, 3, *[2] * 9]


def test_exact_dates_leave_no_interval():
    table = rates(events("2012-03-29", "2012-03-29/2013-04-01", "2014-01-01"))
    assert table[["n_expected", "n_low", "n_high", "n_least", "n_most"]].to_numpy().tolist() == [
        [2] * 5,
        [0] * 5,
        [1] * 5,
    ]


def test_bounds_in_place_of_edtf_are_one_unknown_day():
    table = pd.DataFrame({"earliest": ["2012-12-31", None], "latest": ["2013-01-02", "2013-01-02"]})
    found = rates(table)
    assert found["n_expected"].tolist() == [1 / 3, 2 / 3]
    assert found.attrs["n_left_out"] == 1
    with pytest.raises(ValueError, match="row 0 has no day between its first and its last one"):
        rates(pd.DataFrame({"earliest": ["2012-12-31"], "latest": ["2012-12-30"]}))


def test_events_without_a_bounded_first_day_are_left_out_and_counted():
    found = rates(events("2012", "[..2014]", "../2014", None, "2012/.."))
    assert (found["n_expected"].tolist(), found.attrs["n_left_out"]) == ([2.0], 3)
    empty = rates(events("[..2014]"), "month")
    assert (len(empty), empty.attrs["n_left_out"], empty.index.freqstr) == (0, 1, "M")


def test_the_first_and_the_last_year_can_be_counted():
    found = rates(events("0001-01-01", "9999-12-31"), "decade")
    assert found["n_expected"].to_numpy().nonzero()[0].tolist() == [0, len(found) - 1]
    assert len(found) == 1000


# ---- what is observed


def test_what_is_not_observed_is_null_and_never_zero():
    found = rates(events("2012-05-07", "2014-09-01", "2015-03", "2016-02-01"), observed="2014-06-30")
    assert found["share_observed"].tolist() == [1, 1, 181 / 365, 0, 0]
    assert found["n_expected"].tolist()[:3] == [1, 0, 1]
    numbers = ["n_expected", "n_low", "n_high", "n_least", "n_most"]
    assert found.loc["2015":, numbers].isna().all(axis=None) and found.loc[:"2014", numbers].notna().all(axis=None)
    assert (found.attrs["n_beyond"], found.attrs["observed_until"]) == (2, "2014-06-30")


def test_silence_that_is_observed_is_zero():
    found = rates(events("2012-05-07"), observed="2014-12-31")
    assert found["n_expected"].tolist() == [1, 0, 0]
    assert found["share_observed"].tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("observed", "message"),
    [
        ("2014", "observed='2014' is not one day"),
        ("[..2014-01-01]", "is not one day"),
        (pd.DataFrame({"until": ["2014-01-01"]}), "no day in a column 'until_least'"),
        (pd.DataFrame({"until_least": [pd.NaT]}), "no day in a column 'until_least'"),
    ],
)
def test_what_does_not_say_until_when_is_refused(observed, message):
    with pytest.raises(ValueError, match=message):
        rates(events("2012"), observed=observed)


def test_unknown_periods_and_levels_are_refused():
    with pytest.raises(ValueError, match="unknown period 'years': did you mean 'year'"):
        rates(events("2012"), "years")
    with pytest.raises(ValueError, match=r"level=0 is no probability"):
        rates(events("2012"), level=0)
    with pytest.raises(ValueError, match=r"level=None: a number is needed, as in 0.95"):
        rates(events("2012"), level=None)


def test_a_document_speaks_as_long_as_it_states_or_else_as_its_passages():
    study = tiny_study(
        sources=[
            {"source_id": "a", "content_until_edtf": "[2014-09-08..2014-12-31]"},
            {"source_id": "b"},
            {"source_id": "silent", "content_until_edtf": "2020"},
        ],
        passages=[
            {"passage_id": "a-1", "source_id": "a", "vintage_edtf": "2019"},
            {"passage_id": "b-1", "source_id": "b", "vintage_edtf": "2011-05"},
            {"passage_id": "b-2", "source_id": "b", "vintage_edtf": "[2010..2012-02-03]"},
            {"passage_id": "b-3", "source_id": "b", "vintage_edtf": "2018"},
            {"passage_id": "silent-1", "source_id": "silent"},
        ],
        references=[{"ref_id": "R1", "published_edtf": "2016"}, {"ref_id": "R2"}, {"ref_id": "R3"}],
        events=[
            {"event_id": "x", "evidence": "a-1;b-1"},
            {"event_id": "y", "evidence": "b-1;b-2;R1"},
            {"event_id": "z", "evidence": "R2;R1"},
        ],
    )
    table = vintages(study)
    assert table.astype("str").fillna("-").to_numpy().tolist() == [
        ["document", "a", "1", "[2014-09-08..2014-12-31]", "2014-09-08", "2014-12-31"],
        ["document", "b", "2", "-", "2011-05-01", "2012-02-03"],
        ["reference", "R1", "2", "2016", "2016-01-01", "2016-12-31"],
        ["reference", "R2", "1", "-", "-", "-"],
    ]
    assert rates(events("2015-07-01"), observed=table).attrs["observed_until"] == "2016-01-01"
    with pytest.raises(ValueError, match="unknown table with evidence 'evnts'"):
        vintages(study, "evnts")


def test_the_documents_speak_until_may_2015():
    study = load_study()
    found = rates(study.events, observed=vintages(study))
    assert found["share_observed"].iloc[-1] == pytest.approx(149 / 365)
    assert (found["share_observed"].iloc[:-1] == 1).all()
    assert found["n_expected"].sum() == pytest.approx(len(study.events) - found.attrs["n_left_out"])


# ---- the house's own days and draws


def test_days_are_drawn_each_as_often_as_another():
    days, row = bounded_runs(events("[2012-01-01,2012-01-05..2012-01-07]", None, "2012-02-01", "[..2012]"))
    drawn = draw_days(days, row, 40_000, np.random.default_rng(1))
    assert drawn.shape == (40_000, 2)
    first = date(1970, 1, 1) + timedelta(int(drawn[0, 1]))
    assert first == date(2012, 2, 1) and len(set(drawn[:, 1])) == 1
    share = pd.Series(drawn[:, 0] - (date(2012, 1, 1) - date(1970, 1, 1)).days).value_counts(normalize=True)
    assert sorted(share.index) == [0, 4, 5, 6]
    assert share.tolist() == pytest.approx([0.25] * 4, abs=0.01)


def test_edges_are_the_first_days_of_periods():
    cuts = edges(axis(0, 365 * 3, "year"))
    assert cuts.tolist() == [0, 365, 730, 1096]


@pytest.mark.external
@pytest.mark.parametrize("period", ["day", "week", "month", "quarter", "year", "decade"])
def test_events_of_mexico_sum_to_the_whole_at_any_precision(period, mexico):
    found = rates(mexico, period)
    assert found["n_expected"].sum() == pytest.approx(18_957, abs=1e-6)
    assert found.attrs["n_left_out"] == 0
    exact = mexico["date_edtf"].str.fullmatch(r"\d{4}-\d\d-\d\d")
    assert exact.sum() == 16_576
    assert found["n_least"].sum() >= 16_576
    in_2021 = found[found.index.year == 2021]["n_expected"].sum()
    if period not in ("week", "decade"):
        assert in_2021 == pytest.approx(3_756, abs=1e-6)


@pytest.fixture(scope="module")
def mexico():
    from pathlib import Path

    path = Path(__file__).resolve().parents[2] / "shared" / "external" / "ucdp_ged_mexico_1989_2023.csv.gz"
    if not path.is_file():
        pytest.skip(f"no events of Mexico at {path}")
    return ucdp.load_ged(path, n_rows=18_957)["events"]
