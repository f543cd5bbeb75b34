import pandas as pd
import pytest

from r2p_analysis.external import years

# The letters of a status in each year from 2001 on: out, member, associate, ? missing, a blank for no row.
STATUSES = ("-", "m", "a", "?")


def grid_of(**units):
    rows = [(unit, 2001 + i, letter) for unit, text in units.items() for i, letter in enumerate(text) if letter != " "]
    index = pd.MultiIndex.from_tuples([row[:2] for row in rows], names=["actor_id", "year"])
    return pd.DataFrame({"oas": [STATUSES.index(row[2]) for row in rows]}, index).rename_axis(columns="body_id")


def spells_of(**units):
    found = years.spells(grid_of(**units), {1: "member", 2: "associate"}, missing=3)
    return [tuple(row) for row in found[["role", "start_edtf", "end_edtf"]].to_numpy()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-mmm-", [("member", "2002", "2004")]),
        ("-m---", [("member", "2002", "2002")]),
        ("--mmm", [("member", "2003", "[2005..]")]),
        ("m-m--", [("member", "2001", "2001"), ("member", "2003", "2003")]),
        ("maa--", [("member", "2001", "2001"), ("associate", "2002", "2003")]),
        ("?m---", [("member", "[2001..2002]", "2002")]),
        ("-m??-", [("member", "2002", "[2002..2004]")]),
        ("m?m--", [("member", "2001", "[2001..2002]"), ("member", "[2002..2003]", "2003")]),
        ("-mm??", [("member", "2002", "[2003..]")]),
        ("mm mm", [("member", "2001", "2002"), ("member", "2004", "[2005..]")]),
        ("m? mm", [("member", "2001", "[2001..2002]"), ("member", "2004", "[2005..]")]),
        ("m ?m-", [("member", "2001", "2001"), ("member", "[2003..2004]", "2004")]),
        ("--??-", []),
    ],
)
def test_a_spell_is_consecutive_years_and_missing_ones_leave_its_ends_open(text, expected):
    assert spells_of(hti=text) == expected


def test_the_years_of_one_unit_do_not_run_on_in_the_next():
    found = years.spells(grid_of(arg="-?mmm", hti="   mm"), {1: "member"}, missing=3)
    assert found[["actor_id", "first", "last", "start_edtf", "end_edtf"]].to_numpy().tolist() == [
        ["arg", 2003, 2005, "[2002..2003]", "[2005..]"],
        ["hti", 2004, 2005, "2004", "[2005..]"],
    ]
    # The next unit goes on in the next year.
    found = years.spells(grid_of(arg="mm", hti="  mm"), {1: "member"}, missing=3)
    assert found[["first", "last"]].to_numpy().tolist() == [[2001, 2002], [2003, 2004]]
    found = years.spells(grid_of(arg="mm?", hti="   mm"), {1: "member"}, missing=3)
    assert found["end_edtf"].tolist() == ["[2002..2003]", "[2005..]"]
    found = years.spells(grid_of(arg="mm", hti="  ?m-"), {1: "member"}, missing=3)
    assert found[["start_edtf", "end_edtf"]].to_numpy().tolist() == [["2001", "2002"], ["[2003..2004]", "2004"]]


def test_the_modes_may_stand_the_other_way_round():
    turned = (
        grid_of(oas="-mm").rename_axis(index=["body_id", "year"], columns="actor_id").rename(columns={"oas": "hti"})
    )
    assert years.spells(turned, {1: "member"}, missing=3).loc[0, ["actor_id", "body_id"]].tolist() == ["hti", "oas"]
    assert list(years.cells(turned, STATUSES).columns) == ["actor_id", "body_id", "year", "status"]


def test_every_cell_of_the_grid_is_a_row_and_statuses_are_categories():
    grid = grid_of(arg="-m", hti=" ?").assign(un=1)
    long = years.cells(grid, STATUSES)
    assert list(long["status"].cat.categories) == list(STATUSES)
    assert [tuple(row) for row in long.astype({"year": int}).to_numpy()] == [
        ("arg", "oas", 2001, "-"),
        ("arg", "un", 2001, "m"),
        ("arg", "oas", 2002, "m"),
        ("arg", "un", 2002, "m"),
        ("hti", "oas", 2002, "?"),
        ("hti", "un", 2002, "m"),
    ]
