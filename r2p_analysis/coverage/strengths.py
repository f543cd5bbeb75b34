"""Coverage counted at four strengths of evidence, and gaps by how many of them they outlast.

From the strictest to the loosest: what operates; what operates or is planned; what the source holds possible as well;
any mention, which also takes in those who only observe or take part in a body and those who are suspended. A denial is
evidence of absence and covers at no strength, not as a mention either: a gap that is denied is the firmest of all.
A silent cell is a gap at every strength, but nobody says so, see `bounds`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd

from r2p_analysis.coverage.matrices import cells_of, coverage_table
from r2p_analysis.coverage.reach import NOT_PROTECTION, REACHING, SILENT, claims, every_cell, states_of
from r2p_analysis.spells import check
from r2p_analysis.study import Study, of_layers

STRENGTHS = ("operating", "planned", "potential", "mentioned")
"""Strengths, each including those before it."""

_LOOSE = (*REACHING, "suspended", "self_suspended")
_KINDS = ["question of status", "question of degree", "robust"]


def coverage_strengths(
    study: Study,
    at: str | date | None = None,
    *,
    reading: str = "possible",
    roles: Collection[str] | None = None,
) -> pd.DataFrame:
    """Whether each state is covered by each function, at four strengths.

    Parameters
    ----------
    study : Study
        The study.
    at, reading, roles
        As in `coverage_table`; `roles` are those of the first three strengths.

    Returns
    -------
    pandas.DataFrame
        MultiIndex ``iso3``, ``function``: all cells in the order of `states_by_functions`. ``status``, the cell's, as
        in that matrix; ``operating``, ``planned``, ``potential``, ``mentioned``: bool, whether the cell counts as
        covered where a claim with that status, or a stronger one, is enough. ``mentioned`` takes any claim but a
        denial, in whatever role the state stands in the body, suspended members included. ``.attrs["note"]``.

    Raises
    ------
    ValueError
        As in `coverage_table`.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> table = coverage_strengths(load_study(), "2014-09-08")
    >>> table.loc[("BOL", "early_warning")].astype("str").tolist()
    ['potential', 'False', 'False', 'True', 'True']
    """
    return _strengths(study, coverage_table(study, at, reading=reading, roles=roles), at, reading)


def _strengths(study: Study, ways: pd.DataFrame, at: str | date | None, reading: str) -> pd.DataFrame:
    cells = cells_of(study, ways)
    codes = [*study.axis("functions", "status"), SILENT]
    axes = {"iso3": states_of(study), "function": study.axis("functions", "function")}
    table = pd.DataFrame({"status": pd.Categorical(cells["status"], codes)}, every_cell(axes))
    for place, strength in enumerate(STRENGTHS[:-1]):
        table[strength] = table["status"].isin(STRENGTHS[: place + 1])
    table["mentioned"] = table["potential"] | _mentioned(study, at, reading)
    return _described(study, table, at, reading)


def coverage_by_subregion(
    study: Study,
    at: str | date | None = None,
    *,
    reading: str = "possible",
    roles: Collection[str] | None = None,
) -> pd.DataFrame:
    """How many states of each sub-region are covered by each function, at four strengths.

    Parameters
    ----------
    study : Study
        The study.
    at, reading, roles
        As in `coverage_strengths`.

    Returns
    -------
    pandas.DataFrame
        MultiIndex ``subregion``, ``function``, ``strength``: every combination of the codes, and the states without a
        sub-region last, as ``not stated``, if there are any. ``n_covered``, states; ``n_states``, all states of the
        sub-region, the denominator; ``share_covered``, n_covered / n_states, in [0, 1], NaN where there is no
        state. A share of two states is 0, a half or 1: read it with its denominator. ``.attrs["note"]``.

    Raises
    ------
    ValueError
        As in `coverage_table`.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> table = coverage_by_subregion(load_study(), "2014-09-08")
    >>> table.loc[("south_america", "early_warning", "potential")].tolist()
    [12.0, 12.0, 1.0]
    >>> table["share_covered"].unstack("strength").shape
    (32, 4)
    """
    strengths = coverage_strengths(study, at, reading=reading, roles=roles)
    long = strengths[list(STRENGTHS)].rename_axis(columns="strength").stack().reset_index(name="covered")
    long["subregion"] = long["iso3"].map(subregion_of(study))
    counted = long.groupby(["subregion", "function", "strength"])["covered"].agg(["sum", "size"])
    axes = {"subregion": subregions(study), "function": study.axis("functions", "function"), "strength": STRENGTHS}
    table = counted.reindex(every_cell(axes), fill_value=0).set_axis(["n_covered", "n_states"], axis=1)
    table["share_covered"] = table["n_covered"] / table["n_states"].where(table["n_states"] > 0)
    return _described(study, table, at, reading)


def gaps(
    study: Study,
    at: str | date | None = None,
    *,
    reading: str = "possible",
    roles: Collection[str] | None = None,
) -> pd.DataFrame:
    """Every state × function that nothing operating covers, and how robust that gap is.

    Parameters
    ----------
    study : Study
        The study.
    at, reading, roles
        As in `coverage_strengths`.

    Returns
    -------
    pandas.DataFrame
        A row a gap, in the order of `states_by_functions`: ``iso3``; ``subregion``; ``function``; ``status`` of the
        cell; ``n_strengths``, at how many of the four it is a gap (1 to 4); ``covered_from``, the strictest strength at
        which it is covered, null where at none; ``kind``: *question of status* (a gap at the first strength only:
        something is planned), *question of degree* (at two or three), *robust* (at all four). A robust gap is denied
        or silent; only the first is evidence of absence. ``.attrs["note"]``.

    Raises
    ------
    ValueError
        As in `coverage_table`.

    See Also
    --------
    gap_bounds : How many gaps there are at least and at most.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> table = gaps(load_study(), "2014-09-08")
    >>> table["kind"].value_counts(sort=False).to_dict()
    {'question of status': 32, 'question of degree': 22, 'robust': 195}
    """
    return gaps_of(study, coverage_table(study, at, reading=reading, roles=roles), at, reading)


def gaps_of(study: Study, ways: pd.DataFrame, at: str | date | None, reading: str) -> pd.DataFrame:
    """Gaps, as `gaps` gives them, of a `coverage_table` that is there already, for the same day and reading.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> study, asked = load_study(), ("2014-09-08", "possible")
    >>> gaps_of(study, coverage_table(study, "2014-09-08"), *asked).equals(gaps(study, "2014-09-08"))
    True
    """
    strengths = _strengths(study, ways, at, reading)
    covered = strengths[list(STRENGTHS)].to_numpy()
    n = (~covered).sum(axis=1)
    first = pd.Categorical.from_codes(np.where(n < len(STRENGTHS), n, -1), list(STRENGTHS))
    kind = pd.Categorical.from_codes(np.select([n <= 1, n < len(STRENGTHS)], [0, 1], 2), _KINDS)
    table = strengths[["status"]].assign(n_strengths=n, covered_from=first, kind=kind)[n > 0].reset_index()
    subregion = table["iso3"].map(subregion_of(study)).astype("str")
    table.insert(1, "subregion", subregion)
    return _described(study, table, at, reading)


NOT_STATED = "not stated"
"""Stands for the sub-region of a state that has none."""


def subregion_of(study: Study) -> pd.Series:
    """Sub-region of each state, `NOT_STATED` where it has none; indexed by iso3, in the order of the matrices."""
    states = pd.Index(states_of(study), name="iso3", dtype="str")
    found = study.regions.set_index("iso3")["subregion"].reindex(states)
    return found.fillna(NOT_STATED)


def subregions(study: Study) -> list[str]:
    """Axis of sub-regions: all codes, and `NOT_STATED` where a state has none."""
    axis = study.axis("regions", "subregion")
    return [*axis, NOT_STATED] if study.regions["subregion"].isna().any() else axis


def _mentioned(study: Study, at: str | date | None, reading: str) -> np.ndarray:
    """Cells with a claim that is no denial, through any role and any membership that is not denied or over."""
    _, roles = check(study, at, reading=reading, roles=study.axis("memberships", "role"))
    codes = claims(study, at, reading, roles, _LOOSE)
    said = codes.codes["f"].map(dict(enumerate(codes.functions["status"]))) != "denied"
    found = np.zeros((len(study.regions), len(study.axis("functions", "function"))), dtype=bool)
    found[codes.codes.loc[said, "state"], codes.codes.loc[said, "function"]] = True
    return found.ravel()


def _described(study: Study, table: pd.DataFrame, at: str | date | None, reading: str) -> pd.DataFrame:
    table.attrs |= {"at": None if at is None else str(at), "reading": reading, "note": NOT_PROTECTION}
    return of_layers(study, table)
