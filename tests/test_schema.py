"""Planted faults: each file of tests/faults spoils the small study, and is caught by its name."""

import json
import tomllib
from pathlib import Path

import pytest

from r2p_analysis.cli import main
from r2p_analysis.schema import DataError, FaultReport, one_of, read_descriptor, suggest
from r2p_analysis.study import load_study

DATA = Path(__file__).resolve().parents[1] / "data"
TABLES = [r["name"] for r in json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]]
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


def test_suggestions_name_the_nearest_and_cut_long_lists():
    assert suggest("zzz", ["a", "b"]) == "allowed: a, b"
    assert suggest("x", [f"n{i}" for i in range(50)]).endswith("… (50 in all)")
    assert one_of("a", ["a"], "letter") == "a"
    assert suggest("LAN", ["celac", "lan"]).startswith("did you mean 'lan'?")
    assert suggest("arg", ["ARG", "BRB"]).startswith("did you mean 'ARG'?")


# ---- files that cannot be read: one fault with its cause, and none that only follows from it


def rewrite(path, change):
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize("table", ["events", "actors", "passages", "references", "sources", "codes"])
@pytest.mark.parametrize(
    ("change", "row", "rule", "hint"),
    [
        (lambda b: b"\xef\xbb\xbf" + b, 1, "begins with a byte order mark", "save as UTF-8 without one"),
        (lambda b: b + b"\n\xf1", 0, "is not UTF-8", "the first wrong byte is in line"),
        (lambda b: b"", 0, "the file is empty", "a header"),
        (lambda b: b"\n \n", 0, "the file is empty", "a header"),
        (lambda b: b.replace(b",", b";"), 1, "none of the columns", "the columns are separated by semicolons"),
        (lambda b: b.replace(b",", b"\t"), 1, "none of the columns", "the columns are separated by tabs"),
        (lambda b: b"\n" + b, 1, "none of the columns", "the first line is blank"),
        (lambda b: b.partition(b"\n")[2], 1, "none of the columns", "the first line has to be: "),
    ],
)
def test_an_unreadable_file_is_one_fault(small, table, change, row, rule, hint):
    rewrite(small / "tables" / f"{table}.csv", change)
    with pytest.raises(FaultReport) as caught:
        load_study(small)
    (fault,) = caught.value.faults
    assert (fault.file, fault.row) == (f"tables/{table}.csv", row)
    assert rule in fault.rule
    assert hint in fault.hint


def test_a_file_that_is_a_folder_or_missing_is_one_fault_and_without_tables_each_is_named(small):
    (small / "tables" / "actors.csv").unlink()
    with pytest.raises(FaultReport, match=r"1 fault in (.|\n)*actors\.csv: the file is missing"):
        load_study(small)
    (small / "tables" / "actors.csv").mkdir()
    with pytest.raises(FaultReport, match=r"1 fault in (.|\n)*actors\.csv: the file cannot be read"):
        load_study(small)
    (small / "tables").rename(small / "table")
    with pytest.raises(FaultReport, match=f"{len(TABLES)} faults in") as caught:
        load_study(small)
    assert {f.rule for f in caught.value.faults} == {"the file is missing"}


def test_without_its_key_column_a_table_is_unknown_and_without_another_the_rest_is_checked(small):
    path = small / "tables" / "actors.csv"
    rewrite(path, lambda b: b.replace(b"actor_id", b"Actor", 1).replace(b"network", b"netwrok"))
    with pytest.raises(FaultReport) as caught:
        load_study(small)
    assert [(f.row, f.column) for f in caught.value.faults] == [(1, "Actor"), (1, "actor_id")]
    rewrite(path, lambda b: b.replace(b"Actor", b"actor_id", 1).replace(b"basis", b"base", 1))
    with pytest.raises(FaultReport) as caught:
        load_study(small)
    assert [(f.row, f.column) for f in caught.value.faults] == [(1, "base"), (1, "basis"), (4, "kind")]


def test_faults_of_whole_files_come_first(small):
    plant(small, tomllib.loads((Path(__file__).parent / "faults" / "white-space.toml").read_text()))
    (small / "tables" / "ties.csv").write_text("")
    with pytest.raises(FaultReport) as caught:
        load_study(small)
    assert [(f.file, f.row) for f in caught.value.faults][:2] == [("tables/ties.csv", 0), ("tables/actors.csv", 4)]


@pytest.mark.parametrize(
    ("row", "n", "hint"),
    [("per,Peru", 2, "a comma"), ("per,Peru,,state,PER,,external,LIST,,,", 11, "a comma"), ("", 0, "a blank line")],
)
def test_a_row_of_a_wrong_length_has_one_fault_and_its_id_is_known(small, row, n, hint):
    path = small / "tables" / "actors.csv"
    whole = "per,Peru,,state,PER,,external,LIST,"
    # A blank line stands before the row, any other one in its place: a membership refers to it.
    path.write_text(path.read_text().replace(whole, row or f"\n{whole}"))
    with pytest.raises(FaultReport) as caught:
        load_study(small)
    (fault,) = caught.value.faults
    assert (fault.row, fault.rule) == (5, f"the row has {n} cells, the header 9")
    assert hint in fault.hint


@pytest.mark.parametrize("sign", ["\u2028", "\u0085", "\x0b"])
def test_only_a_line_end_ends_a_row(small, sign):
    path = small / "tables" / "actors.csv"
    path.write_text(path.read_text().replace("Lake Network", f"Lake{sign}Network").replace("union,Har", "union ,Har"))
    with pytest.raises(FaultReport) as caught:
        load_study(small)
    assert {f.row for f in caught.value.faults if f.file == "tables/actors.csv"} >= {6}
    path.write_text(path.read_text().replace("union ,Har", "union,Har"))
    assert f"Lake{sign}Network" in load_study(small).actors["name"].tolist()


# ---- spells at the edge of a rule


def test_a_spell_of_one_day_runs_forward(small):
    path = small / "tables" / "memberships.csv"
    path.write_text(path.read_text().replace("operating,2011-05,2013", "operating,2011-05-03,2011-05-03"))
    assert len(load_study(small, "reference").memberships) == 1


@pytest.mark.parametrize(("begins", "overlap"), [("2013-05-03", False), ("2013-05-02", True)])
def test_a_spell_may_begin_on_the_day_the_other_ends(small, begins, overlap):
    path = small / "tables" / "memberships.csv"
    text = path.read_text()
    old = "per-lake-member,per,lake,member,operating,2011-05,2013,external,high,LIST,\n"
    assert old in text
    rows = [
        "per-lake-member,per,lake,member,operating,2011-05-01,2013-05-03,external,high,LIST,\n",
        f"per-lake-member-2,per,lake,member,suspended,{begins},2014-01-01,external,high,LIST,\n",
    ]
    for order in (rows, rows[::-1]):
        path.write_text(text.replace(old, "".join(order)))
        if overlap:
            with pytest.raises(FaultReport, match="the spell overlaps another"):
                load_study(small)
        else:
            assert len(load_study(small, "reference").memberships) == 2


# ---- descriptors


def change_descriptor(folder, change):
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    change(descriptor, {r["name"]: r for r in descriptor["resources"]})
    path.write_text(json.dumps(descriptor), encoding="utf-8")


def field(tables, table, name):
    return next(f for f in tables[table]["schema"]["fields"] if f["name"] == name)


def set_schema(table, word, value):
    return lambda d, t: t[table]["schema"].update({word: value})


def set_field(table, column, **words):
    return lambda d, t: field(t, table, column).update(words)


def set_foreign(**words):
    return lambda d, t: t["passages"]["schema"]["foreignKeys"][0].update(words)


FLAWS = {
    "no-resources": (lambda d, t: d.pop("resources"), "resources", "is no list of tables", ""),
    "no-object": (lambda d, t: d["resources"].append(3), f"resources[{len(TABLES)}]", "has no name", ""),
    "no-name": (lambda d, t: t["codes"].pop("name"), f"resources[{TABLES.index('codes')}]", "has no name", ""),
    "name-twice": (lambda d, t: t["codes"].update(name="ties"), "ties", "the name stands twice", ""),
    "no-path": (lambda d, t: t["ties"].pop("path"), "ties.path", "is no path inside", "as in tables/"),
    "path-up": (lambda d, t: t["ties"].update(path="../../etc/passwd"), "ties.path", "is no path inside", ""),
    "path-root": (lambda d, t: t["ties"].update(path="/etc/passwd"), "ties.path", "is no path inside", ""),
    "path-drive": (lambda d, t: t["ties"].update(path="C:\\ties.csv"), "ties.path", "is no path inside", ""),
    "no-schema": (lambda d, t: t["ties"].pop("schema"), "ties.schema", "has no list of fields", ""),
    "fields-as-texts": (set_schema("ties", "fields", ["tie_id"]), "ties.fields[0]", "is no field with a name", "type"),
    "field-without-name": (lambda d, t: field(t, "ties", "note").pop("name"), "ties.fields[10]", "is no field", ""),
    "field-twice": (set_field("ties", "note", name="tie_id"), "ties.tie_id", "the field stands twice", ""),
    "no-type": (lambda d, t: field(t, "ties", "note").pop("type"), "ties.note", "is no type", "string, integer"),
    "other-type": (set_field("counts", "n_max", type="intger"), "counts.n_max", "is no type", "mean 'integer'?"),
    "limit-of-a-string": (set_field("counts", "n_max", type="string"), "counts.n_max", "minimum limits", ""),
    "limit-no-number": (
        set_field("counts", "n_max", constraints={"minimum": "1"}),
        "counts.n_max",
        "no whole number",
        "",
    ),
    "pattern": (set_field("ties", "note", constraints={"pattern": "("}), "ties.note", "is no regular", "missing )"),
    "constraints": (set_field("ties", "note", constraints=["required"]), "ties.note", "are no object", ""),
    "enum": (set_field("ties", "note", constraints={"enum": [["a"]]}), "ties.note", "enum is no list", ""),
    "axis": (set_field("ties", "status", axis=["operatin"]), "ties.status", "axis is no list", ""),
    "refers-to": (set_field("ties", "evidence", refersTo=["pasages"]), "ties.evidence", "refersTo", "mean 'passages'?"),
    "separator": (set_field("ties", "evidence", separator=""), "ties.evidence", "separator is no text", ""),
    "edtf-number": (set_field("counts", "n_max", edtf=True), "counts.n_max", "edtf stands at", ""),
    "no-key": (
        lambda d, t: t["ties"]["schema"].pop("primaryKey"),
        "ties.primaryKey",
        "is no list of columns",
        "tie_id",
    ),
    "key": (set_schema("ties", "primaryKey", ["ti_id"]), "ties.primaryKey", "is no field", "did you mean 'tie_id'?"),
    "foreign-keys": (set_schema("ties", "foreignKeys", "actor_id"), "ties.foreignKeys", "is no list", ""),
    "foreign-key": (set_schema("ties", "foreignKeys", ["actor_id"]), "ties.foreignKeys", "is no foreign key", ""),
    "foreign-table": (
        set_foreign(reference={"resource": "source", "fields": "source_id"}),
        "passages.foreignKeys",
        "is no table of the study",
        "did you mean 'sources'?",
    ),
    "foreign-column": (
        set_foreign(reference={"resource": "sources", "fields": "title"}),
        "passages.foreignKeys",
        "is not the first key column of sources",
        "source_id",
    ),
    "own-column": (set_foreign(fields="sorce_id"), "passages.foreignKeys", "is no field", "did you mean 'source_id'?"),
    "two-columns": (set_foreign(fields=["source_id", "start"]), "passages.foreignKeys", "does not name one column", ""),
}


@pytest.mark.parametrize("name", FLAWS)
def test_a_flaw_of_the_descriptor_is_a_fault_with_its_place(small, name):
    change, place, rule, hint = FLAWS[name]
    change_descriptor(small, change)
    with pytest.raises(FaultReport) as caught:
        load_study(small)
    assert {(f.file, f.row) for f in caught.value.faults} == {("datapackage.json", 0)}
    found = [f for f in caught.value.faults if f.column == place and rule in f.rule]
    assert found, str(caught.value)
    assert hint in found[0].hint


def test_all_flaws_of_the_descriptor_come_at_once(small):
    for name in ("path-up", "pattern", "foreign-table"):
        change_descriptor(small, FLAWS[name][0])
    with pytest.raises(FaultReport, match="3 faults in"):
        read_descriptor(small)


@pytest.mark.parametrize("text", ["{", "[1", "\ufeff{}"])
def test_a_descriptor_that_is_no_json_is_a_data_error(tmp_path, text):
    (tmp_path / "datapackage.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"datapackage\.json is not JSON in UTF-8"):
        read_descriptor(tmp_path)


def test_the_short_forms_of_the_standard_are_read(small):
    def shorten(descriptor, tables):
        tables["ties"]["schema"]["primaryKey"] = "tie_id"
        passages = tables["passages"]["schema"]["foreignKeys"][0]
        passages["fields"], passages["reference"]["fields"] = ["source_id"], ["source_id"]
        tables["actors"]["schema"]["foreignKeys"][0]["reference"]["resource"] = ""
        del descriptor["name"], descriptor["version"]

    whole = load_study(small)
    change_descriptor(small, shorten)
    study = load_study(small)
    assert study.ties.equals(whole.ties)
    assert repr(study).startswith("<Study  without version, coded layer: sources 1")
    plant(small, tomllib.loads((Path(__file__).parent / "faults" / "circle-of-parents.toml").read_text()))
    rewrite(small / "tables" / "passages.csv", lambda b: b.replace(b",memo,28,", b",mem,28,"))
    rewrite(small / "tables" / "actors.csv", lambda b: b.replace(b",igo,,union-secretariat,", b",igo,,onion,"))
    with pytest.raises(FaultReport, match="2 faults") as caught:
        load_study(small)
    assert [(f.column, f.rule) for f in caught.value.faults] == [
        ("parent_id", "is not in actors"),
        ("source_id", "is not in sources"),
    ]
