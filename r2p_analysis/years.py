"""Membership through time: who entered and left, and a long table of states, years and bodies.

The modelling choice: a year is asked for at its last day, as membership at the end of the year. What no
row states is ``silent``; what a row states for another time is ``possible``, with the day up to which its
evidence speaks (``as_of``): after that day nothing is known, and nothing is denied.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from numbers import Integral
from typing import Literal

import pandas as pd

from r2p_analysis import dates
from r2p_analysis.options import in_short
from r2p_analysis.schema import names_of, one_of
from r2p_analysis.spells import SELF_SUSPENDED, bodies, check, memberships_at
from r2p_analysis.study import Study, of_layers


def spells_between(
    study: Study,
    body: str,
    first: str | date,
    last: str | date,
    *,
    reading: Literal["certain", "possible"] = "possible",
    status: Collection[str] = ("operating",),
) -> pd.DataFrame:
    """Spells in a body that touch a stretch of time.

    Parameters
    ----------
    study : Study
        The study.
    body : str
        Id of the body.
    first, last : str or datetime.date
        First and last day of the stretch; of an EDTF value the earliest and the latest day.
    reading : {"certain", "possible"}, default "possible"
        ``certain`` keeps spells that hold on every day of the stretch for certain.
    status : collection of str, default ("operating",)
        Statuses that count.

    Returns
    -------
    pandas.DataFrame
        Rows of memberships with ``holds`` and ``as_of``, see `spells.memberships_at`.

    Raises
    ------
    ValueError
        If the body is unknown, a date cannot be read, or the stretch runs backwards.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> rows = spells_between(load_study(), "lan", "2012", "2014")
    >>> sorted(rows["body_id"].unique())
    ['lan']
    """
    one_of(body, bodies(study), "body")
    begin, end = dates.bounds(_text(first))[0], dates.bounds(_text(last))[1]
    if begin is None or end is None or end < begin:
        raise ValueError(f"from {first!r} to {last!r} is no stretch of time: give two dates, the earlier one first")
    rows = memberships_at(study, f"{begin}/{end}", reading=reading, status=status)
    return of_layers(study, rows[rows["body_id"] == body].reset_index(drop=True))


def membership_years(
    study: Study,
    first: int,
    last: int,
    *,
    only: Collection[str] | None = None,
    reading: Literal["certain", "possible"] = "possible",
    roles: Collection[str] | None = None,
    self_suspension: Literal["own", "suspended", "member"] = "own",
) -> pd.DataFrame:
    """Status of every state in every body at the end of every year.

    Parameters
    ----------
    study : Study
        The study.
    first, last : int
        First and last year.
    only : collection of str, optional
        Bodies; None takes all.
    reading : {"certain", "possible"}, default "possible"
        Which rows to believe.
    roles : collection of str, optional
        Roles that count, see `spells.members_at`.
    self_suspension : {"own", "suspended", "member"}, default "own"
        What a state that suspended itself counts as.

    Returns
    -------
    pandas.DataFrame
        iso3, year, body_id, status (``silent`` where no row says anything), role, holds (``yes``,
        ``possible``, null where silent), as_of (last day that the row's evidence speaks of); all
        combinations, in the order of states, years and bodies. A certain status stands before one that is
        only possible. Members that are no state of `regions` are not in it.

    Raises
    ------
    ValueError
        If a body is unknown, a code is, a year is no whole number, or the years run backwards.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> table = membership_years(load_study(), 2012, 2013, only=["lan"])
    >>> len(table), (table["status"] == "operating").sum()
    (70, np.int64(36))
    """
    one_of(self_suspension, SELF_SUSPENDED, "self_suspension")
    first, last = _years(first, last)
    known = bodies(study)
    chosen = known if only is None else names_of(only, known, "body", once=True)
    every_status = study.axis("memberships", "status")
    _, roles = check(study, f"{first:04}", reading=reading, roles=roles)
    parts = []
    for year in range(first, last + 1):
        rows = memberships_at(study, f"{year:04}-12-31", reading=reading, status=every_status)
        rows = rows[rows["body_id"].isin(chosen) & rows["role"].isin(roles)]
        parts.append(rows.assign(iso3=rows["actor_id"].str.upper(), year=year))
    rows = pd.concat(parts, ignore_index=True)
    rank = rows["status"].map(every_status.index) + len(every_status) * (rows["holds"] != "yes")
    best = rows.assign(rank=rank).sort_values(["rank", "membership_id"]).drop_duplicates(["iso3", "year", "body_id"])
    axes = [study.regions["iso3"], range(first, last + 1), chosen]
    index = pd.MultiIndex.from_product(axes, names=["iso3", "year", "body_id"])
    table = best.set_index(index.names)[["status", "role", "holds", "as_of"]].reindex(index).reset_index()
    status = table["status"].fillna("silent").replace({"self_suspended": SELF_SUSPENDED[self_suspension]})
    return of_layers(study, table.assign(status=status))


def turnover(
    study: Study,
    body: str,
    first: int,
    last: int,
    *,
    reading: Literal["certain", "possible"] = "possible",
    roles: Collection[str] | None = None,
) -> pd.DataFrame:
    """Members of a body at the end of each year, and who came and went.

    Parameters
    ----------
    study : Study
        The study.
    body : str
        Id of the body.
    first, last : int
        First and last year; entries and exits of the first year are against the year before.
    reading : {"certain", "possible"}, default "possible"
        Which rows to believe.
    roles : collection of str, optional
        Roles that count, see `spells.members_at`.

    Returns
    -------
    pandas.DataFrame
        Index year; n_members, n_suspended (of both kinds), entered and left (lists of iso3; a
        suspension is no exit), all of the states of `regions`.

    Raises
    ------
    ValueError
        As in `membership_years`.

    Examples
    --------
    >>> from r2p_analysis import load_study
    >>> turnover(load_study(), "lan", 2011, 2012)["n_members"].to_dict()
    {2011: 0, 2012: 18}
    """
    first, last = _years(first, last)
    options = {"reading": reading, "roles": roles, "self_suspension": "suspended"}
    table = membership_years(study, first - 1, last, only=[body], **options)
    inside = table[table["status"].isin(["operating", "suspended"])].groupby("year")["iso3"].agg(set)
    count = table.groupby("year")["status"].value_counts().unstack(fill_value=0)
    rows = []
    for year in range(first, last + 1):
        now, before = inside.get(year, set()), inside.get(year - 1, set())
        n = [int(count.at[year, status]) if status in count else 0 for status in ("operating", "suspended")]
        rows.append((year, *n, sorted(now - before), sorted(before - now)))
    columns = ["year", "n_members", "n_suspended", "entered", "left"]
    return of_layers(study, pd.DataFrame(rows, columns=columns).set_index("year"))


def _years(first: int, last: int) -> tuple[int, int]:
    for year in (first, last):
        if isinstance(year, bool) or not isinstance(year, Integral) or not 1 <= year <= 9999:
            raise ValueError(f"{in_short(year)} is no year: give a whole number, as in 2014")
    if last < first:
        raise ValueError(f"the years run backwards: {first} to {last}")
    return int(first), int(last)


def _text(day: str | date) -> str:
    return day.isoformat()[:10] if isinstance(day, date) else str(day)
