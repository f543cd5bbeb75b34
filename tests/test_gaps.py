"""Gaps at four strengths and their bounds: by hand, and every world that the evidence leaves open written out."""

import numpy as np
import pytest
from test_cube import AXIS, DAY, ORDER, STATUS, random_study, study_of

from r2p_analysis.coverage import (
    STRENGTHS,
    coverage_by_subregion,
    coverage_cells,
    coverage_strengths,
    gap_bounds,
    gaps,
)

GONE = {"start_edtf": "1990", "end_edtf": "1991-01-01"}


def strengths_of(memberships, functions, state="ARG", function="training", **options):
    row = coverage_strengths(study_of(memberships, functions), **options).loc[(state, function)]
    return row["status"], "".join("x" if row[s] else "." for s in STRENGTHS)


@pytest.mark.parametrize(
    ("status", "covered"),
    [("operating", "xxxx"), ("planned", ".xxx"), ("potential", "..xx"), ("denied", "...."), (None, "....")],
)
def test_each_strength_takes_the_statuses_before_it_and_never_a_denial(status, covered):
    functions = [("lan", "training", {"status": status})] if status else []
    assert strengths_of([("arg", "lan")], functions) == (status or "silent", covered)


@pytest.mark.parametrize("cells", [{"role": "observer"}, {"role": "participant"}, {"role": "associate"}])
def test_who_only_takes_part_is_mentioned_and_no_more(cells):
    assert strengths_of([("arg", "lan", cells)], [("lan", "training")]) == ("silent", "...x")
    assert strengths_of([("arg", "lan", cells)], [("lan", "training", {"status": "denied"})]) == ("silent", "....")


@pytest.mark.parametrize(
    ("status", "covered"),
    [("suspended", "...x"), ("self_suspended", "...x"), ("withdrawn", "...."), ("denied", "....")],
)
def test_who_is_suspended_is_mentioned_and_who_left_is_not(status, covered):
    assert strengths_of([("arg", "lan", {"status": status})], [("lan", "training")]) == ("silent", covered)


def test_a_mention_is_of_the_day():
    assert strengths_of([("arg", "lan", GONE)], [("lan", "training")], at=DAY) == ("silent", "....")
    assert strengths_of([("arg", "lan", GONE)], [("lan", "training")]) == ("operating", "xxxx")


def test_a_list_of_observers_of_an_organ_takes_no_mention_from_its_body():
    memberships = [("arg", "oas"), ("bol", "iachr", {"role": "observer"})]
    assert strengths_of(memberships, [("iachr", "training")]) == ("operating", "xxxx")
    assert strengths_of(memberships, [("iachr", "training")], "BOL") == ("silent", "...x")


def test_sub_regions_count_states_with_their_denominators():
    memberships = [("arg", "lan"), ("bol", "lan", {"status": "planned"}), ("cub", "lan", {"role": "observer"})]
    table = coverage_by_subregion(study_of(memberships, [("lan", "training")]))
    assert table.index.names == ["subregion", "function", "strength"]
    found = {
        name: table.loc[(name, "training")][["n_covered", "n_states"]].to_numpy().tolist()
        for name in ("northern_america", "central_america", "caribbean", "south_america")
    }
    assert found == {
        "northern_america": [[0, 1]] * 4,
        "central_america": [[0, 0]] * 4,
        "caribbean": [[0, 1]] * 3 + [[1, 1]],
        "south_america": [[1, 2], [2, 2], [2, 2], [2, 2]],
    }
    shares = table["share_covered"].unstack("strength")
    assert list(shares.columns) == list(STRENGTHS)
    assert shares.loc[("south_america", "training")].tolist() == [0.5, 1, 1, 1]
    assert shares.loc["central_america"].isna().all(axis=None)
    assert len(table) == 4 * 8 * 4


def test_states_without_a_sub_region_are_counted_apart():
    study = study_of([("bol", "lan")], [("lan", "training")], regions=[{"iso3": "ARG"}, {"iso3": "BOL"}])
    study = study.with_tables(regions=study.regions.assign(subregion=["south_america", None]).astype("str"))
    table = coverage_by_subregion(study)
    assert table.loc[("not stated", "training", "operating")].tolist() == [1, 1, 1]
    assert table["n_states"].groupby("subregion").first().sum() == 2
    bounds = gap_bounds(study, by="subregion")
    assert list(bounds.index) == ["northern_america", "central_america", "caribbean", "south_america", "not stated"]
    assert bounds["n_states"].tolist() == [0, 0, 0, 1, 1]
    assert gaps(study)["subregion"].value_counts().to_dict() == {"south_america": 8, "not stated": 7}


def test_gaps_are_labelled_by_the_strengths_that_they_outlast():
    functions = [
        ("lan", "prevention"),
        ("lan", "early_warning", {"status": "planned"}),
        ("lan", "reaction", {"status": "potential"}),
        ("lan", "rebuilding", {"status": "denied"}),
        ("oas", "monitoring"),
    ]
    table = gaps(study_of([("arg", "lan"), ("arg", "oas", {"role": "observer"})], functions))
    of_arg = table[table["iso3"] == "ARG"].drop(columns=["iso3", "subregion"])
    of_arg = of_arg.astype("object").fillna("-").to_numpy().tolist()
    assert of_arg == [
        ["early_warning", "planned", 1, "planned", "question of status"],
        ["reaction", "potential", 2, "potential", "question of degree"],
        ["rebuilding", "denied", 4, "-", "robust"],
        ["training", "silent", 4, "-", "robust"],
        ["monitoring", "silent", 3, "mentioned", "question of degree"],
        ["adjudication", "silent", 4, "-", "robust"],
        ["implementation", "silent", 4, "-", "robust"],
    ]
    assert list(table["iso3"].drop_duplicates()) == ORDER
    assert len(table) == 4 * 8 - 1


@pytest.mark.parametrize("seed", range(3))
def test_stronger_evidence_never_covers_more(seed):
    table = coverage_strengths(random_study(seed), DAY)
    covered = table[list(STRENGTHS)].to_numpy()
    assert (covered[:, :-1] <= covered[:, 1:]).all()
    assert 0 < covered[:, 0].sum() < covered[:, 2].sum()


# ---- bounds


def worlds(possible, certain, covering):
    """Least and most of each cell over all worlds: uncertain claims true or not, a silent cell covered or not.

    A world's claims are the certain ones with or without the others; the strongest settles a cell.
    """
    ends = []
    for p, c in zip(possible, certain, strict=True):
        outcomes = set()
        for status in {p, c}:  # all uncertain claims of the cell true, or none
            outcomes |= {0, 1} if status == "silent" else {int(status not in covering)}
        ends.append((min(outcomes), max(outcomes)))
    return np.array(ends)


@pytest.mark.parametrize("strength", STRENGTHS[:-1])
@pytest.mark.parametrize("seed", range(4))
def test_bounds_are_the_extremes_over_all_worlds(seed, strength):
    study = random_study(seed)
    covering = STATUS[: STATUS.index(strength) + 1]
    possible, certain = (
        coverage_cells(study, "functions", DAY, reading=reading)["status"] for reading in ("possible", "certain")
    )
    assert (possible != certain).sum() > 5
    for reading, pair in {
        "possible": (possible, possible),
        "certain": (certain, certain),
        "either": (possible, certain),
    }.items():
        ends = worlds(*pair, covering)
        table = gap_bounds(study, DAY, by=["state", "function"], strength=strength, reading=reading)
        assert table[["n_gaps_least", "n_gaps_most"]].to_numpy().tolist() == ends.tolist()
        whole = gap_bounds(study, DAY, strength=strength, reading=reading)
        assert whole[["n_gaps_least", "n_gaps_most"]].to_numpy().tolist() == [ends.sum(axis=0).tolist()]
        grid = ends.reshape(4, 8, 2)
        by_function = gap_bounds(study, DAY, by="function", strength=strength, reading=reading)
        assert by_function[["n_gaps_least", "n_gaps_most"]].to_numpy().tolist() == grid.sum(axis=0).tolist()
        by_state = gap_bounds(study, DAY, by="state", strength=strength, reading=reading)
        assert by_state[["n_bare_least", "n_bare_most"]].to_numpy().tolist() == grid.all(axis=1).astype(int).tolist()


def test_bounds_of_the_readings_nest():
    study = random_study(2)
    ends = {
        reading: gap_bounds(study, DAY, reading=reading).loc["all"] for reading in ("possible", "certain", "either")
    }
    for reading in ("possible", "certain"):
        assert ends["either"]["n_gaps_least"] <= ends[reading]["n_gaps_least"]
        assert ends["either"]["n_gaps_most"] >= ends[reading]["n_gaps_most"]
    assert ends["either"]["n_gaps_most"] > ends["possible"]["n_gaps_most"]


def test_denied_cells_are_gaps_and_silent_ones_unknown():
    functions = [
        ("lan", "training"),
        ("lan", "reaction", {"status": "denied"}),
        ("lan", "monitoring", {"status": "planned"}),
    ]
    table = gap_bounds(study_of([("arg", "lan")], functions), by=["subregion", "function"])
    here = table.loc["south_america"]
    columns = ["n_states", "n_denied", "n_silent", "n_gaps_least", "n_gaps_most", "share_gaps_least", "share_gaps_most"]
    assert here.loc[["training", "reaction", "monitoring"], columns].to_numpy().tolist() == [
        [2, 0, 1, 0, 1, 0, 0.5],
        [2, 1, 1, 1, 2, 0.5, 1],
        [2, 0, 1, 1, 2, 0.5, 1],
    ]
    assert list(here.index) == AXIS
    assert table.loc["central_america", "n_cells"].eq(0).all()


def test_states_in_none_of_some_bodies_are_bounded():
    rows = [("arg", "lan", {"status": "denied"}), ("arg", "oas", {"status": "withdrawn"}), ("bol", "lan")]
    study = study_of([*rows, ("cub", "lan", {"status": "denied"})])
    table = gap_bounds(study, of="bodies", columns=["lan", "oas"])
    columns = ["n_cells", "n_states", "n_denied", "n_silent", "n_bare_least", "n_bare_most"]
    assert table.loc["all", columns].tolist() == [8, 4, 2, 4, 1, 3]
    one = gap_bounds(study, of="bodies", by="body", columns=["lan"])
    assert (list(one.index), one.index.name) == (["lan"], "body")
    assert one[["n_gaps_least", "n_gaps_most"]].to_numpy().tolist() == [[2, 3]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "region"}, "unknown by 'region': did you mean 'subregion'"),
        ({"by": "body"}, "unknown by 'body': allowed: state, subregion, function"),
        ({"of": "networks"}, "unknown matrix 'networks'"),
        ({"strength": "mentioned"}, "unknown strength 'mentioned': allowed: operating, planned, potential"),
        ({"reading": "both"}, "unknown reading 'both': allowed: possible, certain, either"),
        ({"reading": "either"}, "reading 'certain' needs a date"),
        ({"columns": ["trainig"]}, "unknown function 'trainig': did you mean 'training'"),
        ({"columns": "trainig"}, "unknown function 'trainig': did you mean 'training'"),
        ({"columns": [3]}, "unknown function 3: allowed"),
        ({"by": ["function", "function"]}, "by 'function' stands twice: name each once"),
        ({"by": 3}, r"by: 3 is no list of names; give one, as in \['state'\]"),
        ({"strength": None}, "unknown strength None"),
    ],
)
def test_a_wrong_question_says_what_is_allowed(options, message):
    with pytest.raises(ValueError, match=message):
        gap_bounds(study_of(), **options)
