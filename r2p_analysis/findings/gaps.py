"""Numbers on gaps: how many there are, whether they are more than chance, and what would close them.

Tests and plans are of the bodies that are not universal: where everybody belongs, nothing is left to chance or to do.
Of a body in `ONE_LIST` only those rows count that the documents state, so that one list is tested and not two mixed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd

from r2p_analysis import closure
from r2p_analysis.coverage import (
    gap_bounds,
    gap_tests,
    gaps,
    membership_table,
    performers,
    shut_out,
    states_by_functions,
    surprising_absences,
)
from r2p_analysis.findings.words import LEVEL, MISSING, Numbers
from r2p_analysis.scopes import scopes_of
from r2p_analysis.spells import bodies
from r2p_analysis.study import Study

ONE_LIST = {"focal-points": ("explicit", "inferred")}
"""Bases of rows that count, for the body of which the two layers have lists of different days."""

WITHOUT = ("oas", "CUB")
"""The membership on which the plan for every state is tried: is it there?"""

_SAMPLES, _SEED = 4999, 2014
_SECONDS = 10


def counted(study: Study, at: str | None) -> Numbers:
    """Gaps by how firm they are, and the least and greatest number of them."""
    found, bounds = gaps(study, at), gap_bounds(study, at).loc["all"]
    kinds = found["kind"].value_counts()
    robust = found.loc[found["kind"] == "robust", "status"].value_counts()
    either = gap_bounds(study, at, reading="either").loc["all"] if at else None
    return {
        "n_gaps_least": int(bounds["n_gaps_least"]),
        "n_gaps_most": int(bounds["n_gaps_most"]),
        "n_gaps_least_either": MISSING if either is None else int(either["n_gaps_least"]),
        "n_gaps_most_either": MISSING if either is None else int(either["n_gaps_most"]),
        "n_gaps_of_status": int(kinds["question of status"]),
        "n_gaps_of_degree": int(kinds["question of degree"]),
        "n_gaps_robust": int(kinds["robust"]),
        "n_robust_denied": int(robust["denied"]),
        "n_robust_silent": int(robust["silent"]),
    }


def tested_table(study: Study, at: str | None) -> pd.DataFrame:
    """Who belongs to which of the bodies that are not universal."""
    one_list = {body: basis for body, basis in ONE_LIST.items() if body in bodies(study)}
    table = membership_table(study, at, basis=one_list)
    return table[[body for body, scope in scopes_of(study, table.columns).items() if scope.scope != "universal"]]


def tested(study: Study, table: pd.DataFrame) -> Numbers:
    """States in no purpose-built body, and memberships that are surprising by their absence, against chance."""
    names = ["n_bare", "bare_expected", "bare_low", "bare_high", "bare_p", "bare_attainable", "n_shut_out"]
    names += ["bare_expected_within_scope", "bare_p_within_scope", "n_absences", "n_absences_surprising"]
    built = _of_scope(study, table, "purpose_built")
    if table.empty or not built:
        return dict.fromkeys(names, MISSING)
    # Whoever belongs is admitted, whatever the scope says.
    closed = shut_out(study, table) & ~table
    rng = np.random.default_rng(_SEED)
    row = gap_tests(table, {"built": built}, closed=closed, samples=_SAMPLES, rng=rng).iloc[0]
    absences = surprising_absences(table, closed=closed)
    values = (
        int(row["observed"]),
        round(float(row["expected"]), 1),
        int(row["low"]),
        int(row["high"]),
        round(float(row["p"]), 2),
        round(float(row["attainable"]), 3),
        int(closed[built].any(axis=1).sum()),
        round(float(row["expected_within_scope"]), 1),
        round(float(row["p_within_scope"]), 2),
        len(absences),
        int(((absences["p_adjusted"] <= LEVEL) & ~absences["definitional"]).sum()),
    )
    return dict(zip(names, values, strict=True))


def to_close(study: Study, at: str | None, table: pd.DataFrame) -> Numbers:
    """Fewest bodies that have every state, whom nothing has where the wide ones are out, and added functions."""
    body, state = WITHOUT
    there = body in table.columns and state in table.index
    less = table.assign(**{body: table[body] & (table.index != state)}) if there else None
    wide = _of_scope(study, table, "regional")
    offer = _offer(study, at, table)
    left = _uncoverable(offer)
    added = _optimum(offer, [gap for gap in offer.index.unique() if gap not in set(left)])
    states = study.regions.set_index("iso3")["name_en"]
    return {
        "plan_for_all": _said(study, table, _optimum(table)),
        "plan_without": MISSING if less is None else _said(study, table, _optimum(less)),
        "wide_bodies": _and(_labels(study, wide)) or MISSING,
        "states_beyond_wide": _and(states[list(_uncoverable(table, wide))]) or "nobody",
        "n_added": added.cost if added else MISSING,
        "added_in_every": _and(_commitments(study, offer.columns, added.in_every)) or "none" if added else MISSING,
        "n_gaps_left": len(left),
    }


def _of_scope(study: Study, table: pd.DataFrame, wanted: str) -> list[str]:
    return [body for body, scope in scopes_of(study, table.columns).items() if scope.scope == wanted]


def _offer(study: Study, at: str | None, table: pd.DataFrame) -> pd.DataFrame:
    """Gaps × functions that a body could add."""
    covered = states_by_functions(study, at) == "operating"
    found = performers(study, at, bodies=list(table.columns))
    performs = pd.DataFrame({f: table.columns.isin(found[f]) for f in covered.columns}, table.columns, dtype=bool)
    return closure.choices_to_close(covered, table, performs, additions=~performs)


def _uncoverable(covers: pd.DataFrame, exclude: Collection[str] = ()) -> tuple:
    """Rows that nothing on offer covers."""
    try:
        closure.optimum(covers, exclude=exclude, seconds=_SECONDS)
    except closure.Infeasible as error:
        return error.uncoverable
    except closure.Unproved:
        return ()
    return ()


def _optimum(covers: pd.DataFrame, must_cover: Collection | None = None) -> closure.Optimum | None:
    """One cheapest plan and what stands in all; None where there is none, or none was found in time."""
    try:
        return closure.optimum(covers, must_cover=must_cover, seconds=_SECONDS)
    except (closure.Infeasible, closure.Unproved):
        return None


def _said(study: Study, table: pd.DataFrame, found: closure.Optimum | None) -> str:
    """Bodies of a plan; that it is one of several, if it is."""
    if found is None:
        return "none"
    several = "" if found.plan == found.in_every else " (one of several plans)"
    return _and(_labels(study, [body for body in table.columns if body in found.plan])) + several


def _labels(study: Study, ids: Iterable[str]) -> list[str]:
    known = study.actors.set_index("actor_id")
    short = dict(known["short_name"].fillna(known["name"]).dropna())
    return [short.get(body, body) for body in ids]


def _commitments(study: Study, choices: Iterable[str], chosen: Collection[str]) -> list[str]:
    parts = [choice.split(" adds ") for choice in choices if choice in chosen]
    labels = _labels(study, [body for body, _ in parts])
    functions = [study.label("functions.function", function).lower() for _, function in parts]
    return [f"{label} adds {function}" for label, function in zip(labels, functions, strict=True)]


def _and(names: Iterable[str]) -> str:
    *others, last = [*names] or [""]
    return f"{', '.join(others)} and {last}" if others else last
