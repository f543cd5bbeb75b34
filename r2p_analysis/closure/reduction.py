"""Make a covering problem smaller without losing every cheapest cover, and take it apart.

A row is left out where another one that is covered often enough covers it, too; a choice, where as many others as could
be needed cover all that it does and cost no more [1]_; and what a row cannot do without is taken. A cover of the
least price remains, though not all of them.

References
----------
.. [1] Caprara, Toth and Fischetti (2000), Annals of Operations Research 98, 353-371. https://doi.org/10.1023/A:1019225027893
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

# Rows or choices up to which it pays to look for what others make needless: their pairs are compared.
_COMPARED = 4000


class Reduced(NamedTuple):
    """What is taken, as a mask; places of the rows and choices that are left, and what each of these rows needs."""

    taken: np.ndarray
    rows: np.ndarray
    choices: np.ndarray
    need: np.ndarray


def reduced(matrix: np.ndarray, price: np.ndarray, need: np.ndarray, free: np.ndarray) -> Reduced | None:
    """Rows and choices that a cheapest cover still has to be searched among.

    Parameters
    ----------
    matrix : numpy.ndarray of bool
        Rows × choices.
    price, free : numpy.ndarray
        Of each choice: its price, whether it may be taken.
    need : numpy.ndarray
        By how many choices each row has to be covered.

    Returns
    -------
    Reduced or None
        None where some row cannot be covered.
    """
    taken, rows, choices = np.zeros(len(price), bool), np.arange(len(matrix)), np.flatnonzero(free)
    need = need.astype(float)
    while True:
        size = len(rows), len(choices)
        spare = matrix[np.ix_(rows, choices)].sum(axis=1) - need[rows]
        if (spare < 0).any():
            return None
        forced = choices[matrix[np.ix_(rows[spare == 0], choices)].any(axis=0)]
        taken[forced] = True
        need -= matrix[:, forced].sum(axis=1)
        rows, choices = rows[need[rows] > 0], np.setdiff1d(choices, forced, assume_unique=True)
        rows = rows[_not_implied(matrix[np.ix_(rows, choices)], need[rows])]
        choices = choices[_not_dominated(matrix[np.ix_(rows, choices)], price[choices], need[rows])]
        if (len(rows), len(choices)) == size:
            return Reduced(taken, rows, choices, need[rows])


def without_implied(matrix: np.ndarray) -> np.ndarray:
    """Rows without those that are covered as often as another one is, or oftener: no cover is lost."""
    return matrix[_not_implied(matrix, np.ones(len(matrix)))]


def components(matrix: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows and choices of each connected part; choices that cover nothing are in none."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    row, choice = np.nonzero(matrix)
    size = sum(matrix.shape)
    ties = coo_array((np.ones(len(row)), (row, len(matrix) + choice)), shape=(size, size))
    of_row = connected_components(ties, directed=False)[1][: len(matrix)]
    for label in np.unique(of_row):
        rows = np.flatnonzero(of_row == label)
        yield rows, np.flatnonzero(matrix[rows].any(axis=0))


def _not_implied(matrix: np.ndarray, need: np.ndarray) -> np.ndarray:
    """Which rows no other implies; of equal ones the first."""
    if len(matrix) > _COMPARED:
        kept = np.zeros(len(matrix), bool)
        kept[np.unique(np.column_stack([np.packbits(matrix, axis=1), need]), axis=0, return_index=True)[1]] = True
        return kept
    implied = _within(matrix).T & (need[:, None] <= need)
    return ~_yielding(implied).any(axis=1)


def _not_dominated(matrix: np.ndarray, price: np.ndarray, need: np.ndarray) -> np.ndarray:
    """Which choices are covered in all that they do by fewer others, as cheap or cheaper, than some row needs.

    If all of those others are taken, the choice is needed by no row; else one of them can stand in its place.
    """
    if matrix.shape[1] > _COMPARED:
        return matrix.any(axis=0)
    dominated = _within(matrix.T) & (price[:, None] >= price)
    return _yielding(dominated).sum(axis=1) < np.where(matrix, need[:, None], 0).max(axis=0, initial=0)


def _within(lines: np.ndarray) -> np.ndarray:
    """Whether each line lies in each other one; no line in itself."""
    cells = lines.astype(np.float32)
    within = cells @ cells.T == cells.sum(axis=1)[:, None]
    np.fill_diagonal(within, False)
    return within


def _yielding(to: np.ndarray) -> np.ndarray:
    """Who yields to whom: of two that could yield to each other only the later one does."""
    return to & (~to.T | np.tri(len(to), k=-1, dtype=bool))
