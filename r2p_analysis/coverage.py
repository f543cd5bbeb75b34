"""What states are covered by, in five statuses: operating, planned, potential, denied and silent.

A function reaches a state in three ways: a body performs it and the state belongs to that body; a national
body performs it, that is an actor whose root parent is the state; or the state itself does. A claim through
a body is as weak as the weaker of its two links. An organ's functions reach the organ's own members where the
study names any, else those of the body that it is a part of; either way the body is what covers, once.

``silent`` means that no row reaches this state. The documents may still speak: a claim on a body whose
members they do not list reaches nobody, and is in no matrix; `unreached_claims` counts these. Only ``denied``
is evidence of absence, and it is a denial for what the row is about, not for every other body. Coverage is not
protection.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd

from r2p_analysis.schema import one_of
from r2p_analysis.spells import BODIES, bodies, check, lineages, memberships_at, root_bodies, rows_at
from r2p_analysis.study import Study, of_layers

# A function reaches through these links only: who was suspended, has left or never joined is not reached.
_REACHING = ("operating", "planned", "potential")
_HOLDS = ["yes", "possible", "undated"]
_COLUMNS = ["iso3", "function", "via", "status", "holds", "membership_id", "function_id", "basis", "evidence"]


def coverage_table(
    study: Study,
    at: str | date | None = None,
    *,
    reading: str = "possible",
    roles: Collection[str] | None = None,
) -> pd.DataFrame:
    """Every claim that a function reaches a state, one a row.

    Parameters
    ----------
    study : Study
        The study.
    at : str or datetime.date, optional
        Day on which the membership and the function hold, see `spells.memberships_at`; of a function
        it is known on which day it was so, not since when. None takes both whatever their dates.
    reading : {"certain", "possible"}, default "possible"
        Which rows to believe; ``certain`` needs a date, and both the membership and the function.
    roles : collection of str, optional
        Roles in a body that count. None takes all but associate, observer and participant, who are no members.

    Returns
    -------
    pandas.DataFrame
        Columns ``iso3``; ``function``, of the axis only; ``via``, the body, the national body or the state
        itself; ``status``, the weaker of membership and function; ``holds``, yes where both are certain;
        ``membership_id``, empty where no membership is needed; ``function_id``, which leads to the organ;
        ``basis``, the one that is further from the text; ``evidence`` of both. Sorted by state (order of
        `states_by_functions`), function and way.

    Raises
    ------
    ValueError
        If a code or date cannot be read, or if certainty is asked for without a date.

    See Also
    --------
    states_by_functions : The same as a matrix.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> table = coverage_table(load_study(), "2014-09-08")
    >>> sorted(set(table["status"]) - {"operating", "planned", "potential", "denied"})
    []
    """
    _, roles = check(study, at, reading=reading, roles=roles)
    members = _of_states(study, memberships_at(study, at, reading=reading, status=_REACHING), roles)
    functions = _on_the_axis(study, at, reading, roles)
    order = {"iso3": _states(study), "function": study.axis("functions", "function")}
    table = pd.concat([_through_bodies(study, functions, members), _at_home(functions)])
    # A column without a single value would not be text.
    ordered = table.astype("str").sort_values(
        ["iso3", "function", "via", "function_id", "membership_id"],
        key=lambda column: column.map(order[column.name].index) if column.name in order else column,
        ignore_index=True,
    )
    return of_layers(study, ordered)


def states_by_functions(
    study: Study,
    at: str | date | None = None,
    *,
    reading: str = "possible",
    roles: Collection[str] | None = None,
) -> pd.DataFrame:
    """Which functions reach which states: the strongest claim of each.

    Parameters
    ----------
    study : Study
        The study.
    at, reading, roles
        As in `coverage_table`.

    Returns
    -------
    pandas.DataFrame
        All states of `regions` (by sub-region, those without one last, then iso3) and all functions of the axis;
        operating, planned, potential, denied, or silent where no row reaches the state (read for
        certain: none that is certain).

    Raises
    ------
    ValueError
        As in `coverage_table`.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> states_by_functions(load_study(), "2014-09-08").shape
    (35, 8)
    """
    cells = coverage_cells(study, "functions", at, reading=reading, roles=roles)
    return _grid(study, cells, study.axis("functions", "function"))


def states_by_bodies(
    study: Study,
    at: str | date | None = None,
    *,
    reading: str = "possible",
    roles: Collection[str] | None = None,
) -> pd.DataFrame:
    """Which states belong to which bodies: the strongest claim of each.

    Parameters
    ----------
    study : Study
        The study.
    at, reading, roles
        As in `coverage_table`. Without a date, spells of all times are taken together.

    Returns
    -------
    pandas.DataFrame
        All states of `regions` (by sub-region, those without one last, then iso3) and the fixed bodies that the
        study knows, or all its bodies if it knows none of those; organs are rolled up. Cells are a status of
        memberships, the first in the order of the codes, or silent.

    Raises
    ------
    ValueError
        As in `coverage_table`.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> table = states_by_bodies(load_study(), "2014-09-08")
    >>> (table["lan"] == "operating").sum()
    np.int64(18)
    """
    return _grid(study, coverage_cells(study, "bodies", at, reading=reading, roles=roles), _shown(study))


def coverage_cells(
    study: Study,
    of: str = "functions",
    at: str | date | None = None,
    *,
    reading: str = "possible",
    roles: Collection[str] | None = None,
) -> pd.DataFrame:
    """Cells of a matrix of states, one a row, and how firmly each stands.

    Parameters
    ----------
    study : Study
        The study.
    of : {"functions", "bodies"}, default "functions"
        Cells of `states_by_functions` or of `states_by_bodies`.
    at, reading, roles
        As in `coverage_table`.

    Returns
    -------
    pandas.DataFrame
        Columns ``iso3``; ``function`` or ``body``; ``status``, as in the matrix; ``holds``, the best of the
        claims with this status: yes if one is certain on the day; ``basis``, likewise: inferred if none of
        them is explicit. Both are empty where the cell is silent. In the order of the matrix, row by row.

    Raises
    ------
    ValueError
        As in `coverage_table`, or if there is no such matrix.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> cells = coverage_cells(load_study(), "functions", "2014-09-08")
    >>> len(cells), cells.loc[cells["status"] == "silent", "holds"].notna().sum()
    (280, np.int64(0))
    """
    one_of(of, ("functions", "bodies"), "matrix")
    if of == "functions":
        rows = coverage_table(study, at, reading=reading, roles=roles)
        return _cells(study, rows, "functions", "function", study.axis("functions", "function"))
    every_status = study.axis("memberships", "status")
    _, roles = check(study, at, reading=reading, roles=roles)
    rows = _of_states(study, memberships_at(study, at, reading=reading, status=every_status), roles)
    roots = root_bodies(study, bodies(study))
    return _cells(study, rows.assign(body=rows["body_id"].map(roots)), "memberships", "body", _shown(study))


def unreached_claims(
    study: Study,
    at: str | date | None = None,
    *,
    reading: str = "possible",
    roles: Collection[str] | None = None,
) -> pd.DataFrame:
    """Claims on functions of the axis that reach no state, and so are in no matrix.

    The documents speak here: of a body whose members they do not list, or of one that has no states as members.

    Parameters
    ----------
    study : Study
        The study.
    at, reading, roles
        As in `coverage_table`; a claim is unreached if it holds under the reading and is not in that table.

    Returns
    -------
    pandas.DataFrame
        Columns ``body_id``; ``via``, the body that it is a part of, or itself; ``function``; ``status``;
        ``n_claims``. Sorted by body, function (order of the axis) and status.

    Raises
    ------
    ValueError
        As in `coverage_table`.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> rows = unreached_claims(load_study(), "2014-09-08")
    >>> rows.loc[rows["function"] == "adjudication", ["body_id", "via", "status", "n_claims"]].values.tolist()
    [['iachr', 'oas', 'operating', 1], ['iacthr', 'oas', 'operating', 1]]
    """
    reached = coverage_table(study, at, reading=reading, roles=roles)["function_id"]
    _, roles = check(study, at, reading=reading, roles=roles)
    claims = _on_the_axis(study, at, reading, roles)
    order = {column: study.axis("functions", column) for column in ("function", "status")}
    columns = ["body_id", "via", "function", "status"]
    counted = claims[~claims["function_id"].isin(reached)].groupby(columns).size().reset_index(name="n_claims")
    ordered = counted.sort_values(
        columns,
        key=lambda column: column.map(order[column.name].index) if column.name in order else column,
        ignore_index=True,
    )
    return of_layers(study, ordered)


def _states(study: Study) -> list[str]:
    """Codes of the states by sub-region; those without one come last."""
    rank = {subregion: i for i, subregion in enumerate(study.axis("regions", "subregion"))}
    pairs = zip(study.regions["subregion"], study.regions["iso3"], strict=True)
    return [iso3 for _, iso3 in sorted((rank.get(subregion, len(rank)), iso3) for subregion, iso3 in pairs)]


def _shown(study: Study) -> list[str]:
    """Bodies of the matrix: the fixed ones that the study knows, else the roots of its own."""
    known = bodies(study)
    return [body for body in BODIES if body in known] or sorted(set(root_bodies(study, known).values()))


def _of_states(study: Study, memberships: pd.DataFrame, roles: Collection[str]) -> pd.DataFrame:
    rows = memberships.assign(iso3=memberships["actor_id"].str.upper())
    return rows[rows["iso3"].isin(study.regions["iso3"]) & rows["role"].isin(roles)]


def _on_the_axis(study: Study, at: str | date | None, reading: str, roles: Collection[str]) -> pd.DataFrame:
    """Claims on functions of the axis that hold, with whom they reach."""
    functions = study.functions[study.functions["function"].isin(study.axis("functions", "function"))]
    return _placed(study, rows_at(study, functions, at, reading=reading), roles)


def _placed(study: Study, functions: pd.DataFrame, roles: Collection[str]) -> pd.DataFrame:
    """Add ``via``, what covers; ``home``, the state that it is a part of; ``reach``, whose members it covers."""
    performing = sorted(functions["body_id"].unique())
    lines, roots = lineages(study, performing), root_bodies(study, performing)
    links = study.memberships[study.memberships["status"].isin(_REACHING)]
    joined, states = set(_of_states(study, links, roles)["body_id"]), set(study.regions["iso3"])
    home = {body: line[-1].upper() for body, line in lines.items() if line[-1].upper() in states}
    reach = {body: next((b for b in line if b in joined), line[-1]) for body, line in lines.items()}
    found = {name: functions["body_id"].map(by) for name, by in (("via", roots), ("home", home), ("reach", reach))}
    return functions.assign(**found)


def _through_bodies(study: Study, functions: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    claims = functions.merge(members, left_on="reach", right_on="body_id", suffixes=("", "_of_member"))
    weaker = {
        "status": study.axis("functions", "status"),
        "holds": _HOLDS,
        "basis": study.axis("functions", "basis"),
    }
    evidence = zip(claims["evidence"], claims["evidence_of_member"], strict=True)
    return claims.assign(
        **{column: _later(claims, column, order) for column, order in weaker.items()},
        evidence=[";".join(dict.fromkeys(f"{a};{b}".split(";"))) for a, b in evidence],
    ).reindex(columns=_COLUMNS)


def _at_home(functions: pd.DataFrame) -> pd.DataFrame:
    return functions.dropna(subset="home").rename(columns={"home": "iso3"}).reindex(columns=_COLUMNS)


def _later(claims: pd.DataFrame, column: str, order: list[str]) -> np.ndarray:
    of_function, of_member = claims[column], claims[f"{column}_of_member"]
    return np.where(of_function.map(order.index) >= of_member.map(order.index), of_function, of_member)


def _cells(study: Study, rows: pd.DataFrame, table: str, column: str, columns: list[str]) -> pd.DataFrame:
    """States by `columns`: of the claims of a cell the status, and of those with it the rest, that comes first."""
    order = {"status": study.axis(table, "status"), "holds": _HOLDS, "basis": study.axis(table, "basis")}
    codes = rows.assign(**{name: rows[name].map(order[name].index) for name in order})
    cell = ["iso3", column]
    if table == "memberships":  # one history: what is certain on the day outranks what is only possible
        sure = codes["holds"].eq(0)
        codes = codes[sure | ~sure.groupby([codes[c] for c in cell]).transform("any")]
    shown = codes[codes["status"] == codes.groupby(cell)["status"].transform("min")]
    every = pd.MultiIndex.from_product([_states(study), columns], names=cell)
    best = shown.groupby(cell)[list(order)].min().reindex(every)
    texts = {name: best[name].map(dict(enumerate(codes))).astype("str") for name, codes in order.items()}
    return of_layers(study, best.assign(**texts).fillna({"status": "silent"}).reset_index())


def _grid(study: Study, cells: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    row, column = cells.columns[:2]
    index, axis = pd.Index(_states(study), name=row, dtype="str"), pd.Index(columns, name=column, dtype="str")
    table = cells.pivot(index=row, columns=column, values="status").reindex(index=index, columns=axis)
    return of_layers(study, table)
