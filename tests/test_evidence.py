"""Rows to passages and back, on the small study and, where copies are there, on the real documents."""

import hashlib
import shutil

import pandas as pd
import pytest

from r2p_analysis.cli import main
from r2p_analysis.evidence import (
    evidence_of,
    find_copies,
    locate_passage,
    mentions_by_state,
    passage_row,
    rows_on,
    verify_passages,
)
from r2p_analysis.schema import DataError
from r2p_analysis.study import load_study


def test_a_row_is_followed_to_the_words_it_stands_on(small):
    study = load_study(small)
    found = evidence_of(study, "functions", "lake-early-warning", with_text=True)
    assert found[["document", "start", "end"]].to_numpy().tolist() == [["memo", 292, 324]]
    assert found["text"].tolist() == ["The network has no early warning"]


def test_a_reference_row_is_followed_to_its_reference(small):
    found = evidence_of(load_study(small, ("coded", "reference")), "memberships", "per-lake-member")
    assert found[["evidence", "kind", "what"]].to_numpy().tolist() == [["LIST", "reference", "A list of states"]]
    assert "text" not in found


def test_text_is_null_without_a_copy(small, monkeypatch):
    monkeypatch.setenv("R2P_SOURCES", "")
    assert evidence_of(load_study(small), "ties", "union-founded-lake", with_text=True)["text"].isna().all()


@pytest.mark.parametrize(
    ("table", "row", "meant"),
    [
        ("function", "x", "did you mean 'functions'"),
        ("functions", "lake-early-warnin", "did you mean 'lake-early-warning'"),
    ],
)
def test_an_unknown_row_says_what_was_meant(small, table, row, meant):
    with pytest.raises(ValueError, match=meant):
        evidence_of(load_study(small), table, row)


def test_rows_on_a_passage_are_all_found(small):
    found = rows_on(load_study(small), ["memo-00191-00234"])
    assert found[["table", "row_id"]].to_numpy().tolist() == [
        ["events", "lima-meeting"],
        ["event_dates", "lima-meeting+2011-05-03/2011-05-04+explicit"],
        ["counts", "lima-people"],
        ["conflicts", "lima-date"],
    ]


def test_one_id_may_stand_by_itself(small):
    study = load_study(small)
    pd.testing.assert_frame_equal(rows_on(study, "memo-00191-00234"), rows_on(study, ["memo-00191-00234"]))


def test_mentions_count_distinct_passages_of_every_state(small):
    found = mentions_by_state(load_study(small)).set_index("iso3")
    # Argentina: the founding. Barbados: its possible membership. Peru: only the place of a meeting.
    assert found["n_passages"].to_dict() == {"ARG": 1, "BRB": 1, "PER": 1}
    assert found["n_with_actors"].to_dict() == {"ARG": 1, "BRB": 1, "PER": 1}


def test_mentions_tell_a_state_from_its_actors(small):
    study = load_study(small)
    actors = study.actors.copy()
    actors.loc[actors["actor_id"] == "union-secretariat", "iso3"] = "BRB"
    found = mentions_by_state(study.with_tables(actors=actors)).set_index("iso3")
    assert found.loc["BRB"].tolist() == [1, 2]


def test_a_study_without_rows_mentions_nobody_and_has_nothing_on_a_passage(small):
    study = load_study(small)
    bare = study.with_tables(**{n: f.iloc[:0] for n, f in study.tables.items() if n not in ("regions", "passages")})
    assert mentions_by_state(bare)["n_with_actors"].tolist() == [0, 0, 0]
    assert rows_on(bare, study.passages["passage_id"]).empty


def test_white_space_is_free_and_all_else_is_exact():
    text = "In 2010\n\nArgentina  acted. In 2011 it rested."
    assert locate_passage("In 2010 Argentina acted", text) == (0, 25)
    assert locate_passage("2010 … acted", text) == (3, 25)
    assert locate_passage("2010 ... acted", text) == locate_passage("2010...acted", text) == (3, 25)
    assert locate_passage("and so on...", "and so on... and so on") == (0, 12)
    with pytest.raises(ValueError, match="is not in the document"):
        locate_passage("in 2010", text)
    with pytest.raises(ValueError, match="stands in 2 places"):
        locate_passage("In", text)
    for empty in ("", " ", "a … b … c", "… b"):
        with pytest.raises(ValueError, match="no text to look for"):
            locate_passage(empty, text)


def test_the_row_of_a_passage_is_the_coded_one(small):
    study = load_study(small)
    row = passage_row(study, "Barbados may join")
    coded = study.passages[study.passages["passage_id"] == row["passage_id"]].iloc[0]
    for column in ("source_id", "start", "end", "sha256", "section"):
        assert row[column] == coded[column]


def test_a_passage_that_is_nowhere_or_twice_is_refused(small, monkeypatch):
    study = load_study(small)
    with pytest.raises(ValueError, match="memo: 'Lisbon' is not in the document"):
        passage_row(study, "Lisbon")
    with pytest.raises(ValueError, match="places"):
        passage_row(study, "meeting")
    with pytest.raises(ValueError, match="unknown source 'memoo': did you mean 'memo'"):
        passage_row(study, "Lisbon", "memoo")
    monkeypatch.setenv("R2P_SOURCES", "")
    with pytest.raises(DataError, match="no copy of memo found"):
        passage_row(study, "network")


def test_a_copy_is_found_by_its_content_whatever_its_name(small):
    shutil.move(small / "sources" / "memo.txt", small / "sources" / "other.bin")
    assert find_copies(load_study(small))["memo"].name == "other.bin"


def test_an_unrelated_file_is_no_copy(small, capsys):
    (small / "sources" / "memo.txt").write_text("something else\n")
    found = verify_passages(load_study(small))
    assert found.documents["result"].tolist() == ["no copy"]
    assert found.rows.empty
    assert main(["verify", "--study", str(small)]) == 1
    assert main(["verify", "--study", str(small), "--allow-missing"]) == 0
    assert "memo: no copy found (A memo)" in capsys.readouterr().out


def test_a_change_outside_every_passage_is_named_as_the_documents(small):
    path = small / "sources" / "memo.txt"
    path.write_text(path.read_text().replace("for tests", "for texts"))
    found = verify_passages(load_study(small))
    assert found.documents["result"].tolist() == ["differs"]
    assert set(found.passages["result"]) == {"same"}
    assert main(["verify", "--study", str(small)]) == 1


@pytest.mark.parametrize("line_end", [b"\r\n", b"\r"])
def test_a_copy_that_differs_only_in_its_line_ends_is_told(small, line_end, capsys):
    path = small / "sources" / "memo.txt"
    (small / "sources" / "almost.txt").write_bytes(path.read_bytes().replace(b"for tests", b"for texts"))
    path.write_bytes(path.read_bytes().replace(b"\n", line_end))
    found = verify_passages(load_study(small))
    assert found.documents[["copy", "result"]].to_numpy().tolist() == [["memo.txt", "line ends"]]
    assert set(found.passages["result"]) == {"same"}
    assert found.rows.empty
    assert main(["verify", "--study", str(small)]) == 1
    assert "memo: memo.txt differs only in its line ends from the coded document\n" in capsys.readouterr().out


def test_a_document_with_windows_line_ends_is_compared_with_a_plain_copy(small):
    path, tables = small / "sources" / "memo.txt", small / "tables"
    text = path.read_bytes().decode()
    digest = hashlib.sha256(text.replace("\n", "\r\n").encode()).hexdigest()
    rows = (tables / "sources.csv").read_text()
    old = f"{len(text)},{hashlib.sha256(text.encode()).hexdigest()}"
    assert old in rows
    (tables / "sources.csv").write_text(rows.replace(old, f"{len(text) + text.count(chr(10))},{digest}"))
    assert verify_passages(load_study(small)).documents["result"].tolist() == ["line ends"]


def test_a_change_in_a_copy_with_other_line_ends_is_found_among_them(small):
    path = small / "sources" / "memo.txt"
    path.write_bytes(path.read_bytes().replace(b"train clerks", b"train clerxs").replace(b"\n", b"\r\n"))
    found = verify_passages(load_study(small))
    assert found.documents["result"].tolist() == ["differs"]
    assert found.rows["row_id"].tolist() == ["union-secretariat", "union-secretariat-training"]


def test_copies_are_looked_for_in_folders_below(small):
    (small / "sources" / "a" / "b").mkdir(parents=True)
    shutil.move(small / "sources" / "memo.txt", small / "sources" / "a" / "b" / "memo.txt")
    assert find_copies(load_study(small)) == {"memo": small / "sources" / "a" / "b" / "memo.txt"}


def test_a_byte_that_breaks_the_encoding_is_a_difference(small):
    path = small / "sources" / "memo.txt"
    data = bytearray(path.read_bytes())
    data[data.index("–".encode()) + 1] = 0
    path.write_bytes(bytes(data))
    found = verify_passages(load_study(small))
    results = found.passages.set_index("passage_id")["result"]
    assert results["memo-00028-00092"] == "same"  # before the dash
    assert set(results.drop("memo-00028-00092")) == {"moved"}  # one character is read as several
    assert "ties" not in set(found.rows["table"])


# ---- the shipped study and the documents themselves


def test_every_passage_of_the_shipped_study_stands_in_the_documents(study, documents):
    found = verify_passages(study)
    assert found.documents["result"].tolist() == ["same", "same"]
    assert set(found.passages["result"]) == {"same"}
    assert found.rows.empty


def test_one_changed_byte_of_a_document_names_its_rows(study, documents, tmp_path, monkeypatch, capsys):
    for path in documents.glob("*.txt"):
        shutil.copy(path, tmp_path)
    monkeypatch.setenv("R2P_SOURCES", str(tmp_path))
    copy = find_copies(study)["aipr"]
    copy.chmod(0o644)
    passage = study.passages[study.passages["source_id"] == "aipr"].iloc[0]
    text = copy.read_text(encoding="utf-8")
    spot = int(passage["start"]) + 1
    copy.write_text(text[:spot] + ("x" if text[spot] != "x" else "y") + text[spot + 1 :], encoding="utf-8", newline="")
    changed = study.passages[
        (study.passages["source_id"] == "aipr") & (study.passages["start"] <= spot) & (study.passages["end"] > spot)
    ]["passage_id"]
    found = verify_passages(study)
    assert set(found.rows["evidence"]) == set(changed)
    assert len(found.rows) == len(rows_on(study, changed))
    assert main(["verify"]) == 1
    out = capsys.readouterr().out
    for row in found.rows.itertuples():
        assert f"{row.table}:{row.row_id} stands on {row.evidence}, which differs" in out
