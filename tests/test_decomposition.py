"""Co-membership by kind of body: counts by hand, expectations from published or solved probabilities."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from cow_2014 import americas, tables, world

from r2p_analysis.networks.decomposition import decomposition, decomposition_summary, kinds_by_reach

KINDS = ["universal", "regional", "subregional", "purpose_built", "not declared"]
SCOPES = {"un": "universal", "oas": "regional", "lan": "purpose_built"}
SCOPES |= dict.fromkeys(["caricom", "unasur"], "subregional")


def network(ties, scopes=SCOPES, **graph):
    """Two-mode network of a text such as ``arg: un oas``, one actor a line."""
    B = nx.Graph(**graph)
    for line in ties:
        actor, _, bodies = line.partition(": ")
        B.add_node(actor, bipartite=0, label=actor.upper())
        for body in bodies.split():
            B.add_node(body, bipartite=1, scope=scopes.get(body, ""))
            B.add_edge(actor, body)
    return B


FOUR = ["arg: un oas unasur lan", "bra: un oas unasur", "jam: un oas caricom club", "nobody: "]


def wide(table, value):
    return table.pivot(index=["u", "v"], columns="kind", values=value)


def test_shared_memberships_by_scope_by_hand():
    table = decomposition(network(FOUR))
    shared = wide(table, "shared")
    assert list(shared.columns) == KINDS
    assert shared.to_dict("split")["index"] == [
        ("arg", "bra"), ("arg", "jam"), ("arg", "nobody"), ("bra", "jam"), ("bra", "nobody"), ("jam", "nobody")
    ]  # fmt: skip
    expected = [[1, 1, 1, 0, 0], [1, 1, 0, 0, 0], [0] * 5, [1, 1, 0, 0, 0], [0] * 5, [0] * 5]
    assert shared.to_numpy().tolist() == expected
    assert table.groupby(["u", "v"])["total"].first().tolist() == [3, 2, 0, 2, 0, 0]
    assert wide(table, "share").loc[("arg", "bra")].tolist() == [1 / 3, 1 / 3, 1 / 3, 0, 0]
    assert wide(table, "share").loc[("arg", "nobody")].isna().all()


def test_a_tidy_table_in_a_fixed_order():
    table = decomposition(network(FOUR, at="2014-09-08", layers=("coded",)))
    columns = ["u", "v", "label_u", "label_v", "kind", "shared", "total", "share", "expected", "residual", "z"]
    assert list(table.columns) == columns
    assert table["kind"].tolist() == KINDS * 6
    assert table["kind"].dtype.ordered
    assert table[["u", "label_u", "v", "label_v"]].iloc[5].tolist() == ["arg", "ARG", "jam", "JAM"]
    assert table.attrs == {
        "at": "2014-09-08",
        "layers": ("coded",),
        "n_pairs": 6,
        "n_bodies": {"universal": 1, "regional": 1, "subregional": 2, "purpose_built": 1, "not declared": 1},
        "null": "sdsm",
    }


def test_what_everybody_shares_has_no_residual():
    # Two bodies with everyone and one with half of the four: the pairs' totals are 2 and 3, mostly inflation.
    B = network([f"s{i}: un oas" + " lan" * (i < 2) for i in range(4)])
    table = decomposition(B)
    for kind in ("universal", "regional"):
        rows = table[table["kind"] == kind]
        assert rows["shared"].tolist() == rows["expected"].tolist() == [1] * 6
        assert rows["residual"].tolist() == [0] * 6
        assert rows["z"].isna().all()


def test_residuals_from_published_probabilities():
    # The BiCM of rows 001, 010, 101 as the R package backbone tests it: .216 .216 .568 / same / .568 .568 .863.
    B = network(["a: z", "b: y", "c: x z"], {"x": "regional", "y": "regional", "z": "universal"})
    table = decomposition(B)
    expected = wide(table, "expected")
    by_hand = {("a", "b"): [2 * 0.216 * 0.216, 0.568 * 0.568], ("a", "c"): [2 * 0.216 * 0.568, 0.568 * 0.863]}
    for pair, values in by_hand.items():
        np.testing.assert_allclose(expected.loc[pair, ["regional", "universal"]], values, atol=1e-3)
    row = table[table["u"].eq("a") & table["v"].eq("c") & table["kind"].eq("universal")].iloc[0]
    chance = 0.568 * 0.863
    assert row["residual"] == pytest.approx(1 - chance, abs=1e-3)
    assert row["z"] == pytest.approx((1 - chance) / (chance * (1 - chance)) ** 0.5, abs=5e-3)


def test_kinds_add_up_to_the_whole():
    rng = np.random.default_rng(4)
    lines = [f"s{i}: " + " ".join(f"b{j}" for j in range(9) if rng.random() < 0.2 + 0.07 * j) for i in range(8)]
    kinds = {f"b{j}": "abc"[j % 3] for j in range(9)}
    by_kind = decomposition(network(lines), kinds)
    whole = decomposition(network(lines), dict.fromkeys(kinds, "all"))
    sums = by_kind.groupby(["u", "v"])[["shared", "expected", "residual", "share"]].sum()
    np.testing.assert_allclose(sums["expected"], whole["expected"], rtol=1e-9)
    np.testing.assert_allclose(sums["residual"], whole["residual"], atol=1e-9)
    assert sums["shared"].tolist() == whole["shared"].tolist() == by_kind["total"].tolist()[::3]
    assert set(sums["share"].round(9)) <= {0.0, 1.0}


def test_the_summary_by_hand():
    summary = decomposition_summary(decomposition(network(FOUR)))
    assert summary["kind"].tolist() == KINDS
    assert summary["n_bodies"].tolist() == [1, 1, 2, 1, 1]
    assert summary["n_shared"].tolist() == [3, 3, 1, 0, 0]
    np.testing.assert_allclose(summary["share_shared"], [3 / 7, 3 / 7, 1 / 7, 0, 0])
    np.testing.assert_allclose(summary["mean_shared"], [3 / 6, 3 / 6, 1 / 6, 0, 0])
    np.testing.assert_allclose(summary["mean_shared"] - summary["mean_expected"], summary["mean_residual"], atol=1e-12)
    assert list(summary.columns)[-2:] == ["mean_expected", "mean_residual"]
    assert summary.attrs["n_pairs"] == 6


def test_without_a_null_there_is_no_expectation():
    table = decomposition(network(FOUR), null=None)
    assert list(table.columns)[-1] == "share"
    assert list(decomposition_summary(table).columns) == ["kind", "n_bodies", "n_shared", "share_shared", "mean_shared"]
    assert table.attrs["null"] is None


def test_kinds_of_a_mapping_and_of_a_series():
    B = network(FOUR)
    table = decomposition(B, {"un": "z", "oas": "a", "elsewhere": "m"}, null=None)
    assert list(table["kind"].cat.categories) == ["a", "m", "z", "not declared"]
    assert table.attrs["n_bodies"] == {"a": 1, "m": 0, "z": 1, "not declared": 4}
    bodies = ["un", "oas", "unasur", "lan", "caricom", "club"]
    ordered = pd.Series(pd.Categorical(["z"] * 6, categories=["z", "a"]), bodies)
    assert list(decomposition(B, ordered, null=None)["kind"].cat.categories) == ["z", "a"]
    named = {**dict.fromkeys(bodies[1:], "b"), "un": "not declared"}
    assert list(decomposition(B, named, null=None)["kind"].cat.categories) == ["b", "not declared"]
    twice = decomposition(B, {"un": "not declared", "oas": "b"}, null=None)
    assert list(twice["kind"].cat.categories) == ["b", "not declared"]


def test_the_order_in_which_a_network_was_built_does_not_show():
    B, other = network(FOUR), nx.Graph()
    other.add_nodes_from(reversed(list(B.nodes(data=True))))
    other.add_edges_from((v, u) for u, v in reversed(list(B.edges)))
    pd.testing.assert_frame_equal(decomposition(B), decomposition(other))


@pytest.mark.parametrize(
    ("B", "options", "message"),
    [
        (network(FOUR), {"by": "scopes"}, r"unknown by 'scopes': did you mean 'scope'\? allowed: scope"),
        (network(FOUR), {"null": "fdsm"}, "unknown null 'fdsm'"),
        (network(["arg: un"], {"un": "univrsal"}), {}, r"unknown scope of un 'univrsal': did you mean 'universal'\?"),
        (nx.path_graph(2), {}, "not a two-mode network"),
    ],
)
def test_a_wrong_question_says_what_is_allowed(B, options, message):
    with pytest.raises(ValueError, match=message):
        decomposition(B, **options)


@pytest.mark.parametrize("lines", [[], ["arg: un"], ["arg: ", "bra: "]])
def test_networks_without_a_pair_or_a_tie(lines):
    table = decomposition(network(lines))
    n = len(lines) * (len(lines) - 1) // 2
    assert len(table) == 5 * n
    assert not table["shared"].any()
    summary = decomposition_summary(table)
    assert summary["n_shared"].tolist() == [0] * 5
    assert summary["share_shared"].isna().all()
    assert summary["mean_shared"].isna().all() == (n == 0)


PLACES = {"bol": "south_america", "per": "south_america", "mex": "central_america"}


def reach_network():
    B = network(["bol: andes trade un solo", "per: andes trade", "mex: trade un", "fra: un eu", "deu: eu"])
    B.add_node("empty", bipartite=1)
    for state, place in PLACES.items():
        B.nodes[state]["subregion"] = place
    return B


def test_kinds_by_reach_by_hand():
    kinds = kinds_by_reach(reach_network(), PLACES)
    assert kinds.to_dict() == {
        "andes": "one sub-region", "eu": "beyond", "solo": "one sub-region", "trade": "region", "un": "beyond"
    }  # fmt: skip
    assert list(kinds.index) == sorted(kinds.index)
    assert list(kinds.cat.categories) == ["one sub-region", "region", "beyond"]
    table = decomposition(reach_network().subgraph({*PLACES, "andes", "trade", "un", "solo"}), kinds, null=None)
    assert decomposition_summary(table)["n_shared"].tolist() == [1, 3, 1]


def test_a_region_of_fewer_states_makes_more_beyond():
    kinds = kinds_by_reach(reach_network(), ["bol", "per"])
    assert kinds[["andes", "trade"]].tolist() == ["one sub-region", "beyond"]


@pytest.mark.parametrize(
    ("states", "spoil", "message"),
    [
        (["bol", "xyz", "un"], {}, "unknown actor of the network 'xyz'"),
        (["bol", "fra"], {}, "no sub-region of: fra; give each the node attribute subregion"),
        (["bol", "per"], {"per": ""}, "no sub-region of: per"),
        (["bol", "per"], {"per": np.nan}, "no sub-region of: per"),
    ],
)
def test_states_must_be_actors_with_a_subregion(states, spoil, message):
    B = reach_network()
    for state, place in spoil.items():
        B.nodes[state]["subregion"] = place
    with pytest.raises(ValueError, match=message):
        kinds_by_reach(B, states)


@pytest.mark.external
def test_most_of_what_the_americas_shared_in_2014_they_shared_with_the_world():
    given = tables("igo_year")
    B = americas(given)
    states = {n: d["subregion"] for n, d in B.nodes(data=True) if d["bipartite"] == 0}
    kinds = kinds_by_reach(world(given), states)
    summary = decomposition_summary(decomposition(B, kinds)).set_index("kind")

    # The same from the cells of the file, body by body.
    cells = given["state_years"].astype({"status": str, "actor_id": str, "body_id": str})
    expected = dict.fromkeys(["one sub-region", "region", "beyond"], 0)
    for _, rows in cells[cells["status"] == "full"].groupby("body_id"):
        inside = [states[a] for a in rows["actor_id"] if a in states]
        kind = "beyond" if len(inside) < len(rows) else "region" if len(set(inside)) > 1 else "one sub-region"
        expected[kind] += len(inside) * (len(inside) - 1) // 2
    assert summary["n_shared"].to_dict() == expected
    assert summary["n_bodies"].sum() == 164
    assert round(summary["mean_shared"].sum(), 3) == 47.003
    assert summary["share_shared"].idxmax() == "beyond"
    assert summary.loc["beyond", "share_shared"] == pytest.approx(0.787, abs=5e-4)
    # All 164 sizes are kept on average: kinds differ in what they add, hardly in what is left over.
    assert (summary["mean_residual"].abs() < 0.02 * summary["mean_shared"] + 0.05).all()
