"""Memberships that are surprising by their absence: cells that are empty though the sizes would fill them.

A state with many memberships and a body with many members meet in a cell that is 1 in most matrices with these margins.
If it is 0, that says more than another gap. A state that the scope of a body shuts out is no surprise: it is marked,
and left out of the second test, in which such cells are structural zeros.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from r2p_analysis import nulls
from r2p_analysis.coverage.reach import NOT_PROTECTION
from r2p_analysis.coverage.significance import check_test, closed_cells
from r2p_analysis.nulls.matrix import dense


def surprising_absences(
    table: pd.DataFrame,
    *,
    closed: pd.DataFrame | None = None,
    null: Literal["bicm", "fixed_margins"] = "bicm",
    correction: Literal["bh", "holm"] | None = "bh",
    level: float = 0.05,
    samples: int = 9999,
    rng: np.random.Generator | None = None,
) -> pd.DataFrame:
    """Test each membership that is not there.

    Parameters
    ----------
    table : pandas.DataFrame
        0/1 or bool, states × bodies, see `membership_table`.
    closed : pandas.DataFrame of bool, optional
        Cells that no scope admits, see `shut_out`.
    null : {"bicm", "fixed_margins"}, default "bicm"
        Both margins kept on average, exactly computed, or kept exactly, by sampling.
    correction : {"bh", "holm"} or None, default "bh"
        How p is adjusted. The tests are all cells of the table: one that is 1 is a test with p = 1, since which cells
        are empty is what is asked. Within scopes, closed cells are no tests.
    level : float, default 0.05
        Level in (0, 1) of the sentence on power.
    samples, rng : optional
        Only for ``fixed_margins``: number of matrices, random numbers (needed).

    Returns
    -------
    pandas.DataFrame
        A row an empty cell, the most surprising first, cells of closed scopes last: ``iso3``, ``body``; ``n_of_state``
        and ``n_of_body``, the margins; ``expected``, the chance that the cell is 1; ``p``, that it is 0 (the smallest p
        that the cell can have); ``p_error``, its Monte Carlo standard error (0 where exact); ``p_adjusted``;
        and with `closed` only, since without it nothing is known of scopes, ``definitional``, whether the scope shuts
        the state out, and ``expected_within_scope``, ``p_within_scope`` and ``p_adjusted_within_scope``, null where
        definitional. ``.attrs`` has ``power``, a
        sentence, what `table` was asked for, and ``note``: coverage is not protection.

    Raises
    ------
    ValueError
        As in `gap_tests`.

    Examples
    --------
    Everyone who has few is in z, but A, who has most, is not.

    >>> table = pd.DataFrame(np.triu(np.ones((6, 6), dtype=int)), index=list("ABCDEF"), columns=list("uvwxyz"))
    >>> table.loc["A", "z"] = 0
    >>> found = surprising_absences(table)
    >>> found.loc[0, ["iso3", "body"]].tolist(), round(float(found.loc[0, "p"]), 3)
    (['A', 'z'], 0.006)
    """
    check_test(table, null, "lower", correction, level, samples, rng)
    cells = dense(table)
    shut = closed_cells(table, cells, closed)
    p, error = _of_zero(cells, None, null, samples, rng)
    every = pd.DataFrame(
        {
            "iso3": np.repeat(table.index.to_numpy(), cells.shape[1]),
            "body": np.tile(table.columns.to_numpy(), cells.shape[0]),
            "n_of_state": np.repeat(cells.sum(axis=1), cells.shape[1]),
            "n_of_body": np.tile(cells.sum(axis=0), cells.shape[0]),
            **_measures(p, cells, correction),
            "definitional": shut.ravel(),
        }
    )
    every.insert(6, "p_error", error.ravel())
    if closed is not None:
        given = np.where(shut, np.nan, _of_zero(cells, shut, null, samples, rng)[0])
        measures = _measures(given, cells, correction)
        every = every.assign(**{f"{name}_within_scope": values for name, values in measures.items()})
    absent = every[~cells.ravel()].sort_values(["definitional", "p"], kind="stable", ignore_index=True)
    absent = absent if closed is not None else absent.drop(columns="definitional")
    absent.attrs = dict(table.attrs) | {"null": null, "level": level, "correction": correction}
    absent.attrs |= {
        "power": _power(p, p > (1 / (samples + 1) if null == "fixed_margins" else 0), cells, level),
        "note": NOT_PROTECTION,
    }
    return absent


def _of_zero(
    cells: np.ndarray, shut: np.ndarray | None, null: str, samples: int, rng: np.random.Generator | None
) -> tuple[np.ndarray, np.ndarray]:
    """Chance that each cell is 0, and its Monte Carlo error."""
    if null == "bicm":
        p = 1 - nulls.bicm(cells, structural=shut)
        return p, np.zeros_like(p)
    empty = sum((~drawn).astype(int) for drawn in nulls.samples(cells, samples, rng, structural=shut))
    p = (empty + 1) / (samples + 1)
    return p, np.sqrt(p * (1 - p) / (samples + 1))


def _measures(p: np.ndarray, cells: np.ndarray, correction: str | None) -> dict[str, np.ndarray]:
    """Columns of the cells; one that is 1 is a test with p = 1, one without a p is none."""
    tests = np.where(cells & ~np.isnan(p), 1.0, p).ravel()
    adjusted = nulls.adjust(tests, correction) if correction and tests.size else tests
    return {"expected": 1 - p.ravel(), "p": p.ravel(), "p_adjusted": adjusted}


def _power(p: np.ndarray, met: np.ndarray, cells: np.ndarray, level: float) -> str:
    """What the test could have shown; a cell that the margins never leave empty could not be a surprise."""
    could = met | ~cells
    if not could.any():
        return "There is no cell that could be empty."
    reach, least = int((could & (p <= level)).sum()), p[could].min()
    return f"{reach} of {p.size} cells could be a surprise at p = {level:g}; the smallest attainable p is {least:.3g}."
