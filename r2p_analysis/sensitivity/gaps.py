"""Headlines on gaps: whether they are more than chance, and what would close them.

Tests and plans are those of `findings.gaps`, which the notebook tells: one table of members, one seed, one search.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from math import inf

import pandas as pd

from r2p_analysis import closure
from r2p_analysis.findings import gaps as told
from r2p_analysis.findings.words import LEVEL
from r2p_analysis.sensitivity.cases import BOTH, Case, once
from r2p_analysis.sensitivity.coverage import ways
from r2p_analysis.sensitivity.measured import Headline, Measured, Outcome, most, none, these

_MEMBERS = ("memberships", "actors", "regions", "scopes")
_REACH = ("memberships", "functions", "ties", "actors", "regions", "scopes")
# What the claims name.
_GROUP = "caribbean"
_PLAN, _BEYOND = ("oas", "celac"), ("CAN", "CUB")
_ADDED = ("oas adds early_warning", "oas adds rebuilding")


@once
def _table(case: Case) -> pd.DataFrame:
    return told.tested_table(case.study, case.at, case.reading)


@once
def _tests(case: Case) -> pd.DataFrame:
    return told.bare_tests(case.study, _table(case))


def _row(case: Case, base: Case, group: str) -> pd.Series | str:
    """Test of a group of states; that of the base where the members are the same, since it is drawn."""
    if _table(case)[told.built_bodies(case.study, _table(case))].any().sum() < 2:
        return "fewer than two purpose-built bodies have members, so that sizes settle how many states are in none"
    rows = _tests(base if _same(case, base) else case).set_index("group")
    return rows.loc[group] if group in rows.index else f"no states in the group {group}"


def _same(case: Case, base: Case) -> bool:
    same = (getattr(case.study, name) is getattr(base.study, name) for name in ("scopes", "regions"))
    return all(same) and _table(case).equals(_table(base))


def _more(row: pd.Series | str, *, firm: bool = True) -> Outcome:
    return row if isinstance(row, str) else Measured(m := float(row["observed"] - row["expected"]), m, firm)


def in_neither(case: Case, base: Case) -> Outcome:
    """Measure how many more states are in no purpose-built body than sizes give on average."""
    return _more(_row(case, base, "all"))


def group_in_neither(case: Case, base: Case) -> Outcome:
    """Measure the same of the sub-region that stands out; firm if the corrected test says so."""
    row = _row(case, base, _GROUP)
    return _more(row, firm=not isinstance(row, str) and bool(row["p_adjusted"] <= LEVEL))


def scopes_settle(case: Case, base: Case) -> Outcome:
    """Measure the p that is left given whom scopes admit; firm if no other outcome was possible."""
    row = _row(case, base, "all")
    if isinstance(row, str):
        return row
    p = float(row["p_within_scope"])
    return Measured(p, p - LEVEL, bool(row["attainable_within_scope"] > 1 - 1e-9))


def no_absence(case: Case, _: Case) -> Outcome:
    """Measure the smallest corrected p of memberships that are not there although the scope admits them."""
    found = told.absences(case.study, _table(case))
    open_ones = found.loc[~found["definitional"], "p_adjusted"]
    return Measured(p := float(open_ones.min()), p - LEVEL) if len(open_ones) else "no absence that a scope admits"


def _if_proved(measure: Callable[[Case, Case], Outcome]) -> Callable[[Case, Case], Outcome]:
    """Say that nothing was measured where the search for a plan ran out of time, or nothing is to be planned."""

    @wraps(measure)
    def measured(case: Case, base: Case) -> Outcome:
        if _table(case).empty:
            return "no states, or no body but universal ones"
        try:
            return measure(case, base)
        except closure.Unproved:
            return "no plan was proved the cheapest in time"

    return measured


@_if_proved
def one_body(case: Case, _: Case) -> Outcome:
    """Count the bodies of a cheapest plan that has every state: without end where no plan is enough."""
    plan = told.cheapest(_table(case))
    n = inf if plan is None else plan.cost
    return Measured(float(n), 2.0 - n)


@_if_proved
def two_bodies(case: Case, _: Case) -> Outcome:
    """Measure which bodies every cheapest plan has if one membership is taken out, against those that are named."""
    table = told.taken_out(_table(case))
    if table is None:
        return f"no such state or body: {' in '.join(reversed(told.WITHOUT))}"
    plan = told.cheapest(table)
    return these(plan.in_every if plan else (), _PLAN, plan.cost if plan else inf)


@_if_proved
def beyond_wide(case: Case, _: Case) -> Outcome:
    """Count the states in no body but those of the whole region, and measure whether they are those that are named."""
    found = told.uncoverable(_table(case), told.wide_bodies(case.study, _table(case)))
    return these(found, _BEYOND, len(found))


@once
def _additions(case: Case) -> tuple[closure.Optimum, tuple]:
    return told.additions(told.offer(case.study, case.at, _table(case), case.reading, ways(case)))


@_if_proved
def additions_close(case: Case, _: Case) -> Outcome:
    """Count the gaps that no function that bodies add would close."""
    plan, left = _additions(case)
    return none(len(left)) if plan.cost or left else "no gaps"


@_if_proved
def in_every_plan(case: Case, _: Case) -> Outcome:
    """Measure how many of the commitments that are named stand in every cheapest plan."""
    return most(len(_additions(case)[0].in_every & set(_ADDED)), len(_ADDED), "commitments")


HEADLINES: tuple[Headline, ...] = (
    Headline(
        "in-neither",
        "coverage",
        "More states are in none of the purpose-built networks than sizes give.",
        "states in none less those expected",
        in_neither,
        BOTH,
        _MEMBERS,
    ),
    Headline(
        "caribbean-in-neither",
        "coverage",
        "Of the Caribbean more states are in none of them than sizes give.",
        "states in none less those expected",
        group_in_neither,
        BOTH,
        _MEMBERS,
    ),
    Headline(
        "scopes-settle",
        "coverage",
        "Given whom scopes admit, nothing of that is left to chance.",
        "p within scopes",
        scopes_settle,
        BOTH,
        _MEMBERS,
    ),
    Headline(
        "no-absence",
        "coverage",
        "No membership is surprising by its absence.",
        "smallest corrected p",
        no_absence,
        BOTH,
        _MEMBERS,
    ),
    Headline(
        "one-body",
        "coverage",
        "One body that is not universal has every state.",
        "bodies in a cheapest plan (inf: no plan)",
        one_body,
        BOTH,
        _MEMBERS,
    ),
    Headline(
        "two-bodies",
        "coverage",
        "Were Cuba not counted to the OAS, it would take the OAS and CELAC, and nothing else would do.",
        "bodies in a cheapest plan (inf: no plan)",
        two_bodies,
        BOTH,
        _MEMBERS,
    ),
    Headline(
        "beyond-wide",
        "coverage",
        "Canada and Cuba alone are in no body but those of the whole region.",
        "states in no other body",
        beyond_wide,
        BOTH,
        _MEMBERS,
    ),
    Headline(
        "additions-close",
        "coverage",
        "On paper, functions that bodies add would close every gap.",
        "gaps that stay",
        additions_close,
        BOTH,
        _REACH,
    ),
    Headline(
        "oas-adds",
        "coverage",
        "In every cheapest plan the OAS adds early warning and rebuilding.",
        "share of these that every cheapest plan has",
        in_every_plan,
        BOTH,
        _REACH,
    ),
)
"""Headlines of the chapter, in the order of tables and figures."""
