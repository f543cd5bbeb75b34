"""Who belongs to which body as a table of yes and no, for tests of gaps against chance.

A cell that no row reaches is "no" here, as in any network: the tests ask whether the observed pattern is unusual, and
`gap_bounds` what silence leaves open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import pandas as pd

from r2p_analysis.coverage.reach import of_states, on_the_axis, shown_bodies, states_of
from r2p_analysis.options import frame, mapped
from r2p_analysis.schema import names_of
from r2p_analysis.scopes import scopes_of
from r2p_analysis.spells import bodies as bodies_of
from r2p_analysis.spells import check, memberships_at, root_bodies
from r2p_analysis.study import Study, of_layers


def membership_table(
    study: Study,
    at: str | date | None = None,
    *,
    bodies: Sequence[str] | None = None,
    status: Collection[str] = ("operating",),
    reading: str = "possible",
    roles: Collection[str] | None = None,
    basis: Mapping[str, Collection[str]] | None = None,
) -> pd.DataFrame:
    """Which states belong to which bodies: True and False.

    Parameters
    ----------
    study : Study
        The study.
    at, reading, roles
        As in `coverage_table`.
    bodies : sequence of str, optional
        The columns, in this order; organs are rolled up. None takes those of `states_by_bodies`.
    status : collection of str, default ("operating",)
        Statuses of memberships that make a True.
    basis : mapping of str to collection of str, optional
        For some bodies the bases of rows that count (explicit, inferred, external): so the layer that one source
        states and a later list of another are not mixed in one column. All count for a body that is not named.

    Returns
    -------
    pandas.DataFrame
        Of bool, all states of `regions` in the order of `states_by_bodies` × bodies; an empty row or column stays.

    Raises
    ------
    ValueError
        If a body, code or date is unknown, or a body is named twice.

    See Also
    --------
    shut_out : Which cells the scopes of the bodies rule out.

    Examples
    --------
    The 35 states and seven bodies at the date of the study, both layers loaded; of the Focal Points only those five
    that the coded document names.

    >>> from r2p_analysis import load_study
    >>> study = load_study(layers=("coded", "reference"))
    >>> seven = ["oas", "caricom", "sica", "unasur", "celac", "lan", "focal-points"]
    >>> named = {"focal-points": ("explicit", "inferred")}
    >>> table = membership_table(study, "2014-09-08", bodies=seven, basis=named)
    >>> table.shape, int(table.to_numpy().sum()), table.sum().tolist()
    ((35, 7), 125, [35, 14, 8, 12, 33, 18, 5])
    """
    status, roles = check(study, at, reading=reading, status=status, roles=roles)
    roots = root_bodies(study, bodies_of(study))
    columns = shown_bodies(study) if bodies is None else names_of(bodies, _known(study, roots), "body", once=True)
    basis = {} if basis is None else mapped(basis, "basis", {"lan": ["explicit"]})
    counted = _of_basis(study, {body: basis[body] for body in names_of(basis, _known(study, roots), "body")}, roots)
    # Filtered before it is asked who belongs: a row that does not count may not outdo one that does, either.
    rows = memberships_at(study.with_tables(memberships=counted), at, reading=reading, status=status)
    rows = of_states(study, rows, roles)
    table = pd.crosstab(rows["iso3"], rows["body_id"].map(roots)) > 0
    index, axis = pd.Index(states_of(study), name="iso3", dtype="str"), pd.Index(columns, name="body", dtype="str")
    table = table.reindex(index=index, columns=axis, fill_value=False).astype(bool)
    table.attrs = {"at": None if at is None else str(at), "reading": reading}
    return of_layers(study, table)


def performers(
    study: Study,
    at: str | date | None = None,
    *,
    bodies: Sequence[str] | None = None,
    status: Collection[str] = ("operating",),
    reading: str = "possible",
) -> dict[str, list[str]]:
    """Which bodies perform each function, themselves or through an organ.

    Parameters
    ----------
    study : Study
        The study.
    at, reading
        As in `coverage_table`.
    bodies : sequence of str, optional
        Bodies to choose from, in the order in which they are listed; None takes those of `states_by_bodies`.
    status : collection of str, default ("operating",)
        Statuses of functions that count.

    Returns
    -------
    dict of str to list of str
        Every function of the axis, one that nobody performs with an empty list.

    Raises
    ------
    ValueError
        If a code or date is unknown.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> performers(load_study(layers=("coded", "reference")), "2014-09-08")["training"]
    ['oas', 'lan']
    """
    _, roles = check(study, at, reading=reading)
    status = names_of(status, study.axis("functions", "status"), "status")
    rows = on_the_axis(study, at, reading, roles)
    known = [*_known(study, root_bodies(study, bodies_of(study))), *sorted(set(study.functions["body_id"]))]
    shown = shown_bodies(study) if bodies is None else names_of(bodies, dict.fromkeys(known), "body", once=True)
    found = rows[rows["status"].isin(status)].groupby("function")["via"].agg(set)
    return {f: [body for body in shown if body in found.get(f, ())] for f in study.axis("functions", "function")}


def shut_out(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Which states the declared scope of each body does not admit.

    Parameters
    ----------
    study : Study
        The study, for its table ``scopes``; a body without a declared scope admits every state.
    table : pandas.DataFrame
        States (iso3) × bodies, as `membership_table` gives it.

    Returns
    -------
    pandas.DataFrame
        Of bool, the same shape: True where the state could not belong, whatever it did. An absence there is what the
        body's name or charter says, and no finding.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> study = load_study()
    >>> closed = shut_out(study, membership_table(study, "2014-09-08"))
    >>> closed.sum()[["oas", "lan", "focal-points"]].tolist()
    [0, 16, 0]
    """
    scopes = scopes_of(study, frame(table, "table", "see membership_table", once=True).columns)
    states = pd.Index(names_of(table.index, states_of(study), "state"), dtype="str").str.lower()
    closed = {
        body: [False] * len(table) if scope.admits is None else ~states.isin(scope.admits)
        for body, scope in scopes.items()
    }
    return of_layers(study, pd.DataFrame(closed, index=table.index, dtype=bool).rename_axis(columns=table.columns.name))


def _known(study: Study, roots: Mapping[str, str]) -> list[str]:
    return [*shown_bodies(study), *sorted(set(roots.values()) - set(shown_bodies(study)))]


def _of_basis(study: Study, basis: Mapping[str, Collection[str]], roots: Mapping[str, str]) -> pd.DataFrame:
    every, rows = study.axis("memberships", "basis"), study.memberships
    kept = pd.Series(True, rows.index)
    for body, given in basis.items():
        kept &= rows["body_id"].map(roots).ne(body) | rows["basis"].isin(names_of(given, every, "basis"))
    return rows[kept]
