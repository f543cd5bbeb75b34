"""Participation networks against edges written by hand, and shared events against an enumeration of days."""

from itertools import combinations, product

import networkx as nx
import pandas as pd
import pytest

from r2p_analysis import dates, load_study
from r2p_analysis.chronology import co_participation, co_participation_series, participation_network, vintages
from r2p_analysis.networks import nestedness, nodf, pair_table
from tests.tiny import tiny_study


def part(actor, event, role="participant", **more):
    return {"actor_id": actor, "event_id": event, "role": role, "participation_id": f"{actor}-{event}-{role}", **more}


@pytest.fixture
def small():
    return tiny_study(
        regions=[{"iso3": "ARG", "name_en": "Argentina"}, {"iso3": "BRA", "name_en": "Brazil"}],
        actors=[
            {"actor_id": "arg", "name": "Argentina", "kind": "state"},
            {"actor_id": "bra", "name": "Brazil", "kind": "state"},
            {"actor_id": "arg-rep", "name": "Its representative", "kind": "office", "parent_id": "arg"},
            {"actor_id": "ngo", "name": "A group", "short_name": "NGO", "kind": "ngo"},
            {"actor_id": "all", "name": "All members", "kind": "collective"},
        ],
        events=[
            {"event_id": "conf", "title": "C", "kind": "conference", "date_edtf": "2012", "status": "reported"},
            {
                "event_id": "panel",
                "kind": "roundtable",
                "date_edtf": "2012-03-05",
                "part_of": "conf",
                "status": "reported",
            },
            {"event_id": "conf-again", "kind": "conference", "date_edtf": "2012-03", "status": "background"},
            {"event_id": "next", "kind": "seminar", "date_edtf": "2014", "status": "announced"},
            {"event_id": "vague", "kind": "seminar", "status": "reported"},
            {"event_id": "late", "kind": "seminar", "date_edtf": "[2012-12-31..2013-01-02]", "status": "reported"},
        ],
        event_links=[{"event_id": "conf-again", "relation": "same_as", "other_id": "conf"}],
        participations=[
            part("arg", "conf", "host", evidence="p1;p2"),
            part("arg", "conf", "organiser", evidence="p2;p3"),
            part("arg-rep", "conf", "speaker", evidence="p3"),
            part("bra", "panel", "panellist", evidence="p4"),
            part("ngo", "conf-again", evidence="p5"),
            part("bra", "conf", "mentioned", evidence="p6"),
            part("all", "conf", evidence="p7"),
            part("arg", "next", evidence="p8"),
            part("arg", "vague", evidence="p9"),
            part("bra", "late", evidence="p10"),
            part("arg", "late", evidence="p11"),
        ],
    )


def edges(B):
    return sorted(B.edges)


def test_an_actor_is_in_an_event_once_with_all_its_roles_rows_and_evidence(small):
    B = participation_network(small)
    expected = [("arg", "conf"), ("arg", "late"), ("arg", "vague"), ("arg-rep", "conf"), ("bra", "late")]
    assert edges(B) == sorted([*expected, ("bra", "panel"), ("ngo", "conf-again")])
    edge = B.edges["arg", "conf"]
    assert sorted(edge["roles"]) == ["host", "organiser"]
    assert edge["participation_ids"] == ["arg-conf-host", "arg-conf-organiser"]
    assert edge["evidence"] == ["p1", "p2", "p3"]
    assert B.nodes["ngo"] == {"bipartite": 0, "mode": "actor", "label": "NGO", "kind": "ngo"}
    event = B.nodes["conf"]
    assert (event["bipartite"], event["mode"], event["kind"], event["event_ids"]) == (
        1,
        "event",
        "conference",
        ["conf"],
    )
    assert (B.graph["n_rows"], B.graph["n_left_out"]) == (8, 1)


def test_parts_the_same_and_offices_are_merged_where_asked(small):
    assert ("bra", "conf") in edges(participation_network(small, merge=["parts"]))
    same = participation_network(small, merge="same")
    assert ("ngo", "conf") in edges(same) and "conf-again" not in same
    # Two accounts of one event refine its date; the reported one stands for both.
    assert (same.nodes["conf"]["date_edtf"], same.nodes["conf"]["event_ids"]) == ("2012-03", ["conf", "conf-again"])
    offices = participation_network(small, merge=["offices"])
    assert "arg-rep" not in offices and set(offices.edges["arg", "conf"]["roles"]) == {"host", "organiser", "speaker"}
    every = participation_network(small, merge=("parts", "same", "offices"))
    assert edges(every) == [
        ("arg", "conf"),
        ("arg", "late"),
        ("arg", "vague"),
        ("bra", "conf"),
        ("bra", "late"),
        ("ngo", "conf"),
    ]
    assert every.nodes["conf"]["date_edtf"] == "2012-03"  # and not the day of its part
    assert co_participation(every).edges["arg", "bra"]["weight"] == 2


@pytest.mark.parametrize(
    ("at", "reading", "kept"),
    [
        ("2012", "possible", {"conf": 1, "panel": 1, "conf-again": 1, "vague": None, "late": 1 / 3}),
        ("2012", "certain", {"conf": 1, "panel": 1, "conf-again": 1}),
        ("2012-03-05", "possible", {"conf": 1 / 366, "panel": 1, "conf-again": 1 / 31, "vague": None}),
        ("2013/2014", "possible", {"vague": None, "late": 2 / 3}),
    ],
)
def test_a_stretch_of_time_keeps_what_begins_in_it(small, at, reading, kept):
    B = participation_network(small, at, reading=reading)
    shares = {node: data["share"] for node, data in B.nodes(data=True) if data["bipartite"] == 1}
    assert shares == pytest.approx(kept)
    # Actors stay, whether they took part in that time or not.
    assert [node for node, side in B.nodes(data="bipartite") if side == 0] == ["arg", "arg-rep", "bra", "ngo"]


def test_open_dates_are_possible_where_they_reach(small):
    events = small.events.assign(date_edtf="[..2012-06-01]")
    study = small.with_tables(events=events)
    assert "conf" in participation_network(study, "2012") and "conf" not in participation_network(study, "2013")
    assert participation_network(study, "2012").nodes["conf"]["share"] is None


def test_announced_events_and_those_spoken_of_come_in_only_when_asked_for(small):
    assert "next" not in participation_network(small)
    assert ("arg", "next") in edges(participation_network(small, status="announced"))
    assert edges(participation_network(small, roles="mentioned")) == [("bra", "conf")]
    states = participation_network(small, actors="states")
    assert {node for node, side in states.nodes(data="bipartite") if side == 0} == {"arg", "bra"}
    assert states.graph["n_left_out"] == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"reading": "sure"}, "unknown reading"),
        ({"status": ["held"]}, "unknown status 'held'"),
        ({"roles": ["guest"]}, "unknown role 'guest'"),
        ({"actors": "state"}, "unknown actors 'state': did you mean 'states'"),
        ({"merge": ["part"]}, "unknown merge 'part': did you mean 'parts'"),
        ({"merge": 3}, r"merge: 3 is no list of names; give one, as in \['parts'\]"),
        ({"roles": [None]}, "unknown role None"),
        ({"at": "2012/.."}, "is open to one side"),
    ],
)
def test_what_is_not_there_is_refused(small, options, message):
    with pytest.raises(ValueError, match=message):
        participation_network(small, **options)


def test_an_event_that_is_a_part_of_itself_is_refused(small):
    events = small.events.assign(part_of=small.events["part_of"].mask(small.events["event_id"] == "conf", "panel"))
    with pytest.raises(ValueError, match="is a part of itself"):
        participation_network(small.with_tables(events=events), merge="parts")


# ---- projection and series


def test_the_projection_counts_distinct_events(study):
    for merge in ((), ("parts", "same", "offices")):
        B = participation_network(study, merge=merge)
        G = co_participation(B)
        for u, v in combinations(sorted(G), 2):
            both = sorted(set(B[u]) & set(B[v]))
            assert G.has_edge(u, v) == bool(both)
            if both:
                assert (G.edges[u, v]["weight"], G.edges[u, v]["shared"]) == (len(both), both)
        events = co_participation(B, "event")
        assert sum(w for *_, w in events.edges(data="weight")) == sum(
            len(set(B[a]) & set(B[b])) for a, b in combinations(sorted(events), 2)
        )
    with pytest.raises(ValueError, match="unknown mode 'body'"):
        co_participation(B, "body")


def test_the_evidence_of_a_tie_is_that_of_both_parts(small):
    assert co_participation(participation_network(small)).edges["arg", "bra"]["evidence"] == ["p10", "p11"]


def test_shared_events_by_period_are_those_of_every_assignment_of_days(small):
    study = small.with_tables(
        events=pd.DataFrame(
            {"event_id": list("xyz"), "title": "", "kind": "seminar", "status": "reported", "part_of": None}
        ).assign(date_edtf=["[2012-12-31..2013-01-02]", "[2012-12-31,2013-05-01]", "2012-05-01"]),
        participations=small.participations.iloc[:0],
    )
    rows = pd.DataFrame([part(actor, event, evidence="p") for event in "xyz" for actor in ("arg", "bra")])
    table = co_participation_series(participation_network(study.with_tables(participations=rows)), level=0.6)
    laws = {2012: {}, 2013: {}}
    for x, y in product((2012, 2013, 2013), (2012, 2013)):
        for year in laws:
            n = (x, y, 2012).count(year)
            laws[year][n] = laws[year].get(n, 0) + 1 / 6
    assert table[["u", "v"]].to_numpy().tolist() == [["arg", "bra"]] * 2
    for row, (year, law) in zip(table.itertuples(), laws.items(), strict=True):
        assert row.period.year == year
        assert row.n_expected == pytest.approx(sum(n * p for n, p in law.items()))
        assert (row.n_least, row.n_most) == (min(law), max(law))
        low = max(k for k in range(4) if sum(p for n, p in law.items() if n < k) <= 0.2 + 1e-9)
        high = min(k for k in range(4) if sum(p for n, p in law.items() if n > k) <= 0.2 + 1e-9)
        assert (row.n_low, row.n_high) == (low, high)
    assert table["events"].tolist() == [["x", "y", "z"], ["x", "y"]]


def test_the_series_sums_to_the_dated_weights_and_ends_where_nothing_is_observed(study):
    B = participation_network(study)
    G, table = co_participation(B), co_participation_series(B)
    bounded = {e for e, text in B.nodes(data="date_edtf") if text and None not in dates.parse(text).first}
    weights = {(u, v): len(bounded.intersection(both)) for u, v, both in G.edges(data="shared")}
    found = table.groupby(["u", "v"])["n_expected"].sum()
    assert dict(found.items()) == pytest.approx({pair: n for pair, n in weights.items() if n})
    shared = {event for *_, both in G.edges(data="shared") for event in both}
    assert table.attrs["n_left_out"] == len(shared - bounded)
    seen = co_participation_series(B, observed="2011-12-31")
    late = seen["period"].map(lambda period: period.year) > 2011
    assert seen.loc[late, ["n_expected", "n_low", "n_most"]].isna().all(axis=None) and late.any()
    assert seen.loc[~late, "n_expected"].notna().all()
    assert (co_participation_series(B, observed=vintages(study))["share_observed"] > 0).all()
    with pytest.raises(ValueError, match="level=0 is no probability"):
        co_participation_series(B, level=0)


def test_a_network_without_ties_has_an_empty_series(small):
    lonely = participation_network(small, "2012", reading="certain")
    table = co_participation_series(lonely, "month")
    assert len(table[table["u"] == "bra"]) == 0 and "n_expected" in table
    none = participation_network(small, roles="funder")
    assert len(co_participation_series(none)) == 0


# ---- with the functions of two-mode networks


def test_functions_of_two_mode_networks_take_it(study):
    import numpy as np

    B = participation_network(study, merge=("parts", "same"))
    pairs = pair_table(B, tail="upper").set_index(["u", "v"])
    G = co_participation(B)
    assert {pair: n for pair, n in pairs["shared"].items() if n} == {tuple(e[:2]): e[2] for e in G.edges(data="weight")}
    actors = sorted(n for n, mode in B.nodes(data="mode") if mode == "actor")
    events = sorted(n for n, mode in B.nodes(data="mode") if mode == "event")
    held = np.array([[B.has_edge(actor, event) for event in events] for actor in actors])
    assert nestedness(B, 9, np.random.default_rng(1)).loc["total", "observed"] == pytest.approx(nodf(held)[2])


def test_a_part_does_not_make_an_announced_whole_a_held_one():
    events = [
        {"event_id": "whole", "title": "Whole", "kind": "conference", "status": "announced", "date_edtf": "2014"},
        {"event_id": "part", "title": "Part", "kind": "seminar", "date_edtf": "2013", "part_of": "whole"},
    ]
    rows = [{"participation_id": "r", "actor_id": "bra", "event_id": "part", "role": "host"}]
    study = tiny_study(events=events, participations=rows)
    B = participation_network(study, "2013", reading="certain", merge="parts")
    assert (list(B.edges), B.nodes["part"]["date_edtf"]) == ([("bra", "part")], "2013")
    both = participation_network(study, merge="parts", status=("reported", "announced"))
    assert list(both.edges) == [("bra", "whole")]


def test_the_launch_of_the_network_in_both_layers():
    B = participation_network(load_study(layers=("coded", "reference")), merge=["offices"])
    # Four rows of Argentina and two of its ministries; by hand from participations.
    edge = B.edges["arg", "lan-launch"]
    assert edge["roles"] == ["organiser", "co_organiser", "host", "participant"]
    assert len(edge["participation_ids"]) == 6
    assert nx.get_node_attributes(B, "mode")["lan-launch"] == "event"
    assert B.graph["layers"] == ("coded", "reference")
