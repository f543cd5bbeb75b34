"""Changes and bursts against enumerated series, every sequence of states, and rates that are known to be constant."""

import math
from datetime import date, timedelta
from itertools import groupby, pairwise, product

import numpy as np
import pandas as pd
import pytest

from r2p_analysis import load_study
from r2p_analysis.chronology import bursts, change_points, vintages

YEARS = ["2001", "2002", "2003", "2004"]
LENGTHS = [365, 365, 365, 366]


def events(*texts):
    return pd.DataFrame({"date_edtf": pd.Series(texts, dtype="str")})


def rng(seed=1):
    return np.random.default_rng(seed)


def by_year(counts, first=2001):
    """Exact days, so many in each year."""
    return events(*(f"{first + i}-03-{day + 1:02d}" for i, n in enumerate(counts) for day in range(n)))


def best_split(counts, days):
    """Place and log-likelihood ratio of the best of all splits, from Poisson likelihoods."""

    def loglik(part, length):
        n = sum(part)
        return n * math.log(n / sum(length)) if n else 0.0

    whole = loglik(counts, days)
    found = [(loglik(counts[:k], days[:k]) + loglik(counts[k:], days[k:]) - whole, k) for k in range(1, len(counts))]
    return max(found, key=lambda pair: (round(pair[0], 9), -pair[1]))


def exact_p(counts, days):
    """P of a ratio as large under one rate, given the total: every series with as many events, by its chance."""
    n, observed = sum(counts), best_split(counts, days)[0]
    total = 0.0
    for series in product(range(n + 1), repeat=len(counts)):
        if sum(series) == n and best_split(series, days)[0] >= observed - 1e-9:
            ways = math.factorial(n) / math.prod(math.factorial(k) for k in series)
            total += ways * math.prod((d / sum(days)) ** k for k, d in zip(series, days, strict=True))
    return min(total, 1.0)


# ---- change points


@pytest.mark.parametrize("counts", [(1, 3, 4, 1), (1, 1, 1, 4), (2, 2, 2, 1), (5, 0, 1, 1)])
@pytest.mark.parametrize(("observed", "days_of_last"), [("2004-12-31", 366), ("2004-03-31", 91)])
def test_p_is_that_of_every_series_with_as_many_events(counts, observed, days_of_last):
    lengths = [*LENGTHS[:3], days_of_last]
    table = change_points(by_year(counts), rng(), observed=observed, level=1, samples=20_000)
    exact = exact_p(counts, lengths)
    assert table.attrs["p_constant"] == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 20_000) + 1e-4)
    assert YEARS[best_split(counts, lengths)[1]] in table.index.astype("str")


def test_where_the_bound_is_taken_it_is_above_the_exact_p():
    counts = (1, 0, 5, 5)
    table = change_points(by_year(counts), rng(), observed="2004-12-31", samples=10, level=0.1)
    bound = 2 * 3 * math.exp(-best_split(counts, LENGTHS)[0])
    assert table["p"].tolist() == [pytest.approx(bound)]
    assert 0 < exact_p(counts, LENGTHS) < bound


def test_rates_are_events_a_year_between_the_changes():
    table = change_points(by_year((1, 1, 1, 1, 20, 20, 20, 2, 2, 2)), rng())
    assert table.index.astype("str").tolist() == ["2005", "2008"]
    assert table["rate_before"].tolist() == pytest.approx([1, 20], rel=0.002)
    assert table["rate_after"].tolist() == pytest.approx([20, 2], rel=0.002)
    assert table["ratio"].tolist() == pytest.approx([20, 0.1], rel=0.002)
    assert table["share_draws"].tolist() == [1, 1] and table.attrs["n_draws"] == 1


def test_a_rate_that_begins_has_no_ratio_to_what_was_before():
    table = change_points(events("1990-01-01", *by_year([9] * 4)["date_edtf"]), rng())
    assert table.index.astype("str").tolist() == ["2001"]
    series = change_points(events(*["1990-03-01"] * 3, *["2001-03-01"] * 40), rng())
    assert series["ratio"].tolist()[-1] > 1 and math.isinf(series["ratio"].max())


def test_the_end_of_what_is_observed_is_no_fall():
    # Twelve a year, and five in the five months of 2015 that the source saw.
    texts = [f"{year}-{month:02d}-10" for year in range(2008, 2015) for month in range(1, 13)]
    texts += [f"2015-{month:02d}-10" for month in range(1, 6)]
    seen = change_points(events(*texts), rng(), observed="2015-05-29")
    assert len(seen) == 0 and seen.attrs["p_constant"] > 0.9
    assert seen.attrs["observed_until"] == "2015-05-29"
    blind = change_points(events(*texts), rng(), observed="2018-12-31")
    assert len(blind) == 1 and blind.index[0].year in (2015, 2016) and blind["ratio"].iloc[0] < 1


def test_events_after_what_is_observed_are_no_rise():
    texts = [f"{year}-06-10" for year in range(2000, 2015)] + ["2016-02-01"] * 30
    assert len(change_points(events(*texts), rng(), observed="2015-05-29")) == 0
    assert len(change_points(events(*texts), rng())) == 1
    assert len(bursts(events(*texts), rng(), observed="2015-05-29")) == 0
    assert len(bursts(events(*texts), rng())) == 1


def test_a_change_holds_in_the_share_of_draws_in_which_its_days_make_it():
    # Six exact events late, three that may be early or late: each assignment by itself, then all draws.
    exact = ["2003-05-01", "2003-06-01", "2003-07-01", "2004-05-01", "2004-06-01", "2004-07-01", "2001-01-01"]
    options = {"observed": "2004-12-31", "level": 0.1, "samples": 1999}
    holds = 0.0
    for days in product(("2002-12-31", "2003-01-01"), repeat=3):
        table = change_points(events(*exact, *days), rng(), **options)
        holds += ("2003" in table.index.astype("str")) / 8
    assert 0 < holds < 1
    drawn = change_points(events(*exact, *["[2002-12-31..2003-01-01]"] * 3), rng(), draws=2_000, **options)
    assert drawn.loc["2003", "share_draws"] == pytest.approx(holds, abs=0.05)
    assert drawn.attrs["n_draws"] == 2_000


def test_a_constant_rate_is_left_alone_nineteen_times_of_twenty():
    n, found, random = 120, 0, rng(5)
    for _ in range(n):
        days = random.integers(0, 3652, 40)
        texts = [(date(2001, 1, 1) + timedelta(int(day))).isoformat() for day in days]
        found += len(change_points(events(*texts), random, "quarter", observed="2010-12-31", samples=199)) > 0
    assert 0 < found / n < 0.05 + 3 * math.sqrt(0.05 * 0.95 / n)


def test_the_same_again_and_in_any_order():
    table = load_study().events
    one = change_points(table, rng(), draws=20)
    pd.testing.assert_frame_equal(one, change_points(table, rng(), draws=20))
    exact = by_year((1, 1, 9, 9))
    pd.testing.assert_frame_equal(change_points(exact, rng()), change_points(exact[::-1], rng()))


@pytest.mark.parametrize("texts", [(), ("[..2014]",), ("2014-01-01",), ("2014-01-01", "2014-01-01")])
def test_too_few_events_have_no_change_and_no_burst(texts):
    changes = change_points(events(*texts), rng())
    assert changes.columns.tolist() == ["share_draws", "p", "rate_before", "rate_after", "ratio"]
    assert len(changes) == 0 and math.isnan(changes.attrs["p_constant"])
    assert len(bursts(events(*texts), rng())) == 0


def test_nothing_that_is_observed_has_no_change_and_no_burst():
    late = events("2016-01-01", "2017")
    assert len(change_points(late, rng(), observed="2015-05-29")) == 0
    assert len(bursts(late, rng(), observed="2015-05-29")) == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"level": 0}, r"level=0: a level in \(0, 1\] is allowed"),
        ({"level": 1.1}, r"level=1\.1: a level in \(0, 1\] is allowed"),
        ({"level": "high"}, "level='high': a number is needed, as in 0.05"),
        ({"draws": 0}, "draws=0: a whole number from 1"),
        ({"samples": 0}, "samples=0: a whole number from 1"),
        ({"samples": None}, "samples=None: a whole number from 1"),
        ({"rng": 1}, "rng=1: random numbers are needed"),
        ({"observed": 3}, "'3' is not an EDTF date"),
    ],
)
@pytest.mark.parametrize("function", [change_points, bursts])
def test_what_is_not_allowed_is_refused(function, options, message):
    with pytest.raises(ValueError, match=message):
        function(events("2012"), **{"rng": rng(), **options})


def test_the_documents_tell_of_more_events_since_2008_and_of_no_fall_at_their_end():
    study = load_study()
    table = change_points(study.events, rng(), observed=vintages(study))
    assert table.loc["2008", "share_draws"] == 1 and table.loc["2008", "ratio"] > 10
    assert table.index.max() < pd.Period("2014", freq="Y")


# ---- bursts


def cheapest_by_hand(days, first, last, s, gamma):
    """Bursts of the cheapest of all sequences of two states, by the densities of Kleinberg's paper."""
    n, length = len(days), last + 1 - first
    rates = (n / length, s * n / length)
    gaps = np.diff([first, *days, last + 1])

    def cost(states):
        total = 0.0
        for i, (state, gap) in enumerate(zip(states, gaps, strict=True)):
            total += rates[state] * gap - (math.log(rates[state]) if i < n else 0)  # the last gap is censored
            total += gamma * math.log(n) * (state > (states[i - 1] if i else 0))
        return total

    best = min(product((0, 1), repeat=n + 1), key=lambda states: (round(cost(states), 9), states))
    found, ends = [], [first, *days, last]
    for state, run in groupby(enumerate(best), key=lambda pair: pair[1]):
        if state:
            run = [i for i, _ in run]
            other = tuple(0 if i in run else x for i, x in enumerate(best))
            entry = gamma * math.log(n)
            found.append((ends[run[0]], ends[run[-1] + 1], cost(other) - cost(best) + entry))
    return found


@pytest.mark.parametrize(("s", "gamma"), [(2, 1), (3, 0.5), (2, 0), (1.5, 0.2)])
def test_bursts_are_those_of_the_cheapest_of_all_sequences(s, gamma):
    random = rng(3)
    n_found = 0
    for i in range(16):
        days = sorted(random.choice(np.r_[0:60, 20:26, 20:26, 20:26], 9).tolist())
        texts = [(date(2012, 1, 1) + timedelta(day)).isoformat() for day in days]
        first, last = days[0], 90 if i % 2 else days[-1]  # a burst may last to the end of what is observed
        until = date(2012, 1, 1) + timedelta(last)
        table = bursts(events(*texts), rng(), s=s, gamma=gamma, observed=until, level=1, samples=1)
        expected = cheapest_by_hand(days, first, last, s, gamma)
        begins = [(date(2012, 1, 1) + timedelta(begin)).isoformat() for begin, *_ in expected]
        # Two bursts that touch in one day are one stretch of days.
        if not any(one[1] == other[0] for one, other in pairwise(expected)):
            assert table["first"].astype("str").tolist() == begins
            ends = [(date(2012, 1, 1) + timedelta(end)).isoformat() for _, end, _ in expected]
            assert table["last"].astype("str").tolist() == ends
            assert table["weight"].tolist() == pytest.approx([weight for *_, weight in expected])
            counts = [sum(begin <= day <= end for day in days) for begin, end, _ in expected]
            if len(set(days)) == len(days):
                assert table["n_events"].tolist() == counts
            n_found += len(expected)
    assert n_found >= 3


def test_a_burst_is_found_with_its_days_events_and_p():
    texts = [f"{year}-06-01" for year in range(2000, 2012)] + [f"2005-06-{day:02d}" for day in range(2, 20)]
    table = bursts(events(*texts), rng())
    row = table.iloc[0]
    assert len(table) == 1 and row["p"] == 0.001 and row["share_draws"] == 1
    assert (row["core_first"], row["core_last"]) == (row["first"], row["last"])
    assert row["n_events"] == 19


def test_uniform_days_have_no_burst_nineteen_times_of_twenty():
    n, found, random = 80, 0, rng(5)
    for _ in range(n):
        days = random.integers(0, 3652, 40)
        texts = [(date(2001, 1, 1) + timedelta(int(day))).isoformat() for day in days]
        found += len(bursts(events("2001-01-01", *texts), random, observed="2010-12-31", samples=99)) > 0
    assert found / n < 0.05 + 3 * math.sqrt(0.05 * 0.95 / n)


def test_vague_dates_hide_a_burst():
    late = [f"{year}-06-01" for year in range(2000, 2012)]
    exact = bursts(events(*late, *["2005-06-02"] * 12), rng())
    vague = bursts(events(*late, *["[2000..2011]"] * 12), rng(), draws=50)
    assert exact["share_draws"].tolist() == [1]
    assert vague["share_draws"].sum() < 0.3


def test_a_burst_holds_in_the_share_of_draws_in_which_its_days_make_it():
    exact = [f"{year}-06-01" for year in range(2000, 2012)] + ["2005-06-01"] * 3
    options = {"level": 0.05, "samples": 999, "observed": "2011-12-31"}
    holds = 0.0
    for days in product(("2005-06-02", "2009-01-01"), repeat=3):
        table = bursts(events(*exact, *days), rng(), **options)
        in_2005 = (table["first"] <= "2005-06-02") & (table["last"] >= "2005-06-01")
        holds += in_2005.any() / 8
    assert 0 < holds < 1
    drawn = bursts(events(*exact, *["[2005-06-02,2009-01-01]"] * 3), rng(), draws=1_000, **options)
    row = drawn[(drawn["first"] <= "2005-06-02") & (drawn["last"] >= "2005-06-01")]
    assert row["share_draws"].tolist() == [pytest.approx(holds, abs=0.06)]


def test_states_and_costs_that_make_no_burst_are_refused():
    for options, message in (
        ({"s": 1}, "a burst is faster"),
        ({"gamma": -0.1}, "a burst is faster"),
        ({"s": math.nan}, "s=nan: a number is needed, as in 2"),
    ):
        with pytest.raises(ValueError, match=message):
            bursts(events("2012"), rng(), **options)
