"""The shipped tables: what they hold, the rules that imply members, and no sentence of a document."""

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from r2p_analysis import dates
from r2p_analysis.networks import two_mode_network
from r2p_analysis.spells import members_at
from r2p_analysis.study import load_study

ROOT = Path(__file__).resolve().parents[1]
SYSTEMS = {
    "Latin American Network": (
        ["lan", "nm-arg", "nm-pry", "nm-bol"],
        ["lan-launch", "lan-meeting-4", "nm-arg-founding"],
    ),
    "R2P Focal Points": (["focal-points"], ["fp-founding", "fp-meetings"]),
    "OAS": (
        ["oas", "iachr", "iacthr", "cajp", "cim", "iidh"],
        ["uzcategui-judgment", "iachr-dr-visit", "achr-adoption"],
    ),
    "CARICOM": (["caricom", "caricom-secretariat", "caricom-charter"], ["caricom-reform"]),
    "SICA": (["sica", "ccj", "parlacen", "sg-sica", "sica-countries"], ["funpadem-project-run"]),
    "UNASUR": (["unasur"], ["unasur-bolivia"]),
    "CELAC": (["celac"], ["havana-declaration"]),
    "UN": (["unga", "unsc", "unsg", "un-osapg"], ["unga-dialogue-2014", "sg-report-2014-release"]),
    "ICISS": (["iciss"], ["iciss-launch", "iciss-report-release"]),
    "Atrocities Prevention Board": (["apb"], ["apb-founding", "apb-review"]),
    "United States offices": (["owci", "nsc-director", "state-dept", "usaid"], ["owci-founding", "power-appointment"]),
    "Canada's parliamentary group": (["can-parl-group", "can-parliamentarians"], ["can-parl-group-founding"]),
    "Responsibility while Protecting": (["rwp"], ["rousseff-speech", "rwp-note-presentation", "rwp-discussion"]),
    "Lemkin Seminars": (
        ["lemkin-seminar", "lemkin-la"],
        ["lemkin-2008", "lemkin-la-1", "lemkin-la-2", "lemkin-la-next"],
    ),
    "ICRtoP and civil society": (["icrtop", "gcr2p", "migs", "cries"], ["istanbul-conference", "panama-meeting"]),
}


@pytest.fixture(scope="module")
def whole():
    return load_study(layers=("coded", "reference"))


def test_the_size_is_that_of_an_exhaustive_reading(study):
    """The order of magnitude that was set before the reading; less is a sample, far more is padding."""
    relations = len(study.memberships) + len(study.ties) + len(study.participations)
    stances = study.ties["relation"].isin(["supports", "opposes", "wary_of"]).sum()
    assert 160 <= len(study.actors) <= 260
    assert 110 <= len(study.events) <= 140
    assert 280 <= relations <= 560
    assert 130 <= len(study.functions) + stances <= 240
    assert len(study.conflicts) >= 55


def test_passages_are_as_small_as_the_facts(study):
    lengths = study.passages["end"] - study.passages["start"]
    assert lengths.median() < 250
    assert lengths.max() <= 600


def test_every_passage_carries_a_row(whole):
    cited = set()
    for frame in whole.tables.values():
        if "evidence" in frame.columns:
            cited |= set(frame["evidence"].str.split(";").explode())
    assert set(whole.passages["passage_id"]) <= cited
    assert set(whole.references["ref_id"]) <= cited


# ---- rules that imply members


def test_the_network_is_the_latin_states_without_cuba(study):
    """Rule: an official language is Spanish or Portuguese, and the state is not Cuba."""
    latin = study.regions["official_languages"].str.split(";").map(lambda codes: bool({"spa", "por"} & set(codes)))
    implied = set(study.regions.loc[latin, "iso3"].str.lower()) - {"cub"}
    rows = study.memberships[(study.memberships["body_id"] == "lan") & (study.memberships["status"] == "operating")]
    members = rows[rows["actor_id"].isin(study.regions["iso3"].str.lower()) & (rows["role"] == "member")]
    assert len(implied) == 18
    assert set(members["actor_id"]) == implied
    assert "hti" not in implied
    inferred = members[members["basis"] == "inferred"]
    assert 0 < len(inferred) < 18
    assert inferred["note"].str.contains("Cuba").all()


def test_unasur_is_south_america(study):
    """Rule: the sub-region is South America."""
    implied = set(study.regions.loc[study.regions["subregion"] == "south_america", "iso3"].str.lower())
    rows = study.memberships[study.memberships["body_id"] == "unasur"]
    assert len(implied) == 12
    assert set(rows["actor_id"]) == implied
    assert rows.loc[rows["basis"] == "inferred", "note"].str.contains("South America").all()


def test_seven_initiatives_are_planned_and_two_mechanisms_operate(study):
    ties = study.ties[study.ties["relation"] == "mechanism_of"]
    found = ties.groupby("status")["target_id"].agg(set)
    assert found["operating"] == {"arg", "pry"}
    assert found["planned"] == {"bol", "ecu", "slv", "gtm", "hnd", "nic", "ury"}
    parents = study.actors.set_index("actor_id")["parent_id"]
    for actor, state in zip(ties["actor_id"], ties["target_id"], strict=True):
        assert actor == f"nm-{state}"
        assert parents[actor] == state


# ---- traps


def test_the_two_networks_with_focal_points_are_told_apart(study):
    aliases = study.aliases[study.aliases["alias"].str.casefold().isin(["focal point", "focal points"])]
    assert aliases.empty
    focal = set(members_at(study, "focal-points", "2013", roles=["member", "focal_point"]))
    assert focal == {"arg", "cri", "gtm", "ury", "usa"}


def test_only_what_the_text_denies_is_denied_and_few_is_an_extent(study):
    denied = study.functions[study.functions["status"] == "denied"]
    assert len(denied)
    assert not denied["gist"].str.contains(r"\bfew\b").any()


def test_announced_is_not_reported(study):
    announced = study.events[study.events["status"] == "announced"]
    known = {dates.bounds(text)[0].year for text in announced["date_edtf"].dropna()}
    assert known <= {2014, 2015}
    assert {"2014-06", "2014-09"} <= set(announced["date_edtf"].dropna())


def test_the_launch_of_the_network_refines_and_the_boards_dates_are_a_conflict(study):
    reports = study.event_dates.groupby("event_id")["date_edtf"].agg(set)
    assert dates.refine(sorted(reports["lan-launch"])) == "2012-03"
    board = [event for event, stated in reports.items() if {"2011-08", "2012-04"} <= stated]
    assert len(board) == 1
    assert dates.refine(sorted(reports[board[0]])) is None
    assert study.conflicts["rows"].str.split(";").explode().isin([f"events:{board[0]}"]).any()


def test_organs_stand_under_their_bodies_and_sica_under_none(study):
    parents = study.actors.set_index("actor_id")["parent_id"]
    assert parents["iachr"] == parents["iacthr"] == "oas"
    assert (parents == "sica").sum() >= 3
    assert pd.isna(parents["sica"])


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_has_a_relation_a_claim_and_an_event(system, study):
    actors, events = SYSTEMS[system]
    assert set(actors) <= set(study.actors["actor_id"])
    assert set(events) <= set(study.events["event_id"])
    related = pd.concat(
        [study.memberships[["actor_id", "body_id"]].stack(), study.ties[["actor_id", "target_id"]].stack()]
    )
    claimed = pd.concat([study.functions["body_id"], study.counts["subject_id"]])
    assert related.isin(actors).any()
    assert claimed.isin(actors).any()
    took_part = study.participations[study.participations["event_id"].isin(events)]
    assert events
    assert took_part["actor_id"].isin(actors).any()


def test_every_body_of_the_axis_is_in_the_network(study):
    nodes = two_mode_network(study, "2014-09-08").nodes
    assert {"un", "oas", "caricom", "sica", "unasur", "celac", "lan", "focal-points"} <= set(nodes)


# ---- own words


def words(text):
    return [word.casefold() for word in re.findall(r"[^\W_]+", text)]


def test_no_table_shares_a_run_of_13_words_with_a_document_but_names_and_titles(documents):
    runs = set()
    for path in documents.glob("*.txt"):
        text = words(path.read_text(encoding="utf-8"))
        runs |= {tuple(text[i : i + 13]) for i in range(len(text) - 12)}
    assert runs
    named = {"title", "name", "short_name", "alias"}
    shared = []
    for path in sorted((ROOT / "data").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for column in row.keys() - named:
                    text = words(row[column] or "")
                    shared += [
                        (path.name, column, text[i]) for i in range(len(text) - 12) if tuple(text[i : i + 13]) in runs
                    ]
    assert shared == []
