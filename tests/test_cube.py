"""The cube of states, functions and bodies: against the long table read row by row, and what must not change it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import tiny_study

from r2p_analysis.coverage import (
    NATIONAL,
    coverage_by_subregion,
    coverage_cube,
    coverage_of,
    coverage_strengths,
    coverage_table,
    cube_bodies,
    gap_bounds,
    gaps,
    states_by_functions,
)
from r2p_analysis.study import load_study

DAY = "2014-09-08"
STATUS = ["operating", "planned", "potential", "denied", "silent"]
BASIS = ["explicit", "inferred", "external"]
REGIONS = [
    {"iso3": "USA", "subregion": "northern_america"},
    {"iso3": "BOL", "subregion": "south_america"},
    {"iso3": "ARG", "subregion": "south_america"},
    {"iso3": "CUB", "subregion": "caribbean"},
]
ORDER = ["USA", "CUB", "ARG", "BOL"]
AXIS = [
    "prevention", "early_warning", "reaction", "rebuilding", "training", "monitoring", "adjudication", "implementation"
]  # fmt: skip
ACTORS = [
    {"actor_id": "oas", "kind": "igo"},
    {"actor_id": "lan", "kind": "network"},
    {"actor_id": "iachr", "kind": "organ", "parent_id": "oas"},
    {"actor_id": "office", "kind": "office", "parent_id": "iachr"},
    {"actor_id": "iacthr", "kind": "organ", "parent_id": "oas"},
    {"actor_id": "nm-arg", "kind": "national_body", "parent_id": "arg"},
    {"actor_id": "unit", "kind": "office", "parent_id": "nm-arg"},
]
PASSAGES = [{"passage_id": "known", "vintage_edtf": DAY}, {"passage_id": "vague", "vintage_edtf": "2014"}]


def study_of(memberships=(), functions=(), actors=(), regions=REGIONS):
    """Study of rows (actor, body, {cells}) and (body, function, {cells}); ids m1, ... and f1, ... in that order."""
    return tiny_study(
        memberships=[
            {"membership_id": f"m{i}", "actor_id": actor, "body_id": body, "evidence": "vague", **dict(*cells)}
            for i, (actor, body, *cells) in enumerate(memberships, 1)
        ],
        functions=[
            {"function_id": f"f{i}", "body_id": body, "function": function, "evidence": "vague", **dict(*cells)}
            for i, (body, function, *cells) in enumerate(functions, 1)
        ],
        actors=[*ACTORS, *actors],
        regions=regions,
        passages=PASSAGES,
    )


def random_study(seed, **options):
    rng = np.random.default_rng(seed)
    states, performing = ["usa", "bol", "arg", "cub"], ["oas", "lan", "iachr", "office", "iacthr", "nm-arg", "arg"]
    memberships = [
        (states[s], ["oas", "lan", "nm-arg"][b], {"status": STATUS[k], "basis": BASIS[i], "evidence": e})
        for s, b, k, i, e in zip(
            *rng.integers(0, [[4], [3], [4], [3]], size=(4, 12)), ["vague", "known"] * 6, strict=True
        )
    ]
    functions = [
        (performing[b], AXIS[f], {"status": STATUS[k], "basis": BASIS[i], "evidence": e})
        for b, f, k, i, e in zip(
            *rng.integers(0, [[7], [8], [4], [3]], size=(4, 40)), ["vague", "known"] * 20, strict=True
        )
    ]
    return study_of(memberships, functions, **options)


@pytest.mark.parametrize("at", [None, DAY])
@pytest.mark.parametrize("seed", range(4))
def test_every_cell_is_what_the_long_table_says_of_it(seed, at):
    study = random_study(seed)
    rows = coverage_table(study, at).to_dict("records")
    cube = coverage_cube(study, at)
    assert len(rows) > 40
    assert list(cube.index) == [(s, f, b) for s in ORDER for f in AXIS for b in ["oas", "lan", "nm-arg", NATIONAL]]
    for (iso3, function, body), cell in zip(cube.index, cube.to_dict("records"), strict=True):
        here = [r for r in rows if (r["iso3"], r["function"]) == (iso3, function)]
        here = [r for r in here if (r["via"] if pd.notna(r["membership_id"]) else NATIONAL) == body]
        assert cell["n_claims"] == len(here)
        assert cell["status"] == min((r["status"] for r in here), key=STATUS.index, default="silent")
        shown = [r for r in here if r["status"] == cell["status"]]
        for name, order in (("basis", BASIS), ("holds", ["yes", "possible", "undated"])):
            found = min((r[name] for r in shown), key=order.index, default=None)
            assert cell[name] == found or (found is None and pd.isna(cell[name]))


@pytest.mark.parametrize("options", [{}, {"at": DAY}, {"at": DAY, "reading": "certain"}])
def test_over_all_bodies_the_cube_is_the_matrix(options):
    study = random_study(1)
    best = coverage_cube(study, **options)["status"].cat.codes.groupby(["iso3", "function"], sort=False).min().unstack()
    matrix = states_by_functions(study, **options)
    assert best.map(lambda code: STATUS[code]).to_numpy().tolist() == matrix.to_numpy().tolist()
    assert (matrix != "silent").to_numpy().any()


def test_without_a_row_every_cell_is_there_and_silent():
    cube = coverage_cube(study_of())
    assert cube.index.names == ["iso3", "function", "body"]
    assert cube.shape == (4 * 8 * 3, 4)
    assert (cube["status"] == "silent").all()
    assert cube[["holds", "basis"]].isna().all(axis=None)
    assert list(cube["status"].cat.categories) == STATUS
    assert list(cube["basis"].cat.categories) == BASIS
    # Unstacked, the axes keep their order.
    assert list(cube["n_claims"].unstack("function").columns) == AXIS
    assert list(cube["n_claims"].unstack("body").columns) == ["oas", "lan", NATIONAL]
    assert len(coverage_cube(study_of(regions=[]))) == 0


def test_what_a_state_does_at_home_is_national_and_what_others_get_from_it_is_not():
    functions = [("arg", "reaction"), ("unit", "training"), ("nm-arg", "prevention")]
    cube = coverage_cube(study_of([("bol", "nm-arg")], functions))
    said = cube[cube["status"] != "silent"]
    assert list(said.index) == [
        ("ARG", "prevention", NATIONAL),
        ("ARG", "reaction", NATIONAL),
        ("ARG", "training", NATIONAL),
        ("BOL", "prevention", "nm-arg"),
        ("BOL", "training", "nm-arg"),
    ]


def test_the_axis_of_bodies_can_be_chosen_and_what_is_left_out_is_counted():
    study = study_of(
        [("arg", "oas"), ("bol", "lan")], [("oas", "training"), ("iachr", "training"), ("lan", "training")]
    )
    cube = coverage_cube(study, bodies=["lan"])
    assert list(cube.index.levels[2]) == ["lan"]
    assert cube.attrs["n_left_out"] == 2
    assert cube.loc[("BOL", "training", "lan"), "status"] == "operating"
    assert coverage_cube(study).attrs["n_left_out"] == 0
    with pytest.raises(ValueError, match="unknown body 'lam': did you mean 'lan'"):
        coverage_cube(study, bodies=["lam"])
    with pytest.raises(ValueError, match="body 'lan' stands twice"):
        coverage_cube(study, bodies=["lan", "oas", "lan"])


def test_the_axis_keeps_a_body_that_somebody_once_belonged_to():
    gone = {"start_edtf": "1990", "end_edtf": "1991-01-01"}
    rows = [("arg", "alba", gone), ("dnk", "nato"), ("cub", "mercosur", {"role": "observer"}), ("bol", "iachr")]
    assert cube_bodies(study_of(rows)) == ["oas", "lan", "alba", "mercosur", NATIONAL]
    with pytest.raises(ValueError, match="a body has the id 'national'"):
        cube_bodies(study_of([("arg", "national")]))


# ---- what must hold of the shipped study, and of any


@pytest.mark.parametrize("layers", [("coded",), ("coded", "reference")])
def test_with_all_rows_of_early_warning_gone_the_column_stays_silent(layers):
    study = load_study(layers=layers)
    less = study.with_tables(functions=study.functions[study.functions["function"] != "early_warning"])
    cube = coverage_cube(less, DAY)
    column = cube.xs("early_warning", level="function")
    assert len(column) == len(cube) / 8
    assert (column["status"] == "silent").all()
    assert list(states_by_functions(less, DAY).columns) == AXIS
    assert (states_by_functions(less, DAY)["early_warning"] == "silent").all()
    counted = coverage_by_subregion(less, DAY).xs("early_warning", level="function")
    assert (counted["n_covered"] == 0).all()
    assert counted["n_states"].groupby("subregion").first().sum() == 35
    assert gap_bounds(less, DAY, by="function").loc["early_warning", ["n_gaps_least", "n_gaps_most"]].tolist() == [
        0,
        35,
    ]
    assert (gaps(less, DAY)["function"] == "early_warning").sum() == 35
    # The other columns are what they were.
    others = cube.drop("early_warning", level="function")
    assert others.equals(coverage_cube(study, DAY).drop("early_warning", level="function"))


def counts(study):
    """What is counted by state: bodies by function and status, and the cells with their strengths."""
    cube = coverage_cube(study, DAY)
    by_state = pd.crosstab([cube.index.get_level_values(0), cube.index.get_level_values(1)], cube["status"])
    return by_state, coverage_strengths(study, DAY)


def assert_same_counts(study, other):
    for a, b in zip(counts(study), other, strict=True):
        pd.testing.assert_frame_equal(a, b)


def organs(study):
    """Bodies that perform a function and are a part of another one that is no state, with that other one."""
    parents = study.actors.dropna(subset="parent_id").set_index("actor_id")["parent_id"]
    states = set(study.regions["iso3"].str.lower())
    return {b: parents[b] for b in sorted(set(study.functions["body_id"])) if b in parents and parents[b] not in states}


@pytest.mark.parametrize("layers", [("coded",), ("coded", "reference")])
def test_merging_any_organ_of_the_study_leaves_counts_by_state_unchanged(layers):
    study = load_study(layers=layers)
    found, before = organs(study), counts(study)
    assert "iachr" in found
    for organ, parent in found.items():
        rows = study.functions.assign(body_id=study.functions["body_id"].replace(organ, parent))
        assert_same_counts(study.with_tables(functions=rows), before)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), parent=st.sampled_from(["oas", "lan", "iachr", "nm-arg"]), data=st.data())
def test_splitting_an_organ_off_and_merging_one_leaves_counts_by_state_unchanged(seed, parent, data):
    study = random_study(seed, actors=[{"actor_id": "new-organ", "kind": "organ", "parent_id": parent}])
    before, body = counts(study), study.functions["body_id"]
    own = study.functions.index[body == parent]
    moved = data.draw(st.sets(st.sampled_from(own.tolist()), min_size=1)) if len(own) else set()
    split = study.functions.assign(body_id=body.mask(study.functions.index.isin(moved), "new-organ"))
    assert_same_counts(study.with_tables(functions=split), before)
    merged = study.functions.assign(body_id=body.replace({"office": "iachr", "iacthr": "oas"}))
    assert_same_counts(study.with_tables(functions=merged), before)


# ---- what covers one state


def test_what_covers_a_state_names_body_organ_role_basis_and_passages():
    memberships = [("arg", "oas", {"role": "focal_point", "basis": "inferred", "evidence": "known"}), ("bol", "lan")]
    functions = [
        ("iachr", "training", {"status": "planned", "gist": "Courses"}),
        ("oas", "training", {"evidence": "vague;known"}),
        ("nm-arg", "reaction", {"status": "denied"}),
        ("lan", "prevention"),
    ]
    table = coverage_of(study_of(memberships, functions), "arg")
    said = table[table["status"] != "silent"]
    columns = [
        "function",
        "status",
        "via",
        "body_id",
        "role",
        "basis",
        "evidence",
        "gist",
        "function_id",
        "membership_id",
    ]
    assert said[columns].fillna("-").to_numpy().tolist() == [
        ["reaction", "denied", "nm-arg", "nm-arg", "-", "explicit", "vague", "-", "f3", "-"],
        ["training", "operating", "oas", "oas", "focal_point", "inferred", "vague;known", "-", "f2", "m1"],
        ["training", "planned", "oas", "iachr", "focal_point", "inferred", "vague;known", "Courses", "f1", "m1"],
    ]
    assert list(table["function"].drop_duplicates()) == AXIS
    assert table[table["status"] == "silent"].drop(columns=["function", "status"]).isna().all(axis=None)
    assert (table["status"] == "silent").sum() == 6
    assert table.attrs["iso3"] == "ARG"


def test_a_state_that_nothing_covers_has_a_silent_row_for_each_function():
    table = coverage_of(study_of([], [("lan", "training")]), "USA")
    assert table[["function", "status"]].to_numpy().tolist() == [[function, "silent"] for function in AXIS]


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("agr", "unknown state 'AGR': did you mean 'ARG'"),
        (None, "unknown state None: allowed: "),
        (32, "unknown state 32"),
        (["ARG"], r"unknown state \['ARG'\]"),
    ],
)
def test_an_unknown_state_is_refused(state, message):
    with pytest.raises(ValueError, match=message):
        coverage_of(study_of(), state)


def test_one_body_may_stand_by_itself_and_what_is_no_list_is_refused():
    cube = coverage_cube(study_of(), bodies="lan")
    assert cube.equals(coverage_cube(study_of(), bodies=["lan"]))
    with pytest.raises(ValueError, match="body: 5 is no list of names"):
        coverage_cube(study_of(), bodies=5)


@pytest.mark.parametrize(
    "table",
    [
        lambda s: coverage_cube(s, DAY),
        lambda s: coverage_of(s, "ARG", DAY),
        lambda s: coverage_strengths(s, DAY),
        lambda s: coverage_by_subregion(s, DAY),
        lambda s: gaps(s, DAY),
        lambda s: gap_bounds(s, DAY),
    ],
)
def test_every_table_says_what_it_was_asked_and_that_coverage_is_not_protection(table):
    attrs = table(study_of([("arg", "lan")], [("lan", "training")])).attrs
    assert attrs["note"] == "Coverage is not protection."
    assert (attrs["at"], attrs["reading"], attrs["layers"]) == (DAY, "possible", ("coded",))
