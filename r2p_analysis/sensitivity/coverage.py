"""Headlines on coverage: what is said of whom, what is denied, and which gaps are robust."""

from __future__ import annotations

import pandas as pd

from r2p_analysis.coverage import coverage_table
from r2p_analysis.coverage.strengths import gaps_of
from r2p_analysis.holding import READINGS, rows_at
from r2p_analysis.sensitivity.cases import BOTH, CODED, Case, once
from r2p_analysis.sensitivity.measured import Headline, Measured, Outcome, few, most, none

_REACH = ("memberships", "functions", "ties", "actors", "regions")


@once
def ways(case: Case) -> pd.DataFrame:
    """Every way in which a function reaches a state."""
    return coverage_table(case.study, case.at, reading=case.reading)


def _n_said(case: Case) -> int:
    """Cells of states and functions that are not silent."""
    return len(ways(case)[["iso3", "function"]].drop_duplicates())


def early_warning_hoped(case: Case, _: Case) -> Outcome:
    """Count states that early warning operates for, against those that it is only hoped or planned for."""
    rows = ways(case)[ways(case)["function"] == "early_warning"]
    operating, hoped = (
        set(rows.loc[rows["status"].isin(statuses), "iso3"]) for statuses in (["operating"], ["planned", "potential"])
    )
    if not operating | hoped:
        return "no claim on early warning but denials reaches a state"
    more = len(hoped - operating) - len(operating)
    return Measured(-more, more)


def most_silent(case: Case, _: Case) -> Outcome:
    """Measure the share of cells of states and functions that no claim reaches."""
    n = len(case.study.regions) * len(case.study.axis("functions", "function"))
    return most(n - _n_said(case), n, "states or functions")


def some_silent_throughout(case: Case, _: Case) -> Outcome:
    """Count states that no claim reaches."""
    n = len(case.study.regions) - ways(case)["iso3"].nunique()
    return Measured(n, n) if len(case.study.regions) else "no states"


def few_certain(case: Case, _: Case) -> Outcome:
    """Measure the share of certain cells; both readings are in the claim, whichever is asked for."""
    if case.at is None:
        return "no day is asked for"
    read = (case if case.reading == reading else case.but(reading=reading) for reading in ("certain", "possible"))
    return few(*map(_n_said, read), "claim reaches a state")


def few_mechanisms(case: Case, _: Case) -> Outcome:
    """Measure the share of states with an operating national mechanism."""
    ties = case.study.ties[case.study.ties["relation"] == "mechanism_of"]
    held = rows_at(case.study, ties, case.at, reading="possible")
    held = held[held["holds"].isin(READINGS[case.reading]) & held["status"].eq("operating")]
    states = set(case.study.regions["iso3"].str.lower())
    return few(len(set(held["target_id"]) & states), len(states), "states")


def most_unreached(case: Case, _: Case) -> Outcome:
    """Measure the share that reaches no state of the claims on functions of the axis that hold."""
    claims = case.study.functions
    claims = claims[claims["function"].isin(case.study.axis("functions", "function"))]
    held = rows_at(case.study, claims, case.at, reading="possible")
    held = held.loc[held["holds"].isin(READINGS[case.reading]), "function_id"]
    return most(int((~held.isin(ways(case)["function_id"])).sum()), len(held), "claims on functions")


def one_denier(case: Case, _: Case) -> Outcome:
    """Measure the share of denials that the claimant with most of them makes."""
    denied = case.study.functions.loc[case.study.functions["status"] == "denied", "claimant_id"]
    return most(int(denied.value_counts().max()) if denied.notna().any() else 0, len(denied), "denials")


@once
def _gaps(case: Case) -> pd.DataFrame:
    return gaps_of(case.study, ways(case), case.at, case.reading)


def few_gaps(case: Case, _: Case) -> Outcome:
    """Measure the share of cells in which nothing operates."""
    n = len(case.study.regions) * len(case.study.axis("functions", "function"))
    return few(len(_gaps(case)), n, "states or functions")


def gaps_of_status(case: Case, _: Case) -> Outcome:
    """Measure the share of gaps that would close if plans counted."""
    return most(int((_gaps(case)["kind"] == "question of status").sum()), len(_gaps(case)), "gaps")


def robust_gaps(case: Case, _: Case) -> Outcome:
    """Count the gaps that stay at all four strengths."""
    n = float((_gaps(case)["kind"] == "robust").sum())
    return Measured(n, n) if len(case.study.regions) else "no states"


def robust_denied(case: Case, _: Case) -> Outcome:
    """Count the robust gaps that are silent."""
    robust = _gaps(case)[_gaps(case)["kind"] == "robust"]
    return none(int((robust["status"] != "denied").sum())) if len(robust) else "no gap is robust"


HEADLINES: tuple[Headline, ...] = (
    Headline(
        "few-gaps",
        "coverage",
        "In fewer than half of the cells of states and functions nothing operates, once members are listed.",
        "share of cells",
        few_gaps,
        BOTH,
        _REACH,
    ),
    Headline(
        "gaps-of-status",
        "coverage",
        "Most of these gaps would close if plans counted.",
        "share of gaps",
        gaps_of_status,
        BOTH,
        _REACH,
    ),
    Headline(
        "robust-gaps",
        "coverage",
        "Some gaps stay at all four strengths.",
        "gaps that do",
        robust_gaps,
        BOTH,
        _REACH,
    ),
    Headline(
        "robust-denied",
        "coverage",
        "Every gap that stays is denied, and none is silent.",
        "silent ones",
        robust_denied,
        BOTH,
        _REACH,
    ),
    Headline(
        "one-denier",
        "coverage",
        "Most denials rest on one claimant.",
        "share of denials",
        one_denier,
        BOTH,
        ("functions",),
    ),
    Headline(
        "early-warning-hoped",
        "coverage",
        "Early warning is hoped for or planned for more states than it operates for.",
        "states where it operates less those where it is hoped for",
        early_warning_hoped,
        BOTH,
        _REACH,
    ),
    Headline(
        "few-mechanisms",
        "coverage",
        "Fewer than half of the states have an operating national mechanism.",
        "share of states",
        few_mechanisms,
        BOTH,
        ("ties", "regions"),
    ),
    Headline(
        "most-silent",
        "coverage",
        "Of most states and functions the documents say nothing.",
        "share of cells",
        most_silent,
        CODED,
        _REACH,
    ),
    Headline(
        "some-silent-throughout",
        "coverage",
        "There are states that no claim of the documents on a function reaches.",
        "states",
        some_silent_throughout,
        CODED,
        _REACH,
    ),
    Headline(
        "most-unreached",
        "coverage",
        "Most claims of the documents on functions reach no state.",
        "share of claims",
        most_unreached,
        CODED,
        _REACH,
    ),
    Headline(
        "few-certain",
        "coverage",
        "Of what the documents say of states and functions, less than half is certain on the day.",
        "share of cells that are not silent",
        few_certain,
        CODED,
        _REACH,
    ),
)
"""Headlines of the chapter, in the order of tables and figures."""
