"""The numbers that prose quotes: counted again from the raw tables, by another route."""

import csv
import re
import statistics
from calendar import monthrange
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tiny import tiny_study

from r2p_analysis import closure, load_study
from r2p_analysis.coverage import states_by_functions
from r2p_analysis.findings import MISSING, all_numbers, day_of, numbers
from r2p_analysis.networks import two_mode_network
from r2p_analysis.schema import DataError

AT = "2014-09-08"  # of the dialogue that both documents reach
TABLES = Path(__file__).resolve().parents[1] / "data" / "tables"
AXIS = [
    "prevention", "early_warning", "reaction", "rebuilding", "training", "monitoring", "adjudication", "implementation"
]  # fmt: skip
FIXED = {"un", "oas", "caricom", "sica", "unasur", "celac", "lan", "focal-points"}
STRENGTH = ["operating", "planned", "potential", "denied"]


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


def days(text):
    """First and last day of a date, of those forms that begin a date in the tables; None is not known."""
    if text.startswith("["):
        first, last = text.strip("[]").split("..")
        return (days(first)[0] if first else None), (days(last)[1] if last else None)
    text = text.split("/")[0].rstrip("?~%")
    if "XX" in text:
        return date(int(text[:2] + "00"), 1, 1), date(int(text[:2] + "99"), 12, 31)
    year, month, day = [*map(int, text.split("-")), 0, 0][:3]
    last = day or monthrange(year, month or 12)[1]
    return date(year, month or 1, day or 1), date(year, month or 12, last)


def is_certain(row, vintages):
    """Whether a spell without a stated end is certain on the day: its start is not after it, its passage not before."""
    at = date.fromisoformat(AT)
    assert not row.get("end_edtf")
    known = [days(vintages[passage]) for passage in row["evidence"].split(";")]
    if row["start_edtf"]:
        return days(row["start_edtf"])[1] <= at and any(first and first >= at for first, _ in known)
    return (at, at) in known


@pytest.fixture(scope="module")
def coverage(study):
    return numbers(study, "coverage")


@pytest.fixture(scope="module")
def vintages():
    return {row["passage_id"]: row["vintage_edtf"] for row in rows("passages")}


@pytest.fixture(scope="module")
def reached():
    """Statuses and claims of each state and function, followed by hand from the body to its members."""
    parents = {row["actor_id"]: row["parent_id"] for row in rows("actors") if row["actor_id"] not in FIXED}
    states = {row["iso3"].lower() for row in rows("regions")}
    members = {}
    for row in rows("memberships"):
        belongs = row["status"] in STRENGTH[:3] and row["role"] not in ("observer", "participant")
        if belongs and row["actor_id"] in states:
            members.setdefault(row["body_id"], []).append((row["actor_id"], row["status"]))
    cells, claims = {}, {}
    for row in rows("functions"):
        line = [row["body_id"]]
        while parents.get(line[-1]):
            line.append(parents[line[-1]])
        own = [(line[-1], "operating")] if line[-1] in states else []
        listed = next((members[body] for body in line if body in members), [])
        for state, status in [*own, *listed] if row["function"] in AXIS else []:
            weaker = max(status, row["status"], key=STRENGTH.index)
            cells.setdefault((state, row["function"]), set()).add(weaker)
            claims.setdefault(row["function_id"], row)
    return cells, claims


def shown(cells):
    return {cell: min(statuses, key=STRENGTH.index) for cell, statuses in cells.items()}


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


def test_orders_of_the_chronology(study):
    found = numbers(study, "chronology")
    first = [days(row["date_edtf"]) for row in rows("events") if row["date_edtf"]]
    spans = [span for span in first if None not in span]
    pairs = list(combinations(spans, 2))
    assert (found["n_dated"], found["n_pairs"]) == (len(spans), len(pairs))
    # What is certain: that one begins on no later day than the other.
    assert found["n_certain_by_dates"] == sum(a[1] <= b[0] or b[1] <= a[0] for a, b in pairs)
    assert found["n_certain_by_dates"] < found["n_certain"] <= found["n_pairs"]
    # Of 366 days, 60 lie before March, 275 after it, and of the 31 in it half are later than the other.
    assert [found[name] for name in ("p_before", "p_same", "p_after")] == ["0.792", "0.003", "0.205"]
    assert found["before_board"] == "no if it was 2011-08, possible if it was 2012, yes if it was 2012-04"
    assert found["stated_orders"] == "nothing that is said contradicts the dates"
    assert (found["launch_outcome"], found["board_outcome"]) == (
        "together 2012-03",
        "in conflict, 2011-08 against 2012-04",
    )
    assert found["n_tightened"] > 0


def test_orders_that_contradict_each_other_are_said_to_and_put_nothing_in_order():
    events = [{"event_id": i, "date_edtf": day, "status": "reported"} for i, day in (("a", "2012"), ("b", "2014"))]
    links = [{"link_id": "l", "event_id": "b", "relation": "before", "other_id": "a"}]
    found = numbers(tiny_study(events=events, event_links=links), "chronology")
    assert found["stated_orders"] == "what is said contradicts the dates, or itself, in 1 place"
    assert (found["n_certain_by_dates"], found["n_certain"], found["n_tightened"]) == (1, MISSING, MISSING)


def test_changes_and_waiting_of_the_chronology(study):
    found = numbers(study, "chronology")
    began = Counter(row["date_edtf"][:4] for row in rows("events") if re.match(r"20\d\d", row["date_edtf"] or ""))
    before, after = (sum(began[str(y)] for y in years) for years in (range(2000, 2008), range(2008, 2015)))
    assert (found["change_year"], found["n_changes"]) == ("2008", 1)
    assert before / 8 < after / 7 / 10
    starts = [days(row["date_edtf"])[0] for row in rows("events") if row["date_edtf"]]
    assert found["n_recent"] == sum(start is not None and start.year >= 2000 for start in starts)
    assert (found["burst_from"], found["burst_to"], found["observed_until"]) == ("2011", "2013", "2015-05-29")
    mechanisms = Counter(row["status"] for row in rows("ties") if row["relation"] == "mechanism_of")
    assert found["n_arrived"] == mechanisms["operating"]
    assert found["n_waiting_planned"] == mechanisms["planned"]
    assert found["waiting_until"] == "2015-05-29"  # the later of the two documents that its ties are from
    assert found["n_waiting"] == 18 == found["n_arrived"] + found["n_waiting_planned"] + found["n_waiting_silent"]


def test_coverage(members, coverage):
    found = coverage
    mechanisms = [(r["status"], r["target_id"]) for r in rows("ties") if r["relation"] == "mechanism_of"]
    assert found["n_mechanisms"] == len({s for status, s in mechanisms if status == "operating"}) == 2
    assert found["n_proposed"] == len({s for status, s in mechanisms if status == "planned"}) == 7
    assert found["n_denied"] == sum(row["status"] == "denied" for row in rows("functions"))
    assert found["n_cells"] == 35 * 8 == found["n_states"] * found["n_functions"]
    assert found["share_silent"] == f"{100 * found['n_silent'] / 280:.0f} %"
    assert found["n_early_warning"] + found["n_early_warning_hoped"] <= 35


def test_most_named_state_is_that_of_most_passages(study):
    names = {row["iso3"].lower(): row["name_en"] for row in rows("regions")}
    passages = {state: set() for state in names}
    for table in ("actors", "memberships", "ties", "participations", "functions", "events", "counts"):
        for row in rows(table):
            ids = {v.lower() for k, v in row.items() if k != "parent_id" and k.endswith(("_id", "country_iso3"))}
            for state in ids & set(names) if row["basis"] == "explicit" else ():
                passages[state] |= set(row["evidence"].split(";"))
    most, second = sorted(passages, key=lambda state: -len(passages[state]))[:2]
    found = numbers(study, "sources")
    assert (found["most_named"], found["n_most_named"]) == (names[most], len(passages[most]))
    assert len(passages[second]) < found["n_most_named"]
    assert found["n_conflicts_of_names"] == sum(row["kind"] in ("name", "identity") for row in rows("conflicts"))


def test_certain_memberships(study, members, vintages, coverage):
    certain = [
        row
        for row in rows("memberships")
        if row["actor_id"] in members and row["status"] == "operating"
        if row["role"] not in ("observer", "participant") and is_certain(row, vintages)
    ]
    assert numbers(study, "networks")["n_certain"] == len(certain) == 3
    assert coverage["n_bodies_said_certain"] == len({(r["actor_id"], r["body_id"]) for r in certain})


def test_the_fullest_year_is_counted_day_by_day(study):
    expected = {}
    for row in rows("events"):
        first, last = days(row["date_edtf"]) if row["date_edtf"] else (None, None)
        if first and last:
            n = (last - first).days + 1
            for year in range(first.year, last.year + 1):
                inside = min(last, date(year, 12, 31)) - max(first, date(year, 1, 1))
                expected[year] = expected.get(year, 0) + (inside.days + 1) / n
    year = max(expected, key=expected.get)
    found = numbers(study, "chronology")
    assert (found["busiest_year"], found["busiest_expected"]) == (str(year), pytest.approx(expected[year], abs=0.05))


def test_the_burst_is_that_of_the_most_weight_and_not_the_first():
    days = [f"{year}-06-01" for year in range(2000, 2024)] + [f"2004-06-{day:02}" for day in range(2, 9)]
    days += [f"2015-{month:02}-{day:02}" for month in (5, 6, 7) for day in range(1, 28, 2)]
    events = [{"event_id": f"e{i:03}", "date_edtf": day, "status": "reported"} for i, day in enumerate(days)]
    found = numbers(tiny_study(events=events), "chronology")
    assert (found["n_bursts"], found["burst_from"], found["burst_to"]) == (2, "2015", "2015")


def test_silent_cells_are_those_that_no_row_reaches(reached, coverage):
    found, cells = coverage, shown(reached[0])
    assert found["n_silent"] == 280 - len(cells)
    assert found["n_said"] == len(cells)
    assert found["n_states_silent"] == 35 - len({state for state, _ in cells})
    warned = [status for (_, function), status in cells.items() if function == "early_warning"]
    assert found["n_early_warning"] == warned.count("operating")
    assert found["n_early_warning_hoped"] == warned.count("planned") + warned.count("potential")
    assert warned.count("potential") > 0


def test_certain_cells_need_a_day_for_the_claim_and_for_the_member(members, vintages, coverage):
    at = date.fromisoformat(AT)
    parents = {row["actor_id"]: row["parent_id"] for row in rows("actors") if row["actor_id"] not in FIXED}
    spells = [row for row in rows("memberships") if row["actor_id"] in members]
    spells = [row for row in spells if row["status"] in STRENGTH[:3] and row["role"] not in ("observer", "participant")]
    cells = set()
    for row in rows("functions"):
        stated = [row["date_edtf"]] if row["date_edtf"] else [vintages[p] for p in row["evidence"].split(";")]
        if row["function"] in AXIS and (at, at) in map(days, stated):
            home = parents.get(row["body_id"]) or row["body_id"]
            reached = [s["actor_id"] for s in spells if s["body_id"] == row["body_id"] and is_certain(s, vintages)]
            cells |= {(state, row["function"]) for state in [home, *reached] if state in members}
    found = coverage
    assert found["n_said_certain"] == len(cells) == 1
    known = {(row["actor_id"], row["body_id"]) for row in rows("memberships") if row["actor_id"] in members}
    assert found["n_bodies_said"] == sum(body in FIXED for _, body in known)


def test_claims_that_reach_no_state(reached, coverage):
    cells, claims = reached
    axis = [row for row in rows("functions") if row["function"] in AXIS]
    rest = [row for row in axis if row["function_id"] not in claims]
    found = coverage
    assert (found["n_claims"], found["n_unreached"]) == (len(axis), len(rest))
    assert found["n_unreached_operating"] == sum(row["status"] == "operating" for row in rest)
    mute = set(AXIS) - {function for _, function in cells}
    said = [f for f in AXIS if f in mute & {row["function"] for row in rest if row["status"] == "operating"}]
    assert found["functions_unreached"] == " and ".join(said) == "monitoring and adjudication"


def test_mechanisms_are_asked_for_at_the_date(study, vintages, coverage):
    ties = [row for row in rows("ties") if row["relation"] == "mechanism_of"]
    certain = {r["target_id"] for r in ties if r["status"] == "operating" and is_certain(r, vintages)}
    assert coverage["n_mechanisms_certain"] == len(certain)
    later = study.ties.assign(start_edtf=study.ties["start_edtf"].where(study.ties["target_id"] != "pry", "2015"))
    assert numbers(study.with_tables(ties=later), "coverage")["n_mechanisms"] == 1


def test_denials_by_basis_and_by_claimant(coverage):
    denied = [row for row in rows("functions") if row["status"] == "denied"]
    found, claimants = coverage, Counter(row["claimant_id"] for row in denied if row["claimant_id"])
    assert found["n_denied_explicit"] == sum(row["basis"] == "explicit" for row in denied)
    assert found["n_denied_inferred"] == sum(row["basis"] == "inferred" for row in denied)
    (claimant, n), *_ = claimants.most_common()
    assert found["n_denied_of_one"] == n
    assert found["denied_by"] == next(row["name"] for row in rows("actors") if row["actor_id"] == claimant)


def test_another_study_has_the_same_names_and_says_what_is_not_in_it(study):
    actors = [{"actor_id": "mercosur", "name": "M", "kind": "igo", "evidence": "p"}]
    actors += [{"actor_id": "arg", "name": "A", "kind": "state", "iso3": "ARG", "evidence": "p"}]
    small = tiny_study(
        actors=actors,
        regions=[{"iso3": "ARG", "name_en": "Argentina", "subregion": "south_america"}],
        passages=[{"passage_id": "p", "start": 0, "end": 4}],
        memberships=[{"actor_id": "arg", "body_id": "mercosur", "evidence": "p"}],
        events=[{"event_id": "other", "kind": "launch", "date_edtf": "2012", "evidence": "p"}],
    )
    for chapter in ("sources", "networks", "overlap", "chronology", "coverage"):
        assert list(numbers(small, chapter)) == list(numbers(study, chapter))
    assert numbers(small, "networks")["n_members"] == MISSING
    assert numbers(small, "networks")["largest_body"] == "M"
    assert (numbers(small, "chronology")["launch"], numbers(small, "chronology")["busiest_year"]) == (MISSING, "2012")
    covered = numbers(small, "coverage")
    names = ("denied_by", "n_bare", "bare_p", "n_absences", "plan_without", "wide_bodies")
    assert {covered[name] for name in names} == {MISSING}
    assert (covered["plan_for_all"], covered["states_beyond_wide"]) == ("M", "nobody")
    # Nothing is said of any function, and M could add them all.
    assert (covered["n_gaps_least"], covered["n_gaps_most"], covered["n_added"], covered["n_gaps_left"]) == (0, 8, 8, 0)
    table = all_numbers(tiny_study())
    missing = set(table.loc[table["value"] == MISSING, "name"])
    assert {"median_passage", "most_named", "largest_body", "launch", "busiest_year", "share_silent"} <= missing
    assert not set(table["value"]) & {"nan", "None", "<NA>"}


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


def test_the_day_is_the_studys_own_else_the_last_that_its_evidence_speaks_of(study):
    assert day_of(study) == study.descriptor["at"] == AT
    own = {key: value for key, value in study.descriptor.items() if key != "at"}
    passages = [("p1", "2011-03"), ("p2", "2013"), ("p3", "2019"), ("p4", "[2012..]")]
    evidence = {"memberships": "p1;p2;p4", "functions": "OLD"}
    made = tiny_study(
        passages=[{"passage_id": key, "vintage_edtf": vintage} for key, vintage in passages],
        references=[{"ref_id": "OLD", "published_edtf": "2009"}, {"ref_id": "LATE", "published_edtf": "2020-02"}],
        actors=[{"actor_id": "arg", "evidence": "LATE"}],
        memberships=[{"actor_id": "arg", "body_id": "lan", "evidence": evidence["memberships"]}],
        functions=[{"body_id": "lan", "function": "training", "evidence": evidence["functions"]}],
    )
    made = replace(made, descriptor=own)
    assert day_of(made) == "2013-12-31"  # p3 and LATE carry no row of a day, p4 has no end
    assert day_of(made.with_tables(memberships=made.memberships.iloc[:0])) == "2009-12-31"
    bare = {name: made.tables[name].iloc[:0] for name in ("memberships", "functions")}
    assert day_of(made.with_tables(**bare)) == "2020-02-29"
    assert day_of(replace(tiny_study(), descriptor=own)) is None
    for wrong, message in (("some day", "at in the descriptor"), ("[2013..]", "open to one side")):
        with pytest.raises(DataError, match=message):
            day_of(replace(made, descriptor={**own, "at": wrong}))


def test_numbers_are_of_the_day_that_is_asked_for(study, members):
    starts = {row["start_edtf"] for row in rows("memberships") if row["body_id"] == "lan" and row["start_edtf"]}
    assert min(start.strip("[")[:4] for start in starts) == "2012"
    assert numbers(study, "networks", "2011")["n_members"] == 0
    assert numbers(study, "networks", date(2014, 9, 8)) == numbers(study, "networks")
    found = all_numbers(study, "2011").set_index(["chapter", "name"])["value"]
    assert (found["networks", "at"], found["coverage", "at"]) == ("2011", "2011")
    assert int(found["networks", "n_ties"]) < sum(map(len, members.values()))


def test_without_a_day_nothing_is_said_to_be_certain():
    made = tiny_study(regions=[{"iso3": "ARG", "name_en": "Argentina"}])
    regions = made.regions.assign(subregion=None).astype(made.regions.dtypes)
    made = made.with_tables(regions=regions)
    made = replace(made, descriptor={key: value for key, value in made.descriptor.items() if key != "at"})
    found = {**numbers(made, "networks"), **numbers(made, "coverage")}
    names = ("at", "n_certain", "n_said_certain", "n_bodies_said_certain", "n_mechanisms_certain")
    names += ("n_gaps_least_either", "n_gaps_most_either", "n_gaps_of_status_by_then")
    assert {found[name] for name in names} == {MISSING}
    assert found["n_states"] == 1


def test_overlap_names_what_is_kept_and_what_the_scopes_leave_of_it():
    both = load_study(layers=("coded", "reference"))
    found = numbers(both, "overlap")
    B = two_mode_network(both, "2014-09-08")
    sizes = {body: B.degree[body] for body, side in B.nodes(data="bipartite") if side == 1 and B.degree[body]}
    assert (found["n_bodies"], found["n_pairs_of_bodies"]) == (len(sizes), len(sizes) * (len(sizes) - 1) // 2)
    assert (found["n_pairs_of_states"], found["n_states_can_reach"]) == (35 * 34 // 2, 0)
    assert (found["n_kept"], found["kept"]) == (1, "CARICOM and Latin American Network")
    assert (found["n_kept_definitional"], found["n_kept_within_scope"]) == (1, 0)
    pairs = {body: n * (n - 1) // 2 for body, n in sizes.items()}
    wide = sum(pairs[body] for body in ("un", "oas", "celac"))
    assert found["percent_wide"] == round(100 * wide / sum(pairs.values()))


@pytest.mark.parametrize(
    ("published", "stated", "by_then"),
    [
        ("2022?", None, 0),
        ("2014", None, 1),
        (None, None, 1),
        ("[..2022]", None, 1),
        ("2022", "2013", 1),
        ("2022", AT, 1),
        ("2022", "2013/2016", 1),
        ("2022", "2022", 0),
        ("2022", "[..2022]", 0),
    ],
)
def test_a_plan_that_only_a_later_reference_tells_of_is_told_apart(published, stated, by_then):
    plan = {"body_id": "oas", "function": "training", "status": "planned", "evidence": "R1", "date_edtf": stated}
    study = tiny_study(
        regions=[{"iso3": "ARG"}],
        references=[{"ref_id": "R1", "published_edtf": published}, {"ref_id": "R2"}],
        actors=[{"actor_id": "oas", "name": "OAS", "kind": "igo"}, {"actor_id": "arg", "name": "A", "kind": "state"}],
        memberships=[{"actor_id": "arg", "body_id": "oas", "evidence": "R2"}],
        functions=[plan],
    )
    found = numbers(replace(study, descriptor=study.descriptor | {"at": "2014-09-08"}), "coverage")
    assert (found["n_gaps_of_status"], found["n_gaps_of_status_by_then"]) == (1, by_then)


def test_gaps_are_the_cells_without_anything_that_operates(reached, coverage):
    found, cells = coverage, shown(reached[0])
    counts = Counter(cells.values())
    said = len(cells) - counts["operating"]
    assert (found["n_gaps_least"], found["n_gaps_most"]) == (said, 280 - counts["operating"])
    assert (found["n_gaps_of_status"], found["n_gaps_of_degree"]) == (counts["planned"], counts["potential"])
    assert (found["n_robust_denied"], found["n_robust_silent"]) == (counts["denied"], 280 - len(cells))
    assert found["n_gaps_robust"] == 280 - len(cells) + counts["denied"]
    # Nothing but one cell is certain on the day (see above), and it is covered.
    assert found["n_said_certain"] == 1
    assert (found["n_gaps_least_either"], found["n_gaps_most_either"]) == (0, 279)


# Members by name, as in the issue: 35 states in seven bodies, of the Focal Points the five that the document names.
SEVEN = ["oas", "celac", "caricom", "sica", "unasur", "focal-points", "lan"]


@pytest.fixture(scope="module")
def both():
    return load_study(layers=("coded", "reference"))


@pytest.fixture(scope="module")
def found(both):
    return numbers(both, "coverage")


@pytest.fixture(scope="module")
def joined(both):
    """Bodies of each state, from the network; of the Focal Points the coded rows only."""
    B = two_mode_network(both, AT)
    named = {row["actor_id"] for row in rows("memberships") if row["body_id"] == "focal-points"}
    in_body = {state: set(B[state]) & set(SEVEN) for state, side in B.nodes(data="bipartite") if side == 0}
    table = {
        state: of - {"focal-points"} | ({"focal-points"} & of if state in named else set())
        for state, of in in_body.items()
    }
    sizes = Counter(body for of in table.values() for body in of)
    assert [sizes[body] for body in SEVEN] == [35, 33, 14, 8, 12, 5, 18]
    return table


def law_of_bare(joined, admitted):
    """Chances of 0, 1, ... states in neither network, by counting the matrices with these margins, state by state.

    A cell of the array says how many matrices of the states so far leave out so many of CELAC, have so many of
    CARICOM, SICA, UNASUR and the Focal Points, and so many bare states. All are in the OAS; the Latin American
    Network has what the sizes of the states leave.
    """
    ends = (2, 14, 8, 12, 5)
    ways = np.zeros([end + 1 for end in ends] + [36])
    ways[0, 0, 0, 0, 0, 0] = 1
    for state, of in sorted(joined.items()):
        before, ways = ways, np.zeros_like(ways)
        for chosen in combinations([body for body in SEVEN[1:] if state in admitted[body]], len(of) - 1):
            step = [
                "celac" not in chosen,
                *(body in chosen for body in SEVEN[2:6]),
                not {"lan", "focal-points"} & {*chosen},
            ]
            to = tuple(slice(int(by), None) for by in step)
            ways[to] += before[
                tuple(slice(0, size - by) for size, by in zip(before.shape, map(int, step), strict=True))
            ]
    law = ways[ends]
    return law / law.sum()


def test_states_in_neither_network_against_every_matrix_counted(found, joined):
    bare = sum(not of & {"lan", "focal-points"} for of in joined.values())
    law, counts = law_of_bare(joined, {body: set(joined) for body in SEVEN}), np.arange(36)
    assert found["n_bare"] == bare == 16
    assert found["bare_expected"] == pytest.approx(law @ counts, abs=0.1)
    assert found["bare_p"] == pytest.approx(law[16:].sum(), abs=0.02)
    assert 0.05 < found["bare_p"] < 0.12
    assert found["bare_attainable"] == pytest.approx(law[counts[law > 1e-9].max() :].sum(), abs=0.005)
    assert [found["bare_low"], found["bare_high"]] == [counts[law.cumsum() >= q][0] for q in (0.025, 0.975)]


def test_given_the_scopes_no_other_count_is_possible(found, joined):
    regions = {row["iso3"].lower(): row for row in rows("regions")}
    south = {s for s, row in regions.items() if row["subregion"] == "south_america"}
    central = {s for s, row in regions.items() if row["subregion"] == "central_america"} | {"dom"}
    isles = {s for s, row in regions.items() if row["subregion"] == "caribbean"} | {"blz", "guy", "sur"}
    latin = {s for s, row in regions.items() if {"spa", "por"} & set(row["official_languages"].split(";"))}
    admitted = {body: set(regions) for body in SEVEN} | {"celac": set(regions) - {"usa", "can"}, "lan": latin}
    admitted |= {"caricom": isles, "sica": central, "unasur": south}
    law = law_of_bare(joined, admitted)
    assert law[16] == pytest.approx(1)
    assert (found["bare_expected_within_scope"], found["bare_p_within_scope"]) == (16, 1)
    assert found["n_shut_out"] == 35 - len(latin) == 16
    assert (found["n_absences"], found["n_absences_surprising"]) == (35 * 7 - 125, 0)


def fewest(joined, bodies):
    """All smallest sets of bodies that have every state."""
    for n in range(len(bodies) + 1):
        plans = [set(some) for some in combinations(bodies, n) if all(of & set(some) for of in joined.values())]
        if plans:
            return plans
    return []


def test_plans_are_those_of_every_set_of_bodies_tried(found, joined):
    less = joined | {"cub": joined["cub"] - {"oas"}}
    narrow = [body for body in SEVEN if body not in ("oas", "celac")]
    assert fewest(joined, SEVEN) == [{"oas"}] and found["plan_for_all"] == "OAS"
    assert fewest(less, SEVEN) == [{"oas", "celac"}] and found["plan_without"] == "OAS and CELAC"
    assert fewest(joined, narrow) == [] and found["wide_bodies"] == "OAS and CELAC"
    assert sorted(state for state, of in joined.items() if not of & set(narrow)) == ["can", "cub"]
    assert found["states_beyond_wide"] == "Canada and Cuba"


def test_added_functions_are_those_of_every_small_set_tried(both, found, joined):
    covered = states_by_functions(both, AT) == "operating"
    gaps = frozenset((iso3.lower(), f) for iso3 in covered.index for f in covered.columns if not covered.loc[iso3, f])
    members = {body: {state for state, of in joined.items() if body in of} for body in SEVEN}
    closes = {(body, f): gaps & {(s, f) for s in members[body]} for body in SEVEN for f in covered.columns}
    closes = {choice: of for choice, of in closes.items() if of}
    plans = {
        n: [c for c in combinations(closes, n) if frozenset().union(*(closes[one] for one in c)) == gaps]
        for n in (1, 2, 3)
    }
    assert [len(plans[n]) for n in (1, 2)] == [0, 0]
    in_every = set.intersection(*map(set, plans[3]))
    assert (found["n_added"], found["n_gaps_left"], found["n_gaps_most"]) == (3, 0, len(gaps))
    assert in_every == {("oas", "early_warning"), ("oas", "rebuilding")}
    assert found["added_in_every"] == "OAS adds early warning and OAS adds rebuilding"


def test_where_nobody_belongs_there_is_no_plan_and_the_gaps_that_stay_are_counted(coverage, reached):
    found = coverage
    assert (found["plan_for_all"], found["plan_without"]) == ("none", "none")
    in_some = {row["actor_id"] for row in rows("memberships") if row["body_id"] in ("unasur", "lan", "focal-points")}
    named = [row["name_en"] for row in rows("regions") if row["iso3"].lower() not in in_some | {"cub"}]
    beyond = found["states_beyond_wide"].replace(" and ", ", ").split(", ")
    assert set(beyond) == {*named, "Cuba"}
    # What nobody is there to close: gaps of the states in no body at all (Cuba is said to be in none).
    operating = {cell for cell, status in shown(reached[0]).items() if status == "operating"}
    alone = {row["iso3"].lower() for row in rows("regions")} - (in_some - {"cub"})
    assert found["n_gaps_left"] == 8 * len(alone) - sum(state in alone for state, _ in operating)


def test_a_plan_that_is_one_of_several_says_so():
    made = tiny_study(
        actors=[{"actor_id": body, "name": body.upper(), "kind": "igo"} for body in ("mercosur", "can")],
        regions=[{"iso3": "ARG", "name_en": "Argentina"}],
        memberships=[{"actor_id": "arg", "body_id": body} for body in ("mercosur", "can")],
    )
    assert numbers(made, "coverage")["plan_for_all"] in {f"{one} (one of several plans)" for one in ("CAN", "MERCOSUR")}


def test_without_a_proof_in_time_there_are_no_numbers_of_plans(study, coverage, monkeypatch):
    def give_up(*_, **__):
        raise closure.Unproved("nothing")

    monkeypatch.setattr(closure, "optimum", give_up)
    found = numbers(study, "coverage")
    missing = [name for name in found if found[name] == MISSING]
    names = ["plan_for_all", "plan_without", "wide_bodies", "states_beyond_wide"]
    assert missing == [*names, "n_added", "added_in_every", "n_gaps_left"]
    assert {name: found[name] for name in found if name not in missing} == {
        name: coverage[name] for name in found if name not in missing
    }


def test_a_member_that_a_scope_does_not_admit_is_a_member(study, coverage):
    memberships = study.memberships
    guyana = memberships[memberships["membership_id"] == "lan-arg"].assign(membership_id="lan-guy", actor_id="guy")
    made = study.with_tables(memberships=pd.concat([memberships, guyana], ignore_index=True))
    found = numbers(made, "coverage")
    assert (found["n_bare"], found["n_shut_out"]) == (coverage["n_bare"] - 1, coverage["n_shut_out"] - 1)
