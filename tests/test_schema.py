"""Planted faults: each file of tests/faults spoils the small study, and is caught by its name."""

import tomllib
from pathlib import Path

import pytest

from r2p_analysis.cli import main
from r2p_analysis.schema import DataError, FaultReport, one_of, read_descriptor, suggest
from r2p_analysis.study import load_study

PLANTED = sorted((Path(__file__).parent / "faults").glob("*.toml"))


def plant(folder, fault):
    path = folder / fault["file"]
    text = path.read_text(encoding="utf-8")
    assert text.count(fault["find"]) == 1, "the planted fault has to find its place, once"
    path.write_text(text.replace(fault["find"], fault["put"]), encoding="utf-8")


def test_the_small_study_has_no_fault(small, capsys):
    assert len(load_study(small, ("coded", "reference")).memberships) == 3
    assert main(["verify", "--study", str(small)]) == 0
    assert "7 of 7 checked stand as coded (100.0 %)" in capsys.readouterr().out


@pytest.mark.parametrize("path", PLANTED, ids=lambda path: path.stem)
def test_a_planted_fault_is_caught_by_name(path, small, capsys):
    fault = tomllib.loads(path.read_text(encoding="utf-8"))
    plant(small, fault)
    if fault["caught_by"] == "verify":
        assert main(["verify", "--study", str(small)]) == 1
        out = capsys.readouterr().out
        assert fault["rule"] in out
        assert fault["hint"] in out
        return
    with pytest.raises(FaultReport) as caught:
        load_study(small)
    found = [f for f in caught.value.faults if f.column == fault["column"] and fault["rule"] in f.rule]
    assert found, str(caught.value)
    assert any(fault["hint"] in f.hint for f in found), found


def test_all_faults_come_at_once_each_with_its_line(small):
    for name in ("wrong-code", "white-space", "upside-down-count"):
        plant(small, tomllib.loads((Path(__file__).parent / "faults" / f"{name}.toml").read_text()))
    with pytest.raises(FaultReport) as caught:
        load_study(small)
    places = {(f.file, f.row, f.column) for f in caught.value.faults}
    assert ("tables/memberships.csv", 3, "status") in places
    assert ("tables/actors.csv", 4, "actor_id") in places
    assert ("tables/counts.csv", 2, "n_max") in places
    assert str(caught.value).startswith(f"{len(caught.value.faults)} faults in the study {small}:\n  tables/")
    table = caught.value.table()
    assert list(table.columns) == ["file", "row", "column", "value", "rule", "hint"]
    assert len(table) == len(caught.value.faults)


def test_a_fault_reads_as_a_sentence_with_its_place(small):
    plant(small, tomllib.loads((Path(__file__).parent / "faults" / "wrong-code.toml").read_text()))
    with pytest.raises(FaultReport, match="1 fault in") as caught:
        load_study(small)
    line = "tables/memberships.csv:3 [status] 'potentail': is no code (did you mean 'potential'? allowed: operating, "
    assert line in str(caught.value)


def test_missing_undeclared_and_undecodable_files(small):
    (small / "tables" / "aliases.csv").unlink()
    (small / "tables" / "extra.csv").write_text("a\n1\n")
    (small / "tables" / "ties.csv").write_bytes("tie_id\nñ\n".encode("latin-1"))
    with pytest.raises(FaultReport) as caught:
        load_study(small)
    rules = {(f.file, f.rule) for f in caught.value.faults}
    assert ("tables/aliases.csv", "the file is missing") in rules
    assert ("tables/extra.csv", "is not declared in datapackage.json") in rules
    assert ("tables/ties.csv", "is not UTF-8") in rules


def test_a_code_without_a_label_and_a_label_without_a_code(small):
    path = small / "tables" / "codes.csv"
    path.write_text(path.read_text().replace("\nactors.kind,igo,", "\nactors.kind,ogi,"))
    with pytest.raises(FaultReport) as caught:
        load_study(small)
    assert {(f.file, f.value, f.rule) for f in caught.value.faults} == {
        ("datapackage.json", "igo", "the code has no row in codes"),
        ("tables/codes.csv", "ogi", "no column allows it"),
    }


def test_a_country_code_na_is_namibia_and_an_empty_cell_is_null(small):
    path = small / "tables" / "actors.csv"
    path.write_text(path.read_text().replace("\nunion,", "\nnam,NA,,ngo,,,explicit,memo-00028-00092,\nunion,"))
    actors = load_study(small).actors.set_index("actor_id")
    assert actors.at["nam", "name"] == "NA"
    assert actors["short_name"].isna().sum() == len(actors) - 1


def test_a_quoted_line_break_is_a_fault_on_the_line_where_its_row_begins(small):
    path = small / "tables" / "actors.csv"
    path.write_text(path.read_text().replace("brb,Barbados", 'brb,"Barba\ndos"').replace("lake,", "lake ,"))
    with pytest.raises(FaultReport) as caught:
        load_study(small)
    places = {(f.row, f.column) for f in caught.value.faults if f.file == "tables/actors.csv"}
    assert {(3, "name"), (5, "actor_id")} <= places


@pytest.mark.parametrize("text", ["{", '{"resources": [{"name": "a"}]}', '{"resources": 3}'])
def test_a_bad_descriptor_is_a_data_error(tmp_path, text):
    (tmp_path / "datapackage.json").write_text(text)
    with pytest.raises(DataError, match=r"datapackage\.json is"):
        read_descriptor(tmp_path)


def test_suggestions_name_the_nearest_and_cut_long_lists():
    assert suggest("zzz", ["a", "b"]) == "allowed: a, b"
    assert suggest("x", [f"n{i}" for i in range(50)]).endswith("… (50 in all)")
    assert one_of("a", ["a"], "letter") == "a"
