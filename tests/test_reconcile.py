"""Reports of one event, places in a series, proposals and merging: small studies by hand, and the shipped one."""

from math import log, sqrt

import numpy as np
import pandas as pd
import pytest

from r2p_analysis.chronology import (
    contradictions,
    merge_proposals,
    merged,
    ordinal_conflicts,
    reconcile,
)
from r2p_analysis.schema import check_references, check_tables
from r2p_analysis.study import load_study
from tests.tiny import tiny_study

BOTH = ["coded", "reference"]


@pytest.fixture(scope="module")
def both():
    return load_study(layers=BOTH)


def study_of(kept, *reports, conflicts=()):
    """Study with one event, what is kept as its date, and reports of it."""
    rows = [
        {"event_id": "e", "date_edtf": text, "basis": basis, "evidence": evidence}
        for text, basis, evidence in (
            report if isinstance(report, tuple) else (report, "explicit", "p") for report in reports
        )
    ]
    return tiny_study(events=[{"event_id": "e", "date_edtf": kept}], event_dates=rows, conflicts=conflicts)


def only_row(study):
    table = reconcile(study)
    assert len(table) == 1
    return table.iloc[0]


# ---- dated reports


def test_the_launch_of_the_network_refines_to_march_2012_from_two_passages(study):
    launch = reconcile(study).set_index("event_id").loc["lan-launch"]
    assert launch[["outcome", "date_edtf", "in_events", "check"]].tolist() == ["refined", "2012-03", "2012-03", "ok"]
    assert launch["rows"].split(";") == [
        "event_dates:lan-launch+2012+explicit",
        "event_dates:lan-launch+2012-03+explicit",
    ]
    assert launch["evidence"].split(";") == ["icrtop-10058-10210", "icrtop-19258-19312"]


def test_the_dates_of_the_atrocities_prevention_board_are_a_conflict(study):
    board = reconcile(study).set_index("event_id").loc["apb-founding"]
    assert board["outcome"] == "conflict"
    assert board["accounts"].split(";") == ["2011-08", "2012-04"]
    assert board[["date_edtf", "coded", "reference"]].isna().all()
    assert {row.split("+")[1] for row in board["rows"].split(";")} == {"2011-08", "2012", "2012-04"}
    assert "apb-date" in board["conflicts"].split(";")
    assert {"icrtop-32510-32570", "icrtop-15371-15441"} <= set(board["evidence"].split(";"))
    assert board[["in_events", "check"]].tolist() == ["2012-04", "ok"]


def test_the_two_second_seminars_are_a_conflict(both):
    (place,) = ordinal_conflicts(both).to_dict("records")
    assert (place["series"], place["ordinal"], place["outcome"]) == ("lemkin-la", 2, "conflict")
    assert place["event_ids"] == "lemkin-la-2;lemkin-la-2014-held"
    assert place["rows"] == "events:lemkin-la-2;events:lemkin-la-2014-held"
    assert place["dates"] == "2013-11;2014-06"
    assert {"ext-lemkin-second-seminar", "lemkin-second"} == set(place["conflicts"].split(";"))
    assert set(place["evidence"].split(";")) == {"AIPR2014OCT", "LANAR2015", "icrtop-22450-22531"}
    # The coded layer by itself knows of one second seminar.
    assert len(ordinal_conflicts(load_study())) == 0


def test_the_shipped_tables_pass_every_check_and_each_layer_keeps_its_own(both, study):
    assert set(reconcile(study)["check"]) == {"ok"}
    table = reconcile(both)
    assert set(table["check"]) == {"ok"}
    assert table.attrs["layers"] == tuple(BOTH)
    launch = table.set_index("event_id").loc["lan-launch"]
    assert launch[["outcome", "coded"]].tolist() == ["conflict", "2012-03"]
    assert launch["accounts"] == "2012-03-29/2012-03-30;2012-04"
    mechanism = table.set_index("event_id").loc["nm-pry-founding"]
    assert mechanism[["outcome", "coded", "reference"]].tolist() == ["refined", "2013-04", "2013-04-17/2013-04-18"]
    # No dated report and no dated event is passed over.
    assert set(table["event_id"]) == set(both.event_dates["event_id"])
    assert table["n_reports"].sum() == len(both.event_dates)


@pytest.mark.parametrize(
    ("reports", "outcome", "date", "accounts"),
    [
        (["2012"], "single", "2012", "2012"),
        (["2012", ("2012", "external", "R")], "agree", "2012", "2012"),
        (["2012", "2012-03", "2012-03-29"], "refined", "2012-03-29", "2012-03-29"),
        (["2012", "2012-03", "2012-04"], "conflict", None, "2012-03;2012-04"),
        (["[2012-03..2012-06]", "[2012-05..2012-08]"], "overlap", None, "[2012-03..2012-06];[2012-05..2012-08]"),
        (["2012/2014", "2013"], "overlap", None, "2012/2014;2013"),
        (["[2012,2014]", "2013"], "conflict", None, "2013;[2012,2014]"),
        (["[2012,2014]", "2014"], "refined", "2014", "2014"),
        (["[..2012]", "2012-05"], "refined", "2012-05", "2012-05"),
        (["[..2012]", "[2012-05..]"], "overlap", None, "[..2012];[2012-05..]"),
        (["[..2012]", "[2013..]"], "conflict", None, "[..2012];[2013..]"),
        (["2012?", "2012"], "refined", "2012", "2012"),
    ],
)
def test_nested_reports_refine_and_disjoint_ones_do_not(reports, outcome, date, accounts):
    row = only_row(study_of(date or "2012", *reports))
    assert row["outcome"] == outcome
    assert (None if pd.isna(row["date_edtf"]) else row["date_edtf"]) == date
    assert row["accounts"] == accounts
    assert row["n_reports"] == len(reports)


@pytest.mark.parametrize(
    ("kept", "reports", "conflict", "check"),
    [
        ("2012", ["2012"], None, "ok"),
        ("2012", ["2012", "2012-03"], None, "not the refinement"),
        ("2012-03", ["2012-03", "2012-04"], None, "no conflict names it"),
        ("2012-03", ["2012-03", "2012-04"], "date", "ok"),
        ("2012-03", ["2012-03", "2012-04"], "name", "no conflict names it"),
        ("2012-05", ["2012-03", "2012-04"], "date", "not one of the reports"),
        (None, ["2012-03"], None, "no date kept"),
        ("2012", [], None, "no report"),
    ],
)
def test_the_date_of_the_event_and_the_conflicts_are_checked(kept, reports, conflict, check):
    conflicts = [{"conflict_id": "c", "kind": conflict, "rows": "actors:a;events:e"}] if conflict else []
    row = only_row(study_of(kept, *reports, conflicts=conflicts))
    assert row["check"] == check
    assert (row["conflicts"] == "c") == (conflict == "date")


def test_a_correction_names_the_event_too_and_layers_are_told_apart():
    conflicts = [{"conflict_id": "c", "kind": "date", "rows": "ties:t", "corrected_rows": "events:e"}]
    row = only_row(
        study_of("2012-03", ("2012-03", "inferred", "p;q"), ("2011", "external", "R;p"), conflicts=conflicts)
    )
    assert row[["coded", "reference", "conflicts", "evidence"]].tolist() == ["2012-03", "2011", "c", "R;p;q"]


def test_an_event_without_a_date_has_no_row():
    assert len(reconcile(tiny_study(events=[{"event_id": "e"}]))) == 0


def test_one_place_for_two_events_is_open_where_their_dates_allow_one_day():
    rows = [("a", "2012", 1), ("b", "2012-03", 1), ("c", None, 1), ("d", "2013", 2), ("e", None, None)]
    events = [{"event_id": i, "date_edtf": t, "series": "s", "ordinal": o, "evidence": i} for i, t, o in rows]
    (place,) = ordinal_conflicts(tiny_study(events=events)).to_dict("records")
    assert (place["event_ids"], place["dates"], place["outcome"]) == ("a;b;c", "2012;2012-03;", "open")
    assert place["evidence"] == "a;b;c"
    assert pd.isna(place["conflicts"])


# ---- proposals


def pair_study(**second):
    """Two events with everything in common but what is given of the second, and a third to weigh words."""
    first = {
        "event_id": "a",
        "title": "Seminar in Panama",
        "kind": "seminar",
        "date_edtf": "2012-03-05",
        "place": "Panama City",
        "country_iso3": "PAN",
        "evidence": "p",
    }
    third = {
        "event_id": "z",
        "title": "Speech",
        "kind": "speech",
        "date_edtf": "1990",
        "place": "Lima",
        "country_iso3": "PER",
    }
    actors = [
        {"actor_id": actor, "event_id": event}
        for event in ("a", "b", "z")
        for actor in (["x"] if event != "z" else ["y"])
    ]
    second = first | {"event_id": "b", "evidence": "q"} | second
    return tiny_study(events=[first, second, third | {"evidence": "r"}], participations=actors)


def parts(study):
    row = merge_proposals(study, least=0).set_index(["event_id", "other_id"]).loc[("a", "b")]
    return row[["date", "title", "participants", "place", "kind"]].astype("float64").tolist(), row["score"]


def test_two_rows_that_are_alike_in_everything_score_one():
    assert parts(pair_study()) == (pytest.approx([1] * 5), pytest.approx(1))


@pytest.mark.parametrize(
    ("second", "part", "value"),
    [
        ({"date_edtf": "2012"}, 0, 1),  # the day lies within the year
        ({"date_edtf": "[2012-03-01..2012-03-05]"}, 0, 1),
        ({"date_edtf": "2012-03-06"}, 0, 0),
        ({"date_edtf": "[2012-03-05..]"}, 0, 1),
        ({"date_edtf": None}, 0, None),
        ({"place": "Colón"}, 3, 0),
        ({"place": None}, 3, 0.5),
        ({"place": None, "country_iso3": "CRI"}, 3, 0),
        ({"place": None, "country_iso3": None}, 3, None),
        ({"kind": "roundtable"}, 4, 0.5),
        ({"kind": "publication"}, 4, 0),
        ({"title": "SEMINAR in Panamá"}, 1, 1),
        ({"title": "Launch of a book"}, 1, 0),
    ],
)
def test_a_part_is_what_it_is_said_to_be(second, part, value):
    found, score = parts(pair_study(**second))
    expected = [1.0] * 5
    expected[part] = np.nan if value is None else value
    assert found == pytest.approx(expected, nan_ok=True)
    weights = [3, 3, 2, 2, 1]
    assert score == pytest.approx((11 - weights[part] * (1 - (0.25 if value is None else value))) / 11)


def test_rare_words_count_more():
    (_, title, *_), _ = parts(pair_study(title="Seminar in Lima"))
    # Of three titles "seminar" and "in" stand in two, "panama" and "lima" in one.
    common, rare = log(3 / 2), log(3)
    assert title == pytest.approx(2 * common**2 / (2 * common**2 + rare**2))


def test_dates_overlap_as_a_share_of_the_narrower_one():
    (date, *_), _ = parts(pair_study(date_edtf="2012-03-04/2012-03-06"))
    assert date == 1
    study = pair_study(date_edtf="[2012-03-05..2012-03-14]")
    events = study.events.assign(date_edtf=study.events["date_edtf"].replace("2012-03-05", "[2012-03-01..2012-03-06]"))
    (date, *_), _ = parts(study.with_tables(events=events))
    assert date == pytest.approx(2 / 6)


@pytest.mark.parametrize(
    ("events", "links"),
    [
        ({"part_of": "a"}, []),
        ({}, [{"event_id": "b", "relation": "outcome_of", "other_id": "a"}]),
        ({}, [{"event_id": "a", "relation": "next_in_series", "other_id": "b"}]),
    ],
)
def test_pairs_that_the_tables_tell_apart_are_not_proposed(events, links):
    study = pair_study(**events)
    study = study.with_tables(event_links=tiny_study(event_links=links).event_links)
    assert len(merge_proposals(study, least=0.9)) == 0
    assert len(merge_proposals(pair_study(), least=0.9)) == 1


def test_meetings_of_one_series_are_told_apart_by_number_or_by_date():
    def n_proposed(date, one, other):
        events = pair_study(date_edtf=date).events.assign(
            series="s", ordinal=pd.array([one, other, None], dtype="Int64")
        )
        found = merge_proposals(pair_study().with_tables(events=events), least=0)
        return ((found["event_id"] == "a") & (found["other_id"] == "b")).sum()

    assert n_proposed("2012-03-05", 1, 1) == n_proposed("2012-03-05", 1, None) == 1
    assert n_proposed("2012-03-05", 1, 2) == n_proposed("2012-03-06", 1, None) == 0


def test_the_shipped_study_has_its_open_pairs_among_the_first(both):
    found = merge_proposals(both)
    assert found["score"].is_monotonic_decreasing
    assert found["score"].between(0.5, 1).all()
    first = found.iloc[:4]
    assert set(first["same_as"].dropna()) == {
        "lemkin-la-2014-held-same-as-lemkin-la-next",
        "caracas-symposium-same-as-caracas-workshop",
        "igarape-book-same-as-igarape-new-directions",
    }
    # The coded row comes first: it is the one to keep.
    assert first.loc[0, ["event_id", "other_id"]].tolist() == ["lemkin-la-next", "lemkin-la-2014-held"]
    evidence = both.events.set_index("event_id")["evidence"]
    assert first.loc[0, "evidence"] == f"{evidence['lemkin-la-next']};{evidence['lemkin-la-2014-held']}"
    # The three other links are too thin to be proposed: no date, no place, other words.
    assert both.event_links["relation"].eq("same_as").sum() == 6


def test_nothing_is_proposed_of_nothing_and_a_score_is_asked_for_within_its_range():
    assert len(merge_proposals(tiny_study())) == 0
    assert len(merge_proposals(tiny_study(events=[{"event_id": "a", "title": "A talk", "evidence": "p"}]))) == 0
    with pytest.raises(ValueError, match="least is 50"):
        merge_proposals(tiny_study(), least=50)


def test_participants_are_compared_as_titles_are():
    study = pair_study()
    more = [{"actor_id": "w", "event_id": "b"}, {"actor_id": "y", "event_id": "b"}]
    both = pd.concat([study.participations, tiny_study(participations=more).participations], ignore_index=True)
    (_, _, participants, *_), _ = parts(study.with_tables(participations=both))
    x, y, w = log(3 / 2), log(3 / 2), log(3)
    assert participants == pytest.approx(x * x / (x * sqrt(x * x + y * y + w * w)))


# ---- merging


def test_merged_rows_name_the_event_that_is_kept_and_no_report_is_lost(both):
    pairs = [("lemkin-la-next", "lemkin-la-2014-held"), ("caracas-workshop", "caracas-symposium")]
    one = merged(both, pairs)
    gone = {"lemkin-la-2014-held", "caracas-symposium"}
    for name, frame in one.tables.items():
        for column in frame.select_dtypes("str"):
            cells = frame[column].dropna().str.split(";").explode().str.removeprefix("events:")
            assert not set(cells) & gone, f"{name}.{column}"
    assert len(one.events) == len(both.events) - 2
    assert len(one.event_links) == len(both.event_links) - 2  # only the links between them are gone
    assert len(one.event_dates) == len(both.event_dates)
    assert len(one.participations) == len(both.participations)
    assert check_references(dict(one.tables), one.descriptor) == check_tables(dict(one.tables), one.descriptor) == []
    assert one.notes[-2:] == (
        "merged by request: caracas-symposium into caracas-workshop",
        "merged by request: lemkin-la-2014-held into lemkin-la-next",
    )
    workshop = one.events.set_index("event_id").loc["caracas-workshop"]
    assert workshop[["title", "date_edtf", "evidence"]].tolist() == [
        "Workshop on R2P in Caracas", "2012-02-28", "WFUNACARACAS;icrtop-25157-25275",
    ]  # fmt: skip
    reports = reconcile(one).set_index("event_id").loc["caracas-workshop"]
    assert reports[["outcome", "n_reports", "check"]].tolist() == ["refined", 2, "ok"]


def test_the_study_stays_as_it_was_and_no_pairs_change_nothing(both):
    before = {name: frame.copy() for name, frame in both.tables.items()}
    merged(both, merge_proposals(both).iloc[:1])
    same = merged(both, [])
    for name, frame in before.items():
        pd.testing.assert_frame_equal(both.tables[name], frame)
        pd.testing.assert_frame_equal(same.tables[name], frame)


def test_the_kept_row_takes_over_what_it_lacks_and_disjoint_dates_become_a_conflict():
    events = [
        {"event_id": "a", "date_edtf": "2012", "place": "Lima", "evidence": "q"},
        {
            "event_id": "b",
            "date_edtf": "2013",
            "place": "Quito",
            "series": "s",
            "ordinal": 3,
            "part_of": "a",
            "evidence": "p;q",
        },
        {"event_id": "c", "date_edtf": "2013", "evidence": "r"},
    ]
    reports = [
        {"event_id": e, "date_edtf": d, "evidence": x}
        for e, d, x in [("a", "2012", "q"), ("b", "2013", "p"), ("c", "2013", "r")]
    ]
    study = tiny_study(events=events, event_dates=reports)
    # Along a chain of pairs, whatever their order.
    for pairs in ([("a", "b"), ("b", "c")], [("b", "c"), ("a", "b")]):
        one = merged(study, pairs)
        (row,) = one.events.to_dict("records")
        assert (row["event_id"], row["place"], row["series"], row["ordinal"]) == ("a", "Lima", "s", 3)
        assert (row["date_edtf"], row["evidence"]) == ("2012", "p;q;r")
        assert pd.isna(row["part_of"])
        assert only_row(one)[["outcome", "check"]].tolist() == ["conflict", "no conflict names it"]
        # Two reports of one date and basis are one row, with the evidence of both.
        assert one.event_dates["evidence"].tolist() == ["q", "p;r"]


def test_merging_shows_what_it_would_contradict(both):
    one = merged(both, [("lemkin-la-2", "lemkin-la-1")])
    # The second seminar came next after the first, which it now is; that says nothing any more.
    assert "lemkin-la-2-next-in-series-lemkin-la-1" not in set(one.event_links["link_id"])
    # The visits of June are part of what is now kept in November.
    assert contradictions(one)["rows"].tolist() == ["events:lemkin-la-2;events:lemkin-la-1-visits"]
    assert reconcile(one).set_index("event_id").loc["lemkin-la-2", "outcome"] == "conflict"


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("a", "d")], "unknown event 'd': allowed: a, b, c"),
        ([("a", "a")], "'a' would be merged into itself"),
        ([("a", "b"), ("b", "a")], "would be merged into itself: b into a into b"),
        ([("a", "c"), ("b", "c")], "'c' is merged into 'a' and into 'b'"),
    ],
)
def test_what_cannot_be_merged_is_refused(pairs, message):
    study = tiny_study(events=[{"event_id": i, "evidence": "p"} for i in "abc"])
    with pytest.raises(ValueError, match=message):
        merged(study, pairs)
