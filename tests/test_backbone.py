"""Pair tests: expected values by enumeration, by hand or published, never by the package's own nulls."""

from itertools import combinations, product
from math import comb

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from cow_2014 import americas, tables

from r2p_analysis.networks.backbone import backbone, body_overlap, pair_table
from r2p_analysis.networks.build import two_mode_network
from r2p_analysis.study import load_study

COLUMNS = ["u", "v", "label_u", "label_v", "n_u", "n_v", "shared", "expected", "sd", "z"]
COLUMNS += ["p", "p_adjusted", "attainable", "can_reach", "definitional"]
SEVEN = ["oas", "celac", "caricom", "sica", "unasur", "lan", "focal-points"]
DAY = "2014-09-08"

# The BiCM of rows 001, 010, 101 as the R package backbone tests it, to three places.
PUBLISHED = [[0.216, 0.216, 0.568], [0.216, 0.216, 0.568], [0.568, 0.568, 0.863]]


def network(cells, admits=None):
    """Two-mode network of a 0/1 matrix: actors a0, a1, ... and bodies b0, b1, ..."""
    cells = np.asarray(cells)
    B = nx.Graph(at=DAY, layers=("coded",), reading="possible")
    B.add_nodes_from((f"a{i}", {"bipartite": 0, "label": f"Actor {i}"}) for i in range(cells.shape[0]))
    B.add_nodes_from((f"b{j}", {"bipartite": 1}) for j in range(cells.shape[1]))
    B.add_edges_from((f"a{i}", f"b{j}") for i, j in zip(*np.nonzero(cells), strict=True))
    for body, actors in (admits or {}).items():
        B.nodes[body]["admits"] = actors
    return B


def halves():
    """Ten actors: x and z have the first five, y the last five."""
    return network([[1, 0, 1]] * 5 + [[0, 1, 0]] * 5)


def tails(chances, shared):
    """Upper and lower p of a sum of independent 0/1 variables, every outcome written out."""
    weights = [0.0] * (len(chances) + 1)
    for outcome in product([0, 1], repeat=len(chances)):
        weights[sum(outcome)] += np.prod([c if x else 1 - c for c, x in zip(chances, outcome, strict=True)])
    return sum(weights[shared:]), sum(weights[: shared + 1])


def enumerated(cells, mode="actor", closed=None):
    """Counts that each pair shares in every 0/1 matrix with the margins of `cells` and none of the closed cells."""
    cells = np.asarray(cells)
    rows = []
    for i, row in enumerate(cells):
        places = [j for j in range(cells.shape[1]) if closed is None or not closed[i][j]]
        rows.append([[int(j in chosen) for j in range(cells.shape[1])] for chosen in combinations(places, row.sum())])
    found = [m for m in map(np.array, product(*rows)) if (m.sum(axis=0) == cells.sum(axis=0)).all()]
    return np.array([m @ m.T if mode == "actor" else m.T @ m for m in found])


def cell(table, u, v):
    return table[table["u"].eq(u) & table["v"].eq(v)].iloc[0]


def bh(p):
    """Benjamini and Hochberg's step-up, from its definition."""
    p = list(p)
    ranks = sorted(range(len(p)), key=p.__getitem__)
    at = {k: r for r, k in enumerate(ranks)}
    return [min([1.0, *(p[j] * len(p) / (at[j] + 1) for j in ranks[at[k] :])]) for k in range(len(p))]


def holm(p):
    p = list(p)
    ranks = sorted(range(len(p)), key=p.__getitem__)
    at = {k: r for r, k in enumerate(ranks)}
    return [min(1.0, max(p[j] * (len(p) - at[j]) for j in ranks[: at[k] + 1])) for k in range(len(p))]


@pytest.mark.parametrize("tail", ["upper", "lower", "two-sided"])
def test_the_hypergeometric_null_by_hand(tail):
    table = pair_table(halves(), "body", null="hypergeometric", tail=tail)
    none, all_five = 1 / comb(10, 5), 1 / comb(10, 5)
    apart = {"upper": 1, "lower": none, "two-sided": 2 * none}[tail]
    together = {"upper": all_five, "lower": 1, "two-sided": 2 * all_five}[tail]
    assert list(zip(table["u"], table["v"], table["shared"], strict=True)) == [
        ("b0", "b1", 0), ("b0", "b2", 5), ("b1", "b2", 0)
    ]  # fmt: skip
    np.testing.assert_allclose(table["p"], [apart, together, apart], rtol=1e-12)
    np.testing.assert_allclose(table["expected"], 2.5, rtol=1e-12)
    sd = (5 * 5 * 5 * 5 / (10 * 10 * 9)) ** 0.5
    np.testing.assert_allclose(table["sd"], sd, rtol=1e-12)
    np.testing.assert_allclose(table["z"], np.array([-2.5, 2.5, -2.5]) / sd, rtol=1e-12)


@pytest.mark.parametrize("tail", ["upper", "lower", "two-sided"])
@pytest.mark.parametrize("mode", ["actor", "body"])
def test_sdsm_from_published_probabilities_by_full_enumeration(mode, tail):
    cells = [[0, 0, 1], [0, 1, 0], [1, 0, 1]]
    given = np.array(PUBLISHED)
    rows, held = (given, np.array(cells)) if mode == "actor" else (given.T, np.array(cells).T)
    table = pair_table(network(cells), mode, tail=tail)
    assert len(table) == 3
    for row in table.itertuples():
        i, j = int(row.u[1]), int(row.v[1])
        upper, lower = tails(rows[i] * rows[j], int(held[i] @ held[j]))
        expected = {"upper": upper, "lower": lower, "two-sided": min(1, 2 * min(upper, lower))}[tail]
        assert row.p == pytest.approx(expected, abs=2e-3)
        assert row.expected == pytest.approx(rows[i] @ rows[j], abs=2e-3)
        chances = rows[i] * rows[j]
        assert row.sd == pytest.approx((chances * (1 - chances)).sum() ** 0.5, abs=2e-3)
        assert row.z == pytest.approx((row.shared - row.expected) / row.sd)


def test_davis_has_no_tie_that_its_sizes_do_not_give():
    B = nx.davis_southern_women_graph()
    table = pair_table(B, tail="upper", correction=None)
    assert len(table) == 18 * 17 / 2
    assert round(table["p"].min(), 5) == 0.08837
    G = backbone(B, tail="upper", correction=None)
    assert (len(G), G.number_of_edges()) == (18, 0)


def test_a_table_that_a_person_can_read():
    table = pair_table(network([[1, 1], [1, 0], [0, 0]]))
    assert list(table.columns) == COLUMNS
    assert table[["u", "v", "label_u", "label_v", "n_u", "n_v", "shared"]].to_numpy().tolist() == [
        ["a0", "a1", "Actor 0", "Actor 1", 2, 1, 1],
        ["a0", "a2", "Actor 0", "Actor 2", 2, 0, 0],
        ["a1", "a2", "Actor 1", "Actor 2", 1, 0, 0],
    ]
    kinds = table.dtypes.astype(str).to_dict()
    assert {kinds[c] for c in ("n_u", "n_v", "shared")} == {"int64"}
    assert {kinds[c] for c in ("expected", "sd", "z", "p", "p_adjusted", "attainable")} == {"float64"}
    assert {kinds[c] for c in ("can_reach", "definitional")} == {"bool"}
    assert {kinds[c] for c in ("u", "v", "label_u", "label_v")} == {"str"}
    assert list(pair_table(network([[1, 1], [1, 0]]), "body")["label_u"]) == ["b0"]  # no label: the id


def test_what_was_asked_stands_beside_the_table():
    table = pair_table(halves(), "body", null="hypergeometric", tail="lower", correction="holm", level=0.01)
    told = {"at": DAY, "layers": ("coded",), "reading": "possible", "mode": "body", "null": "hypergeometric"}
    told |= {"tail": "lower", "correction": "holm", "level": 0.01, "n_pairs": 3, "n_can_reach": 3}
    assert {key: table.attrs[key] for key in told} == told
    assert set(table.attrs) == {*told, "methods", "power"}
    methods = table.attrs["methods"]
    assert methods.startswith("Pairs of 3 bodies (rows) by what they share of 10 actors (columns).")
    assert "hypergeometric" in methods
    assert methods.endswith("p_adjusted after Holm (1979, Scandinavian Journal of Statistics 6(2), 65-70).")


@pytest.mark.parametrize(("correction", "adjust"), [("bh", bh), ("holm", holm), (None, list)])
def test_corrections_by_definition(correction, adjust):
    cells = np.random.default_rng(3).random((9, 14)) < np.outer(np.linspace(0.6, 1.4, 9), np.linspace(0.1, 0.7, 14))
    table = pair_table(network(cells), tail="upper", correction=correction)
    assert table["p"].nunique() > 20
    np.testing.assert_allclose(table["p_adjusted"], adjust(table["p"]), rtol=1e-12)


def test_the_sampled_null_agrees_with_every_matrix_of_these_margins():
    cells = [[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0], [0, 1, 1, 1]]
    counts = enumerated(cells)
    observed = np.array(cells) @ np.array(cells).T
    n = 4000
    table = pair_table(network(cells), null="fdsm", tail="upper", samples=n, rng=np.random.default_rng(1))
    assert list(table.columns) == [*COLUMNS[:12], "p_error", *COLUMNS[12:]]
    for row in table.itertuples():
        i, j = int(row.u[1]), int(row.v[1])
        p = (counts[:, i, j] >= observed[i, j]).mean()
        assert row.p == pytest.approx(p, abs=5 * (p * (1 - p) / n) ** 0.5 + 1 / n)
        assert row.expected == pytest.approx(counts[:, i, j].mean(), abs=0.06)
    same = pair_table(network(cells), null="fdsm", tail="upper", samples=n, rng=np.random.default_rng(1))
    pd.testing.assert_frame_equal(table, same)


def test_the_order_in_which_a_network_was_built_does_not_show():
    B = network(np.random.default_rng(5).random((8, 6)) < 0.5)
    shuffled = nx.Graph(**B.graph)
    shuffled.add_nodes_from(reversed(list(B.nodes(data=True))))
    shuffled.add_edges_from((v, u) for u, v in reversed(list(B.edges)))
    for mode in ("actor", "body"):
        one, other = pair_table(B, mode), pair_table(shuffled, mode)
        pd.testing.assert_frame_equal(one, other)
        assert one.attrs == other.attrs


def test_no_test_has_power_and_the_report_says_so():
    # Two of three against one of three: the most they can share is 1, which is no surprise.
    table = pair_table(network([[1, 1, 0], [0, 1, 0], [0, 0, 1]]), tail="upper")
    assert not table["can_reach"].any()
    assert table.attrs["n_can_reach"] == 0
    assert table.attrs["power"] == (
        "No pair of actors can reach p = 0.05 in the upper tail, at the most that both degrees allow them to share: "
        f"the smallest attainable p is {table['attainable'].min():.3g}; "
        "nothing can be significant here, and nothing may be marked as such."
    )


def test_how_many_pairs_can_reach_the_level_before_and_after_correction():
    # Bodies of 5, 5 and 1 of 10: only the two of 5 can differ at all clearly, with 1 / 252 in one tail.
    B = network([[1, 0, 1]] + [[1, 0, 0]] * 4 + [[0, 1, 0]] * 5)
    table = pair_table(B, "body", null="hypergeometric", tail="lower", level=0.01)
    assert table["can_reach"].tolist() == [True, False, False]
    np.testing.assert_allclose(table["attainable"], [1 / 252, 0.5, 0.5], rtol=1e-12)
    text = "1 of 3 pairs of bodies can reach p = 0.01 in the lower tail, at the least that both degrees allow them to "
    text += "share; the smallest attainable p is 0.00397."
    assert table.attrs["power"] == f"{text} After correction at most 0 could."
    uncorrected = pair_table(B, "body", null="hypergeometric", tail="lower", level=0.01, correction=None)
    assert uncorrected.attrs["power"] == text


def test_a_p_at_the_level_counts():
    level = 2 / comb(10, 5)
    table = pair_table(halves(), "body", null="hypergeometric", level=float(level * (1 + 1e-9)), correction=None)
    assert table["can_reach"].all()
    p = float(table["p"].iloc[0])
    assert pair_table(halves(), "body", null="hypergeometric", level=p, correction=None)["can_reach"].iloc[0]
    assert backbone(halves(), "body", null="hypergeometric", level=p, correction=None).has_edge("b0", "b1")


def test_a_member_of_everything_does_not_make_an_impossible_overlap_attainable():
    # b0 has everyone, so that every pair shares it: 0 shared is no outcome, and p = 0 no p.
    cells = np.column_stack([np.ones(6, dtype=int), np.eye(6, dtype=int)])
    for tail in ("lower", "two-sided", "upper"):
        table = pair_table(network(cells), tail=tail)
        assert (table["shared"] == 1).all()
        assert (table["attainable"] > 0).all()
        assert (table["attainable"] <= table["p"] * (1 + 1e-9)).all()


@pytest.mark.parametrize("seed", range(3))
def test_no_pair_falls_below_what_it_can_attain(seed):
    cells = np.random.default_rng(seed).random((10, 12)) < np.linspace(0.05, 0.95, 12)
    for tail in ("upper", "lower", "two-sided"):
        table = pair_table(network(cells), tail=tail)
        assert (table["attainable"] <= table["p"] * (1 + 1e-9)).all()
        assert (table["attainable"] > 0).all()


def test_a_pair_is_definitional_if_both_scopes_shut_someone_out():
    everyone = [f"a{i}" for i in range(10)]
    B = network([[1, 0, 1, 1]] * 5 + [[0, 1, 1, 0]] * 5, {"b0": everyone[:5], "b1": everyone[5:], "b2": everyone})
    table = pair_table(B, "body").set_index(["u", "v"])["definitional"]
    assert table[table].index.tolist() == [("b0", "b1")]  # b2 admits all there are, b3 declares nothing
    B.nodes["b3"]["admits"] = None
    assert pair_table(B, "body")["definitional"].sum() == 1
    assert not pair_table(B)["definitional"].any()  # actors have no scope


def test_the_backbone_has_the_significant_pairs_with_their_sign():
    B = halves()
    B.nodes["b0"]["admits"] = B.nodes["b1"]["admits"] = ["a0"]
    B.add_nodes_from(["b3", "b9"], bipartite=1, label="Nobody's")
    G = backbone(B, "body", null="hypergeometric")
    assert list(G) == ["b0", "b1", "b2", "b3", "b9"]
    assert G.nodes["b9"] == {"bipartite": 1, "label": "Nobody's"}
    assert list(G.edges(data="sign")) == [("b0", "b1", -1), ("b0", "b2", 1), ("b1", "b2", -1)]
    edge = G.edges["b0", "b2"]
    assert set(edge) == {"sign", "shared", "expected", "z", "p", "p_adjusted", "definitional"}
    assert (edge["shared"], edge["definitional"], G.edges["b0", "b1"]["definitional"]) == (5, False, True)
    assert edge["p"] == pytest.approx(2 / 252)
    assert edge["p_adjusted"] == pytest.approx(2 / 252 * 10 / 3)  # 3 of 10 pairs have it
    assert {type(edge[k]) for k in ("shared", "sign")} == {int}
    assert (G.graph["mode"], G.graph["at"], G.graph["n_pairs"], G.graph["null"]) == ("body", DAY, 10, "hypergeometric")
    assert "power" in G.graph
    assert "methods" in G.graph


@pytest.mark.parametrize(
    ("tail", "kept"), [("upper", [("b0", "b2", 1)]), ("lower", [("b0", "b1", -1), ("b1", "b2", -1)])]
)
def test_one_tail_keeps_one_sign(tail, kept):
    G = backbone(halves(), "body", null="hypergeometric", tail=tail)
    assert list(G.edges(data="sign")) == kept


def test_a_backbone_leaves_its_argument_alone():
    B = halves()
    before = nx.node_link_data(B, edges="edges")
    G = backbone(B, "body", null="hypergeometric")
    G.nodes["b0"]["label"] = "changed"
    assert nx.node_link_data(B, edges="edges") == before


# Seven actors, three bodies; the first two bodies admit five each, with a3, a4 in common.
SCOPED = np.array([[1, 0, 1], [1, 0, 0], [1, 0, 1], [0, 0, 1], [0, 1, 0], [0, 1, 0], [0, 1, 1]])
ADMITS = {"b0": ["a0", "a1", "a2", "a3", "a4"], "b1": ["a3", "a4", "a5", "a6"]}


def test_what_the_scopes_leave_of_a_deviation_by_full_enumeration():
    closed = np.array([[f"a{i}" not in ADMITS.get(f"b{j}", [f"a{i}"]) for j in range(3)] for i in range(7)])
    counts = enumerated(SCOPED, "body", closed)
    n = 4000
    options = {"null": "fdsm", "tail": "lower", "samples": n}
    table = body_overlap(network(SCOPED, ADMITS), within_scope=True, rng=np.random.default_rng(2), **options)
    for row in table.itertuples():
        i, j = int(row.u[1]), int(row.v[1])
        p = (counts[:, i, j] <= row.shared).mean()
        assert row.p_within_scope == pytest.approx(p, abs=5 * (p * (1 - p) / n) ** 0.5 + 1 / n)
        assert row.expected_within_scope == pytest.approx(counts[:, i, j].mean(), abs=0.06)
    assert cell(table, "b0", "b1")["definitional"]
    # The outcome is far less surprising once it is known whom the scopes admit.
    assert cell(table, "b0", "b1")["p_within_scope"] > cell(table, "b0", "b1")["p"] + 0.1


def test_scopes_that_share_nobody_leave_nothing_to_test():
    apart = {"b0": ["a0", "a1", "a2", "a3"], "b1": ["a4", "a5", "a6"]}
    table = body_overlap(network(SCOPED, apart), within_scope=True)
    row = cell(table, "b0", "b1")
    assert (row["shared"], row["expected_within_scope"], row["p_within_scope"]) == (0, 0, 1)
    assert np.isnan(row["z_within_scope"])
    assert row["p"] < 1
    assert table.attrs["methods"].endswith("Within scopes, 7 cells that no scope admits are structural zeros.")


def test_without_scopes_the_two_tests_are_one():
    B = network(SCOPED, {"b2": None})
    table = body_overlap(B, within_scope=True)
    for name in ("expected", "p", "z"):
        np.testing.assert_allclose(table[f"{name}_within_scope"], table[name], rtol=1e-9)
    plain = body_overlap(B, tail="lower")
    assert list(plain.columns) == COLUMNS
    pd.testing.assert_frame_equal(plain, pair_table(B, "body", tail="lower"))


def test_a_member_that_the_scope_does_not_admit_is_an_error():
    B = network(SCOPED, {"b0": ["a1", "a2"], "b1": ["a5", "a6"]})
    message = "members that the scope does not admit: a0 in b0, a4 in b1; correct admits or the ties"
    with pytest.raises(ValueError, match=message):
        body_overlap(B, within_scope=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "bodies"}, r"unknown mode 'bodies'"),
        ({"null": "sdms"}, "sdms"),
        ({"tail": "uper"}, r"unknown tail 'uper': did you mean 'upper'\? allowed: upper, lower, two-sided"),
        ({"correction": "bonferoni"}, "unknown correction 'bonferoni': allowed: bh, holm"),
        ({"level": 0}, "level is 0; allowed: more than 0 and less than 1"),
        ({"level": 5}, "level is 5; allowed: more than 0 and less than 1"),
    ],
)
@pytest.mark.parametrize("function", [pair_table, backbone])
def test_a_wrong_question_says_what_is_allowed(function, options, message):
    with pytest.raises(ValueError, match=message):
        function(halves(), **options)


def test_what_is_not_two_mode_is_refused():
    for function in (pair_table, backbone, body_overlap):
        with pytest.raises(ValueError, match="not a two-mode network"):
            function(nx.path_graph(3))


@pytest.mark.parametrize("shape", [(0, 0), (1, 3), (0, 2), (1, 0)])
def test_a_side_without_a_pair_gives_an_empty_table(shape):
    table = pair_table(network(np.ones(shape, dtype=int)))
    assert (len(table), list(table.columns)) == (0, COLUMNS)
    assert table.attrs["power"] == "There is no pair of actors to test."
    assert len(backbone(network(np.ones(shape, dtype=int)))) == shape[0]


@pytest.mark.parametrize("cells", [np.zeros((3, 0)), np.zeros((3, 2)), np.ones((3, 2))])
def test_a_matrix_that_leaves_no_choice_shows_nothing(cells):
    table = pair_table(network(cells.astype(int)))
    assert (table["p"] == 1).all()
    assert (table["expected"] == table["shared"]).all()
    assert table["z"].isna().all()
    assert table.attrs["n_can_reach"] == 0


@pytest.fixture(scope="module")
def seven(study):
    """35 states x 7 bodies: the reference layer's, the OAS with Cuba, the UN left out, the page's five Focal Points."""
    B = two_mode_network(load_study(layers=("coded", "reference")), DAY)
    B.remove_nodes_from([n for n, side in B.nodes(data="bipartite") if side == 1 and n not in SEVEN])
    coded = two_mode_network(study, DAY)
    B.remove_edges_from(list(B.edges("focal-points")))
    B.add_edges_from(coded.edges("focal-points", data=True))
    return B


def test_35_states_and_7_bodies(seven):
    sizes = {body: seven.degree[body] for body in SEVEN}
    assert sizes == {"oas": 35, "celac": 33, "caricom": 14, "sica": 8, "unasur": 12, "lan": 18, "focal-points": 5}
    assert (seven.number_of_edges(), len(seven)) == (125, 42)


def test_no_pair_of_states_can_reach_the_level(seven):
    table = pair_table(seven, tail="upper")
    assert (len(table), table.attrs["n_can_reach"]) == (595, 0)
    assert table["attainable"].min() > 0.05
    assert "No pair of actors can reach p = 0.05 in the upper tail, at the most that both" in table.attrs["power"]
    assert backbone(seven, tail="upper", correction=None).number_of_edges() == 0


@pytest.mark.parametrize("seed", [0, 1])
def test_caricom_and_the_network_share_nobody_by_definition(seven, seed):
    table = body_overlap(seven, null="fdsm", samples=4000, rng=np.random.default_rng(seed))
    row = cell(table, "caricom", "lan")
    assert row["shared"] == 0
    assert row["expected"] == pytest.approx(6.3, abs=0.1)
    assert row["p"] < 0.001
    assert row["p_adjusted"] < 0.05
    assert row["definitional"]
    shut_out = ["caricom", "celac", "lan", "sica", "unasur"]  # the OAS takes every state, a focal point anyone names
    marked = table.loc[table["definitional"], ["u", "v"]]
    assert marked.to_numpy().tolist() == [list(pair) for pair in combinations(shut_out, 2)]


def test_the_exact_null_agrees_that_caricom_and_the_network_are_apart(seven):
    row = cell(body_overlap(seven), "caricom", "lan")
    assert (row["shared"], bool(row["definitional"])) == (0, True)
    assert row["p"] < 0.001


# Form of the file: bodies with a full member among the 35 states, ties, mean shared by pair, and the pairs kept in
# the upper tail at .05: hypergeometric, exact SDSM, and SDSM after Benjamini and Hochberg.
COW_2014 = {
    "igo_year": (164, 2392, 47.003, 560, 106, 33),
    "state_year": (165, 2393, 46.953, 560, 103, 31),
}


@pytest.mark.external
@pytest.mark.parametrize("form", COW_2014)
def test_the_bodies_of_2014(form):
    bodies, ties, mean, hypergeometric, sdsm, after = COW_2014[form]
    B = americas(tables(form))
    table = pair_table(B, tail="upper")
    assert len(B) - 35 == bodies
    assert B.number_of_edges() == ties
    assert round(table["shared"].mean(), 3) == mean
    assert (table["p"] <= 0.05).sum() == sdsm
    assert backbone(B, tail="upper").number_of_edges() == after
    assert backbone(B, tail="upper", null="hypergeometric", correction=None).number_of_edges() == hypergeometric
