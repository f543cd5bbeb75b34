"""Overlaps of matrices whose square array does not fit: block by block, reduced and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from r2p_analysis.nulls.bicm import fit
from r2p_analysis.nulls.matrix import TAILS, choose, sparse
from r2p_analysis.nulls.models import Tail
from r2p_analysis.nulls.tails import independent_cells, tables
from r2p_analysis.options import number

# Entries of a block: some tens of megabytes.
_ENTRIES = 1 << 23
# A dense product does its additions about this many times as fast as a sparse one.
_DENSE_GAIN = 150
# A correction seldom keeps more than one pair in this many; if it does, the overlaps are gone through again.
_GUESS = 50

CORRECTIONS = ("bh", "holm", "bonferroni")
_FOUND = np.dtype([("i", np.int32), ("j", np.int32), ("shared", np.int32), ("p", np.float64)])


def blocks(matrix: Any) -> Iterator[tuple[int, Any]]:
    """Yield what rows share, a block of rows at a time.

    Parameters
    ----------
    matrix : array_like, pandas.DataFrame or scipy.sparse matrix
        0/1, rows × columns.

    Yields
    ------
    tuple of int and array
        The first row of the block, ``start``, and its overlaps with the rows from ``start`` on: entry (r, c) is that
        of rows start + r and start + c, so that only c > r is a pair not seen elsewhere. The blocks are numpy arrays
        if the matrix is thick, scipy CSR arrays otherwise.

    Examples
    --------
    >>> for start, block in blocks([[1, 1, 0], [0, 1, 1], [0, 0, 1]]):
    ...     print(start, block.tolist())
    0 [[2, 1, 0], [1, 2, 1], [0, 1, 1]]
    """
    held = sparse(matrix)
    n, m = held.shape
    degree = np.bincount(held.indices, minlength=m).astype(np.int64)
    if n * n * m < _DENSE_GAIN * int((degree**2).sum()):
        yield from _dense_blocks(held)
        return
    held = held.astype(np.int32)
    work = np.concatenate([[0], np.cumsum(degree[held.indices])])[held.indptr]
    start = 0
    while start < n:
        stop = max(int(np.searchsorted(work, work[start] + _ENTRIES, side="right")) - 1, start + 1)
        block = held[start:stop] @ held[start:].T.tocsr()
        yield start, block
        start = stop


def significant_pairs(
    matrix: Any,
    level: float = 0.05,
    tail: Tail = "upper",
    correction: Literal["bh", "holm", "bonferroni"] | None = None,
) -> np.ndarray:
    """Pairs of rows that `sdsm` keeps, for matrices of which no square array fits.

    Parameters
    ----------
    matrix : array_like, pandas.DataFrame or scipy.sparse matrix
        0/1, rows × columns.
    level : float, default 0.05
        Largest p-value of a pair that is kept, in (0, 1).
    tail : {"upper", "lower", "two-sided"}, default "upper"
        As in `sdsm`. The other two have to look at pairs that share nothing, and are slower.
    correction : {"bh", "holm", "bonferroni"}, optional
        For the number of all pairs, whether they share something or not.

    Returns
    -------
    numpy.ndarray
        Structured: ``i`` < ``j`` (rows), ``shared``, ``p`` (exact, not adjusted), sorted by i and j. Made a table by
        ``pandas.DataFrame(found)``.

    Raises
    ------
    ValueError
        If `matrix` is not 0/1, or an argument is unknown or out of range.
    NotConverged
        If the model could not be fitted.

    Notes
    -----
    What is held in memory are the p-values by pair of degree classes, one block of overlaps, and the pairs that are
    kept. Without correction these are some hundredths of all pairs: of 100,000 rows, many millions.

    Examples
    --------
    >>> significant_pairs(np.eye(40, dtype=int)[np.arange(80) // 2], level=0.05)[:2]
    array([(0, 1, 1, 0.02469771), (2, 3, 1, 0.02469771)],
          dtype=[('i', '<i4'), ('j', '<i4'), ('shared', '<i4'), ('p', '<f8')])
    """
    choose("tail", tail, TAILS)
    if correction is not None:
        choose("correction", correction, CORRECTIONS)
    if not 0 < number(level, "level", "as in 0.05") < 1:
        raise ValueError(f"level must be between 0 and 1, not {level}")
    held = sparse(matrix)
    found = fit(held)
    # Rows of one class side by side: a block then needs one line of the tables at a time.
    order = np.argsort(found.row_class, kind="stable")
    classes = found.row_class[order]
    degree = np.diff(held.indptr)[np.unique(found.row_class, return_index=True)[1]]
    law = independent_cells(found.cells, np.bincount(found.column_class))
    line, begin = _lines(law, np.minimum.outer(degree, degree), tail)
    tests = held.shape[0] * (held.shape[0] - 1) // 2
    scan = partial(_scan, held[order], classes, (line, begin.astype(np.int32)), everything=tail != "upper")
    if correction in ("bh", "holm"):
        # Both need to know how many pairs have which p-value under the level; few of them are kept in the end.
        hits, counts = scan(level / _GUESS, level)
        limit = _limit(line, counts, level, tests, correction)
        hits = hits[:, line[hits[2]] <= limit] if limit <= level / _GUESS else scan(limit, limit)[0]
    else:
        limit = level / tests if correction else level
        hits, _ = scan(limit, limit)
    return _table(hits, order, line, (classes, begin))


def _dense_blocks(held: Any) -> Iterator[tuple[int, np.ndarray]]:
    n, m = held.shape
    cells = held.toarray().astype(np.float32 if m < 1 << 24 else np.float64)
    step = max(_ENTRIES // max(n, 1), 1)
    for start in range(0, n, step):
        yield start, (cells[start : start + step] @ cells[start:].T).astype(np.int32)


def _lines(law: Any, most: np.ndarray, tail: str) -> tuple[np.ndarray, np.ndarray]:
    """P-values of each pair of classes at each overlap, and where each pair's begin."""
    if tail != "two-sided":
        return tables(law, most, upper=tail == "upper")
    (up, begin), (down, _) = tables(law, most), tables(law, most, upper=False)
    return np.minimum(2 * np.minimum(up, down), 1), begin


def _scan(
    held: Any, classes: np.ndarray, p_of: tuple, keep: float, count: float, *, everything: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs with a p-value of at most `keep` (row, row, place in the line), and how many at each up to `count`."""
    line, begin = p_of
    small = line <= max(keep, count)
    found, counts = [np.empty((3, 0), dtype=np.int32)], np.zeros(len(line), dtype=np.int64)
    for start, block in blocks(held):
        bounds = np.flatnonzero(np.diff(classes[start : start + block.shape[0]], prepend=-1, append=-1))
        for first, last in pairwise(bounds):
            place = begin[classes[start + first]][classes[start:]]
            row, column, shared = _entries(block, first, last, everything)
            at = place[column] + shared
            chosen = np.flatnonzero(small[at])
            chosen = chosen[first + row(chosen) < column[chosen]]
            if count > keep:
                counts += np.bincount(at[chosen], minlength=len(line))
                chosen = chosen[line[at[chosen]] <= keep]
            if len(chosen):
                found.append(
                    np.stack([start + first + row(chosen), start + column[chosen], at[chosen]]).astype(np.int32)
                )
    return np.concatenate(found, axis=1), counts


def _entries(block: Any, first: int, last: int, everything: bool) -> tuple:
    """Give a function for the row of some entries of some rows, and the column and overlap of all."""
    if isinstance(block, np.ndarray) or everything:
        part = block[first:last]
        part = part if isinstance(part, np.ndarray) else part.toarray()
        columns = np.tile(np.arange(part.shape[1], dtype=np.int32), len(part))
        return lambda entries: entries // part.shape[1], columns, part.ravel()
    ends = block.indptr[first : last + 1]
    inside = slice(ends[0], ends[-1])

    def row(entries: np.ndarray) -> np.ndarray:
        return np.searchsorted(ends - ends[0], entries.astype(ends.dtype), side="right") - 1

    return row, block.indices[inside], block.data[inside]


def _limit(line: np.ndarray, counts: np.ndarray, level: float, tests: int, correction: str) -> float:
    """Largest p-value that the correction keeps, from how often each value occurs."""
    there = np.flatnonzero(counts)
    values, place = np.unique(line[there], return_inverse=True)
    times = np.bincount(place, weights=counts[there], minlength=len(values))
    upto = np.cumsum(times)
    if correction == "bh":
        kept = np.flatnonzero(values * tests <= level * upto)
        return float(values[kept[-1]]) if len(kept) else -1.0
    failed = np.flatnonzero(values * (tests - (upto - times)) > level)
    first = failed[0] if len(failed) else len(values)
    return float(values[first - 1]) if first else -1.0


def _table(hits: np.ndarray, order: np.ndarray, line: np.ndarray, tables_of: tuple) -> np.ndarray:
    classes, begin = tables_of
    one, two = order[hits[0]], order[hits[1]]
    i, j = np.minimum(one, two), np.maximum(one, two)
    sort = np.argsort(i * np.int64(len(order)) + j)
    found = np.empty(hits.shape[1], dtype=_FOUND)
    found["i"], found["j"], found["p"] = i[sort], j[sort], line[hits[2]][sort]
    found["shared"] = (hits[2] - begin[classes[hits[0]], classes[hits[1]]])[sort]
    return found
