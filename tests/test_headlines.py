"""Each headline on a study of a few rows: its value by hand, and the change that makes its claim weaker or turns it."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from tiny import tiny_study

from r2p_analysis import closure, nulls
from r2p_analysis import sensitivity as package
from r2p_analysis.findings import gaps as told
from r2p_analysis.findings import numbers
from r2p_analysis.sensitivity import HEADLINES, Case, Measured
from r2p_analysis.sensitivity.cases import base_of
from r2p_analysis.sensitivity.sources import party_off
from r2p_analysis.study import load_study

AT = "2014-09-08"
MEASURE = {headline.name: headline.measure for headline in HEADLINES}


def measured(name, study, base=None):
    case = Case(study, study, AT)
    return MEASURE[name](case, case if base is None else Case(base, base, AT))


def label(name, after, before):
    return package._label(measured(name, after, before), measured(name, before))


def without(rows, **cells):
    """Leave out rows that have all these cells."""
    return [row for row in rows if any(row.get(column) != cell for column, cell in cells.items())]


def instead(rows, cells, **found):
    """Give rows that have all these cells some others."""
    return [row | cells if all(row.get(c) == cell for c, cell in found.items()) else row for row in rows]


# ---- networks

STATES = [f"S{i:02}" for i in range(20)]


def joined(**bodies):
    """Make a study of twenty states in some bodies."""
    return tiny_study(
        regions=[{"iso3": state, "name_en": state} for state in STATES],
        actors=[{"actor_id": body, "name": body, "kind": "igo"} for body in bodies],
        scopes=[{"body_id": "un", "scope": "universal"}],
        memberships=[
            {"actor_id": state.lower(), "body_id": body} for body, states in bodies.items() for state in states
        ],
    )


def test_another_pair_that_shares_too_few_turns_the_claim_that_none_does():
    alike = joined(un=STATES, sica=STATES[:10])
    apart = joined(un=STATES, sica=STATES[:10], unasur=STATES[10:])
    # With everybody in the UN nothing is left to chance. Two halves share each state with a chance of a quarter:
    # nobody at all with 0.75 ** 20, in either tail twice that, among three pairs three times that.
    assert measured("no-other-pair", alike).value == pytest.approx(1)
    assert measured("no-other-pair", apart).value == pytest.approx(6 * 0.75**20)
    assert label("no-other-pair", apart, alike) == "reversed"
    assert measured("no-other-pair", joined(un=STATES)) == "no other pair of bodies with members"


# ---- chronology


def happened(*dates, links=(), reports=(), **more):
    """Make a study of events a, b, c ... with these dates, told by a document until the end of 2015."""
    named = [dict(zip(("event_id", "date_edtf"), event, strict=True)) for event in dates]
    return tiny_study(
        sources=[{"source_id": "doc", "content_until_edtf": "2015-12-31"}],
        passages=[{"passage_id": "p", "source_id": "doc", "vintage_edtf": "2015-12-31"}],
        events=[{"title": event["event_id"], "evidence": "p", **event} for event in named],
        event_links=[{"event_id": a, "relation": said, "other_id": b, "evidence": "p"} for a, said, b in links],
        event_dates=[{"event_id": event, "date_edtf": text, "evidence": "p"} for event, text in reports],
        **more,
    )


def test_events_without_a_date():
    before = happened(("a", "2010"), ("b", "2011"), ("c", "2012"), ("d", None))
    after = happened(("a", "2010"), ("b", None), ("c", None), ("d", None))
    assert measured("few-undated", before) == Measured(0.25, 0.25)
    assert measured("few-undated", after) == Measured(0.75, -0.25)
    assert label("few-undated", after, before) == "reversed"


def test_pairs_in_a_certain_order():
    before = happened(("a", "2010"), ("b", "2011"), ("c", "2012"))
    some = happened(("a", "2010"), ("b", "2010"), ("c", "2012"))
    none = happened(("a", "2010"), ("b", "2010"), ("c", "2010"))
    assert [measured("most-orders-certain", one).value for one in (before, some, none)] == [1, 2 / 3, 0]
    assert label("most-orders-certain", some, before) == "weaker"
    assert label("most-orders-certain", none, before) == "reversed"


def test_words_on_order_add_to_dates_or_contradict_them():
    pair = ("a", "2010"), ("b", "2010"), ("c", "2012")  # dates alone put two pairs in order
    said, silent = happened(*pair, links=[("a", "before", "b")]), happened(*pair)
    against = happened(("a", "2011"), ("b", "2010"), links=[("a", "before", "b")])
    assert [measured("words-add-orders", one).value for one in (said, silent)] == [1, 0]
    assert label("words-add-orders", silent, said) == "reversed"
    assert measured("words-add-orders", against).startswith("what is said contradicts itself")
    assert [measured("no-contradiction", one).value for one in (said, against)] == [0, 1]
    assert label("no-contradiction", against, said) == "reversed"
    assert measured("no-contradiction", silent) == "nothing is said of order"


def test_the_order_of_launch_and_board_is_open_as_long_as_reports_of_the_board_exclude_each_other():
    events = ("lan-launch", "2012-03"), ("apb-founding", "2012-04")
    both = happened(*events, reports=[("apb-founding", "2011-08"), ("apb-founding", "2012-04")])
    vague = happened(*events, reports=[("apb-founding", "2012"), ("apb-founding", "2012-04")])
    one = happened(*events, reports=[("apb-founding", "2012-04")])
    assert measured("board-open", both) == Measured(1, 1)
    # Against any day of 2012: before it with 275 days after March and, on average, 15 of March itself.
    assert measured("board-open", vague).value == pytest.approx(1 - (275 + 15) / 366)
    assert label("board-open", vague, both) == "weaker"
    assert label("board-open", one, both) == "reversed"
    assert measured("board-open", happened(*events)).startswith("no bounded date of lan-launch, or no report")


def yearly(numbers_by_year):
    """Make a study with this many events in each year, on days of their own."""
    days = pd.date_range("2001-01-01", periods=12, freq="MS").strftime("-%m-%d")
    months = {1: [6]}  # a single one in the middle of its year, far from the next year's
    return happened(
        *((f"e{y}-{i:02}", f"{y}{days[i]}") for y, n in numbers_by_year.items() for i in months.get(n, range(n)))
    )


def test_a_rate_that_changes_with_another_year_or_not_at_all_turns_the_claim():
    told_, later, steady = (
        yearly({year: 10 if year >= change else 1 for year in range(2000, 2016)}) for change in (2008, 2010, 2100)
    )
    assert measured("rate-changed", told_) == Measured(1, 1, True)
    assert measured("rate-changed", later).value == 0
    assert label("rate-changed", later, told_) == label("rate-changed", steady, told_) == "reversed"


def test_a_burst_in_other_years_turns_the_claim():
    told_, later, longer = (
        yearly({year: 12 if year in dense else 1 for year in range(2000, 2016)})
        for dense in (range(2011, 2014), range(2012, 2015), range(2010, 2014))
    )
    assert measured("densest", told_) == Measured(1, 0.5)
    assert measured("densest", later) == Measured(0.5, 0)  # 2012 and 2013, of 2011 to 2014
    assert measured("densest", longer) == Measured(0.75, 0.25)
    assert [label("densest", one, told_) for one in (later, longer)] == ["reversed", "weaker"]


def test_members_that_got_to_a_mechanism():
    def arrived(*states):
        return happened(
            ("lan-launch", "2012-03-21"),
            regions=[{"iso3": code, "name_en": code} for code in ("ARG", "BRA", "CHL", "PER")],
            actors=[
                {"actor_id": "lan", "name": "LAN", "kind": "network"},
                *({"actor_id": f"nm-{s}", "name": s, "kind": "national_body", "parent_id": s} for s in ("arg", "bra")),
            ],
            memberships=[
                {"actor_id": state, "body_id": "lan", "evidence": "p"} for state in ("arg", "bra", "chl", "per")
            ],
            ties=[
                {
                    "actor_id": f"nm-{state}",
                    "relation": "mechanism_of",
                    "target_id": state,
                    "start_edtf": "2013",
                    "status": "operating" if state in states else "planned",
                    "evidence": "p",
                }
                for state in ("arg", "bra")
            ],
        )

    assert measured("few-members-arrived", arrived("arg")) == Measured(0.25, 0.25)
    assert measured("few-members-arrived", arrived("arg", "bra")) == Measured(0.5, 0)
    assert label("few-members-arrived", arrived("arg", "bra"), arrived("arg")) == "reversed"
    assert measured("few-members-arrived", happened(("a", "2012"))).startswith("no launch")


# ---- coverage: four states in the OAS, which is said to do, plan and lack some of eight functions

CODES = ["CAN", "CUB", "HTI", "MEX"]
FUNCTIONS = ["prevention", "early_warning", "reaction", "rebuilding", "training", "monitoring", "adjudication"]
FUNCTIONS += ["implementation"]
BODIES = {"oas": CODES, "celac": ["CUB", "HTI", "MEX"], "caricom": ["HTI"], "lan": ["MEX"]}


def covered(said=(), bodies=BODIES, scopes=(), codes=CODES, subregion=None):
    """Make the study: functions of the OAS are operating, but those that are said to be otherwise (None: nothing)."""
    said = dict(said)
    claims = {function: said.get(function, "operating") for function in FUNCTIONS}
    declared = {"oas": ("regional", None), "celac": ("regional", None), "lan": ("purpose_built", None)}
    declared |= {"un": ("universal", None), **dict(scopes)}
    return tiny_study(
        sources=[{"source_id": "doc"}],
        passages=[{"passage_id": "p", "source_id": "doc", "vintage_edtf": AT}],
        regions=[{"iso3": code, "name_en": code, "subregion": subregion} for code in codes],
        actors=[{"actor_id": body, "name": body, "kind": "igo", "evidence": "p"} for body in bodies],
        scopes=[{"body_id": body, "scope": scope, "admits": admits} for body, (scope, admits) in declared.items()],
        memberships=[
            {"actor_id": state.lower(), "body_id": body, "evidence": "p"}
            for body, states in bodies.items()
            for state in states
        ],
        functions=[
            {"body_id": "oas", "function": function, "status": status, "evidence": "p"}
            for function, status in claims.items()
            if status
        ],
    )


SAID = {"training": "planned", "monitoring": "planned", "rebuilding": "denied"}


@pytest.mark.parametrize(
    ("name", "said", "value", "turned"),
    [
        ("few-gaps", {"reaction": "planned"}, 4 / 8, "reversed"),  # one function more in which nothing operates
        ("gaps-of-status", {"training": "potential"}, 1 / 3, "reversed"),
        ("robust-gaps", {"rebuilding": "planned"}, 0, "reversed"),
        ("robust-denied", {"rebuilding": None}, 4, "reversed"),
    ],
)
def test_gaps_of_four_states_in_three_of_eight_functions(name, said, value, turned):
    base = {"few-gaps": 3 / 8, "gaps-of-status": 2 / 3, "robust-gaps": 4, "robust-denied": 0}
    before, after = covered(SAID), covered(SAID | said)
    assert measured(name, before).value == pytest.approx(base[name])
    assert measured(name, after).value == pytest.approx(value)
    assert label(name, after, before) == turned


def test_more_gaps_are_weaker_before_they_turn_the_claim():
    assert label("robust-gaps", covered(SAID | {"training": "denied"}), covered(SAID)) == "same"
    half = covered(SAID | {"prevention": "planned", "training": "potential", "monitoring": "planned"})
    assert measured("gaps-of-status", half).value == 0.5
    assert label("gaps-of-status", half, covered(SAID)) == "reversed"
    assert measured("robust-denied", covered()) == "no gap is robust"
    assert measured("gaps-of-status", covered()) == "no gaps"


# ---- plans


def but(**bodies):
    return BODIES | bodies


def test_one_body_has_every_state_or_two_are_needed_or_none_is_enough():
    before, two = covered(), covered(bodies=but(oas=["CAN", "HTI", "MEX"]))
    nobody = covered(bodies={"oas": ["CAN", "MEX"], "celac": ["HTI", "MEX"]})
    assert measured("one-body", before) == Measured(1, 1)
    assert measured("one-body", two) == Measured(2, 0)
    assert measured("one-body", nobody) == Measured(np.inf, -np.inf)
    assert label("one-body", two, before) == label("one-body", nobody, before) == "reversed"
    assert measured("one-body", covered(bodies={"un": CODES})) == "no states, or no body but universal ones"


def test_without_cuba_in_the_oas_two_bodies_and_no_others():
    before = covered()
    also = covered(bodies=but(caricom=["CUB", "HTI"]))  # then CARICOM would do as well as CELAC
    three = covered(bodies=but(oas=["CAN", "CUB", "MEX"], celac=["CUB", "MEX"]))  # and Haiti needs CARICOM
    nobody = covered(bodies=but(oas=["CAN", "HTI", "MEX"], celac=["HTI", "MEX"]))
    assert measured("two-bodies", before) == Measured(2, 0.5)
    assert measured("two-bodies", also) == Measured(2, 0)
    assert measured("two-bodies", three) == (3, pytest.approx(2 / 3 - 0.5), True)
    assert measured("two-bodies", nobody) == Measured(np.inf, -0.5)
    found = [label("two-bodies", one, before) for one in (also, three, nobody)]
    assert found == ["reversed", "weaker", "reversed"]
    assert measured("two-bodies", covered(codes=["CAN", "MEX"])) == "no such state or body: CUB in oas"


def test_states_in_no_body_but_the_wide_ones():
    before = covered()
    more, fewer = covered(bodies=but(caricom=[])), covered(bodies=but(lan=["CUB", "MEX"]))
    assert measured("beyond-wide", before) == Measured(2, 0.5)
    assert measured("beyond-wide", more) == (3, pytest.approx(2 / 3 - 0.5), True)  # Haiti, too
    assert measured("beyond-wide", fewer) == Measured(1, 0)
    assert [label("beyond-wide", one, before) for one in (more, fewer)] == ["weaker", "reversed"]


def test_additions_close_all_gaps_unless_a_state_is_in_no_body():
    said = {"early_warning": "planned", "rebuilding": "denied"}
    before, after = covered(said), covered(said, bodies=but(oas=["CAN", "HTI", "MEX"], celac=["HTI", "MEX"]))
    assert measured("additions-close", before) == Measured(0, 1)
    assert measured("additions-close", after) == Measured(8, 0)  # every function of Cuba
    assert label("additions-close", after, before) == "reversed"
    assert measured("additions-close", covered()) == "no gaps"


def test_what_every_cheapest_plan_has_the_oas_add():
    before = covered({"early_warning": "planned", "rebuilding": "denied"})
    after = covered({"rebuilding": "denied"})
    either = covered({"rebuilding": "denied"}, bodies=but(celac=CODES))  # CELAC could add it as well
    assert measured("oas-adds", before) == Measured(1, 0.5)
    assert measured("oas-adds", after) == Measured(0.5, 0)
    assert measured("oas-adds", either) == Measured(0, -0.5)
    assert label("oas-adds", after, before) == label("oas-adds", either, before) == "reversed"


def test_a_plan_that_is_not_proved_in_time_is_no_result(monkeypatch):
    def slow(*_, **__):
        raise closure.Unproved("nothing")

    monkeypatch.setattr(told.closure, "optimum", slow)
    assert measured("one-body", covered()) == "no plan was proved the cheapest in time"


# ---- chance: eight states, of which some are in the two purpose-built networks and some in a wide body

EIGHT = [f"S{i}" for i in range(8)]
CHANCE = {"oas": EIGHT[4:], "lan": EIGHT[:3], "focal-points": EIGHT[:3]}


def chance(bodies=CHANCE, admits=None, subregion="caribbean"):
    scopes = {"lan": ("purpose_built", admits), "focal-points": ("purpose_built", admits)}
    return covered(bodies=bodies, scopes=scopes, codes=EIGHT, subregion=subregion)


def law(bodies):
    """Count states in neither network in every matrix with these sizes, by going through all of them."""
    rows = [[state in bodies[body] for body in bodies] for state in EIGHT]
    sums, sizes = [sum(row) for row in rows], [len(states) for states in bodies.values()]
    kinds = [[k for k in product((0, 1), repeat=len(bodies)) if sum(k) == n] for n in sums]
    counts = [sum(not (a or b) for _, a, b in chosen) for chosen in product(*kinds) if meets(chosen, sizes)]
    return np.array(counts)


def meets(chosen, sizes):
    return [sum(column) for column in zip(*chosen, strict=True)] == sizes


@pytest.fixture
def quick(monkeypatch):
    """Draw fewer matrices than the notebook does."""
    monkeypatch.setattr(told, "_SAMPLES", 999)


def test_states_in_neither_network_beyond_what_sizes_give(quick):
    spread = {**CHANCE, "oas": [*EIGHT[:2], *EIGHT[6:]], "focal-points": EIGHT[3:6]}  # as few in neither as can be
    before, after = chance(), chance(spread)
    for study, bodies in ((before, CHANCE), (after, spread)):
        counts, observed = law(bodies), sum(s not in bodies["lan"] and s not in bodies["focal-points"] for s in EIGHT)
        for name in ("in-neither", "caribbean-in-neither"):  # all eight are of the Caribbean
            found = measured(name, study)
            assert found.value == pytest.approx(observed - counts.mean(), abs=0.15)
            assert found.value == found.strength
        assert measured("caribbean-in-neither", study).firm == ((counts >= observed).mean() <= 0.05)
    assert label("in-neither", after, before) == label("caribbean-in-neither", after, before) == "reversed"
    one = chance({"oas": EIGHT, "lan": EIGHT[:3]})
    assert measured("in-neither", one).startswith("fewer than two purpose-built bodies have members")
    elsewhere = measured("caribbean-in-neither", chance(subregion="south_america"))
    assert elsewhere == "no states in the group caribbean"


def test_the_test_of_the_base_is_taken_where_members_are_the_same(quick):
    before = chance()
    after = before.with_tables(memberships=before.memberships.assign(note="other words"))
    assert measured("in-neither", after, before) == measured("in-neither", after)


def test_what_scopes_settle_is_no_longer_settled_where_they_admit_more(quick):
    only = ";".join(f"iso3={state}" for state in EIGHT[:3])
    before, after = chance(admits=only), chance()
    assert measured("scopes-settle", before) == (1, 0.95, True)
    counts = law(CHANCE)
    found = measured("scopes-settle", after)
    assert found.value == pytest.approx((counts >= 5).mean(), abs=0.05)
    assert not found.firm
    assert label("scopes-settle", after, before) == ("weaker" if found.value > 0.05 else "reversed")


def test_a_hole_in_a_nested_table_is_a_surprising_absence():
    n = 16
    codes = [f"T{i:02}" for i in range(n)]
    nested = {f"b{j:02}": codes[: n - j] for j in range(n - 1)}
    holed = nested | {"b01": codes[1 : n - 1]}
    before, after = (covered(bodies=bodies, codes=codes) for bodies in (nested, holed))
    cells = np.array([[code in states for states in holed.values()] for code in codes])
    p = np.where(cells, 1.0, 1 - nulls.bicm(cells))
    least = np.sort(p, axis=None)
    corrected = (least * p.size / np.arange(1, p.size + 1)).min()
    assert measured("no-absence", after).value == pytest.approx(corrected)
    assert measured("no-absence", before).value > measured("no-absence", after).value
    assert label("no-absence", after, before) in ("weaker", "reversed")
    full = covered(bodies={"oas": CODES})
    assert measured("no-absence", full) == "no absence that a scope admits"


# ---- who speaks for whom


def test_a_party_speaks_for_itself_and_for_what_it_is_an_organ_the_secretariat_or_a_member_of():
    claims = {
        "itself": ("aipr", "aipr"),
        "secretariat": ("aipr", "lan"),
        "of-a-part": ("aipr", "lan-members"),
        "member": ("per", "lan"),
        "organ-of-member": ("per-rep", "lan"),
        "own-body": ("per", "nm-per"),
        "not-a-member": ("cub", "lan"),
        "observer": ("chl", "lan"),
        "planned": ("bra", "lan"),
        "on-another": ("lan", "per"),
        "a-paper": ("paper", "lan"),
        "nobody": (None, "lan"),
    }
    parents = {"lan-members": "lan", "per-rep": "per", "nm-per": "per"}
    ids = ["aipr", "lan", "per", "cub", "chl", "bra", "paper", *parents]
    study = tiny_study(
        sources=[{"source_id": "doc", "role": "observer"}],
        passages=[{"passage_id": "p", "source_id": "doc"}],
        actors=[{"actor_id": one, "name": one, "parent_id": parents.get(one)} for one in ids],
        ties=[{"actor_id": "aipr", "relation": "secretariat_of", "target_id": "lan", "evidence": "p"}],
        memberships=[
            {"actor_id": "per", "body_id": "lan", "evidence": "p"},
            {"actor_id": "chl", "body_id": "lan", "role": "observer", "evidence": "p"},
            {"actor_id": "bra", "body_id": "lan", "status": "planned", "evidence": "p"},
        ],
        functions=[
            {"function_id": name, "claimant_id": who, "body_id": of, "function": "training", "evidence": "p"}
            for name, (who, of) in claims.items()
        ],
    )
    left = set(party_off(Case(study, study, AT)).study.functions["function_id"])
    assert left == {"not-a-member", "observer", "planned", "on-another", "a-paper", "nobody"}


# ---- the shipped study


@pytest.fixture(scope="module")
def bases():
    every = load_study(layers=("coded", "reference"))
    return {layers: base_of(every, layers, AT, "possible") for layers in {h.layers for h in HEADLINES}}


def test_what_claims_name_is_what_the_notebooks_tell(bases, study):
    found = {h.name: h.measure(bases[h.layers], bases[h.layers]) for h in HEADLINES}
    value = {name: one.value for name, one in found.items()}
    every = bases["coded", "reference"].every
    gaps, events = numbers(every, "coverage"), numbers(study, "chronology")
    assert all(one.strength > 0 for one in found.values())
    assert value["few-gaps"] == gaps["n_gaps_most"] / gaps["n_cells"]
    assert value["gaps-of-status"] == gaps["n_gaps_of_status"] / gaps["n_gaps_most"]
    assert (value["robust-gaps"], value["robust-denied"]) == (gaps["n_gaps_robust"], gaps["n_robust_silent"])
    assert value["in-neither"] == pytest.approx(gaps["n_bare"] - gaps["bare_expected"], abs=0.05)
    assert round(value["scopes-settle"], 2) == gaps["bare_p_within_scope"]
    assert gaps["n_absences_surprising"] == (value["no-absence"] <= 0.05)
    assert value["one-body"] == len(gaps["plan_for_all"].split(" and "))
    assert gaps["plan_without"] == "OAS and CELAC"
    assert gaps["states_beyond_wide"] == "Canada and Cuba"
    assert gaps["added_in_every"] == "OAS adds early warning and OAS adds rebuilding"
    assert value["additions-close"] == gaps["n_gaps_left"]
    assert value["few-undated"] == events["n_undated"] / events["n_events"]
    assert value["most-orders-certain"] == events["n_certain_by_dates"] / events["n_pairs"]
    assert value["words-add-orders"] == events["n_certain"] - events["n_certain_by_dates"]
    assert value["no-contradiction"] == events["n_contradictions"]
    assert (events["change_year"], events["burst_from"], events["burst_to"]) == ("2008", "2011", "2013")
    assert value["few-members-arrived"] == events["n_arrived"] / events["n_waiting"]


def test_the_switch_without_cuba_turns_the_plan_and_nothing_that_is_told_without_it(bases):
    base = bases["coded", "reference"]
    less = package.switches()["oas-without-cuba"].turn(base)
    found = {name: package._label(MEASURE[name](less, base), MEASURE[name](base, base)) for name in MEASURE}
    assert found["one-body"] == "reversed"
    assert MEASURE["one-body"](less, base).value == 2
    assert found["two-bodies"] == found["beyond-wide"] == found["additions-close"] == "same"
