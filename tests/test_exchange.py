"""There and back: no row, status, basis or qualifier of a date is lost."""

import json

import pandas as pd
import pytest
from tiny import tiny_study

from r2p_analysis.exchange import (
    as_graph,
    as_hif,
    load_graphml,
    load_hif,
    save_graphml,
    save_hif,
    tables_of_graph,
    tables_of_hif,
)
from r2p_analysis.schema import DataError
from r2p_analysis.study import load_study, save_study


@pytest.fixture(scope="module")
def whole():
    return load_study(layers=("coded", "reference"))


def same(tables, study):
    assert set(tables) == set(study.tables)
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, study.tables[name])


def test_a_study_folder_loses_nothing(whole, tmp_path):
    again = load_study(save_study(whole, tmp_path / "copy"), ("coded", "reference"))
    same(again.tables, whole)


def test_graphml_loses_nothing(whole, tmp_path):
    tables = load_graphml(whole, save_graphml(whole, tmp_path / "study.graphml"))
    same(tables, whole)
    assert tables["memberships"]["start_edtf"].str.contains(r"[?~\[]").any(), "dates with a qualifier are among them"


def test_hif_loses_nothing(whole, tmp_path):
    same(load_hif(whole, save_hif(whole, tmp_path / "study.hif.json")), whole)


def test_a_hyperedge_is_a_body_with_a_role_and_a_status(whole):
    hif = as_hif(whole)
    held = {}
    for incidence in hif["incidences"]:
        held.setdefault(incidence["edge"], set()).add(incidence["node"])
    rows = whole.memberships.groupby(["body_id", "role", "status"])["actor_id"].agg(set)
    assert held == {":".join(names): actors for names, actors in rows.items()}
    assert "cub" in held["lan:member:denied"]
    assert "cub" not in held["lan:member:operating"]
    assert all({"edge", "node"} == set(incidence) for incidence in hif["incidences"])


def test_xgi_keeps_every_spell_with_its_status_basis_and_dates(whole, tmp_path):
    xgi = pytest.importorskip("xgi")
    H = xgi.read_hif(save_hif(whole, tmp_path / "study.hif.json"))
    assert set(H.nodes) == set(whole.actors["actor_id"])
    # Asked of xgi itself, by what a user of it would filter.
    denied = H.edges.filterby_attr("status", "denied").filterby_attr("body_id", "lan")
    assert [H.edges.members(edge) for edge in denied] == [{"cub"}]
    spells = [row for edge in H.edges for row in H.edges[edge]["spells"]]
    kept = pd.DataFrame(spells).set_index("membership_id").sort_index()
    shown = ["status", "basis", "start_edtf", "end_edtf"]
    expected = whole.memberships.set_index("membership_id").sort_index()[shown]
    pd.testing.assert_frame_equal(kept[shown].astype("str"), expected)
    assert expected["start_edtf"].str.contains(r"[?~\[]").any()


def test_a_study_that_xgi_wrote_again_has_lost_nothing(whole, tmp_path):
    xgi = pytest.importorskip("xgi")
    xgi.write_hif(xgi.read_hif(save_hif(whole, tmp_path / "a.json")), str(tmp_path / "b.json"))
    same(load_hif(whole, tmp_path / "b.json"), whole)


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


def test_an_actor_that_no_row_describes_is_no_row_afterwards(tmp_path):
    study = tiny_study(memberships=[{"actor_id": "arg", "body_id": "lan"}])
    assert as_graph(study).nodes["arg"] == {"table": "not in this study"}
    for save, load in ((save_graphml, load_graphml), (save_hif, load_hif)):
        tables = load(study, save(study, tmp_path / "study"))
        assert tables["actors"].empty
        assert tables["memberships"]["actor_id"].tolist() == ["arg"]


def test_texts_with_signs_of_the_formats_come_back(tmp_path):
    note = 'a <b> & "c" \u2028 \u00e9 \U0001f600 ]]>'
    study = tiny_study(
        actors=[{"actor_id": "arg", "name": note, "kind": "state"}],
        counts=[{"subject_id": "arg", "what": note, "n_min": 2**40}],
    )
    for save, load in ((save_graphml, load_graphml), (save_hif, load_hif)):
        tables = load(study, save(study, tmp_path / "study"))
        assert tables["actors"].loc[0, "name"] == tables["counts"].loc[0, "what"] == note
        assert tables["counts"].loc[0, "n_min"] == 2**40


@pytest.mark.parametrize(
    "content", [b"", b"<graphml", b"<a/>", b"{", b"[]", b"{}", b'{"nodes": [], "edges": [], "incidences": []}', b"\xff"]
)
def test_a_damaged_file_is_an_error_that_names_it(tmp_path, content):
    path = tmp_path / "study.file"
    path.write_bytes(content)
    for load in (load_graphml, load_hif):
        with pytest.raises(DataError, match=r"study\.file is not as it was written here: \w+: "):
            load(tiny_study(), path)


def test_a_cut_file_is_an_error(whole, tmp_path):
    for save, load in ((save_graphml, load_graphml), (save_hif, load_hif)):
        path = save(whole, tmp_path / "study")
        path.write_bytes(path.read_bytes()[:-20_000])
        with pytest.raises(DataError, match="is it damaged"):
            load(whole, path)


def test_a_missing_file_stays_a_missing_file(tmp_path):
    for load in (load_graphml, load_hif):
        with pytest.raises(FileNotFoundError):
            load(tiny_study(), tmp_path / "none")


def test_a_table_column_or_key_that_is_not_the_studys_is_refused():
    study = tiny_study(actors=[{"actor_id": "arg", "name": "Argentina"}])
    hif = as_hif(study)
    hif["nodes"][0]["attrs"] |= {"colour": "blue"}
    with pytest.raises(DataError, match="no column of actors: colour"):
        tables_of_hif(study, hif)
    hif = as_hif(study)
    del hif["nodes"][0]["attrs"]["actor_id"]
    with pytest.raises(DataError, match="a row of actors without actor_id"):
        tables_of_hif(study, hif)
    hif = as_hif(study)
    hif["metadata"]["tables"]["stars"] = []
    with pytest.raises(DataError, match="no table of the study: stars"):
        tables_of_hif(study, hif)
