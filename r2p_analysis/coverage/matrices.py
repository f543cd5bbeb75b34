"""Coverage as a long table of claims, and as matrices of states by functions and by bodies."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd

from r2p_analysis.coverage.reach import (
    HOLDS,
    Claims,
    claims,
    counts_of_unreached,
    of_states,
    shown_bodies,
    states_of,
    unreached,
)
from r2p_analysis.schema import one_of
from r2p_analysis.spells import bodies, check, memberships_at, root_bodies
from r2p_analysis.study import Study, of_layers

_ORDER = ["state", "function", "via", "function_id", "membership_id"]


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
        `states_by_functions`), function and way. ``.attrs`` has ``n_unreached``, the claims that reach no state and so
        have no row, see `unreached_claims`, and ``n_members_gone``, those of them whose listed members are all gone.

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
    found = claims(study, at, reading, roles)
    table = _named(study, found)
    table.attrs = counts_of_unreached(found)
    return of_layers(study, table)


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
    return functions_of(study, coverage_table(study, at, reading=reading, roles=roles))


def functions_of(study: Study, ways: pd.DataFrame) -> pd.DataFrame:
    """States by functions, as `states_by_functions` gives them, of a `coverage_table` that is there already.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> study = load_study()
    >>> functions_of(study, coverage_table(study)).equals(states_by_functions(study))
    True
    """
    return _grid(study, cells_of(study, ways), study.axis("functions", "function"))


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
    return _grid(study, coverage_cells(study, "bodies", at, reading=reading, roles=roles), shown_bodies(study))


def cells_of(study: Study, ways: pd.DataFrame) -> pd.DataFrame:
    """Cells of states and functions, as `coverage_cells` gives them, of a `coverage_table` that is there already.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> study = load_study()
    >>> cells_of(study, coverage_table(study)).equals(coverage_cells(study))
    True
    """
    return _cells(study, ways, "functions", "function", study.axis("functions", "function"))


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
        return cells_of(study, coverage_table(study, at, reading=reading, roles=roles))
    _, roles = check(study, at, reading=reading, roles=roles)
    every_status = study.axis("memberships", "status")
    rows = of_states(study, memberships_at(study, at, reading=reading, status=every_status), roles)
    roots = root_bodies(study, bodies(study))
    return _cells(study, rows.assign(body=rows["body_id"].map(roots)), "memberships", "body", shown_bodies(study))


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
        ``n_claims``. Sorted by body, function (order of the axis) and status. ``.attrs`` has ``n_unreached``, their
        sum, and ``n_members_gone``: those of bodies and organs whose members are listed, but none of whom belongs on
        the day (read for certain: none for certain). Such a claim does not fall to the members of the body above.

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
    _, roles = check(study, at, reading=reading, roles=roles)
    found = claims(study, at, reading, roles)
    order = {column: study.axis("functions", column) for column in ("function", "status")}
    columns = ["body_id", "via", "function", "status"]
    counted = unreached(found).groupby(columns).size().reset_index(name="n_claims")
    ordered = counted.sort_values(
        columns,
        key=lambda column: column.map(order[column.name].index) if column.name in order else column,
        ignore_index=True,
    )
    ordered.attrs = counts_of_unreached(found)
    return of_layers(study, ordered)


def _named(study: Study, found: Claims) -> pd.DataFrame:
    """Claims as text, with the rows behind each and their evidence, in the order of the axes."""
    f, m = found.codes["f"].to_numpy(), found.codes["m"].to_numpy()
    ids = {
        "function_id": found.functions["function_id"].array[f],
        "membership_id": _taken(found.members["membership_id"], m),
    }
    codes = found.codes.assign(**ids).sort_values(_ORDER)
    f, m = codes["f"].to_numpy(), codes["m"].to_numpy()
    names = {"status": study.axis("functions", "status"), "holds": HOLDS, "basis": study.axis("functions", "basis")}
    names["function"] = study.axis("functions", "function")
    texts = {name: _taken(pd.Series(values, dtype="str"), codes[name].to_numpy()) for name, values in names.items()}
    evidence = zip(found.functions["evidence"].array[f], _taken(found.members["evidence"], m), strict=True)
    columns = {
        "iso3": _taken(pd.Series(states_of(study), dtype="str"), codes["state"].to_numpy()),
        "function": texts["function"],
        "via": codes["via"].array,
        "status": texts["status"],
        "holds": texts["holds"],
        "membership_id": codes["membership_id"].array,
        "function_id": codes["function_id"].array,
        "basis": texts["basis"],
        "evidence": [a if pd.isna(b) else ";".join(dict.fromkeys(f"{a};{b}".split(";"))) for a, b in evidence],
    }
    # A column without a single value would not be text.
    return pd.DataFrame(columns).astype("str")


def _taken(values: pd.Series, places: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Values at some places; null where the place is -1."""
    return values.array.take(places, allow_fill=True)


def _cells(study: Study, rows: pd.DataFrame, table: str, column: str, columns: list[str]) -> pd.DataFrame:
    """States by `columns`: of the claims of a cell the status, and of those with it the rest, that comes first."""
    order = {"status": study.axis(table, "status"), "holds": HOLDS, "basis": study.axis(table, "basis")}
    codes = rows.assign(**{name: rows[name].map(order[name].index) for name in order})
    cell = ["iso3", column]
    if table == "memberships":  # one history: what is certain on the day outranks what is only possible
        sure = codes["holds"].eq(0)
        codes = codes[sure | ~sure.groupby([codes[c] for c in cell]).transform("any")]
    shown = codes[codes["status"] == codes.groupby(cell)["status"].transform("min")]
    every = pd.MultiIndex.from_product([states_of(study), columns], names=cell)
    best = shown.groupby(cell)[list(order)].min().reindex(every)
    texts = {name: best[name].map(dict(enumerate(codes))).astype("str") for name, codes in order.items()}
    return of_layers(study, best.assign(**texts).fillna({"status": "silent"}).reset_index())


def _grid(study: Study, cells: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    row, column = cells.columns[:2]
    index, axis = pd.Index(states_of(study), name=row, dtype="str"), pd.Index(columns, name=column, dtype="str")
    table = cells.pivot(index=row, columns=column, values="status").reindex(index=index, columns=axis)
    return of_layers(study, table)
