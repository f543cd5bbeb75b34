"""Spells: each rule by hand, and all of them against an enumeration of every history that fits what is stated."""

from datetime import date, timedelta
from itertools import product

import pandas as pd
import pytest
from tiny import tiny_study

from r2p_analysis.spells import (
    BODIES,
    bodies,
    check,
    lineages,
    members_at,
    memberships_at,
    of_members,
    root_bodies,
    rows_at,
)


def study_of(*spells, **tables):
    """Study with one membership of arg in lan per spell: (start, end, vintage), vintages separated by blanks."""
    rows, passages = [], []
    for i, (start, end, vintage) in enumerate(spells):
        ids = [f"p-{i}-{n}" for n, _ in enumerate(vintage.split())]
        passages += [{"passage_id": p, "vintage_edtf": v} for p, v in zip(ids, vintage.split(), strict=True)]
        row = {"membership_id": f"m{i:04}", "actor_id": "arg", "body_id": "lan", "start_edtf": start, "end_edtf": end}
        rows.append({**row, "evidence": ";".join(ids)})
    return tiny_study(memberships=rows, passages=passages, **tables)


def holds(spell, at):
    """Whether the only row holds: yes, possible or no."""
    study = study_of(spell)
    rows = memberships_at(study, at)
    certain = memberships_at(study, at, reading="certain")
    assert list(certain["membership_id"]) == list(rows.loc[rows["holds"] == "yes", "membership_id"])
    return rows["holds"].iloc[0] if len(rows) else "no"


UNKNOWN_DAY = "[2012-01-01..2015-05-29]"


@pytest.mark.parametrize(
    ("spell", "answers"),
    [
        # Nothing stated: certain at a known vintage only.
        (
            ("", "", "2014-09-08"),
            {"2014-09-07": "possible", "2014-09-08": "yes", "1900": "possible", "2050": "possible"},
        ),
        (("", "", UNKNOWN_DAY), {"2012-01-01": "possible", "2014-01-01": "possible", "2016": "possible"}),
        # A stated start: certain from its latest day to the vintage's earliest, possible after, excluded before.
        (
            ("2010-03-15", "", UNKNOWN_DAY),
            {
                "2010-03-14": "no",
                "2010-03-15": "yes",
                "2012-01-01": "yes",
                "2012-01-02": "possible",
                "2050": "possible",
            },
        ),
        (
            ("2010", "", UNKNOWN_DAY),
            {
                "2009-12-31": "no",
                "2010-01-01": "possible",
                "2010-12-30": "possible",
                "2010-12-31": "yes",
                "2012": "possible",
            },
        ),
        (("2014-03-05", "", UNKNOWN_DAY), {"2014-03-04": "no", "2014-03-05": "yes", "2014-03-06": "possible"}),
        (("2014", "", "2014-09-08"), {"2014-09-07": "possible", "2014-09-08": "yes", "2014-09-09": "possible"}),
        (
            ("[..2010]", "", "2012-06-01"),
            {"1850": "possible", "2010-12-31": "yes", "2012-06-01": "yes", "2013": "possible"},
        ),
        # A day-precise end is the first day outside; an imprecise one is when the spell ended.
        (("2010-03-15", "2013-06-01", "2014"), {"2010-03-15": "yes", "2013-05-31": "yes", "2013-06-01": "no"}),
        (
            ("2010-03-15", "2013-06", "2014"),
            {"2013-05-31": "yes", "2013-06-01": "possible", "2013-06-30": "possible", "2013-07-01": "no"},
        ),
        (
            ("", "2013-06-01", "[2012-01-01..2012-12-31]"),
            {
                "2012-12-30": "possible",
                "2012-12-31": "yes",
                "2013-05-31": "yes",
                "2013-06-01": "no",
                "1900": "possible",
            },
        ),
        (("", "2013-06-01", "2014"), {"2013-05-30": "possible", "2013-05-31": "yes", "2013-06-01": "no"}),
        # A vague start or end is stated all the same: the passage does not stand in for it.
        (("", "2013-06", "2014"), {"2013-05-31": "possible", "2013-06-30": "possible", "2013-07-01": "no"}),
        (("[2010..]", "2013-06", "2012-01-01"), {"2009": "no", "2012-01-01": "possible", "2013-05-31": "possible"}),
        (("2012", "2012", "2014"), {"2011": "no", "2012-06-01": "possible", "2013": "no"}),
        (("2010-03-15", "[2013..]", "2014"), {"2012-12-31": "yes", "2013-01-01": "possible", "2050": "possible"}),
        # A passage that speaks after the end does not prolong the spell.
        (("2010-03-15", "2013-06", "2013-06-20"), {"2013-05-31": "yes", "2013-06-20": "possible"}),
        (("2010-03-15", "[..2013-06-01]", "2012-01-01"), {"2010-03-15": "yes", "2011": "possible", "2013-06-02": "no"}),
        # A passage that speaks before an announced start vouches for nothing before it.
        (("2016", "", "2014-09-08"), {"2014-09-08": "no", "2016-06-01": "possible", "2016-12-31": "possible"}),
        # Several passages: their certain days together.
        (("", "", "2012-03-29 2014-09-08"), {"2012-03-29": "yes", "2013": "possible", "2014-09-08": "yes"}),
        (("2010", "", "[2011..2012] 2013-01-01"), {"2012-12-31": "yes", "2013-01-01": "yes", "2013-01-02": "possible"}),
        # What lasted from a to b was so on every day between.
        (
            ("", "", "2012/2014"),
            {"2012-12-30": "possible", "2012-12-31": "yes", "2014-01-01": "yes", "2014-01-02": "possible"},
        ),
        # A qualifier does not widen a date.
        (("2010-03-15?", "2013-06-01~", "2014"), {"2010-03-14": "no", "2010-03-15": "yes", "2013-06-01": "no"}),
    ],
)
def test_a_spell_holds_for_certain_possibly_or_not(spell, answers):
    assert {at: holds(spell, at) for at in answers} == answers


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        ("2011", "yes"),  # on each of its days
        ("2010", "possible"),  # on some of its days
        ("2012/2013", "possible"),
        ("2010-03-15/2012-01-01", "yes"),
        ("[2010-03-01..2010-03-14]", "no"),
        (date(2010, 3, 15), "yes"),
        (date(2010, 3, 14), "no"),
        (pd.Timestamp("2012-01-02 13:00"), "possible"),
        (2011, "yes"),
    ],
)
def test_the_day_asked_for_may_be_vague_or_long_or_a_date(at, answer):
    assert holds(("2010-03-15", "", UNKNOWN_DAY), at) == answer


def histories(start, end, vintage, days):
    """Every spell [first, outside) that fits: each cell is a range of days or None, the vintage lies in the spell."""
    for first, outside in product(days, days):
        begins = start is None or start[0] <= first <= start[1]
        # An imprecise end is a day on which the spell may still have held.
        ends = end is None or end[0] <= outside <= end[1] + (end[0] < end[1])
        speaks = vintage is None or any(first <= v < outside for v in range(vintage[0], vintage[1] + 1))
        if first < outside and begins and ends and speaks:
            yield first, outside


def test_the_rules_agree_with_an_enumeration_of_all_histories():
    day = [date(2012, 3, 1) + timedelta(n) for n in range(40)]

    def text(cell):
        return "" if cell is None else f"[{day[cell[0]]}..{day[cell[1]]}]" if cell[0] < cell[1] else str(day[cell[0]])

    starts = [None, (5, 5), (3, 6), (5, 8)]
    ends = [None, (14, 14), (13, 16)]
    vintages = [(9, 9), (5, 5), (4, 10), (8, 11), (6, 6)]
    cases = []
    for start, end, vintage in product(starts, ends, vintages):
        # With both ends stated the vintage is not asked: a passage may speak of what is over.
        fits = list(histories(start, end, None if start and end else vintage, range(40)))
        for at in [(n, n) for n in range(1, 18)] + [(n, n + 2) for n in range(1, 16)]:
            inside = [first <= at[0] and at[1] < outside for first, outside in fits]
            touched = [first <= at[1] and at[0] < outside for first, outside in fits]
            expected = "yes" if all(inside) else "possible" if any(touched) else "no"
            cases.append((start, end, vintage, at, expected))
    study = study_of(*[(text(start), text(end), text(vintage)) for start, end, vintage, _, _ in cases])
    by_day = {at: memberships_at(study, f"{day[at[0]]}/{day[at[1]]}") for at in {case[3] for case in cases}}
    found = {at: dict(zip(rows["membership_id"], rows["holds"], strict=True)) for at, rows in by_day.items()}
    wrong = [(*case, got) for i, case in enumerate(cases) if (got := found[case[3]].get(f"m{i:04}", "no")) != case[4]]
    assert {case[4] for case in cases} == {"yes", "possible", "no"}
    assert wrong == []


def test_a_reference_vouches_until_it_was_published():
    rows = [
        {"membership_id": "dated", "start_edtf": "2001-05-05", "evidence": "r-dated"},
        {"membership_id": "undated", "start_edtf": "2001-05-05", "evidence": "r-undated"},
    ]
    rows = [{**row, "actor_id": "arg", "body_id": "oas", "basis": "external"} for row in rows]
    references = [{"ref_id": "r-dated", "published_edtf": "2010"}, {"ref_id": "r-undated"}]
    study = tiny_study(memberships=rows, references=references)
    for at, expected in {
        "2001-05-05": {"dated": "yes", "undated": "yes"},
        "2010-01-01": {"dated": "yes", "undated": "possible"},
        "2010-01-02": {"dated": "possible", "undated": "possible"},
    }.items():
        found = memberships_at(study, at)
        assert dict(zip(found["membership_id"], found["holds"], strict=True)) == expected


def test_rows_of_another_table_stand_on_their_own_date_where_they_have_one():
    functions = [
        {"function_id": "dated", "date_edtf": "2013-02-02", "evidence": "p"},
        {"function_id": "undated", "evidence": "p"},
    ]
    study = tiny_study(functions=functions, passages=[{"passage_id": "p", "vintage_edtf": "2014-09-08"}])
    assert list(rows_at(study, study.functions, "2013-02-02", reading="certain")["function_id"]) == ["dated"]
    assert list(rows_at(study, study.functions, "2014-09-08", reading="certain")["function_id"]) == ["undated"]
    assert list(rows_at(study, study.functions, "1999", reading="possible")["holds"]) == ["possible", "possible"]


def test_rows_that_hold_are_numbered_anew():
    study = study_of(("1990", "1991-01-01", "2014"), ("2010", "", "2014"), ("1990", "1991-01-01", "2014"))
    rows = memberships_at(study, "2014")
    assert list(rows["membership_id"]) == ["m0001"]
    assert list(rows.index) == [0]


def test_without_a_date_every_row_of_the_status_is_kept_as_undated():
    study = study_of(("1990", "1991-01-01", "2014"), ("2016", "", "2014"))
    rows = memberships_at(study, None)
    assert list(rows["membership_id"]) == ["m0000", "m0001"]
    assert list(rows["holds"]) == ["undated", "undated"]
    assert list(rows.columns) == [*study.memberships.columns, "holds", "as_of"]
    assert "holds" not in study.memberships.columns


def test_an_empty_table_gives_an_empty_table():
    study = tiny_study(actors=[{"actor_id": "un"}])
    for at in (None, "2014"):
        rows = memberships_at(study, at)
        assert len(rows) == 0
        assert list(rows.columns) == [*study.memberships.columns, "holds", "as_of"]
    assert members_at(study, "un", "2014") == []


STATUSES = ["operating", "planned", "potential", "denied", "suspended", "self_suspended", "withdrawn"]
ROLES = ["member", "associate", "observer", "focal_point", "facilitator", "participant"]


def coded(column, codes):
    rows = [{"actor_id": f"a-{code}", "body_id": "lan", column: code, "evidence": "p"} for code in codes]
    return tiny_study(memberships=rows, passages=[{"passage_id": "p", "vintage_edtf": "2014"}])


@pytest.mark.parametrize("at", ["2014", None])
def test_planned_is_not_operating_and_denied_is_not_membership(at):
    study = coded("status", STATUSES)
    assert members_at(study, "lan", at) == ["a-operating"]
    for status in STATUSES:
        assert members_at(study, "lan", at, status=(status,)) == [f"a-{status}"]
        assert list(memberships_at(study, at, status=status)["actor_id"]) == [f"a-{status}"]
    assert len(memberships_at(study, at, status=STATUSES)) == 7


def test_who_observes_or_takes_part_does_not_belong():
    study = coded("role", ROLES)
    assert members_at(study, "lan", "2014") == ["a-facilitator", "a-focal_point", "a-member"]
    assert members_at(study, "lan", "2014", roles=("observer", "participant")) == ["a-observer", "a-participant"]
    assert members_at(study, "lan", "2014", roles="member") == ["a-member"]
    assert len(memberships_at(study, "2014")) == 6


def test_attendance_of_an_event_is_no_membership():
    study = study_of(
        ("", "", "2014"), participations=[{"actor_id": "bra", "event_id": "seminar", "role": "participant"}]
    )
    assert members_at(study, "lan", "2014") == ["arg"]


def test_a_collective_stands_for_members_and_is_none():
    actors = [{"actor_id": "lan-members", "kind": "collective"}, {"actor_id": "aipr", "kind": "ngo"}]
    rows = [{"actor_id": actor, "body_id": "lan"} for actor in ("lan-members", "arg", "aipr")]
    study = tiny_study(memberships=rows, actors=actors)
    assert members_at(study, "lan", None) == ["aipr", "arg"]
    assert list(of_members(study, study.memberships, ["member"])["actor_id"]) == ["arg", "aipr"]
    assert len(of_members(study, study.memberships, ["observer"])) == 0
    assert list(memberships_at(study, None)["actor_id"]) == ["lan-members", "arg", "aipr"]


def test_members_are_listed_once_sorted_and_of_one_body_only():
    rows = [
        {"actor_id": "ury", "body_id": "lan", "start_edtf": "2012", "end_edtf": "2013"},
        {"actor_id": "ury", "body_id": "lan", "start_edtf": "2013"},
        {"actor_id": "arg", "body_id": "lan"},
        {"actor_id": "bra", "body_id": "focal-points"},
        {"actor_id": "chl", "body_id": "iachr"},
    ]
    study = tiny_study(memberships=rows, actors=[{"actor_id": "iachr", "parent_id": "oas"}, {"actor_id": "oas"}])
    assert members_at(study, "lan", "2013-06") == ["arg", "ury"]
    assert members_at(study, "lan", None) == ["arg", "ury"]
    assert members_at(study, "oas", None) == []
    assert members_at(study, "iachr", None) == ["chl"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: members_at(s, "lam", "2014"), r"unknown body 'lam': did you mean 'lan'\? allowed: lan, icrtop"),
        (lambda s: members_at(s, "arg", "2014"), r"unknown body 'arg': allowed: lan, icrtop"),
        (
            lambda s: memberships_at(s, "2014", reading="certainly"),
            r"unknown reading .* 'certain'\? allowed: certain, poss",
        ),
        (
            lambda s: memberships_at(s, "2014", status=("planed",)),
            r"unknown status 'planed': did you mean 'planned'\? allo",
        ),
        (
            lambda s: memberships_at(s, "2014", status=("silent",)),
            r"unknown status 'silent': allowed: operating, planned",
        ),
        (lambda s: members_at(s, "lan", "2014", roles=("host",)), r"unknown role 'host': allowed: member, associate"),
        (lambda s: members_at(s, "lan", "2014", roles="observr"), r"unknown role 'observr': did you mean 'observer'\?"),
        (
            lambda s: memberships_at(s, "2014", status=3),
            r"status: 3 is no list of names; give one, as in \['operating'\]",
        ),
        (lambda s: members_at(s, "lan", "2014", roles=[None]), "unknown role None: allowed: member"),
        (lambda s: members_at(s, ["lan"], "2014"), r"unknown body \['lan'\]: did you mean 'lan'"),
        (lambda s: memberships_at(None, "2014"), "None is no study: give what load_study"),
        (lambda s: bodies(7), "7 is no study"),
        (lambda s: root_bodies(s, 7), "actors: 7 is no list of names"),
        (lambda s: memberships_at(s, "8 September 2014"), r"'8 September 2014' is not an EDTF date"),
        (
            lambda s: memberships_at(s, "2014/.."),
            r"at='2014/\.\.' is open to one side: both ends are needed, as in '2014",
        ),
        (lambda s: memberships_at(s, "[..2014]"), r"at='\[\.\.2014\]' is open to one side"),
        (
            lambda s: memberships_at(s, None, reading="certain"),
            r"reading 'certain' needs a date: give at=, for example",
        ),
    ],
)
def test_a_wrong_question_says_what_is_allowed_and_what_was_meant(call, message):
    rows = [{"actor_id": "arg", "body_id": "lan"}, {"actor_id": "cries", "body_id": "icrtop"}]
    with pytest.raises(ValueError, match=message):
        call(tiny_study(memberships=rows))


def test_an_actor_that_is_nobodys_body_is_told_from_an_unknown_one():
    rows = [{"actor_id": "arg", "body_id": "lan"}, {"actor_id": "cries", "body_id": "icrtop"}]
    study = tiny_study(memberships=rows, actors=[{"actor_id": "iachr"}])
    with pytest.raises(
        ValueError, match=r"^no row of memberships names 'iachr' as a body; the bodies are: lan, icrtop$"
    ):
        members_at(study, "iachr", "2014")
    with pytest.raises(ValueError, match=r"^unknown body 'LAN': did you mean 'lan'"):
        members_at(study, "LAN", "2014")


def test_what_is_asked_is_spelt_out_in_the_order_it_was_given():
    study = tiny_study()
    belonging = ("member", "focal_point", "facilitator")
    assert check(study, None, reading="possible") == ((), belonging)
    asked = check(study, "2014", reading="certain", status=["planned", "operating"], roles=["observer"])
    assert asked == (("planned", "operating"), ("observer",))


def test_fixed_bodies_come_first_and_stay_without_members():
    rows = [{"actor_id": "arg", "body_id": body} for body in ("zeta", "lan", "alpha", "lan", "oas")]
    study = tiny_study(memberships=rows, actors=[{"actor_id": "un"}, {"actor_id": "aipr"}])
    assert bodies(study) == ["un", "oas", "lan", "alpha", "zeta"]
    assert BODIES == ("un", "oas", "caricom", "sica", "unasur", "celac", "lan", "focal-points")


ACTORS = [
    {"actor_id": "arg", "kind": "state", "iso3": "ARG"},
    {"actor_id": "dnk", "kind": "state", "iso3": "DNK"},
    {"actor_id": "nm-arg", "parent_id": "arg", "iso3": "ARG"},
    {"actor_id": "unit", "parent_id": "nm-arg"},
    {"actor_id": "office-dnk", "parent_id": "dnk"},
    {"actor_id": "nm-bol", "parent_id": "bol"},  # a state without a row in actors
    {"actor_id": "oas"},
    {"actor_id": "iachr", "parent_id": "oas"},
    {"actor_id": "rapporteur", "parent_id": "iachr"},
    {"actor_id": "sica", "parent_id": "oas"},  # as a source has it
    {"actor_id": "parlacen", "parent_id": "sica"},
]


def test_organs_lead_to_their_root_and_national_bodies_to_their_state():
    study = tiny_study(actors=ACTORS, regions=[{"iso3": "ARG"}, {"iso3": "BOL"}])
    expected = {
        "rapporteur": (["rapporteur", "iachr", "oas"], "oas"),
        "iachr": (["iachr", "oas"], "oas"),
        "oas": (["oas"], "oas"),
        "parlacen": (["parlacen", "sica"], "sica"),
        "unit": (["unit", "nm-arg", "arg"], "nm-arg"),
        "nm-bol": (["nm-bol", "bol"], "nm-bol"),
        "office-dnk": (["office-dnk", "dnk"], "office-dnk"),
        "arg": (["arg"], "arg"),
        "unheard-of": (["unheard-of"], "unheard-of"),
    }
    assert lineages(study, expected) == {actor: line for actor, (line, _) in expected.items()}
    assert root_bodies(study, expected) == {actor: root for actor, (_, root) in expected.items()}


def test_an_actor_that_is_a_part_of_itself_is_an_error():
    study = tiny_study(actors=[{"actor_id": "a", "parent_id": "b"}, {"actor_id": "b", "parent_id": "a"}])
    with pytest.raises(ValueError, match="'a' is a part of itself: a -> b -> a; correct parent_id in actors"):
        lineages(study, ["a"])


def history(*rows):
    """A study of the spells of one state in one body; a row is status, start, end, further cells."""
    passages = [{"passage_id": "then", "vintage_edtf": "2014-09-08"}]
    references = [{"ref_id": "LIST", "published_edtf": "2020-01-01"}]
    shared = {"actor_id": "pry", "body_id": "unasur", "role": "member", "basis": "external", "evidence": "LIST"}
    cells = [
        {**shared, "membership_id": f"m{i}", "status": status, "start_edtf": start, "end_edtf": end, **more}
        for i, (status, start, end, more) in enumerate(rows)
    ]
    return tiny_study(memberships=cells, passages=passages, references=references)


SUSPENDED = [
    ("operating", "2008-05-23", "2012-06-29", {}),
    ("suspended", "2012-06-29", "2013-08-09", {}),
    ("operating", "2013-08-09", None, {}),
]
UNDATED = ("operating", None, None, {"basis": "inferred", "evidence": "then"})


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("1945", []),
        ("2010-01-01", ["operating"]),
        ("2012-12-31", ["suspended"]),
        ("2014-09-08", ["operating"]),
        ("2030-01-01", ["operating"]),
    ],
)
def test_a_spell_without_dates_holds_only_with_a_dated_one_of_its_status(at, expected):
    study = history(*SUSPENDED, UNDATED)
    held = memberships_at(study, at, status=["operating", "suspended"])
    assert sorted(set(held["status"])) == expected
    assert ("m3" in set(held["membership_id"])) == (expected == ["operating"])


def test_a_spell_without_dates_is_possible_at_any_time_when_nothing_else_is_known():
    assert members_at(history(UNDATED), "unasur", "1945") == ["pry"]


def test_a_possible_spell_gives_way_to_a_certain_one_of_another_status():
    vague = [("operating", "2008", "2012", {}), ("suspended", "2012-06-29", "2013-08-09", {})]
    study = history(*vague)
    at = {day: set(memberships_at(study, day, status=["operating", "suspended"])["membership_id"]) for day in DAYS}
    assert at == {"2012-03-01": {"m0"}, "2012-07-01": {"m1"}}


DAYS = ("2012-03-01", "2012-07-01")


def test_a_disputed_spell_is_never_certain():
    study = history(("operating", "2009-06-03", None, {"confidence": "disputed"}))
    assert memberships_at(study, "2010-01-01")["holds"].tolist() == ["possible"]
    assert memberships_at(study, "2010-01-01", reading="certain").empty


def test_self_suspension_counts_as_one_asks():
    study = history(("self_suspended", "2018-04-20", None, {}))
    counted = {}
    for choice in ("own", "suspended", "member"):
        for status in ("operating", "suspended", "self_suspended"):
            found = members_at(study, "unasur", "2019-01-01", status=status, self_suspension=choice)
            counted[choice, status] = len(found)
    assert {pair for pair, n in counted.items() if n} == {
        ("own", "self_suspended"),
        ("suspended", "self_suspended"),
        ("suspended", "suspended"),
        ("member", "self_suspended"),
        ("member", "operating"),
    }


def test_a_day_after_the_evidence_is_answered_with_the_day_that_it_speaks_of():
    study = history(("operating", "2008-05-23", None, {}))
    assert members_at(study, "unasur", "2019-06-01", reading="certain") == ["pry"]
    with pytest.warns(UserWarning, match="1 more of 'unasur' are possible on 2021: as of 2020-01-01 at the latest"):
        assert members_at(study, "unasur", "2021", reading="certain") == []


def test_one_body_at_a_time(study):
    rows = memberships_at(study, "2014-09-08", body="lan")
    assert set(rows["body_id"]) == {"lan"}
    with pytest.raises(ValueError, match="did you mean 'unasur'"):
        memberships_at(study, "2014-09-08", body="unasour")
