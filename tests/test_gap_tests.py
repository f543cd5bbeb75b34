"""Gaps and absences against chance: expected values by writing out every matrix, or every set of independent cells."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from tiny import tiny_study

from r2p_analysis.coverage import (
    gap_tests,
    membership_table,
    performers,
    shut_out,
    subregion_of,
    surprising_absences,
)
from r2p_analysis.study import load_study

DAY = "2014-09-08"
SEVEN = ["oas", "caricom", "sica", "unasur", "celac", "lan", "focal-points"]
SIZES = [35, 14, 8, 12, 33, 18, 5]
NAMED = {"focal-points": ("explicit", "inferred")}
BUILT = {"purpose-built": ["lan", "focal-points"]}

# The BiCM of rows 001, 010, 101 as the R package backbone prints it, to three places.
PUBLISHED = np.array([[0.216, 0.216, 0.568], [0.216, 0.216, 0.568], [0.568, 0.568, 0.863]])
SMALL = pd.DataFrame([[0, 0, 1], [0, 1, 0], [1, 0, 1]], index=["ARG", "BOL", "CUB"], columns=["a", "b", "c"])
# Five states in four bodies; 65 matrices have its margins.
WIDER = pd.DataFrame(
    [[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 1], [0, 0, 1, 0], [0, 1, 0, 0]],
    index=["ARG", "BOL", "CUB", "DOM", "ECU"],
    columns=["a", "b", "c", "d"],
)
GROUPS = {"ARG": "south", "BOL": "south", "CUB": "isles", "DOM": "isles", "ECU": "south"}


def every_matrix(table, closed=None):
    """All 0/1 matrices with the margins of a table and no 1 in a closed cell."""
    cells, m = table.to_numpy(), table.shape[1]
    rows = [[np.isin(range(m), chosen) for chosen in combinations(range(m), n)] for n in cells.sum(axis=1)]
    drawn = [np.array(one) for one in product(*rows)]
    drawn = [one for one in drawn if (one.sum(axis=0) == cells.sum(axis=0)).all()]
    return np.array([one for one in drawn if closed is None or not (one & closed).any()])


def bare(cells, table, bodies, states=None):
    """How many of the states are in none of the bodies, for each of some matrices."""
    columns = [table.columns.get_loc(body) for body in bodies]
    rows = [i for i, state in enumerate(table.index) if states is None or state in states]
    return (~cells[:, rows][:, :, columns].any(axis=2)).sum(axis=1)


def of_independent(chances, table, bodies, states=None):
    """Law of that count when cells are independent: every 0/1 matrix written out."""
    law = np.zeros(len(table) + 1)
    for ones in product([0, 1], repeat=chances.size):
        cells = np.array(ones).reshape(chances.shape)
        weight = np.where(cells == 1, chances, 1 - chances).prod()
        law[bare(cells[None], table, bodies, states)[0]] += weight
    return law


def fitted(cells, free):
    """Chances x y / (1 + x y) of free cells with the margins of a matrix, one margin after the other until they fit."""
    x, y = np.ones((len(cells), 1)), np.ones(cells.shape[1])
    for _ in range(20_000):
        x = cells.sum(axis=1, keepdims=True) / (free * y / (1 + x * y)).sum(axis=1, keepdims=True)
        y = cells.sum(axis=0) / (free * x / (1 + x * y)).sum(axis=0)
    return free * x * y / (1 + x * y)


@pytest.mark.parametrize("tail", ["upper", "lower", "two-sided"])
def test_sampled_tests_agree_with_all_matrices_written_out(tail):
    sets = {"one": ["d"], "two": ["b", "c"], "three": ["b", "c", "d"]}
    table = gap_tests(WIDER, sets, groups=GROUPS, tail=tail, samples=20_000, rng=np.random.default_rng(1))
    every = every_matrix(WIDER)
    assert len(every) == 65
    assert table[["set", "group"]].to_numpy().tolist() == [[s, g] for s in sets for g in ("all", "south", "isles")]
    for row in table.to_dict("records"):
        states = [s for s in WIDER.index if row["group"] in ("all", GROUPS[s])]
        law = bare(every, WIDER, sets[row["set"]], states)
        observed = bare(WIDER.to_numpy()[None].astype(bool), WIDER, sets[row["set"]], states)[0]
        sides = {"upper": (law >= observed).mean(), "lower": (law <= observed).mean()}
        p = min(2 * min(sides.values()), 1) if tail == "two-sided" else sides[tail]
        assert (row["observed"], row["n_states"]) == (observed, len(states))
        assert row["expected"] == pytest.approx(law.mean(), abs=0.03)
        assert row["sd"] == pytest.approx(law.std(), abs=0.03)
        assert row["p"] == pytest.approx(p, abs=0.02)
        assert row["low"] <= np.median(law) <= row["high"]
        assert np.mean((law >= row["low"]) & (law <= row["high"])) >= 0.93
        ends = {"upper": (law == law.max()).mean(), "lower": (law == law.min()).mean()}
        least = min(2 * min(ends.values()), 1) if tail == "two-sided" else ends[tail]
        assert row["attainable"] == pytest.approx(least, abs=0.02)
        error = np.sqrt(p * (1 - p) / 20_001)
        assert row["p_error"] == pytest.approx(error if tail != "two-sided" else row["p_error"], abs=1e-3)
    # How many states a single body misses is its size, and no test.
    assert table.loc[(table["set"] == "one") & (table["group"] == "all"), ["sd", "p"]].to_numpy().tolist() == [[0, 1]]


@pytest.mark.parametrize("tail", ["upper", "lower", "two-sided"])
def test_exact_tests_agree_with_the_published_model_written_out(tail):
    groups = {"ARG": "main", "BOL": "main", "CUB": "isle"}
    table = gap_tests(SMALL, {"ab": ["a", "b"], "c": "c"}, groups=groups, null="bicm", tail=tail)
    for row in table.to_dict("records"):
        states = [s for s in SMALL.index if row["group"] in ("all", groups[s])]
        law, counts = of_independent(PUBLISHED, SMALL, {"ab": "ab", "c": "c"}[row["set"]], states), np.arange(4)
        sides = {"upper": law[counts >= row["observed"]].sum(), "lower": law[counts <= row["observed"]].sum()}
        p = min(2 * min(sides.values()), 1) if tail == "two-sided" else sides[tail]
        assert row["expected"] == pytest.approx(law @ counts, abs=2e-3)
        assert row["sd"] == pytest.approx(np.sqrt(law @ counts**2 - (law @ counts) ** 2), abs=3e-3)
        assert row["p"] == pytest.approx(p, abs=3e-3)
        assert row["p_error"] == 0
        assert row["low"] == counts[law.cumsum() >= 0.025][0]
        assert row["high"] == counts[law.cumsum() >= 0.975][0]
    assert table["observed"].tolist() == [1, 1, 0, 1, 1, 0]


def test_the_exact_attainable_p_is_that_of_the_most_that_the_margins_allow():
    # a and b have one member each: with both in one state two are bare, with one each one is.
    law = of_independent(PUBLISHED, SMALL, "ab")
    upper, lower = (
        gap_tests(SMALL, {"ab": ["a", "b"]}, null="bicm", tail=tail).loc[0, "attainable"] for tail in ("upper", "lower")
    )
    assert upper == pytest.approx(law[2:].sum(), abs=3e-3)
    assert lower == pytest.approx(law[:2].sum(), abs=3e-3)


def test_given_the_scopes_closed_cells_stay_empty():
    closed = pd.DataFrame(False, index=WIDER.index, columns=WIDER.columns)
    closed.loc[["DOM", "ECU"], "d"] = True
    closed.loc[["BOL"], ["c", "d"]] = True
    sets = {"two": ["c", "d"], "one": ["a"]}
    table = gap_tests(WIDER, sets, groups=GROUPS, closed=closed, samples=20_000, rng=np.random.default_rng(1))
    every = every_matrix(WIDER, closed.to_numpy())
    assert len(every) == 21
    for row in table.to_dict("records"):
        states = [s for s in WIDER.index if row["group"] in ("all", GROUPS[s])]
        law = bare(every, WIDER, sets[row["set"]], states)
        assert row["expected_within_scope"] == pytest.approx(law.mean(), abs=0.03)
        assert row["p_within_scope"] == pytest.approx((law >= row["observed"]).mean(), abs=0.02)
        assert row["attainable_within_scope"] == pytest.approx((law == law.max()).mean(), abs=0.02)
    marks = table[["set", "group", "n_shut_out", "definitional"]].to_numpy().tolist()
    assert marks == [
        ["two", "all", 1, True],
        ["two", "south", 1, True],
        ["two", "isles", 0, True],
        ["one", "all", 0, False],
        ["one", "south", 0, False],
        ["one", "isles", 0, False],
    ]
    exact = gap_tests(WIDER, sets, closed=closed, null="bicm")
    apart = 1 - fitted(WIDER.to_numpy(), ~closed.to_numpy())
    # Cells that the margins decide are only approached by such steps.
    assert exact["expected_within_scope"].tolist() == pytest.approx([apart[:, 2:].prod(axis=1).sum(), 2], abs=1e-4)


def test_a_function_that_nobody_performs_is_no_test_but_stays():
    row = gap_tests(WIDER, {"nobody": []}, samples=50, rng=np.random.default_rng(1)).loc[0]
    assert row[["observed", "expected", "p", "attainable", "can_reach"]].tolist() == [
        5, 5, 1, 1, False
    ]  # fmt: skip
    shut = WIDER == 2
    assert gap_tests(WIDER, {"nobody": []}, closed=shut, null="bicm").loc[0, "n_shut_out"] == 0
    exact = gap_tests(WIDER, {"nobody": []}, null="bicm").loc[0]
    assert exact[["observed", "expected", "p", "attainable"]].tolist() == [5, 5, 1, 1]
    assert len(gap_tests(WIDER, {}, null="bicm")) == 0
    assert gap_tests(WIDER.iloc[:0], {"two": ["a", "b"]}, null="bicm")[["n_states", "p"]].to_numpy().tolist() == [
        [0, 1]
    ]


def test_a_group_called_as_the_row_of_all_states_is_refused():
    groups = dict.fromkeys(WIDER.index, "south") | {WIDER.index[0]: "all"}
    with pytest.raises(ValueError, match="groups: a group is called 'all', as the row of all states is; give it anoth"):
        gap_tests(WIDER, {"ab": ["a", "b"]}, groups=groups, null="bicm")


def test_many_tests_are_corrected_for():
    sets = {f"{a}{b}": [a, b] for a, b in combinations("abcd", 2)}
    p = gap_tests(WIDER, sets, null="bicm", correction=None)
    assert (p["p_adjusted"] == p["p"]).all()
    holm = gap_tests(WIDER, sets, null="bicm", correction="holm")
    assert holm["p_adjusted"].min() == pytest.approx(min(6 * p["p"].min(), 1))
    assert "6 tests" in holm.attrs["power"]


def test_the_same_seed_gives_the_same_table_and_the_sentences_are_there():
    one, other = (gap_tests(WIDER, {"ab": ["a", "b"]}, samples=200, rng=np.random.default_rng(5)) for _ in range(2))
    pd.testing.assert_frame_equal(one, other)
    # (b + 1) / (n + 1): a share of 201, and never 0.
    assert (one["p"] * 201).tolist() == pytest.approx((one["p"] * 201).round().tolist(), abs=1e-9)
    assert one.attrs["note"] == "Coverage is not protection."
    assert "200 matrices" in one.attrs["methods"]
    assert "1 tests can reach p = 0.05" in one.attrs["power"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"null": "fdsm"}, "unknown null 'fdsm': allowed: fixed_margins, bicm"),
        ({"null": "bicm", "tail": "uper"}, "unknown tail 'uper': did you mean 'upper'"),
        ({"null": "bicm", "correction": "fdr"}, "unknown correction 'fdr'"),
        ({"null": "bicm", "level": 5}, "level is 5; allowed: more than 0 and less than 1"),
        ({}, "rng=None: random numbers are needed; pass rng=numpy"),
        ({"rng": 7}, "rng=7: random numbers are needed"),
        ({"null": "bicm", "level": "high"}, "level='high': a number is needed, as in 0.05"),
        ({"null": "bicm", "level": True}, "level=True: a number is needed"),
        ({"null": "bicm", "samples": -5}, "samples=-5: a whole number from 1 is needed"),
        ({"null": "bicm", "samples": 9.5}, r"samples=9\.5: a whole number from 1"),
        ({"null": "bicm", "groups": ["x"]}, r"groups: \['x'\] gives no name a value; give a mapping"),
        ({"null": "bicm", "closed": [[False]]}, r"closed: \[\[False\]\] is no pandas.DataFrame; see shut_out"),
        ({"null": "bicm", "groups": {"ARG": "x"}}, "states without a group: BOL, CUB"),
        ({"null": "bicm", "closed": SMALL.T == 1}, "closed has other states or bodies than the table"),
        ({"null": "bicm", "closed": SMALL == 1}, "members that the scope does not admit: ARG in c, BOL in b, CUB in a"),
    ],
)
def test_a_wrong_question_says_what_is_allowed(options, message):
    with pytest.raises(ValueError, match=message):
        gap_tests(SMALL, {"ab": ["a", "b"]}, **options)


@pytest.mark.parametrize(
    ("table", "sets", "message"),
    [
        (SMALL, ["a"], r"sets: \['a'\] gives no name a value; give a mapping, as in \{'purpose-built': "),
        (SMALL, {"x": 3}, "body: 3 is no list of names"),
        (SMALL.to_numpy(), {"x": ["a"]}, r"table: a ndarray of shape \(3, 3\) is no pandas.DataFrame; see membership"),
        (pd.concat([SMALL, SMALL]), {"x": ["a"]}, "table names the row 'ARG' twice: name each once"),
        (pd.concat([SMALL, SMALL], axis=1), {"x": ["a"]}, "table names the column 'a' twice"),
    ],
)
def test_tables_and_sets_that_cannot_be_read_are_refused(table, sets, message):
    with pytest.raises(ValueError, match=message):
        gap_tests(table, sets, null="bicm")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bodies": ["lam"]}, "unknown body 'lam': did you mean 'lan'"),
        ({"bodies": 3}, "body: 3 is no list of names"),
        ({"bodies": ["lan", "lan"]}, "body 'lan' stands twice"),
        ({"status": ["operatin"]}, "unknown status 'operatin': did you mean 'operating'"),
    ],
)
def test_bodies_and_statuses_are_known_ones(both, options, message):
    for function in (membership_table, performers):
        with pytest.raises(ValueError, match=message):
            function(both, "2014-09-08", **options)
    one = membership_table(both, "2014-09-08", bodies="lan")
    assert one.equals(membership_table(both, "2014-09-08", bodies=["lan"]))


def test_a_basis_is_given_by_body_and_a_table_of_the_study_is_shut_out_of(both):
    with pytest.raises(ValueError, match=r"basis: \['explicit'\] gives no name a value"):
        membership_table(both, basis=["explicit"])
    with pytest.raises(ValueError, match=r"table: None is no pandas.DataFrame; see membership_table"):
        shut_out(both, None)
    with pytest.raises(ValueError, match="unknown state 0: allowed"):
        shut_out(both, pd.DataFrame({"lan": [True]}))


def test_an_unknown_body_and_a_bad_cell_are_refused():
    with pytest.raises(ValueError, match="unknown body 'lam': did you mean 'lan'"):
        gap_tests(SMALL.rename(columns={"a": "lan"}), {"x": ["lam"]}, null="bicm")
    with pytest.raises(ValueError, match=r"cell \('ARG', 'a'\) is 2"):
        gap_tests(SMALL.replace({"a": {0: 2}}), {"x": ["a"]}, null="bicm")


# ---- absences


def test_absences_under_the_published_model():
    table = surprising_absences(SMALL, null="bicm", correction="holm")
    assert len(table) == 5
    for row in table.to_dict("records"):
        chance = PUBLISHED[SMALL.index.get_loc(row["iso3"]), SMALL.columns.get_loc(row["body"])]
        assert row["p"] == pytest.approx(1 - chance, abs=1e-3)
        assert row["expected"] == pytest.approx(chance, abs=1e-3)
        assert row["p_adjusted"] == pytest.approx(min(9 * row["p"], 1), abs=0.01) or row["p"] > table["p"].min()
        assert row["n_of_state"] == SMALL.loc[row["iso3"]].sum()
        assert row["n_of_body"] == SMALL[row["body"]].sum()
    assert table["p"].is_monotonic_increasing
    assert table.loc[0, "p"] == pytest.approx(0.432, abs=1e-3)
    assert table.attrs["power"] == "0 of 9 cells could be a surprise at p = 0.05; the smallest attainable p is 0.137."


def test_absences_by_sampling_agree_with_all_matrices_also_within_scopes():
    closed = pd.DataFrame(False, index=WIDER.index, columns=WIDER.columns)
    closed.loc[["DOM", "ECU"], "d"] = True
    closed.loc["BOL", "c"] = True
    table = surprising_absences(
        WIDER, closed=closed, null="fixed_margins", samples=20_000, rng=np.random.default_rng(2)
    )
    every, within = every_matrix(WIDER), every_matrix(WIDER, closed.to_numpy())
    assert len(table) == (WIDER == 0).to_numpy().sum()
    for row in table.to_dict("records"):
        at = WIDER.index.get_loc(row["iso3"]), WIDER.columns.get_loc(row["body"])
        assert row["p"] == pytest.approx((~every[:, *at]).mean(), abs=0.02)
        assert row["p_error"] == pytest.approx(np.sqrt(row["p"] * (1 - row["p"]) / 20_001))
        assert row["definitional"] == closed.loc[row["iso3"], row["body"]]
        if row["definitional"]:
            assert np.isnan([row["p_within_scope"], row["expected_within_scope"], row["p_adjusted_within_scope"]]).all()
        else:
            assert row["p_within_scope"] == pytest.approx((~within[:, *at]).mean(), abs=0.02)
    # What the scopes rule out is no surprise, and comes last.
    assert table["definitional"].tolist() == [False] * (len(table) - 3) + [True] * 3


def test_one_hole_in_a_full_corner_is_the_surprise():
    cells = pd.DataFrame(np.triu(np.ones((12, 12), dtype=int)), index=[f"S{i}" for i in range(12)])
    cells.loc["S0", 11] = 0
    table = surprising_absences(cells)
    assert table.loc[0, ["iso3", "body"]].tolist() == ["S0", 11]
    assert table.loc[0, "p"] < 0.05
    assert table.loc[1, "p"] > 0.05
    # Benjamini and Hochberg over 144 tests, those of the 77 memberships that are there with p = 1.
    p = np.sort(np.append(table["p"].to_numpy(), np.ones(77)))
    by_hand = [min([1, *(144 * p[j] / (j + 1) for j in range(i, 144))]) for i in range(len(table))]
    assert len(table) == 144 - 77
    assert table["p_adjusted"].tolist() == pytest.approx(by_hand)
    assert surprising_absences(cells, correction=None)["p_adjusted"].equals(table["p"].rename("p_adjusted"))
    shut = pd.DataFrame(False, index=cells.index, columns=cells.columns)
    shut.loc["S0", 11] = True
    assert surprising_absences(cells, closed=shut).iloc[-1][["iso3", "body", "definitional"]].tolist() == [
        "S0",
        11,
        True,
    ]


def test_without_a_cell_there_is_nothing_to_test():
    table = surprising_absences(SMALL.iloc[:0])
    assert (len(table), table.attrs["power"]) == (0, "There is no cell that could be empty.")


# ---- who belongs where


def test_a_table_of_members_takes_the_rows_that_are_asked_for():
    rows = [
        {"actor_id": "arg", "body_id": "lan"},
        {"actor_id": "bol", "body_id": "lan", "basis": "external"},
        {"actor_id": "bol", "body_id": "iachr", "basis": "external"},
        {"actor_id": "cub", "body_id": "lan", "status": "planned"},
        {"actor_id": "cub", "body_id": "oas", "role": "observer"},
    ]
    actors = [{"actor_id": "oas"}, {"actor_id": "lan"}, {"actor_id": "iachr", "parent_id": "oas"}]
    study = tiny_study(memberships=rows, actors=actors, regions=[{"iso3": c} for c in ("ARG", "BOL", "CUB")])
    table = membership_table(study)
    assert (list(table.columns), table.columns.name, table.index.name) == (["oas", "lan"], "body", "iso3")
    assert set(map(str, table.dtypes)) == {"bool"}
    members = {body: list(table.index[table[body]]) for body in table}
    assert members == {"oas": ["BOL"], "lan": ["ARG", "BOL"]}
    named = membership_table(study, bodies=["lan", "oas"], basis={"lan": "explicit"})
    assert {body: list(named.index[named[body]]) for body in named} == {"lan": ["ARG"], "oas": ["BOL"]}
    assert not membership_table(study, basis={"oas": "explicit"})["oas"].any()  # an organ's rows are its body's
    assert membership_table(study, status=("operating", "planned"))["lan"].tolist() == [True] * 3
    with pytest.raises(ValueError, match="unknown body 'laan': did you mean 'lan'"):
        membership_table(study, basis={"laan": "explicit"})
    with pytest.raises(ValueError, match="unknown basis 'coded'"):
        membership_table(study, basis={"lan": "coded"})
    assert not membership_table(tiny_study(regions=[{"iso3": "ARG"}], actors=actors)).to_numpy().any()


def test_a_later_row_that_does_not_count_does_not_outdo_one_that_does():
    rows = [
        {"actor_id": "arg", "body_id": "lan"},
        {"actor_id": "arg", "body_id": "lan", "start_edtf": "2020-01-01", "basis": "external"},
    ]
    study = tiny_study(memberships=rows, regions=[{"iso3": "ARG"}])
    assert not membership_table(study, DAY, bodies=["lan"]).loc["ARG", "lan"]
    assert membership_table(study, DAY, bodies=["lan"], basis={"lan": ("explicit",)}).loc["ARG", "lan"]


def test_performers_are_bodies_with_their_organs():
    functions = [
        {"body_id": "iachr", "function": "monitoring"},
        {"body_id": "lan", "function": "training"},
        {"body_id": "oas", "function": "training", "status": "planned"},
        {"body_id": "arg", "function": "reaction"},
    ]
    actors = [{"actor_id": "oas"}, {"actor_id": "lan"}, {"actor_id": "iachr", "parent_id": "oas"}]
    study = tiny_study(functions=functions, actors=actors, regions=[{"iso3": "ARG"}])
    found = performers(study)
    assert {f: bodies for f, bodies in found.items() if bodies} == {"training": ["lan"], "monitoring": ["oas"]}
    assert len(found) == 8
    assert performers(study, status=("operating", "planned"))["training"] == ["oas", "lan"]
    assert performers(study, bodies=["lan"])["monitoring"] == []
    with pytest.raises(ValueError, match="unknown status 'operates': did you mean 'operating'"):
        performers(study, status="operates")


# ---- the shipped study: 35 states and seven bodies


@pytest.fixture(scope="module")
def both():
    return load_study(layers=("coded", "reference"))


@pytest.fixture(scope="module")
def seven(both):
    return membership_table(both, DAY, bodies=SEVEN, basis=NAMED)


def test_35_states_and_seven_bodies_have_125_ties(seven):
    assert seven.shape == (35, 7)
    assert seven.sum().tolist() == SIZES
    assert list(seven.index[seven["focal-points"]]) == ["USA", "CRI", "GTM", "ARG", "URY"]
    assert seven.to_numpy().sum() == 125


@pytest.mark.parametrize("seed", range(6))
def test_16_states_are_in_no_purpose_built_network(seven, seed):
    row = gap_tests(seven, BUILT, samples=4000, rng=np.random.default_rng(seed)).loc[0]
    assert (row["n_states"], row["observed"]) == (35, 16)
    assert row["expected"] == pytest.approx(14.1, abs=0.1)
    assert 0.05 < row["p"] < 0.12
    assert row["can_reach"]


def test_the_caribbean_is_what_stands_out_and_scopes_fix_it(both, seven):
    closed = shut_out(both, seven)
    assert closed.sum().to_dict() == dict(zip(SEVEN, [0, 19, 26, 23, 2, 16, 0], strict=True))
    assert not (closed & seven).to_numpy().any()
    options = {"groups": subregion_of(both), "closed": closed, "samples": 2000, "rng": np.random.default_rng(0)}
    table = gap_tests(seven, BUILT, **options)
    rows = table.set_index("group")
    assert rows["observed"].to_dict() == {
        "all": 16, "northern_america": 1, "central_america": 1, "caribbean": 12, "south_america": 2
    }  # fmt: skip
    assert rows.loc["caribbean", "p_adjusted"] < 0.05
    assert (rows["p_adjusted"].drop("caribbean") > 0.05).all()
    assert rows["definitional"].all()
    # With the scopes given, sizes leave nothing to chance.
    assert (rows["expected_within_scope"] == rows["observed"]).all()
    assert (rows["attainable_within_scope"] == 1).all()


def test_no_absence_of_the_seven_bodies_is_a_surprise(both, seven):
    table = surprising_absences(seven, closed=shut_out(both, seven))
    assert len(table) == 245 - 125
    assert table["p"].min() > 0.05
    assert (table.loc[table["body"].eq("lan") & table["definitional"], "iso3"]).nunique() == 16
    assert table.loc[0, ["iso3", "body"]].tolist() == ["DOM", "caricom"]


def test_a_body_is_one_column_of_members(both):
    with pytest.raises(ValueError, match="body 'lan' stands twice"):
        membership_table(both, "2014-09-08", bodies=["lan", "oas", "lan"])


def test_without_scopes_nothing_is_called_definitional_or_not():
    table = pd.DataFrame({"a": [1, 1, 0, 0], "b": [1, 0, 1, 0]}, index=list("WXYZ"))
    for found in (gap_tests(table, {"special": ["a"]}, null="bicm"), surprising_absences(table)):
        assert not {"definitional", "n_shut_out"} & set(found)
    nobody = pd.DataFrame(False, index=table.index, columns=table.columns)
    assert gap_tests(table, {"special": ["a"]}, closed=nobody, null="bicm")["definitional"].tolist() == [False]
    assert not surprising_absences(table, closed=nobody)["definitional"].any()
