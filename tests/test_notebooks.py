"""Notebooks as pages: their parts, their size, and that no sentence of a document is in an output."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import r2p_analysis as r2p

AT = "2014-09-08"
ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = sorted((ROOT / "notebooks").glob("0*.ipynb"))
SHIPPED = [path for path in CHAPTERS if not path.stem.startswith("05")]  # about the shipped study
PARTS = ["What you will do", "Data, and what a row means", "How to read it", "cannot show", "Answer", "Exercises"]


def cells(path, kind):
    book = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in book["cells"] if cell["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


def test_the_chapters_are_there():
    assert [path.stem for path in CHAPTERS] == [
        "01-sources-and-codebook",
        "02-membership-networks",
        "03-event-chronology",
        "04-regional-coverage-gaps",
        "05-your-own-data",
    ]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_has_its_parts_and_opens_as_agreed(path):
    text = "\n".join(map(source, cells(path, "markdown")))
    assert [part for part in PARTS if part not in text] == []
    assert re.search(r"^# .+\n\n\*\*.+\?\*\*", text), "a title, and a question under it"
    assert source(cells(path, "code")[0]).startswith("import r2p_analysis as r2p")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_small_and_holds_no_code_of_the_librarys(path):
    code = [source(cell) for cell in cells(path, "code")]
    assert len(code) <= 25
    assert sorted(len(c.splitlines()) for c in code)[len(code) // 2] <= 3
    assert not any(re.search(r"^\s*(def|class|for|while)\b|sys\.path|filterwarnings", c, re.M) for c in code)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_answer_has_no_number_typed_by_hand(path):
    sentences = [source(cell) for cell in cells(path, "code") if "Markdown(\n" in source(cell)]
    prose = [" ".join(re.findall(r'"([^"]*)"', text.split("Markdown(\n", 1)[1])) for text in sentences]
    assert not any(re.search(r"\d", text) for text in prose)
    assert prose[-1].count("{") >= 4
    assert sentences[-1] == source(cells(path, "code")[-1])


def test_prose_does_not_contradict_the_figures():
    """Silence is drawn as a dot, not as a blank; dark ties are not those of more bodies."""
    prose = {path.stem[:2]: "\n".join(map(source, cells(path, "markdown"))) for path in CHAPTERS}
    assert "blank" not in prose["04"] and prose["04"].count("a dot is silence") == 2
    assert "Darker means more" not in prose["02"]
    assert not re.search(r"when the documents were", prose["03"])


@pytest.mark.parametrize(
    "path", [*CHAPTERS, ROOT / "notebooks/workshop/01-from-text-to-data.ipynb"], ids=lambda p: p.stem
)
def test_a_notebook_is_stored_as_run_from_top_to_bottom(path):
    code = cells(path, "code")
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert not any(output["output_type"] == "error" for cell in code for output in cell["outputs"])
    assert "execution" not in json.dumps([cell["metadata"] for cell in code])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_figure_of_a_chapter_is_shown(path):
    drawn = [cell for cell in cells(path, "code") if "draw_figure(" in source(cell)]
    assert drawn
    for cell in drawn:
        assert [o for o in cell["outputs"] if "image/png" in o.get("data", {})], source(cell)


def test_what_prose_on_gaps_says_of_the_shipped_study_is_so():
    """Sentences that no number fills: they would stay as they are if the data changed."""
    prose = "\n".join(map(source, cells(ROOT / "notebooks/04-regional-coverage-gaps.ipynb", "markdown")))
    said = [
        "No dot is left",
        "One sub-region stands out",
        "Nothing: with these sizes and scopes",
        "hardly anything is cer",
        "a reference of 2022 calls planned counts for 2014",
    ]
    assert [text for text in said if text not in prose] == []
    study = r2p.load_study(layers=("coded", "reference"))
    assert not (r2p.states_by_functions(study, AT) == "silent").any(axis=None)
    hindsight = study.functions.set_index("function_id").loc["ext-oas-early-warning"]
    published = study.references.set_index("ref_id").loc[hindsight["evidence"], "published_edtf"]
    assert (hindsight["status"], published) == ("planned", "2022?")
    certain = r2p.coverage.coverage_cells(r2p.load_study(), "functions", AT)["holds"].eq("yes")
    assert certain.sum() < len(certain) / 100
    seven = ["oas", "caricom", "sica", "unasur", "celac", "lan", "focal-points"]
    table = r2p.membership_table(study, AT, bodies=seven, basis={"focal-points": ("explicit", "inferred")})
    regions = study.regions.set_index("iso3")["subregion"].reindex(table.index)
    tests = r2p.gap_tests(
        table,
        {"purpose-built": ["lan", "focal-points"]},
        groups=regions,
        closed=r2p.shut_out(study, table),
        samples=999,
        rng=np.random.default_rng(1),
    )
    assert (tests["p_adjusted"] <= 0.05).sum() == 1
    assert (tests["attainable_within_scope"] == 1).all()
    assert (tests["expected_within_scope"] == tests["observed"]).all()
