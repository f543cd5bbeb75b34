"""Projections from the incidence matrix agree with sets of neighbours, to the last bit, and with networkx."""

import math
import subprocess
import sys
from fractions import Fraction
from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from r2p_analysis.networks.incidence import incidence, zero_one
from r2p_analysis.networks.projection import one_mode_projection
from r2p_analysis.nulls import shared_counts


def davis():
    return nx.davis_southern_women_graph()


def random(seed, n=30, m=20, p=0.3):
    B = nx.bipartite.random_graph(n, m, p, seed=seed)
    names = {node: f"{'ab'[side]}{node:03}" for node, side in B.nodes(data="bipartite")}
    return nx.relabel_nodes(B, names)


# By sets of neighbours, in fractions: no matrix and no rounding but the last.
BY_SETS = {
    "count": lambda B, u, v: Fraction(len(B[u].keys() & B[v].keys())),
    "jaccard": lambda B, u, v: Fraction(len(B[u].keys() & B[v].keys()), len(B[u].keys() | B[v].keys())),
    "newman": lambda B, u, v: sum((Fraction(1, len(B[k]) - 1) for k in B[u].keys() & B[v].keys()), Fraction()),
    "cosine": lambda B, u, v: len(B[u].keys() & B[v].keys()) / math.sqrt(len(B[u]) * len(B[v])),
}


@pytest.mark.parametrize("mode", ["actor", "body"])
@pytest.mark.parametrize("weight", BY_SETS)
@pytest.mark.parametrize("B", [davis(), random(1), random(2, 8, 40, 0.15)], ids=["davis", "thick", "thin"])
def test_a_projection_is_what_the_sets_of_neighbours_say(B, weight, mode):
    G = one_mode_projection(B, mode, weight=weight)
    nodes = sorted(n for n, side in B.nodes(data="bipartite") if side == (mode == "body"))
    expected = {(u, v): BY_SETS[weight](B, u, v) for u, v in combinations(nodes, 2) if B[u].keys() & B[v].keys()}
    assert list(G) == nodes
    assert list(G.edges) == sorted(expected)
    for u, v, found in G.edges(data="weight"):
        assert found == pytest.approx(float(expected[u, v]), rel=1e-15, abs=0)


def test_a_count_is_an_int_and_every_other_weight_a_float():
    kinds = {w: {type(x) for *_, x in one_mode_projection(davis(), weight=w).edges(data="weight")} for w in BY_SETS}
    assert kinds == {"count": {int}, "jaccard": {float}, "newman": {float}, "cosine": {float}}


def test_cosine_of_a_part_is_the_root_of_the_ratio_of_sizes():
    B = nx.Graph()
    B.add_nodes_from("ab", bipartite=0)
    B.add_nodes_from(range(9), bipartite=1)
    B.add_edges_from([("a", k) for k in range(9)] + [("b", k) for k in range(4)])
    assert one_mode_projection(B, weight="cosine")["a"]["b"]["weight"] == 2 / 3


def test_newman_strength_is_the_number_of_bodies_that_are_shared_with_anyone():
    # Newman (2001): the weights of an author's ties add up to the papers that have another author.
    B = davis()
    G = one_mode_projection(B, weight="newman")
    assert {n: round(s, 12) for n, s in G.degree(weight="weight")} == {n: B.degree[n] for n in G}


@pytest.mark.parametrize(("n", "m"), [(0, 0), (3, 0), (0, 2), (3, 2)])
@pytest.mark.parametrize("weight", BY_SETS)
def test_without_a_membership_there_is_no_tie(n, m, weight):
    B = nx.Graph()
    B.add_nodes_from((f"a{i}" for i in range(n)), bipartite=0)
    B.add_nodes_from((f"b{i}" for i in range(m)), bipartite=1)
    G = one_mode_projection(B, weight=weight)
    assert (len(G), G.number_of_edges()) == (n, 0)


def test_shared_counts_are_exact_where_single_precision_ends():
    wide = np.ones((2, 2**24 + 3), dtype=np.int8)
    assert shared_counts(wide).tolist() == [[2**24 + 3] * 2] * 2


def test_incidence_is_sorted_whatever_the_order_of_building():
    B = nx.Graph()
    B.add_nodes_from(["y", "x"], bipartite=1)
    B.add_nodes_from(["b", "a"], bipartite=0)
    B.add_edges_from([("y", "b"), ("a", "x"), ("y", "a")])
    rows, columns, matrix = incidence(B)
    assert (rows, columns, matrix.tolist()) == (["a", "b"], ["x", "y"], [[1, 1], [0, 1]])
    rows, columns, matrix = incidence(B, "body")
    assert (rows, columns, matrix.tolist()) == (["x", "y"], ["a", "b"], [[1, 0], [1, 1]])


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([0, 1], r"\[0, 1\] is no matrix: rows and columns are needed; it has 1 dimensions"),
        ([[0, 1], [0, 2]], r"cell \(1, 1\) is 2; the matrix must hold only 0 and 1"),
        ([[0, math.nan]], r"cell \(0, 1\) is nan"),
        ([[0.5, -1]], r"cell \(0, 0\) is 0\.5"),
        ([["0", "1"]], r"cell \(0, 0\) is '?0'?;"),
    ],
)
def test_what_is_no_zero_one_matrix_is_refused(cells, message):
    with pytest.raises(ValueError, match=message):
        zero_one(cells)


SCRIPT = """
import networkx as nx
from r2p_analysis.networks.projection import one_mode_projection
B = nx.davis_southern_women_graph()
for weight in ("count", "jaccard", "newman", "cosine"):
    print(list(one_mode_projection(B, weight=weight).edges(data="weight")))
"""


def test_hash_seed_and_threads_do_not_show():
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
