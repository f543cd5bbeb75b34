"""Which days a boundary may be: every case by hand, and single spells against the rules of `holding` day by day."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tiny import tiny_study

from r2p_analysis.holding import rows_at
from r2p_analysis.networks.unknown_days import unknown_days

PASSAGES = [
    {"passage_id": "on-3", "vintage_edtf": "2012-03-03"},
    {"passage_id": "on-9", "vintage_edtf": "2012-03-09"},
    {"passage_id": "lasting", "vintage_edtf": "2012-03-02/2012-03-05"},
    {"passage_id": "lasting-long", "vintage_edtf": "2012-02/2012-03-05"},
    {"passage_id": "vague", "vintage_edtf": "[2012-03-02..2012-03-05]"},
    {"passage_id": "undated", "vintage_edtf": None},
]
REFERENCES = [{"ref_id": "BOOK", "published_edtf": "2012-03-04"}]


def study_of(*rows, **tables):
    """Study of rows (actor, body, start, end, {further cells}); ids m1, m2, ... in that order."""
    names = ("actor_id", "body_id", "start_edtf", "end_edtf")
    cells = [
        {"membership_id": f"m{i}", "evidence": "undated", **dict(zip(names, row[:4], strict=True)), **dict(*row[4:])}
        for i, row in enumerate(rows, 1)
    ]
    return tiny_study(memberships=cells, passages=PASSAGES, references=REFERENCES, **tables)


def days_of(table):
    """Every day left to each boundary, as text, by (membership, boundary)."""
    found = {}
    for row in table.dropna(subset="day_id").itertuples():
        numbers = [day for low, high in row.runs for day in range(low, high + 1)]
        assert len(numbers) == row.n_days
        found[row.membership_id, row.boundary] = [date.fromordinal(day).isoformat() for day in numbers]
    return found


def march(*days):
    return [f"2012-03-{day:02d}" for day in days]


def test_kinds_of_boundaries():
    table = unknown_days(
        study_of(
            ("arg", "lan", "2012", "2013-05-01"),
            ("bol", "lan", "[..2012]", None),
            ("bra", "lan", "2012/2013", "[2014,2016]"),
            ("cub", "lan", "2012-03-04?", "2012-04~"),
        )
    )
    assert table[["membership_id", "boundary", "kind", "n_days"]].fillna({"n_days": 0}).values.tolist() == [
        ["m1", "start", "distribution", 366],
        ["m2", "start", "open", 0],
        ["m2", "end", "not_stated", 0],
        ["m3", "start", "open", 0],
        ["m3", "end", "distribution", 365 + 366],
        ["m4", "end", "distribution", 30],
    ]
    assert table.attrs == {"layers": ("coded",), "together": "body"}


def test_exact_dates_leave_nothing_unknown():
    assert unknown_days(study_of(("arg", "lan", "2012-03-01", "2013-05-01"))).empty
    assert unknown_days(study_of()).empty


def test_the_days_of_a_set_are_its_own_and_not_those_between():
    table = unknown_days(study_of(("arg", "lan", "[2012-03-01,2012-03-03..2012-03-04]", None)))
    assert days_of(table) == {("m1", "start"): march(1, 3, 4)}


@pytest.mark.parametrize(
    ("evidence", "left"),
    [
        ("on-3", march(2, 3)),  # it vouches for the 3rd, so that the spell has begun by then
        ("on-9", march(2, 3, 4, 5, 6)),
        ("lasting", march(2)),
        ("lasting-long", march(2)),
        ("vague", march(2, 3, 4, 5, 6)),
        ("on-9;BOOK;on-3", march(2, 3)),
        ("BOOK", march(2, 3, 4)),
    ],
)
def test_evidence_of_a_known_day_says_that_the_spell_has_begun(evidence, left):
    stated = "[2012-03-02..2012-03-06]"
    table = unknown_days(study_of(("arg", "lan", stated, None, {"evidence": evidence})))
    assert days_of(table) == {("m1", "start"): left}
    ended = unknown_days(study_of(("arg", "lan", stated, "2020-01-01", {"evidence": evidence})))
    assert days_of(ended) == {("m1", "start"): march(2, 3, 4, 5, 6)}


def test_evidence_older_than_the_start_vouches_for_nothing():
    table = unknown_days(study_of(("arg", "lan", "[2012-03-05..2012-03-06]", None, {"evidence": "on-3"})))
    assert days_of(table) == {("m1", "start"): march(5, 6)}


def test_a_spell_begins_before_it_ends():
    table = unknown_days(
        study_of(
            ("arg", "lan", "[2012-03-02..2012-03-06]", "2012-03-04"),
            ("bol", "oas", "2012-03-05", "[2012-03-02..2012-03-07]"),
            ("bra", "sica", "[2012-03-04..2012-03-06]", "[2012-03-02..2012-03-05]"),
            ("cub", "un", "[2012-03-04..2012-03-06]", "[..2012-03-05]"),
            ("per", "celac", "[2012-03-04..2012-03-06]", "2012-03-05/2012-03-05"),
        )
    )
    assert days_of(table) == {
        ("m1", "start"): march(2, 3),
        ("m2", "end"): march(6, 7),
        ("m3", "start"): march(4),
        ("m3", "end"): march(5),
        ("m4", "start"): march(4, 5),
        ("m5", "start"): march(4),
    }


def test_nested_dates_of_one_spell_refine_each_other_and_disjoint_ones_do_not():
    wide, narrow = "[2012-03-01..2012-03-08]", "[2012-03-02..2012-03-03]"
    refined = unknown_days(study_of(("arg", "lan", wide, None), ("arg", "lan", narrow, None)))
    assert days_of(refined) == dict.fromkeys([("m1", "start"), ("m2", "start")], march(2, 3))
    assert refined.dropna(subset="day_id")["day_id"].nunique() == 1

    exact = unknown_days(study_of(("arg", "lan", wide, None), ("arg", "lan", "2012-03-05", None)))
    assert days_of(exact) == {("m1", "start"): march(5)}

    two = study_of(("arg", "lan", wide, None), ("arg", "lan", narrow, None), ("arg", "lan", "2012-03-07", None))
    assert days_of(unknown_days(two))["m1", "start"] == march(*range(1, 9))

    others = [{"status": "suspended"}, {"role": "observer"}, {"actor_id": "bol"}, {"body_id": "oas"}]
    for other in others:
        apart = study_of(("arg", "lan", wide, None), ("arg", "lan", narrow, None, other))
        assert days_of(unknown_days(apart))["m1", "start"] == march(*range(1, 9))


def test_a_refinement_that_the_row_itself_excludes_is_not_taken():
    wide, narrow = "[2012-03-01..2012-03-08]", "[2012-03-05..2012-03-06]"
    table = unknown_days(study_of(("arg", "lan", wide, None, {"evidence": "on-3"}), ("arg", "lan", narrow, None)))
    assert days_of(table) == {("m1", "start"): march(1, 2, 3), ("m2", "start"): march(5, 6)}


def numbers(table):
    rows = table.dropna(subset="day_id")
    return dict(zip(zip(rows["membership_id"], rows["boundary"], strict=True), rows["day_id"], strict=True))


def test_the_same_stated_days_in_one_body_are_one_day():
    rows = [
        ("arg", "lan", "2012-03", "2012-05"),
        ("arg", "lan", "2012-05", None, {"status": "suspended"}),
        ("bol", "lan", "2012-03~", None),
        ("arg", "oas", "2012-03", None),
    ]
    by_body = {("m1", "start"): 0, ("m1", "end"): 1, ("m2", "start"): 1, ("m3", "start"): 0, ("m4", "start"): 2}
    assert numbers(unknown_days(study_of(*rows))) == by_body
    by_actor = {("m1", "start"): 0, ("m1", "end"): 1, ("m2", "start"): 1, ("m3", "start"): 2, ("m4", "start"): 3}
    assert numbers(unknown_days(study_of(*rows), together="actor")) == by_actor


def test_tied_days_are_those_that_all_their_rows_leave():
    stated = "[2012-03-02..2012-03-06]"
    table = unknown_days(study_of(("arg", "lan", stated, None, {"evidence": "on-3"}), ("bol", "lan", stated, None)))
    assert days_of(table) == dict.fromkeys([("m1", "start"), ("m2", "start")], march(2, 3))


def test_nothing_is_tied_without_a_common_day_or_within_one_spell():
    stated = "[2012-03-02..2012-03-06]"
    no_common_day = study_of(("arg", "lan", stated, "2012-03-03"), ("bol", "lan", "2012-03-04", stated))
    assert days_of(unknown_days(no_common_day)) == {("m1", "start"): march(2), ("m2", "end"): march(5, 6)}
    one_spell = study_of(("arg", "lan", stated, stated), ("bol", "lan", stated, None))
    assert len(set(numbers(unknown_days(one_spell)).values())) == 3


def test_an_unknown_choice_is_refused_with_the_choices():
    with pytest.raises(ValueError, match=r"together.*'bodies'.*body, actor"):
        unknown_days(study_of(), together="bodies")


DAYS = [date(2012, 3, 1) + timedelta(days=i) for i in range(8)]
EDGES = [day.isoformat() for day in DAYS[1:-1]]


@st.composite
def boundaries(draw):
    low, high = sorted(draw(st.tuples(st.sampled_from(EDGES), st.sampled_from(EDGES))))
    forms = [None, low, f"[{low}..{high}]", f"[{low},{high}]", f"[..{high}]", f"[{low}..]", f"{low}/{high}"]
    return draw(st.sampled_from(forms))


def vague_days(text):
    """Days that a boundary may be, read without the code under test; None where it has no distribution."""
    if text is None or ".." in text.strip("[]").split("..") or "/" in text or "[.." in text or "..]" in text:
        return None
    if ".." in text:
        low, high = text.strip("[]").split("..")
        return [day for day in EDGES if low <= day <= high]
    return sorted(set(text.strip("[]").split(",")))


def holds(study, choices):
    """What each choice of start and end makes of the row, day by day."""
    cells = pd.concat([study.memberships] * len(choices), ignore_index=True).assign(choice=range(len(choices)))
    for place, column in enumerate(("start_edtf", "end_edtf")):
        cells[column] = pd.array([choice[place] for choice in choices], dtype="str")
    found = [rows_at(study, cells, day, reading="possible").set_index("choice")["holds"] for day in DAYS]
    return [[held.get(i, "no") for held in found] for i in range(len(choices))]


@settings(max_examples=60, deadline=None)
@given(boundaries(), boundaries(), st.sampled_from(["on-3", "on-9", "lasting", "vague", "undated", "on-9;vague"]))
def test_the_days_left_are_those_that_make_a_spell_and_lose_nothing_that_is_certain(start, end, evidence):
    study = study_of(("arg", "lan", start, end, {"evidence": evidence}))
    choices = [(s, e) for s in vague_days(start) or [start] for e in vague_days(end) or [end]]
    stated, *worlds = holds(study, [(start, end), *choices])
    kept = []
    for choice, world in zip(choices, worlds, strict=True):
        is_spell = set(world) != {"no"}
        if is_spell and all(w == "yes" for w, given in zip(world, stated, strict=True) if given == "yes"):
            kept.append(choice)
    assume(kept)
    left = days_of(unknown_days(study))
    for place, (side, text) in enumerate((("start", start), ("end", end))):
        if len(vague_days(text) or []) > 1:
            assert left["m1", side] == sorted({pair[place] for pair in kept})
        else:
            assert ("m1", side) not in left
