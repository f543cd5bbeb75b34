"""Plans against brute force over all sets of choices, against geometry, and against what the members say by hand."""

import itertools
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from r2p_analysis.closure import (
    Infeasible,
    TooManyPlans,
    Unproved,
    choices_to_close,
    covering,
    nodes,
    optimum,
    plans,
    reduction,
    search,
    trade_off,
    with_budget,
)

CARICOM = ["ATG", "BHS", "BRB", "BLZ", "DMA", "GRD", "GUY", "HTI", "JAM", "KNA", "LCA", "VCT", "SUR", "TTO"]
SICA = ["BLZ", "CRI", "DOM", "GTM", "HND", "NIC", "PAN", "SLV"]
UNASUR = ["ARG", "BOL", "BRA", "CHL", "COL", "ECU", "GUY", "PER", "PRY", "SUR", "URY", "VEN"]
NORTH, REST = ["CAN", "USA"], ["CUB", "MEX"]
STATES = sorted({*CARICOM, *SICA, *UNASUR, *NORTH, *REST})
BODIES = {
    "OAS": STATES,
    "CELAC": [state for state in STATES if state not in NORTH],
    "CARICOM": CARICOM,
    "SICA": SICA,
    "UNASUR": UNASUR,
}


def americas(**changed):
    members = BODIES | changed
    return pd.DataFrame({body: [state in of for state in STATES] for body, of in members.items()}, index=STATES)


def table(matrix):
    """Rows r0, r1, … and choices c00, c01, …"""
    matrix = np.asarray(matrix, dtype=bool)
    return pd.DataFrame(
        matrix,
        index=[f"r{i}" for i in range(matrix.shape[0])],
        columns=[f"c{j:02}" for j in range(matrix.shape[1])],
    )


def subsets(names):
    return (frozenset(some) for n in range(len(names) + 1) for some in itertools.combinations(names, n))


def covered(covers, plan, k):
    return {row for row in covers.index if sum(bool(covers.at[row, choice]) for choice in plan) >= k}


def by_brute_force(covers, prices, k):
    """Every cheapest cover of which nothing can be left out."""
    masks = [sum(1 << j for j, cell in enumerate(row) if cell) for row in covers.to_numpy()]
    good = [n for n in range(1 << covers.shape[1]) if all((n & mask).bit_count() >= k for mask in masks)]
    cost = {n: sum(prices[name] for j, name in enumerate(covers) if n >> j & 1) for n in good}
    least = min(cost.values(), default=None)
    best = {n for n in good if cost[n] == least}
    tight = [n for n in best if not any(n >> j & 1 and n ^ (1 << j) in best for j in range(covers.shape[1]))]
    return least, sorted(sorted(name for j, name in enumerate(covers) if n >> j & 1) for n in tight)


def instance(seed, most=9):
    rng = np.random.default_rng(seed)
    k, n_choices, n_rows = int(rng.choice([1, 1, 2, 3])), int(rng.integers(1, most)), int(rng.integers(0, 12))
    covers = table(rng.random((n_rows, n_choices)) < rng.uniform(0.3, 0.9))
    kinds = {
        0: [1] * n_choices,
        1: rng.integers(1, [6, 60][seed // 4 % 2], n_choices).tolist(),
        2: rng.integers(0, 3, n_choices).tolist(),
        3: [Fraction(int(a), int(b)) for a, b in rng.integers(1, 5, (n_choices, 2))],
    }
    return covers, dict(zip(covers.columns, kinds[seed % 4], strict=True)), k


def agrees(covers, prices, k):
    """Whether plans and optimum are what brute force finds; True also where both find none."""
    least, expected = by_brute_force(covers, prices, k)
    if least is None:
        with pytest.raises(Infeasible) as caught:
            plans(covers, prices, k=k)
        assert list(caught.value.uncoverable) == [row for row in covers.index if covers.loc[row].sum() < k]
        return False
    found = plans(covers, prices, k=k)
    assert [sorted(plan) for plan in found] == expected
    one = optimum(covers, prices, k=k)
    assert one.plan in found
    assert one.in_every == frozenset.intersection(*found)
    assert one.cost == pytest.approx(float(least))
    return True


# What the bodies of the Americas would need, by hand.


def test_the_oas_alone_has_every_state():
    assert plans(americas()) == [frozenset({"OAS"})]


def test_without_cuba_the_oas_needs_celac():
    oas = [state for state in STATES if state != "CUB"]
    assert plans(americas(OAS=oas)) == [frozenset({"OAS", "CELAC"})]


def test_without_both_canada_and_cuba_no_body_is_enough_and_the_error_says_which_states():
    without = [state for state in STATES if state not in ("CAN", "CUB")]
    nobody = americas(OAS=without, CELAC=[s for s in BODIES["CELAC"] if s != "CUB"])
    with pytest.raises(Infeasible, match="2 of 35 cannot be covered: CAN: no choice covers it; CUB: no") as caught:
        plans(nobody)
    assert caught.value.uncoverable == ("CAN", "CUB")


def test_an_excluded_body_is_named_as_the_reason():
    with pytest.raises(Infeasible, match="CAN: no allowed choice covers it; excluded: OAS") as caught:
        plans(americas(), exclude=["OAS"])
    assert caught.value.uncoverable == ("CAN", "USA")
    assert set(caught.value.why) == {"CAN", "USA"}


def test_twice_covered_or_not_the_reason_counts_choices():
    with pytest.raises(Infeasible, match=r"CAN: 1 of the 2 choices needed \(OAS\)") as caught:
        optimum(americas(), k=2)
    assert caught.value.uncoverable == ("CAN", "USA")
    south = plans(americas(), must_cover=UNASUR, k=2)
    assert [sorted(plan) for plan in south] == [["CELAC", "OAS"], ["CELAC", "UNASUR"], ["OAS", "UNASUR"]]
    with pytest.raises(Infeasible, match=r"ARG: 3 of the 4 choices needed"):
        plans(americas(), must_cover=["ARG"], k=4)
    with pytest.raises(Infeasible, match=r"ARG: 3 of the 99 choices"):
        plans(americas(), must_cover=["ARG"], k=99)


def test_many_uncoverable_rows_are_all_in_the_certificate_and_few_in_the_message():
    with pytest.raises(Infeasible, match="and 25 more") as caught:
        plans(americas(OAS=[], CELAC=[], CARICOM=[], SICA=[], UNASUR=[]))
    assert caught.value.uncoverable == tuple(STATES)


# Brute force.


def test_brute_force_finds_the_same_plans_and_as_many():
    feasible = [agrees(*instance(seed, most=13)) for seed in range(1000)]
    assert 400 < sum(feasible) < 1000


def test_highs_finds_the_same_when_the_own_search_gives_up_at_once(monkeypatch):
    monkeypatch.setattr(search, "NODES", 0)
    assert sum(agrees(*instance(seed, most=7)) for seed in range(60)) > 25


def test_the_order_in_which_choices_are_asked_changes_nothing(monkeypatch):
    monkeypatch.setattr(covering, "relaxed", lambda matrix, price, need, free: float((~free).argmax()))
    assert sum(agrees(*instance(seed, most=10)) for seed in range(150)) > 60


def test_machine_code_gives_the_same_numbers():
    pytest.importorskip("numba")
    rng = np.random.default_rng(8)
    ends = set()
    for trial in range(330):
        large = trial >= 300  # where choices are left out again and again before a branch
        n_rows, n_choices = (60, 110) if large else rng.integers(1, 30, 2)
        matrix = rng.random((n_rows, n_choices)) < (0.1 if large else rng.uniform(0.1, 0.6))
        price = rng.integers(0, 30 if large else [2, 30][trial % 2], n_choices).astype(float)
        own = nodes.part(matrix, price, rng.integers(1, 2 if large else 4, n_rows).astype(float), np.inf)
        chosen = rng.random(n_choices) < (0 if large else 0.1)
        node = nodes.taking(own, nodes.root(own), chosen)
        node = node._replace(free=node.free & (rng.random(n_choices) < 0.95))
        at_most = nodes.least(own) + 1 if large else rng.integers(0, price.sum() + 2)
        plain, compiled = nodes.visit(own, node, at_most), nodes.compiled_visit(own)(own, node, at_most)
        ends.add("dead" if plain is None else "done" if plain[1] == -1 else "branch")
        assert (plain is None) == (compiled is None)
        if plain is not None:
            assert plain[1] == compiled[1]
            assert all(np.array_equal(a, b) for a, b in zip(plain[0], compiled[0], strict=True))
    assert ends == {"dead", "done", "branch"}


def test_with_and_without_machine_code_one_plan_is_found(monkeypatch):
    covers = lines(2)
    monkeypatch.setattr(search, "_FEW", 0)
    with_it = optimum(covers)
    monkeypatch.setattr(search, "compiled_visit", lambda part: nodes.visit)
    assert optimum(covers) == with_it


def test_machine_code_is_looked_for_once_a_search_and_not_at_every_node(monkeypatch):
    asked, visited = [], []
    monkeypatch.setattr(search, "_FEW", 0)
    monkeypatch.setattr(search, "visit", None)  # not even the first node is visited without asking
    monkeypatch.setattr(search, "compiled_visit", lambda part: asked.append(part) or watched)

    def watched(*args):
        visited.append(args)
        return nodes.visit(*args)

    own = nodes.part(lines(2).to_numpy(), np.ones(9), np.ones(12), np.inf)
    assert len(list(search.covers_within(own, 5))) == 54
    assert (len(asked), len(visited) > 50) == (1, True)


def test_a_choice_that_others_outdo_is_left_out_only_where_they_are_enough():
    # a does all that b and c do; a row that needs two of them needs one of those, too.
    matrix = np.array([[True, True, False], [True, True, True], [True, False, True]])
    price, free = np.ones(3), np.ones(3, bool)
    once = reduction.reduced(matrix, price, np.ones(3), free)
    assert once.taken.tolist() == [True, False, False]
    assert len(once.rows) == len(once.choices) == 0
    twice = reduction.reduced(matrix, price, np.full(3, 2.0), free)
    assert twice.taken.tolist() == [True, True, True]
    dear = reduction.reduced(matrix, np.array([3.0, 1, 1]), np.ones(3), free)
    assert (dear.taken.any(), len(dear.choices)) == (False, 3)
    assert reduction.reduced(matrix, price, np.full(3, 3.0), free) is None


@pytest.mark.parametrize("compared", [4000, 0])
def test_what_is_reduced_costs_the_same(monkeypatch, compared):
    monkeypatch.setattr(reduction, "_COMPARED", compared)
    feasible = [agrees(*instance(seed)) for seed in range(200)]
    assert 80 < sum(feasible) < 200


def test_the_own_search_goes_on_alone_where_prices_are_too_fine_for_highs(monkeypatch):
    monkeypatch.setattr(search, "NODES", 0)
    monkeypatch.setattr(search, "TRUSTED", -1)
    monkeypatch.setattr(search, "_by_highs", None)
    assert sum(agrees(*instance(seed, most=7)) for seed in range(40)) > 10


def test_prices_that_differ_in_the_ninth_digit_are_told_apart():
    covers, _, k = instance(9)
    prices = {name: 10**9 + place for place, name in enumerate(covers)}
    assert agrees(covers, prices, k)
    assert len(plans(covers, k=k)) > len(plans(covers, prices, k=k))


def test_a_bad_start_leads_to_the_same_cheapest_cover():
    rng = np.random.default_rng(11)
    for _ in range(60):
        matrix, price = (rng.random((8, 9)) < 0.5).astype(float), rng.integers(5, 12, 9).astype(float)
        least, _ = by_brute_force(table(matrix), dict(zip(table(matrix).columns, price, strict=True)), 1)
        if least is not None:
            own = nodes.part(matrix, price, np.ones(8), np.inf)
            bare = own._replace(multipliers=np.zeros(8))
            assert price @ search._deepened(bare, 0, np.inf) == least


def lines(dimension):
    """Lines of the affine space of order 3: triples of points that sum to nothing."""
    points = list(itertools.product(range(3), repeat=dimension))
    third = {
        (a, b): tuple(-(x + y) % 3 for x, y in zip(a, b, strict=True)) for a, b in itertools.combinations(points, 2)
    }
    triples = sorted({tuple(sorted((a, b, c))) for (a, b), c in third.items()})
    return table([[point in triple for point in points] for triple in triples])


def test_what_meets_every_line_of_the_plane_of_order_3_is_what_the_54_largest_caps_leave():
    # The largest sets without a line have 4 points; there are 54 of them.
    found = plans(lines(2))
    assert (len(found), {len(plan) for plan in found}) == (54, {5})


def test_the_steiner_system_of_27_points_needs_18():
    # Fulkerson, Nemhauser and Trotter (1974), A27.
    assert optimum(lines(3)).cost == 18


def test_order_of_rows_and_columns_does_not_matter():
    covers, prices, k = instance(5, most=30)
    rng = np.random.default_rng(0)
    turned = covers.iloc[rng.permutation(covers.shape[0]), rng.permutation(covers.shape[1])]
    assert plans(turned, prices, k=k) == plans(covers, prices, k=k)
    assert optimum(turned, prices, k=k) == optimum(covers, prices, k=k)


def test_any_multipliers_bound_the_price_from_below():
    rng = np.random.default_rng(3)
    for _ in range(200):
        matrix, price = (rng.random((6, 7)) < 0.6).astype(float), rng.integers(0, 9, 7).astype(float)
        least, _ = by_brute_force(table(matrix), dict(zip(table(matrix).columns, price, strict=True)), 1)
        own = nodes.part(matrix, price, np.ones(6), np.inf)
        some = np.floor(rng.random(6) * own.highest)
        bound, _ = nodes.bound(matrix, price * own.grid, own.need, some)
        assert least is None or bound <= least * own.grid
        assert bound == int(bound)


@pytest.mark.parametrize("dearest", [0, 1, 12345, 2**27 - 1, 2**35])
def test_the_highest_multipliers_still_add_up_exactly(dearest):
    matrix, prices = np.ones((40, 500)), np.ones(500) * (dearest > 0)
    prices[0] = dearest
    own = nodes.part(matrix, prices, np.ones(40), np.inf)
    assert dearest == 0 or own.highest > 0
    largest = 40 * int(own.highest) * 501 + sum(map(int, prices * own.grid))
    assert largest <= 2**50
    assert (prices * own.grid == np.floor(prices * own.grid)).all()


# Prices.


def test_prices_are_exact():
    pair = table([[True, True, True], [True, False, True]]).assign(c03=[True, False])
    # 0.1 + 0.2 is 0.3, though not in binary.
    pairs = pair.drop(columns="c02").assign(c01=[False, True])
    assert len(plans(pairs, {"c00": 0.3, "c01": 0.1, "c03": 0.2})) == 2
    assert len(plans(pairs, {"c00": Fraction(1, 3), "c01": "1/6", "c03": Fraction(1, 6)})) == 2
    assert plans(pairs, {"c00": 10**9 + 1, "c01": 1, "c03": 10**9}) != plans(
        pairs, {"c00": 10**9, "c01": 1, "c03": 10**9}
    )
    assert optimum(pairs, {"c00": 0.3, "c01": 5}).cost == 0.3
    assert optimum(pairs, pd.Series({"c00": 2.0, "c01": 5.0})).cost == 2


def test_what_is_not_priced_costs_1():
    both = table([[True, True]])
    assert plans(both, {"c00": 1}) == [frozenset({"c00"}), frozenset({"c01"})]
    assert plans(both, {"c00": 2}) == [frozenset({"c01"})]


def test_a_free_choice_is_in_a_plan_only_where_a_row_needs_it():
    free = table([[True, True, False], [False, True, True]])
    assert plans(free, {"c00": 0, "c01": 0, "c02": 0}) == [frozenset({"c00", "c02"}), frozenset({"c01"})]
    assert optimum(free, dict.fromkeys(free, 0)).cost == 0


def test_nothing_to_cover_is_one_empty_plan():
    assert plans(americas(), must_cover=[]) == [frozenset()]
    assert plans(americas().iloc[:0]) == [frozenset()]
    assert optimum(americas(), must_cover=[]) == (frozenset(), frozenset(), 0)


def test_choices_that_do_the_same_are_different_plans():
    assert [sorted(plan) for plan in plans(table([[True] * 3] * 2))] == [["c00"], ["c01"], ["c02"]]


# Limits.


def twins(n):
    """Rows with two choices of their own each, and one with a single one."""
    return table(np.kron(np.eye(n + 1), [1, 1])[:, :-1])


def test_more_plans_than_the_limit_give_one_and_what_stands_in_all():
    with pytest.raises(TooManyPlans, match="more than 10000 plans cost 15") as caught:
        plans(twins(14))
    error = caught.value
    assert (error.in_every, error.cost, len(error.plan)) == ({"c28"}, 15, 15)
    assert covered(twins(14), error.plan, 1) == set(twins(14).index)


def test_as_many_plans_as_the_limit_are_listed():
    assert len(plans(twins(3), limit=8)) == 8
    assert len(plans(twins(3), limit=10**30)) == 8
    with pytest.raises(TooManyPlans):
        plans(twins(3), limit=7)
    with pytest.raises(TooManyPlans):
        plans(table([[True] * 4, [True, True, True, False]]), limit=2)


@pytest.mark.parametrize("ask", [plans, optimum])
def test_without_time_there_is_a_cover_and_a_bound(ask):
    prices = dict.fromkeys(lines(2), 0.5)
    with pytest.raises(Unproved, match=r"a plan \(.plan\) costs .*, none is below .*; give more seconds") as caught:
        ask(lines(2), prices, seconds=0)
    error = caught.value
    assert covered(lines(2), error.plan, 1) == set(lines(2).index)
    assert error.cost == len(error.plan) / 2
    # A third of each point covers every line, and no fraction of points does so for less.
    assert (error.bound, error.cost >= 2.5) == (1.5, True)


def clock_that_stops(monkeypatch, after):
    """Time is over when it has been asked for so often."""
    asked = itertools.count()
    monkeypatch.setattr(search.time, "monotonic", lambda: 0.0 if next(asked) < after else 1e9)


def test_what_was_found_before_the_time_was_over_is_handed_over(monkeypatch):
    costs = set()
    for after in range(1, 400, 3):
        with monkeypatch.context() as patched:
            clock_that_stops(patched, after)
            try:
                assert len(plans(lines(2))) == 54
                break
            except Unproved as error:
                assert covered(lines(2), error.plan, 1) == set(lines(2).index)
                assert error.bound <= 5 <= error.cost == len(error.plan)
                costs.add((error.cost, error.bound))
                assert ("no plan is cheaper" in str(error)) == (error.cost == error.bound)
    else:
        pytest.fail("never done")
    assert (5, 5) in costs
    assert any(bound < cost for cost, bound in costs)


def test_parts_that_are_settled_count_where_another_is_not(monkeypatch):
    # A row with one choice, two of one part each, and the plane beside them.
    both = pd.DataFrame(np.zeros((14, 11), bool), columns=[f"c{j:02}" for j in range(11)])
    both.iloc[:12, :9] = lines(2).to_numpy()
    both.iloc[12, 9] = both.iloc[13, 10] = True
    with pytest.raises(Unproved) as caught:
        optimum(both, {"c09": 7, "c10": 11}, seconds=0)
    assert 18 + 3 <= caught.value.bound <= 18 + 5 <= caught.value.cost
    assert {"c09", "c10"} < caught.value.plan


def test_what_one_part_costs_is_not_left_for_the_next(monkeypatch):
    # Two planes: each costs 5, of which a linear program knows 3.
    planes = np.kron(np.eye(2), lines(2).to_numpy()) > 0
    asked = planes, np.ones(18), np.ones(24), np.inf
    assert search.cheapest(*asked, at_most=9) is None
    assert search.cheapest(*asked, at_most=10).sum() == 10
    deepened, late = search._deepened, iter([True, False])

    def slow(part, *args):
        if next(late):
            raise search.TimeOver(np.ones(9, bool), 4)
        return deepened(part, *args)

    monkeypatch.setattr(search, "_deepened", slow)
    with pytest.raises(search.TimeOver) as caught:
        search.cheapest(*asked)
    assert (caught.value.cover.sum(), caught.value.bound) == (9 + 5, 4 + 5)


def test_what_is_known_to_stand_in_all_is_handed_over(monkeypatch):
    covers = pd.concat([lines(2), pd.DataFrame({"z": [True]}, index=["alone"])]).fillna(False).astype(bool)
    standing = covering._standing

    def late(matrix, *others):
        if len(matrix) > 1:
            raise search.TimeOver(np.zeros(matrix.shape[1], bool))
        return standing(matrix, *others)

    monkeypatch.setattr(covering, "_standing", late)
    with pytest.raises(Unproved, match="no plan is cheaper") as caught:
        optimum(covers)
    assert (caught.value.in_every, caught.value.cost, caught.value.bound) == ({"z"}, 6, 6)


def test_what_stood_in_all_before_the_time_was_over_is_known(monkeypatch):
    # The first row has one choice, the second has two; time ends when it is asked about the second.
    cells, price, need = np.array([[1, 0, 0], [0, 1, 1]], bool), np.ones(3), np.ones(2)
    one, cheapest, asked = np.array([True, True, False]), search.cheapest, itertools.count()

    def late(*args, **kwargs):
        if next(asked):
            raise search.TimeOver
        return cheapest(*args, **kwargs)

    monkeypatch.setattr(covering, "cheapest", late)
    with pytest.raises(search.TimeOver) as caught:
        covering._standing(cells, price, need, one, np.inf)
    assert caught.value.cover.tolist() == [True, False, False]


def test_the_curve_that_was_settled_in_time_is_handed_over(monkeypatch):
    from r2p_analysis.closure import budget

    whole, solved, asked = trade_off(lines(2)), budget._solved, itertools.count()

    def late(*args, **kwargs):
        if next(asked) == 5:
            raise search.TimeOver
        return solved(*args, **kwargs)

    monkeypatch.setattr(budget, "_solved", late)
    with pytest.raises(Unproved, match="3 budgets were settled") as caught:
        trade_off(lines(2))
    pd.testing.assert_frame_equal(caught.value.curve, whole.head(3))
    asked = itertools.count(4)
    with pytest.raises(Unproved, match="the most rows for 3 are open"):
        with_budget(lines(2), 3)


LIES = [{"mip_dual_bound": 1.0}, {"x": np.zeros(9)}, {"status": 1}, {"status": 1, "mip_dual_bound": 1e6}]


@pytest.mark.parametrize("lie", LIES)
def test_highs_is_not_believed_where_its_bound_or_its_plan_does_not_hold(monkeypatch, lie):
    import scipy.optimize

    honest = scipy.optimize.milp

    def lying(*args, **kwargs):
        answer = honest(*args, **kwargs)
        for key, value in lie.items():
            answer[key] = value if key != "x" else np.zeros(len(answer.x))
        return answer

    monkeypatch.setattr(search, "NODES", 0)
    assert optimum(lines(2)).cost == 5
    monkeypatch.setattr(scipy.optimize, "milp", lying)
    with pytest.raises(Unproved) as caught:
        optimum(lines(2))
    assert caught.value.bound <= 5 <= caught.value.cost
    with pytest.raises(Unproved):
        with_budget(lines(2), 3)


# What is asked wrongly.


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"exclude": ["CELAK"]}, "unknown choice in exclude 'CELAK': did you mean 'CELAC'"),
        ({"prices": {"Oas": 2}}, "unknown choice in prices 'Oas': did you mean 'OAS'"),
        ({"must_cover": ["CHLE"]}, "unknown row in must_cover 'CHLE': did you mean 'CHL'"),
        ({"must_cover": "CAN"}, r"'CAN' is one name: give a list, \['CAN'\]"),
        ({"exclude": "OAS"}, "is one name"),
        ({"prices": {"OAS": -1}}, "price of 'OAS' is -1: a price is 0 or more"),
        ({"prices": {"OAS": float("inf")}}, "price of 'OAS' is inf: a finite number"),
        ({"prices": {"OAS": float("nan")}}, "price of 'OAS' is nan: a finite number"),
        ({"prices": {"OAS": "cheap"}}, "'cheap': a finite number is needed"),
        ({"prices": {"OAS": "1e-5000"}}, "prices come to more than 68719476736 of"),
        ({"prices": {"OAS": 1e-12, "SICA": 1}}, "than 68719476736 of their largest common unit: round them"),
        ({"k": 0}, "k=0: a whole number from 1"),
        ({"k": True}, "k=True"),
        ({"k": None}, "k=None: a whole number from 1"),
        ({"prices": [1, 2]}, r"prices: \[1, 2\] gives no name a value; give a mapping, as in \{'oas': 2\}"),
        ({"prices": 3}, "prices: 3 gives no name a value"),
        ({"prices": "OAS"}, "prices: 'OAS' gives no name a value"),
        ({"prices": pd.Series([1, 2], ["OAS", "OAS"])}, "prices: 'OAS' stands twice: name each once"),
        ({"prices": {"OAS": None}}, "price of 'OAS' is None: a finite number"),
        ({"exclude": 5}, r"choice in exclude: 5 is no list of names; give one, as in \['OAS'\]"),
        ({"exclude": None}, "choice in exclude: None is no list of names"),
        ({"exclude": [["OAS"]]}, "choice in exclude: .* is no list of names"),
        ({"must_cover": 5}, "row in must_cover: 5 is no list of names"),
        ({"k": 1.5}, "k=1.5"),
    ],
)
def test_what_is_asked_wrongly_is_a_clear_error(asked, message):
    for ask in (plans, optimum, trade_off):
        with pytest.raises(ValueError, match=message):
            ask(americas(), **asked)


def test_covers_is_a_table_of_yes_and_no_with_each_choice_once():
    with pytest.raises(ValueError, match=r"is no pandas\.DataFrame; it is boolean"):
        plans({"OAS": STATES})
    for odd in (0.5, None, np.nan, "yes", pd.NA):
        with pytest.raises(ValueError, match="each cell is True or False"):
            plans(americas().astype(object).replace({True: odd}))
    listed = americas().astype(object)
    listed.iat[0, 0] = np.array([True, False])
    with pytest.raises(ValueError, match=r"covers has the value a ndarray of shape \(2,\): each cell is True or False"):
        plans(listed)
    twice = pd.concat([americas(), americas()[["OAS"]]], axis=1)
    with pytest.raises(ValueError, match="two columns of covers are named 'OAS'"):
        plans(twice)
    assert plans(americas().astype(int)) == plans(americas().astype("boolean")) == plans(americas())


def test_rows_of_one_name_are_conditions_that_all_have_to_hold():
    conditions = table([[True, True, False], [False, False, True]]).set_axis(["gap", "gap"])
    assert [sorted(plan) for plan in plans(conditions)] == [["c00", "c02"], ["c01", "c02"]]
    assert trade_off(conditions)["n_covered"].tolist() == [0, 1]
    with pytest.raises(ValueError, match="row gap has several conditions"):
        plans(conditions, k=2)
    with pytest.raises(Infeasible, match="1 of 1 cannot be covered: gap: no allowed choice covers it; excluded: c02"):
        plans(conditions, exclude=["c02"])


# Budgets.


def test_the_curve_is_what_brute_force_finds():
    for seed in range(60):
        covers, prices, k = instance(seed, most=8)
        every = [(sum(prices[c] for c in plan), covered(covers, plan, k)) for plan in subsets(covers.columns)]
        expected, most = [], -1
        for cost in sorted({cost for cost, _ in every}):
            most_here = max(len(rows) for c, rows in every if c <= cost)
            if most_here > most:
                most = most_here
                expected.append((float(cost), most))
        curve = trade_off(covers, prices, k=k)
        assert [(float(cost), n) for cost, n in zip(curve["cost"], curve["n_covered"], strict=True)] == expected
        for cost, n, plan, left in curve[["cost", "n_covered", "plan", "not_covered"]].itertuples(index=False):
            assert float(sum(prices[c] for c in plan)) == cost
            assert [row for row in covers.index if row not in covered(covers, plan, k)] == list(left)
            assert n == len(covers) - len(left)
            assert all(len(covered(covers, plan - {choice}, k)) < n for choice in plan)


def test_a_budget_between_two_lines_buys_the_lower_one():
    curve = trade_off(americas(), {"OAS": 4, "CELAC": 2.5})
    # CARICOM and UNASUR share Guyana and Suriname, CARICOM and SICA Belize.
    assert curve["cost"].tolist() == [0, 1, 2, 2.5, 4]
    assert curve["n_covered"].tolist() == [0, 14, 24, 33, 35]
    assert curve["share_covered"].tolist() == pytest.approx([0, 14 / 35, 24 / 35, 33 / 35, 1])
    assert with_budget(americas(), 3.9, {"OAS": 4, "CELAC": 2.5}) == (2.5, 33, {"CELAC"}, ("CAN", "USA"))
    assert with_budget(americas(), 0).plan == frozenset()
    assert with_budget(americas(), 2, must_cover=["CAN"], exclude=["OAS"]) == (0, 0, frozenset(), ("CAN",))


def test_a_budget_that_no_float_holds_buys_all():
    assert with_budget(americas(), 10**400) == with_budget(americas(), 5) == (1, 35, {"OAS"}, ())


def test_nothing_to_cover_has_a_curve_of_one_point_without_a_share():
    curve = trade_off(americas(), must_cover=[])
    assert curve[["cost", "n_covered"]].values.tolist() == [[0, 0]]
    assert curve["share_covered"].isna().all()


@pytest.mark.parametrize("seconds", [None, "60", True, float("nan"), -1, [60]])
def test_time_is_a_number_from_0(seconds):
    with pytest.raises(ValueError, match=r"seconds=.*: a number is needed, from 0, as in 60"):
        trade_off(americas(), seconds=seconds)
    with pytest.raises(ValueError, match=r"seconds=.*: a number is needed, from 0, as in 60"):
        with_budget(americas(), 3, seconds=seconds)


@pytest.mark.parametrize("budget", [-1, "much", float("nan"), "1/0"])
def test_a_budget_is_a_number_from_0(budget):
    with pytest.raises(ValueError, match=f"budget={budget!r}: a"):
        with_budget(americas(), budget)


def test_prices_that_are_too_fine_for_the_curve_are_refused():
    with pytest.raises(ValueError, match="the most here is 1000000: round"):
        trade_off(americas(), {"OAS": 1_000_001.5})
    # What counts is how finely they differ.
    dear = trade_off(americas(), dict.fromkeys(BODIES, 10**9))
    assert dear["cost"].tolist() == [0, 10**9]


def test_a_free_choice_is_on_the_curve_only_where_it_covers_more():
    idle = table(np.ones((3, 12))).assign(zz=[True, False, False])
    curve = trade_off(idle, dict.fromkeys(idle, 0))
    assert [len(plan) for plan in curve["plan"]] == [1]


# Accessions and added functions.


def closed(state, function, tables, plan, k):
    """Whether a state is covered through k bodies once the plan is done, from the words of its choices."""
    covered, members, performs = tables
    done = set(plan)
    through = today = 0
    for body in members:
        belongs, acts = members.at[state, body], performs.at[body, function]
        today += belongs and acts
        through += (belongs or f"{state} joins {body}" in done) and (acts or f"{body} adds {function}" in done)
    return through + (covered.at[state, function] and not today) >= k


def small_world(seed):
    rng = np.random.default_rng(seed)
    states, bodies, functions = ["ARG", "BRA"], ["lan", "oas", "sica"], ["training", "warning"]
    members = pd.DataFrame(rng.random((2, 3)) < 0.4, states, bodies)
    performs = pd.DataFrame(rng.random((3, 2)) < 0.4, bodies, functions)
    at_home = pd.DataFrame(rng.random((2, 2)) < 0.2, states, functions)
    covered = at_home | (members.astype(int) @ performs.astype(int) > 0)
    accessions = pd.DataFrame(rng.random((2, 3)) < 0.7, states, bodies) & ~members
    additions = pd.DataFrame(rng.random((3, 2)) < 0.8, bodies, functions) & ~performs
    return (covered, members, performs), accessions, additions


@pytest.mark.parametrize("k", [1, 2])
def test_accessions_and_functions_together_close_what_brute_force_says(k):
    solvable = 0
    for seed in range(60):
        tables, accessions, additions = small_world(seed)
        offered = [f"{s} joins {b}" for s in accessions.index for b in accessions if accessions.at[s, b]]
        offered += [f"{b} adds {f}" for b in additions.index for f in additions if additions.at[b, f]]
        gaps = [pair for pair in itertools.product(*tables[0].axes) if not closed(*pair, tables, [], k)]
        enough = [plan for plan in subsets(offered) if all(closed(*gap, tables, plan, k) for gap in gaps)]
        covers = choices_to_close(*tables, accessions=accessions, additions=additions, k=k)
        assert sorted(set(covers.index)) == sorted(gaps)
        if enough:
            fewest = [plan for plan in enough if len(plan) == len(enough[0])]
            assert set(plans(covers)) == set(fewest)
            solvable += 1
        else:
            never = [gap for gap in gaps if not closed(*gap, tables, offered, k)]
            with pytest.raises(Infeasible) as caught:
                plans(covers)
            assert sorted(caught.value.uncoverable) == sorted(never)
    assert solvable > 15


def test_a_budget_counts_gaps_not_conditions():
    (covered, members, performs), *_ = small_world(1)
    covers = choices_to_close(covered, members, performs, accessions=~members, additions=~performs)
    assert len(covers) > covers.index.nunique()
    assert trade_off(covers)["n_covered"].iloc[-1] == covers.index.nunique()
    gap = covers.index[0]
    assert all(len(plan) <= 2 for plan in plans(covers, must_cover=[gap]))


def test_names_are_read_as_sentences_and_only_what_helps_is_offered():
    (covered, members, performs), *_ = small_world(0)
    nothing = choices_to_close(covered | True, members, performs, accessions=~members, additions=~performs)
    assert nothing.shape == (0, 0)
    assert plans(nothing) == [frozenset()]
    alone = choices_to_close(covered & False, members & False, performs & False, accessions=~members | True)
    assert alone.shape == (4, 0)
    with pytest.raises(Infeasible, match="4 of 4 cannot be covered: ARG, training: no choice covers it"):
        plans(alone)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"performs": lambda t: t.rename(index={"oas": "osa"})}, "unknown name in performs 'osa': did you mean 'oas'"),
        ({"members": lambda t: t.rename(index={"ARG": "URY"})}, "unknown name in members 'URY'"),
        ({"covered": lambda t: t.astype(int)}, "covered has cells that are not True or False"),
        ({"members": lambda t: pd.concat([t, t])}, "members names the row 'ARG' twice"),
        ({"members": lambda t: t.to_numpy()}, "members: a ndarray .* is no pandas.DataFrame"),
        ({"covered": lambda t: None}, "covered: None is no pandas.DataFrame"),
    ],
)
def test_tables_that_do_not_fit_together_are_named(changed, message):
    tables = dict(zip(("covered", "members", "performs"), small_world(0)[0], strict=True))
    spoilt = {name: changed.get(name, lambda t: t)(kept) for name, kept in tables.items()}
    with pytest.raises(ValueError, match=message):
        choices_to_close(**spoilt)


def test_more_conditions_than_can_be_searched_are_refused_at_once():
    bodies = [f"b{i}" for i in range(40)]
    members = pd.DataFrame(False, ["ARG"], bodies)
    performs = pd.DataFrame(False, bodies, ["training"])
    with pytest.raises(ValueError, match="more than 50000 conditions: offer fewer"):
        choices_to_close(
            performs.T.set_axis(["ARG"])[bodies[:1]].set_axis(["training"], axis=1),
            members,
            performs,
            accessions=~members,
            additions=~performs,
        )
    with pytest.raises(ValueError, match="k=0: a whole number from 1"):
        choices_to_close(performs.T, members, performs, k=0)


def test_what_an_organ_does_for_others_leaves_the_gap_there():
    covered = pd.DataFrame({"training": [True, False]}, index=["ARG", "BOL"])
    members = pd.DataFrame({"oas": [True, True], "lan": [False, False]}, index=["ARG", "BOL"])
    performs = pd.DataFrame({"training": [True, True]}, index=["oas", "lan"])
    nothing = choices_to_close(covered, members, performs)
    assert list(nothing.index) == [("BOL", "training")]
    with pytest.raises(Infeasible, match="BOL, training: no choice covers it"):
        plans(nothing)
    assert plans(choices_to_close(covered, members, performs, accessions=~members)) == [frozenset({"BOL joins lan"})]


@pytest.mark.parametrize("limit", [0, -5, 1.5, True])
def test_the_limit_of_plans_is_a_whole_number_from_1(limit):
    with pytest.raises(ValueError, match=f"limit={limit}: a whole number from 1"):
        plans(americas(), limit=limit)
