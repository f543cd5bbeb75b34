"""There and back: no row, status, basis or qualifier of a date is lost."""

import json

import pandas as pd
import pytest

from r2p_analysis.exchange import as_graph, load_graphml, load_hif, save_graphml, save_hif, tables_of_graph
from r2p_analysis.schema import DataError
from r2p_analysis.study import load_study, save_study


@pytest.fixture(scope="module")
def whole():
    return load_study(layers=("coded", "reference"))


def same(tables, study):
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, study.tables[name])


def test_a_study_folder_loses_nothing(whole, tmp_path):
    again = load_study(save_study(whole, tmp_path / "copy"), ("coded", "reference"))
    same(again.tables, whole)


def test_graphml_loses_nothing(whole, tmp_path):
    tables = load_graphml(whole, save_graphml(whole, tmp_path / "study.graphml"))
    assert set(tables) == {"actors", "events", "memberships", "ties", "participations", "event_links"}
    same(tables, whole)
    assert tables["memberships"]["start_edtf"].str.contains(r"[?~\[]").any(), "dates with a qualifier are among them"


def test_hif_loses_nothing(whole, tmp_path):
    same(load_hif(whole, save_hif(whole, tmp_path / "study.hif.json")), whole)


def test_xgi_reads_the_hypergraph(whole, tmp_path):
    xgi = pytest.importorskip("xgi")
    H = xgi.read_hif(save_hif(whole, tmp_path / "study.hif.json"))
    members = whole.memberships.groupby("body_id")["actor_id"].agg(set)
    assert set(H.nodes) == set(whole.actors["actor_id"])
    assert {body: set(H.edges.members(body)) for body in H.edges} == members.to_dict()


def test_the_files_are_the_same_twice(whole, tmp_path):
    for save, name in ((save_graphml, "a.graphml"), (save_hif, "a.json")):
        once = save(whole, tmp_path / name).read_bytes()
        assert save(whole, tmp_path / f"again-{name}").read_bytes() == once


def test_two_spells_are_two_edges_and_one_incidence(whole):
    spells = whole.memberships[(whole.memberships["actor_id"] == "hnd") & (whole.memberships["body_id"] == "oas")]
    assert len(spells) == 3
    assert set(as_graph(whole)["hnd"]["oas"]) == set(spells["membership_id"])


def test_a_graph_of_another_kind_is_refused(whole):
    G = as_graph(whole)
    G.add_node("stray")
    with pytest.raises(DataError, match="does not say its table: one of actors, events"):
        tables_of_graph(whole, G)


def test_hif_has_the_parts_that_the_format_asks_for(whole, tmp_path):
    hif = json.loads(save_hif(whole, tmp_path / "h.json").read_text())
    assert hif["network-type"] == "undirected"
    assert {"nodes", "edges", "incidences"} <= set(hif)
    assert all({"edge", "node"} <= set(i) for i in hif["incidences"])
