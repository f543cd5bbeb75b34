"""The numbers that prose quotes: counted again from the raw tables, by another route."""

import csv
import statistics
from itertools import combinations
from pathlib import Path

import pytest

from r2p_analysis.findings import AT, all_numbers, numbers

TABLES = Path(__file__).resolve().parents[1] / "data" / "tables"


def rows(table):
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row.get("basis") != "external"]


@pytest.fixture(scope="module")
def members():
    """Bodies of each state, from operating memberships: all spells of the coded layer may hold in 2014."""
    states = {row["iso3"].lower() for row in rows("regions")}
    found = {state: set() for state in states}
    for row in rows("memberships"):
        counts = row["status"] == "operating" and row["role"] not in ("observer", "participant")
        if counts and row["actor_id"] in states:
            assert not row["end_edtf"]
            assert row["start_edtf"][:5].strip("[") <= AT
            found[row["actor_id"]].add(row["body_id"])
    return found


def test_sources(study):
    found = numbers(study, "sources")
    lengths = [int(row["end"]) - int(row["start"]) for row in rows("passages")]
    coded = [row for path in TABLES.glob("*.csv") for row in rows(path.stem) if "basis" in row]
    assert found["n_documents"] == 2
    assert found["n_passages"] == len(lengths)
    assert found["median_passage"] == int(statistics.median(lengths))
    assert found["n_explicit"] == sum(row["basis"] == "explicit" for row in coded)
    assert found["n_inferred"] == sum(row["basis"] == "inferred" for row in coded)
    assert found["n_states_named"] + found["n_states_unnamed"] == found["n_states"] == 35
    assert found["n_conflicts"] == len(rows("conflicts"))


def test_states_that_are_named_have_an_explicit_row_of_their_own(study):
    ids = {row["iso3"].lower() for row in rows("regions")}
    named = {row["actor_id"] for row in rows("actors") if row["basis"] == "explicit"} & ids
    for table in ("memberships", "ties", "participations", "functions", "events"):
        for row in rows(table):
            if row["basis"] == "explicit":
                named |= {v.lower() for k, v in row.items() if k and (k.endswith("_id") or k == "country_iso3")} & ids
    assert numbers(study, "sources")["n_states_named"] == len(named)


def test_networks(study, members):
    found = numbers(study, "networks")
    bodies = {body: {s for s, joined in members.items() if body in joined} for body in set().union(*members.values())}
    pairs = {pair for joined in bodies.values() for pair in combinations(sorted(joined), 2)}
    assert found["n_ties"] == sum(map(len, members.values()))
    assert found["n_members"] == len(bodies["lan"]) == 18
    assert found["n_bridges"] == sum(len(joined) >= 2 for joined in members.values())
    assert found["n_isolates"] == sum(not joined for joined in members.values())
    assert found["n_pairs"] == len(pairs)
    assert found["n_pairs_largest"] == 18 * 17 // 2
    assert found["largest_body"].startswith("Latin American Network")
    assert found["n_certain"] < found["n_ties"]


def test_chronology(study):
    found = numbers(study, "chronology")
    events = rows("events")
    reports = {}
    for row in rows("event_dates"):
        reports.setdefault(row["event_id"], set()).add(row["date_edtf"])
    several = [stated for stated in reports.values() if len(stated) > 1]
    assert found["n_events"] == len(events)
    assert found["n_undated"] == sum(not row["date_edtf"] for row in events)
    assert found["n_announced"] == sum(row["status"] == "announced" for row in events)
    # A day is ten characters, a stretch of days twenty-one with a slash between; qualifiers do not widen.
    starts = [row["date_edtf"].split("/")[0].rstrip("?~%") for row in events]
    assert found["n_exact"] == sum(len(start) == 10 and start[0] != "[" for start in starts)
    assert found["n_several"] == len(several) == found["n_refined"] + found["n_excluded"]
    assert found["n_excluded"] == 1  # the Atrocities Prevention Board
    assert (found["launch"], found["launch_reports"]) == ("2012-03", "2012 and 2012-03")
    assert found["busiest_year"] == "2012"


def test_coverage(study, members):
    found = numbers(study, "coverage")
    mechanisms = [(r["status"], r["target_id"]) for r in rows("ties") if r["relation"] == "mechanism_of"]
    assert found["n_mechanisms"] == len({s for status, s in mechanisms if status == "operating"}) == 2
    assert found["n_proposed"] == len({s for status, s in mechanisms if status == "planned"}) == 7
    assert found["n_denied"] == sum(row["status"] == "denied" for row in rows("functions"))
    assert found["n_cells"] == 35 * 8 == found["n_states"] * found["n_functions"]
    assert found["share_silent"] == f"{100 * found['n_silent'] / 280:.0f} %"
    assert found["n_early_warning"] + found["n_early_warning_hoped"] <= 35


def test_an_unknown_chapter_says_which_there_are(study):
    with pytest.raises(ValueError, match="unknown chapter 'network': did you mean 'networks'"):
        numbers(study, "network")


def test_all_numbers_are_those_of_the_chapters(study):
    table = all_numbers(study)
    assert list(table.columns) == ["chapter", "name", "value"]
    for chapter, part in table.groupby("chapter"):
        assert dict(zip(part["name"], part["value"], strict=True)) == {
            k: str(v) for k, v in numbers(study, chapter).items()
        }
