"""Turnbull's estimator against published values, values recorded from lifelines, and a brute-force maximum.

The recorded values were made once with lifelines 0.30.3, in an environment of its own (it needs pandas below 3):
``KaplanMeierFitter().fit_interval_censoring(lower, upper, tol=1e-13).survival_function_`` and, for delayed entry,
``KaplanMeierFitter().fit(times, observed, entry=entry).survival_function_``. lifelines takes intervals as closed. So
(left, right] is given to it as left + 0.5, for whole numbers the same, and what it makes of the plain
numbers is that of left - 0.5 here; both are recorded.
"""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from r2p_analysis.chronology import survival, survival_interval, turnbull

INF = math.inf
# Breast cosmesis: months to retraction, Finkelstein and Wolfe (1985), https://doi.org/10.2307/2530965
RADIOTHERAPY = [
    *((0, 5), (0, 7), (0, 8), (4, 11), (5, 11), (5, 12), (6, 10), (7, 14), (7, 16), (11, 15), (11, 18), (17, 25)),
    *((17, 25), (19, 26), (19, 35), (25, 37), (26, 40), (27, 34), (36, 44), (36, 48), (37, 44), (15, INF), (17, INF)),
    *((18, INF), (22, INF), (24, INF), (24, INF), (32, INF), (33, INF), (34, INF), (36, INF), (36, INF), (37, INF)),
    *((37, INF), (37, INF), (38, INF), (40, INF), (45, INF), *[(46, INF)] * 8),
]
WITH_CHEMOTHERAPY = [
    *((0, 5), (0, 22), (4, 8), (4, 9), (5, 8), (8, 12), (8, 21), (10, 17), (10, 35), (11, 13), (11, 17), (11, 20)),
    *((12, 20), (13, 39), (14, 17), (15, 19), (16, 20), (16, 24), (16, 60), (17, 23), (17, 24), (17, 26), (17, 27)),
    *((18, 24), (18, 25), (19, 32), (22, 32), (24, 30), (24, 31), (30, 34), (30, 36), (33, 40), (35, 39), (44, 48)),
    *((11, INF), (11, INF), (13, INF), (13, INF), (13, INF), (22, INF), (23, INF), (30, INF), (31, INF), (33, INF)),
    *((34, INF), (34, INF), (35, INF), (48, INF)),
]
MIXED = [(3, 3), (1, 6), (4, 9), (9, INF), (5, 5), (0, 4), (7, 12), (12, INF), (2, 8), (6, 6), (8, INF), (5, 11)]
# time: upper and lower bound of the survival function, where the estimate changes
LIFELINES = {
    "radiotherapy": {
        **{5: (1, 0.953653), 7: (0.953653, 0.92029), 8: (0.92029, 0.831622), 10: (0.831622, 0.831622)},
        **{12: (0.831622, 0.76087), 14: (0.76087, 0.76087), 25: (0.76087, 0.668224), 34: (0.668224, 0.586438)},
        **{37: (0.586438, 0.586438), 40: (0.586438, 0.465558), 44: (0.465558, 0.465558), 48: (0.465558, 0)},
    },
    "with chemotherapy": {
        **{5: (1, 0.956634), 8: (0.956634, 0.913268), 12: (0.913268, 0.839122), 17: (0.839122, 0.728977)},
        **{19: (0.728977, 0.565036), 20: (0.565036, 0.468398), 25: (0.468398, 0.372623), 31: (0.372623, 0.290949)},
        **{34: (0.290949, 0.290949), 36: (0.290949, 0.118312), 48: (0.118312, 0.059156), 60: (0.059156, 0)},
    },
    "mixed": {  # at the time of an exact event lifelines gives the value before it: that of 6 stands at 5.5
        **{4: (0.772942, 0.772942), 5.5: (0.614354, 0.614354), 8: (0.373371, 0.373371), 11: (0.373371, 0.150526)},
    },
}
DATA = {"radiotherapy": RADIOTHERAPY, "with chemotherapy": WITH_CHEMOTHERAPY, "mixed": MIXED}


def fitted(pairs, **options):
    return turnbull(*zip(*pairs, strict=True), **options)


# ---- published and recorded values


def test_the_published_estimate_of_breast_cosmesis_comes_out():
    # Printed in the manual of the R package interval (Fay and Shaw 2010, https://doi.org/10.18637/jss.v036.i02).
    table = fitted(RADIOTHERAPY)
    ends = [(4, 5), (6, 7), (7, 8), (11, 12), (24, 25), (33, 34), (38, 40), (46, 48)]
    assert list(table[["left", "right"]].itertuples(index=False, name=None)) == ends
    masses = [0.0463, 0.0334, 0.0887, 0.0708, 0.0926, 0.0818, 0.1209, 0.4656]
    assert table["mass"].round(4).tolist() == masses
    assert table.attrs["n"] == 46 and 0 <= table.attrs["kkt"] <= 1e-9


@pytest.mark.parametrize("name", LIFELINES)
def test_values_recorded_from_lifelines_come_out(name):
    steps = survival(fitted(DATA[name])).set_index("time")
    for time, (most, least) in LIFELINES[name].items():
        before = steps[steps.index < time].iloc[-1]  # holds until just before the time
        at = steps[steps.index <= time].iloc[-1]
        assert at["survival_high"] == pytest.approx(least, abs=1e-6)
        assert before["survival_high"] == pytest.approx(max(most, least), abs=1e-6) or most == least


def test_closed_intervals_are_those_that_begin_half_a_unit_earlier():
    recorded = {5: 0.9507027, 7: 0.8481335, 11: 0.7608696, 25: 0.6537158, 34: 0.5989064, 37: 0.5072493, 40: 0.4600277}
    steps = survival(fitted([(left - 0.5, right) for left, right in RADIOTHERAPY])).set_index("time")
    for time, value in recorded.items():
        assert steps.loc[time, ["survival_low", "survival_high"]].tolist() == pytest.approx([value] * 2, abs=1e-5)


def test_delayed_entry_is_that_of_lifelines_and_of_kaplan_and_meier():
    times, seen = [4, 7, 7, 9, 12, 15, 15, 20], [1, 1, 0, 1, 1, 1, 0, 1]
    right = [time if event else INF for time, event in zip(times, seen, strict=True)]
    steps = survival(turnbull(times, right, entry=[0, 0, 3, 2, 5, 0, 8, 10]))
    assert steps["time"].tolist() == [4, 7, 9, 12, 15, 20]
    for column in ("survival_low", "survival_high"):
        assert steps[column].tolist() == pytest.approx([0.8, 0.64, 0.48, 0.36, 0.24, 0], abs=1e-7)


# ---- brute force


def by_brute_force(pairs, entry=None):
    """Greatest log-likelihood over masses on every point and every gap between the ends, by SLSQP."""
    from scipy.optimize import minimize

    entry = [-INF] * len(pairs) if entry is None else entry
    ends = sorted({end for pair in pairs for end in pair} | set(entry) | {-INF, INF})
    cells = [*((a, a) for a in ends if abs(a) < INF), *pairwise(ends)]

    def within(cell, left, right):
        inner = (cell[0] + min(cell[1], cell[0] + 1)) / 2 if cell[0] > -INF else cell[1] - 0.5
        point = cell[0] if cell[0] == cell[1] else inner if cell[1] > inner else (cell[0] + cell[1]) / 2
        return left < point <= right or (left == right == point)

    there = np.array([[within(cell, *pair) for cell in cells] for pair in pairs], dtype=float)
    later = np.array([[within(cell, since, INF) for cell in cells] for since in entry], dtype=float)

    def loss(mass):
        p, q = there @ mass, later @ mass
        return -(np.log(p) - np.log(q)).sum()

    def slope(mass):
        return -(there / (there @ mass)[:, None] - later / (later @ mass)[:, None]).sum(axis=0)

    start = np.full(len(cells), 1 / len(cells))
    found = minimize(
        loss,
        start,
        jac=slope,
        bounds=[(1e-12, 1)] * len(cells),
        constraints={"type": "eq", "fun": lambda m: m.sum() - 1, "jac": lambda m: np.ones(len(m))},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-13},
    )
    return -found.fun


def pairs_of(draw_values):
    kinds = {0: lambda a, b: (a, a), 1: lambda a, b: (a, a + b), 2: lambda a, b: (a, INF), 3: lambda a, b: (-INF, a)}
    return [kinds[kind](a, b) for kind, a, b in draw_values]


TIMES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(1, 6)), min_size=2, max_size=12)


@settings(max_examples=25, deadline=None)
@given(TIMES)
def test_no_other_distribution_is_more_likely(values):
    pairs = pairs_of(values)
    table = fitted(pairs)
    assert table["mass"].sum() == pytest.approx(1)
    assert table.attrs["log_likelihood"] == pytest.approx(by_brute_force(pairs), abs=1e-5)
    # The likelihood of the rows that are given, not only that of the attributes.
    p = []
    for left, right in pairs:
        inside = (table["left"] >= left) & (table["right"] <= right)
        # A point at the open end of an interval lies outside it.
        inside &= (left == right) | ~((table["left"] == table["right"]) & (table["left"] == left))
        p.append(table.loc[inside, "mass"].sum())
    assert np.log(p).sum() == pytest.approx(table.attrs["log_likelihood"], abs=1e-4)


def test_no_other_distribution_is_more_likely_with_delayed_entry():
    pairs = [(4, 6), (2, 5), (5, 9), (7, INF), (3, 3), (6, 8), (8, INF), (1, 4)]
    entry = [0, 2, 1, 3, 0, 4, 0, -INF]
    table = fitted(pairs, entry=entry)
    assert table.attrs["log_likelihood"] == pytest.approx(by_brute_force(pairs, entry), abs=1e-6)


def test_a_late_entry_says_that_an_earlier_time_came_before_it():
    # Mass after 5 would make the second subject's late time less likely, so that of the first lies up to 5.
    table = fitted([(1, 10), (20, 30)], entry=[-INF, 5])
    assert table[["left", "right"]].to_numpy().tolist() == [[1, 5], [20, 30]]


def test_the_order_of_the_times_changes_nothing():
    one, other = fitted(RADIOTHERAPY), fitted(RADIOTHERAPY[::-1])
    assert one.drop(columns="mass").equals(other.drop(columns="mass"))
    np.testing.assert_allclose(one["mass"], other["mass"], atol=1e-7)


# ---- kinds of times


def test_exact_times_are_the_empirical_distribution():
    table = fitted([(5, 5), (2, 2), (2, 2), (9, 9)])
    assert table[["left", "right"]].to_numpy().tolist() == [[2, 2], [5, 5], [9, 9]]
    assert table["mass"].tolist() == pytest.approx([0.5, 0.25, 0.25])


def test_a_censored_time_is_at_risk_of_an_event_of_its_own_day():
    # Kaplan and Meier by hand: at 2 two of four are gone; at 5 one of the two that are left.
    table = fitted([(2, 2), (2, 2), (2, INF), (5, 5)])
    assert table["mass"].tolist() == pytest.approx([0.5, 0.5])
    assert table["left"].tolist() == [2, 5]


def test_left_censored_times_begin_before_everything():
    table = fitted([(-INF, 3), (1, 3), (5, INF)])
    assert table[["left", "right"]].to_numpy().tolist() == [[1, 3], [5, INF]]
    assert table["mass"].tolist() == pytest.approx([2 / 3, 1 / 3])
    steps = survival(fitted([(-INF, 3), (5, INF)]))
    assert steps.to_numpy().tolist() == [[-INF, 0.5, 1], [3, 0.5, 0.5], [5, 0, 0.5]]


def test_only_censored_times_leave_everything_open():
    table = fitted([(1, INF), (4, INF)])
    assert table.to_numpy().tolist() == [[4, INF, 1]]
    assert survival(table).to_numpy().tolist() == [[4, 0, 1]]


@pytest.mark.parametrize(
    ("left", "right", "entry", "message"),
    [
        ([3], [2], None, "time 0 is from 3.0 to 2.0"),
        ([1, math.nan], [2, 3], None, "time 1 is from nan to 3.0"),
        ([1], [2], [1.5], "with entry 1.5"),
        ([1], [1], [1], "an exact time after its entry"),
        ([INF], [INF], None, "left finite"),
        ([], [], None, "for each time is needed"),
        ([1, 2], [3], None, "for each time is needed"),
    ],
)
def test_times_that_cannot_be_are_refused(left, right, entry, message):
    with pytest.raises(ValueError, match=message):
        turnbull(left, right, entry=entry)


# ---- bootstrap


def test_the_bootstrap_interval_of_exact_times_is_that_of_a_binomial():
    # Five of ten are later than 3: each sample has a binomial number of them.
    from scipy.stats import binom

    times = [*range(1, 4), 3, 3, *range(4, 9)]
    table = survival_interval(times, times, np.random.default_rng(1), samples=800, level=0.9).set_index("time")
    low, high = binom.ppf([0.05, 0.95], 10, 0.5) / 10
    assert table.loc[3, ["low", "high"]].tolist() == pytest.approx([low, high])


def test_the_bootstrap_interval_holds_the_bounds_and_is_the_same_again():
    left, right = zip(*RADIOTHERAPY, strict=True)
    one, other = (survival_interval(left, right, np.random.default_rng(7), samples=60) for _ in range(2))
    assert one.equals(other)
    assert (one["low"] <= one["survival_low"]).all() and (one["survival_high"] <= one["high"]).all()
    assert ((one["low"] >= 0) & (one["high"] <= 1)).all()
    for options, message in (
        ({"level": 1}, "level=1: a level in"),
        ({"samples": 0}, "samples=0: a whole number from 1"),
    ):
        with pytest.raises(ValueError, match=message):
            survival_interval(left, right, np.random.default_rng(7), **options)
