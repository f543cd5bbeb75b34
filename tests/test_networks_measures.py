"""Strength, redundancy, brokerage, core and communities: by hand, by brute force, and against networkx."""

import math
import subprocess
import sys
from fractions import Fraction
from itertools import chain, combinations, product

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.optimize
import scipy.sparse
from tiny import tiny_study

from r2p_analysis.networks import core, two_mode_network
from r2p_analysis.networks.brokerage import brokerage
from r2p_analysis.networks.communities import _choose, _numbered, communities, modularity
from r2p_analysis.networks.core import core_periphery
from r2p_analysis.networks.measures import betweenness, eigenvector, redundancy, strength


def davis():
    return nx.davis_southern_women_graph()


def graph(cells, **attributes):
    """Two-mode network of a matrix: actors a0, a1, ..., bodies b0, b1, ..."""
    cells = np.asarray(cells)
    B = nx.Graph(**attributes)
    B.add_nodes_from((f"a{i}" for i in range(cells.shape[0])), bipartite=0)
    B.add_nodes_from((f"b{j}" for j in range(cells.shape[1])), bipartite=1)
    B.add_edges_from((f"a{i}", f"b{j}") for i, j in zip(*np.nonzero(cells), strict=True))
    return B


def random(seed, n=6, m=5, p=0.45):
    return graph(np.random.default_rng(seed).random((n, m)) < p)


def side(B, mode):
    return sorted(n for n, given in B.nodes(data="bipartite") if given == (mode == "body"))


# --- strength


@pytest.mark.parametrize("mode", ["actor", "body"])
@pytest.mark.parametrize("B", [davis(), random(1), random(2, 9, 9, 0.1)], ids=["davis", "thick", "thin"])
def test_strength_is_the_sum_over_bodies_of_their_other_members(B, mode):
    table = strength(B, mode).set_index("node")
    assert sorted(table.index) == side(B, mode)
    for node, row in table.iterrows():
        assert row["strength"] == sum(B.degree[k] - 1 for k in B[node])
        assert row["n_tied"] == len({other for k in B[node] for other in B[k]} - {node})


def test_strength_by_newman_is_the_number_of_bodies_with_another_member():
    B = davis()
    B.add_node("alone", bipartite=1)
    B.add_edge("Flora Price", "alone")
    table = strength(B, weight="newman").set_index("node")
    assert table.loc["Flora Price", ["degree", "strength"]].tolist() == [3, pytest.approx(2)]
    assert table["strength"].drop("Flora Price").tolist() == pytest.approx(table["degree"].drop("Flora Price").tolist())


def test_tables_are_ranked_and_say_what_was_asked():
    B = graph([[1, 0], [1, 1], [0, 0]], at="2014", reading="certain", layers=("coded",), other=1)
    nx.set_node_attributes(B, {"a1": "Bolivia"}, "label")
    for table in (strength(B), redundancy(B)):
        assert table["node"].tolist() == ["a1", "a0", "a2"]
        assert table["label"].tolist() == ["Bolivia", "a0", "a2"]
        assert table["degree"].tolist() == [2, 1, 0]
        asked = {"layers": ("coded",), "at": "2014", "reading": "certain", "mode": "actor"}
        assert {key: table.attrs[key] for key in asked} == asked
        assert "other" not in table.attrs
    assert strength(B).attrs["weight"] == "count"
    assert strength(graph([[1]])).attrs["layers"] is None


# --- redundancy


def redundant(B, node):
    """Redundancy from its definition, one pair of neighbours after the other."""
    pairs = list(combinations(B[node], 2))
    tied = sum(any(node != other for other in B[u].keys() & B[v].keys()) for u, v in pairs)
    return Fraction(tied, len(pairs)) if pairs else None


@pytest.mark.parametrize("mode", ["actor", "body"])
@pytest.mark.parametrize("seed", range(6))
def test_redundancy_is_what_its_definition_says(seed, mode):
    B = random(seed, 9, 7, 0.15 + 0.1 * seed)
    for row in redundancy(B, mode).itertuples():
        expected = redundant(B, row.node)
        assert row.n_pairs == math.comb(row.degree, 2)
        assert math.isnan(row.redundancy) if expected is None else row.redundancy == float(expected)


def test_redundancy_agrees_with_networkx_where_that_has_an_answer():
    B = davis()
    peer = nx.bipartite.node_redundancy(B)
    for mode in ("actor", "body"):
        table = redundancy(B, mode)
        assert dict(zip(table["node"], table["redundancy"], strict=True)) == pytest.approx(
            {node: peer[node] for node in side(B, mode)}
        )


def test_a_body_that_repeats_another_is_redundant_and_one_that_stands_alone_is_not():
    B = graph([[1, 1, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]])
    table = redundancy(B, "body").set_index("node")
    assert table["redundancy"].to_dict() == {"b0": 1.0, "b1": 1 / 3, "b2": 0.0}


# --- brokerage


def regional(memberships, **options):
    B = nx.Graph(**options)
    for group, states in {"south": ["arg", "bol", "chl"], "isles": ["cub", "jam"], "": ["lost"]}.items():
        B.add_nodes_from(states, bipartite=0, subregion=group)
    B.add_nodes_from(sorted({body for _, body in memberships} | {"void"}), bipartite=1)
    B.add_edges_from(memberships)
    return B


MEMBERSHIPS = [
    *((state, "celac") for state in ("arg", "bol", "cub", "jam", "lost")),
    *((state, "unasur") for state in ("arg", "bol", "chl")),
    ("cub", "alba"),
    ("bol", "alba"),
    ("lost", "alba"),
]


def test_brokerage_of_bodies_by_hand():
    table = brokerage(regional(MEMBERSHIPS)).set_index("node")
    columns = ["n_members", "n_groups", "n_pairs", "n_between", "n_without_group"]
    assert table[columns].T.to_dict("list") == {
        "celac": [4, 2, 6, 4, 1],
        "alba": [2, 2, 1, 1, 1],
        "unasur": [3, 1, 3, 0, 0],
        "void": [0, 0, 0, 0, 0],
    }
    assert table["share_between"].tolist()[:3] == [4 / 6, 1.0, 0.0]
    assert math.isnan(table.loc["void", "share_between"])
    # Of the 10 pairs of the five states that have a sub-region 3 x 2 are of different ones.
    assert table["share_expected"].tolist() == [0.6] * 4


def test_brokerage_of_states_by_hand():
    table = brokerage(regional(MEMBERSHIPS), "actor").set_index("node")
    assert table.index.tolist() == ["bol", "cub", "arg", "jam", "chl", "lost"]
    columns = ["group", "n_bodies", "n_pairs", "n_between", "n_groups", "n_bridging", "n_without_group"]
    assert table[columns].T.to_dict("list") == {
        "bol": ["south", 3, 6, 3, 1, 2, 0],
        "cub": ["isles", 2, 4, 3, 1, 2, 0],
        "arg": ["south", 2, 5, 2, 1, 1, 0],
        "jam": ["isles", 1, 3, 2, 1, 1, 0],
        "chl": ["south", 1, 2, 0, 0, 0, 0],
        "lost": ["", 0, 0, 0, 0, 0, 1],
    }
    assert table["share_between"].tolist()[:5] == [0.5, 0.75, 0.4, 2 / 3, 0.0]
    assert table["share_expected"].tolist()[:5] == [0.5, 0.75, 0.5, 0.75, 0.5]
    assert table.loc["lost", ["share_between", "share_expected"]].isna().all()


def test_pairs_of_members_by_body_are_the_pairs_of_states_by_state_twice():
    B = regional(MEMBERSHIPS)
    bodies, states = brokerage(B), brokerage(B, "actor")
    for column in ("n_pairs", "n_between"):
        assert states[column].sum() == 2 * bodies[column].sum()


def test_groups_may_be_given():
    table = brokerage(regional(MEMBERSHIPS), groups={"arg": 1, "bol": 2, "chl": 2}).set_index("node")
    assert table.loc["unasur", ["n_members", "n_pairs", "n_between"]].tolist() == [3, 3, 2]
    assert table.loc["celac", "n_without_group"] == 3
    with pytest.raises(ValueError, match="unknown mode 'bodies': did you mean 'body'"):
        brokerage(regional(MEMBERSHIPS), "bodies")


def test_brokerage_of_nobody_is_a_table_without_rows():
    B = nx.Graph()
    assert len(brokerage(B)) == len(brokerage(B, "actor")) == 0
    assert "share_between" in brokerage(B) and "n_bridging" in brokerage(B, "actor")


# --- core and periphery


def correlation(matrix, core_rows, core_columns):
    return np.corrcoef(matrix.ravel(), np.outer(core_rows, core_columns).ravel())[0, 1]


def every_subset(n):
    return (np.array(bits) for bits in product((0, 1), repeat=n))


def in_core(table, B):
    flags = table.set_index("node")["core"]
    return [flags[side(B, mode)].to_numpy().astype(int) for mode in ("actor", "body")]


@pytest.mark.filterwarnings("ignore:invalid value")  # numpy's correlation with a constant ideal
@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 4)])
@pytest.mark.parametrize("seed", range(4))
def test_no_partition_has_a_higher_correlation_than_the_core_that_was_found(seed, shape):
    matrix = (np.random.default_rng(seed).random(shape) < 0.5).astype(int)
    B = graph(matrix)
    table = core_periphery(B)
    most = np.nanmax([correlation(matrix, r, c) for r in every_subset(shape[0]) for c in every_subset(shape[1])])
    assert table.attrs["exact"]
    assert table.attrs["correlation"] == pytest.approx(most, rel=1e-12)
    assert correlation(matrix, *in_core(table, B)) == pytest.approx(most, rel=1e-12)


@pytest.mark.parametrize("turned", [False, True])
def test_a_planted_core_is_found_by_both_searches(turned, monkeypatch):
    matrix = np.zeros((12, 9), dtype=int)
    matrix[2:7, 3:6] = 1
    matrix[0, 8] = matrix[3, 4] = 1
    matrix[4, 5] = 0
    B = graph(matrix.T if turned else matrix)
    exact = core_periphery(B)
    monkeypatch.setattr(core, "_MOST_CELLS", 0)
    greedy = core_periphery(B)
    assert (exact.attrs["exact"], greedy.attrs["exact"]) == (True, False)
    assert "greedy" in greedy.attrs["methods"] and "greedy" not in exact.attrs["methods"]
    pd.testing.assert_frame_equal(exact, greedy)
    actors, bodies = [3, 4, 5] if turned else range(2, 7), range(2, 7) if turned else [3, 4, 5]
    assert exact.loc[exact["core"], "node"].tolist() == [*(f"a{i}" for i in actors), *(f"b{j}" for j in bodies)]


def test_the_greedy_search_is_never_better_than_the_exact_one_and_often_as_good(monkeypatch):
    exact = [core_periphery(random(seed, 8, 7)).attrs["correlation"] for seed in range(30)]
    monkeypatch.setattr(core, "_MOST_CELLS", 0)
    greedy = [core_periphery(random(seed, 8, 7)).attrs["correlation"] for seed in range(30)]
    assert all(g <= e + 1e-12 for g, e in zip(greedy, exact, strict=True))
    assert sum(g > e - 1e-12 for g, e in zip(greedy, exact, strict=True)) >= 20


def test_blocks_and_ties_of_the_core_by_hand():
    table = core_periphery(graph([[1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]]))
    assert table.loc[table["core"], "node"].tolist() == ["a0", "a1", "b0", "b1"]
    assert table["n_core_ties"].tolist() == [2, 2, 1, 0, 2, 2, 0, 0]
    density = {(True, True): 1.0, (True, False): 0.0, (False, True): 0.25, (False, False): 0.25}
    assert table.attrs["density"] == density
    # 16 cells, 6 ties, 4 of them in the 4 cells of the core: (16 * 4 - 4 * 6) / sqrt(4 * 12 * 6 * 10).
    assert table.attrs["correlation"] == pytest.approx(40 / math.sqrt(2880))


@pytest.mark.parametrize("cells", [np.zeros((2, 3)), np.ones((2, 3)), np.zeros((0, 0)), np.zeros((2, 0))])
def test_without_a_difference_between_cells_there_is_no_core(cells):
    table = core_periphery(graph(cells))
    assert not table["core"].any()
    assert math.isnan(table.attrs["correlation"])


def test_an_isolate_is_never_core():
    for seed in range(20):
        table = core_periphery(random(seed, 5, 5, 0.3))
        assert not (table["core"] & (table["degree"] == 0)).any()


# --- communities


def partitions(n):
    """Every partition of n things, as labels."""
    labels = [[0]]
    for _ in range(n - 1):
        labels = [[*given, new] for given in labels for new in range(max(given) + 2)]
    return np.array(labels)


def most_modularity(matrix):
    """Largest modularity over every partition of all nodes, by the definition in floats."""
    ties = matrix.sum()
    excess = matrix - np.outer(matrix.sum(1), matrix.sum(0)) / ties
    n = len(matrix)
    together = (given[:n, None] == given[n:] for given in partitions(sum(matrix.shape)))
    return max((excess * pairs).sum() / ties for pairs in together)


@pytest.mark.parametrize("seed", range(6))
def test_no_partition_has_more_modularity_than_the_communities_that_were_found(seed):
    matrix = (np.random.default_rng(seed).random((5, 4)) < 0.45).astype(int)
    table = communities(graph(matrix), np.random.default_rng(seed), runs=30)
    assert table.attrs["modularity"] == pytest.approx(most_modularity(matrix), rel=1e-12)


def test_modularity_by_hand():
    # Two blocks of 2 x 2: all 8 ties inside, of which the degrees would put half there.
    B = graph(np.kron(np.eye(2), np.ones((2, 2))))
    table = communities(B, np.random.default_rng(0))
    assert table.attrs["modularity"] == 0.5
    assert table["community"].tolist() == [1, 1, 2, 2, 1, 1, 2, 2]
    parts = dict(zip(table["node"], table["community"], strict=True))
    assert modularity(B, parts) == 0.5
    assert modularity(B, dict.fromkeys(B, "one")) == 0
    assert modularity(B, {}) == 0
    # One tie of 8 inside; its ends have degree 2 each: 1/8 - 4/64.
    assert modularity(B, {"a0": "x", "b0": "x"}) == 1 / 16


def proved(B):
    """Largest modularity as an integer programme: together or not for each pair of nodes, and that transitive."""
    nodes = [*side(B, "actor"), *side(B, "body")]
    pair = {key: k for k, key in enumerate(combinations(range(len(nodes)), 2))}
    ties = B.number_of_edges()
    worth = np.zeros(len(pair))
    for (i, j), k in pair.items():
        u, v = nodes[i], nodes[j]
        if B.nodes[u]["bipartite"] != B.nodes[v]["bipartite"]:
            worth[k] = ties * B.has_edge(u, v) - B.degree[u] * B.degree[v]
    triples = combinations(range(len(nodes)), 3)
    sides = [(pair[i, j], pair[j, k], pair[i, k]) for i, j, k in triples]
    rows = [turn for a, b, c in sides for turn in ((a, b, c), (b, c, a), (c, a, b))]
    where = (np.repeat(np.arange(len(rows)), 3), np.ravel(rows))
    transitive = scipy.sparse.csr_array((np.tile([1, 1, -1], len(rows)), where), shape=(len(rows), len(pair)))
    found = scipy.optimize.milp(
        -worth,
        constraints=scipy.optimize.LinearConstraint(transitive, -np.inf, 1),
        integrality=np.ones(len(pair)),
        bounds=scipy.optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    assert found.status == 0  # optimal
    return -found.fun / ties**2


def test_the_four_communities_of_davis_are_the_best_that_there_are():
    B = davis()
    table = communities(B, np.random.default_rng(1))
    of = dict(zip(table["node"], table["community"], strict=True))
    assert table.attrs["n_communities"] == 4
    assert table.attrs["modularity"] == pytest.approx(proved(B), rel=1e-12)
    inside = sum(of[u] == of[v] for u, v in B.edges)
    pairs = product(side(B, "actor"), side(B, "body"))
    by_chance = sum(Fraction(B.degree[u] * B.degree[v], 89) for u, v in pairs if of[u] == of[v])
    assert table.attrs["modularity"] == pytest.approx(float((inside - by_chance) / 89), rel=1e-15)


def test_numbers_of_communities_are_by_size_and_first_node_and_isolates_have_none():
    B = graph([[0, 0, 1, 0], [1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]])
    table = communities(B, np.random.default_rng(3)).set_index("node")
    assert table["community"].astype(object).where(table["community"].notna(), None).to_dict() == {
        **{"a0": 2, "a1": 1, "a2": 1, "a3": None},
        **{"b0": 1, "b1": 1, "b2": 2, "b3": None},
    }
    assert table.attrs["n_communities"] == 2


def test_a_node_that_would_take_away_from_every_community_is_one_by_itself():
    # Two actors and a body that no node of the other side joined, under two labels: they are three communities.
    assert _numbered(np.array([0, 7, 7]), np.array([0, 3])) == [1, 2, 3, 1, 4]
    assert _choose(np.array([[-2, -1], [-2, 0]]), np.array([0, 1]), np.array([0, 1])).tolist() == [2, 1]


def test_without_a_tie_there_is_no_modularity():
    table = communities(graph(np.zeros((2, 2))), np.random.default_rng(0))
    assert table["community"].isna().all()
    assert math.isnan(table.attrs["modularity"]) and math.isnan(modularity(graph(np.zeros((2, 2))), {}))
    assert table.attrs["n_communities"] == 0
    with pytest.raises(ValueError, match="runs=0: a whole number from 1"):
        communities(davis(), np.random.default_rng(0), runs=0)


def test_the_share_of_runs_says_how_often_the_best_was_reached():
    table = communities(graph(np.eye(2)), np.random.default_rng(0), runs=7)
    assert (table.attrs["runs"], table.attrs["share_of_runs"]) == (7, 1.0)
    assert 0 < communities(davis(), np.random.default_rng(0), runs=200).attrs["share_of_runs"] < 0.5


# --- what must not show


SCRIPT = """
import networkx as nx, numpy as np
from r2p_analysis.networks.brokerage import brokerage
from r2p_analysis.networks.communities import communities
from r2p_analysis.networks.core import core_periphery
from r2p_analysis.networks.measures import betweenness, eigenvector, redundancy, strength
B = nx.davis_southern_women_graph()
groups = {n: n[0] for n in B}
for mode in ("actor", "body"):
    for table in (strength(B, mode, weight="newman"), redundancy(B, mode), brokerage(B, mode, groups=groups)):
        print(table.to_csv(), table.attrs)
for table in (core_periphery(B), communities(B, np.random.default_rng(1), runs=5)):
    print(table.to_csv(), table.attrs)
"""


def test_the_order_of_hashes_and_the_number_of_threads_do_not_show():
    runs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={"PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1 and b"Evelyn" in next(iter(runs))


REGIONS = [
    {"iso3": "ARG", "name_en": "Argentina", "subregion": "south_america"},
    {"iso3": "BOL", "name_en": "Bolivia", "subregion": "south_america"},
    {"iso3": "CUB", "name_en": "Cuba", "subregion": "caribbean"},
]
BODIES = [
    {"actor_id": "oas", "name": "Organization of American States", "kind": "igo"},
    {"actor_id": "can", "name": "Andean Community", "kind": "igo"},
    *({"actor_id": f"organ{k}", "name": f"Organ {k}", "kind": "organ", "parent_id": "oas"} for k in range(3)),
]


def with_organs(memberships):
    rows = [{"membership_id": f"m{i}", "actor_id": a, "body_id": b} for i, (a, b) in enumerate(memberships)]
    return two_mode_network(tiny_study(memberships=rows, actors=BODIES, regions=REGIONS))


@pytest.mark.parametrize(
    "organs",
    [
        [("arg", "organ0"), ("bol", "organ0"), ("cub", "organ0")],  # one organ with all members
        [("arg", "organ0"), ("bol", "organ1"), ("cub", "organ2")],  # split into three
        [("arg", "oas"), ("arg", "organ0"), ("arg", "organ1"), ("bol", "organ1"), ("cub", "oas"), ("cub", "organ2")],
    ],
)
def test_merging_or_splitting_organs_changes_nothing_by_state_or_body(organs):
    others = [("arg", "can"), ("bol", "can")]
    whole = with_organs([("arg", "oas"), ("bol", "oas"), ("cub", "oas"), *others])
    parted = with_organs([*organs, *others])
    rng = np.random.default_rng
    measures = [
        *(lambda B, m=m, f=f: f(B, m) for m, f in product(("actor", "body"), (strength, redundancy, brokerage))),
        core_periphery,
        lambda B: communities(B, rng(0)),
    ]
    tables = list(chain.from_iterable((measure(whole), measure(parted)) for measure in measures))
    assert len(tables) == 16
    for before, after in zip(tables[::2], tables[1::2], strict=True):
        pd.testing.assert_frame_equal(before, after)
    assert strength(parted).set_index("node").loc["arg", "strength"] == 3


def test_eigenvector_solves_its_equation_and_leaves_isolates_at_nought():
    G = nx.disjoint_union(nx.complete_graph(4), nx.path_graph(2))
    G.add_node("alone")
    found = eigenvector(G)
    assert [found[n] for n in range(4)] == pytest.approx([0.5] * 4)
    assert [found[n] for n in (4, 5, "alone")] == pytest.approx([0, 0, 0], abs=1e-12)
    assert eigenvector(nx.empty_graph(3)) == {0: 0.0, 1: 0.0, 2: 0.0}
    assert eigenvector(nx.path_graph(2)) == pytest.approx({0: 0.5**0.5, 1: 0.5**0.5})
    heavy = nx.Graph([(0, 1, {"weight": 3.0}), (1, 2, {"weight": 4.0})])
    assert eigenvector(heavy, weight="weight") == pytest.approx({0: 0.3 * 2**0.5, 1: 0.5**0.5, 2: 0.4 * 2**0.5})


def test_betweenness_by_either_engine():
    G = nx.davis_southern_women_graph()
    assert betweenness(nx.star_graph(3)) == {0: 3.0, 1: 0.0, 2: 0.0, 3: 0.0}
    with pytest.raises(ValueError, match="did you mean 'igraph'"):
        betweenness(G, engine="igraf")
    pytest.importorskip("igraph", reason="igraph is not installed (the extra fast)")
    assert betweenness(G, engine="igraph") == pytest.approx(betweenness(G))
