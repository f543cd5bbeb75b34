"""Null models against enumeration, exact fractions and published figures."""

from fractions import Fraction
from importlib import import_module
from itertools import product
from math import comb

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_array, csr_array

from r2p_analysis import nulls
from r2p_analysis.nulls.bounded import equal_rows, nearly_independent_cells
from r2p_analysis.nulls.models import extremes
from r2p_analysis.nulls.tails import poisson_binomial

SMALL = np.array([[0, 0, 1], [0, 1, 0], [1, 0, 1]])


def davis():
    G = nx.davis_southern_women_graph()
    return nx.bipartite.biadjacency_matrix(G, sorted(G.graph["top"]), sorted(G.graph["bottom"])).toarray()


def same_margins(matrix, fixed=None):
    """Every 0/1 matrix with the margins of this one and its fixed cells, by going through all rows."""
    fixed = np.zeros(matrix.shape, dtype=bool) if fixed is None else fixed
    rows = [
        [
            row
            for row in product((0, 1), repeat=matrix.shape[1])
            if sum(row) == sum(given) and all(row[k] == given[k] for k in np.flatnonzero(held))
        ]
        for given, held in zip(matrix, fixed, strict=True)
    ]
    found = np.array(list(product(*rows)))
    return found[(found.sum(1) == matrix.sum(0)).all(1)]


def exact_distribution(chances):
    """Probabilities of 0, 1, 2, … in exact fractions."""
    found = [Fraction(1)]
    for chance in map(Fraction, chances):
        found = [
            (found[k] if k < len(found) else 0) * (1 - chance) + (found[k - 1] * chance if k else 0)
            for k in range(len(found) + 1)
        ]
    return found


# ---- BiCM


def test_the_published_example_of_the_r_package():
    published = [[0.216, 0.216, 0.568], [0.216, 0.216, 0.568], [0.568, 0.568, 0.863]]
    assert np.abs(nulls.bicm(SMALL) - published).max() < 1e-3


@pytest.mark.parametrize("seed", range(20))
def test_margins_are_met_and_odds_are_a_product(seed):
    rng = np.random.default_rng(seed)
    matrix = rng.random((12, 20)) < np.sqrt(np.outer(rng.uniform(0.2, 0.8, 12), rng.uniform(0.2, 0.8, 20)))
    matrix = matrix[:, matrix.any(0) & ~matrix.all(0)]
    cells = nulls.bicm(matrix)
    assert np.abs(cells.sum(1) - matrix.sum(1)).max() < 1e-10
    assert np.abs(cells.sum(0) - matrix.sum(0)).max() < 1e-10
    odds = np.log(cells / (1 - cells))
    assert np.abs(odds - odds[:1] - odds[:, :1] + odds[0, 0]).max() < 1e-8


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("share", [0.0, 0.3])
def test_cells_without_a_choice_are_those_that_no_matrix_changes(seed, share):
    rng = np.random.default_rng(seed)
    matrix = (rng.random((4, 4)) < rng.uniform(0.2, 0.8)).astype(int)
    fixed = rng.random((4, 4)) < share
    everyone = same_margins(matrix, fixed)
    cells = nulls.bicm(matrix, structural=fixed)
    constant = (everyone == everyone[0]).all(0)
    assert np.array_equal(np.isin(cells, (0, 1)), constant)
    assert np.array_equal(cells[constant], everyone[0][constant])
    assert np.abs(cells.sum(1) - matrix.sum(1)).max() < 1e-10
    assert np.abs(cells.sum(0) - matrix.sum(0)).max() < 1e-10


@pytest.mark.parametrize("seed", range(20))
def test_large_systems_are_solved_as_small_ones_are(monkeypatch, seed):
    rng = np.random.default_rng(seed)
    matrix = rng.random((15, 9)) < np.outer(rng.uniform(0.1, 1, 15), rng.uniform(0.1, 1, 9))
    fixed = rng.random((15, 9)) < rng.choice([0, 0.3, 0.6])  # with several components
    direct = nulls.bicm(matrix, structural=fixed)
    monkeypatch.setattr(import_module("r2p_analysis.nulls.bicm"), "_DIRECT", 0)
    assert np.abs(nulls.bicm(matrix, structural=fixed) - direct).max() < 1e-9


def test_full_and_empty_lines_are_taken_away_layer_by_layer():
    nested = np.tri(5, dtype=int)
    assert np.array_equal(nulls.bicm(nested), nested)
    assert np.array_equal(nulls.bicm(np.zeros((2, 3))), np.zeros((2, 3)))
    assert nulls.bicm(np.ones((0, 3))).shape == (0, 3)


def test_columns_and_rows_are_treated_alike():
    matrix = davis()
    assert np.abs(nulls.bicm(matrix) - nulls.bicm(matrix.T).T).max() < 1e-12


def test_one_matrix_in_three_kinds_of_container():
    cells = nulls.bicm(SMALL)
    labelled = pd.DataFrame(SMALL, index=["bol", "per", "ury"], columns=["lan", "oas", "un"])
    assert np.array_equal(nulls.bicm(labelled), cells)
    assert np.array_equal(nulls.bicm(csr_array(SMALL)), cells)
    explicit = csr_array((np.array([1, 0, 1, 1, 1]), ([0, 0, 1, 2, 2], [2, 0, 1, 0, 2])), shape=(3, 3))
    assert np.array_equal(nulls.bicm(explicit), cells)  # a stored zero is no tie
    assert explicit.nnz == 5


def test_a_fit_that_does_not_converge_is_an_error(monkeypatch):
    monkeypatch.setattr(import_module("r2p_analysis.nulls.bicm"), "_MOST_STEPS", 1)
    with pytest.raises(nulls.NotConverged, match=r"margins are off by up to .+ after 1 steps"):
        nulls.bicm(davis())


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[0, 1], [1, 2]], r"cell \(1, 1\) is 2; the matrix must hold only 0 and 1"),
        ([[0, np.nan]], r"cell \(0, 1\) is nan"),
        (pd.DataFrame({"oas": [1, -1]}, index=["bol", "per"]), r"cell \('per', 'oas'\) is -1"),
        (csr_array([[0, 1], [0.5, 0]]), r"cell \(1, 0\) is 0\.5"),
        (coo_array(([1, 1], ([0, 0], [1, 1])), shape=(2, 2)), r"cell \(0, 1\) is 2"),
        (csr_array(([1, 1, 1], [0, 1, 1], [0, 1, 3]), shape=(2, 2)), r"cell \(1, 1\) is 2"),
        ([0, 1], "it has 1 dimensions"),
    ],
)
def test_what_is_not_a_0_1_matrix_is_refused(matrix, message):
    with pytest.raises(ValueError, match=message):
        nulls.bicm(matrix)


@pytest.mark.parametrize(
    ("structural", "message"),
    [
        (np.zeros((3, 3)), "mask of dtype bool.+ float64"),
        (np.zeros((2, 3), dtype=bool), r"\(2, 3\), the matrix \(3, 3\)"),
    ],
)
def test_a_structural_mask_that_does_not_fit_is_refused(structural, message):
    with pytest.raises(ValueError, match=message):
        nulls.bicm(SMALL, structural=structural)


# ---- exact tails


@pytest.mark.parametrize("upper", [True, False])
def test_tails_keep_their_relative_precision_far_below_1e_16(upper):
    rng = np.random.default_rng(5)
    chances = rng.uniform(1e-4, 0.2, 40) if upper else rng.uniform(0.8, 1 - 1e-4, 40)
    exact = exact_distribution(chances)
    tails = [sum(exact[k:]) if upper else sum(exact[: k + 1]) for k in range(41)]
    found = poisson_binomial(chances[:, None], 40, upper=upper)[:, 0]
    assert min(tails) < 1e-40
    assert max(abs(Fraction(value) / tail - 1) for value, tail in zip(found, tails, strict=True)) < 1e-12


def test_repeated_chances_count_as_often_as_they_stand_for():
    once = poisson_binomial(np.array([[0.3], [0.3], [0.3], [0.9]]), 4)
    assert np.array_equal(poisson_binomial(np.array([[0.3], [0.9]]), 4, times=np.array([3, 1])), once)


@pytest.mark.parametrize("tail", ["upper", "lower", "two-sided"])
def test_sdsm_by_exact_fractions(tail):
    matrix = davis()[:9]
    cells = nulls.bicm(matrix)
    found = nulls.sdsm(matrix, tail)
    for i, j in zip(*np.triu_indices(9, 1), strict=True):
        exact = exact_distribution(cells[i] * cells[j])
        shared = int((matrix[i] * matrix[j]).sum())
        up, down = float(sum(exact[shared:])), float(sum(exact[: shared + 1]))
        expected = {"upper": up, "lower": down, "two-sided": min(1, 2 * min(up, down))}[tail]
        assert found[i, j] == pytest.approx(expected, rel=1e-10)
        assert found[j, i] == found[i, j]
    assert np.isnan(found.diagonal()).all()


def test_davis_southern_women_have_no_pair_under_the_level():
    p = nulls.sdsm(davis())
    assert round(np.nanmin(p), 5) == 0.08837
    assert not (p <= 0.05).any()


def test_structural_cells_and_given_probabilities_are_tested_by_the_same_tails():
    rng = np.random.default_rng(3)
    matrix = (rng.random((6, 8)) < 0.5).astype(int)
    fixed = rng.random((6, 8)) < 0.3
    cells = nulls.bicm(matrix, structural=fixed)
    assert np.array_equal(cells[fixed], matrix[fixed])
    found = nulls.sdsm(matrix, structural=fixed)
    assert np.allclose(found, nulls.sdsm(matrix, probabilities=cells), rtol=1e-12, equal_nan=True)
    for i, j in zip(*np.triu_indices(6, 1), strict=True):
        shared = int((matrix[i] * matrix[j]).sum())
        assert found[i, j] == pytest.approx(float(sum(exact_distribution(cells[i] * cells[j])[shared:])), rel=1e-10)


def test_many_blocks_and_threads_give_what_one_block_gives(monkeypatch):
    rng = np.random.default_rng(8)
    matrix = rng.random((60, 40)) < rng.uniform(0.1, 0.9, (60, 1))
    whole = nulls.sdsm(matrix)
    monkeypatch.setattr("r2p_analysis.nulls.tails._BLOCK", 1)
    assert np.array_equal(nulls.sdsm(matrix), whole, equal_nan=True)


def test_probabilities_that_are_none_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        nulls.sdsm(SMALL, probabilities=np.full((3, 3), 1.5))
    with pytest.raises(ValueError, match="between 0 and 1"):
        nulls.sdsm(SMALL, probabilities=np.full((3, 3), np.nan))
    with pytest.raises(ValueError, match=r"\(2, 2\), the matrix \(3, 3\)"):
        nulls.sdsm(SMALL, probabilities=np.full((2, 2), 0.5))


@pytest.mark.parametrize("null", [nulls.sdsm, nulls.hypergeometric, nulls.fixed_rows])
def test_an_unknown_tail_is_refused(null):
    with pytest.raises(ValueError, match="tail 'uper' is unknown; one of upper, lower, two-sided"):
        null(SMALL, "uper")


@pytest.mark.parametrize("within", [1e-2, 1e-6, 1e-11])
@pytest.mark.parametrize("upper", [True, False])
def test_bounded_tails_keep_to_their_error(within, upper):
    rng = np.random.default_rng(4)
    off = []
    for _ in range(12):
        rows, columns = rng.integers(2, 12), rng.integers(1, 300)
        cells = np.clip(rng.beta(0.6, 3, columns) * rng.beta(2, 2, rows)[:, None] * 2.5, 0, 1)
        cells[rng.random(cells.shape) < 0.1], cells[rng.random(cells.shape) < 0.05] = 0, 1
        times, (first, second) = rng.integers(1, 3, columns), np.triu_indices(rows)
        most = int(min(times.sum(), 70))
        near = nearly_independent_cells(cells, times, within)(first, second, most, upper)
        q = np.repeat(cells, times, axis=1)
        exact = poisson_binomial((q[first] * q[second]).T, most, upper=upper)
        assert ((near >= 0) & (near <= 1)).all()
        off.append(np.abs(near - exact).max())
    assert 0 < max(off) <= within


def test_bounded_tails_are_exact_where_the_series_cannot_be_used():
    # P(0) is about e^-750, less than a double has.
    times, one = np.array([3_000]), np.array([0])
    near = nearly_independent_cells(np.array([[0.47]]), times, 1e-3)(one, one, 700, True)
    assert np.array_equal(near[:, 0], poisson_binomial(np.full((3_000, 1), 0.47 * 0.47), 700)[:, 0])


def test_sdsm_within_an_error():
    rng = np.random.default_rng(6)
    matrix, fixed = rng.random((30, 400)) < 0.3, rng.random((30, 400)) < 0.1
    exact = nulls.sdsm(matrix, structural=fixed)
    near = nulls.sdsm(matrix, structural=fixed, within=1e-4)
    assert 0 < np.nanmax(np.abs(near - exact)) <= 1e-4
    assert not np.array_equal(near, nulls.sdsm(matrix, structural=fixed, within=1e-9), equal_nan=True)
    chances = nulls.bicm(matrix, structural=fixed)
    assert np.array_equal(near, nulls.sdsm(matrix, probabilities=chances, within=1e-4), equal_nan=True)
    for wrong in (0, 1, -1e-3):
        with pytest.raises(ValueError, match="above 0 and below 1"):
            nulls.sdsm(matrix, within=wrong)


def test_equal_rows_and_columns_are_computed_once():
    classes, _ = equal_rows(np.array([[0.1, 0.1], [0.2, 0.2], [0.1, 0.1]]))
    assert classes.tolist() == [0, 1, 0]


# ---- simple null models


@pytest.mark.parametrize("tail", ["upper", "lower"])
def test_hypergeometric_by_counting_subsets(tail):
    rng = np.random.default_rng(2)
    matrix = (rng.random((12, 9)) < rng.uniform(0, 1, (12, 1))).astype(int)
    found, degree = nulls.hypergeometric(matrix, tail), matrix.sum(1).tolist()
    for i, j in zip(*np.triu_indices(12, 1), strict=True):
        shared = int((matrix[i] * matrix[j]).sum())
        ways = {k: comb(degree[i], k) * comb(9 - degree[i], degree[j] - k) for k in range(degree[j] + 1)}
        chosen = [n for k, n in ways.items() if (k >= shared if tail == "upper" else k <= shared)]
        assert found[i, j] == pytest.approx(sum(chosen) / comb(9, degree[j]), rel=1e-10)


def test_fixed_rows_are_binomial():
    rng = np.random.default_rng(2)
    matrix = (rng.random((6, 7)) < 0.5).astype(int)
    found, degree = nulls.fixed_rows(matrix), matrix.sum(1)
    for i, j in zip(*np.triu_indices(6, 1), strict=True):
        shared, q = int((matrix[i] * matrix[j]).sum()), degree[i] * degree[j] / 49
        expected = sum(comb(7, k) * q**k * (1 - q) ** (7 - k) for k in range(shared, 8))
        assert found[i, j] == pytest.approx(expected, rel=1e-10)


# ---- what could be found at all


@pytest.mark.parametrize("share", [0.0, 0.4])
def test_extremes_are_those_of_all_rows_with_these_degrees(share):
    rng = np.random.default_rng(11)
    for _ in range(40):
        matrix = (rng.random((2, 6)) < rng.uniform(0.2, 0.9)).astype(int)
        fixed = rng.random((2, 6)) < share
        rows = [
            [r for r in product((0, 1), repeat=6) if sum(r) == m.sum() and np.array_equal(np.array(r)[f], m[f])]
            for m, f in zip(matrix, fixed, strict=True)
        ]
        overlaps = {int(np.dot(a, b)) for a in rows[0] for b in rows[1]}
        most, least = extremes(matrix, fixed)
        assert (most[0, 1], least[0, 1]) == (max(overlaps), min(overlaps))


@pytest.mark.parametrize("null", ["sdsm", "hypergeometric", "fixed_rows"])
@pytest.mark.parametrize("tail", ["upper", "lower", "two-sided"])
def test_no_p_value_is_smaller_than_the_attainable_one(null, tail):
    matrix = davis()
    p, least = getattr(nulls, null)(matrix, tail), nulls.attainable(matrix, null, tail)
    off = ~np.eye(len(matrix), dtype=bool)
    assert (p >= least)[off].all()
    assert (p == least)[off].any()


def test_the_attainable_p_is_the_tail_at_the_smaller_degree():
    matrix = davis()
    cells, degree = nulls.bicm(matrix), matrix.sum(1)
    found = nulls.attainable(matrix)
    for i, j in ((0, 1), (3, 17), (5, 9)):
        exact = exact_distribution(cells[i] * cells[j])
        assert found[i, j] == pytest.approx(float(sum(exact[min(degree[i], degree[j]) :])), rel=1e-10)


def test_a_study_too_small_for_any_test_says_so():
    assert np.nanmin(nulls.attainable(np.eye(3))) > 0.05


def test_an_unknown_null_is_refused():
    with pytest.raises(ValueError, match="null 'fdsm' is unknown; one of sdsm, hypergeometric, fixed_rows"):
        nulls.attainable(SMALL, "fdsm")


# ---- moments, corrections


def test_moments_by_enumeration():
    cells = np.array([[0.2, 0.7, 0.5], [0.9, 0.4, 1.0]])
    chances = exact_distribution(cells[0] * cells[1])
    mean = sum(k * chance for k, chance in enumerate(chances))
    variance = sum((k - mean) ** 2 * chance for k, chance in enumerate(chances))
    expected, sd = nulls.moments(cells)
    assert expected[0, 1] == pytest.approx(float(mean))
    assert sd[0, 1] ** 2 == pytest.approx(float(variance))
    assert np.isnan(expected.diagonal()).all()
    assert np.isnan(sd.diagonal()).all()


# The first fifteen are the example of Benjamini and Hochberg (1995), section 3.2: 4 are kept by theirs, 3 by Holm's.
PUBLISHED = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000),
]


def test_the_published_example_of_benjamini_and_hochberg():
    assert (nulls.adjust(PUBLISHED) <= 0.05).sum() == 4
    assert (nulls.adjust(PUBLISHED, "holm") <= 0.05).sum() == 3


@pytest.mark.parametrize("method", ["bh", "holm"])
def test_adjusted_values_by_definition(method):
    p = np.random.default_rng(4).uniform(0, 0.3, 25).round(2)
    found = nulls.adjust(p, method)
    ranked = sorted(p)
    for value, adjusted in zip(p, found, strict=True):
        if method == "bh":
            expected = min(25 * q / (k + 1) for k, q in enumerate(ranked) if q >= value)
        else:
            expected = max((25 - k) * q for k, q in enumerate(ranked) if q <= value and ranked.index(q) == k)
        assert adjusted == pytest.approx(min(expected, 1))


def test_a_square_counts_each_pair_once_and_keeps_what_was_not_tested():
    square = np.full((3, 3), np.nan)
    square[0, 1] = square[1, 0] = 0.01
    square[0, 2] = square[2, 0] = 0.04
    found = nulls.adjust(square)
    assert found[0, 1] == found[1, 0] == 0.02
    assert found[0, 2] == 0.04
    assert np.isnan(found[1, 2])


@pytest.mark.parametrize(
    ("p", "method", "message"),
    [
        ([0.1], "bonferoni", "one of bh, holm"),
        ([1.1], "bh", "between 0 and 1"),
        ([[0.1, 0.2], [0.3, 0.1]], "bh", "square and symmetric"),
    ],
)
def test_what_cannot_be_adjusted_is_refused(p, method, message):
    with pytest.raises(ValueError, match=message):
        nulls.adjust(p, method)


def test_a_missing_cell_of_pandas_is_named_and_a_graph_is_told_where_to_go():
    with pytest.raises(ValueError, match=r"u1.*b"):
        nulls.sdsm(pd.DataFrame({"a": [1, 0], "b": [0, pd.NA]}, index=["u0", "u1"], dtype="Int64"))
    with pytest.raises(ValueError, match="membership_matrix"):
        nulls.sdsm(nx.path_graph(3))


def test_structural_cells_and_probabilities_exclude_each_other():
    matrix, mask = np.eye(3, dtype=int), np.zeros((3, 3), dtype=bool)
    with pytest.raises(ValueError, match="structural or probabilities"):
        nulls.sdsm(matrix, structural=mask, probabilities=np.full((3, 3), 0.5))
