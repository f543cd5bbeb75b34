"""Networks: what becomes a node and an edge, by hand; measures against networkx, numpy and known graphs."""

import json
import os
import subprocess
import sys
from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from tiny import tiny_study

from r2p_analysis import load_study
from r2p_analysis.networks import centralities, membership_matrix, one_mode_projection, two_mode_network

REGIONS = [
    {"iso3": "ARG", "name_en": "Argentina", "subregion": "south_america"},
    {"iso3": "BOL", "name_en": "Bolivia", "subregion": "south_america"},
    {"iso3": "CUB", "name_en": "Cuba", "subregion": "caribbean"},
]
ACTORS = [
    {"actor_id": "arg", "name": "Argentine Republic", "kind": "state", "iso3": "ARG"},
    {"actor_id": "dnk", "name": "Denmark", "kind": "state", "iso3": "DNK"},
    {"actor_id": "oas", "name": "Organization of American States", "short_name": "OAS", "kind": "igo"},
    {"actor_id": "iachr", "name": "Inter-American Commission", "kind": "organ", "parent_id": "oas"},
    {"actor_id": "iacthr", "name": "Inter-American Court", "kind": "organ", "parent_id": "oas"},
    {"actor_id": "lan", "name": "Latin American Network", "kind": "network"},
    {"actor_id": "icrtop", "name": "Coalition", "kind": "network"},
    {"actor_id": "cries", "name": "CRIES", "kind": "ngo"},
    {"actor_id": "lan-members", "name": "Members of the Network", "kind": "collective"},
    {
        "actor_id": "nm-arg",
        "name": "Mechanism of Argentina",
        "kind": "national_body",
        "iso3": "ARG",
        "parent_id": "arg",
    },
]
PASSAGES = [{"passage_id": "known", "vintage_edtf": "2014-09-08"}, {"passage_id": "vague", "vintage_edtf": "2014"}]


def network(*rows, **options):
    """Network of rows (actor, body) or (actor, body, {further cells}); ids m1, m2, ... in that order."""
    cells = [dict(zip(("actor_id", "body_id"), row, strict=False)) for row in rows]
    cells = [
        {"membership_id": f"m{i}", "evidence": "vague", **cell, **(row[2] if len(row) > 2 else {})}
        for i, (row, cell) in enumerate(zip(rows, cells, strict=True), 1)
    ]
    study = tiny_study(memberships=cells, actors=ACTORS, regions=REGIONS, passages=PASSAGES)
    return two_mode_network(study, **options)


def side(B, bipartite):
    return [node for node, given in B.nodes(data="bipartite") if given == bipartite]


def test_states_and_bodies_stay_without_an_edge():
    B = network(("arg", "lan"))
    assert side(B, 0) == ["arg", "bol", "cub"]
    assert side(B, 1) == ["lan", "oas"]  # not iachr: an organ; not cries: nobody belongs to it
    assert list(B.edges) == [("arg", "lan")]


def test_a_body_and_a_member_stay_when_the_row_does_not_hold_on_the_day():
    gone = {"start_edtf": "1990", "end_edtf": "1991-01-01"}
    B = network(("dnk", "icrtop", gone), ("arg", "lan"), at="2014", actors="all")
    assert side(B, 0) == ["arg", "bol", "cub", "dnk"]
    assert side(B, 1) == ["icrtop", "lan", "oas"]
    assert list(B.edges) == [("arg", "lan")]


def test_nodes_carry_what_is_known_of_them():
    B = network(("dnk", "lan"), ("nobody", "nowhere"), actors="all")
    state = {"bipartite": 0, "kind": "state", "subregion": ""}
    body = {"bipartite": 1, "subregion": "", "scope": "", "admits": None}
    assert B.nodes["arg"] == {**state, "label": "Argentina", "subregion": "south_america"}
    assert B.nodes["cub"] == {**state, "label": "Cuba", "subregion": "caribbean"}
    assert B.nodes["dnk"] == {**state, "label": "Denmark"}
    assert B.nodes["oas"] == {**body, "label": "OAS", "kind": "igo"}
    assert B.nodes["lan"] == {**body, "label": "Latin American Network", "kind": "network"}
    assert B.nodes["nobody"] == {**state, "label": "nobody", "kind": ""}


def test_members_that_are_no_states_of_the_universe_are_left_out_and_counted():
    rows = [("arg", "lan"), ("dnk", "lan"), ("cries", "icrtop"), ("dnk", "lan", {"status": "planned"})]
    B = network(*rows)
    assert (side(B, 0), list(B.edges), B.graph["n_left_out"]) == (["arg", "bol", "cub"], [("arg", "lan")], 2)
    B = network(*rows, actors="all")
    assert side(B, 0) == ["arg", "bol", "cries", "cub", "dnk"]
    assert (list(B.edges), B.graph["n_left_out"]) == ([("arg", "lan"), ("cries", "icrtop"), ("dnk", "lan")], 0)


def test_a_collective_and_who_only_attends_are_no_nodes():
    rows = [("arg", "lan"), ("lan-members", "lan"), ("cries", "lan", {"role": "observer"})]
    B = network(*rows, actors="all")
    assert (side(B, 0), list(B.edges), B.graph["n_left_out"]) == (["arg", "bol", "cub"], [("arg", "lan")], 1)


def test_organs_are_rolled_up_without_changing_counts():
    plain = [("arg", "oas"), ("bol", "oas")]
    organs = [*plain, ("arg", "iachr"), ("arg", "iacthr")]
    B = network(*organs)
    assert list(B.edges) == list(network(*plain).edges) == [("arg", "oas"), ("bol", "oas")]
    assert B.edges["arg", "oas"]["membership_ids"] == ["m1", "m3", "m4"]
    assert one_mode_projection(B).edges["arg", "bol"]["weight"] == 1
    apart = network(*organs, rollup=False)
    assert side(apart, 1) == ["iachr", "iacthr", "lan", "oas"]
    assert list(apart.edges) == [("arg", "iachr"), ("arg", "iacthr"), ("arg", "oas"), ("bol", "oas")]


def test_a_member_of_an_organ_counts_for_the_body():
    assert list(network(("cub", "iachr")).edges) == [("cub", "oas")]


def test_a_national_body_is_not_rolled_up_into_its_state():
    B = network(("cries", "nm-arg"), actors="all")
    assert side(B, 1) == ["lan", "nm-arg", "oas"]
    assert list(B.edges) == [("cries", "nm-arg")]
    assert B.nodes["arg"]["bipartite"] == 0


def test_a_body_that_is_a_member_elsewhere_is_two_nodes():
    B = network(("cries", "icrtop"), ("icrtop", "lan"), ("arg", "lan"), actors="all")
    assert (B.nodes["icrtop"]["bipartite"], B.nodes["icrtop:member"]["bipartite"]) == (1, 0)
    assert B.nodes["icrtop:member"]["label"] == B.nodes["icrtop"]["label"] == "Coalition"
    assert list(B.edges) == [("arg", "lan"), ("cries", "icrtop"), ("icrtop:member", "lan")]
    assert nx.is_bipartite(B)
    assert len(centralities(B)) == 5


@pytest.mark.parametrize(
    ("options", "edges"),
    [
        ({}, ["facilitator", "focal_point", "member"]),
        ({"roles": ("observer", "participant")}, ["observer", "participant"]),
        ({"roles": "member"}, ["member"]),
    ],
)
def test_who_observes_or_takes_part_is_no_member(options, edges):
    roles = ["member", "associate", "observer", "focal_point", "facilitator", "participant"]
    B = network(*[(role, "lan", {"role": role}) for role in roles], actors="all", **options)
    assert [actor for actor, _ in B.edges] == edges


def test_planned_is_not_operating():
    rows = [("arg", "lan", {"status": "planned"}), ("bol", "lan"), ("cub", "lan", {"status": "denied"})]
    assert list(network(*rows).edges) == [("bol", "lan")]
    assert list(network(*rows, status=("planned",)).edges) == [("arg", "lan")]
    both = network(*rows, status=("operating", "planned"))
    assert list(both.edges(data="status")) == [("arg", "lan", "planned"), ("bol", "lan", "operating")]


def test_the_reading_decides_on_the_day():
    rows = [("arg", "lan", {"evidence": "known"}), ("bol", "lan")]
    day = "2014-09-08"
    assert list(network(*rows, at=day).edges(data="holds")) == [("arg", "lan", "yes"), ("bol", "lan", "possible")]
    assert list(network(*rows, at=day, reading="certain").edges) == [("arg", "lan")]
    assert list(network(*rows).edges(data="holds")) == [("arg", "lan", "undated"), ("bol", "lan", "undated")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Two spells under one status: the edge holds if any does.
        ([{}, {"evidence": "known"}], ("operating", "yes", "member", "explicit")),
        ([{"evidence": "known"}, {}], ("operating", "yes", "member", "explicit")),
        # Operating beside planned: what is certain of the plan is not certain of the membership.
        ([{"status": "planned", "evidence": "known"}, {}], ("operating", "possible", "member", "explicit")),
        # One row gives all attributes: nobody is called a certain member for being a certain facilitator.
        ([{}, {"role": "facilitator", "evidence": "known"}], ("operating", "yes", "facilitator", "explicit")),
        ([{"role": "facilitator"}, {}], ("operating", "possible", "member", "explicit")),
        ([{"basis": "external"}, {"basis": "inferred"}], ("operating", "possible", "member", "inferred")),
        ([{"role": "facilitator"}, {"basis": "inferred"}], ("operating", "possible", "member", "inferred")),
        ([{"status": "suspended"}, {"status": "planned"}], ("planned", "possible", "member", "explicit")),
    ],
)
def test_an_edge_collects_its_rows_and_shows_the_one_that_claims_most(rows, expected):
    B = network(*[("arg", "lan", row) for row in rows], at="2014-09-08", status=("planned", "suspended", "operating"))
    edge = B.edges["arg", "lan"]
    assert tuple(edge[key] for key in ("status", "holds", "role", "basis")) == expected
    assert edge["membership_ids"] == ["m1", "m2"]
    assert set(edge) == {"status", "holds", "role", "basis", "membership_ids"}


def test_the_graph_records_what_was_asked_for():
    assert network(("arg", "lan"), at="2014-09-08", status="operating", roles=["member"]).graph == {
        "at": "2014-09-08",
        "reading": "possible",
        "status": ("operating",),
        "roles": ("member",),
        "layers": ("coded",),
        "actors": "states",
        "rollup": True,
        "n_left_out": 0,
    }
    graph = network(actors="all", rollup=False).graph
    assert (graph["at"], graph["actors"], graph["rollup"]) == (None, "all", False)
    assert graph["roles"] == ("member", "focal_point", "facilitator")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"actors": "state"}, r"unknown actors 'state': did you mean 'states'\? allowed: states, all"),
        ({"reading": "sure"}, "unknown reading 'sure': allowed: certain, possible"),
        ({"reading": "certain"}, "reading 'certain' needs a date"),
        ({"status": ["held"]}, "unknown status 'held': allowed: operating, planned"),
        ({"roles": ["membr"]}, r"unknown role 'membr': did you mean 'member'\?"),
        ({"roles": 3}, r"role: 3 is no list of names; give one, as in \['member'\]"),
        ({"at": "soon"}, "'soon' is not an EDTF date"),
    ],
)
def test_a_wrong_question_says_what_is_allowed(options, message):
    with pytest.raises(ValueError, match=message):
        network(("arg", "lan"), **options)


def random_network(seed, n=12, m=5, p=0.3):
    """Two-mode network from numpy alone, with an isolate on either side."""
    cells = np.random.default_rng(seed).random((n, m)) < p
    cells[3, :] = cells[:, 2] = False
    B = nx.Graph(at="2014")
    B.add_nodes_from((f"a{i:02}" for i in range(n)), bipartite=0)
    B.add_nodes_from((f"b{j}" for j in range(m)), bipartite=1)
    B.add_edges_from((f"a{i:02}", f"b{j}") for i, j in zip(*np.nonzero(cells), strict=True))
    return B, cells.astype(int)


PEERS = {
    "count": nx.bipartite.weighted_projected_graph,
    "jaccard": nx.bipartite.overlap_weighted_projected_graph,
    "newman": nx.bipartite.collaboration_weighted_projected_graph,
}


@pytest.mark.parametrize("mode", ["actor", "body"])
@pytest.mark.parametrize("weight", PEERS)
@pytest.mark.parametrize("seed", range(4))
def test_projection_agrees_with_networkx(seed, weight, mode):
    B, _ = random_network(seed)
    nodes = side(B, 0 if mode == "actor" else 1)
    G, peer = one_mode_projection(B, mode, weight=weight), PEERS[weight](B, nodes)
    assert list(G) == nodes
    assert list(G.edges) == sorted(tuple(sorted(edge)) for edge in peer.edges)
    for u, v, w in G.edges(data="weight"):
        assert w == pytest.approx(peer.edges[u, v]["weight"], rel=1e-12)
    assert G.graph == {"at": "2014", "mode": mode, "weight": weight}


def test_counts_are_the_product_of_the_matrix_with_itself():
    B, cells = random_network(7)
    product = cells @ cells.T
    G = one_mode_projection(B)
    expected = {(f"a{i:02}", f"a{j:02}"): product[i, j] for i, j in combinations(range(len(cells)), 2) if product[i, j]}
    assert {(u, v): w for u, v, w in G.edges(data="weight")} == expected
    assert all(type(w) is int for *_, w in G.edges(data="weight"))


def test_a_projection_keeps_attributes_and_leaves_its_argument_alone():
    B = network(("arg", "lan"), ("bol", "lan"), ("bol", "oas"))
    before = json.dumps(nx.node_link_data(B, edges="edges"))
    G = one_mode_projection(B)
    assert G.nodes["cub"] == B.nodes["cub"]
    assert G.degree["cub"] == 0
    G.nodes["cub"]["label"] = "changed"
    assert json.dumps(nx.node_link_data(B, edges="edges")) == before
    assert G.graph["status"] == ("operating",)


def test_the_order_in_which_a_network_was_built_does_not_show():
    B, _ = random_network(2)
    edges = list(B.edges)
    np.random.default_rng(2).shuffle(edges)
    shuffled = nx.Graph(at="2014")
    shuffled.add_nodes_from(reversed(list(B.nodes(data=True))))
    shuffled.add_edges_from((v, u) for u, v in edges)
    for weight in PEERS:
        G, other = one_mode_projection(B, weight=weight), one_mode_projection(shuffled, weight=weight)
        assert (list(G), list(G.edges(data=True))) == (list(other), list(other.edges(data=True)))
    assert membership_matrix(shuffled).equals(membership_matrix(B))
    pd.testing.assert_frame_equal(centralities(shuffled), centralities(B))


def test_a_body_of_n_members_ties_every_pair_of_them():
    states = [f"s{i:02}" for i in range(35)]
    B = nx.Graph()
    B.add_nodes_from(states, bipartite=0)
    B.add_node("oas", bipartite=1)
    B.add_edges_from((state, "oas") for state in states)
    assert one_mode_projection(B).number_of_edges() == 595
    assert {w for *_, w in one_mode_projection(B, weight="newman").edges(data="weight")} == {1 / 34}


@pytest.mark.parametrize("mode", ["actor", "body"])
@pytest.mark.parametrize("seed", range(4))
def test_centralities_agree_with_networkx(seed, mode):
    B, _ = random_network(seed)
    table = centralities(B, mode).set_index("node")
    nodes = side(B, 0 if mode == "actor" else 1)
    assert sorted(table.index) == nodes
    for column, peer in {
        "degree_centrality": nx.bipartite.degree_centrality(B, nodes),
        "betweenness": nx.bipartite.betweenness_centrality(B, nodes),
        "closeness": nx.bipartite.closeness_centrality(B, nodes),
    }.items():
        np.testing.assert_allclose(table.loc[nodes, column], [peer[node] for node in nodes], rtol=1e-12, err_msg=column)
    assert list(table.loc[nodes, "degree"]) == [B.degree[node] for node in nodes]


def test_the_centre_of_a_star_has_all_that_can_be_had():
    B = nx.Graph()
    B.add_nodes_from(["a", "b", "c", "alone"], bipartite=0)
    B.add_nodes_from(["x"], bipartite=1, label="Body X")
    B.add_edges_from([("a", "x"), ("b", "x"), ("c", "x")])
    expected = {"node": "x", "label": "Body X", "degree": 3, "degree_centrality": 0.75, "betweenness": 0.5}
    row = centralities(B, "body").iloc[0].to_dict()
    assert {key: row[key] for key in expected} == expected  # 3 of the 6 pairs that 4 actors could make
    assert row["closeness"] == 4 / 3 * 3 / 4  # nx.bipartite's formula, times the share that is reached
    actors = centralities(B)
    assert list(actors["node"]) == ["a", "b", "c", "alone"]
    assert list(actors["label"]) == ["a", "b", "c", "alone"]
    assert list(actors["betweenness"]) == [0, 0, 0, 0]
    assert actors.iloc[3].to_dict() == {
        "node": "alone", "label": "alone", "degree": 0, "degree_centrality": 0, "betweenness": 0, "closeness": 0
    }  # fmt: skip


def test_a_bridge_lies_between():
    # a - x - b - y - c: b is on all paths between {a, x} and {y, c}: 4 of the most, 4, that 3 and 2 nodes allow.
    B = nx.Graph()
    B.add_nodes_from("abc", bipartite=0)
    B.add_nodes_from("xy", bipartite=1)
    B.add_edges_from(["ax", "bx", "by", "cy"])
    table = centralities(B).set_index("node")
    assert list(table.index) == ["b", "a", "c"]
    assert table["betweenness"].to_dict() == {"a": 0, "b": 1, "c": 0}
    assert table["closeness"].to_dict() == {"a": 6 / 10, "b": 1, "c": 6 / 10}


@pytest.mark.parametrize("sides", [(0, 0), (2, 0), (0, 2), (1, 1)])
def test_measures_of_a_network_without_an_edge_are_zero(sides):
    B = nx.Graph()
    B.add_nodes_from((f"a{i}" for i in range(sides[0])), bipartite=0)
    B.add_nodes_from((f"b{i}" for i in range(sides[1])), bipartite=1)
    table = centralities(B)
    assert len(table) == sides[0]
    assert not table.drop(columns=["node", "label"]).to_numpy(dtype=float).any()
    assert membership_matrix(B).shape == sides
    assert len(one_mode_projection(B)) == sides[0]


def test_the_matrix_has_a_one_where_an_actor_belongs():
    matrix = membership_matrix(network(("arg", "lan"), ("bol", "oas"), ("bol", "iachr")))
    expected = pd.DataFrame(
        [[1, 0], [0, 1], [0, 0]],
        index=pd.Index(["arg", "bol", "cub"], name="actor"),
        columns=pd.Index(["lan", "oas"], name="body"),
    )
    pd.testing.assert_frame_equal(matrix, expected)


def spoilt(how):
    B = nx.Graph()
    B.add_node("a", bipartite=0)
    B.add_node("x", bipartite=1)
    how(B)
    return B


@pytest.mark.parametrize(
    ("B", "message"),
    [
        (spoilt(lambda B: B.add_node("z")), "not a two-mode network: bipartite is None at 'z'; allowed: 0 .actor., 1"),
        (spoilt(lambda B: B.add_node("z", bipartite=2)), "bipartite is 2 at 'z'"),
        (
            spoilt(lambda B: (B.add_node("b", bipartite=0), B.add_edge("a", "b"))),
            "not a two-mode network: the edge 'a' - 'b' ties two nodes of bipartite 0",
        ),
        (nx.DiGraph(), "not a two-mode network: DiGraph has directions or parallel edges; allowed: Graph"),
        (nx.MultiGraph(), "not a two-mode network: MultiGraph has directions"),
    ],
)
@pytest.mark.parametrize("function", [one_mode_projection, centralities, membership_matrix])
def test_what_is_not_two_mode_is_refused(function, B, message):
    with pytest.raises(ValueError, match=message):
        function(B)


def test_unknown_mode_and_weight_are_refused():
    B = spoilt(lambda B: None)
    with pytest.raises(ValueError, match=r"unknown mode 'actors': did you mean 'actor'\? allowed: actor, body"):
        one_mode_projection(B, "actors")
    with pytest.raises(ValueError, match="unknown mode 'state': allowed: actor, body"):
        centralities(B, "state")
    with pytest.raises(
        ValueError, match=r"unknown weight 'jacard': did you mean 'jaccard'\? allowed: count, jaccard, new"
    ):
        one_mode_projection(B, weight="jacard")


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from tiny import tiny_study
from r2p_analysis import load_study
from r2p_analysis.networks import centralities, one_mode_projection, two_mode_network
cells = np.random.default_rng(5).random((30, 9)) < 0.4
rows = [{"actor_id": f"a{i}", "body_id": f"b{j}"} for i, j in zip(*np.nonzero(cells))]
B = two_mode_network(tiny_study(memberships=rows, regions=[{"iso3": "ARG"}]), actors="all")
print(list(B.nodes(data=True)), list(B.edges(data=True)))
for mode in ("actor", "body"):
    for weight in ("count", "jaccard", "newman"):
        print(list(one_mode_projection(B, mode, weight=weight).edges(data=True)))
    print(centralities(B, mode).to_csv())
"""


def test_the_order_of_hashes_does_not_show():
    tests = os.path.dirname(os.path.abspath(__file__))
    command = [sys.executable, "-c", SCRIPT, tests]
    runs = [
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    ]
    assert len(runs[0]) > 1000
    assert runs[0] == runs[1]


def test_a_body_carries_its_declared_scope_and_whom_it_admits(study):
    B = two_mode_network(study, "2014-09-08")
    languages = study.regions.set_index("iso3")["official_languages"].str.split(";")
    latin = sorted(iso3.lower() for iso3, spoken in languages.items() if {"spa", "por"} & set(spoken))
    assert (B.nodes["lan"]["scope"], B.nodes["lan"]["admits"]) == ("purpose_built", latin)
    assert (B.nodes["oas"]["scope"], B.nodes["oas"]["admits"]) == ("regional", None)
    north = set(study.regions["iso3"].str.lower()) - set(B.nodes["celac"]["admits"])
    assert north == {"can", "usa"}
    undeclared = [
        body for body, side in B.nodes(data="bipartite") if side == 1 and body not in set(study.scopes["body_id"])
    ]
    assert undeclared
    assert {(B.nodes[b]["scope"], B.nodes[b]["admits"]) for b in undeclared} == {("", None)}


def test_every_member_of_the_reference_layer_is_one_that_the_scope_admits():
    B = two_mode_network(load_study(layers=("coded", "reference")), None)
    for body in (b for b, side in B.nodes(data="bipartite") if side == 1 and B.nodes[b]["admits"] is not None):
        assert set(B[body]) <= set(B.nodes[body]["admits"]), body


def test_a_study_without_scopes_has_a_network_as_well(study):
    from dataclasses import replace

    without = replace(study, tables={name: table for name, table in study.tables.items() if name != "scopes"})
    B = two_mode_network(without, "2014-09-08")
    assert B.nodes["lan"]["scope"] == ""
