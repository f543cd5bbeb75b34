"""Spells out of a grid of years: one status for each unit, year and member of the other mode.

Consecutive years of one status make a run; a year without a row ends it. A run's first and last year are all
that is known of its ends, and less where a neighbouring run is missing: then it began, or ended, somewhere
in there. A run that reaches the last year of the grid is right-censored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd


def cells(grid: pd.DataFrame, statuses: Sequence[str]) -> pd.DataFrame:
    """The grid as a long table of categories, every cell a row.

    Parameters
    ----------
    grid : pandas.DataFrame
        Positions in `statuses`; the index is a unit and ``year``, sorted, the columns are the other mode. Both
        modes are named.
    statuses : sequence of str
        All statuses.

    Returns
    -------
    pandas.DataFrame
        A column for each mode, by name, then year and status.

    Examples
    --------
    >>> rows = pd.MultiIndex.from_tuples([("hti", 2013), ("hti", 2014)], names=["actor_id", "year"])
    >>> grid = pd.DataFrame([[0], [1]], rows, pd.Index(["oas"], name="body_id"))
    >>> cells(grid, ["none", "full"]).to_numpy().tolist()
    [['hti', 'oas', 2013, 'none'], ['hti', 'oas', 2014, 'full']]
    """
    unit, other = grid.index.names[0], grid.columns.name
    rows, across = pd.Categorical(grid.index.get_level_values(0)), pd.Categorical(grid.columns)
    modes = {
        unit: pd.Categorical.from_codes(rows.codes.repeat(len(across)), dtype=rows.dtype),
        other: pd.Categorical.from_codes(np.tile(across.codes, len(rows)), dtype=across.dtype),
    }
    year = grid.index.get_level_values("year").to_numpy("int16").repeat(len(across))
    status = pd.Categorical.from_codes(grid.to_numpy().ravel(), list(statuses))
    return pd.DataFrame({**dict(sorted(modes.items())), "year": year, "status": status})


def spells(grid: pd.DataFrame, roles: Mapping[int, str], missing: int) -> pd.DataFrame:
    """Spells of the statuses that are roles.

    Parameters
    ----------
    grid : pandas.DataFrame
        As in `cells`.
    roles : mapping of int to str
        Role of each status that makes a spell.
    missing : int
        The status of which nothing is known.

    Returns
    -------
    pandas.DataFrame
        A column for each mode, ``role``, ``first`` and ``last`` year, and as EDTF ``start_edtf`` and ``end_edtf``:
        a year, one of several where missing years adjoin (``[1951..1953]``), and ``[2014..]``, in 2014 or later or
        not at all, where the spell, or what is missing after it, reaches the last year of the grid.

    Examples
    --------
    >>> rows = pd.MultiIndex.from_product([["hti"], range(2010, 2015)], names=["actor_id", "year"])
    >>> grid = pd.DataFrame({"oas": [0, 1, 1, 2, 0], "un": 1}, rows).rename_axis(columns="body_id")
    >>> spells(grid, {1: "member"}, missing=2)[["body_id", "start_edtf", "end_edtf"]]
      body_id start_edtf      end_edtf
    0     oas       2011  [2012..2013]
    1      un       2010      [2014..]
    """
    runs = _runs(grid)
    # Within a pair runs are in order; a neighbour that does not touch is one over years without a row.
    neighbours = runs.groupby([grid.index.names[0], grid.columns.name], sort=False)[["status", "first", "last"]]
    before, after = neighbours.shift(1), neighbours.shift(-1)
    unclear_start = (before["status"] == missing) & (before["last"] + 1 == runs["first"])
    unclear_end = (after["status"] == missing) & (after["first"] - 1 == runs["last"])
    ends = {
        "earliest": before["first"].where(unclear_start, runs["first"]).astype("int64"),
        "latest": after["last"].where(unclear_end, runs["last"]).astype("int64"),
    }
    found = runs.assign(role=runs["status"].map(roles), **ends).dropna(subset="role").reset_index(drop=True)
    dated = found.assign(
        start_edtf=_between(found["earliest"], found["first"], np.inf),
        end_edtf=_between(found["last"], found["latest"], runs["last"].max()),
    )
    return dated.drop(columns=["status", *ends])


def _between(first: pd.Series, last: pd.Series, end: float) -> list[str]:
    """EDTF of one year, of one of several, or of one that may lie past the end."""
    years = zip(first, last, strict=True)
    return [f"[{a}..]" if b >= end else str(a) if a == b else f"[{a}..{b}]" for a, b in years]


def _runs(grid: pd.DataFrame) -> pd.DataFrame:
    """Runs of one status in consecutive years, for each pair of the modes, in the order of time."""
    values, units = grid.to_numpy(), grid.index.get_level_values(0).to_numpy()
    years = grid.index.get_level_values("year").to_numpy()
    begins = np.ones(values.shape, dtype=bool)
    follows = (units[1:] == units[:-1]) & (years[1:] == years[:-1] + 1)
    begins[1:] = (values[1:] != values[:-1]) | ~follows[:, None]
    column, row = np.nonzero(begins.T)
    last = np.append(row[1:], 0) - 1
    last[np.append(column[1:] != column[:-1], True)] = len(values) - 1
    modes = {grid.index.names[0]: units[row], grid.columns.name: grid.columns.to_numpy()[column]}
    return pd.DataFrame({**modes, "status": values[row, column], "first": years[row], "last": years[last]})
