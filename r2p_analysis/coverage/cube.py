"""The cube: states × functions × bodies, every cell of it, and what covers one state.

The axes are those of `regions` and of the codes, so that a state or a function about which nothing is said stays. The
axis of bodies has those that are fixed, then those that a state was ever said to belong to, then `NATIONAL`:
what a state or a body of its own performs at home.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import numpy as np
import pandas as pd

from r2p_analysis.coverage.matrices import coverage_table
from r2p_analysis.coverage.reach import (
    HOLDS,
    NOT_PROTECTION,
    SILENT,
    Claims,
    claims,
    counts_of_unreached,
    every_cell,
    of_states,
    shown_bodies,
    states_of,
)
from r2p_analysis.schema import names_of, one_of
from r2p_analysis.spells import check, root_bodies
from r2p_analysis.study import Study, of_layers

NATIONAL = "national"
"""Stands on the axis of bodies for the state itself and for national bodies whose root it is."""

_OF_STATE = ["function", "status", "via", "body_id", "role", "holds", "basis", "evidence", "gist"]
_OF_STATE += ["function_id", "membership_id"]


def coverage_cube(
    study: Study,
    at: str | date | None = None,
    *,
    reading: str = "possible",
    roles: Collection[str] | None = None,
    bodies: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Every state × function × body, with what is said of it and on what basis.

    Parameters
    ----------
    study : Study
        The study.
    at, reading, roles
        As in `coverage_table`.
    bodies : sequence of str, optional
        Axis of bodies; organs are rolled up, and `NATIONAL` is what is performed at home. None takes `cube_bodies`,
        through which every claim goes.

    Returns
    -------
    pandas.DataFrame
        MultiIndex ``iso3``, ``function``, ``body``: all cells in the order of the axes. Columns ``status``, the
        strongest claim of the cell (operating, planned, potential, denied, or silent where there is none);
        ``holds`` and ``basis`` (explicit, inferred, external), the best of the claims with this status, null where
        the cell is silent; ``n_claims``, all claims on the cell. The first three are categorical with
        all their codes. ``.attrs`` has ``layers``, ``at``, ``reading``, ``n_left_out`` (claims through bodies that are
        not on the axis), ``n_unreached`` and ``n_members_gone`` (as in `coverage_table`) and ``note``: coverage is not
        protection.

    Raises
    ------
    ValueError
        As in `coverage_table`, or if a body of the axis is unknown or stands there twice.

    See Also
    --------
    states_by_functions : The cube's strongest claim over all bodies.
    coverage_of : The claims on one state, with their passages.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> cube = coverage_cube(load_study(), "2014-09-08", bodies=["oas", "lan"])
    >>> len(cube), cube.loc[("BRA", "training", "lan"), "status"]
    (560, 'planned')
    >>> operating = cube["status"].eq("operating").groupby(["function", "body"], sort=False).sum().unstack()
    >>> operating.loc["prevention"].to_dict()
    {'oas': 0, 'lan': 18}
    """
    _, roles = check(study, at, reading=reading, roles=roles)
    bodies = cube_bodies(study) if bodies is None else names_of(bodies, cube_bodies(study), "body", once=True)
    found = claims(study, at, reading, roles)
    axes = {"iso3": states_of(study), "function": study.axis("functions", "function"), "body": bodies}
    place = _cell_of(found, axes)
    table = _filled(study, found.codes[place >= 0], place[place >= 0], axes)
    n_left_out = int((place < 0).sum())
    table.attrs |= {"at": None if at is None else str(at), "reading": reading, "n_left_out": n_left_out}
    table.attrs |= counts_of_unreached(found)
    table.attrs["note"] = NOT_PROTECTION
    return of_layers(study, table)


def coverage_of(
    study: Study,
    state: str,
    at: str | date | None = None,
    *,
    reading: str = "possible",
    roles: Collection[str] | None = None,
) -> pd.DataFrame:
    """What covers a state, and how: through which body, in which status, on which basis, by which passages.

    Parameters
    ----------
    study : Study
        The study.
    state : str
        ISO code or id of a state of `regions`: ``BRA`` or ``bra``.
    at, reading, roles
        As in `coverage_table`.

    Returns
    -------
    pandas.DataFrame
        A row a claim, and one row for each function without any: ``function``; ``status``; ``via``, the body that
        covers; ``body_id``, who performs it: that body, or its organ; ``role`` of the state in the body, null at
        home; ``holds``; ``basis``; ``evidence``, passages and references of both links; ``gist`` of the function, in
        our own words; ``function_id``; ``membership_id``. In the order of the functions, the strongest first. What is
        null is not stated. ``.attrs["note"]``: coverage is not protection.

    Raises
    ------
    ValueError
        As in `coverage_table`, or if the state is none of `regions`.

    See Also
    --------
    evidence.evidence_of : The passages themselves.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> rows = coverage_of(load_study(), "ARG", "2014-09-08")
    >>> rows.loc[rows["via"] == "nm-arg", ["function", "status", "body_id", "basis"]].values.tolist()
    [['prevention', 'operating', 'nm-arg', 'explicit']]
    >>> rows.loc[rows["status"] == "silent", "function"].tolist()
    ['monitoring', 'adjudication']
    """
    known = states_of(study)
    iso3 = one_of(state.upper() if isinstance(state, str) else state, known, "state")
    rows = coverage_table(study, at, reading=reading, roles=roles)
    performed = study.functions[["function_id", "body_id", "gist"]]
    rows = rows[rows["iso3"] == iso3].merge(performed, on="function_id")
    rows = rows.merge(study.memberships[["membership_id", "role"]], on="membership_id", how="left")
    axis = pd.DataFrame({"function": study.axis("functions", "function")}, dtype="str")
    rows = axis.merge(rows, on="function", how="left").fillna({"status": SILENT})
    order = {"function": list(axis["function"]), "status": [*study.axis("functions", "status"), SILENT]}
    rows = rows.sort_values(
        ["function", "status", "via", "function_id", "membership_id"],
        key=lambda column: column.map(order[column.name].index) if column.name in order else column,
        ignore_index=True,
    )
    table = rows[_OF_STATE]
    table.attrs = {"iso3": iso3, "at": None if at is None else str(at), "reading": reading, "note": NOT_PROTECTION}
    return of_layers(study, table)


def cube_bodies(study: Study) -> list[str]:
    """Axis of bodies: fixed ones that the study knows, others that states were ever said to belong to, `NATIONAL`.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> cube_bodies(load_study())[-3:]
    ['lan', 'focal-points', 'national']
    """
    shown = shown_bodies(study)
    joined = of_states(study, study.memberships, study.axis("memberships", "role"))["body_id"].unique()
    roots = set(root_bodies(study, joined).values())
    shown = [body for body in shown if body in roots or body in set(study.actors["actor_id"])]
    if NATIONAL in roots:
        raise ValueError(f"a body has the id {NATIONAL!r}, which stands for what is performed at home; rename it")
    return [*shown, *sorted(roots - set(shown)), NATIONAL]


def _cell_of(found: Claims, axes: dict[str, list[str]]) -> np.ndarray:
    """Place of each claim in the cube, row by row; -1 where its body is not on the axis."""
    via = found.codes["via"].mask(found.codes["m"] < 0, NATIONAL)
    # Claims are many, bodies few: each distinct one is looked up once.
    codes, names = pd.factorize(via)
    body = pd.Index(axes["body"], dtype="str").get_indexer(pd.Index(names))[codes] if len(via) else np.empty(0, int)
    state, function = found.codes["state"].to_numpy(), found.codes["function"].to_numpy()
    return np.where(body < 0, -1, (state * len(axes["function"]) + function) * len(axes["body"]) + body)


def _filled(study: Study, codes: pd.DataFrame, place: np.ndarray, axes: dict[str, list[str]]) -> pd.DataFrame:
    """All cells: the least status of each, and of the claims with it the least of what else is asked."""
    names = {"status": [*study.axis("functions", "status"), SILENT], "holds": HOLDS}
    names["basis"] = study.axis("functions", "basis")
    n_cells = int(np.prod([len(axis) for axis in axes.values()]))
    status = codes["status"].to_numpy()
    strongest = _least(place, status, n_cells, len(names["status"]) - 1)
    shown = status == strongest[place]
    cells = {"status": strongest}
    for name in ("holds", "basis"):
        least = _least(place[shown], codes[name].to_numpy()[shown], n_cells, len(names[name]))
        cells[name] = np.where(least == len(names[name]), -1, least)
    columns = {name: pd.Categorical.from_codes(cells[name], names[name]) for name in names}
    columns["n_claims"] = np.bincount(place, minlength=n_cells)
    return pd.DataFrame(columns, index=every_cell(axes))


def _least(place: np.ndarray, codes: np.ndarray, n_cells: int, empty: int) -> np.ndarray:
    found = np.full(n_cells, empty, dtype=np.int8)
    np.minimum.at(found, place, codes.astype(np.int8))
    return found
