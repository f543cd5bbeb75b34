"""Matrices with the very margins of a given one, drawn uniformly: curveball trades on rows of bits.

In a round all rows are paired at random and every pair trades: the columns that only one of the two has are dealt
out anew, each row getting as many as it had. Any deal can be undone by the next one, so that in the long run every
matrix with these margins is as likely as any other. Several chains run side by side, each from the given matrix.

Where structural cells bar a trade, trades alone may not lead everywhere. Each round then ends in a walk from row to
column over a free 0 and on to a row over a free 1, until a row is met again; if it is the first one, the cells
passed are flipped. A walk back over the flipped cells is as likely, and walks lead everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np

from r2p_analysis.nulls import lists
from r2p_analysis.nulls.bits import compiled_loops, count, pack, subset, unpack
from r2p_analysis.nulls.matrix import dense, sparse, structural_mask
from r2p_analysis.options import generator, whole

# Words that one round works on: enough to make the cost of a call to NumPy small, few enough for the cache.
_WORDS = 1 << 14
_SAMPLES_PER_CHAIN = 32


def samples(
    matrix: Any,
    n: int,
    rng: np.random.Generator,
    *,
    structural: Any = None,
    burn_in: int | None = None,
    thinning: int | None = None,
) -> Iterator[np.ndarray]:
    """Draw matrices with the same margins, for any statistic.

    Parameters
    ----------
    matrix : array_like, pandas.DataFrame or scipy.sparse matrix
        0/1, rows × columns.
    n : int
        How many, 1 or more.
    rng : numpy.random.Generator
        Source of the seeds.
    structural : array_like of bool, optional
        True where a cell keeps the value that `matrix` has there.
    burn_in, thinning : int, optional
        Rounds of trades before the first matrix of a chain, and from one to the next; each row takes part in one
        trade a round. Without them `schedule` chooses.

    Yields
    ------
    numpy.ndarray or scipy.sparse.csr_array
        Of dtype bool, the shape of `matrix`. Successive ones come from different chains. A sparse matrix with fewer
        than one tie in 64 cells and nothing structural gives sparse ones, from one chain.

    Raises
    ------
    ValueError
        If `matrix` is not 0/1, `structural` is not such a mask, or a number is too small.

    Notes
    -----
    Trades of all rows at once are uniform as single trades are [1]_ [2]_ [3]_.

    References
    ----------
    .. [1] Strona, Nappo, Boccacci, Fattorini and San-Miguel-Ayanz (2014), Nature Communications 5, 4114.
       https://doi.org/10.1038/ncomms5114
    .. [2] Carstens (2015), Phys. Rev. E 91, 042812. https://doi.org/10.1103/PhysRevE.91.042812
    .. [3] Carstens, Hamann, Meyer, Penschuck, Tran and Wagner (2018), ESA 2018, LIPIcs 112, 11.
       https://doi.org/10.4230/LIPIcs.ESA.2018.11

    Examples
    --------
    >>> drawn = list(samples([[1, 1, 0], [0, 0, 1]], 5, np.random.default_rng(1)))
    >>> {tuple(m.sum(0).tolist()) for m in drawn}, {tuple(m.sum(1).tolist()) for m in drawn}
    ({(1, 1, 1)}, {(2, 1)})
    """
    check_number(n)
    generator(rng)
    if hasattr(matrix, "tocsr") and structural is None and lists.thin(held := sparse(matrix)):
        yield from lists.draw(held, n, int(rng.integers(2**63)), schedule(held.shape[0], burn_in, thinning))
        return
    held = dense(matrix)
    rounds = schedule(len(held), burn_in, thinning)
    fixed = structural_mask(structural, held.shape)
    if not held.size:
        yield from (held.copy() for _ in range(n))
        return
    for size, seed in chunks(held, n, rng):
        for state in states(held, fixed, size, seed, rounds):
            yield from unpack(state, held.shape)


def schedule(rows: int, burn_in: int | None = None, thinning: int | None = None) -> tuple[int, int]:
    """Rounds of trades before the first sample of a chain and between two.

    Few rows have few partners, and need more rounds: 5 + 100 / rows between samples, ten times that at first.

    Examples
    --------
    >>> schedule(18), schedule(200, thinning=7)
    ((100, 10), (70, 7))
    """
    thinning = 5 + 100 // max(rows, 1) if thinning is None else whole(thinning, "thinning", 1)
    burn_in = 10 * thinning if burn_in is None else whole(burn_in, "burn_in", 0)
    return burn_in, thinning


def chain_count(shape: tuple[int, int]) -> int:
    """Chains that run side by side: many for a small matrix, one for a large one."""
    return int(np.clip(_WORDS // max(shape[0] // 2 * -(-shape[1] // 64), 1), 1, 256))


def chunks(matrix: np.ndarray, n: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Split `n` samples into chunks of a size that depends on the matrix alone, each with a seed of its own."""
    check_number(n)
    generator(rng)
    size = chain_count(matrix.shape) * _SAMPLES_PER_CHAIN
    sizes = [size] * (n // size) + [n % size] * (n % size > 0)
    return list(zip(sizes, rng.integers(2**63, size=len(sizes)).tolist(), strict=True))


def check_number(n: int) -> None:
    """Raise ValueError if there is nothing to draw."""
    whole(n, "number of samples", 1)


def states(
    matrix: np.ndarray, fixed: np.ndarray | None, size: int, seed: int, rounds: tuple[int, int]
) -> Iterator[np.ndarray]:
    """Samples of one chunk as `bits.pack` has them, one of each chain side by side; valid until the next are drawn."""
    rng = np.random.Generator(np.random.SFC64(seed))
    chains = min(chain_count(matrix.shape), size)
    state = np.tile(pack(matrix), chains)
    free = None if fixed is None else pack(~fixed)
    wait, thinning = rounds
    n_rounds = wait + thinning * -(-size // chains)
    loops = compiled_loops(n_rounds * state.size)
    while size > 0:
        for _ in range(wait + thinning):
            play(state, chains, rng, free, loops)
        wait = 0
        yield state[:, : size * len(matrix)]
        size -= chains


def play(
    state: np.ndarray,
    chains: int,
    rng: np.random.Generator,
    free: np.ndarray | None = None,
    loops: ModuleType | None = None,
) -> None:
    """Play one round in every chain, in place: all rows paired and trading, then a walk if cells are structural."""
    rows = state.shape[1] // chains
    order = rng.permuted(np.tile(np.arange(rows), (chains, 1)), axis=1)
    order += np.arange(chains)[:, None] * rows
    first, second = order[:, : rows // 2].ravel(), order[:, rows // 2 : rows // 2 * 2].ravel()
    step = max(_WORDS // max(len(state), 1), 1)
    for at in range(0, len(first), step):
        one, two = first[at : at + step], second[at : at + step]
        if loops and free is None:
            only, n = loops.unshared(state, one, two)
            loops.deal(state, one, two, only, subset(only, n, rng, loops))
            continue
        a, b = np.take(state, one, axis=1), np.take(state, two, axis=1)
        only = a ^ b
        if free is not None:
            only &= free[:, one % rows] & free[:, two % rows]
        dealt = subset(only, count(a & only), rng, loops)
        dealt ^= a & only  # what changes
        state[:, one] = a ^ dealt
        state[:, two] = b ^ dealt
    if free is not None:
        _walk(state, chains, free, rng)


def _walk(state: np.ndarray, chains: int, free: np.ndarray, rng: np.random.Generator) -> None:
    """Take one closed walk over free cells in every chain whose coin says so, and flip what it passed."""
    shape = free.shape[1], 64 * len(free)
    cells, may = unpack(state, shape).copy(), unpack(free, shape)[0]
    # Without the coin a walk that has one way only would flip at every round.
    alive = np.flatnonzero(rng.random(chains) < 0.5)
    start = rng.integers(shape[0], size=chains)
    seen, row = np.zeros((chains, shape[0]), dtype=bool), start.copy()
    passed: list[tuple[np.ndarray, ...]] = []
    closed = np.zeros(chains, dtype=bool)
    while alive.size:
        seen[alive, row[alive]] = True
        column, found = _pick(may[row[alive]] & ~cells[alive, row[alive]], rng)
        alive, column = alive[found], column[found]
        onward, found = _pick(may.T[column] & cells[alive, :, column], rng)
        alive, column, onward = alive[found], column[found], onward[found]
        passed.append((alive, row[alive], onward, column))
        row[alive] = onward
        closed[alive] = onward == start[alive]
        alive = alive[~seen[alive, onward]]
    for chain, here, there, column in passed:
        done = closed[chain]
        for side in (here, there):
            cells[chain[done], side[done], column[done]] ^= True
    state[:] = pack(cells.reshape(-1, shape[1]))


def _pick(choices: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw one True of each row, and say where there is any."""
    drawn = np.where(choices, rng.random(choices.shape), -1.0)
    best = drawn.argmax(1)
    return best, choices.any(1)
