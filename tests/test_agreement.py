"""Two hand-made readings whose agreement is known by counting."""

import csv
import json
import math
from pathlib import Path

import pytest

from r2p_analysis.agreement import compare_readings
from r2p_analysis.cli import main
from r2p_analysis.schema import DataError, FaultReport

DESCRIPTOR = json.loads((Path(__file__).resolve().parents[1] / "data" / "datapackage.json").read_text())
COLUMNS = {r["name"]: [f["name"] for f in r["schema"]["fields"]] for r in DESCRIPTOR["resources"]}
TABLES = (
    "passages",
    "actors",
    "aliases",
    "memberships",
    "ties",
    "events",
    "event_dates",
    "participations",
    "functions",
)


def reading(folder, **tables):
    folder.mkdir()
    for name in TABLES:
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name], restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(tables.get(name, []))
    return folder


def passage(start, end):
    return {"passage_id": f"d-{start}-{end}", "source_id": "d", "start": start, "end": end}


def function(key, body, code, status, where, gist):
    return {
        "basis": "explicit",
        "function_id": key,
        "body_id": body,
        "function": code,
        "status": status,
        "evidence": where,
        "gist": gist,
    }


@pytest.fixture
def pair(tmp_path):
    a = reading(
        tmp_path / "a",
        passages=[passage(0, 10), passage(20, 30), passage(40, 50)],
        actors=[
            {"actor_id": "oas", "name": "OAS"},
            {"actor_id": "net", "name": "The Network"},
            {"actor_id": "x", "name": "X"},
        ],
        events=[
            {
                "event_id": "e1",
                "title": "Launch",
                "kind": "launch",
                "status": "reported",
                "date_edtf": "2012",
                "evidence": "d-0-10",
            },
            {
                "event_id": "e2",
                "title": "Visit",
                "kind": "visit",
                "status": "reported",
                "date_edtf": "2013",
                "evidence": "d-20-30",
            },
        ],
        ties=[{"tie_id": "t", "actor_id": "net", "relation": "part_of", "target_id": "oas"}],
        functions=[
            function("f1", "net", "training", "operating", "d-0-10", "it trains"),
            function("f2", "oas", "prevention", "planned", "d-20-30", "it will prevent"),
            function("f3", "oas", "reaction", "denied", "d-40-50", "it cannot react"),
        ],
    )
    b = reading(
        tmp_path / "b",
        passages=[passage(5, 15), passage(20, 30), passage(40, 50)],
        actors=[{"actor_id": "oas", "name": "O.A.S."}, {"actor_id": "lan", "name": "Réd", "short_name": "the network"}],
        events=[
            {
                "event_id": "k1",
                "title": "The launch",
                "kind": "founding",
                "status": "reported",
                "date_edtf": "2012-03",
                "evidence": "d-5-15",
            },
            {
                "event_id": "k2",
                "title": "Visit",
                "kind": "visit",
                "status": "reported",
                "date_edtf": "2015",
                "evidence": "d-20-30",
            },
        ],
        ties=[{"tie_id": "t", "actor_id": "lan", "relation": "supports", "target_id": "oas"}],
        functions=[
            function("g1", "lan", "training", "operating", "d-5-15", "it trains"),
            function("g2", "oas", "prevention", "operating", "d-20-30", "it will prevent"),
            function("g3", "oas", "reaction", "denied", "d-40-50", "it cannot react"),
        ],
    )
    return a, b


def test_shares_and_alpha_are_those_counted_by_hand(pair):
    found = compare_readings(*pair).set_index("measure")
    assert found.at["actors", "value"] == 2 / 3  # oas by id, net and lan by name, x only in a
    assert found.at["events", "value"] == 1 / 3  # the visits are two years apart
    assert found.at["ties, same two actors", "value"] == 1
    assert found.at["ties", "value"] == 0
    assert found.at["functions", "value"] == 1
    assert found.at["functions.function", "value"] == 1
    # Coincidences: 4 of operating with itself would be 2, planned against operating once each way.
    # o: operating 3, planned 1, denied 2; D_o = 2/6; D_e = (36 - 9 - 1 - 4) / (6 * 5) = 22/30.
    assert found.at["functions.status", "value"] == pytest.approx(1 - (2 / 6) / (22 / 30))


def test_a_name_in_common_pairs_actors_and_none_pairs_nobody(pair):
    from r2p_analysis.agreement import _pair_actors, _read

    assert _pair_actors(_read(pair[0]), _read(pair[1])) == {"oas": "oas", "net": "lan"}


def test_external_rows_are_no_reading_and_a_dangling_passage_is_told(tmp_path):
    external = {
        "event_id": "e",
        "title": "E",
        "kind": "visit",
        "status": "reported",
        "basis": "external",
        "evidence": "REF",
    }
    a = reading(tmp_path / "a", events=[external])
    assert compare_readings(a, a).set_index("measure").at["events", "n_a"] == 0
    b = reading(tmp_path / "b", events=[{**external, "basis": "explicit", "evidence": "d-0-99"}])
    with pytest.raises(DataError, match=r"evidence that is not in passages\.csv: d-0-99"):
        compare_readings(a, b)


def test_a_reading_agrees_with_itself(study):
    tables = study.path / "tables"
    found = compare_readings(tables, tables)
    assert set(found["value"]) == {1.0}


def test_nothing_to_compare_is_null(tmp_path):
    found = compare_readings(reading(tmp_path / "a"), reading(tmp_path / "b"))
    assert all(math.isnan(value) for value in found["value"])


def test_a_missing_reading_and_a_missing_table_are_told(tmp_path, pair, capsys):
    with pytest.raises(DataError, match="no reading at"):
        compare_readings(tmp_path / "nowhere", pair[0])
    (pair[1] / "ties.csv").unlink()
    with pytest.raises(FaultReport, match=r"ties\.csv: the file is missing"):
        compare_readings(*pair)
    assert main(["agreement", str(pair[0]), str(pair[1])]) == 1
    assert "ties.csv" in capsys.readouterr().err


def test_the_command_prints_the_table(pair, capsys):
    assert main(["agreement", str(pair[0]), str(pair[1])]) == 0
    assert "functions.status" in capsys.readouterr().out


def test_without_the_library_the_error_says_what_to_install(pair, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "krippendorff", None)
    with pytest.raises(DataError, match=r"r2p-analysis\[stats\]"):
        compare_readings(*pair)
