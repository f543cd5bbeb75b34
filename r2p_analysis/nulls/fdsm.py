"""The fixed degree sequence model: both margins kept exactly, p-values by counting sampled matrices.

It is the null model that the stochastic one stands for: nothing is kept in expectation only. It has to be sampled,
so that its p-values have an error, and none is smaller than 1 / (samples + 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from r2p_analysis.nulls.bits import compiled_loops, count, unpack
from r2p_analysis.nulls.matrix import TAILS, choose, dense, structural_mask
from r2p_analysis.nulls.models import Tail
from r2p_analysis.nulls.sampler import chain_count, chunks, schedule, states
from r2p_analysis.nulls.tails import shared_counts
from r2p_analysis.options import whole

# Words (rows × rows × words of a row) up to which overlaps are counted bit by bit rather than by a matrix product,
# whose threads would wait for each other longer than they count.
_SMALL = 1 << 19


@dataclass(frozen=True)
class Tally:
    """What was counted over the samples, for each pair of rows (square arrays).

    Attributes
    ----------
    at_least, at_most : numpy.ndarray of int
        Samples in which the pair shares at least, at most, what it shares in the data.
    at_largest, at_smallest : numpy.ndarray of int
        Samples in which it shares the most, the least, that it does in any sample or in the data. An overlap that
        no sample shows may be one that the margins of all rows rule out, so it is not counted on.
    total, squares : numpy.ndarray
        Sum of what it shares over the samples, and of its square.
    samples, chains, burn_in, thinning : int
        How the samples were drawn.
    """

    at_least: np.ndarray
    at_most: np.ndarray
    at_largest: np.ndarray
    at_smallest: np.ndarray
    total: np.ndarray
    squares: np.ndarray
    samples: int
    chains: int
    burn_in: int
    thinning: int


def fdsm(
    matrix: Any,
    samples: int,
    rng: np.random.Generator,
    tail: Tail = "upper",
    n_jobs: int = 1,
    *,
    structural: Any = None,
    burn_in: int | None = None,
    thinning: int | None = None,
) -> np.ndarray:
    """Monte Carlo p-value of every pair of rows, both margins being kept exactly.

    Parameters
    ----------
    matrix : array_like, pandas.DataFrame or scipy.sparse matrix
        0/1, rows × columns. For pairs of columns give ``matrix.T``.
    samples : int
        Matrices to draw, 1 or more. The smallest possible p-value is 1 / (samples + 1).
    rng : numpy.random.Generator
        Source of the seeds.
    tail : {"upper", "lower", "two-sided"}, default "upper"
        Sharing at least as much, at most as much, or twice the smaller of the two (at most 1).
    n_jobs : int, default 1
        Workers, through joblib: its processes here, or the backend of ``joblib.parallel_config`` (Dask, Spark).
        The seeds belong to chunks of the samples, and the result is the same for any number.
    structural : array_like of bool, optional
        True where a cell keeps the value that `matrix` has there.
    burn_in, thinning : int, optional
        See `samples`.

    Returns
    -------
    numpy.ndarray
        Square, NaN on the diagonal: (b + 1) / (n + 1), b being the samples that are as extreme [1]_.

    Raises
    ------
    ValueError
        If `matrix` is not 0/1, or an argument is unknown or too small.
    ImportError
        If `n_jobs` is not 1 and joblib is not installed.

    See Also
    --------
    pairs : The same with expectation, deviation and the error of p.

    Notes
    -----
    On a cluster, with this package installed on its workers (Dask: ``pip install dask distributed``; Spark:
    ``pip install pyspark joblibspark``, and ``PYSPARK_PYTHON`` naming the workers' interpreter)::

        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
            with Client(cluster), joblib.parallel_config("dask"):
                p = fdsm(matrix, samples, rng, n_jobs=2)

        joblibspark.register_spark()
        with joblib.parallel_config("spark"):
            p = fdsm(matrix, samples, rng, n_jobs=2)

    A worker takes a chunk of samples at a time, and there are none to share out where the samples fit into one.

    References
    ----------
    .. [1] Davison and Hinkley (1997), Bootstrap Methods and their Application, Cambridge, 4.2.
       https://doi.org/10.1017/CBO9780511802843

    Examples
    --------
    The two rows of two share one column in every matrix with these margins.

    >>> fdsm([[1, 1, 0], [1, 0, 1]], 99, np.random.default_rng(1))
    array([[nan,  1.],
           [ 1., nan]])
    """
    choose("tail", tail, TAILS)
    held, fixed, plan, rounds = _plan(matrix, samples, rng, structural, (burn_in, thinning))
    observed = shared_counts(held).astype(np.float32)
    parts = _run([(_count, (held, fixed, *job, rounds), observed, tail) for job in plan], n_jobs)
    at_least, at_most = reduce(_added, parts)
    return monte_carlo_p(at_least, at_most, samples, tail)[0]


def tally(
    matrix: Any,
    samples: int,
    rng: np.random.Generator,
    n_jobs: int = 1,
    *,
    structural: Any = None,
    burn_in: int | None = None,
    thinning: int | None = None,
) -> Tally:
    """Count over sampled matrices all that a test of pairs needs; parameters and errors as for `fdsm`.

    Returns
    -------
    Tally
        Counts and sums for every pair of rows.

    Examples
    --------
    >>> found = tally([[1, 1, 0], [1, 0, 1]], 99, np.random.default_rng(1))
    >>> int(found.at_least[0, 1]), int(found.at_largest[0, 1]), float(found.total[0, 1])
    (99, 99, 99.0)
    """
    held, fixed, plan, (burn_in, thinning) = _plan(matrix, samples, rng, structural, (burn_in, thinning))
    observed = shared_counts(held).astype(np.float32)
    parts = _run([(_count_all, (held, fixed, *job, (burn_in, thinning)), observed) for job in plan], n_jobs)
    at_least, at_most, total, squares, _, at_largest, _, at_smallest = reduce(_joined, parts)
    chains = sum(min(chain_count(held.shape), size) for size, _ in plan)
    counts = at_least, at_most, at_largest, at_smallest
    return Tally(*counts, total, squares, samples, chains, burn_in, thinning)


def monte_carlo_p(at_least: Any, at_most: Any, samples: int, tail: str) -> tuple[np.ndarray, np.ndarray]:
    """P-values from counts, with their Monte Carlo standard errors (of independent samples).

    Examples
    --------
    >>> p, error = monte_carlo_p(np.full((2, 2), 4), 0, 99, "upper")
    >>> float(p[0, 1]), round(float(error[0, 1]), 4)
    (0.05, 0.0218)
    """
    counted = {"upper": at_least, "lower": at_most, "two-sided": np.minimum(at_least, at_most)}[tail]
    p = (counted + 1) / (samples + 1)
    error = np.sqrt(p * (1 - p) / (samples + 1))
    if tail == "two-sided":
        p, error = np.minimum(2 * p, 1), 2 * error
    for array in (p, error):
        np.fill_diagonal(array, np.nan)
    return p, error


def _plan(matrix: Any, n: int, rng: np.random.Generator, structural: Any, rounds: tuple) -> tuple:
    held = dense(matrix)
    return held, structural_mask(structural, held.shape), chunks(held, n, rng), schedule(len(held), *rounds)


def _run(jobs: list[tuple], n_jobs: int) -> Iterable[list]:
    """Results of the jobs in their order, one at a time where they are done here."""
    if not whole(n_jobs, "n_jobs"):
        raise ValueError("n_jobs=0: 1 or more workers are needed, or -1 for one a core")
    if n_jobs == 1:
        return (function(*arguments) for function, *arguments in jobs)
    try:
        from joblib import Parallel, delayed
    except ImportError as error:
        raise ImportError("more than one worker needs joblib: pip install joblib, or n_jobs=1") from error
    return Parallel(n_jobs=n_jobs)(delayed(function)(*arguments) for function, *arguments in jobs)


def _overlaps(drawn: tuple) -> Iterator[np.ndarray]:
    """Overlaps of samples, some samples at a time; of each pair at least the cell above the diagonal."""
    shape = rows, _ = drawn[0].shape
    if not drawn[0].size:  # nothing to trade, nothing to share
        yield np.zeros((drawn[2], rows, rows), dtype=np.float32)
        return
    for state in states(*drawn):
        if rows * rows * len(state) > _SMALL:
            for one in unpack(state, shape):
                cells = one.astype(np.float32)
                yield (cells @ cells.T)[None]
        else:
            step = max(_SMALL // (rows * rows * len(state)), 1)
            chains = state.reshape(len(state), -1, rows)
            for at in range(0, chains.shape[1], step):
                yield _popcounts(chains[:, at : at + step])


def _popcounts(chains: np.ndarray) -> np.ndarray:
    """Overlaps by counting bits, in this thread; words × samples × rows. Half of the square is left out in part."""
    _, samples, rows = chains.shape
    found = np.zeros((samples, rows, rows), dtype=np.float32)
    step = max(rows // 4, 8)
    for at in range(0, rows, step):
        both = chains[:, :, at : at + step, None] & chains[:, :, None, at:]
        found[:, at : at + step, at:] = count(both)
    return found


def _count(drawn: tuple, observed: np.ndarray, tail: str) -> list:
    at_least, at_most = (np.zeros(observed.shape, dtype=np.int32) for _ in range(2))
    size, rows = drawn[2], len(observed)
    if loops := compiled_loops(size * rows * rows):
        whole = observed.astype(np.int32)
        for state in states(*drawn):
            for at in range(0, state.shape[1], rows):
                loops.tally(state[:, at : at + rows], whole, at_least, at_most)
        return [_mirrored(at_least), _mirrored(at_most)]
    for shared in _overlaps(drawn):
        if tail != "lower":
            at_least += (shared >= observed).sum(0, dtype=np.int32)
        if tail != "upper":
            at_most += (shared <= observed).sum(0, dtype=np.int32)
    return [_mirrored(at_least), _mirrored(at_most)]


def _count_all(drawn: tuple, observed: np.ndarray) -> list:
    counts = [np.zeros(observed.shape, dtype=np.int32) for _ in range(2)]
    sums = [np.zeros(observed.shape) for _ in range(2)]
    most = least = (observed, np.zeros(observed.shape, dtype=np.int32))
    for shared in _overlaps(drawn):
        for counted, found in zip(counts, (shared >= observed, shared <= observed), strict=True):
            counted += found.sum(0, dtype=np.int32)
        sums[0] += shared.sum(0, dtype=float)
        sums[1] += (shared**2).sum(0, dtype=float)
        most, least = _farther(np.maximum, *most, shared), _farther(np.minimum, *least, shared)
    return [_mirrored(square) for square in (*counts, *sums, *most, *least)]


def _farther(pick: np.ufunc, end: np.ndarray, n: np.ndarray, shared: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Most extreme overlap so far, and in how many samples it was met."""
    reached = pick(end, pick.reduce(shared, axis=0))
    return reached, np.where(reached == end, n, 0) + (shared == reached).sum(0, dtype=np.int32)


def _added(parts: Sequence[np.ndarray], more: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Add the counts of one chunk to those before it, so that no more than two are held."""
    return [one + other for one, other in zip(parts, more, strict=True)]


def _joined(parts: Sequence[np.ndarray], more: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Join what was counted in two chunks."""
    most = _at_the(np.maximum, parts[4:6], more[4:6])
    return [*_added(parts[:4], more[:4]), *most, *_at_the(np.minimum, parts[6:], more[6:])]


def _at_the(pick: np.ufunc, one: Sequence[np.ndarray], other: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """More extreme overlap of two chunks, and the samples that have it."""
    end = pick(one[0], other[0])
    return end, sum(np.where(own == end, n, 0) for own, n in (one, other))


def _mirrored(square: np.ndarray) -> np.ndarray:
    return np.triu(square) + np.triu(square, 1).T
