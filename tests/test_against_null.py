"""Nestedness and C-score against random networks: exact where every network can be listed, and against vegan."""

import math
from itertools import combinations, product

import networkx as nx
import numpy as np
import pytest

from r2p_analysis.networks.against_null import against_null, nestedness, segregation
from r2p_analysis.networks.nestedness import c_score, nodf

COLUMNS = ["observed", "expected", "sd", "low", "high", "z", "p_upper", "p_lower"]


def davis():
    return nx.davis_southern_women_graph()


def units(a, b):
    """Checkerboard units of two sets, by picking one of each."""
    return sum(1 for _ in product(a - b, b - a))


def c_by_pairs(matrix):
    sets = [{k for k, cell in enumerate(row) if cell} for row in np.asarray(matrix).tolist()]
    pairs = list(combinations(sets, 2))
    return sum(units(*pair) for pair in pairs) / len(pairs)


def every_matrix(matrix):
    """Every 0/1 matrix with the margins of this one."""
    m = matrix.shape[1]
    rows = [[np.isin(range(m), ones) for ones in combinations(range(m), int(k))] for k in matrix.sum(axis=1)]
    cells = (np.array(given, dtype=int) for given in product(*rows))
    return [given for given in cells if (given.sum(axis=0) == matrix.sum(axis=0)).all()]


# --- the C-score itself


def test_davis_has_the_checkerboard_units_that_vegan_counts():
    # vegan 2.6's nestedchecker: 1146 units, of 91 pairs of events and of 153 pairs of women.
    assert c_score(davis(), "body") == pytest.approx(12.59341, abs=5e-6)
    assert c_score(davis()) == 1146 / 153


@pytest.mark.parametrize("fill", [0.1, 0.4, 0.8])
def test_the_c_score_is_what_its_definition_says_pair_by_pair(fill):
    matrix = (np.random.default_rng(int(10 * fill)).random((9, 7)) < fill).astype(int)
    assert c_score(matrix) == c_by_pairs(matrix)
    assert c_score(matrix, "body") == c_by_pairs(matrix.T)


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        (np.eye(4), 1),  # each pair is one checkerboard
        (np.ones((3, 5)), 0),
        ([[1, 1, 1], [1, 1, 0], [1, 0, 0]], 0),  # nested: nobody has what a larger one has not
        ([[1, 1, 0, 0], [0, 0, 1, 1]], 4),
        ([[1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]], 4 / 3),
    ],
)
def test_c_score_of_small_matrices_by_hand(matrix, expected):
    assert c_score(matrix) == expected


def test_one_node_has_no_pair():
    assert math.isnan(c_score([[1, 0]]))
    assert c_score([[1, 0]], "body") == 0
    with pytest.raises(ValueError, match="unknown mode 'columns': allowed: actor, body"):
        c_score(np.eye(2), "columns")


# --- against a null


def test_the_fixed_null_is_that_of_the_full_list():
    matrix = np.array([[1, 1, 1, 0], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 0, 0]])
    listed = every_matrix(matrix)
    values = np.array([c_by_pairs(given) for given in listed])
    assert len(listed) > 10
    n = 4000
    row = segregation(matrix, n, np.random.default_rng(1)).loc["c_score"]
    upper, lower = (values >= c_by_pairs(matrix)).mean(), (values <= c_by_pairs(matrix)).mean()
    # Samples of one chain are not quite independent, so the margin is six of the errors of independent ones.
    assert row["expected"] == pytest.approx(values.mean(), abs=6 * values.std() / math.sqrt(n))
    assert row["sd"] == pytest.approx(values.std(), rel=0.1)
    assert row["p_upper"] == pytest.approx(upper, abs=6 * math.sqrt(upper * (1 - upper) / n))
    assert row["p_lower"] == pytest.approx(lower, abs=6 * math.sqrt(lower * (1 - lower) / n))
    assert row["z"] == pytest.approx((row["observed"] - row["expected"]) / row["sd"])


def test_nestedness_of_davis_against_fixed_margins_is_as_in_vegan():
    # vegan 2.6, oecosimu(nestednodf, "quasiswap", nsimul = 2000): means 47.878 (its columns are ours), 48.777
    # and 48.442; 95 % of the totals within 46.097 and 50.220.
    table = nestedness(davis(), 2000, np.random.default_rng(7))
    assert table["observed"].tolist() == list(nodf(davis()))
    assert table["expected"].to_dict() == pytest.approx({"rows": 48.777, "columns": 47.878, "total": 48.442}, abs=0.25)
    assert table.loc["total", ["low", "high"]].tolist() == pytest.approx([46.097, 50.22], abs=0.35)
    assert (table[["p_upper", "p_lower"]] > 0.02).all(axis=None)
    assert list(table) == COLUMNS


@pytest.mark.parametrize(("mode", "pairs"), [("actor", 153), ("body", 91)])
def test_segregation_of_davis_against_fixed_margins_is_as_in_vegan(mode, pairs):
    # vegan 2.6, oecosimu(nestedchecker, "quasiswap", nsimul = 2000): mean 1020 units, 95 % within 990 and 1060.
    row = segregation(davis(), 1000, np.random.default_rng(3), mode=mode).loc["c_score"]
    assert row["observed"] == 1146 / pairs
    assert pairs * row["expected"] == pytest.approx(1020, abs=4)
    assert pairs * row["low"] == pytest.approx(990, abs=6)
    assert pairs * row["high"] == pytest.approx(1060, abs=12)
    assert (row["p_upper"], row["p_lower"]) == (1 / 1001, 1.0)


def test_the_looser_null_keeps_the_degrees_on_average():
    drawn = []
    table = against_null(
        davis(), lambda cells: drawn.append(cells) or {"ties": cells.sum()}, 3000, np.random.default_rng(5), null="bicm"
    )
    matrix = drawn.pop(0)
    mean = np.mean(drawn, axis=0)
    assert len(drawn) == 3000
    for axis in (0, 1):
        assert mean.sum(axis=axis) == pytest.approx(matrix.sum(axis=axis), abs=0.25)
    assert table.loc["ties", "expected"] == pytest.approx(89, abs=0.4)
    # Independent cells: the variance of their sum is the sum of theirs.
    assert table.loc["ties", "sd"] == pytest.approx(math.sqrt((mean * (1 - mean)).sum()), rel=0.05)
    assert "on average" in table.attrs["methods"]


def test_a_network_that_its_degrees_determine_does_not_stand_out():
    nested = [[1, 1, 1], [1, 1, 0], [1, 0, 0]]
    table = nestedness(nested, 50, np.random.default_rng(1))
    assert table[["observed", "expected", "low", "high"]].to_numpy().tolist() == [[100.0] * 4] * 3
    assert (table["sd"] == 0).all() and table["z"].isna().all()
    assert (table[["p_upper", "p_lower"]] == 1).all(axis=None)


def test_a_p_is_never_zero_and_counts_the_observed_network():
    row = against_null(np.eye(6), lambda cells: {"trace": np.trace(cells)}, 20, np.random.default_rng(2)).loc["trace"]
    assert row["p_upper"] == 1 / 21
    assert row["p_lower"] == 1.0


def test_what_does_not_exist_is_nan():
    row = nestedness(np.ones((1, 3)), 5, np.random.default_rng(0)).loc["rows"]
    assert row.isna().all()


def test_the_same_seed_gives_the_same_table_whatever_the_order_of_building():
    B, other = davis(), nx.Graph()
    other.add_nodes_from(reversed(list(B.nodes(data=True))))
    other.add_edges_from(reversed([(v, u) for u, v in B.edges]))
    for null in ("fixed_margins", "bicm"):
        first, second = (nestedness(G, 20, np.random.default_rng(4), null=null) for G in (B, other))
        assert first.equals(second)
    assert not first.equals(nestedness(B, 20, np.random.default_rng(5), null="bicm"))


def test_attrs_say_what_was_done():
    B = davis()
    B.graph.update(at="1936", layers=("coded",))
    attrs = segregation(B, 9, np.random.default_rng(4), null="bicm").attrs
    assert (attrs["null"], attrs["samples"], attrs["at"], attrs["layers"]) == ("bicm", 9, "1936", ("coded",))
    assert attrs["methods"].startswith("Compared with 9 matrices")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"null": "bcim"}, "unknown null 'bcim': did you mean 'bicm'"),
        ({"samples": 0}, "samples=0: a whole number from 1"),
        ({"samples": "many"}, "samples='many': a whole number from 1"),
        ({"rng": 3}, "rng=3: random numbers are needed"),
    ],
)
def test_a_wrong_question_says_what_is_allowed(options, message):
    asked = {"samples": 5, "rng": np.random.default_rng(0), **options}
    with pytest.raises(ValueError, match=message):
        nestedness(davis(), **asked)
    with pytest.raises(ValueError, match="unknown mode 'actors'"):
        segregation(davis(), 5, np.random.default_rng(0), mode="actors")
