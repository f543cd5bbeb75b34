"""Headlines on networks: which bodies overlap more or less than their sizes give, and what is left of it."""

from __future__ import annotations

import networkx as nx
import pandas as pd

from r2p_analysis.findings import NETWORK
from r2p_analysis.findings.words import LEVEL
from r2p_analysis.networks import (
    body_overlap,
    decomposition,
    decomposition_summary,
    pair_table,
    two_mode_network,
)
from r2p_analysis.sensitivity.cases import BOTH, Case, once
from r2p_analysis.sensitivity.measured import Headline, Measured, Outcome, few, most, none

_WIDE = ("universal", "regional")
_PAIR = ("caricom", NETWORK)
_READS = ("memberships", "actors", "regions", "scopes")


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
    rows = _pairs(case)[_is_pair(case)]
    return rows.iloc[0] if len(rows) else None


def _is_pair(case: Case) -> list[bool]:
    pairs = _pairs(case)
    return [{u, v} == set(_PAIR) for u, v in zip(pairs["u"], pairs["v"], strict=True)]


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


def no_other_pair(case: Case, _: Case) -> Outcome:
    """Measure the smallest corrected p of the other pairs of bodies, against the level."""
    others = _pairs(case)[[not told for told in _is_pair(case)]]
    if others.empty:
        return "no other pair of bodies with members"
    p = float(others["p_adjusted"].min())
    return Measured(p, p - LEVEL)


def no_pair_of_states(case: Case, _: Case) -> Outcome:
    """Count pairs of states that the level could tell from chance."""
    pairs = pair_table(_network(case), "actor", tail="upper", level=LEVEL)
    return none(int(pairs["can_reach"].sum())) if len(pairs) else "no pairs of states"


def few_pairs_of_bodies(case: Case, _: Case) -> Outcome:
    """Measure the share of pairs of bodies that the level could tell from their sizes."""
    return few(int(_pairs(case)["can_reach"].sum()), len(_pairs(case)), "pairs of bodies with members")


def wide_bodies(case: Case, _: Case) -> Outcome:
    """Measure the share of universal and regional bodies in what pairs of states share."""
    kinds = decomposition_summary(decomposition(_network(case))).set_index("kind")["share_shared"]
    wide = kinds[kinds.index.isin(_WIDE)].sum(min_count=1)
    return "no pair of states shares a body" if pd.isna(wide) else most(float(wide), 1.0, "shared bodies")


def most_ties_certain(case: Case, _: Case) -> Outcome:
    """Measure the share of certain ties in the possible network, whatever the reading: of certain ones all are."""
    if case.at is None:
        return "no day is asked for"
    possible = case if case.reading == "possible" else case.but(reading="possible")
    holds = [tie for *_, tie in _network(possible).edges(data="holds")]
    return most(holds.count("yes"), len(holds), "memberships")


HEADLINES: tuple[Headline, ...] = (
    Headline(
        "pair-shares-fewer",
        "networks",
        "CARICOM and the Latin American Network share fewer states than their sizes give.",
        "states shared less those expected",
        pair_shares_fewer,
        BOTH,
        _READS,
    ),
    Headline(
        "pair-is-definition",
        "networks",
        "Once one knows whom the scopes of the two admit, nothing of that is left.",
        "p within scopes",
        pair_is_defined,
        BOTH,
        _READS,
    ),
    Headline(
        "no-other-pair",
        "networks",
        "No other pair of bodies is surprising after correction.",
        "smallest corrected p",
        no_other_pair,
        BOTH,
        _READS,
    ),
    Headline(
        "no-pair-of-states",
        "networks",
        "No pair of states could share more bodies than chance, whatever it shares.",
        "pairs that could",
        no_pair_of_states,
        BOTH,
        _READS,
    ),
    Headline(
        "few-pairs-of-bodies",
        "networks",
        "Fewer than half of the pairs of bodies could differ from their sizes.",
        "share of pairs",
        few_pairs_of_bodies,
        BOTH,
        _READS,
    ),
    Headline(
        "wide-bodies",
        "networks",
        "Most of what pairs of states share are universal and regional bodies.",
        "share of what is shared",
        wide_bodies,
        BOTH,
        _READS,
    ),
    Headline(
        "most-ties-certain",
        "networks",
        "Most memberships of states are certain on the day.",
        "share of memberships",
        most_ties_certain,
        BOTH,
        _READS,
    ),
)
"""Headlines of the chapter, in the order of tables and figures."""
