"""Certain orders, linear extensions, draws and ranks against all choices of days, counted one by one."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise, permutations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from r2p_analysis.chronology import (
    certain_orders,
    conditional_order_probabilities,
    draw_days,
    linear_extensions,
    n_linear_extensions,
    order_probabilities,
    ranks,
)
from r2p_analysis.chronology.chains import solved
from r2p_analysis.chronology.draws import first_days, sample
from r2p_analysis.chronology.network import network_of
from r2p_analysis.chronology.partial import certain
from r2p_analysis.study import load_study

DAY0 = date(2011, 12, 31)
INTERVAL = ["rank_expected", "rank_low", "rank_high", "rank_least", "rank_most"]


def day(number):
    return (DAY0 + timedelta(days=number)).isoformat()


def one_of(days):
    """EDTF of one unknown day among some."""
    return f"[{','.join(day(number) for number in sorted(days))}]"


def table(*possible):
    """Events a, b, c ... with their possible days."""
    texts = pd.Series([None if days is None else one_of(days) for days in possible], dtype="str")
    return pd.DataFrame({"event_id": [chr(97 + i) for i in range(len(possible))], "date_edtf": texts})


def not_after(*pairs):
    rows = [(f"l{i}", one, "announces", other) for i, (one, other) in enumerate(pairs)]
    return pd.DataFrame(rows, columns=["link_id", "event_id", "relation", "other_id"], dtype="str")


def choices(possible, pairs=()):
    """All choices of first days."""
    places = [(ord(a) - 97, ord(b) - 97) for a, b in pairs]
    return [days for days in product(*possible) if all(days[a] <= days[b] for a, b in places)]


def rank(days, i):
    return 1 + sum(d < days[i] for d in days) + sum(d == days[i] for j, d in enumerate(days) if j != i) / 2


def by_counting(possible, pairs=(), level=0.95):
    """Expected ranks, central intervals and bounds, from all choices of days."""
    rows = []
    for i in range(len(possible)):
        found = sorted(rank(days, i) for days in choices(possible, pairs))
        n = len(found)
        # The smallest rank with at least the tail at or below it.
        low, high = (
            next(r for k, r in enumerate(found, 1) if k / n >= tail - 1e-9)
            for tail in [(1 - level) / 2, (1 + level) / 2]
        )
        rows.append([sum(found) / n, low, high, found[0], found[-1]])
    return np.array(rows)


some_days = st.sets(st.integers(1, 5), min_size=1, max_size=4)
run_of_days = st.tuples(st.integers(1, 5), st.integers(1, 5)).map(lambda ends: set(range(min(ends), max(ends) + 1)))
links_of = {n: st.lists(st.sampled_from(list(permutations("abcd"[:n], 2))), max_size=3) for n in (3, 4)}


# ---- certain orders


def by_trying(possible, pairs):
    found = {}
    for (i, a), (j, b) in permutations(enumerate("abcd"[: len(possible)]), 2):
        both = [(days[i], days[j]) for days in choices(possible, pairs)]
        if all(x == y for x, y in both):
            found |= {(a, b): "same day"} if i < j else {}
        elif all(x <= y for x, y in both):
            found[a, b] = "before" if all(x < y for x, y in both) else "not after"
    return found


def as_dict(orders):
    return {(a, b): order for a, b, order in orders.to_numpy().tolist()}


@settings(max_examples=150, deadline=None)
@given(st.lists(some_days, min_size=4, max_size=4), links_of[4])
def test_certain_orders_are_those_of_all_choices_of_days(possible, pairs):
    if choices(possible, pairs):
        orders = certain_orders(table(*possible), not_after(*pairs))
        assert as_dict(orders) == by_trying(possible, pairs)


@settings(max_examples=100, deadline=None)
@given(st.lists(some_days, min_size=4, max_size=4), links_of[4])
def test_from_the_reduced_orders_all_others_follow_and_none_from_the_rest(possible, pairs):
    if not choices(possible, pairs):
        return
    events, links = table(*possible), not_after(*pairs)
    whole, reduced = (as_dict(certain_orders(events, links, reduced=reduced)) for reduced in (False, True))
    assert reduced.items() <= whole.items()
    assert follow(reduced) == whole
    assert all(follow({k: v for k, v in reduced.items() if k != pair}) != whole for pair in reduced)


def follow(orders):
    """What follows from orders: steps of 0 (not after) or 1 (before), by the longest chain."""
    steps = {(a, b): int(order == "before") for (a, b), order in orders.items()}
    steps |= {(b, a): 0 for (a, b), order in orders.items() if order == "same day"}
    for _ in range(4):
        for (a, b), (c, d) in product(list(steps), repeat=2):
            if b == c and a != d:
                steps[a, d] = max(steps.get((a, d), 0), steps[a, b], steps[c, d])
    found = {}
    for (a, b), step in steps.items():
        if (b, a) in steps:
            found |= {(a, b): "same day"} if a < b else {}
        else:
            found[a, b] = "before" if step else "not after"
    return found


def test_an_open_date_is_ordered_by_the_bound_that_it_has():
    events = pd.DataFrame({"event_id": list("abc"), "date_edtf": ["[..2012]", "[2013..]", None]})
    assert certain_orders(events).to_numpy().tolist() == [["a", "b", "before"]]


def test_orders_go_through_events_without_a_date_and_through_last_days():
    events = pd.DataFrame({"event_id": list("abc"), "date_edtf": ["2012", None, "2012"]})
    links = not_after(("a", "b")).assign(relation="before")
    links = pd.concat([links, not_after(("b", "c")).assign(link_id="m")], ignore_index=True)
    assert as_dict(certain_orders(events, links)) == dict.fromkeys([("a", "b"), ("b", "c"), ("a", "c")], "not after")


# ---- linear extensions


@settings(max_examples=100, deadline=None)
@given(st.lists(run_of_days, min_size=4, max_size=4), links_of[4])
def test_linear_extensions_are_the_orders_in_which_days_can_run_forward(possible, pairs):
    if not choices(possible, pairs):
        return
    events, links = table(*possible), not_after(*pairs)
    certainly = by_trying(possible, pairs)
    kept = {pair for pair, order in certainly.items() if order != "same day"}
    # An order is possible if some choice of days does not fall along it; ties with a certain order go by that.
    expected = [
        order
        for order in permutations("abcd")
        if any(
            all(days[ord(a) - 97] <= days[ord(b) - 97] for a, b in pairwise(order)) for days in choices(possible, pairs)
        )
        and not any(order.index(a) > order.index(b) for a, b in kept)
    ]
    assert linear_extensions(events, links) == expected
    assert n_linear_extensions(events, links) == len(expected)
    # Bounds and relations leave every linear extension of the certain orders possible.
    assert expected == [o for o in permutations("abcd") if not any(o.index(a) > o.index(b) for a, b in kept)]


def test_numbers_of_linear_extensions_that_are_known():
    year = [range(1, 6)]
    assert n_linear_extensions(table(*year * 7)) == 5040
    # Two chains of three: 6 over 3. A zigzag of six (up, down, up ...): the Euler number 61.
    assert n_linear_extensions(table(*year * 6), not_after(*["ab", "bc", "de", "ef"])) == 20
    assert n_linear_extensions(table(*year * 6), not_after(*["ab", "cb", "cd", "ed", "ef"])) == 61
    assert n_linear_extensions(table()) == 1
    assert linear_extensions(table()) == [()]


def test_counting_goes_on_where_listing_stops_and_says_where_it_stops_itself():
    events = table(*[range(1, 6)] * 16)
    assert n_linear_extensions(events) == 20922789888000
    with pytest.raises(ValueError, match="more than 1000 orders: raise `most`"):
        linear_extensions(events)
    crown = not_after(*[(a, b) for a in "abcdefgh" for b in "ijklmnop" if ord(b) - ord(a) != 8])
    with pytest.raises(ValueError, match="to order 16 events takes more than 50 states"):
        n_linear_extensions(events, crown, most=50)
    # Nothing stands between thousands of events: each is a group of its own.
    many = pd.DataFrame({"event_id": [f"e{i:04}" for i in range(1_200)], "date_edtf": "2012"})
    assert n_linear_extensions(many) > 10**3_000
    with pytest.raises(ValueError, match="more than 3 orders"):
        linear_extensions(many, most=3)


# ---- draws


SHAPES = {
    "one tie": ([range(1, 5), range(2, 6)], ["ab"]),
    "a chain": ([range(1, 5)] * 3, ["ab", "bc"]),
    "a tree": ([range(1, 4), range(2, 5), [1, 2, 4], range(1, 5)], ["ab", "ac", "dc"]),
    "a diamond": ([range(1, 4)] * 4, ["ab", "ac", "bd", "cd"]),
    "a diamond with gaps": ([[1, 3], [1, 2, 4], [1, 3, 4], [2, 4]], ["ab", "ac", "bd", "cd"]),
    "one day for two": ([range(1, 4), range(2, 6), range(1, 5)], ["ab", "ba", "ac"]),
    "sets for two": ([[1, 2, 4, 5], [1, 3, 5], [1, 3, 4, 5]], ["ab", "ba", "ac"]),
    "two groups and one by itself": ([range(1, 4)] * 5, ["ab", "cd"]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_choice_of_days_is_drawn_as_often_as_another(shape):
    possible, pairs = SHAPES[shape]
    n_draws = 20_000
    days = draw_days(table(*possible), not_after(*pairs), rng=np.random.default_rng(5), n_draws=n_draws)
    assert list(days.columns) == list("abcde"[: len(possible)])
    numbers = ((days - pd.Timestamp(DAY0)) // pd.Timedelta(days=1)).to_numpy()
    counts = Counter(map(tuple, numbers.tolist()))
    expected = choices(possible, pairs)
    assert set(counts) == set(expected)
    # Chi-squared with its normal limits, five standard deviations wide.
    mean = n_draws / len(expected)
    chi = sum((n - mean) ** 2 / mean for n in counts.values())
    df = len(expected) - 1
    assert abs(chi - df) < 5 * np.sqrt(2 * df)


def test_a_single_draw_is_from_the_distribution_itself():
    # Copies that run forward until they meet, and stop there, favour the states in which they can meet.
    possible, pairs = SHAPES["a diamond"]
    first, rng = first_days(network_of(table(*possible), not_after(*pairs))), np.random.default_rng(6)
    counts = Counter(tuple(sample(first, rng, 1)[0].tolist()) for _ in range(1_000))
    expected = choices(possible, pairs)
    mean = 1_000 / len(expected)
    assert abs(sum((counts[number(days)] - mean) ** 2 / mean for days in expected) - len(expected) + 1) < 5 * np.sqrt(
        2 * len(expected)
    )


def number(days):
    return tuple(day + DAY0.toordinal() for day in days)


def test_draws_repeat_and_say_what_is_left_out():
    events, links = table(range(1, 30), range(1, 30), None), not_after("ab")
    one, two = (draw_days(events, links, rng=np.random.default_rng(3), n_draws=50) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    assert one.attrs == {"n_left_out": 1}
    assert set(one.dtypes.astype("str")) == {"datetime64[s]"}
    with pytest.raises(ValueError, match="n_draws=0: a whole number from 1"):
        draw_days(events, links, rng=np.random.default_rng(3), n_draws=0)


def test_a_long_chain_of_wide_dates_is_drawn_in_order():
    n = 40
    events = pd.DataFrame({"event_id": [f"e{i:02}" for i in range(n)], "date_edtf": "19XX"})
    links = not_after(*zip(events["event_id"], events["event_id"][1:], strict=False))
    days = draw_days(events, links, rng=np.random.default_rng(1), n_draws=2_000)
    assert (days.to_numpy()[:, 1:] >= days.to_numpy()[:, :-1]).all()
    # The k-th of n sorted uniform days lies at k/(n + 1) of the century.
    at = (days - pd.Timestamp("1900-01-01")).to_numpy().astype("timedelta64[D]").astype("float64").mean(axis=0) / 36_524
    assert np.abs(at - np.arange(1, n + 1) / (n + 1)).max() < 0.01


def test_a_support_closes_what_is_open_and_nothing_else():
    events = pd.DataFrame(
        {"event_id": list("abcd"), "date_edtf": ["[..2012-01-03]", "[2012-01-02..]", None, "2012-01-02"]}
    )
    support = (date(2012, 1, 1), date(2012, 1, 4))
    days = draw_days(events, rng=np.random.default_rng(1), n_draws=2_000, support=support)
    assert {name: sorted(set(days[name].dt.day)) for name in days} == {"a": [1, 2, 3], "b": [2, 3, 4], "d": [2]}
    linked = draw_days(events, not_after("cd"), rng=np.random.default_rng(1), n_draws=500, support=support)
    assert sorted(set(linked["c"].dt.day)) == [1, 2]
    with pytest.raises(ValueError, match="no days within the support from 2013-01-01 to 2013-12-31"):
        draw_days(events, rng=np.random.default_rng(1), support=(date(2013, 1, 1), date(2013, 12, 31)))


# ---- ranks


@settings(max_examples=100, deadline=None)
@given(st.lists(some_days, min_size=1, max_size=4), st.sampled_from([0.5, 0.8, 0.95]))
def test_ranks_without_relations_are_exact(possible, level):
    found = ranks(table(*possible), level=level)
    assert found.attrs == {"n_left_out": 0, "method": "exact"}
    np.testing.assert_allclose(found[INTERVAL], by_counting(possible, level=level), atol=1e-9)
    assert (found["rank_error"] == 0).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(run_of_days, min_size=3, max_size=3), links_of[3])
def test_bounds_of_ranks_are_those_of_all_choices_of_days(possible, pairs):
    if choices(possible, pairs):
        found = ranks(table(*possible), not_after(*pairs), rng=np.random.default_rng(1), n_draws=10)
        np.testing.assert_allclose(found[["rank_least", "rank_most"]], by_counting(possible, pairs)[:, 3:])


@settings(max_examples=60, deadline=None)
@given(st.lists(some_days, min_size=3, max_size=3), links_of[3])
def test_bounds_of_ranks_hold_with_gaps(possible, pairs):
    if choices(possible, pairs):
        found = ranks(table(*possible), not_after(*pairs), rng=np.random.default_rng(1), n_draws=10)
        least, most = by_counting(possible, pairs)[:, 3:].T
        assert (found["rank_least"] <= least).all()
        assert (found["rank_most"] >= most).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_ranks_with_relations_are_drawn_to_within_their_error(shape):
    possible, pairs = SHAPES[shape]
    found = ranks(table(*possible), not_after(*pairs), rng=np.random.default_rng(2), n_draws=4_000)
    expected = by_counting(possible, pairs)
    assert found.attrs["method"] == "draws"
    assert (abs(found["rank_expected"] - expected[:, 0]) <= 5 * found["rank_error"] + 1e-12).all()
    assert 0 < found["rank_error"].max() < 0.05
    np.testing.assert_allclose(found[["rank_least", "rank_most"]], expected[:, 3:])
    # The tails of the drawn interval are near those of all choices; with few steps they are the same, or next to it.
    assert (abs(found[["rank_low", "rank_high"]].to_numpy() - expected[:, 1:3]) <= 0.5).all()


def test_ranks_sum_to_the_number_of_pairs_and_ties_share():
    found = ranks(pd.DataFrame({"event_id": list("abc"), "date_edtf": ["2012-03-05", "2012-03-05", "2012"]}))
    assert found["rank_expected"].sum() == pytest.approx(6)
    # The days before 5 March are 31 + 29 + 4; on that day it shares the rank of all three.
    assert found.loc[2, "rank_expected"] == pytest.approx(1 + 2 * (366 - 65) / 366 + 2 * 0.5 / 366)
    assert found.loc[0, ["rank_low", "rank_high", "rank_least", "rank_most"]].tolist() == [1.5, 2.5, 1.5, 2.5]


def test_an_event_without_bounds_has_no_rank_and_takes_none():
    events = pd.DataFrame({"event_id": list("abcd"), "date_edtf": ["[2012..]", "2013", None, "2012"]})
    found = ranks(events)
    assert found["rank_expected"].isna().tolist() == [True, False, True, False]
    assert found[INTERVAL].loc[[1, 3]].to_numpy().tolist() == [[2.0] * 5, [1.0] * 5]
    assert found.attrs == {"n_left_out": 2, "method": "exact"}
    closed = ranks(events, support=(date(2012, 1, 1), date(2013, 12, 31)))
    assert closed["rank_expected"].isna().tolist() == [False, False, True, False]


def test_no_events_have_no_ranks():
    assert ranks(table()).shape == (0, 7)
    assert len(certain_orders(table(), reduced=True)) == 0


def test_refusals():
    with pytest.raises(ValueError, match="level is 95"):
        ranks(table(range(1, 3)), level=95)
    with pytest.raises(ValueError, match=r"have to be drawn, as relations tie their days: give rng="):
        ranks(table(range(1, 5), range(1, 5)), not_after("ab"))
    with pytest.raises(ValueError, match="contradict each other"):
        ranks(table([3], [1]), not_after("ab"))


def test_many_wide_dates_are_drawn_and_their_expected_rank_stays_exact(monkeypatch):
    import sys

    events = table(range(1, 30), range(5, 40), range(3, 50))
    exact = ranks(events)
    monkeypatch.setattr(sys.modules["r2p_analysis.chronology.ranks"], "_MOST_STEPS", 10)
    with pytest.raises(ValueError, match="as there are too many"):
        ranks(events)
    drawn = ranks(events, rng=np.random.default_rng(1))
    assert drawn.attrs["method"] == "draws"
    assert drawn["rank_expected"].tolist() == exact["rank_expected"].tolist()
    assert (drawn["rank_error"] == 0).all()


# ---- probabilities of pairs, given the relations


@pytest.mark.parametrize("shape", SHAPES)
def test_probabilities_are_those_of_all_choices_of_days_to_within_their_error(shape):
    possible, pairs = SHAPES[shape]
    p, error = conditional_order_probabilities(table(*possible), not_after(*pairs), rng=np.random.default_rng(4))
    days = np.array(choices(possible, pairs))
    expected = (days[:, :, None] < days[:, None, :]).mean(axis=0)
    assert (abs(p - expected) <= 5 * error + 1e-12).all()
    assert 0 < error.max() <= 0.005
    certainly = {(0, 1), (1, 0)} if "for two" in shape else {(1, 0)}
    assert all(p[pair] == error[pair] == 0 for pair in certainly)


def test_probabilities_without_relations_are_those_of_the_dates():
    events = pd.DataFrame({"event_id": list("abcd"), "date_edtf": ["2012-06", "2012", None, "[2012-01-05,2012-07-09]"]})
    p, error = conditional_order_probabilities(events, rng=np.random.default_rng(1), n_draws=2)
    np.testing.assert_allclose(p, order_probabilities(events))
    assert (error[~np.isnan(error)] == 0).all()
    assert np.isnan(error[2]).all()


def test_a_relation_that_bounds_alone_carry_leaves_probabilities_exact():
    events = pd.DataFrame({"event_id": ["dialogue", "talk"], "date_edtf": ["2012", "2012-02-21"]})
    links = not_after(("talk", "dialogue"))
    p, error = conditional_order_probabilities(events, links, rng=np.random.default_rng(1), n_draws=2)
    n = 366 - 31 - 20  # days from 21 February on
    assert p[1, 0] == pytest.approx((n - 1) / n)
    assert error.max() == 0


# ---- the shipped study


def test_the_shipped_study():
    study = load_study()
    found = ranks(study, rng=np.random.default_rng(1), n_draws=500).set_index("event_id")
    assert found.attrs["method"] == "draws"
    ranked = found.dropna()
    assert len(found) - len(ranked) == found.attrs["n_left_out"]
    assert ranked["rank_expected"].sum() == pytest.approx(len(ranked) * (len(ranked) + 1) / 2)
    for low, high in [("rank_least", "rank_low"), ("rank_low", "rank_high"), ("rank_high", "rank_most")]:
        assert (ranked[low] <= ranked[high]).all()
    # The note on Responsibility while Protecting was discussed before the dialogue, of which only the year is stated.
    assert as_dict(certain_orders(study))["rwp-discussion", "unga-dialogue-2012"] == "not after"
    before = network_of(study)
    strict, weak = certain(before, solved(before))
    assert not (weak & ~strict & strict.T).any()
