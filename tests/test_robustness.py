"""Rankings without some ties: by hand, by full enumeration, and Kendall's tau against scipy."""

from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, rankdata
from tiny import tiny_study

from r2p_analysis.networks import two_mode_network
from r2p_analysis.networks.robustness import CHECKS, pair_orders, rank_checks, rank_intervals, rankings, robustness


def network(ties, actors=(), bodies=()):
    B = nx.Graph(layers=("coded",))
    B.add_nodes_from(sorted({*actors, *(tie[0] for tie in ties)}), bipartite=0)
    B.add_nodes_from(sorted({*bodies, *(tie[1] for tie in ties)}), bipartite=1)
    for actor, body, *basis in ties:
        B.add_edge(actor, body, basis=basis[0] if basis else "explicit")
    return B


def degrees(B):
    return pd.Series({node: B.degree[node] for node, side in B.nodes(data="bipartite") if side == 0})


def body_degrees(B):
    return pd.Series({node: B.degree[node] for node, side in B.nodes(data="bipartite") if side == 1})


def rng():
    return np.random.default_rng(1)


STAR = [("arg", "lan"), ("arg", "oas"), ("arg", "un"), ("bol", "oas"), ("bol", "un", "inferred"), ("bra", "un")]


def of(table, check):
    return (
        table[table["check"] == check].drop(columns="check").set_index("node" if "node" in table else table.columns[1])
    )


def test_each_body_left_out_by_hand():
    table = rankings(network(STAR, bodies=["sica"]), degrees, rng=rng())
    found = table[table["check"] == "body_left_out"]
    assert found[["run", "left_out", "n_dropped", "node", "value", "rank"]].values.tolist() == [
        [0, "lan", 1, "arg", 2, 1],
        [0, "lan", 1, "bol", 2, 1],
        [0, "lan", 1, "bra", 1, 3],
        [1, "oas", 2, "arg", 2, 1],
        [1, "oas", 2, "bol", 1, 2],
        [1, "oas", 2, "bra", 1, 2],
        [2, "un", 3, "arg", 2, 1],
        [2, "un", 3, "bol", 1, 2],
        [2, "un", 3, "bra", 0, 3],
    ]
    whole = table[table["check"] == "whole"]
    assert whole[["node", "value", "rank"]].values.tolist() == [["arg", 3, 1], ["bol", 2, 2], ["bra", 1, 3]]


def test_a_summary_by_hand():
    table = robustness(network(STAR), degrees, rng=rng()).set_index("check")
    assert table.index.tolist() == list(CHECKS)
    left_out = table.loc["body_left_out"]
    assert left_out["n_runs"] == 3
    assert left_out["n_dropped"] == 2
    assert left_out["top"] == "arg"
    assert left_out["share_top_holds"] == pytest.approx(2 / 3)  # without lan bol draws level
    assert left_out["share_order_holds"] == pytest.approx(1 / 3)  # only without un
    # One tie among three pairs: tau-b is 2 / sqrt(3 x 2).
    assert left_out["tau"] == pytest.approx((2 / 6**0.5 + 2 / 6**0.5 + 1) / 3)
    assert (left_out["tau_low"], left_out["tau_high"]) == (pytest.approx(2 / 6**0.5), 1)
    inferred = table.loc["inferred_off"]
    assert (inferred["n_runs"], inferred["n_dropped"], inferred["share_top_holds"]) == (1, 1, 1)
    assert inferred["share_order_holds"] == 0  # bol and bra draw level


def test_intervals_of_ranks_by_hand():
    found = rank_intervals(rankings(network(STAR), degrees, rng=rng()))
    assert of(found, "body_left_out").values.tolist() == [
        [1, 1, 1, 1, 1, 3],
        [2, 1, 2, 2 / 3, 1 / 3, 3],
        [3, 2, 3, 2 / 3, 0, 3],
    ]
    assert found["check"].unique().tolist() == list(CHECKS)
    assert of(found, "inferred_off")[["rank", "rank_low"]].values.tolist() == [[1, 1], [2, 2], [3, 2]]


def test_orders_of_pairs_by_hand():
    found = pair_orders(rankings(network([*STAR, ("cub", "un")]), degrees, rng=rng()))
    assert found[found["check"] == "body_left_out"].drop(columns="check").values.tolist() == [
        ["arg", "bol", False, 2 / 3, 0, 3],
        ["arg", "bra", False, 1, 0, 3],
        ["arg", "cub", False, 1, 0, 3],
        ["bol", "bra", False, 2 / 3, 0, 3],
        ["bol", "cub", False, 2 / 3, 0, 3],
        ["bra", "cub", True, 1, 0, 3],
    ]


def test_a_reversed_pair_is_told_from_one_that_draws_level():
    ties = [("arg", "lan"), ("arg", "oas"), ("bol", "un"), ("arg", "un")]
    weighed = lambda B: degrees(B) - pd.Series({"arg": 1.5, "bol": 0})  # noqa: E731
    found = pair_orders(rankings(network(ties), weighed, rng=rng()))
    # arg 1.5, bol 1; without lan or oas .5 and 1, without un .5 and 0.
    assert found[found["check"] == "body_left_out"].values.tolist() == [
        ["body_left_out", "arg", "bol", False, 1 / 3, 2 / 3, 3]
    ]


def test_a_body_that_is_left_out_is_not_ranked_in_that_run():
    table = rankings(network(STAR), body_degrees, rng=rng())
    found = table[table["check"] == "body_left_out"]
    assert found[["left_out", "node", "rank"]].values.tolist() == [
        ["lan", "oas", 2],
        ["lan", "un", 1],
        ["oas", "lan", 2],
        ["oas", "un", 1],
        ["un", "lan", 2],
        ["un", "oas", 1],
    ]
    summary = robustness(network(STAR), body_degrees, rng=rng()).set_index("check")
    # Those that are there keep their order in each run, and so does the best of them.
    assert summary.loc["body_left_out", ["share_top_holds", "share_order_holds", "tau"]].tolist() == [1, 1, 1]
    intervals = of(rank_intervals(table), "body_left_out")
    assert intervals["n_runs"].tolist() == [2, 2, 2]


def test_dropped_ties_are_uniform_over_all_choices():
    ties = [tie[:2] for tie in STAR]
    B = network(ties)
    runs = 3000
    table = rankings(B, degrees, runs=runs, rng=rng(), drop=1 / 3)
    dropped = table[table["check"] == "dropped_ties"]
    assert dropped["run"].nunique() == runs
    assert dropped["n_dropped"].unique().tolist() == [2]
    # Every pair of ties left out, by hand.
    lacking = [network([t for t in ties if t not in pair], B.nodes, []) for pair in combinations(ties, 2)]
    for node in ("arg", "bol", "bra"):
        values = [degrees(network_)[node] for network_ in lacking]
        for value in range(4):
            share = sum(v == value for v in values) / len(values)
            found = (dropped.loc[dropped["node"] == node, "value"] == value).mean()
            assert abs(found - share) <= 4.5 * (share * (1 - share) / runs) ** 0.5


def test_at_least_one_tie_is_dropped():
    table = rankings(network(STAR[:4]), degrees, runs=3, rng=rng(), drop=0.01)
    assert table.loc[table["check"] == "dropped_ties", "n_dropped"].unique().tolist() == [1]


def test_a_tie_is_inferred_if_all_its_rows_are():
    rows = [
        {"membership_id": "a", "actor_id": "arg", "body_id": "lan", "role": "member", "basis": "inferred"},
        {"membership_id": "b", "actor_id": "arg", "body_id": "lan", "role": "facilitator", "basis": "explicit"},
        {"membership_id": "c", "actor_id": "bol", "body_id": "lan", "role": "member", "basis": "inferred"},
        {"membership_id": "d", "actor_id": "bol", "body_id": "oas", "role": "member", "basis": "explicit"},
    ]
    regions = [{"iso3": iso, "name_en": iso, "subregion": "south_america"} for iso in ("ARG", "BOL")]
    study = tiny_study(memberships=[{**row, "evidence": "p"} for row in rows], regions=regions)
    B = two_mode_network(study)
    alone, asked = (rankings(B, degrees, rng=rng(), study=given) for given in (None, study))
    values = [of(table, "inferred_off")["value"].to_dict() for table in (alone, asked)]
    assert values == [{"arg": 0, "bol": 1}, {"arg": 1, "bol": 1}]


def test_with_nothing_to_leave_out_a_check_has_no_runs():
    summary = robustness(network([("arg", "lan")]), degrees, runs=4, rng=rng()).set_index("check")
    assert summary["n_runs"].to_dict() == {"dropped_ties": 4, "inferred_off": 0, "body_left_out": 1}
    assert summary.loc["inferred_off", ["n_dropped", "share_top_holds", "share_order_holds", "tau"]].isna().all()
    empty = robustness(network([], actors=["arg", "bol"], bodies=["lan"]), degrees, rng=rng())
    assert empty["n_runs"].tolist() == [0, 0, 0]
    assert empty["top"].tolist() == ["arg;bol"] * 3


def test_the_order_of_the_network_does_not_show_and_a_seed_repeats():
    B, turned = network(STAR), network(STAR[::-1])
    tables = [rankings(given, degrees, runs=10, rng=rng(), drop=0.4) for given in (B, turned, B)]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    pd.testing.assert_frame_equal(tables[0], tables[2])


def test_the_network_stays_as_it_is():
    B = network(STAR)
    rankings(B, degrees, runs=3, rng=rng())
    assert nx.utils.graphs_equal(B, network(STAR))


def test_rounding_ranks_nobody():
    noisy = lambda B: pd.Series({"arg": 0.1 + 0.2, "bol": 0.3, "bra": 1e-3})  # noqa: E731
    table = rankings(network(STAR), noisy, runs=1, rng=rng())
    assert table.loc[table["check"] == "whole", "rank"].tolist() == [1, 1, 3]


def test_what_was_asked_is_kept():
    for table in (
        rankings(network(STAR), degrees, runs=2, rng=rng()),
        robustness(network(STAR), degrees, runs=2, rng=rng()),
    ):
        assert table.attrs == {"layers": ("coded",), "runs": 2, "drop": 0.1}
    assert rank_intervals(table=rankings(network(STAR), degrees, runs=2, rng=rng()), level=0.5).attrs["level"] == 0.5


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=8))
def test_ranks_and_tau_are_scipys(pairs):
    nodes = [f"n{i}" for i in range(len(pairs))]
    first, second = (pd.Series(column, index=nodes, dtype=float) for column in zip(*pairs, strict=True))
    B = network([("arg", "lan")])
    measure = lambda B: first if B.has_node("lan") else second  # noqa: E731
    table = rankings(B, measure, runs=1, rng=rng())
    for check, values in (("whole", first), ("body_left_out", second)):
        expected = rankdata(-values, method="min").astype(int).tolist()
        assert table.loc[table["check"] == check, "rank"].tolist() == expected
    tau = robustness(B, measure, runs=1, rng=rng()).set_index("check").loc["body_left_out", "tau"]
    if len({*first}) > 1 and len({*second}) > 1:
        assert tau == pytest.approx(kendalltau(first, second).statistic)
    else:
        assert np.isnan(tau)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=40), st.sampled_from([0.5, 0.9, 0.95, 1.0]))
def test_intervals_leave_out_at_most_the_tails(ranks, level):
    runs = pd.DataFrame({"check": "dropped_ties", "run": range(len(ranks)), "node": "arg", "rank": ranks})
    whole = pd.DataFrame({"check": ["whole"], "run": 0, "node": "arg", "rank": 1})
    found = rank_intervals(pd.concat([whole, runs]), level=level).iloc[0]
    n, tail = len(ranks), (1 - level) / 2 + 1e-9
    assert found["rank_low"] == max(r for r in ranks if sum(other < r for other in ranks) / n <= tail)
    assert found["rank_high"] == min(r for r in ranks if sum(other > r for other in ranks) / n <= tail)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"runs": 0}, "runs=0: a whole number from 1"),
        ({"runs": True}, "runs=True: a whole number from 1"),
        ({"rng": None}, "rng=None: random numbers are needed"),
        ({"measure": "degree"}, "measure: 'degree' cannot be called; give a function"),
        ({"study": 3}, "3 is no study"),
        ({"drop": None}, "drop=None: a number is needed, as in 0.1"),
        ({"drop": 0}, "drop=0 is no share"),
        ({"drop": 10}, "drop=10 is no share.*such as 0.1"),
        ({"measure": lambda B: 1}, "the measure gave a int: a ranking needs a Series"),
        ({"measure": lambda B: pd.Series([1, 2], index=["arg", "arg"])}, "gave a node twice"),
        ({"measure": lambda B: pd.Series({"arg": 1, "bol": np.nan})}, "null at 'bol'"),
    ],
)
def test_what_cannot_be_ranked_is_refused(how, message):
    with pytest.raises(ValueError, match=message):
        rankings(network(STAR), **{"measure": degrees, "rng": rng(), **how})


@pytest.mark.parametrize("function", [rank_checks, rank_intervals, pair_orders])
def test_only_the_table_of_rankings_is_summed_up(function):
    table = rankings(network(STAR), degrees, runs=1, rng=rng())
    for wrong, message in (
        (None, "table: None is no pandas.DataFrame; give that of rankings"),
        (table.drop(columns="check"), "table lacks check; give that of rankings; its columns: run, left_out"),
        (table[table["check"] != "whole"], "each node has one row with the check 'whole'"),
        (pd.concat([table, table]), "each node has one row with the check 'whole'"),
    ):
        with pytest.raises(ValueError, match=message):
            function(wrong)


def test_other_refusals():
    with pytest.raises(ValueError, match="not a two-mode network"):
        rankings(nx.path_graph(3), degrees, rng=rng())
    with pytest.raises(ValueError, match="level=2 is no share"):
        rank_intervals(rankings(network(STAR), degrees, runs=1, rng=rng()), level=2)
