"""A score from elsewhere beside coverage: who has one, who has none, and every fault of the file by its place."""

import pandas as pd
import pytest

from r2p_analysis.coverage import gap_bounds, gaps, with_score
from r2p_analysis.schema import FaultReport

TABLE = pd.DataFrame({"n_gaps": [3, 5, 4, 1]}, index=pd.Index(["ARG", "BOL", "CAN", "CUB"], name="iso3"))


def written(tmp_path, text):
    path = tmp_path / "risk.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def faults_of(scores, **options):
    with pytest.raises(FaultReport) as caught:
        with_score(TABLE, scores, **options)
    return [(f.row, f.column, f.value, f.rule) for f in caught.value.faults], str(caught.value)


def test_states_are_ranked_by_score_and_those_without_one_apart(tmp_path):
    table = with_score(TABLE, written(tmp_path, "iso3,score,year\nCUB,0.5,2014\nBOL,2,2014\nARG,,2014\n"))
    assert list(table.index) == ["BOL", "CUB", "ARG", "CAN"]
    assert list(table.columns) == ["n_gaps", "score", "has_score", "rank"]
    assert table["score"].fillna(-1).tolist() == [2, 0.5, -1, -1]
    assert table["has_score"].tolist() == [True, True, False, False]
    assert table["rank"].astype("object").where(table["rank"].notna(), None).tolist() == [1, 2, None, None]
    attrs = {name: table.attrs[name] for name in ("n_scored", "n_no_score", "n_left_out", "score_from", "note")}
    assert attrs == {
        "n_scored": 2,
        "n_no_score": 2,
        "n_left_out": 0,
        "score_from": "risk.csv",
        "note": "Coverage is not protection.",
    }
    assert list(TABLE.columns) == ["n_gaps"]


def test_a_score_of_zero_or_less_is_a_score():
    table = with_score(TABLE, pd.DataFrame({"iso3": ["ARG", "CAN", "CUB"], "score": [0, -1.5, 1e-7]}))
    assert list(table.index) == ["CUB", "ARG", "CAN", "BOL"]
    assert table["rank"].tolist()[:3] == [1, 2, 3]


def test_equal_scores_share_the_best_rank_and_keep_their_order():
    table = with_score(TABLE, pd.DataFrame({"iso3": ["CUB", "CAN", "BOL"], "score": [1, 7, 7]}))
    assert list(table.index) == ["BOL", "CAN", "CUB", "ARG"]
    assert table["rank"].tolist()[:3] == [1, 1, 3]


def test_nobody_with_a_score_is_nobody_ranked():
    table = with_score(TABLE, pd.DataFrame({"iso3": [], "score": []}))
    assert list(table.index) == list(TABLE.index)
    assert table["rank"].isna().all()
    assert table.attrs["n_no_score"] == 4


def test_a_long_table_has_one_rank_a_state():
    long = pd.DataFrame({"iso3": ["ARG", "ARG", "BOL", "CAN"], "function": ["x", "y", "x", "x"]})
    table = with_score(long, pd.DataFrame({"iso3": ["BOL", "ARG"], "score": [3, 1]}))
    assert table[["iso3", "function"]].to_numpy().tolist() == [["BOL", "x"], ["ARG", "x"], ["ARG", "y"], ["CAN", "x"]]
    assert table["rank"].tolist()[:3] == [1, 2, 2]
    assert (table.attrs["n_scored"], table.attrs["n_no_score"]) == (2, 1)
    levels = long.set_index(["function", "iso3"]).assign(n=1)
    assert with_score(levels, pd.DataFrame({"iso3": ["BOL"], "score": [3]})).index[0] == ("x", "BOL")


def test_it_stands_beside_what_the_study_says(study):
    scores = pd.DataFrame({"code": ["VEN", "HTI"], "risk": [0.2, 0.9]})
    table = with_score(gap_bounds(study, "2014-09-08", by="state"), scores, key="code", column="risk")
    assert list(table.index[:2]) == ["HTI", "VEN"]
    assert len(table) == 35
    assert table.attrs["at"] == "2014-09-08"
    long = with_score(gaps(study, "2014-09-08"), scores, key="code", column="risk")
    assert len(long) == len(gaps(study, "2014-09-08"))


def test_every_fault_is_named_with_its_place(tmp_path):
    text = "iso3,score\nARG,high\nAGR,1\narg,1\nBOL,1\nBOL,2\n,3\nCAN,nan\nCUB,1e999\nCUB\n"
    found, message = faults_of(written(tmp_path, text))
    assert found == [
        (2, "score", "high", "is no number"),
        (3, "iso3", "AGR", "is no state of the table"),
        (4, "iso3", "arg", "is no state of the table"),
        (6, "iso3", "BOL", "the state stands twice"),
        (7, "iso3", "", "is no state of the table"),
        (8, "score", "nan", "is no number"),
        (9, "score", "1e999", "is no number"),
        (10, "", "", "the row has 1 cells, the header 2"),
    ]
    assert (
        "risk.csv:3 [iso3] 'AGR': is no state of the table (did you mean 'ARG'? allowed: ARG, BOL, CAN, CUB; "
        'or elsewhere="leave out")' in message
    )
    assert "risk.csv:7 [iso3] '': is no state of the table (allowed: ARG, BOL, CAN, CUB)" in message  # never left out
    assert "risk.csv:6 [iso3] 'BOL': the state stands twice (first in row 5)" in message


@pytest.mark.parametrize("scores", [None, 3, ["risk.csv"]])
def test_scores_are_a_path_or_a_table(scores):
    with pytest.raises(ValueError, match=r"scores .*is no path; give a text"):
        with_score(TABLE, scores)


def test_coverage_is_a_table_and_columns_are_names():
    with pytest.raises(ValueError, match=r"table: None is no pandas.DataFrame; give what gap_bounds or gaps returns"):
        with_score(None, pd.DataFrame({"iso3": [], "score": []}))
    found, _ = faults_of(pd.DataFrame({"iso3": ["ARG"], "score": [1]}), column=3)
    assert found == [(1, "3", "", "the column is missing")]


@pytest.mark.parametrize("value", ["1_000", " 5", "5 ", "1,5", "0x10", "True", "inf", "."])
def test_what_only_looks_like_a_number_is_none(value):
    found, _ = faults_of(pd.DataFrame({"iso3": ["ARG"], "score": [value]}))
    assert found == [(2, "score", value, "is no number")]


@pytest.mark.parametrize("value", ["5", "-0.5", "+5", ".5", "5.", "1e-3"])
def test_numbers_are_read(value):
    assert with_score(TABLE, pd.DataFrame({"iso3": ["ARG"], "score": [value]})).loc["ARG", "score"] == float(value)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", (0, "", "", "the file is empty")),
        ("iso3;score\nARG;1\n", (1, "iso3", "", "the column is missing")),
        ("iso3,value\nARG,1\n", (1, "score", "", "the column is missing")),
        ("iso3,score,score\nARG,1,2\n", (1, "score", "", "the column stands twice")),
        ("\ufeffiso3,score\nARG,1\n", (1, "", "", "begins with a byte order mark")),
    ],
)
def test_a_file_that_is_no_list_of_scores_is_refused(tmp_path, text, fault):
    found, message = faults_of(written(tmp_path, text))
    assert fault in found
    assert "risk.csv" in message


def test_a_missing_file_is_named(tmp_path):
    found, message = faults_of(tmp_path / "none.csv")
    assert found == [(0, "", "", "the file is missing")]
    assert "none.csv" in message
    assert "the study" not in message


def test_a_list_of_the_whole_world_can_be_taken():
    world = pd.DataFrame({"iso3": ["FRA", "ARG", "NAM"], "score": [1, 2, "high"]})
    table = with_score(TABLE, world, elsewhere="leave out")
    assert table.index[0] == "ARG"
    assert table.attrs["n_left_out"] == 2
    with pytest.raises(ValueError, match="unknown elsewhere 'leave_out': did you mean 'leave out'"):
        with_score(TABLE, world, elsewhere="leave_out")


def test_a_table_without_states_or_with_the_columns_is_refused():
    with pytest.raises(ValueError, match="the table has no iso3"):
        with_score(TABLE.reset_index(drop=True), TABLE)
    with pytest.raises(ValueError, match="the table has already: rank, score; rename or drop them"):
        with_score(TABLE.assign(score=1, rank=2), TABLE)
