"""The codebook names everything that is declared, counts what is there, and says when it is stale."""

import copy
import csv
import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from tiny import tiny_study

from r2p_analysis.codebook import codebook, write_codebook
from r2p_analysis.study import load_study

DATA = Path(__file__).resolve().parents[1] / "data"
BOTH = ("coded", "reference")
REFERENCE = {"ref_id": "WHO", "title": "Members", "publisher": "Someone", "licence": "CC0-1.0", "kind": "web page"}


def codes():
    with (DATA / "tables" / "codes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def declared():
    return json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]


def sections(text, level="###"):
    """Text below each heading of a level, up to the next heading of that level or above."""
    parts = re.split(rf"^(#{{1,{len(level)}}}) (.+)$", text, flags=re.M)[1:]
    return {title: body for mark, title, body in zip(*[iter(parts)] * 3, strict=True) if mark == level}


def bulleted(body):
    return re.findall(r"^- `([^`]+)` \(", body, flags=re.M)


@pytest.fixture
def empty():
    """Study without rows but with the shipped codes."""
    return tiny_study(codes=codes())


def test_the_shipped_codebook_is_up_to_date():
    stale = "data/README.md is stale: run r2p codebook"
    assert (DATA / "README.md").read_text(encoding="utf-8") == codebook(load_study(layers=BOTH)), stale


def test_every_table_has_a_section_with_every_column(empty):
    found = sections(codebook(empty))
    for resource in declared():
        body, names = found[resource["name"]], [field["name"] for field in resource["schema"]["fields"]]
        assert f"File `{resource['path']}`" in body
        own, common = bulleted(body), re.findall(r"^- ((?:`\w+`(?:, )?)+): \[shared\]", body, flags=re.M)
        shared = re.findall(r"`(\w+)`", "".join(common))
        assert sorted(own + shared) == sorted(names), resource["name"]
        assert set(shared) <= set(bulleted(found["Columns that tables share"]))


def test_every_code_stands_with_its_labels_and_definition(empty):
    found = sections(codebook(empty))
    expected = {}
    for row in codes():
        expected.setdefault(row["column"], set()).add(row["code"])
        line = f"- `{row['code']}` (**{row['label_en']}**, *{row['label_es']}*): {row['definition']}"
        assert line in found[row["column"]]
    assert {column: set(bulleted(found[column])) for column in expected} == expected


def test_codes_stand_in_declared_order_with_the_computed_one_last(empty):
    listed = bulleted(sections(codebook(empty))["status"])
    assert listed[:4] == ["operating", "planned", "potential", "denied"]
    assert listed[-1] == "silent"


def test_the_kind_of_a_column_is_said(empty):
    found = sections(codebook(empty))
    assert "- `n_chars` (whole number from 1, required): " in found["sources"]
    assert "- `gist` (text of at most 140 characters, required): " in found["passages"]
    assert "- `iso3` (text like `[A-Z]{3}`, required): " in found["regions"]
    assert "- `series` (slug): " in found["events"]
    assert "- `date_edtf` (EDTF date): " in found["events"]
    assert "- `part_of` (text, points to [events](#events)): " in found["events"]
    assert "- `subject_id` (text, required, points to [actors](#actors) or [events](#events)): " in found["counts"]
    assert "- `rows` (list, separated by `;`, required, points to rows, as `table:id`): " in found["conflicts"]
    assert "- `role` (code, required, codes: [memberships.role](#membershipsrole)): " in found["memberships"]


def test_an_added_column_or_code_makes_a_codebook_stale(empty):
    before = codebook(empty)
    descriptor = copy.deepcopy(empty.descriptor)
    events = next(r for r in descriptor["resources"] if r["name"] == "events")
    events["schema"]["fields"].append({"name": "weather", "type": "string", "description": "What it was like."})
    after = codebook(dataclasses.replace(empty, descriptor=descriptor))
    assert set(after.splitlines()) - set(before.splitlines()) == {"- `weather` (text): What it was like."}
    row = {"column": "extent", "code": "vast", "label_en": "Vast", "label_es": "Vasto", "definition": "Very much."}
    added = set(codebook(tiny_study(codes=[*codes(), row])).splitlines()) - set(before.splitlines())
    assert added == {"- `vast` (**Vast**, *Vasto*): Very much.", f"| [codes](#codes) | {len(codes()) + 1} |  |  |  |"}


def test_every_link_leads_to_a_heading(empty):
    text = codebook(empty)
    # As GitHub makes them: lower case, blanks to hyphens, no other punctuation than _ and -.
    titles = re.findall(r"^#+ (.+)$", text, flags=re.M)
    anchors = [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles]
    assert len(set(anchors)) == len(anchors)
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(anchors)


def test_rows_are_counted_by_table_and_basis():
    bases = ["explicit", "explicit", "inferred", "external"]
    members = [{"actor_id": "arg", "body_id": "lan", "basis": basis, "note": "-"} for basis in bases]
    text = codebook(tiny_study(memberships=members, regions=[{"iso3": "ARG"}, {"iso3": "BRA"}]))
    assert "| [memberships](#memberships) | 4 | 2 | 1 | 1 |" in text
    assert "| [regions](#regions) | 2 |  |  |  |" in text
    assert "| [ties](#ties) | 0 | 0 | 0 | 0 |" in text
    assert "a share of the 2 in [regions](#regions)" in text


def test_inferred_members_are_listed_by_rule_beside_those_stated_by_name_in_the_same_way():
    members = [
        {"actor_id": "arg", "body_id": "unasur", "basis": "explicit"},
        {"actor_id": "arg", "body_id": "unasur", "basis": "explicit"},  # a second spell
        {"actor_id": "the-members", "body_id": "unasur", "basis": "explicit"},
        {"actor_id": "un", "body_id": "lan", "basis": "explicit", "role": "participant"},
        {"actor_id": "cub", "body_id": "lan", "basis": "explicit", "status": "denied"},
        {"actor_id": "guy", "body_id": "unasur", "basis": "inferred", "note": "All of South America."},
        {"actor_id": "sur", "body_id": "unasur", "basis": "inferred", "note": "All of South America."},
        {"actor_id": "col", "body_id": "lan", "basis": "inferred", "note": "Spanish or Portuguese, without Cuba."},
    ]
    study = tiny_study(memberships=members, actors=[{"actor_id": "the-members", "kind": "collective"}])
    body = sections(codebook(study), "##")["Rules that imply members"]
    assert [line for line in body.splitlines() if line.startswith("- ")] == [
        "- `lan`, member, operating: 1 inferred beside 0 stated by name. Spanish or Portuguese, without Cuba.",
        "- `unasur`, member, operating: 2 inferred beside 1 stated by name. All of South America.",
    ]


def test_without_inferred_members_or_references_it_says_so(empty):
    found = sections(codebook(empty), "##")
    assert found["Rules that imply members"].strip() == "No membership is inferred."
    assert found["References and their terms"].strip() == "No reference is used."


def test_references_are_listed_by_their_terms():
    references = [REFERENCE, {**REFERENCE, "ref_id": "ATLAS"}, {**REFERENCE, "ref_id": "NEWS", "licence": "unknown"}]
    body = sections(codebook(tiny_study(references=references)), "##")["References and their terms"]
    assert [line for line in body.splitlines() if line.startswith("- ")] == ["- CC0-1.0: ATLAS, WHO", "- unknown: NEWS"]


def test_documents_are_described(empty):
    source = {"source_id": "memo", "title": "A memo", "publisher": "A party", "role": "party", "n_chars": 12345}
    dated = {**source, "published_edtf": "2014?", "content_until_edtf": "2014-09-08", "note": "Undated copy."}
    undated = {**source, "source_id": "page", "content_until_edtf": "2015"}
    body = sections(codebook(tiny_study(codes=codes(), sources=[dated, undated])), "##")["What the study is"]
    head = "*A memo*, A party ([party](#sourcesrole)). 12,345 characters. Published: "
    assert f"- `memo`: {head}`2014?`; reaches to `2014-09-08`. Undated copy.\n" in body
    assert f"- `page`: {head}not stated; reaches to `2015`.\n" in body


def test_it_says_of_itself_what_the_descriptor_says_and_nothing_else(empty, study):
    said = sections(codebook(study), "##")["How far to trust it"]
    assert "made by machine" in said
    assert "No domain expert has audited them yet" in said
    assert study.descriptor["version"].startswith("0."), "below 1.0 until an expert has audited the rows"
    other = dataclasses.replace(empty, descriptor={**empty.descriptor, "trust": "Coded by Ana.", "version": "2.3.0"})
    text = codebook(other)
    assert "Coded by Ana." in text
    assert "audited" not in text


def test_another_study_is_not_spoken_for(empty):
    bare = {"resources": empty.descriptor["resources"]}
    text = codebook(dataclasses.replace(empty, descriptor=bare))
    assert "made by machine" not in text
    assert "its makers have not said" in text
    assert "**a study without title**, version not stated." in text
    assert "under no stated licence" in text


def test_agreement_is_passed_in_or_computed_from_the_two_readings(empty, small):
    measured = [("events", "share", 0.625, 10, 9, 7), ("events.status", "alpha", float("nan"), 10, 9, 7)]
    table = pd.DataFrame(measured, columns=["measure", "kind", "value", "n_a", "n_b", "n_both"])
    given = codebook(empty, table)
    assert "- events: share 0.62 (10 and 9 rows, 7 in both)" in given
    assert "- events.status: alpha not defined (10 and 9 rows, 7 in both)" in given
    study = load_study(small, layers=BOTH)
    assert "Krippendorff" not in codebook(study)
    for reading in ("a", "b"):
        shutil.copytree(small / "tables", small / "readings" / reading)
    events = len(study.events)
    assert f"- events: share 1.00 ({events} and {events} rows, {events} in both)" in codebook(study)


def test_it_is_written_as_the_readme_of_a_folder(small):
    study = load_study(small, layers=BOTH)
    assert write_codebook(study, small) == small / "README.md"
    raw = (small / "README.md").read_bytes()
    assert raw.decode("utf-8") == codebook(study)
    assert b"\r" not in raw
    assert raw.endswith(b".\n")


def test_two_processes_write_the_same(small):
    code = "import sys; from r2p_analysis.study import load_study; from r2p_analysis.codebook import codebook;"
    code += "print(codebook(load_study(sys.argv[1], layers=('coded', 'reference'))))"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code, str(small)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != b""
