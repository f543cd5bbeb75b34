"""Exact tails of an overlap, by classes of rows that a null model cannot tell apart.

A p-value depends on the classes of the two rows and on what they share, on nothing else: each pair of classes is
computed once, up to the largest overlap that is asked of it. Both tails are sums of positive terms. An upper tail
that is taken as 1 minus the lower one has no correct digit below 1e-16; these keep their relative precision.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from r2p_analysis.nulls.matrix import dense

# Values of a block of tables that are worked on at once: they should stay in the processor's cache.
_BLOCK = 1 << 15

Law = Callable[[np.ndarray, np.ndarray, int, bool], np.ndarray]


def poisson_binomial(q: np.ndarray, most: int, *, upper: bool = True, times: np.ndarray | None = None) -> np.ndarray:
    """Tails of sums of independent 0/1 variables, many sums at once.

    Parameters
    ----------
    q : numpy.ndarray
        Probabilities, variables × sums.
    most : int
        Largest value of which a tail is wanted.
    upper : bool, default True
        P(X ≥ k), else P(X ≤ k).
    times : numpy.ndarray of int, optional
        How many variables each row of `q` stands for; one each without it.

    Returns
    -------
    numpy.ndarray
        Of shape (most + 1, sums); row k is the tail at k.

    Examples
    --------
    Two coins, one of them bent: P(X ≥ 0), P(X ≥ 1), P(X ≥ 2).

    >>> poisson_binomial(np.array([[0.5], [0.2]]), 2)[:, 0].round(3).tolist()
    [1.0, 0.6, 0.1]
    """
    # Row 0 stands for k = -1 (lower) or 0 (upper), whose tail no variable changes.
    table = np.zeros((most + (1 if upper else 2), q.shape[1]))
    if upper:
        table[0] = 1.0
    else:
        table[1:] = 1.0
    convolve(table, q, times, 0 if upper else len(table) - 1)  # rows past the number of variables so far are still 0
    return table if upper else table[1:]


def convolve(table: np.ndarray, q: np.ndarray, times: np.ndarray | None = None, done: int | None = None) -> None:
    """Add 0/1 variables to sums whose tails are known, in place.

    Parameters
    ----------
    table : numpy.ndarray
        Tails, values × sums; row 0 is a value whose tail no variable changes.
    q, times : numpy.ndarray
        As for `poisson_binomial`.
    done : int, optional
        Rows after the first that are not 0; all without it.

    Examples
    --------
    >>> table = np.array([[1.0], [0.5], [0.0]])
    >>> convolve(table, np.array([[0.2]]))
    >>> table[:, 0].round(3).tolist()
    [1.0, 0.6, 0.1]
    """
    times = np.ones(len(q), dtype=np.int64) if times is None else times
    done = len(table) - 1 if done is None else done
    change = np.empty_like(table[1:])
    for chance, repeated in zip(q, times, strict=True):
        for _ in range(repeated):
            done = min(done + 1, len(change))
            part = change[:done]
            np.subtract(table[:done], table[1 : done + 1], out=part)
            np.multiply(part, chance, out=part)
            np.add(table[1 : done + 1], part, out=table[1 : done + 1])


def independent_cells(cells: np.ndarray, times: np.ndarray) -> Law:
    """Law of the overlap of two classes of rows whose cells are independent: Poisson-binomial.

    Parameters
    ----------
    cells : numpy.ndarray
        Probabilities, row classes × column classes.
    times : numpy.ndarray of int
        Columns in each class.

    Returns
    -------
    callable
        ``law(first, second, most, upper)`` gives the tails at 0 to `most`, values × pairs of classes.

    Examples
    --------
    >>> law = independent_cells(np.array([[0.5, 1.0]]), np.array([1, 1]))
    >>> law(np.array([0]), np.array([0]), 2, True)[:, 0].tolist()
    [1.0, 1.0, 0.25]
    """
    columns = np.ascontiguousarray(cells.T)

    def law(first: np.ndarray, second: np.ndarray, most: int, upper: bool) -> np.ndarray:
        return poisson_binomial(columns[:, first] * columns[:, second], most, upper=upper, times=times)

    return law


def tables(law: Law, most: np.ndarray, *, upper: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Tails of every pair of classes, each up to a value of its own.

    Parameters
    ----------
    law : callable
        As `independent_cells` gives one.
    most : numpy.ndarray of int
        Symmetric, classes × classes: the largest overlap of which the tail is wanted; -1 for none.
    upper : bool, default True
        P(X ≥ k), else P(X ≤ k).

    Returns
    -------
    tuple of numpy.ndarray
        Tails in one line, and where each pair's begin (classes × classes): the tail of classes a, b at k is
        ``line[begin[a, b] + k]``.

    Examples
    --------
    >>> line, begin = tables(independent_cells(np.array([[0.5, 1.0]]), np.array([1, 1])), np.array([[2]]))
    >>> line.tolist(), begin.tolist()
    ([1.0, 1.0, 0.25], [[0]])
    """
    first, second = np.triu_indices(len(most))
    wanted = most[first, second]
    order = np.argsort(-wanted, kind="stable")
    order = order[wanted[order] >= 0]
    begin = np.zeros(most.shape, dtype=np.int64)
    first, second, wanted = first[order], second[order], wanted[order]
    ends = np.cumsum(wanted + 1)
    line = np.empty(int(ends[-1]) if len(ends) else 0)
    begin[first, second] = begin[second, first] = ends - wanted - 1

    def work(block: slice) -> None:
        height = np.arange(int(wanted[block].max()) + 1)
        tails = law(first[block], second[block], int(height[-1]), upper)
        line[ends[block][0] - wanted[block][0] - 1 : ends[block][-1]] = tails.T[height <= wanted[block, None]]

    # Each block writes a part of its own, so that the number of threads changes nothing. NumPy lets go of the
    # interpreter's lock while it computes.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(work, _blocks(wanted)))
    return line, begin


def p_values(shared: np.ndarray, classes: np.ndarray, law: Law, tail: str) -> np.ndarray:
    """P-value of every pair of rows at the overlap given for it.

    Parameters
    ----------
    shared : numpy.ndarray of int
        Overlap of each pair of rows, square; the diagonal is not read.
    classes : numpy.ndarray of int
        Class of each row.
    law : callable
        As `independent_cells` gives one.
    tail : {"upper", "lower", "two-sided"}
        At least that much, at most that much, or twice the smaller of the two, at most 1.

    Returns
    -------
    numpy.ndarray
        Square, NaN on the diagonal.

    Examples
    --------
    >>> law = independent_cells(np.array([[0.5, 1.0]]), np.array([1, 1]))
    >>> p_values(np.array([[0, 2], [2, 0]]), np.array([0, 0]), law, "upper")
    array([[ nan, 0.25],
           [0.25,  nan]])
    """
    if tail == "two-sided":
        smaller = np.minimum(p_values(shared, classes, law, "upper"), p_values(shared, classes, law, "lower"))
        return np.minimum(2 * smaller, 1)
    if len(shared) < 2:  # no pair, and no table to take from
        return np.full(shared.shape, np.nan)
    line, begin = tables(law, _most(shared, classes), upper=tail == "upper")
    found = np.empty(shared.shape)
    for row, own in enumerate(classes):
        np.take(line, np.take(begin[own], classes) + shared[row], out=found[row], mode="clip")
    np.fill_diagonal(found, np.nan)
    return found


def shared_counts(matrix: Any) -> np.ndarray:
    """How many columns each pair of rows shares; the diagonal has the degrees.

    Parameters
    ----------
    matrix : array_like, pandas.DataFrame or scipy.sparse matrix
        0/1, rows × columns.

    Returns
    -------
    numpy.ndarray
        Of dtype int32, square.

    Examples
    --------
    >>> shared_counts([[1, 1, 0], [0, 1, 1]])
    array([[2, 1],
           [1, 2]], dtype=int32)
    """
    # float32 counts exactly to 2**24, and its product is the fastest that there is.
    held = dense(matrix)
    held = held.astype(np.float32 if held.shape[1] < 1 << 24 else np.float64)
    return (held @ held.T).astype(np.int32)


def _blocks(wanted: np.ndarray) -> Iterator[slice]:
    """Blocks of pairs, sorted by falling height, whose tables stay in the processor's cache."""
    at = 0
    while at < len(wanted):
        size = max(_BLOCK // (int(wanted[at]) + 1), 64)
        yield slice(at, min(at + size, len(wanted)))
        at += size


def _most(shared: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Largest overlap of each pair of classes, -1 where there is no pair."""
    order = np.argsort(classes, kind="stable")
    starts = np.flatnonzero(np.diff(classes[order], prepend=-1))
    by_row = np.empty((len(starts), len(classes)), dtype=shared.dtype)
    cleared = shared.copy()
    np.fill_diagonal(cleared, -1)
    for number, rows in enumerate(np.split(order, starts[1:])):
        by_row[number] = cleared[rows].max(0)
    return np.maximum.reduceat(by_row[:, order], starts, axis=1)
