"""The reference layer of the shipped study: who belonged where, by hand, and what every row of it rests on."""

import csv
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from r2p_analysis import dates
from r2p_analysis.schema import resources
from r2p_analysis.spells import members_at, memberships_at
from r2p_analysis.study import load_study
from r2p_analysis.years import turnover

TABLES = Path(__file__).resolve().parents[1] / "data" / "tables"
SIX = ["arg", "bra", "chl", "col", "per", "pry"]

# Members at the end of the year, by the bodies' own lists.
AT_THE_END_OF = [
    ("un", 1945, 22),
    ("un", 1975, 29),
    ("un", 1983, 35),
    ("oas", 2010, 34),  # all but Honduras
    ("oas", 2012, 35),
    ("caricom", 2014, 15),  # 14 of the 35, and Montserrat
    ("sica", 2010, 7),
    ("sica", 2018, 8),  # with the Dominican Republic
    ("unasur", 2010, 12),
    ("unasur", 2012, 11),  # all but Paraguay
    ("unasur", 2018, 6),
    ("celac", 2010, 0),
    ("celac", 2011, 33),
    ("celac", 2021, 32),  # all but Brazil
    ("lan", 2011, 0),
    ("lan", 2012, 18),
]


@pytest.fixture(scope="module")
def reference():
    return load_study(layers="reference")


@pytest.fixture(scope="module")
def both():
    return load_study(layers=("coded", "reference"))


def rows(name):
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lasts_on(row, day):
    """Half-open, on the cells as text: ISO dates sort as they run; qualifiers and brackets fall away."""
    start, end = (row[column].strip("[.]").rstrip("?~]") for column in ("start_edtf", "end_edtf"))
    return start <= day and (not end or end > day)


def statuses(body, actor, day):
    wanted = {"basis": "external", "body_id": body, "actor_id": actor}
    return [row["status"] for row in rows("memberships") if wanted.items() <= row.items() and lasts_on(row, day)]


# ---- numbers


@pytest.mark.parametrize(("body", "year", "n"), AT_THE_END_OF)
def test_members_at_the_end_of_a_year(body, year, n, reference):
    wanted = {"basis": "external", "role": "member", "status": "operating", "body_id": body}
    found = [r["actor_id"] for r in rows("memberships") if wanted.items() <= r.items() and lasts_on(r, f"{year}-12-31")]
    assert len(found) == len(set(found)) == n
    assert members_at(reference, body, f"{year}-12-31", roles=["member"]) == sorted(found)


def test_caricom_has_14_of_the_states_and_montserrat(reference):
    states = set(reference.regions["iso3"].str.lower())
    assert set(members_at(reference, "caricom", "2014-12-31", roles=["member"])) - states == {"msr"}
    associates = members_at(reference, "caricom", "2014-12-31", roles=["associate"])
    assert associates == ["aia", "bmu", "cym", "tca", "vgb"]


def test_celac_begins_on_the_third_of_december_2011(reference):
    assert members_at(reference, "celac", "2011-12-02") == []
    assert len(members_at(reference, "celac", "2011-12-03")) == 33
    assert {"can", "usa"}.isdisjoint(members_at(reference, "celac", "2011-12-03"))


@pytest.mark.parametrize(
    ("body", "actor", "before", "first", "last", "after", "status"),
    [
        ("oas", "hnd", "2009-07-03", "2009-07-04", "2011-05-31", "2011-06-01", "suspended"),
        ("unasur", "pry", "2012-06-28", "2012-06-29", "2013-08-14", "2013-08-15", "suspended"),
        ("oas", "cub", "1962-01-30", "1962-01-31", "2009-06-02", "2009-06-03", "suspended"),
        ("celac", "bra", "2020-01-15", "2020-01-16", "2023-01-04", "2023-01-05", "self_suspended"),
    ],
)
def test_who_is_suspended_is_no_member_in_between(body, actor, before, first, last, after, status, reference):
    for day, expected in ((before, "operating"), (first, status), (last, status), (after, "operating")):
        assert statuses(body, actor, day) == [expected]
        assert (actor in members_at(reference, body, day)) == (expected == "operating")
        assert (actor in members_at(reference, body, day, status=[status])) == (expected == status)


def test_six_states_stay_away_from_unasur_by_their_own_decision(reference):
    assert members_at(reference, "unasur", "2018-04-20", status=["self_suspended"]) == SIX
    assert members_at(reference, "unasur", "2018-04-20", status=["suspended"]) == []
    assert members_at(reference, "unasur", "2018-04-19", status=["self_suspended"]) == []


def test_who_left_and_who_came_back(reference):
    left = members_at(reference, "unasur", "2021-01-01", status=["withdrawn"])
    assert left == ["arg", "bra", "chl", "col", "ecu", "pry", "ury"]
    assert members_at(reference, "unasur", "2024-01-01") == ["arg", "bol", "bra", "col", "guy", "sur", "ven"]
    assert members_at(reference, "oas", "2024-01-01", status=["withdrawn"]) == ["nic", "ven"]


def test_after_the_last_reference_nothing_is_certain(reference):
    assert "arg" in members_at(reference, "un", "2040-01-01")
    assert memberships_at(reference, "2040-01-01", reading="certain").empty


def test_the_dominican_republic_is_an_associate_of_sica_first(reference):
    assert "dom" in members_at(reference, "sica", "2013-06-26", roles=["associate"])
    assert "dom" in members_at(reference, "sica", "2013-06-27", roles=["member"])


def test_only_an_appointment_makes_a_focal_point():
    found = [r for r in rows("memberships") if r["body_id"] == "focal-points" and r["basis"] == "external"]
    assert {r["actor_id"] for r in found if r["role"] == "focal_point"} == {"arg", "cri"}
    assert {r["actor_id"] for r in found if r["role"] == "member"} == {"chl", "mex"}
    assert {r["confidence"] for r in found if r["role"] == "participant"} == {"low"}
    assert {"pan", "per"}.isdisjoint(r["actor_id"] for r in found)  # by general knowledge only


# ---- what every row rests on


def test_every_row_of_the_layer_has_a_reference_and_no_passage(both):
    references = set(both.references["ref_id"])
    seen = Counter()
    for name, resource in resources(both.descriptor).items():
        for row in rows(name):
            if row.get("basis") == "external" or resource.get("layer") == "reference":
                assert set(row["evidence"].split(";")) <= references, (name, row)
                seen[name] += 1
    assert {"memberships", "rosters", "commitments", "votes", "functions", "counts", "conflicts"} <= set(seen)
    assert seen["memberships"] == 205


def test_every_reference_says_its_terms_and_none_is_a_coded_document(both):
    assert both.references["licence"].notna().all()
    terms = both.references.set_index("ref_id")["licence"]
    assert terms[["ORGS2020", "VOTERACK", "CIAWFB", "UNTGEN"]].tolist() == [
        "MIT",
        "MIT",
        "public domain (work of the United States government)",
        "unknown: facts only",
    ]
    assert not {"DOCAIPR", "DOCICRTOP"} & set(terms.index)


def test_what_rests_on_general_knowledge_is_not_of_high_confidence():
    known = [r for r in rows("memberships") if "general knowledge" in r["note"]]
    assert {r["actor_id"] for r in known} == {"sur", "tto", "dom"}
    assert {r["confidence"] for r in known} <= {"low", "medium"}
    assert all("-" not in r["start_edtf"] for r in known if r["confidence"] == "medium")


def test_the_coded_layer_is_as_it_was(study):
    for name, resource in resources(study.descriptor).items():
        if "basis" in study.tables[name].columns:
            assert "external" not in set(study.tables[name]["basis"])
        if resource.get("layer") == "reference":
            assert study.tables[name].empty
    assert {"msr", "atg"}.isdisjoint(study.actors["actor_id"])


def test_no_happening_of_a_day_stands_in_both_layers():
    days = {"coded": set(), "external": set()}
    for row in rows("events"):
        if row["date_edtf"][:10].count("-") == 2 and row["country_iso3"]:
            layer = "external" if row["basis"] == "external" else "coded"
            days[layer].add((row["date_edtf"], row["country_iso3"]))
    assert ("2009-02-26/2009-02-27", "MEX") in days["coded"]
    assert ("2014-03-04/2014-03-06", "CRI") in days["external"]
    assert not days["coded"] & days["external"]


# ---- the tables of its own


def test_a_list_holds_as_many_as_it_states():
    lists = Counter((r["body_id"], r["evidence"], r["n_stated"]) for r in rows("rosters"))
    assert lists["lan", "LANAR2015", "17"] == 17
    assert lists["lan", "AIPR2012LAUNCH", "18"] == 18
    for (_, _, stated), n in lists.items():
        assert stated in ("", str(n))


def test_a_list_tells_observers_from_members():
    sica = {r["actor_id"]: r["role"] for r in rows("rosters") if r["body_id"] == "sica"}
    assert Counter(sica.values()) == {"member": 7, "associate": 1, "observer": 8}
    assert sica["dom"] == "associate"


def test_the_vote_of_2012_is_complete_and_that_of_2021_is_not(both):
    by_vote = {vote: set(group["actor_id"]) for vote, group in both.votes.groupby("vote_id")}
    assert by_vote["vote-unga-67-246"] == set(both.regions["iso3"].str.lower())
    assert len(by_vote["vote-unga-75-277"]) == 10
    cast = Counter(both.votes.loc[both.votes["vote_id"] == "vote-unga-67-246", "vote"])
    assert cast == {"yes": 22, "no": 6, "abstain": 2, "absent": 5}


def test_a_list_without_dates_bounds_a_commitment():
    found = {r["commitment_id"]: r["date_edtf"] for r in rows("commitments")}
    assert found["blz-act-code-supports"] == "[..2015-09-01]"
    assert found["dma-genocide-convention-acceded"] == "2019-05-13"
    assert not any("../" in date.replace("[..", "") for date in found.values())
    assert len(found) == 211


def test_known_disagreements_say_what_our_spells_say():
    """Ours is every status in any part of the years; of an edition of the Factbook, of the year before, too."""
    spells = [r for r in rows("memberships") if r["basis"] == "external"]
    found = rows("known_disagreements")
    for row in found:
        first = int(row["first_year"]) - (row["dataset_id"] == "CIAWFB")
        since, until = f"{first}-01-01", f"{row['last_year']}-12-31"
        ours, disputed = set(), set()
        for spell in spells:
            if (spell["body_id"], spell["actor_id"]) == (row["body_id"], row["actor_id"]):
                begins = dates.bounds(spell["start_edtf"])[0]
                ends = dates.bounds(spell["end_edtf"])[1] if spell["end_edtf"] else "no end"
                if str(begins) <= until and str(ends) > since:
                    said = spell["status"] if spell["status"] != "operating" else spell["role"]
                    ours.add(said)
                    disputed |= {said} if spell["confidence"] == "disputed" else set()
        assert set(row["our_value"].split(";")) == (ours or {"none"}), row
        # Of two disputed accounts a data set may have taken the one.
        assert row["dataset_says"] not in ours or (row["actor_id"], disputed) == ("ven", {"member", "withdrawn"})
        assert row["first_year"] <= row["last_year"]
    assert len(found) == 40
    assert {r["dataset_id"] for r in found} == {"CIAWFB", "COWIGO3", "RESTCOUNTRIES2", "ULFELDERIO"}


@pytest.mark.parametrize(
    "event", ["caricom-founding", "celac-founding", "iacthr-installation", "sica-operation", "vote-hrc-44-14"]
)
def test_where_accounts_differ_both_stay_and_a_conflict_says_so(event, both):
    stated = both.event_dates.loc[both.event_dates["event_id"] == event, "date_edtf"]
    assert dates.refine(sorted(stated)) is None
    named = both.conflicts.loc[both.conflicts["basis"] == "external", "rows"].str.split(";").explode()
    assert f"events:{event}" in set(named)


def test_mechanisms_of_states(reference):
    ties = reference.ties[reference.ties["relation"] == "mechanism_of"]
    found = {(t.actor_id, t.target_id, t.status) for t in ties.itertuples()}
    assert found == {
        ("nm-arg", "arg", "operating"),
        ("nm-pry", "pry", "operating"),
        ("nm-cri", "cri", "operating"),
        ("apb", "usa", "operating"),
        ("ecu-ombudsman", "ecu", "planned"),
    }


def test_both_layers_tell_a_suspension_that_the_coded_one_does_not_know(both):
    assert "pry" not in members_at(both, "unasur", "2012-12-31")
    assert len(members_at(both, "unasur", "2012-12-31")) == 11
    assert members_at(both, "unasur", "1945") == []
    counts = turnover(both, "unasur", 2010, 2020)["n_members"]
    assert counts[[2010, 2012, 2018, 2020]].tolist() == [12, 11, 6, 4]
    assert any("pry in unasur" in note for note in both.notes)


def test_un_membership_is_certain_as_long_as_votes_were_cast(both):
    assert len(members_at(both, "un", "2014-09-08", reading="certain")) == 35
    assert len(members_at(both, "un", "1975-12-31", reading="certain")) == 29


def test_the_accounts_of_venezuela_both_stand(reference):
    rows = memberships_at(reference, "2022-01-01", body="oas", status=["operating", "withdrawn"])
    assert set(rows.loc[rows["actor_id"] == "ven", "status"]) == {"operating", "withdrawn"}
    assert set(rows.loc[rows["actor_id"] == "ven", "holds"]) == {"possible"}


def test_the_reference_layer_alone_has_whatever_its_rows_name(reference):
    actors, events = set(reference.actors["actor_id"]), set(reference.events["event_id"])
    assert set(reference.memberships["actor_id"]) | set(reference.memberships["body_id"]) <= actors
    assert set(reference.participations["actor_id"]) <= actors
    assert set(reference.participations["event_id"]) <= events
    coded = reference.events[reference.events["basis"] != "external"]
    days = reference.event_dates.groupby("event_id")["date_edtf"].agg(set)
    assert len(coded)
    for event, text in zip(coded["event_id"], coded["date_edtf"], strict=True):
        agreed = len(days.get(event, ())) == 1  # two disjoint reports of the launch of the Network settle nothing
        assert (days[event] == {text}) if agreed else pd.isna(text)
    assert [note for note in reference.notes if "actors of the coded layer" in note]
