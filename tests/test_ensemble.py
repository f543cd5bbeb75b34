"""Networks of a day and of its worlds, against `two_mode_network` on studies in which every day is written out."""

from collections import Counter
from fractions import Fraction
from itertools import product

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import tiny_study

from r2p_analysis import load_study
from r2p_analysis.networks import two_mode_network
from r2p_analysis.networks.ensemble import ensemble, networks_at

REGIONS = [{"iso3": iso, "name_en": iso, "subregion": "south_america"} for iso in ("ARG", "BOL", "BRA")]
ACTORS = [
    {"actor_id": "oas", "name": "Organization", "kind": "igo"},
    {"actor_id": "iachr", "name": "Commission", "kind": "organ", "parent_id": "oas"},
    {"actor_id": "ngo", "name": "Somebody", "kind": "ngo"},
]
PASSAGES = [
    {"passage_id": "late", "vintage_edtf": "2014"},
    {"passage_id": "on-6", "vintage_edtf": "2012-03-06"},
    {"passage_id": "on-9", "vintage_edtf": "2012-03-09"},
]


def march(*days):
    return [f"2012-03-{day:02d}" for day in days]


# Unknown days by name: the value as stated, and the days that are left to it.
A = {"A": ("[2012-03-02..2012-03-05]", march(2, 3, 4, 5))}
B = {"B": ("[2012-03-04,2012-03-07]", march(4, 7))}
C = {"C": ("[2012-03-04..2012-03-07]", march(4, 5, 6, 7))}
D = {"D": ("[2012-03-02..2012-03-05]", march(2, 3, 4, 5))}

CASES = {
    "one start": ([("arg", "lan", "A", None)], A),
    "one start, not stated besides": ([("arg", "lan", "A", None), ("bol", "lan", None, None)], A),
    "two bodies": ([("arg", "lan", "A", None), ("arg", "oas", "D", None)], A | D),
    "founders of one body": ([("arg", "lan", "A", None), ("bol", "lan", "A", None), ("bra", "lan", "B", None)], A | B),
    "handover": (
        [("arg", "lan", "2012-03-01", "C"), ("arg", "lan", "C", None, {"status": "suspended"})],
        C,
    ),
    "a suspension that is certain": (
        [("arg", "lan", None, None), ("arg", "lan", "C", None, {"status": "suspended", "evidence": "on-9"})],
        C,
    ),
    "a spell without a date gives way": (
        [
            ("arg", "lan", None, None),
            ("arg", "lan", "A", "2012-03-06"),
            ("arg", "lan", "B", None, {"status": "withdrawn"}),
        ],
        A | B,
    ),
    "a disputed spell": ([("arg", "lan", "A", None, {"confidence": "disputed"})], A),
    "one spell, overlapping days": ([("arg", "lan", "A", "C"), ("bol", "lan", "2012-03-03", None)], A | C),
    "an order through another row": (
        [("arg", "lan", "A", "C"), ("bol", "lan", "A", None), ("bra", "lan", None, "C")],
        A | C,
    ),
    "an end that is stated in part": ([("arg", "lan", "A", "[2012-03-07..]")], A),
    "two roles on one tie": (
        [("arg", "lan", "A", None, {"role": "observer"}), ("arg", "lan", "B", "2012-03-09")],
        A | B,
    ),
    "organ and nobody's node": (
        [("arg", "iachr", "A", "C"), ("arg", "oas", "B", None), ("ngo", "oas", "B", None)],
        A | B | C,
    ),
    "evidence of a day": ([("arg", "lan", "C", None, {"evidence": "on-6"})], {"C": (C["C"][0], march(4, 5, 6))}),
}


def study_of(rows, values):
    names = ("actor_id", "body_id", "start_edtf", "end_edtf")
    cells = [
        {"membership_id": f"m{i}", "evidence": "late", **dict(zip(names, row[:4], strict=True)), **dict(*row[4:])}
        for i, row in enumerate(rows, 1)
    ]
    cells = [{column: values.get(cell, cell) for column, cell in row.items()} for row in cells]
    return tiny_study(memberships=cells, passages=PASSAGES, regions=REGIONS, actors=ACTORS)


def stated(rows, unknown):
    return study_of(rows, {name: text for name, (text, _) in unknown.items()})


def written_out(rows, unknown):
    """Every study that has a day in place of each unknown one, where each spell begins before it ends."""
    for days in product(*(days for _, days in unknown.values())):
        world = dict(zip(unknown, days, strict=True))
        spells = [(world.get(row[2], row[2]), world.get(row[3], row[3])) for row in rows]
        if all(not s or not e or e.startswith("[") or s < e for s, e in spells):
            yield study_of(rows, world)


def content(B):
    """Everything of a network, also the order of nodes and ties."""
    graph = {k: v for k, v in B.graph.items() if k != "n_draws"}
    return repr((list(B.nodes(data=True)), list(B.edges(data=True)), sorted(graph.items())))


NETWORK = {"status": ("operating", "suspended"), "roles": ("member", "observer")}


@pytest.mark.parametrize("reading", ["certain", "possible"])
@pytest.mark.parametrize("case", CASES)
def test_probabilities_are_shares_of_all_days_written_out(case, reading):
    rows, unknown = CASES[case]
    worlds = list(written_out(rows, unknown))
    for day in march(3, 5, 6):
        expected = Counter(content(two_mode_network(world, day, reading=reading, **NETWORK)) for world in worlds)
        found = ensemble(stated(rows, unknown), day, reading=reading, **NETWORK)
        assert {content(B): chance for chance, B in found} == {
            text: Fraction(n, len(worlds)) for text, n in expected.items()
        }
        assert len(found) == len(expected)
        assert {B.graph["n_draws"] for _, B in found} == {0}


def test_other_networks_of_the_same_worlds():
    rows, unknown = CASES["organ and nobody's node"]
    worlds = list(written_out(rows, unknown))
    for network in ({}, {"actors": "all"}, {"rollup": False}, {"roles": ("observer",)}):
        expected = Counter(content(two_mode_network(world, "2012-03-05", **network)) for world in worlds)
        found = ensemble(stated(rows, unknown), "2012-03-05", **network)
        assert {content(B): chance * len(worlds) for chance, B in found} == dict(expected)


def test_founders_join_on_one_day_unless_actors_are_told_apart():
    rows, unknown = CASES["founders of one body"]
    together = ensemble(stated(rows, unknown), "2012-03-03")
    assert {B.degree["lan"]: chance for chance, B in together if B.degree["lan"] != 2} == {0: Fraction(1, 2)}
    apart = ensemble(stated(rows, unknown), "2012-03-03", together="actor")
    chances = Counter()
    for chance, B in apart:
        chances[B.degree["lan"]] += chance
    assert chances == {0: Fraction(1, 4), 1: Fraction(1, 2), 2: Fraction(1, 4)}


def test_an_exact_study_has_one_world():
    study = study_of([("arg", "lan", "2012-03-03", "2012-03-05"), ("bol", "lan", "2012-03-04", None)], {})
    for day in march(2, 3, 4, 5):
        ((chance, B),) = ensemble(study, day)
        assert chance == 1
        assert content(B) == content(two_mode_network(study, day))


FORMS = ["2012-03-03", "2012-03-05", "[2012-03-02..2012-03-04]", "[2012-03-03,2012-03-06]", "[..2012-03-04]", None]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["arg", "bol"]),
            st.sampled_from(["lan", "oas"]),
            st.sampled_from(FORMS),
            st.sampled_from(FORMS),
        ).filter(lambda row: row[2:] not in [("2012-03-05", "2012-03-03"), ("2012-03-05", "2012-03-05")]),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(march(2, 3, 4, 5, 6)),
    st.sampled_from(["body", "actor"]),
)
def test_every_world_lies_between_the_two_readings(rows, day, together):
    # Rows of one spell that state different things do not bind each other: the readings are of rows.
    study = study_of([(*row, {"evidence": "on-6"}) for row in rows if _can_be(row)], {})
    least, most = ({*two_mode_network(study, day, reading=r).edges} for r in ("certain", "possible"))
    for reading in ("certain", "possible"):
        found = ensemble(study, day, reading=reading, together=together)
        assert sum(chance for chance, _ in found) == 1
        for _, B in found:
            assert {*B.edges} <= most
            if together == "body" and len({row[:2] for row in rows}) == len(rows):
                assert least <= {*B.edges}


def _can_be(row):
    """Whether some choice of days makes a spell; others are no rows of a study."""
    first = {"[..2012-03-04]": "0"}.get(row[2], (row[2] or "0").strip("[]")[:10])
    last = (row[3] or "9").strip("[]")[-10:]
    return first < last


def test_draws_come_near_the_exact_probabilities_and_are_the_same_each_time():
    rows, unknown = CASES["one spell, overlapping days"]
    study = stated(rows, unknown)
    exact = {content(B): chance for chance, B in ensemble(study, "2012-03-05")}
    drawn = ensemble(study, "2012-03-05", limit=1, draws=4000, rng=np.random.default_rng(7))
    assert {B.graph["n_draws"] for _, B in drawn} == {4000}
    assert sum(chance for chance, _ in drawn) == 1
    assert {content(B) for _, B in drawn} == set(exact)
    for chance, B in drawn:
        expected = float(exact[content(B)])
        # 4.5 standard errors.
        assert abs(float(chance) - expected) < 4.5 * (expected * (1 - expected) / 4000) ** 0.5
    again = ensemble(study, "2012-03-05", limit=1, draws=4000, rng=np.random.default_rng(7))
    assert [(chance, content(B)) for chance, B in again] == [(chance, content(B)) for chance, B in drawn]


def test_where_all_can_be_enumerated_nothing_is_drawn():
    rows, unknown = CASES["two bodies"]
    found = ensemble(stated(rows, unknown), "2012-03-03", rng=np.random.default_rng(1))
    assert [B.graph["n_draws"] for _, B in found] == [0] * len(found)


def test_too_many_networks_need_draws_or_a_higher_limit():
    rows, unknown = CASES["two bodies"]
    with pytest.raises(ValueError, match=r"possible on 2012-03-03 are too many.*limit=3.*rng=.*higher limit"):
        ensemble(stated(rows, unknown), "2012-03-03", limit=3)


def test_days_that_are_too_many_to_count_are_drawn():
    # Two centuries that overlap: 36,525 by 36,525 days.
    study = study_of([("arg", "lan", "19XX", "[1900-01-01..1999-12-30]")], {})
    with pytest.raises(ValueError, match="pass rng"):
        ensemble(study, "1950-01-01")
    found = ensemble(study, "1950-01-01", draws=2000, rng=np.random.default_rng(3))
    share = sum(float(chance) for chance, B in found if B.size())
    # Of two ordered days one falls before and one after the middle with probability 1/2.
    assert abs(share - 0.5) < 4.5 * 0.5 / 2000**0.5


@pytest.mark.parametrize("network", [{}, {"actors": "all"}, {"rollup": False}, {"roles": ["participant", "observer"]}])
@pytest.mark.parametrize("reading", ["certain", "possible"])
def test_networks_at_are_those_of_two_mode_network(network, reading):
    study = load_study(layers=("coded", "reference"))
    days = ["1950-06-30", "2012-03-15", "2011-12-31", "2019-04-27"]
    found = networks_at(study, days, reading=reading, **network)
    assert list(found) == days
    for day, B in found.items():
        assert content(B) == content(two_mode_network(study, day, reading=reading, **network))
        assert nx.utils.graphs_equal(B, two_mode_network(study, day, reading=reading, **network))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda study: networks_at(study, ["2012"]), "'2012' is not one day.*'2014-12-31'"),
        (lambda study: networks_at(study, ["[..2012-03-04]"]), "not one day"),
        (lambda study: networks_at(study, "2012-03-04"), r"give a list, as in \['2012-03-04'\]"),
        (lambda study: networks_at(study, ["2012-03-04"], reading="sure"), "reading.*'sure'.*certain, possible"),
        (
            lambda study: networks_at(study, ["2012-03-04"], role="member"),
            "argument of two_mode_network.*'role'.*roles",
        ),
        (lambda study: networks_at(study, 2012), r"dates: 2012 is no list of names; give one, as in \['2014-12-31'\]"),
        (lambda study: networks_at(None, ["2012-03-04"]), "None is no study"),
        (lambda study: ensemble(study, "2012-03-04", limit="no"), "limit='no': a whole number"),
        (lambda study: ensemble(study, "2012-03-04", rng=7), "rng=7: random numbers are needed"),
        (lambda study: ensemble(study, "2012-03-04", reading="sure"), "reading.*'sure'"),
        (lambda study: ensemble(study, "2012-03-04", draws=0, rng=np.random.default_rng(1)), "draws=0"),
    ],
)
def test_what_cannot_be_answered_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(study_of([("arg", "lan", "2012", None)], {}))
