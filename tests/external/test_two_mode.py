import pandas as pd
import pytest

from r2p_analysis import DataError, FaultReport, load_study, save_study
from r2p_analysis.external import study_of, two_mode
from r2p_analysis.networks import membership_matrix, two_mode_network
from r2p_analysis.spells import members_at


def faults_of(path):
    with pytest.raises(FaultReport) as error:
        two_mode.load(path)
    return [(f.row, f.column, f.value, f.rule) for f in error.value.faults]


def test_a_list_gives_actors_groups_and_spells(write):
    path = write(
        "my-list 2.csv", "group,start,actor,end,x", "Chess,2001,Ana,2003-05-01,", "Chess,2004,Ana,,", "Go,2001~,Bo,,"
    )
    tables = two_mode.load(path, n_rows=3)
    spells = tables["memberships"][["membership_id", "actor_id", "body_id", "start_edtf", "end_edtf"]].fillna("")
    assert spells.to_numpy().tolist() == [
        ["ana-chess-1", "ana", "chess", "2001", "2003-05-01"],
        ["ana-chess-2", "ana", "chess", "2004", ""],
        ["bo-go-1", "bo", "go", "2001~", ""],
    ]
    same = tables["memberships"][["role", "status", "basis", "confidence", "evidence"]].drop_duplicates()
    assert same.to_numpy().tolist() == [["member", "operating", "external", "medium", "MYLIST2"]]
    assert tables["actors"].set_index("name")["kind"].to_dict() == {
        **{"Ana": "person", "Bo": "person"},
        **{"Chess": "network", "Go": "network"},
    }
    assert tables["references"].loc[0, ["ref_id", "title", "licence"]].tolist() == [
        *("MYLIST2", "my-list 2.csv", "unknown: facts only"),
    ]
    assert tables["actors"].attrs == {
        **{"file": "my-list 2.csv", "layout": "two_mode", "n_rows": 3},
        "columns_left_out": ["x"],
    }


def test_kinds_and_the_reference_are_the_users(write):
    cite = {"ref_id": "MINE", "title": "My list", "publisher": "I", "licence": "CC0", "kind": "data set"}
    path = write("list.csv", "actor,group", "A,B", "B,C")
    tables = two_mode.load(path, actor_kind="ngo", group_kind="igo", cite=cite)
    assert tables["actors"].set_index("actor_id")["kind"].to_dict() == {"a": "ngo", "b": "igo", "c": "igo"}
    assert tables["references"].loc[0, "licence"] == "CC0"
    assert set(tables["memberships"]["evidence"]) == {"MINE"}


@pytest.mark.parametrize(("option", "kind"), [("actor_kind", "persn"), ("group_kind", "persn")])
def test_a_kind_must_be_a_code(write, option, kind):
    with pytest.raises(ValueError, match=f"unknown {option} 'persn': did you mean 'person'"):
        two_mode.load(write("list.csv", "actor,group", "A,B"), **{option: kind})


def test_what_no_rule_knows_is_a_fault(write):
    path = write(
        "l.csv", "actor,group,start,end", "A,B,1.1.2001,soon", "A,,2001,", ",B,2001,", "Á,B,,", "Á,B,,", "?,C,,"
    )
    assert faults_of(path) == [
        (2, "end", "soon", "is no year and no EDTF date"),
        (2, "start", "1.1.2001", "is no year and no EDTF date"),
        (3, "group", "", "is empty"),
        (4, "actor", "", "is empty"),
        (5, "actor", "Á", "gives the id 'a'"),
        (6, "actor", "Á", "the row stands twice"),
        (7, "actor", "?", "gives no id"),
    ]


def test_spells_that_a_study_refuses_are_faults_of_the_list(write):
    path = write(
        *("l.csv", "actor,group,start,end", "A,B,2005,2001", "C,B,2001,2003", "C,B,2003,2006", "C,B,2002,2007"),
        *("C,D,2001,2003", "E,B,,", "E,B,2001,"),
    )
    assert faults_of(path) == [
        (2, "end", "2001", "the spell ends before it begins"),
        (5, "start", "2002", "the spell overlaps another of the same actor, body and role"),
        (5, "start", "2002", "the spell overlaps another of the same actor, body and role"),
        (8, "start", "2001", "the spell overlaps another of the same actor, body and role"),
    ]
    with pytest.raises(FaultReport, match="the other is from 2003 to 2006"):
        two_mode.load(path)


def test_what_a_list_loads_a_study_loads(write, tmp_path):
    path = write("l.csv", "actor,group,start,end", "A,B,2001,2003", "A,B,2003,", "C,B,,2001-05-01", "C,D,[2001..],")
    made = study_of(two_mode.load(path))
    loaded = load_study(save_study(made, tmp_path / "study"), layers=("reference",))
    pd.testing.assert_frame_equal(loaded.memberships, made.memberships)


def test_the_list_is_a_study_with_networks(write):
    study = study_of(two_mode.load(write("list.csv", "actor,group,start,end", "Ana,Chess,2001,2003", "Bo,Chess,2004,")))
    B = two_mode_network(study, actors="all")
    assert membership_matrix(B)["chess"].to_dict() == {"ana": 1, "bo": 1}
    assert members_at(study, "chess", "2002") == ["ana"]
    assert study.regions.empty


def test_another_layout_names_what_is_missing(write):
    with pytest.raises(DataError, match="looks like 'two_mode' without group; the header has: actor, body"):
        two_mode.load(write("list.csv", "actor,body", "A,B"))
