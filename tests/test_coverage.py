"""Coverage: each way in which a function reaches a state, by hand, and the matrices against the long table."""

import numpy as np
import pytest
from tiny import tiny_study

from r2p_analysis.coverage import (
    coverage_cells,
    coverage_cube,
    coverage_of,
    coverage_table,
    cube_bodies,
    states_by_bodies,
    states_by_functions,
    unreached_claims,
)

REGIONS = [
    {"iso3": "USA", "subregion": "northern_america"},
    {"iso3": "BOL", "subregion": "south_america"},
    {"iso3": "ARG", "subregion": "south_america"},
    {"iso3": "CUB", "subregion": "caribbean"},
    {"iso3": "GTM", "subregion": "central_america"},
]
ORDER = ["USA", "GTM", "CUB", "ARG", "BOL"]  # by sub-region in the order of its codes, then by code
AXIS = [
    "prevention", "early_warning", "reaction", "rebuilding", "training", "monitoring", "adjudication", "implementation"
]  # fmt: skip
ACTORS = [
    {"actor_id": "arg", "kind": "state", "iso3": "ARG"},
    {"actor_id": "dnk", "kind": "state", "iso3": "DNK"},
    {"actor_id": "oas", "kind": "igo"},
    {"actor_id": "iachr", "kind": "organ", "parent_id": "oas"},
    {"actor_id": "rapporteur", "kind": "office", "parent_id": "iachr"},
    {"actor_id": "iacthr", "kind": "organ", "parent_id": "oas"},
    {"actor_id": "lan", "kind": "network"},
    {"actor_id": "nm-arg", "kind": "national_body", "parent_id": "arg"},
    {"actor_id": "unit", "kind": "office", "parent_id": "nm-arg"},
    {"actor_id": "nm-bol", "kind": "national_body", "parent_id": "bol"},
    {"actor_id": "office-dnk", "kind": "office", "parent_id": "dnk"},
]
PASSAGES = [{"passage_id": "known", "vintage_edtf": "2014-09-08"}, {"passage_id": "vague", "vintage_edtf": "2014"}]
DAY = "2014-09-08"


def study_of(memberships=(), functions=()):
    """Study of rows (actor, body, {cells}) and (body, function, {cells}); ids m1, ... and f1, ... in that order."""
    members = [
        {"membership_id": f"m{i}", "actor_id": actor, "body_id": body, "evidence": "vague", **dict(*cells)}
        for i, (actor, body, *cells) in enumerate(memberships, 1)
    ]
    performed = [
        {"function_id": f"f{i}", "body_id": body, "function": function, "evidence": "vague", **dict(*cells)}
        for i, (body, function, *cells) in enumerate(functions, 1)
    ]
    return tiny_study(memberships=members, functions=performed, actors=ACTORS, regions=REGIONS, passages=PASSAGES)


def claims(memberships, functions, columns="iso3 function via status", **options):
    table = coverage_table(study_of(memberships, functions), **options)
    return [" ".join(map(str, row)) for row in table[columns.split()].fillna("-").itertuples(index=False)]


def test_a_function_of_a_body_reaches_its_members_only():
    found = claims([("arg", "lan"), ("bol", "lan"), ("cub", "oas")], [("lan", "training")])
    assert found == ["ARG training lan operating", "BOL training lan operating"]


def test_a_national_body_covers_the_state_that_is_its_root_parent():
    found = claims([], [("nm-arg", "prevention"), ("unit", "training"), ("nm-bol", "training", {"status": "planned"})])
    assert found == [
        "ARG prevention nm-arg operating",
        "ARG training nm-arg operating",
        "BOL training nm-bol planned",
    ]


def test_a_national_body_with_members_covers_these_too():
    assert claims([("bol", "nm-arg")], [("nm-arg", "training")]) == [
        "ARG training nm-arg operating",
        "BOL training nm-arg operating",
    ]


def test_a_state_covers_itself():
    assert claims([], [("arg", "reaction"), ("cub", "reaction")]) == [
        "CUB reaction cub operating",
        "ARG reaction arg operating",
    ]


def test_what_belongs_to_nobody_here_covers_nobody():
    functions = [("office-dnk", "training"), ("dnk", "training"), ("aipr", "training"), ("lan", "training")]
    assert claims([("dnk", "lan"), ("cries", "lan")], functions) == []


def test_an_organ_without_members_of_its_own_reaches_those_of_its_body():
    members = [("arg", "oas"), ("bol", "oas")]
    assert claims(members, [("rapporteur", "monitoring")]) == [
        "ARG monitoring oas operating",
        "BOL monitoring oas operating",
    ]
    assert claims([*members, ("arg", "iachr")], [("rapporteur", "monitoring")]) == ["ARG monitoring oas operating"]


def test_an_organ_with_members_of_its_own_reaches_these_only():
    members = [("arg", "oas"), ("bol", "oas"), ("arg", "iacthr")]
    assert claims(members, [("iacthr", "adjudication")]) == ["ARG adjudication oas operating"]
    # Belonging to an organ is not belonging to the body.
    assert claims([("cub", "iacthr")], [("oas", "prevention")]) == []
    # Who is said not to belong, or only observes, is no member; the list does not become a list by that.
    for cells in ({"status": "denied"}, {"status": "withdrawn"}, {"role": "observer"}):
        found = claims([("arg", "oas"), ("bol", "iacthr", cells)], [("iacthr", "adjudication")])
        assert found == ["ARG adjudication oas operating"]
    # A list is known even on a day on which nobody on it belongs.
    gone = {"start_edtf": "1990", "end_edtf": "1991-01-01"}
    assert claims([("arg", "oas"), ("bol", "iacthr", gone)], [("iacthr", "adjudication")], at=DAY) == []


def test_organs_do_not_change_what_states_have():
    members = [("arg", "oas"), ("bol", "oas")]
    plain = study_of(members, [("oas", "monitoring")])
    organs = study_of(members, [("oas", "monitoring"), ("iachr", "monitoring"), ("iacthr", "monitoring")])
    assert states_by_functions(organs).equals(states_by_functions(plain))
    table = coverage_table(organs)
    assert table.groupby("iso3")["via"].nunique().to_dict() == {"ARG": 1, "BOL": 1}
    assert list(table["function_id"]) == ["f1", "f2", "f3"] * 2


STRENGTH = ["operating", "planned", "potential", "denied"]


@pytest.mark.parametrize("function", STRENGTH)
@pytest.mark.parametrize("membership", STRENGTH[:3])
def test_a_claim_is_as_weak_as_its_weaker_link(membership, function):
    weaker = STRENGTH[max(STRENGTH.index(membership), STRENGTH.index(function))]
    found = claims([("arg", "lan", {"status": membership})], [("lan", "training", {"status": function})])
    assert found == [f"ARG training lan {weaker}"]


@pytest.mark.parametrize("status", ["denied", "suspended", "self_suspended", "withdrawn"])
def test_who_does_not_belong_is_not_reached_and_nothing_is_denied_by_that(status):
    study = study_of([("arg", "lan", {"status": status})], [("lan", "training")])
    assert len(coverage_table(study)) == 0
    assert set(states_by_functions(study).to_numpy().flat) == {"silent"}


@pytest.mark.parametrize(
    ("role", "reached"),
    [
        ("member", True),
        ("associate", False),
        ("focal_point", True),
        ("facilitator", True),
        ("observer", False),
        ("participant", False),
    ],
)
def test_who_observes_or_takes_part_is_not_reached(role, reached):
    study = study_of([("arg", "lan", {"role": role})], [("lan", "training")])
    assert len(coverage_table(study)) == reached
    assert (states_by_bodies(study).loc["ARG", "lan"] == "operating") == reached
    assert len(coverage_table(study, roles=(role,))) == 1
    assert states_by_bodies(study, roles=role).loc["ARG", "lan"] == "operating"


@pytest.mark.parametrize("members", [[], [("arg", "lan")]])
@pytest.mark.parametrize("functions", [[], [("lan", "training")], [("arg", "training")]])
def test_the_table_is_text_whatever_is_in_it(members, functions):
    table = coverage_table(study_of(members, functions))
    assert set(map(str, table.dtypes)) == {"str"}
    assert len(table) == (functions != [] and (functions[0][0] == "arg" or members != []))


def test_only_functions_of_the_axis_are_shown():
    codes = [*AXIS, "national_mechanism", "civil_society", "coordination", "norm_promotion", "funding", "other"]
    study = study_of([("arg", "lan")], [("lan", code) for code in codes])
    assert list(coverage_table(study)["function"]) == AXIS
    assert list(states_by_functions(study).columns) == AXIS


def test_a_row_carries_what_is_behind_it():
    memberships = [("arg", "lan", {"basis": "inferred", "evidence": "vague;known"})]
    functions = [
        ("lan", "training", {"evidence": "own;known"}),
        ("lan", "training", {"basis": "external", "evidence": "ref"}),
        ("arg", "training", {"basis": "inferred"}),
    ]
    table = coverage_table(study_of(memberships, functions))
    assert list(table.columns) == [
        "iso3", "function", "via", "status", "holds", "membership_id", "function_id", "basis", "evidence"
    ]  # fmt: skip
    assert table.fillna("-").to_numpy().tolist() == [
        ["ARG", "training", "arg", "operating", "undated", "-", "f3", "inferred", "vague"],
        ["ARG", "training", "lan", "operating", "undated", "m1", "f1", "inferred", "own;known;vague"],
        ["ARG", "training", "lan", "operating", "undated", "m1", "f2", "external", "ref;vague;known"],
    ]


def test_rows_are_in_the_order_of_the_axes():
    memberships = [(state, body) for body in ("oas", "lan") for state in ("bol", "arg", "cub", "gtm", "usa")]
    functions = [(body, function) for function in ("training", "prevention") for body in ("oas", "lan")]
    found = claims(memberships, functions, "iso3 function via")
    assert found == [
        f"{s} {function} {via}" for s in ORDER for function in ("prevention", "training") for via in ("lan", "oas")
    ]


def test_on_a_day_both_links_have_to_hold():
    gone = {"start_edtf": "1990", "end_edtf": "1991-01-01"}
    memberships = [("arg", "lan", {"evidence": "known"}), ("bol", "lan"), ("cub", "lan", gone)]
    functions = [("lan", "training", {"evidence": "known"}), ("lan", "reaction", {"date_edtf": "2013"})]
    assert claims(memberships, functions, "iso3 function holds", at=DAY) == [
        "ARG reaction possible",
        "ARG training yes",
        "BOL reaction possible",
        "BOL training possible",
    ]
    certain = {"at": DAY, "reading": "certain"}
    assert claims(memberships, functions, "iso3 function holds", **certain) == ["ARG training yes"]
    assert claims(memberships, functions, "iso3 function", at="1990-06") == [
        f"{state} {function}" for state in ("CUB", "ARG", "BOL") for function in ("reaction", "training")
    ]
    study = study_of(memberships, functions)
    grid = states_by_functions(study, **certain)
    assert (grid == "operating").to_numpy().sum() == 1
    assert grid.loc["ARG", "training"] == "operating"
    assert list(states_by_bodies(study, **certain)["lan"]) == ["silent", "silent", "silent", "operating", "silent"]
    assert list(states_by_bodies(study, DAY)["lan"]) == ["silent", "silent", "silent", "operating", "operating"]
    assert list(states_by_bodies(study)["lan"]) == ["silent", "silent", "operating", "operating", "operating"]


def test_a_cell_is_as_firm_as_the_firmest_claim_with_its_status():
    functions = [
        ("arg", "training", {"basis": "inferred", "evidence": "known"}),
        ("arg", "training", {"evidence": "vague"}),
        ("arg", "training", {"status": "planned", "evidence": "known"}),
        ("arg", "reaction", {"basis": "inferred"}),
        ("arg", "reaction", {"status": "denied", "evidence": "known"}),
    ]
    cells = coverage_cells(study_of([], functions), "functions", DAY)
    assert list(cells.columns) == ["iso3", "function", "status", "holds", "basis"]
    assert list(zip(cells["iso3"], cells["function"], strict=True)) == [(s, f) for s in ORDER for f in AXIS]
    said = cells[cells["status"] != "silent"]
    assert said.to_numpy().tolist() == [
        ["ARG", "reaction", "operating", "possible", "inferred"],
        ["ARG", "training", "operating", "yes", "explicit"],
    ]
    assert cells.loc[cells["status"] == "silent", ["holds", "basis"]].isna().all(axis=None)
    memberships = [("arg", "iachr", {"basis": "inferred", "evidence": "known"}), ("arg", "oas", {"status": "planned"})]
    cells = coverage_cells(study_of(memberships), "bodies", DAY)
    assert cells[cells["status"] != "silent"].to_numpy().tolist() == [["ARG", "oas", "operating", "yes", "inferred"]]


def test_claims_that_reach_no_state_are_counted_by_body_function_and_status():
    memberships = [("arg", "lan"), ("dnk", "oas"), ("bol", "oas", {"status": "denied"})]
    functions = [
        ("lan", "training"),
        ("iachr", "monitoring"),
        ("iachr", "monitoring"),
        ("oas", "training", {"status": "denied"}),
        ("oas", "prevention", {"status": "potential"}),
        ("oas", "norm_promotion"),
        ("nm-arg", "training"),
        ("office-dnk", "training"),
    ]
    study = study_of(memberships, functions)
    assert unreached_claims(study).to_numpy().tolist() == [
        ["iachr", "oas", "monitoring", "operating", 2],
        ["oas", "oas", "prevention", "potential", 1],
        ["oas", "oas", "training", "denied", 1],
        ["office-dnk", "office-dnk", "training", "operating", 1],
    ]
    n_reached = coverage_table(study)["function_id"].nunique()
    assert unreached_claims(study)["n_claims"].sum() + n_reached == len(functions) - 1
    assert len(unreached_claims(study, DAY, reading="certain")) == 0
    assert len(unreached_claims(study_of())) == 0


def test_claims_whose_listed_members_have_all_left_reach_nobody_and_are_counted():
    gone = {"start_edtf": "1990", "end_edtf": "1991-01-01"}
    memberships = [("arg", "oas"), ("bol", "iacthr", gone)]
    functions = [("iacthr", "adjudication"), ("iacthr", "training"), ("oas", "prevention"), ("lan", "training")]
    study = study_of(memberships, functions)
    for table in (coverage_table, unreached_claims, coverage_cube):
        counts = {name: table(study, DAY).attrs[name] for name in ("n_unreached", "n_members_gone")}
        assert counts == {"n_unreached": 3, "n_members_gone": 2}  # nobody was ever named of the network
        there = table(study, "1990-06-01").attrs
        assert (there["n_unreached"], there["n_members_gone"]) == (1, 0)
    assert unreached_claims(study, DAY)["via"].tolist() == ["oas", "oas", "lan"]
    assert "n_unreached" not in coverage_of(study, "arg", DAY).attrs


def test_without_states_the_columns_stay():
    empty = tiny_study(actors=ACTORS)
    assert states_by_functions(empty).shape == (0, 8)
    assert list(states_by_bodies(empty).columns) == ["oas", "lan"]


def test_an_unknown_matrix_is_refused():
    with pytest.raises(ValueError, match="unknown matrix 'function': did you mean 'functions'"):
        coverage_cells(study_of(), "function")


@pytest.mark.parametrize("order", [1, -1])
def test_the_strongest_claim_of_a_cell_is_shown(order):
    for i, strongest in enumerate(STRENGTH):
        functions = [("arg", "training", {"status": status}) for status in STRENGTH[i:]]
        grid = states_by_functions(study_of([], functions[::order]))
        assert grid.loc["ARG", "training"] == strongest
        assert (grid == "silent").to_numpy().sum() == grid.size - 1


def test_silence_is_not_denial():
    grid = states_by_functions(study_of([("arg", "lan")], [("lan", "early_warning", {"status": "denied"})]))
    assert grid.loc["ARG", "early_warning"] == "denied"
    assert grid.loc["BOL", "early_warning"] == "silent"
    assert grid.loc["ARG", "rebuilding"] == "silent"


def test_uncovered_rows_and_columns_stay():
    study = study_of()
    grid = states_by_functions(study)
    assert (list(grid.index), list(grid.columns)) == (ORDER, AXIS)
    assert (grid.index.name, grid.columns.name) == ("iso3", "function")
    assert set(grid.to_numpy().flat) == {"silent"}
    grid = states_by_bodies(study)
    assert (list(grid.index), list(grid.columns)) == (ORDER, ["oas", "lan"])
    assert (grid.index.name, grid.columns.name) == ("iso3", "body")
    assert set(grid.to_numpy().flat) == {"silent"}
    assert (states_by_functions(study, DAY) == "silent").to_numpy().all()
    unsorted = study.with_tables(regions=study.regions[::-1])
    assert list(states_by_functions(unsorted).index) == list(states_by_bodies(unsorted).index) == ORDER


def test_the_matrix_is_what_the_long_table_says():
    rng = np.random.default_rng(3)
    states, bodies = ["usa", "gtm", "cub", "arg", "bol"], ["oas", "lan", "iachr", "iacthr", "nm-arg", "arg"]
    memberships = [
        (states[s], bodies[b], {"status": STRENGTH[k]}) for s, b, k in rng.integers(0, [5, 4, 4], size=(12, 3))
    ]
    functions = [(bodies[b], AXIS[f], {"status": STRENGTH[k]}) for b, f, k in rng.integers(0, [6, 8, 4], size=(30, 3))]
    study = study_of(memberships, functions)
    table, grid = coverage_table(study), states_by_functions(study)
    assert len(table) > 40
    for iso3 in ORDER:
        for function in AXIS:
            here = set(table.loc[(table["iso3"] == iso3) & (table["function"] == function), "status"])
            assert grid.loc[iso3, function] == next((status for status in STRENGTH if status in here), "silent")


def test_bodies_show_any_status_of_membership_and_roll_organs_up():
    statuses = ["planned", "denied", "suspended", "self_suspended", "withdrawn"]
    rows = [(state.lower(), "lan", {"status": s}) for state, s in zip(ORDER, statuses, strict=True)]
    grid = states_by_bodies(study_of([*rows, ("arg", "iachr"), ("dnk", "oas"), ("arg", "nm-arg")]))
    assert list(grid["lan"]) == statuses
    assert list(grid["oas"]) == ["silent", "silent", "silent", "operating", "silent"]
    assert list(grid.columns) == ["oas", "lan"]


@pytest.mark.parametrize("order", [1, -1])
def test_the_strongest_membership_of_a_cell_is_shown(order):
    codes = ["operating", "planned", "potential", "denied", "suspended", "self_suspended", "withdrawn"]
    for i, strongest in enumerate(codes):
        rows = [("arg", "lan", {"status": status}) for status in codes[i:]]
        assert states_by_bodies(study_of(rows[::order])).loc["ARG", "lan"] == strongest


def test_the_fixed_bodies_come_in_their_order():
    fixed = ["un", "oas", "caricom", "sica", "unasur", "celac", "lan", "focal-points"]
    actors = [{"actor_id": body} for body in sorted(fixed)]
    rows = [{"actor_id": "arg", "body_id": "aipr-school"}]
    assert list(states_by_bodies(tiny_study(actors=actors, regions=REGIONS, memberships=rows)).columns) == fixed


def test_a_study_without_the_fixed_bodies_shows_its_own():
    rows = [{"actor_id": "arg", "body_id": "mercosur"}, {"actor_id": "arg", "body_id": "alba"}]
    grid = states_by_bodies(tiny_study(memberships=rows, regions=REGIONS))
    assert list(grid.columns) == ["alba", "mercosur"]
    assert list(grid.loc["ARG"]) == ["operating", "operating"]


@pytest.mark.parametrize("function", [coverage_table, states_by_functions, states_by_bodies, unreached_claims])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"reading": "sure"}, "unknown reading 'sure': allowed: certain, possible"),
        ({"reading": "certain"}, "reading 'certain' needs a date"),
        ({"roles": ["membr"]}, r"unknown role 'membr': did you mean 'member'\?"),
        ({"roles": 3}, r"role: 3 is no list of names; give one, as in \['member'\]"),
        ({"roles": [None]}, "unknown role None: allowed: member"),
        ({"reading": ["possible"]}, r"unknown reading \['possible'\]: did you mean 'possible'"),
        ({"at": "soon"}, "'soon' is not an EDTF date"),
        ({"at": True}, "'True' is not an EDTF date"),
    ],
)
def test_a_wrong_question_says_what_is_allowed(function, options, message):
    with pytest.raises(ValueError, match=message):
        function(study_of(), **options)


@pytest.mark.parametrize(
    "function", [coverage_table, states_by_functions, states_by_bodies, unreached_claims, coverage_cube, cube_bodies]
)
@pytest.mark.parametrize("study", [None, "data", {}])
def test_what_is_no_study_is_named(function, study):
    with pytest.raises(ValueError, match=f"{study!r} is no study: give what load_study"):
        function(study)
