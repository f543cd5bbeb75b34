"""NODF against the value of other software, and against the definition, pair by pair."""

import math
from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from r2p_analysis.networks.nestedness import nodf


def davis():
    return nx.davis_southern_women_graph()


def pair_by_pair(matrix):
    """NODF from its definition: sets, one pair after the other."""
    shares = []
    for side in (matrix, np.transpose(matrix)):
        sets = [{k for k, cell in enumerate(row) if cell} for row in np.asarray(side).tolist()]
        shares.append([])
        for a, b in combinations(sets, 2):
            less, more = sorted((a, b), key=len)
            shares[-1].append(100 * len(less & more) / len(less) if 0 < len(less) < len(more) else 0.0)
    rows, columns = shares
    return tuple(sum(pairs) / len(pairs) for pairs in (rows, columns, rows + columns))


def test_davis_has_its_known_nodf():
    assert nodf(davis()) == pytest.approx((48.20573, 49.21245, 48.58119), abs=5e-6)


@pytest.mark.parametrize("shape", [(2, 2), (9, 5), (5, 9), (30, 40), (3, 70)])
@pytest.mark.parametrize("fill", [0.05, 0.3, 0.7, 0.97])
def test_nodf_is_what_its_definition_says_pair_by_pair(shape, fill):
    matrix = (np.random.default_rng(int(100 * fill)).random(shape) < fill).astype(int)
    assert nodf(matrix) == pytest.approx(pair_by_pair(matrix), rel=1e-13, abs=1e-13)


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        # Worked by hand.
        ([[1, 1, 1], [1, 1, 0], [1, 0, 0]], (100, 100, 100)),
        (np.ones((3, 4)), (0, 0, 0)),  # all of one size: no fill decreases
        (np.eye(3), (0, 0, 0)),
        ([[1, 1, 0], [0, 0, 1]], (0, 0, 0)),  # a checkerboard of blocks
        ([[1, 1, 0, 0], [0, 1, 1, 1]], (50, 100 * 3 / 6, 50)),
        ([[1, 1], [1, 0], [0, 0]], (100 / 3, 100, 50)),  # the empty row counts in the pairs alone
    ],
)
def test_nodf_of_small_matrices_by_hand(matrix, expected):
    assert nodf(matrix) == pytest.approx(expected)


def test_the_order_of_rows_and_columns_does_not_matter_and_transposing_swaps_them():
    matrix = (np.random.default_rng(5).random((20, 15)) < 0.4).astype(int)
    found = nodf(matrix)
    assert nodf(matrix[::-1, np.random.default_rng(6).permutation(15)]) == found
    turned = nodf(matrix.T)
    assert (turned.columns, turned.rows) == (found.rows, found.columns)
    assert turned.total == pytest.approx(found.total, rel=1e-15)


def test_rows_are_the_actors_of_a_graph():
    B = nx.Graph()
    B.add_nodes_from(["z1", "z2", "z3"], bipartite=0)
    B.add_nodes_from(["a1", "a2"], bipartite=1)
    B.add_edges_from([("z1", "a1"), ("z1", "a2"), ("z2", "a1"), ("z3", "a2")])
    table = pd.DataFrame([[1, 1], [1, 0], [0, 1]])
    assert nodf(B) == nodf(table)
    assert nodf(B)[:2] == pytest.approx((200 / 3, 0))


def test_without_a_pair_there_is_no_value():
    assert math.isnan(nodf([[1, 0]]).rows)
    assert nodf([[1, 0]])[1:] == (0, 0)
    assert all(math.isnan(value) for value in nodf(np.ones((1, 1))))
    assert all(math.isnan(value) for value in nodf(nx.Graph()))


def test_nodf_of_what_is_neither_graph_nor_matrix_is_refused():
    with pytest.raises(ValueError, match=r"cell \(0, 1\) is 3; the matrix must hold only 0 and 1"):
        nodf(pd.DataFrame([[1, 3]]))
    with pytest.raises(ValueError, match="not a two-mode network"):
        nodf(nx.path_graph(3))


def test_nodf_takes_a_sparse_matrix_and_names_a_missing_cell():
    cells = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 1]])
    assert nodf(scipy.sparse.csr_array(cells)) == nodf(cells)
    with pytest.raises(ValueError, match=r"cell \(1, 'a'\) is nan"):
        nodf(pd.DataFrame({"a": [1, pd.NA]}, dtype="Int64"))
