"""What both layers together say, on tables of a few rows and on the shipped study."""

import pandas as pd
import pytest

import r2p_analysis as r2p
from r2p_analysis.layers import join_layers, part_layers
from r2p_analysis.study import load_study


def tables(reports, coded, memberships=()):
    days = pd.DataFrame(reports, columns=["event_id", "date_edtf", "basis"], dtype="str")
    events = pd.DataFrame(list(coded.items()), columns=["event_id", "date_edtf"], dtype="str")
    spells = pd.DataFrame(list(memberships), columns=["actor_id", "body_id", "role", "basis"], dtype="str")
    spells = spells.assign(status="operating")
    return {"events": events, "event_dates": days, "memberships": spells}


def test_nested_dates_refine_and_others_are_told():
    reports = [
        ("a", "2012", "explicit"),
        ("a", "2012-03-29", "external"),
        ("b", "2013", "explicit"),
        ("b", "2014-01", "external"),
        ("c", "2015", "explicit"),
    ]
    joined, notes = join_layers(tables(reports, {"a": "2012", "b": "2013", "c": "2015"}))
    assert joined["events"]["date_edtf"].tolist() == ["2012-03-29", "2013", "2015"]
    assert notes == (
        "refined by both layers together, the dates of: a",
        "not refined, since the layers' reports exclude each other, the dates of: b",
    )


def test_memberships_stated_in_both_layers_are_counted():
    rows = [
        ("arg", "lan", "member", "explicit"),
        ("arg", "lan", "member", "external"),
        ("bra", "lan", "member", "external"),
    ]
    _, notes = join_layers(tables([], {}, rows))
    assert notes == ("1 memberships are stated in both layers; a tie of a network counts them once",)


def test_a_study_without_events_is_joined_as_well():
    assert join_layers({}) == ({}, ())


@pytest.fixture(scope="module")
def whole():
    return load_study(layers=("coded", "reference"))


def test_the_shipped_layers_say_what_they_do_to_each_other(whole, study):
    assert study.notes == ()
    dated = whole.events.set_index("event_id")["date_edtf"]
    assert dated["unga-dialogue-2012"] == "2012-09-05"
    assert study.events.set_index("event_id").at["unga-dialogue-2012", "date_edtf"] == "2012"
    assert "unga-dialogue-2012" in whole.notes[0]
    assert "apb-founding" in whole.notes[1]
    assert any("memberships are stated in both layers" in note for note in whole.notes)


def test_parting_undoes_joining():
    reports = [("a", "2012", "explicit"), ("a", "2012-03-29", "external")]
    before = tables(reports, {"a": "2012"})
    joined, _ = join_layers(before)
    assert part_layers(joined)["events"].equals(before["events"])
    assert part_layers({}) == {}


BOTH = ("coded", "reference")
RESULTS = {
    "memberships_at": lambda s: r2p.memberships_at(s, "2014-09-08"),
    "spells_between": lambda s: r2p.spells_between(s, "oas", "2012", "2014"),
    "membership_years": lambda s: r2p.membership_years(s, 2013, 2014),
    "turnover": lambda s: r2p.turnover(s, "oas", 2013, 2014),
    "event_order": r2p.event_order,
    "counts_by_period": lambda s: r2p.counts_by_period(r2p.event_order(s)),
    "coverage_table": lambda s: r2p.coverage_table(s, "2014-09-08"),
    "coverage_cells": lambda s: r2p.coverage.coverage_cells(s, "bodies", "2014-09-08"),
    "states_by_functions": lambda s: r2p.states_by_functions(s, "2014-09-08"),
    "states_by_bodies": lambda s: r2p.states_by_bodies(s, "2014-09-08"),
    "unreached_claims": lambda s: r2p.coverage.unreached_claims(s, "2014-09-08"),
    "evidence_of": lambda s: r2p.evidence_of(s, "regions", "ARG"),
    "rows_on": lambda s: r2p.rows_on(s, s.regions["evidence"].iloc[0].split(";")[0]),
    "mentions_by_state": r2p.mentions_by_state,
    "all_numbers": r2p.all_numbers,
    "membership_matrix": lambda s: r2p.membership_matrix(r2p.two_mode_network(s, "2014-09-08")),
    "centralities": lambda s: r2p.centralities(r2p.two_mode_network(s, "2014-09-08")),
}


@pytest.mark.parametrize("layers", [("coded",), BOTH], ids="+".join)
@pytest.mark.parametrize("result", RESULTS)
def test_every_table_says_which_layers_it_was_made_of(result, layers):
    assert RESULTS[result](load_study(layers=layers)).attrs["layers"] == layers
