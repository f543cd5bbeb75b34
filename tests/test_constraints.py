"""Bounds and contradictions against all choices of days of small networks, tried one by one."""

from datetime import date, timedelta
from itertools import combinations, pairwise, product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from r2p_analysis.chronology import contradictions, tighten
from r2p_analysis.study import load_study
from tests.tiny import tiny_study

BOUNDS = ["earliest", "latest", "first_latest", "last_earliest"]
DAY0 = date(2011, 12, 31)
# A window of four dated days, and one day before and after it that only open ends reach.
WINDOW = range(6)


def day(number):
    return (DAY0 + timedelta(days=number)).isoformat()


def table(**dates):
    return pd.DataFrame({"event_id": list(dates), "date_edtf": pd.Series(list(dates.values()), dtype="str")})


def linked(*links):
    rows = [(f"l{i}", *link.split()) for i, link in enumerate(links)]
    return pd.DataFrame(rows, columns=["link_id", "event_id", "relation", "other_id"], dtype="str")


def bounds_of(tightened, event):
    row = tightened.set_index("event_id").loc[event, BOUNDS]
    return [None if pd.isna(cell) else str(cell.date()) for cell in row]


# ---- what each relation says, of e: lasted from day 2 to day 3 of the month at most, and o


@pytest.mark.parametrize(
    ("relation", "earliest", "latest", "first_latest", "last_earliest"),
    [
        ("before", None, "2012-05-10", "2012-05-10", None),
        ("after", "2012-05-12", None, None, "2012-05-12"),
        ("during", "2012-05-10", "2012-05-12", "2012-05-12", "2012-05-10"),
        ("outcome_of", "2012-05-10", None, None, "2012-05-10"),
        ("reports_on", None, None, None, "2012-05-10"),
        ("announces", None, None, "2012-05-10", None),
        ("next_in_series", "2012-05-10", None, None, "2012-05-10"),
        ("same_as", None, None, None, None),
    ],
)
def test_a_relation_says_no_more_than_its_definition(relation, earliest, latest, first_latest, last_earliest):
    tightened = tighten(table(e=None, o="2012-05-10/2012-05-12"), linked(f"e {relation} o"))
    assert bounds_of(tightened, "e") == [earliest, latest, first_latest, last_earliest]
    assert bounds_of(tightened, "o") == ["2012-05-10", "2012-05-12", "2012-05-10", "2012-05-12"]
    assert tightened["changed"].tolist() == [relation != "same_as", False]


def test_a_relation_says_the_same_of_the_other_event():
    dates = table(e="2012-05-10/2012-05-12", o=None)
    assert bounds_of(tighten(dates, linked("e before o")), "o") == ["2012-05-12", None, None, "2012-05-12"]
    assert bounds_of(tighten(dates, linked("e during o")), "o") == [None, None, "2012-05-10", "2012-05-12"]
    assert bounds_of(tighten(dates, linked("e reports_on o")), "o") == [None, None, "2012-05-12", None]
    assert bounds_of(tighten(dates, linked("e announces o")), "o") == ["2012-05-10", None, None, "2012-05-10"]


def test_what_follows_may_do_so_on_the_same_day():
    assert not tighten(table(launch="2000-09-14", work="2000-09-14/2001"), linked("work after launch"))["changed"].any()
    assert len(contradictions(table(a="2000-09-14", b="2000-09-14"), linked("a before b"))) == 0


def test_a_text_may_be_about_what_is_announced_before_it_happens():
    events = table(text="2012", talk="2013").assign(status=["reported", "announced"])
    assert len(contradictions(events, linked("text reports_on talk"))) == 0
    assert len(contradictions(events.assign(status="reported"), linked("text reports_on talk"))) == 1


def test_same_as_counts_only_where_it_is_supposed():
    events, links = table(a="2012", b="2012-03-05/2012-03-06", c=None), linked("a same_as b", "b same_as c")
    assert not tighten(events, links)["changed"].any()
    supposed = tighten(events, links, suppose_same=True)
    assert [bounds_of(supposed, event) for event in "abc"] == [["2012-03-05", "2012-03-06"] * 2] * 3
    assert contradictions(table(a="2011", b="2012"), linked("a same_as b"), suppose_same=True)["n_rows"].tolist() == [3]


def test_a_part_lies_within_its_whole_and_numbers_of_a_series_do_not_run_back():
    events = table(whole="2012-05-10/2012-05-12", part=None).assign(part_of=[None, "whole"])
    assert bounds_of(tighten(events), "part") == ["2012-05-10", "2012-05-12", "2012-05-12", "2012-05-10"]
    assert tighten(events)["because"].tolist()[1] == "events:whole;events:part"
    series = table(a="2013", b=None, c="2014-02-01", d=None, e="2010")
    series = series.assign(series=["s"] * 4 + [None], ordinal=pd.array([1, 2, 4, None, 9], dtype="Int64"))
    tightened = tighten(series)
    assert bounds_of(tightened, "b") == ["2013-01-01", None, "2014-02-01", "2013-01-01"]
    assert bounds_of(tightened, "d") == [None] * 4
    assert tightened.loc[1, "because_earliest"] == "events:a;events:b"
    assert tightened.loc[1, "because_first_latest"] == "events:c;events:b"


def test_numbers_of_a_series_that_are_text_are_numbers():
    events = table(a="2012", b=None).assign(series="s", ordinal=["10", "9"])
    assert bounds_of(tighten(events), "b") == [None, None, "2012-12-31", None]
    with pytest.raises(ValueError, match="second"):
        tighten(events.assign(ordinal=["10", "second"]))


def test_two_events_of_one_number_stand_between_their_neighbours_and_in_no_order():
    events = table(a="2012-01-01", b=None, c=None, d="2012-06-01").assign(series="s", ordinal=[1, 2, 2, 3])
    assert (
        bounds_of(tighten(events), "b")
        == bounds_of(tighten(events), "c")
        == ["2012-01-01", None, "2012-06-01", "2012-01-01"]
    )


def test_an_order_of_a_series_stands_on_its_own_two_rows():
    events = table(a="2014", b=None, c="2012").assign(series="s", ordinal=[1, 2, 3])
    found = contradictions(events)
    assert found["rows"].tolist() == ["events:a;events:c"]
    assert contradictions(events, leave_out=["events:b"])["rows"].tolist() == ["events:a;events:c"]
    open_end = events.assign(date_edtf=["2014", None, None])
    assert bounds_of(tighten(open_end, leave_out=["events:b"]), "c") == ["2014-01-01", None, None, "2014-01-01"]
    assert bounds_of(tighten(open_end, leave_out=["events:a"]), "c") == [None] * 4


# ---- dates


def test_one_unknown_day_is_one_day_and_a_year_is_not():
    links = linked("o during e")
    assert bounds_of(tighten(table(e="[2012-05-01..2012-05-09]", o="2012-05-04"), links), "e") == ["2012-05-04"] * 4
    assert bounds_of(tighten(table(e="2012", o="2012-05-04"), links), "e") == [
        "2012-01-01", "2012-12-31", "2012-05-04", "2012-05-04",
    ]  # fmt: skip


def test_members_of_a_set_that_the_bounds_rule_out_are_dropped():
    events = table(e="[2012,2014,2016]", o="2013-05-05", p="2015")
    tightened = tighten(events, linked("e after o", "e before p"))
    assert bounds_of(tightened, "e") == ["2014-01-01", "2014-12-31", "2014-12-31", "2014-01-01"]
    assert tightened.loc[0, "because_earliest"] == "events:o;event_links:l0;events:e"
    assert tightened.loc[0, "because_latest"] == "events:p;event_links:l1;events:e"


def test_a_gap_moves_the_bounds_of_others():
    tightened = tighten(table(a="[2012,2014]", b="2013-05", c=None), linked("a after b", "c after a"))
    assert bounds_of(tightened, "c")[0] == "2014-01-01"
    assert tightened.loc[2, "because_earliest"] == "events:b;event_links:l0;events:a;event_links:l1"


def test_a_set_without_a_member_between_its_bounds_is_a_contradiction():
    found = contradictions(table(e="[2012,2014]", o="2013-02", p="2013-11"), linked("e after o", "e before p"))
    assert sorted(found.loc[0, "rows"].split(";")) == [
        "event_links:l0", "event_links:l1", "events:e", "events:o", "events:p",
    ]  # fmt: skip


def test_what_is_open_stays_open():
    tightened = tighten(table(a="[2012..]", b="../2012", c=None, d="[..2014,2016..]"), linked("a after b", "c after c"))
    assert bounds_of(tightened, "a") == ["2012-01-01", None, None, "2012-01-01"]
    assert bounds_of(tightened, "b") == [None, "2012-12-31", "2012-12-31", "2012-01-01"]
    assert bounds_of(tightened, "c") == bounds_of(tightened, "d") == [None] * 4
    assert tightened["because"].isna().all()


# ---- because


def test_because_names_the_rows_of_the_chain_and_leaving_one_out_loosens_the_bound():
    events, links = table(a="2012-03-01", b=None, c=None, d=None), linked("b after a", "c after b", "d outcome_of c")
    assert tighten(events, links).loc[3, "because"] == "events:a;event_links:l0;event_links:l1;event_links:l2"
    for row in ["events:a", "event_links:l0", "event_links:l1", "event_links:l2"]:
        assert bounds_of(tighten(events, links, leave_out=[row]), "d") == [None] * 4


def test_the_shortest_chain_from_the_tightest_limit_is_named():
    events = table(a="2012-03-01", b="2012-03-01", c=None, d=None, e="2012-02-01")
    links = linked("c after a", "d after c", "d after b", "d after e")
    assert tighten(events, links).loc[3, "because"] == "events:b;event_links:l2"


def test_rows_keep_their_order_and_types():
    tightened = tighten(table(b="2012", a=None), linked())
    assert tightened["event_id"].tolist() == ["b", "a"]
    assert {str(tightened[name].dtype) for name in BOUNDS} == {"datetime64[s]"}
    assert [str(tightened[name].dtype) for name in ["event_id", "changed", "because", "because_latest"]] == [
        "str",
        "bool",
        "str",
        "str",
    ]
    assert len(tighten(table())) == len(contradictions(table())) == 0


# ---- contradictions


def test_a_planted_contradiction_is_found_and_its_rows_are_named():
    study = load_study()
    assert len(contradictions(study)) == 0
    row = study.event_links.iloc[[0]].assign(
        link_id="planted",
        event_id="lan-launch",
        relation="after",
        other_id="lan-declaration",
        evidence="icrtop-19258-19312",
    )
    planted = study.with_tables(event_links=pd.concat([study.event_links, row], ignore_index=True))
    found = contradictions(planted)
    assert found["rows"].tolist() == ["events:lan-declaration;event_links:planted;events:lan-launch"]
    assert found.loc[0, "n_days"] == (date(2015, 5, 29) - date(2012, 3, 31)).days
    assert found.loc[0, "what"] == (
        "lan-declaration is dated 2015-05-29; lan-launch is dated 2012-03; lan-launch after lan-declaration"
    )
    assert set(found.loc[0, "evidence"].split(";")) >= {"icrtop-19258-19312", "icrtop-19085-19134"}
    with pytest.raises(
        ValueError, match="contradict each other: events:lan-declaration, event_links:planted, events:lan-launch"
    ):
        tighten(planted)
    assert len(tighten(planted, leave_out=["event_links:planted"])) == len(study.events)


def test_a_planted_date_is_found_through_a_chain():
    study = load_study()
    events = study.events.copy()
    events.loc[events["event_id"] == "us-interagency-review", "date_edtf"] = "2012-05"
    found = contradictions(study.with_tables(events=events))
    # April 2012 for what came out of it, and December 2011 for what took place during it.
    assert [set(rows.split(";")) for rows in found["rows"]] == [
        {
            "event_links:apb-founding-outcome-of-us-interagency-review",
            "events:apb-founding",
            "events:us-interagency-review",
        },
        {
            "event_links:strategy-peace-52-during-us-interagency-review",
            "events:strategy-peace-52",
            "events:us-interagency-review",
        },
    ]


def test_each_independent_contradiction_is_listed_and_shared_dates_do_not_hide_one():
    events = table(a="2020", b="2012", c="2013", d="2012", e="2011", f="2014")
    found = contradictions(events, linked("b after a", "a before c", "d before e", "f after e"))
    assert sorted(";".join(sorted(rows.split(";"))) for rows in found["rows"]) == [
        "event_links:l0;events:a;events:b",
        "event_links:l1;events:a;events:c",
        "event_links:l2;events:d;events:e",
    ]


def test_rows_that_can_be_spared_are_not_named():
    events = table(a="2012-01-05", b="2012-01-06/2012-01-08").assign(part_of=["b", None])
    found = contradictions(events, linked("a after b"))
    # The link makes the wider gap, but the part lies outside its whole without it.
    assert [(sorted(rows.split(";")), n) for rows, n in zip(found["rows"], found["n_days"], strict=True)] == [
        (["events:a", "events:b"], 1),
        (["event_links:l0", "events:a", "events:b"], 3),
    ]
    assert found["what"].tolist() == [
        "b is dated 2012-01-06/2012-01-08; a is dated 2012-01-05; a part of b",
        "b is dated 2012-01-06/2012-01-08; a is dated 2012-01-05; a after b",
    ]


def test_orders_alone_do_not_contradict_but_a_dated_circle_may():
    links = linked("a before b", "b before c", "c before a")
    assert len(contradictions(table(a=None, b=None, c=None), links)) == 0  # all on one day
    found = contradictions(table(a="2012-05-01/2012-05-02", b=None, c=None), links)
    assert sorted(found.loc[0, "rows"].split(";")) == ["event_links:l0", "event_links:l1", "event_links:l2", "events:a"]
    assert found.loc[0, "n_days"] == 1


def test_both_layers_of_the_shipped_study_hold_together():
    both = load_study(layers=["coded", "reference"])
    assert len(contradictions(both)) == len(contradictions(both, suppose_same=True)) == 0
    tightened = tighten(both)
    assert tightened.attrs["layers"] == ("coded", "reference")
    # The note says that the focal points of Argentina and Paraguay came out of it; Argentina's are of 2012.
    assert bounds_of(tightened, "lan-focal-point-appointments") == [None, None, "2012-12-31", None]


# ---- refusals


@pytest.mark.parametrize(
    ("events", "links", "message"),
    [
        (table(a="2012"), linked("a before b"), "unknown event in other_id .* 'b': allowed: a"),
        (table(a="2012", b=None), linked("a befor b"), "unknown relation of two events 'befor': did you mean 'before'"),
        (pd.concat([table(a="2012"), table(a="2013")]), None, "event_id must tell the rows apart; .*: a"),
        (table(a="2012").assign(part_of="b"), None, "unknown event in part_of .* 'b'"),
        (table(a="2012").drop(columns="date_edtf"), None, "events lack date_edtf; the table has: event_id"),
        (table(a="2012"), linked().drop(columns="relation"), "links lack relation"),
        (table(a="spring"), None, "'spring' is not an EDTF date"),
        (table(a="2012").assign(event_id=[1]), None, "event_id is 1: ids are text, as in 'lan-launch'"),
        (table(a="2012").iloc[:, [0, 0, 1]], None, "column 'event_id' stands twice: name each once"),
        (table(a="2012"), 3, "events must be a pandas .*, not int: 3"),
    ],
)
def test_what_cannot_be_read_is_refused(events, links, message):
    with pytest.raises(ValueError, match=message):
        tighten(events, links)
    with pytest.raises(ValueError, match=message):
        contradictions(events, links)


@pytest.mark.parametrize("column", ["event_id", "relation", "other_id"])
def test_a_link_without_an_event_or_a_relation_is_refused_by_its_id(column):
    links = linked("a before b").assign(**{column: None})
    with pytest.raises(ValueError, match=f"links without {column}: {links['link_id'][0]}; each needs"):
        tighten(table(a="2012", b="2013"), links)


def test_an_unknown_row_to_leave_out_is_refused():
    with pytest.raises(ValueError, match=r"leave_out: 3 is no list of names; give one, as in .'events:lan-launch'"):
        tighten(table(a="2012"), leave_out=3)
    with pytest.raises(ValueError, match="unknown row to leave out 'events:lan': did you mean 'events:law'"):
        tighten(table(law="2012"), leave_out=["events:lan"])


# ---- all choices of days, tried one by one

PAIRS = [(first, last) for first in WINDOW for last in WINDOW if first <= last]
RELATIONS = {
    "before": lambda e, o: e[1] <= o[0],
    "after": lambda e, o: e[0] >= o[1],
    "during": lambda e, o: o[0] <= e[0] and e[1] <= o[1],
    "outcome_of": lambda e, o: e[0] >= o[0],
    "reports_on": lambda e, o: e[1] >= o[0],
    "announces": lambda e, o: e[0] <= o[0],
    "next_in_series": lambda e, o: e[0] >= o[0],
    "same_as": lambda e, o: True,
}


def any_date(draw):
    a, b = sorted([draw(st.integers(1, 4)), draw(st.integers(1, 4))])
    c = draw(st.integers(1, 4))
    return draw(st.sampled_from([
        (None, lambda first, last: True),
        (day(a), lambda first, last: first == last == a),
        (f"{day(a)}/{day(b)}", lambda first, last: (first, last) == (a, b)),
        (f"[{day(a)}..{day(b)}]", lambda first, last: first == last and a <= first <= b),
        (f"[{day(a)},{day(b)},{day(c)}]", lambda first, last: first == last and first in (a, b, c)),
        (f"[..{day(a)}]", lambda first, last: first == last <= a),
        (f"[{day(a)}..]", lambda first, last: first == last >= a),
        (f"{day(a)}/..", lambda first, last: first == a),
        (f"../{day(b)}", lambda first, last: last == b),
    ]))  # fmt: skip


@st.composite
def small_networks(draw):
    ids = ["a", "b", "c"]
    dates = {event: any_date(draw) for event in ids}
    links = draw(
        st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(sorted(RELATIONS)), st.sampled_from(ids)), max_size=4)
    )
    part = draw(st.sampled_from([None, ("a", "b"), ("c", "b")]))
    return dates, [link for link in links if link[0] != link[2]], part


def statements(dates, links, part):
    """Each row with what it demands of a choice of days."""
    rows = [(f"date of {event}", lambda days, e=event, ok=ok: ok(*days[e])) for event, (_, ok) in dates.items()]
    rows += [
        (f"event_links:l{i}", lambda days, e=e, r=r, o=o: RELATIONS[r](days[e], days[o]))
        for i, (e, r, o) in enumerate(links)
    ]
    if part:
        rows.append((f"events:{part[0]}", lambda days: RELATIONS["during"](days[part[0]], days[part[1]])))
    return rows


def choices(rows):
    own = [
        [pair for pair in PAIRS if all(ok({event: pair}) for row, ok in rows if row == f"date of {event}")]
        for event in "abc"
    ]
    for days in product(*own):
        days = dict(zip("abc", days, strict=True))
        if all(ok(days) for row, ok in rows if not row.startswith("date of ")):
            yield days


def standing_on(rows, named):
    return [(row, ok) for row, ok in rows if row.replace("date of ", "events:") in named]


def tables(dates, links, part):
    events = table(**{event: text for event, (text, _) in dates.items()})
    if part:
        events = events.assign(part_of=[part[1] if event == part[0] else None for event in "abc"])
    return events, linked(*(" ".join(link) for link in links))


@settings(max_examples=120, deadline=None)
@given(small_networks())
def test_bounds_and_contradictions_are_those_of_all_choices_of_days(network):
    rows, (events, links) = statements(*network), tables(*network)
    possible = list(choices(rows))
    found = contradictions(events, links)
    assert (len(found) == 0) == bool(possible)
    listed = [set(named.split(";")) for named in found["rows"]]
    left = rows
    for named in listed:
        assert not any(choices(standing_on(left, named)))
        assert all(any(choices(standing_on(left, named - {one}))) for one in named)
        # The relations of a contradiction are set aside for the next one; dates never are.
        left = [(row, ok) for row, ok in left if row.startswith("date of ") or row not in named]
    # What is listed shares no relation, and what is left holds together.
    relations = [{row for row in named.split(";") if row.startswith("event_links")} for named in found["rows"]]
    assert all(not a & b for a, b in combinations(relations, 2))
    if not possible:
        return
    tightened = tighten(events, links)
    for event in "abc":
        firsts, lasts = zip(*(days[event] for days in possible), strict=True)
        extremes = [min(firsts), max(lasts), max(firsts), min(lasts)]
        assert bounds_of(tightened, event) == [None if x in (0, 5) else day(x) for x in extremes]


@settings(max_examples=60, deadline=None)
@given(small_networks())
def test_the_rows_named_are_enough_for_the_bound(network):
    rows, (events, links) = statements(*network), tables(*network)
    if contradictions(events, links).empty:
        tightened = tighten(events, links)
        for event, *named in tightened[["event_id", *(f"because_{name}" for name in BOUNDS)]].itertuples(index=False):
            for name, because in zip(BOUNDS, named, strict=True):
                if isinstance(because, str):
                    chosen = list(choices(standing_on(rows, because.split(";"))))
                    extreme = {"earliest": min, "latest": max, "first_latest": max, "last_earliest": min}[name]
                    side = 0 if name in ("earliest", "first_latest") else 1
                    value = tightened.set_index("event_id").loc[event, name]
                    assert day(extreme(days[event][side] for days in chosen)) == str(value.date())


def test_a_long_series_is_no_deeper_than_the_stack():
    n = 1_500
    events = pd.DataFrame({"event_id": [f"e{i:04}" for i in range(n)], "date_edtf": ["2012", *[None] * (n - 1)]})
    links = linked(*(f"{b} next_in_series {a}" for a, b in pairwise(events["event_id"])))
    assert bounds_of(tighten(events, links), "e1499")[0] == "2012-01-01"


def test_a_study_of_its_own_tables_is_read_as_tables_are():
    study = tiny_study(
        events=[{"event_id": "a", "date_edtf": "2012"}, {"event_id": "b"}],
        event_links=[{"event_id": "b", "relation": "after", "other_id": "a", "link_id": "l"}],
    )
    by_tables = tighten(study.events, study.event_links)
    pd.testing.assert_frame_equal(tighten(study), by_tables, check_exact=True)
