"""How each headline is measured: its value in a case, and a strength that is above 0 while the claim holds.

A claim is measured the same way in every case. Its strength is the distance from the point at which it would turn: from
the expectation, from one half, from the number on the other side. The halves are those of "most" and "few".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import networkx as nx
import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology import counts_by_period, event_order, order_probabilities
from r2p_analysis.coverage import (
    coverage_table,
    gap_tests,
    membership_table,
)
from r2p_analysis.findings import LAUNCH, NETWORK
from r2p_analysis.findings.chronology import of_dates
from r2p_analysis.holding import READINGS, rows_at
from r2p_analysis.networks import (
    body_overlap,
    decomposition,
    decomposition_summary,
    pair_table,
    two_mode_network,
)
from r2p_analysis.sensitivity.cases import Case, once

LEVEL = 0.05
"""Level of the tests."""

_HALF = 0.5
_WIDE = ("universal", "regional")
_PAIR = ("caricom", NETWORK)
BOARD, MECHANISM = "apb-founding", "nm-arg-founding"


class Measured(NamedTuple):
    """A headline's value; its strength, above 0 while the claim holds; and whether it passes the test it is told with.

    A headline that is told without a test is firm.
    """

    value: float
    strength: float
    firm: bool = True


Outcome = Measured | str


def _most(part: float, whole: float, of: str) -> Outcome:
    """Measure a claim on more than half of something."""
    return Measured(part / whole, part / whole - _HALF) if whole else f"no {of}"


def _few(part: float, whole: float, of: str) -> Outcome:
    """Measure a claim on less than half of something."""
    return Measured(part / whole, _HALF - part / whole) if whole else f"no {of}"


@once
def _network(case: Case) -> nx.Graph:
    B = two_mode_network(case.study, case.at, reading=case.reading)
    B.remove_nodes_from([node for node, side in [*B.nodes(data="bipartite")] if side == 1 and not B.degree[node]])
    return B


@once
def _outgrown(case: Case) -> list[str]:
    """Bodies with a member whom their declared scope does not admit."""
    B = _network(case)
    scopes = {body: admits for body, admits in B.nodes(data="admits") if B.nodes[body]["bipartite"] == 1}
    return sorted(body for body, admits in scopes.items() if admits is not None and set(B[body]) - set(admits))


@once
def _pairs(case: Case) -> pd.DataFrame:
    """Every pair of bodies, tested; the scope of a body that has outgrown it is set aside."""
    B = _network(case).copy()
    nx.set_node_attributes(B, dict.fromkeys(_outgrown(case)), "admits")
    return body_overlap(B, within_scope=True, level=LEVEL)


def _pair(case: Case) -> pd.Series | None:
    """Row of the pair of bodies that the chapter is about; None if one of them has no member."""
    pairs = _pairs(case)
    rows = pairs[[{u, v} == set(_PAIR) for u, v in zip(pairs["u"], pairs["v"], strict=True)]]
    return rows.iloc[0] if len(rows) else None


def pair_shares_fewer(case: Case, _: Case) -> Outcome:
    """Measure by how many states the pair of bodies shares fewer than expected; firm if the test says so."""
    row = _pair(case)
    if row is None:
        return f"{' or '.join(_PAIR)} has no members"
    fewer = float(row["expected"] - row["shared"])
    return Measured(-fewer, fewer, bool(row["p_adjusted"] <= LEVEL))


def pair_is_defined(case: Case, _: Case) -> Outcome:
    """Measure the p that is left of a surprise once one knows whom the scopes admit, against the level."""
    row = _pair(case)
    if row is None or row["p_adjusted"] > LEVEL:
        return "the pair does not stand out, so that there is nothing to explain"
    if outgrown := [body for body in _PAIR if body in _outgrown(case)]:
        return f"members that the declared scope does not admit: of {', '.join(outgrown)}"
    p = float(row["p_within_scope"])
    return Measured(p, p - LEVEL)


def no_pair_of_states(case: Case, _: Case) -> Outcome:
    """Count pairs of states that the level could tell from chance; one is enough to turn the claim."""
    pairs = pair_table(_network(case), "actor", tail="upper", level=LEVEL)
    n = int(pairs["can_reach"].sum())
    return Measured(n, float(n == 0)) if len(pairs) else "no pairs of states"


def few_pairs_of_bodies(case: Case, _: Case) -> Outcome:
    """Measure the share of pairs of bodies that the level could tell from their sizes."""
    return _few(int(_pairs(case)["can_reach"].sum()), len(_pairs(case)), "pairs of bodies with members")


def wide_bodies(case: Case, _: Case) -> Outcome:
    """Measure the share of universal and regional bodies in what pairs of states share."""
    kinds = decomposition_summary(decomposition(_network(case))).set_index("kind")["share_shared"]
    wide = kinds[kinds.index.isin(_WIDE)].sum(min_count=1)
    return "no pair of states shares a body" if pd.isna(wide) else _most(float(wide), 1.0, "shared bodies")


def most_ties_certain(case: Case, _: Case) -> Outcome:
    """Measure the share of certain ties in the possible network, whatever the reading: of certain ones all are."""
    if case.at is None:
        return "no day is asked for"
    possible = case if case.reading == "possible" else case.but(reading="possible")
    holds = [tie for *_, tie in _network(possible).edges(data="holds")]
    return _most(holds.count("yes"), len(holds), "memberships")


@once
def _dated(case: Case) -> dict[str, object]:
    return of_dates(case.study)


@once
def _by_year(case: Case) -> pd.Series:
    return counts_by_period(event_order(case.study), "year")["n_events"].rename(index=str)


def few_exact(case: Case, _: Case) -> Outcome:
    """Measure the share of events that are dated to the day."""
    return _few(_dated(case)["n_exact"], _dated(case)["n_events"], "events")


def few_announced(case: Case, _: Case) -> Outcome:
    """Measure the share of events that were announced and not reported."""
    return _few(_dated(case)["n_announced"], _dated(case)["n_events"], "events")


def reports_refine(case: Case, _: Case) -> Outcome:
    """Measure the share of events with nested reports among those with different ones."""
    n = _dated(case)
    return _most(n["n_refined"], n["n_several"], "events with different reports of their date")


def launch_refined(case: Case, _: Case) -> Outcome:
    """Measure the share of the vaguest report's days that others rule out; 0 if reports exclude each other."""
    reports = case.study.event_dates
    texts = sorted(set(reports.loc[reports["event_id"] == LAUNCH, "date_edtf"]))
    if len(texts) < 2:
        return f"fewer than two different reports of the date of {LAUNCH}"
    days = [_n_days(text) for text in texts]
    if None in days:
        return f"a report of the date of {LAUNCH} has no bounds"
    refined = dates.refine(texts)
    ruled_out = 1 - _n_days(refined) / max(days) if refined else 0.0
    return Measured(ruled_out, ruled_out)


def _n_days(text: str) -> int | None:
    first, last = dates.bounds(text)
    return (last - first).days + 1 if first and last else None


def fullest_year(case: Case, base: Case) -> Outcome:
    """Measure how many more events the base's fullest year has than any other year, in this case."""
    if _by_year(base).empty or _by_year(case).empty:
        return "no events with bounded dates"
    year = _by_year(base).sort_values(ascending=False, kind="stable").index[0]
    others = _by_year(case).drop(year, errors="ignore")
    more = float(_by_year(case).get(year, 0.0) - others.max()) if len(others) else float(_by_year(case).get(year, 0.0))
    return Measured(more, more)


def launch_before(other: str) -> Callable[[Case, Case], Outcome]:
    """Measure how much likelier it is that the launch came before another event than after it."""

    def measure(case: Case, _: Case) -> Outcome:
        events = event_order(case.study).set_index("event_id")
        pair = events.reindex([LAUNCH, other])
        if pair["n_days"].isna().any():
            missing = [event for event in pair.index if pd.isna(pair.loc[event, "n_days"])]
            return f"not there, or without a bounded date: {', '.join(missing)}"
        p = order_probabilities(events.loc[[LAUNCH, other]].reset_index())
        more = float(p[0, 1] - p[1, 0])
        return Measured(more, more)

    return measure


@once
def _ways(case: Case) -> pd.DataFrame:
    """Every way in which a function reaches a state."""
    return coverage_table(case.study, case.at, reading=case.reading)


def _n_said(case: Case) -> int:
    """Cells of states and functions that are not silent."""
    return len(_ways(case)[["iso3", "function"]].drop_duplicates())


def early_warning_hoped(case: Case, _: Case) -> Outcome:
    """Count states that early warning operates for, against those that it is only hoped or planned for."""
    ways = _ways(case)[_ways(case)["function"] == "early_warning"]
    operating, hoped = (
        set(ways.loc[ways["status"].isin(statuses), "iso3"]) for statuses in (["operating"], ["planned", "potential"])
    )
    if not operating | hoped:
        return "no claim on early warning but denials reaches a state"
    more = len(hoped - operating) - len(operating)
    return Measured(-more, more)


def most_silent(case: Case, _: Case) -> Outcome:
    """Measure the share of cells of states and functions that no claim reaches."""
    n = len(case.study.regions) * len(case.study.axis("functions", "function"))
    return _most(n - _n_said(case), n, "states or functions")


def some_silent_throughout(case: Case, _: Case) -> Outcome:
    """Count states that no claim reaches."""
    n = len(case.study.regions) - _ways(case)["iso3"].nunique()
    return Measured(n, n) if len(case.study.regions) else "no states"


def few_certain(case: Case, _: Case) -> Outcome:
    """Measure the share of certain cells; both readings are in the claim, whichever is asked for."""
    if case.at is None:
        return "no day is asked for"
    read = (case if case.reading == reading else case.but(reading=reading) for reading in ("certain", "possible"))
    return _few(*map(_n_said, read), "claim reaches a state")


def few_mechanisms(case: Case, _: Case) -> Outcome:
    """Measure the share of states with an operating national mechanism."""
    ties = case.study.ties[case.study.ties["relation"] == "mechanism_of"]
    held = rows_at(case.study, ties, case.at, reading="possible")
    held = held[held["holds"].isin(READINGS[case.reading]) & held["status"].eq("operating")]
    states = set(case.study.regions["iso3"].str.lower())
    return _few(len(set(held["target_id"]) & states), len(states), "states")


def most_unreached(case: Case, _: Case) -> Outcome:
    """Measure the share that reaches no state of the claims on functions of the axis that hold."""
    claims = case.study.functions
    claims = claims[claims["function"].isin(case.study.axis("functions", "function"))]
    held = rows_at(case.study, claims, case.at, reading="possible")
    held = held.loc[held["holds"].isin(READINGS[case.reading]), "function_id"]
    return _most(int((~held.isin(_ways(case)["function_id"])).sum()), len(held), "claims on functions")


def one_denier(case: Case, _: Case) -> Outcome:
    """Measure the share of denials that the claimant with most of them makes."""
    denied = case.study.functions.loc[case.study.functions["status"] == "denied", "claimant_id"]
    return _most(int(denied.value_counts().max()) if denied.notna().any() else 0, len(denied), "denials")


def in_neither(case: Case, _: Case) -> Outcome:
    """Measure how many more states are in no purpose-built body than sizes give on average, exactly."""
    scopes = case.study.scopes
    table = membership_table(case.study, case.at, reading=case.reading)
    built = [body for body in scopes.loc[scopes["scope"] == "purpose_built", "body_id"] if body in table.columns]
    if table[built].any().sum() < 2:
        return "fewer than two purpose-built bodies have members, so that sizes settle how many states are in none"
    row = gap_tests(table, {"purpose-built": built}, null="bicm", level=LEVEL).iloc[0]
    more = float(row["observed"] - row["expected"])
    return Measured(more, more)
