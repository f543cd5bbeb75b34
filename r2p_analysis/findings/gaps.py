"""Numbers on gaps: how many there are, whether they are more than chance, and what would close them.

Tests and plans are of the bodies that are not universal: where everybody belongs, nothing is left to chance or to do.
Of a body in `ONE_LIST` only those rows count that the documents state, so that one list is tested and not two mixed.
What would close gaps is NP-hard: where no plan is proved the cheapest within seconds, there are no numbers of plans.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd

from r2p_analysis import closure, dates
from r2p_analysis.coverage import (
    coverage_table,
    gap_bounds,
    gap_tests,
    gaps,
    membership_table,
    performers,
    shut_out,
    subregion_of,
    surprising_absences,
)
from r2p_analysis.coverage.matrices import functions_of
from r2p_analysis.findings.words import LEVEL, MISSING, Numbers
from r2p_analysis.holding import rows_at
from r2p_analysis.schema import key_of
from r2p_analysis.scopes import scopes_of
from r2p_analysis.spells import bodies
from r2p_analysis.study import Study

ONE_LIST = {"focal-points": ("explicit", "inferred")}
"""Bases of rows that count, for the body of which the two layers have different lists."""

WITHOUT = ("oas", "CUB")
"""The membership on which the plan for every state is tried: is it there?"""

_SINCE = {"memberships": "start_edtf", "ties": "start_edtf", "functions": "date_edtf"}
_SAMPLES, _SEED = 4999, 2014
_SECONDS = 5


def counted(study: Study, at: str | None) -> Numbers:
    """Gaps by how firm they are, and the least and greatest number of them."""
    found, bounds = gaps(study, at), gap_bounds(study, at).loc["all"]
    kinds = found["kind"].value_counts()
    robust = found.loc[found["kind"] == "robust", "status"].value_counts()
    either = gap_bounds(study, at, reading="either").loc["all"] if at else None
    by_then = gaps(known_by(study, at), at)["kind"].value_counts() if at else None
    return {
        "n_gaps_least": int(bounds["n_gaps_least"]),
        "n_gaps_most": int(bounds["n_gaps_most"]),
        "n_gaps_least_either": MISSING if either is None else int(either["n_gaps_least"]),
        "n_gaps_most_either": MISSING if either is None else int(either["n_gaps_most"]),
        "n_gaps_of_status": int(kinds["question of status"]),
        "n_gaps_of_status_by_then": MISSING if by_then is None else int(by_then["question of status"]),
        "n_gaps_of_degree": int(kinds["question of degree"]),
        "n_gaps_robust": int(kinds["robust"]),
        "n_robust_denied": int(robust["denied"]),
        "n_robust_silent": int(robust["silent"]),
    }


def known_by(study: Study, at: str) -> Study:
    """Leave out what holds on a day by references published after it alone, unless it is said to have begun by then.

    That is so of memberships, ties and claims on functions: a start, or when it was so, tells of the day where all
    days that it leaves open lie before it or on it.
    """
    published = study.references.set_index("ref_id")["published_edtf"].dropna()
    later = {ref for ref, day in published.items() if dates.before(at, day) == "yes"}
    return study.with_tables(**{name: _known(study, name, since, at, later) for name, since in _SINCE.items()})


def _known(study: Study, name: str, since: str, at: str, later: Collection[str]) -> pd.DataFrame:
    rows, key = study.tables[name], key_of(study.descriptor, name)
    told_later = rows["evidence"].fillna("").str.split(";").map(set(later).issuperset).astype(bool)
    begun = {day: dates.before(at, day) == "no" for day in rows[since].dropna().unique()}
    hindsight = rows[told_later & ~rows[since].map(begun).eq(True)]
    held = rows_at(study, hindsight, at, reading="possible").set_index(key).index
    return rows[~rows.set_index(key).index.isin(held)].reset_index(drop=True)


def tested_table(study: Study, at: str | None, reading: str = "possible") -> pd.DataFrame:
    """Who belongs to which of the bodies that are not universal."""
    one_list = {body: basis for body, basis in ONE_LIST.items() if body in bodies(study)}
    table = membership_table(study, at, reading=reading, basis=one_list)
    return table[[body for body, scope in scopes_of(study, table.columns).items() if scope.scope != "universal"]]


def tested(study: Study, table: pd.DataFrame) -> Numbers:
    """States in no purpose-built body, and memberships that are surprising by their absence, against chance."""
    names = ["n_bare", "bare_expected", "bare_low", "bare_high", "bare_p", "bare_attainable", "n_shut_out"]
    names += ["bare_expected_within_scope", "bare_p_within_scope", "n_absences", "n_absences_surprising"]
    found = bare_tests(study, table)
    if found is None:
        return dict.fromkeys(names, MISSING)
    row, absent, built = found.iloc[0], absences(study, table), built_bodies(study, table)
    values = (
        int(row["observed"]),
        round(float(row["expected"]), 1),
        int(row["low"]),
        int(row["high"]),
        round(float(row["p"]), 2),
        round(float(row["attainable"]), 3),
        int(_closed(study, table)[built].any(axis=1).sum()),
        round(float(row["expected_within_scope"]), 1),
        round(float(row["p_within_scope"]), 2),
        len(absent),
        int(((absent["p_adjusted"] <= LEVEL) & ~absent["definitional"]).sum()),
    )
    return dict(zip(names, values, strict=True))


def bare_tests(study: Study, table: pd.DataFrame) -> pd.DataFrame | None:
    """Test how many states are in no purpose-built body, in all and by sub-region; None where there is no such body.

    Drawn with a seed of its own: asked twice, it says the same.
    """
    built = built_bodies(study, table)
    if table.empty or not built:
        return None
    how = {"closed": _closed(study, table), "samples": _SAMPLES, "rng": np.random.default_rng(_SEED)}
    return gap_tests(table, {"built": built}, groups=subregion_of(study), **how)


def absences(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Every membership that is not there, tested; those that no scope admits are marked."""
    return surprising_absences(table, closed=_closed(study, table))


def _closed(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Cells that no scope admits: whoever belongs is admitted, whatever the scope says."""
    return shut_out(study, table) & ~table


def to_close(study: Study, at: str | None, table: pd.DataFrame) -> Numbers:
    """Fewest bodies that have every state, who is beyond the wide ones, and functions that bodies would have to add."""
    names = ["plan_for_all", "plan_without", "wide_bodies", "states_beyond_wide"]
    names += ["n_added", "added_in_every", "n_gaps_left"]
    try:
        values = (*_joined(study, table), *_added(study, offer(study, at, table)))
    except closure.Unproved:
        return dict.fromkeys(names, MISSING)
    return dict(zip(names, values, strict=True))


def cheapest(covers: pd.DataFrame) -> closure.Optimum | None:
    """Fewest choices that cover every row; None where no plan does."""
    try:
        return closure.optimum(covers, seconds=_SECONDS)
    except closure.Infeasible:
        return None


def taken_out(table: pd.DataFrame) -> pd.DataFrame | None:
    """The table without the membership `WITHOUT`; None where it has no such state or body."""
    body, state = WITHOUT
    if body not in table.columns or state not in table.index:
        return None
    return table.assign(**{body: table[body] & (table.index != state)})


def built_bodies(study: Study, table: pd.DataFrame) -> list[str]:
    """Networks built for the purpose."""
    return _of_scope(study, table, "purpose_built")


def wide_bodies(study: Study, table: pd.DataFrame) -> list[str]:
    """Bodies of the whole region."""
    return _of_scope(study, table, "regional")


def uncoverable(covers: pd.DataFrame, exclude: Collection[str] = ()) -> tuple:
    """Rows that nothing on offer covers."""
    try:
        closure.optimum(covers, exclude=exclude, seconds=_SECONDS)
    except closure.Infeasible as error:
        return error.uncoverable
    return ()


def additions(on_offer: pd.DataFrame) -> tuple[closure.Optimum, tuple]:
    """Fewest additions that close every gap that can be closed, and the gaps that stay."""
    left = uncoverable(on_offer)
    return closure.optimum(on_offer, must_cover=set(on_offer.index) - set(left), seconds=_SECONDS), left


def offer(
    study: Study, at: str | None, table: pd.DataFrame, reading: str = "possible", ways: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Gaps × functions that a body could add; `ways` is the `coverage_table`, where it is there already."""
    ways = coverage_table(study, at, reading=reading) if ways is None else ways
    covered = functions_of(study, ways) == "operating"
    found = performers(study, at, reading=reading, bodies=list(table.columns))
    performs = pd.DataFrame({f: table.columns.isin(found[f]) for f in covered.columns}, table.columns, dtype=bool)
    return closure.choices_to_close(covered, table, performs, additions=~performs)


def _joined(study: Study, table: pd.DataFrame) -> tuple:
    wide, less = wide_bodies(study, table), taken_out(table)
    plan_without = MISSING if less is None else _said(study, less)
    beyond = study.regions.set_index("iso3")["name_en"][list(uncoverable(table, wide))]
    return _said(study, table), plan_without, _and(_labels(study, wide)) or MISSING, _and(beyond) or "nobody"


def _added(study: Study, on_offer: pd.DataFrame) -> tuple:
    found, left = additions(on_offer)
    in_every = [choice.split(" adds ") for choice in on_offer.columns if choice in found.in_every]
    added, functions = zip(*in_every, strict=True) if in_every else ((), ())
    said = [study.label("functions.function", function).lower() for function in functions]
    labels = _labels(study, added)
    return found.cost, _and(map(" adds ".join, zip(labels, said, strict=True))) or "none", len(left)


def _of_scope(study: Study, table: pd.DataFrame, wanted: str) -> list[str]:
    return [body for body, scope in scopes_of(study, table.columns).items() if scope.scope == wanted]


def _said(study: Study, covers: pd.DataFrame) -> str:
    """Bodies of a cheapest plan, and that it is one of several, if it is."""
    found = cheapest(covers)
    if found is None:
        return "none"
    several = "" if found.plan == found.in_every else " (one of several plans)"
    return _and(_labels(study, [body for body in covers.columns if body in found.plan])) + several


def _labels(study: Study, ids: Iterable[str]) -> list[str]:
    known = study.actors.set_index("actor_id")
    short = dict(known["short_name"].fillna(known["name"]).dropna())
    return [short.get(body, body) for body in ids]


def _and(names: Iterable[str]) -> str:
    *others, last = [*names] or [""]
    return f"{', '.join(others)} and {last}" if others else last
