"""Times from one event to another against pairs of days enumerated one by one, and the shipped study by hand."""

import math
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from r2p_analysis import dates, load_study, members_at
from r2p_analysis.chronology import survival, time_to, turnbull
from r2p_analysis.external import cow, study_of
from tests.tiny import tiny_study

INF = math.inf
LAN = ("event:lan-launch", "tie_to:mechanism_of", "2015-05-29")


def days_of(text):
    return [first + timedelta(n) for first, last in dates.parse(text).runs for n in range((last - first).days + 1)]


def study_with(start, ends, at="2015-05-29", **more):
    """Launch at a date, and a tie of each state, with what its row says; vintage of everything: `at`."""
    states = [{"iso3": actor.upper()} for actor in ends]
    ties = [
        {"actor_id": f"nm-{actor}", "relation": "mechanism_of", "target_id": actor, "evidence": "p", **row}
        for actor, rows in ends.items()
        for row in rows
    ]
    return tiny_study(
        regions=states,
        sources=[{"source_id": "s", "content_until_edtf": at}],
        passages=[{"passage_id": "p", "source_id": "s", "vintage_edtf": at}, *more.get("passages", [])],
        events=[{"event_id": "launch", "date_edtf": start, "evidence": "p", "status": "reported"}],
        ties=ties,
        references=more.get("references", ()),
        event_dates=more.get("event_dates", ()),
    )


def times(study, at="2015-05-29", **options):
    table = time_to(study, "event:launch", "tie_to:mechanism_of", at, **options).set_index("actor_id")
    return {i: (row["left_days"], row["right_days"], row["censored"]) for i, row in table.iterrows()}


@pytest.mark.parametrize("start", ["2012-03-29", "2012-03", "[2012-03-30,2012-04-02]"])
@pytest.mark.parametrize(
    "end", ["2012-03-29", "2012-04", "2013-04-17", "[2013-04-17..2013-04-18]", "2012", "2011", "2012-03-01", "2013?"]
)
def test_the_interval_is_that_of_all_pairs_of_days(start, end):
    gaps = [(b - a).days for a, b in product(days_of(start), days_of(end))]
    left, right, censored = times(study_with(start, {"arg": [{"start_edtf": end}]}))["arg"]
    if max(gaps) < 0:
        assert censored == "before" and math.isnan(left) and math.isnan(right)
    elif min(gaps) < 0:
        assert (left, right, censored) == (-INF, max(gaps), "left")
    elif len(set(gaps)) == 1:
        assert (left, right, censored) == (gaps[0], gaps[0], "exact")
    else:
        # Half-open: the least possible time lies in it, the day before does not.
        assert (left, right, censored) == (min(gaps) - 1, max(gaps), "interval")


def test_what_is_not_recorded_is_censored_on_the_last_observed_day():
    ends = {
        "arg": [{"start_edtf": "2013-04-17"}],
        "bol": [{"status": "planned"}],
        "bra": [{"status": "denied"}],
        "chl": [],
    }
    study = study_with("2012-03", ends)
    days = (date(2015, 5, 29) - date(2012, 3, 31)).days
    found = times(study)
    assert {found[i] for i in ("bol", "bra", "chl")} == {(days, INF, "right")}
    table = time_to(study, "event:launch", "tie_to:mechanism_of", "2020-01-01")
    assert table["says"].tolist() == ["operating", "planned", "denied", "silent"]
    assert (table.attrs["observed_until"], table.attrs["n_silent"]) == ("2015-05-29", 1)
    # An earlier day: what is dated later has not come yet.
    earlier = times(study, at="2013-01-01")
    assert set(earlier.values()) == {((date(2013, 1, 1) - date(2012, 3, 31)).days, INF, "right")}


def test_a_row_without_a_start_had_begun_by_its_vintage():
    passages = [{"passage_id": "q", "source_id": "s", "vintage_edtf": "2013"}, {"passage_id": "r", "source_id": "s"}]
    ends = {
        "arg": [{"evidence": "p;q"}],
        "bol": [{"evidence": "r"}],
        "bra": [{"start_edtf": "[2013..]"}],
        "chl": [{"start_edtf": "[..2014-01-01]"}],
        "col": [{"start_edtf": "[2013..]", "evidence": "r"}],
    }
    found = times(study_with("2012-03-31", ends, passages=passages))
    start = date(2012, 3, 31)
    assert found["arg"] == (-INF, (date(2013, 12, 31) - start).days, "left")
    assert found["bol"][2] == "unknown" and math.isnan(found["bol"][0])
    assert found["bra"] == ((date(2013, 1, 1) - start).days - 1, (date(2015, 5, 29) - start).days, "interval")
    assert found["chl"] == (-INF, (date(2014, 1, 1) - start).days, "left")
    assert found["col"] == ((date(2013, 1, 1) - start).days - 1, INF, "right")


def test_dates_of_one_fact_refine_and_accounts_of_it_leave_open_which_holds():
    ends = {
        "arg": [{"start_edtf": "2013-04"}, {"start_edtf": "[2013-04-17..2013-04-18]"}],
        "bol": [{"start_edtf": "2013"}, {"start_edtf": "2013-06-01", "actor_id": "other"}],
        "bra": [{"start_edtf": "2014-01-01"}, {"start_edtf": "2013-01-01"}, {"status": "planned"}],
    }
    found = times(study_with("2012-03-31", ends))
    start = date(2012, 3, 31)
    assert found["arg"] == ((date(2013, 4, 17) - start).days - 1, (date(2013, 4, 18) - start).days, "interval")
    assert found["bol"] == ((date(2013, 1, 1) - start).days - 1, (date(2013, 6, 1) - start).days, "interval")
    # Two days of one tie exclude each other: any day between them.
    assert found["bra"] == ((date(2013, 1, 1) - start).days - 1, (date(2014, 1, 1) - start).days, "interval")


def test_accounts_of_the_start_that_exclude_each_other_leave_it_open():
    reports = [{"event_id": "launch", "date_edtf": text} for text in ("2012", "2012-03-29/2012-03-30", "2012-04")]
    study = study_with("2012-03-29/2012-03-30", {"arg": [{"start_edtf": "2013-04-17"}]}, event_dates=reports)
    row = time_to(study, "event:launch", "tie_to:mechanism_of", "2015-05-29").set_index("actor_id").loc["arg"]
    assert [str(row[name].date()) for name in ("start_earliest", "start_latest")] == ["2012-03-29", "2012-04-30"]
    end = date(2013, 4, 17)
    days = [(end - date(2012, 4, 30)).days - 1, (end - date(2012, 3, 29)).days]
    assert [row["left_days"], row["right_days"], row["censored"]] == [*days, "interval"]


def test_a_start_after_all_that_is_observed_says_nothing():
    study = study_with("2012-03-31", {"arg": [], "bol": [{"start_edtf": "2013"}]})
    table = time_to(study, "date:2016-01-01", "tie_to:mechanism_of", "2017-01-01")
    assert table["censored"].tolist() == ["unknown"] * 2
    assert table[["left_days", "right_days"]].isna().all(axis=None)
    # Observed up to some day within the start's own: at risk for no time at least.
    table = time_to(study, "date:2015", "tie_to:mechanism_of", "2017-01-01", actors=["arg"])
    assert table[["left_days", "right_days", "censored"]].values.tolist() == [[0, INF, "right"]]


def test_a_start_that_has_not_come_or_is_not_known_puts_nobody_at_risk():
    ends = {"arg": [{"start_edtf": "2013"}]}
    assert times(study_with("2016", ends))["arg"][2] == "not_started"
    assert times(study_with("[..2012]", ends))["arg"][2] == "unknown"
    assert times(study_with("2012-03-31/..", ends))["arg"][2] == "interval"


def test_rules_read_bodies_events_ties_commitments_and_days():
    study = tiny_study(
        regions=[{"iso3": "ARG"}, {"iso3": "BOL"}],
        actors=[
            {"actor_id": "arg", "kind": "state"},
            {"actor_id": "arg-office", "parent_id": "arg", "kind": "office"},
            {"actor_id": "un", "kind": "igo"},
            {"actor_id": "oas", "kind": "igo"},
        ],
        memberships=[
            {"actor_id": "arg", "body_id": "un", "start_edtf": "2000-01-01"},
            {"actor_id": "bol", "body_id": "un", "start_edtf": "2001-01-01", "role": "observer"},
            {"actor_id": "bol", "body_id": "un", "start_edtf": "2000-01-11", "status": "withdrawn"},
            {"actor_id": "arg", "body_id": "oas", "start_edtf": "2000-01-05"},
            {"actor_id": "arg", "body_id": "oas", "start_edtf": "1990-01-01", "status": "suspended"},
        ],
        events=[
            {"event_id": "a", "kind": "seminar", "date_edtf": "2000-01-07", "status": "reported"},
            {"event_id": "b", "kind": "seminar", "date_edtf": "2000-01-02", "status": "announced"},
            {"event_id": "c", "kind": "seminar", "date_edtf": "2000-01-09", "status": "background"},
        ],
        participations=[
            {"actor_id": "arg-office", "event_id": "a", "role": "speaker"},
            {"actor_id": "arg", "event_id": "b", "role": "participant"},
            {"actor_id": "arg", "event_id": "c", "role": "participant"},
        ],
        ties=[{"actor_id": "arg", "relation": "supports", "target_id": "r2p", "start_edtf": "2000-01-21"}],
        commitments=[
            {"actor_id": "arg", "instrument_id": "rome", "action": "signed", "date_edtf": "2000-01-12"},
            {"actor_id": "arg", "instrument_id": "rome", "action": "ratified", "date_edtf": "2000-01-31"},
        ],
    )

    def of(start, end, actor="arg", **options):
        row = time_to(study, start, end, "2010-01-01", **options).set_index("actor_id").loc[actor]
        return row["left_days"], row["right_days"], row["censored"]

    assert of("body:un", "body:oas") == (4, 4, "exact")
    assert of("body:un", "kind:seminar") == (6, 6, "exact")
    assert of("body:un", "kind:seminar", roles=None) == (6, 6, "exact")
    assert of("date:2000-01-01", "kind:seminar", roles=["participant"]) == (8, 8, "exact")
    assert of("body:un", "tie:supports") == (20, 20, "exact")
    assert of("body:un", "commitment:rome") == (11, 11, "exact")
    assert of("commitment:rome/signed", "commitment:rome/ratified") == (19, 19, "exact")
    assert of("date:2000-01", "event:a")[2] == "left"
    # It withdrew, so it had joined; nothing says when. An observer does not belong.
    assert of("date:1999", "body:un", "bol")[2] == "unknown"
    table = time_to(study, "date:1999", "body:un", "2010-01-01", actors="bol")
    assert table["actor_id"].tolist() == ["bol"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": "event:lan-lunch"}, "unknown event 'lan-lunch': did you mean 'lan-launch'"),
        ({"end": "ties:mechanism_of"}, "unknown rule 'ties': did you mean 'tie"),
        ({"end": "tie:mechanism"}, "unknown relation 'mechanism': did you mean 'mechanism_of'"),
        ({"end": "body:uno"}, "unknown body 'uno'"),
        ({"end": "kind:seminars"}, "unknown kind of event 'seminars': did you mean 'seminar'"),
        ({"end": "kind:seminar", "roles": ["guest"]}, "unknown role 'guest'"),
        ({"end": "commitment:rome"}, "unknown instrument 'rome'"),
        ({"start": "date:March"}, "'March' is not an EDTF date"),
        ({"at": "2015"}, "at='2015' is not one day"),
        ({"actors": ["agr"]}, "unknown actor 'agr'"),
        ({"actors": 3}, "actor: 3 is no list of names"),
        ({"end": None}, "unknown rule 'None'"),
        ({"at": None}, "'None' is not an EDTF date"),
    ],
)
def test_what_is_not_there_is_refused(change, message, study):
    options = {"start": LAN[0], "end": LAN[1], "at": LAN[2], **change}
    with pytest.raises(ValueError, match=message):
        time_to(study, **options)


# ---- the shipped study


def test_two_of_eighteen_members_got_a_mechanism_as_the_documents_have_it(study):
    table = time_to(study, *LAN, actors=members_at(study, "lan", "2014-09-08")).set_index("actor_id")
    assert len(table) == 18
    # By hand: launched in March 2012; Argentina in 2012, Paraguay in April 2013, all others silent or planned in 2015.
    days = lambda a, b: (date.fromisoformat(a) - date.fromisoformat(b)).days  # noqa: E731
    assert table.loc["arg", ["left_days", "right_days"]].tolist() == [-INF, days("2012-12-31", "2012-03-01")]
    paraguay = [days("2013-04-01", "2012-03-31") - 1, days("2013-04-30", "2012-03-01")]
    assert table.loc["pry", ["left_days", "right_days"]].tolist() == paraguay
    others = table.drop(["arg", "pry"])
    assert set(others["left_days"]) == {days("2015-05-29", "2012-03-31")} and set(others["right_days"]) == {INF}
    assert sorted(table.index[table["says"] == "planned"]) == ["bol", "ecu", "gtm", "hnd", "nic", "slv", "ury"]
    assert "icrtop-10915-10943" in table.loc["pry", "evidence"]
    steps = survival(turnbull(table["left_days"], table["right_days"])).set_index("time")
    assert steps.loc[425, "survival_high"] == pytest.approx(16 / 18)


def test_both_layers_refine_the_date_and_add_what_references_say():
    study = load_study(layers=("coded", "reference"))
    table = time_to(study, LAN[0], LAN[1], "2018-12-31").set_index("actor_id")
    assert table.loc["pry", ["end_earliest", "end_latest"]].astype("str").tolist() == ["2013-04-17", "2013-04-18"]
    assert table.loc["usa", "end_earliest"] == pd.Timestamp("2012-04-23")
    assert table.loc["cri", "censored"] == "left" and "NM2017D" in table.loc["cri", "evidence"]
    un = time_to(study, "body:un", "body:oas", "2015-01-01").set_index("actor_id")
    assert un.loc["can", "right_days"] == (date(1990, 1, 8) - date(1945, 11, 9)).days
    assert un.loc["lca", "censored"] == "before"


def test_the_same_again(study):
    pd.testing.assert_frame_equal(time_to(study, *LAN), time_to(study, *LAN))
    assert time_to(study, *LAN)["actor_id"].tolist() == sorted(study.regions["iso3"].str.lower())


@pytest.mark.external
def test_joining_one_body_after_another_in_a_data_set_of_organizations():
    path = Path(__file__).resolve().parents[2] / "shared" / "external" / "cow_igo_v3_state_year.csv.gz"
    if not path.is_file():
        pytest.skip(f"no memberships of organizations at {path}")
    study = study_of(cow.load_state_year(path), regions=load_study().regions)
    table = time_to(study, "body:un", "body:oas", "2014-12-31").set_index("actor_id")
    raw = pd.read_csv(path, usecols=["ccode", "year", "un", "oas"])
    numbers = study.regions.set_index(study.regions["iso3"].str.lower())["cow_code"]
    for actor in ("can", "bhs", "guy", "jam"):
        own = raw[raw["ccode"] == int(numbers[actor])]
        joined = {body: own.loc[own[body] == 1, "year"].min() for body in ("un", "oas")}
        first, last = (date(joined["oas"], *md) for md in ((1, 1), (12, 31)))
        start = date(joined["un"], 12, 31), date(joined["un"], 1, 1)
        assert table.loc[actor, "left_days"] == (first - start[0]).days - 1
        assert table.loc[actor, "right_days"] == (last - start[1]).days
