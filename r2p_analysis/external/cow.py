"""Correlates of War, Intergovernmental Organizations v3: membership of states by year, in both its forms.

The state-year form has a state and year a row and bodies as columns, the IGO-year form a body and year a row
and states as columns. Every status is kept: ``missing`` is not ``none``, and where a state or a body does
not exist there is nothing to be a member of. A year is the finest date: a state with a status in a year had
it in some part of that year, not on each of its days. So a reading for certain is sure of the days between the
first year of a spell and its last, and of no day in either. Consecutive years of one status make a spell. A year
that is missing beside a spell leaves open when it began or ended (``[1951..1953]``), and a spell that lasts to the
last year of the file is right-censored: ``[2014..]`` says that it ended then, later or not at all. The reference is
dated with the last year of the file, not with its publication, since no row can speak of a later day.

Known errors (Honduras outside the OAS 2010 to 2014, Cuba in it 2009 to 2014, ...) are loaded as they are.

References
----------
Pevehouse, Nordstrom, McManus and Jamison (2020), Tracking organizations in the world: The Correlates of War
IGO Version 3.0 datasets. Journal of Peace Research 57(3), 492-503. https://doi.org/10.1177/0022343319881175
"""

from __future__ import annotations

import operator
import os
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from r2p_analysis.external import layout
from r2p_analysis.external.tables import (
    HEADER,
    Tables,
    broken,
    empty,
    reference,
    refuse,
    stamped,
    state_codes,
    state_list,
    table,
    unknown,
)
from r2p_analysis.external.years import cells, spells
from r2p_analysis.schema import DataError, Fault, one_of, suggest

STATUSES = ("none", "full", "associate", "observer", "missing", "not_in_system", "not_in_existence")
"""Statuses of a state in a body and year: outside, three ways inside, not known, no state, no body."""

N_ROWS = {"cow_state_year": 15_557, "cow_igo_year": 19_335}
"""Rows of version 3.0, which has 534 bodies and 217 states."""

REFERENCE = {
    "ref_id": "COWIGO3",
    "title": "Intergovernmental Organizations, version 3.0 (Pevehouse, Nordstrom, McManus and Jamison 2020)",
    "publisher": "Correlates of War Project",
    "url": "https://doi.org/10.1177/0022343319881175",
    "licence": "free to use with citation",
    "kind": "data set",
}

_ROLES = {"full": "member", "associate": "associate", "observer": "observer"}
_CODES = {0: "none", 1: "full", 2: "associate", 3: "observer", -9: "missing"}
_ATTRIBUTES = (
    *("ioname", "orgname", "year", "sdate", "deaddate", "dead", "integrated", "replaced", "longorgname", "ionum"),
    *("igocode", "version", "accuracyofpre1965membershipdates", "sourcesandnotes", "imputed"),
    *("political", "social", "economic"),
)
_ACROSS = {"cow_state_year": 534, "cow_igo_year": 217}  # by which version 3.0 is known
_OUTSIDE = ("not_in_system", "not_in_existence")


def load_state_year(
    path: str | os.PathLike, years: Collection[int] | int | None = None, *, n_rows: layout.NRows = None
) -> Tables:
    """Read the state-year form.

    Parameters
    ----------
    path : str or path-like
        The publisher's file. Version 3.0 has 15,557 rows and 534 bodies, 1816 to 2014.
    years : collection of int or int, optional
        Years to keep, as in ``range(1990, 2015)``. Spells are made from all years, then those that touch one of
        these are kept: of other years the tables hold a part only, as the title of the reference says.
    n_rows : int or "any", optional
        Number of rows that the file must have. None asks a file with the columns of version 3.0 for all its rows;
        "any" takes the part that you cut.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``references``, ``actors`` (states and bodies), ``memberships`` (spells), and ``state_years``: actor_id,
        body_id, year, status of `STATUSES`, every cell of the file a row. Here ``-1`` is
        ``not_in_existence``: a state has rows only for its years in the state system. A body's id is the
        name of its column; one that is a state's id as well gets the prefix ``igo-``. ``.attrs`` of each
        table has file, layout, n_rows, n_bodies, n_states, and ``years`` where these were chosen.

    Raises
    ------
    DataError
        If the layout or the number of rows is another.
    ValueError
        If the file has no row of a year that is asked for.
    FaultReport
        If a code, year or name is unknown.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "state_year.csv"
    ...     years = ["ccode,year,state,oas,sica", "41,2012,haiti,1,-9", "41,2013,haiti,1,0", "41,2014,haiti,1,3"]
    ...     _ = file.write_text(chr(10).join(years))
    ...     tables = load_state_year(file)
    >>> tables["memberships"][["actor_id", "body_id", "role", "start_edtf", "end_edtf"]]
      actor_id body_id      role start_edtf  end_edtf
    0      hti     oas    member       2012  [2014..]
    1      hti    sica  observer       2014  [2014..]
    """
    frame = layout.read(path, "cow_state_year", n_rows=n_rows, text=False)
    bodies = [column for column in frame.columns if column not in layout.LAYOUTS["cow_state_year"]]
    _check_rows(frame, len(bodies), n_rows, path)
    known = state_list().dropna(subset="cow_code")
    named = dict(zip(known["cow_code"], known["cow_column"], strict=True))
    codes = frame["ccode"].astype("str")
    faults = unknown(frame.assign(ccode=codes), "ccode", named, "is no state of the COW system")
    misnamed = frame.index[codes.isin(named) & (frame["state"] != codes.map(named))]
    faults += broken(frame, misnamed, "state", "is not the name that goes with the ccode")
    faults += [_fault(frame, c, "is no name of a body") for c in bodies if not c.isalnum()]
    statuses, found = _statuses(frame, bodies, {**_CODES, -1: "not_in_existence"})
    refuse([*faults, *_bad_years(frame, "ccode"), *found], path)

    ids = _body_ids(bodies)
    names = pd.DataFrame({"actor_id": ids, "name": [body.upper() for body in bodies]})
    units = [codes.map(state_codes("cow_code")), frame["year"]]
    grid = _grid(statuses, units, ids, ["actor_id", "year", "body_id"])
    return _tables(grid, names.assign(short_name=names["name"]), years, frame.attrs)


def load_igo_year(
    path: str | os.PathLike, years: Collection[int] | int | None = None, *, n_rows: layout.NRows = None
) -> Tables:
    """Read the IGO-year form.

    Parameters
    ----------
    path : str or path-like
        The publisher's file. Version 3.0 has 19,335 rows, 534 bodies and 217 states, 1816 to 2014.
    years : collection of int or int, optional
        Years to keep, as in `load_state_year`.
    n_rows : int or "any", optional
        As in `load_state_year`.

    Returns
    -------
    dict of str to pandas.DataFrame
        As `load_state_year`, with full names of the bodies. Here a body has rows only for the years of its
        existence, and a cell that is empty or ``-1`` is ``not_in_system``.

    Raises
    ------
    DataError
        If the layout or the number of rows is another.
    ValueError
        If the file has no row of a year that is asked for.
    FaultReport
        If a code, year or name is unknown.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "igo_year.csv"
    ...     header = "ioname,orgname,year,haiti,wgermany,longorgname,ionum"
    ...     rows = ["OAS,OAS,1951,1,-1,Organization of American States,3380"]
    ...     _ = file.write_text(chr(10).join([header, *rows]))
    ...     tables = load_igo_year(file)
    >>> tables["state_years"][["actor_id", "status"]].astype(str).to_numpy().tolist()
    [['hti', 'full'], ['cow-260', 'not_in_system']]
    """
    frame = layout.read(path, "cow_igo_year", n_rows=n_rows, text=False)
    columns = [column for column in frame.columns if column not in _ATTRIBUTES]
    _check_rows(frame, len(columns), n_rows, path)
    known = state_codes("cow_column")
    faults = [_fault(frame, c, "is no state of the COW system", suggest(c, known)) for c in columns if c not in known]
    statuses, found = _statuses(frame, [c for c in columns if c in known], {**_CODES, -1: "not_in_system"}, empty=-1)
    refuse([*faults, *empty(frame, "ioname", "orgname"), *_bad_years(frame, "ioname"), *found], path)

    bodies = frame.sort_values("year").drop_duplicates("ioname", keep="last").sort_index()
    ids = dict(zip(bodies["ioname"], _body_ids(bodies["ioname"].str.lower()), strict=True))
    name = bodies["longorgname"].fillna(bodies["orgname"])
    labels = {"actor_id": ids.values(), "name": name, "short_name": ids.keys()}
    units = [frame["ioname"].map(ids), frame["year"]]
    grid = _grid(statuses, units, [known[c] for c in columns], ["body_id", "year", "actor_id"])
    return _tables(grid, pd.DataFrame(labels), years, frame.attrs)


def compare_forms(
    state_year: Mapping[str, pd.DataFrame],
    igo_year: Mapping[str, pd.DataFrame],
    year: int,
    states: Collection[str] | None = None,
    *,
    statuses: Collection[str] = ("full",),
) -> pd.DataFrame:
    """Where the two forms differ in a year.

    Parameters
    ----------
    state_year, igo_year : mapping of str to pandas.DataFrame
        Tables from `load_state_year` and `load_igo_year`.
    year : int
        The year.
    states : collection of str, optional
        Ids of states; None takes all.
    statuses : collection of str, default ("full",)
        Of `STATUSES`, those that count: a difference has one of them in at least one form. In 2014 the forms
        differ about full members among the 35 states of the Americas in five bodies, in ``cto`` about associates.

    Returns
    -------
    pandas.DataFrame
        body_id, actor_id, and the status in each form, ``state_year`` and ``igo_year``; ``no row`` where a form
        has none. That there is no state, no body or no row is one and the same.

    Examples
    --------
    >>> years = pd.DataFrame({"actor_id": ["hti", "hti"], "body_id": ["oas", "un"], "year": 2014})
    >>> one, other = years.assign(status=["full", "full"]), years.assign(status=["full", "missing"])
    >>> compare_forms({"state_years": one}, {"state_years": other}, 2014)
      body_id actor_id state_year igo_year
    0      un      hti       full  missing
    """
    statuses = [one_of(status, STATUSES, "status") for status in statuses]
    forms = {"state_year": state_year["state_years"], "igo_year": igo_year["state_years"]}
    for name, rows in forms.items():
        if year not in rows["year"].to_numpy():
            raise ValueError(f"no rows for {year} in {name}: it covers {rows['year'].min()} to {rows['year'].max()}")
    in_year = [rows[rows["year"] == year].astype("str") for rows in forms.values()]
    columns = [rows.set_index(["body_id", "actor_id"])["status"] for rows in in_year]
    both = pd.concat(columns, axis=1, keys=forms, sort=True).fillna("no row")
    if states is not None:
        both = both[both.index.isin(list(states), level="actor_id")]
    alike = both.replace(dict.fromkeys(_OUTSIDE, "no row"))
    differs = (alike["state_year"] != alike["igo_year"]) & both.isin(statuses).any(axis=1)
    return both[differs].sort_index().reset_index()


def _check_rows(frame: pd.DataFrame, n_across: int, n_rows: layout.NRows, path: str | os.PathLike) -> None:
    form = frame.attrs["layout"]
    if frame.empty:
        raise DataError(f"{path}: a header without rows")
    if n_across == _ACROSS[form]:
        layout.check_whole(frame, N_ROWS[form], n_rows, path)


def _fault(frame: pd.DataFrame, column: str, rule: str, hint: str = "") -> Fault:
    return Fault(frame.attrs["file"], HEADER, column, "", rule, hint)


def _body_ids(columns: Collection[str]) -> list[str]:
    taken = set(state_list()["state_id"])
    return [f"igo-{column}" if column in taken else column for column in columns]


def _statuses(
    frame: pd.DataFrame, columns: list[str], codes: Mapping[int, str], empty: int | None = None
) -> tuple[np.ndarray, list[Fault]]:
    """Cells as positions in `STATUSES`, and a fault for each column that holds something else."""
    given = frame[columns]
    texts = given.select_dtypes(exclude="number").apply(pd.to_numeric, errors="coerce")
    numbers = given.assign(**texts).to_numpy()
    if empty is not None:
        numbers = np.where(given.isna(), empty, numbers)
    statuses = np.full(numbers.shape, -1, dtype="int8")
    for code, status in codes.items():
        statuses[numbers == code] = STATUSES.index(status)
    wrong = pd.DataFrame(statuses < 0, frame.index, columns)
    hint = f"allowed: {', '.join(map(str, sorted(codes)))}"
    per_column = [broken(frame, wrong.index[wrong[c]], c, "is no status", hint) for c in wrong.columns[wrong.any()]]
    return statuses, [fault for faults in per_column for fault in faults]


def _bad_years(frame: pd.DataFrame, unit: str) -> list[Fault]:
    whole = pd.to_numeric(frame["year"], errors="coerce") % 1 == 0
    twice = frame.index[frame.duplicated([unit, "year"])]
    return broken(frame, frame.index[~whole], "year", "is no year") + broken(frame, twice, unit, "has a year twice")


def _grid(statuses: np.ndarray, units: list[pd.Series], columns: list[str], names: list[str]) -> pd.DataFrame:
    """Statuses by unit and year (rows, sorted) and the other mode (columns)."""
    rows = pd.MultiIndex.from_arrays(units, names=names[:2])
    return pd.DataFrame(statuses, rows, pd.Index(columns, name=names[2])).sort_index()


def _tables(
    grid: pd.DataFrame, bodies: pd.DataFrame, years: Collection[int] | int | None, attrs: Mapping[str, object]
) -> Tables:
    covered = grid.index.get_level_values("year")
    kept = sorted(set(covered)) if years is None else _whole_years(years)
    if strange := sorted(set(kept) - set(covered)):
        raise ValueError(f"no rows for {strange}: the file covers {covered.min()} to {covered.max()}")
    cite = {**REFERENCE, "published_edtf": str(covered.max())}
    if years is not None:
        cite["title"] += f"; only spells that touch {kept[0]}" + f" to {kept[-1]}" * (len(kept) > 1)
        attrs = {**attrs, "years": tuple(kept)}
    asked = grid[covered.isin(kept)]
    there = asked.columns[(asked != STATUSES.index("not_in_system")).any()] if asked.columns.name == "actor_id" else []
    named = state_list()[state_list()["state_id"].isin({*asked.index.get_level_values(0), *there})]
    people = named.assign(kind="state").rename(columns={"state_id": "actor_id"})
    tables = {
        "references": reference(cite),
        "actors": table("actors", pd.concat([people, bodies.assign(kind="igo")]), REFERENCE["ref_id"]),
        "memberships": _memberships(grid, kept),
        "state_years": cells(asked, STATUSES),
    }
    return stamped(tables, {**attrs, "n_bodies": len(bodies), "n_states": len(named)})


def _whole_years(years: Collection[int] | int) -> list[int]:
    try:
        asked = [years] if np.ndim(years) == 0 and hasattr(years, "__index__") else years
        found = sorted({operator.index(year) for year in asked})
    except TypeError as error:
        raise ValueError(f"years={years!r}: give whole numbers, as in 2014 or range(1990, 2015)") from error
    if not found:
        raise ValueError("years is empty: give a year or several, or None for all")
    return found


def _memberships(grid: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """Spells that touch one of the years."""
    roles = {STATUSES.index(status): role for status, role in _ROLES.items()}
    found = spells(grid, roles, missing=STATUSES.index("missing"))
    found = found[np.searchsorted(years, found["first"]) < np.searchsorted(years, found["last"], side="right")]
    ids = found["actor_id"] + "-" + found["body_id"] + "-" + found["role"] + "-" + found["first"].astype("str")
    same = {"status": "operating", "confidence": "medium"}
    return table("memberships", found.assign(membership_id=ids), REFERENCE["ref_id"], **same)
