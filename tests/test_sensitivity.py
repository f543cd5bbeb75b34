"""Headlines under switches: each switch changes what it says and nothing else, and labels are those of a hand count."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure
from tiny import tiny_study

from r2p_analysis import sensitivity as package
from r2p_analysis.cli import main
from r2p_analysis.figures import switched, view_of
from r2p_analysis.findings import numbers
from r2p_analysis.plotting import plot_sensitivity
from r2p_analysis.schema import key_of
from r2p_analysis.sensitivity import HEADLINES, Case, Measured, report, sensitivity, switches
from r2p_analysis.sensitivity.cases import base_of, n_changed
from r2p_analysis.study import load_study

AT = "2014-09-08"
TABLES = Path(__file__).parents[1] / "data" / "tables"


def of_rows(columns, *rows, **more):
    return [dict(zip(columns.split(), row, strict=True)) | more for row in rows]


def made():
    """Make four states, five bodies, two documents of which one is a party's, five events, two lists of a network."""
    memberships = of_rows(
        "membership_id actor_id body_id role status start_edtf basis confidence evidence",
        ("arg-lan", "arg", "lan", "member", "operating", "2012", "explicit", None, "a1"),
        ("brb-lan", "brb", "lan", "member", "operating", "2012", "inferred", None, "a1"),
        ("cub-lan", "cub", "lan", "member", "potential", None, "explicit", None, "a1"),
        ("hti-oas", "hti", "oas", "member", "planned", None, "explicit", None, "a1;p1"),
        ("cub-oas", "cub", "oas", "member", "operating", "2009", "explicit", "disputed", "a1"),
        ("arg-oas", "arg", "oas", "member", "suspended", None, "explicit", None, "a1"),
        ("brb-oas", "brb", "oas", "observer", "operating", None, "explicit", None, "a1"),
        ("brb-un", "brb", "un", "member", "operating", "1966", "explicit", None, "a1"),
        ("hti-un", "hti", "un", "member", "operating", "1945", "explicit", None, "a1"),
        ("arg-unga", "arg", "unga", "member", "operating", "1945", "explicit", None, "a1"),
        ("brb-caricom", "brb", "caricom", "member", "operating", None, "explicit", None, "p1"),
    )
    functions = of_rows(
        "function_id body_id function status claimant_id basis evidence",
        ("hope", "lan", "early_warning", "potential", None, "explicit", "a1"),
        ("plan", "lan", "training", "planned", None, "inferred", "a1"),
        ("own", "lan", "prevention", "operating", "lan", "explicit", "a1"),
    )
    events = of_rows(
        "event_id title kind date_edtf status evidence",
        ("day", "A day", "founding", "2012-03-05", "reported", "a1;p1"),
        ("party", "Told by a party", "seminar", "2013", "reported", "p1"),
        ("soon", "To come", "forum", "2015", "announced", "a1"),
        ("old", "Long ago", "crisis", "1969", "background", "a1"),
        ("none", "Sometime", "other", None, "reported", "a1"),
    )
    reports = of_rows(
        "event_id date_edtf basis evidence",
        ("day", "2012", "explicit", "a1"),
        ("day", "2012-03-05", "explicit", "p1"),
        ("party", "2013", "explicit", "p1"),
        ("soon", "2015", "explicit", "a1"),
    )
    parts = of_rows(
        "participation_id actor_id event_id role evidence",
        *((f"in-{event}", "arg", event, "host", "a1") for event in ("none", "soon", "old", "party")),
    )
    links = [{"link_id": "l", "event_id": "day", "relation": "after", "other_id": "old", "evidence": "a1"}]
    actors = [{"actor_id": a, "name": a, "kind": "igo", "evidence": "a1"} for a in ("lan", "oas", "un", "caricom")]
    actors.append({"actor_id": "unga", "name": "GA", "kind": "organ", "parent_id": "un", "evidence": "a1"})
    lists = of_rows("body_id actor_id role as_of_edtf evidence", ("lan", "arg", "member", "2013", "r"))
    lists += of_rows(
        "body_id actor_id role as_of_edtf evidence", *(("lan", a, "member", "2015", "r") for a in ("arg", "cub"))
    )
    return tiny_study(
        regions=[{"iso3": code, "name_en": code, "official_languages": "eng"} for code in ("ARG", "BRB", "CUB", "HTI")],
        sources=[{"source_id": "doc", "role": "observer"}, {"source_id": "own", "role": "party"}],
        passages=of_rows("passage_id source_id vintage_edtf", ("a1", "doc", AT), ("p1", "own", AT)),
        scopes=[{"body_id": "lan", "scope": "purpose_built", "admits": "iso3=ARG;iso3=BRB", "evidence": "a1"}],
        actors=actors,
        memberships=memberships,
        functions=functions,
        events=events,
        event_dates=reports,
        participations=parts,
        event_links=links,
        rosters=lists,
    )


@pytest.fixture(scope="module")
def every():
    """Load the shipped study with both layers."""
    return load_study(layers=("coded", "reference"))


@pytest.fixture(scope="module")
def table():
    """Turn every switch of the study that is made here."""
    return sensitivity(made(), AT)


def turned(name, study=None, at=AT, reading="possible"):
    study = study or made()
    return switches(study)[name].turn(Case(study, study, at, reading))


def rows_of(study):
    """Every row by table and key, with empty cells alike."""
    found = {}
    for name, table in study.tables.items():
        key = key_of(study.descriptor, name)
        for row in table.astype(object).where(table.notna(), None).to_dict("records"):
            found[f"{name}:{'/'.join(str(row[column]) for column in key)}"] = row
    return found


def changed(before, after):
    """Rows that are left out, added, and changed."""
    old, new = rows_of(before), rows_of(after)
    return old.keys() - new.keys(), new.keys() - old.keys(), {k for k in old.keys() & new.keys() if old[k] != new[k]}


def of(table, *ids):
    return {f"{table}:{one}" for one in ids}


NONE = set()
OUT_OLD = {"events:old", "participations:in-old", "event_links:l"}
OUT_NONE = {"events:none", "participations:in-none"}
OUT_SOON = {"events:soon", "event_dates:soon/2015/explicit", "participations:in-soon"}
OUT_PARTY = {"events:party", "event_dates:party/2013/explicit", "participations:in-party"}
OUT_PARTY |= {"event_dates:day/2012-03-05/explicit", "memberships:brb-caricom"}
TRIMMED = {"memberships:hti-oas", "events:day"}
CHANGES = {
    "inferred-members-off": (of("memberships", "brb-lan"), NONE, NONE),
    "inferred-off": (of("memberships", "brb-lan") | {"functions:plan"}, NONE, NONE),
    "published-by-then": (NONE, NONE, NONE),
    "haiti-in": (NONE, {"memberships:switched-lan-hti"}, {"scopes:lan"}),
    "haiti-out": ({"regions:HTI", "memberships:hti-oas", "memberships:hti-un"}, NONE, NONE),
    "oas-with-cuba": (NONE, NONE, of("memberships", "cub-oas")),
    "oas-without-cuba": (of("memberships", "cub-oas"), NONE, NONE),
    "un-out": (of("memberships", "brb-un", "hti-un", "arg-unga"), NONE, NONE),
    "party-claims-off": (OUT_PARTY | {"functions:own"}, NONE, TRIMMED),
    "potential-counted": (NONE, NONE, {"memberships:cub-lan", "functions:hope"}),
    "planned-counted": (NONE, NONE, {"memberships:hti-oas", "functions:plan"}),
    "suspended-counted": (NONE, NONE, of("memberships", "arg-oas")),
    "associates-in": (NONE, NONE, of("memberships", "brb-oas")),
    "certain": (NONE, NONE, NONE),
    "possible": (NONE, NONE, NONE),
    "errors-corrected": (NONE, NONE, NONE),
    "undated-off": (OUT_NONE, NONE, NONE),
    "announced-off": (OUT_SOON, NONE, NONE),
    "background-off": (OUT_OLD, NONE, NONE),
    "year-before": (NONE, NONE, NONE),
    "year-after": (NONE, NONE, NONE),
    "network-list-2013": (of("memberships", "brb-lan"), NONE, NONE),
    "network-list-2015": (of("memberships", "brb-lan"), {"memberships:switched-lan-cub"}, {"scopes:lan"}),
    "without-own": (OUT_PARTY, NONE, TRIMMED),
}


# ---- each switch


@pytest.mark.parametrize("name", CHANGES)
def test_a_switch_changes_what_it_says_and_nothing_else(name):
    study, case = made(), turned(name)
    assert changed(study, case.study) == CHANGES[name]
    day = {"year-before": "2013-09-08", "year-after": "2015-09-08"}.get(name, AT)
    assert (case.at, case.reading) == (day, "certain" if name == "certain" else "possible")


def test_every_switch_has_a_hand_made_case_or_one_below():
    assert set(switches(made())) - set(CHANGES) == {"reference-on", "reference-off", "without-doc"}
    assert len(switches()) >= 16
    assert all(switch.says.endswith(".") for switch in switches(made()).values())


@pytest.mark.parametrize(
    ("name", "row", "column", "value"),
    [
        ("potential-counted", "memberships:cub-lan", "status", "operating"),
        ("planned-counted", "functions:plan", "status", "operating"),
        ("suspended-counted", "memberships:arg-oas", "status", "operating"),
        ("associates-in", "memberships:brb-oas", "role", "member"),
        ("oas-with-cuba", "memberships:cub-oas", "confidence", "high"),
        ("haiti-in", "memberships:switched-lan-hti", "start_edtf", "2012"),
        ("haiti-in", "scopes:lan", "admits", "iso3=ARG;iso3=BRB;iso3=HTI"),
        ("party-claims-off", "memberships:hti-oas", "evidence", "a1"),
        ("party-claims-off", "events:day", "date_edtf", "2012"),  # the day was the party's report
        ("without-own", "events:day", "date_edtf", "2012"),
    ],
)
def test_the_cell_that_a_switch_changes(name, row, column, value):
    assert rows_of(turned(name).study)[row][column] == value


def test_an_event_whose_reports_are_all_gone_has_no_date_and_an_unsettled_one_keeps_what_was_coded():
    reports = [("e", "2011", "a"), ("e", "2012", "b"), ("e", "2012-04", "c"), ("f", "2013", "c")]
    study = tiny_study(
        sources=[{"source_id": source} for source in "abc"],
        passages=[{"passage_id": source, "source_id": source} for source in "abc"],
        events=[
            {"event_id": "e", "title": "E", "date_edtf": "2012-04", "evidence": "a;b;c"},
            {"event_id": "f", "title": "F", "date_edtf": "2013", "evidence": "a;c"},
        ],
        event_dates=of_rows("event_id date_edtf evidence", *reports),
    )
    dated = {one: turned(f"without-{one}", study).study.events["date_edtf"].tolist() for one in "abc"}
    assert dated["a"] == ["2012-04", "2013"]  # 2012 and 2012-04 refine each other
    assert dated["b"] == ["2012-04", "2013"]  # 2011 and 2012-04 exclude each other: the coder's choice stays
    assert pd.isna(dated["c"]).all()  # 2011 and 2012 exclude each other, and nobody reports what was chosen


def test_layers_are_switched_on_and_off_and_a_study_of_one_has_none_to_switch(every, study):
    coded = study
    base = base_of(every, ("coded",), AT, "possible")
    assert changed(base.study, coded) == (NONE, NONE, NONE)
    assert switches()["reference-on"].turn(base).study is every
    assert switches()["reference-off"].turn(base) is base
    off = switches()["reference-off"].turn(base_of(every, ("coded", "reference"), AT, "possible"))
    assert changed(off.study, coded) == (NONE, NONE, NONE)
    assert turned("reference-on") is None
    assert turned("reference-off") is None


def test_source_errors_give_way_to_corrections_of_their_kind(every):
    base = base_of(every, ("coded",), AT, "possible")
    right = switches()["errors-corrected"].turn(base).study
    out, new, other = changed(base.study, right)
    assert {rows_of(right)[row]["basis"] for row in new if row.startswith(("events:", "ties:"))} == {"explicit"}
    assert {row for row in new if row.startswith("events")} == {"events:iachr-creation", "events:owci-creation"}
    assert {row for row in out if row.startswith("events:")} == {"events:iachr-founding", "events:owci-founding"}
    ties = {"ties:sica-organ-of-oas-denied", "ties:owci-created-by-albright"}
    assert {row for row in new if row.startswith("ties")} == ties
    assert {row for row in out if row.startswith("ties")} == {"ties:sica-organ-of-oas", "ties:state-dept-created-owci"}
    # A judgment that is credited to the wrong organ is an error; another account, later news and a spelling are none.
    assert {row for row in new if row.startswith("participations")} == {
        "participations:iacthr-uzcategui-judgment-external"
    }
    assert "participations:iachr-uzcategui-judgment-author" in out
    kept = {"events:apb-founding", "events:lemkin-la-next", "events:lemkin-la-2", "counts:c-caracas-60"}
    assert kept <= rows_of(right).keys()
    assert other == NONE
    assert "events:rapp-appointment" in rows_of(base.study)  # named by the conflict, and no error


def test_lists_of_the_network_are_those_of_the_file(every):
    with (TABLES / "rosters.csv").open(encoding="utf-8") as file:
        listed = {
            row["actor_id"] for row in csv.DictReader(file) if row["body_id"] == "lan" and row["as_of_edtf"] == "2015"
        }
    case = turned("network-list-2015", every)
    out, new, other = changed(every, case.study)
    assert len(listed) == 17
    assert (out, new, other) == ({"memberships:lan-bol", "memberships:ext-lan-bol-2012-member"}, NONE, NONE)


def test_hindsight_is_what_only_later_references_tell_and_date_no_earlier():
    spells = {"before": "2012", "since": "[..2018]", "after": "2016", "undated": None, "both": None}
    evidence = dict.fromkeys(spells, "new") | {"both": "new;old"}
    told = [{"start_edtf": start, "evidence": evidence[one]} for one, start in spells.items()]
    named = list(zip(spells, told, strict=True))
    functions = [
        {"function_id": one, "body_id": "oas", "function": "training", "date_edtf": row["start_edtf"]}
        | {"evidence": row["evidence"]}
        for one, row in named
    ]
    study = tiny_study(
        references=of_rows("ref_id published_edtf", ("new", "2022?"), ("old", "2014")),
        memberships=[{"membership_id": one, "actor_id": "arg", "body_id": one} | row for one, row in named],
        ties=[{"tie_id": one, "actor_id": "a", "relation": "part_of", "target_id": one} | row for one, row in named],
        functions=functions,
    )
    case = turned("published-by-then", study)
    spells_out = {f"{name}:{one}" for name in ("memberships", "ties") for one in ("since", "undated")}
    # A claim on a function has no start: what is dated later may hold on the day, too.
    functions_out = of("functions", "since", "after", "undated")
    assert changed(study, case.study) == (spells_out | functions_out, NONE, NONE)
    assert turned("published-by-then", study, at="2023").study is study
    assert turned("published-by-then", study, at=None) is None


def test_plans_of_later_references_carry_two_headlines(every):
    table = sensitivity(every, only=["published-by-then"], headlines=["gaps-of-status", "robust-denied", "few-gaps"])
    assert table["label"].tolist() == ["same", "reversed", "reversed"]


def test_a_day_moves_by_a_year_or_is_none():
    at = {
        day: [getattr(turned(f"year-{how}", at=day), "at", None) for how in ("before", "after")]
        for day in ("2012-02-29", "2012")
    }
    assert at == {
        "2012-02-29": ["2011-02-28", "2013-02-28"],
        "2012": ["2011-01-01/2011-12-31", "2013-01-01/2013-12-31"],
    }
    assert turned("year-before", at="0001-03-01") is None
    assert turned("year-before", at=None) is None
    assert turned("certain", at=None) is None


# ---- labels


@pytest.mark.parametrize(
    ("strength", "firm", "label"),
    [
        (1.0, True, "same"),
        (7.0, True, "same"),
        (0.9, True, "same"),
        (0.89, True, "weaker"),
        (1.0, False, "weaker"),
        (1e-12, True, "reversed"),
        (0.0, True, "reversed"),
        (-1.0, True, "reversed"),
    ],
)
def test_labels_say_what_strength_is_left(strength, firm, label):
    assert package._label(Measured(0.0, strength, firm), Measured(0.0, 1.0)) == label
    assert package._label("gone", Measured(0.0, 1.0)) == "not computable"


def test_a_headline_that_was_not_firm_is_not_weaker_for_that():
    assert package._label(Measured(0.0, 1.0, False), Measured(0.0, 1.0, False)) == "same"


def label_of(table, headline, switch):
    row = table[(table["headline"] == headline) & (table["switch"] == switch)].iloc[0]
    return row["value_base"], row["value"], row["label"], row["n"]


def test_hand_counted_headlines_of_a_tiny_study(table):
    # Argentina and Barbados are in the network that might warn, and Cuba might be: it is hoped for three, none has it.
    warned = "early-warning-hoped"
    assert label_of(table, warned, "potential-counted") == (-3, 3, "reversed", 2)
    assert label_of(table, warned, "inferred-members-off") == (-3, -2, "weaker", 1)
    assert label_of(table, warned, "haiti-in") == (-3, -4, "same", 1)
    assert label_of(table, warned, "suspended-counted") == (-3, -3, "same", 1)
    assert label_of(table, warned, "undated-off") == (-3, -3, "same", 0)
    # One of five events has a day; without the undated one of four, without the party's report none.
    assert label_of(table, "few-exact", "undated-off") == (0.2, 0.25, "weaker", 1)
    assert label_of(table, "few-exact", "party-claims-off") == (0.2, 0.0, "same", 4)
    value = label_of(table, "few-exact", "without-doc")
    assert (value[1], value[2]) == (0.5, "reversed")  # of the two that the party tells of, half: not fewer


def test_a_state_that_is_warned_is_not_hoped_for():
    study = made()
    warns = study.functions[study.functions["function_id"] == "hope"]
    warns = warns.assign(function_id="warns", body_id="caricom", status="operating")
    study = study.with_tables(functions=pd.concat([study.functions, warns], ignore_index=True))
    found = sensitivity(study, AT, headlines=["early-warning-hoped"], only=["possible"])
    assert found["value_base"].tolist() == [-1]  # Barbados is warned, Argentina and Cuba may be


def test_n_counts_rows_that_hold_no_longer_or_less_surely():
    study = made()
    base, case = Case(study, study, AT, "possible"), Case(study, study, AT, "certain")
    # All passages speak of the day, so that rows are certain on it but the disputed one.
    assert n_changed(base, case, ["memberships"]) == 1
    # The network is of 2012: two rows do not hold before. Five without a date are certain on the day alone.
    assert n_changed(base, Case(study, study, "2011", "possible"), ["memberships"]) == 2 + 5
    assert n_changed(base, Case(study, study, "2015-09-08", "possible"), ["memberships"]) == 10
    assert n_changed(base, Case(study, study, "2011", "possible"), ["events"]) == 0


def test_what_does_not_hold_or_cannot_be_asked_is_left_out_with_a_reason(table):
    left_out = table.attrs["left_out"]
    assert set(left_out) | set(table["headline"]) == {headline.name for headline in HEADLINES}
    assert left_out["one-denier"] == "no denials"
    assert left_out["launch-refined"].startswith("fewer than two different reports")
    empty = sensitivity(tiny_study())
    assert len(empty) == 0
    assert len(empty.attrs["left_out"]) == len(HEADLINES)


def test_a_switch_that_cannot_be_turned_is_not_computable_and_says_so():
    table = sensitivity(made(), AT, headlines=["few-exact"], only="reference-on")
    assert table["label"].tolist() == ["not computable"]
    assert table["value"].isna().all()
    assert "\n  not computable: reference-on\n1 cells: 0 same" in report(table)
    assert table.attrs["not_computable"] == [
        "few-exact under reference-on: the switch cannot be turned in this study, or without a day"
    ]


@pytest.mark.parametrize(
    ("names", "what"), [({"headlines": ["few-exat"]}, "few-exact"), ({"only": "hati-in"}, "haiti-in")]
)
def test_an_unknown_name_is_refused(names, what):
    with pytest.raises(ValueError, match=what):
        sensitivity(made(), AT, **names)


@pytest.mark.parametrize("ask", [sensitivity, switches, report])
def test_what_is_no_study_and_no_table_is_refused(ask):
    with pytest.raises(
        ValueError, match=r"^(table: )?3 is no (study: give what load_study|pandas\.DataFrame; give it)"
    ):
        ask(3)


@pytest.mark.parametrize("day", ["x", "", 5])
def test_a_day_that_is_none_is_refused_whatever_is_asked(day):
    with pytest.raises(ValueError, match=f"^{day!r} is not an EDTF date"):
        sensitivity(made(), day, headlines=["few-exact"], only=["haiti-in"])


@pytest.mark.parametrize("names", [{"headlines": []}, {"only": ()}])
def test_names_that_name_nothing_are_refused(names):
    with pytest.raises(ValueError, match=r"names none: give names, as in .*, or None for all"):
        sensitivity(made(), AT, **names)


@pytest.mark.parametrize(
    ("options", "what"),
    [({"at": "2014-13"}, "2014-13"), ({"reading": "sure"}, "unknown reading 'sure'")],
)
def test_a_day_or_reading_that_is_none_is_refused(options, what):
    with pytest.raises(ValueError, match=what):
        sensitivity(made(), **options)


def test_a_table_that_was_read_from_a_file_has_no_claims_to_tell(table):
    bare = table.copy()
    bare.attrs = {}
    with pytest.raises(ValueError, match=r"no 'claims' in \.attrs: give it as `sensitivity` returns it"):
        report(bare)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda cells: cells.drop(columns="n"), "no column 'n'"),
        (lambda cells: cells.assign(label="firmer"), "unknown label 'firmer'"),
    ],
)
def test_a_table_that_cannot_be_drawn_is_refused(change, what):
    cells = pd.DataFrame({"headline": ["a"], "chapter": "networks", "switch": "x", "label": "same", "n": 1})
    with pytest.raises(ValueError, match=what):
        plot_sensitivity(change(cells), Figure().subplots())


def test_nothing_is_skipped_that_would_change(table):
    """Measure every cell anew: where no row of the chapter's tables changes, the value does not either."""
    study = made()
    table, base = table.set_index(["headline", "switch"]), Case(study, study, AT)
    for name, switch in switches(study).items():
        case = switch.turn(Case(study, study, AT))
        for headline in HEADLINES if case else ():
            if (headline.name, name) in table.index:
                found, said = headline.measure(case, base), table.loc[(headline.name, name), "value"]
                assert pd.isna(said) if isinstance(found, str) else said == pytest.approx(found.value)


def test_headlines_read_no_table_that_is_not_counted(every):
    bases = {headline.layers: base_of(every, headline.layers, AT, "possible") for headline in HEADLINES}
    for headline in HEADLINES:
        base = bases[headline.layers]
        read = {*headline.reads, "passages", "references", "codes"}
        bare = base.study.with_tables(**{n: t.iloc[:0] for n, t in base.study.tables.items() if n not in read})
        assert headline.measure(Case(bare, bare, AT), base) == headline.measure(base, base)


# ---- the shipped study


def test_the_base_is_what_the_notebooks_say(every, study):
    cases, coded = {h.layers: base_of(every, h.layers, AT, "possible") for h in HEADLINES}, study
    bases = {h.name: h.measure(cases[h.layers], cases[h.layers]) for h in HEADLINES}
    assert all(found.strength > 0 for found in bases.values())
    overlap, events, cover = numbers(every, "overlap"), numbers(coded, "chronology"), numbers(coded, "coverage")
    both = numbers(every, "coverage")
    value = {name: found.value for name, found in bases.items()}
    assert overlap["kept"] == "CARICOM and Latin American Network"
    assert value["no-pair-of-states"] == overlap["n_states_can_reach"]
    assert value["few-pairs-of-bodies"] == overlap["n_bodies_can_reach"] / overlap["n_pairs_of_bodies"]
    assert round(100 * value["wide-bodies"]) == overlap["percent_wide"]
    ties = numbers(every, "networks")
    assert value["most-ties-certain"] == ties["n_certain"] / ties["n_ties"]
    assert value["few-exact"] == events["n_exact"] / events["n_events"]
    assert value["reports-refine"] == events["n_refined"] / events["n_several"]
    assert value["few-mechanisms"] == both["n_mechanisms"] / both["n_states"]
    assert value["most-silent"] == cover["n_silent"] / cover["n_cells"]
    assert value["some-silent-throughout"] == cover["n_states_silent"]
    assert value["few-certain"] == cover["n_said_certain"] / cover["n_said"]
    assert value["early-warning-hoped"] == both["n_early_warning"] - both["n_early_warning_hoped"]
    assert value["most-unreached"] == cover["n_unreached"] / cover["n_claims"]
    assert value["one-denier"] == both["n_denied_of_one"] / both["n_denied"]
    assert value["launch-refined"] == 1 - 31 / 366  # March of a leap year
    # March 2012 against any day of 2012: before with 275 + 15 of 366 days on average, after with 60 + 15.
    assert value["launch-before-mechanism"] == pytest.approx((275 + 15 - 60 - 15) / 366)
    assert value["board-open"] == 1
    assert value["pair-shares-fewer"] < -8
    assert bases["pair-shares-fewer"].firm


def test_every_chapter_has_headlines_with_a_claim_and_a_unit():
    chapters = pd.Series([headline.chapter for headline in HEADLINES]).value_counts()
    assert set(chapters.index) == {"networks", "chronology", "coverage"}
    assert chapters.min() >= 2
    assert chapters.sum() >= 8
    assert all(headline.claim.endswith(".") and headline.value for headline in HEADLINES)


# ---- the command and the figure


def test_the_command_tells_every_headline_counts_the_labels_and_writes_the_table(small, tmp_path, capsys):
    target = tmp_path / "table.csv"
    target.write_text("before")
    assert main(["sensitivity", "--study", str(small), "--at", "2012", "--out", str(target)]) == 0
    out = capsys.readouterr().out
    table = pd.read_csv(target)
    assert list(table.columns) == ["chapter", "headline", "switch", "value_base", "value", "label", "n"]
    for name in table["headline"].unique():
        assert f"/ {name}: " in out
    counts = table["label"].value_counts()
    assert f"{len(table)} cells: {counts['same']} same, " in out
    assert "left out: one-denier: " in out
    assert out.endswith(f"wrote {target}\n")
    assert {path.name for path in tmp_path.iterdir()} == {"small", "table.csv"}


def test_a_table_that_cannot_be_written_is_a_wrong_use(small, tmp_path, capsys):
    assert main(["sensitivity", "--study", str(small), "--out", str(tmp_path / "nowhere" / "t.csv")]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_each_label_has_a_mark_of_its_own_and_nothing_to_turn_another():
    labels = ["same", "same", "weaker", "reversed", "not computable"]
    cells = pd.DataFrame({"headline": "a", "chapter": "networks", "switch": list("vwxyz"), "label": labels})
    ax = plot_sensitivity(
        cells.assign(n=[0, 1, 1, 1, 1]), Figure(figsize=(8, 4)).add_axes((0.4, 0.2, 0.5, 0.5)), labels={"a": "A claim."}
    )
    marks = {m.get_gid(): m for m in ax.collections if m.get_gid()}
    assert set(marks) == {*labels, "nothing to turn"}
    assert {gid: float(m.get_offsets()[0, 0]) for gid, m in marks.items()} == {
        "nothing to turn": 0,
        "same": 1,
        "weaker": 2,
        "reversed": 3,
        "not computable": 4,
    }
    shapes = {(tuple(m.get_paths()[0].vertices.ravel().round(3)), float(m.get_sizes()[0])) for m in marks.values()}
    assert len(shapes) == 5
    totals = [text.get_text() for text in ax.texts if text.get_gid() == "total"]
    assert totals == ["2", "0", "0", "1", "1", "0", "weaker or reversed"]
    assert [text.get_text() for text in ax.texts if text.get_gid() == "row"] == ["A claim."]
    assert not [text for text in ax.texts if text.get_gid() == "foot"]


def test_below_many_rows_the_names_of_switches_stand_again():
    cells = pd.DataFrame({"headline": [f"h{i}" for i in range(20)] * 2, "switch": ["x"] * 20 + ["y"] * 20})
    cells = cells.assign(chapter="networks", label="same", n=1)
    ax = plot_sensitivity(cells, Figure(figsize=(8, 9)).add_axes((0.4, 0.2, 0.5, 0.6)))
    names = {gid: [text.get_text() for text in ax.texts if text.get_gid() == gid] for gid in ("column", "foot")}
    assert names == {"column": ["x", "y"], "foot": ["x", "y"]}


def test_the_figure_of_a_study_made_in_memory_is_drawn_of_that_study(study, table):
    fewer = study.with_tables(events=study.events.iloc[1:].reset_index(drop=True))
    assert switched._every(fewer) is fewer
    assert set(switched._every(study).layers) == {"coded", "reference"}
    found = switched.table(view_of(made(), AT))
    assert set(found["headline"]) == set(table["headline"])
    assert found["changes"].str.endswith(".").all()
