"""The curveball trades of `sampler` for thin matrices: rows as lists of their columns.

With fewer than about one tie in 64 cells a row of bits is mostly empty words; a list costs what the row has. The
trade is the same, and so is what it converges to.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np

from r2p_analysis.nulls.bits import compiled_loops, subset

# Cells (pairs × columns) in which columns that both rows have are looked up at once.
_CELLS = 1 << 23


def thin(matrix: Any) -> bool:
    """Tell whether lists are the cheaper form of a checked sparse matrix."""
    return 64 * matrix.nnz < matrix.shape[0] * matrix.shape[1]


def draw(matrix: Any, n: int, seed: int, rounds: tuple[int, int]) -> Iterator[Any]:
    """Yield samples of one chain, as sparse as the matrix.

    Parameters
    ----------
    matrix : scipy.sparse.csr_array
        Checked, see `matrix.sparse`.
    n, seed : int
        How many, and the seed of the generator.
    rounds : tuple of int
        Before the first, and between two, see `sampler.schedule`.

    Yields
    ------
    scipy.sparse.csr_array
        Of dtype uint8; the columns of a row stand in no order.

    Examples
    --------
    >>> from scipy.sparse import eye_array
    >>> drawn = next(draw(eye_array(500, format="csr", dtype=np.uint8), 1, 1, (10, 5)))
    >>> int(drawn.sum(0).max()), int(drawn.sum(1).max()), bool(drawn.diagonal().sum() < 100)
    (1, 1, True)
    """
    rng = np.random.Generator(np.random.SFC64(seed))
    columns = matrix.indices.astype(np.int32)
    wait, thinning = rounds
    loops = compiled_loops((wait + n * thinning) * matrix.nnz)
    for _ in range(n):
        for _ in range(wait + thinning):
            play(columns, matrix.indptr, matrix.shape[1], rng, loops)
        wait = 0
        yield type(matrix)((matrix.data.copy(), columns.copy(), matrix.indptr), shape=matrix.shape)


def play(
    columns: np.ndarray, starts: np.ndarray, width: int, rng: np.random.Generator, loops: ModuleType | None = None
) -> None:
    """Play one round in place: all rows paired at random, every pair trading.

    Parameters
    ----------
    columns, starts : numpy.ndarray
        Columns of all rows in one line, and where each row's begin.
    width : int
        Number of columns of the matrix.
    rng : numpy.random.Generator
        Source of the pairs and deals.
    loops : module, optional
        See `bits.compiled_loops`.
    """
    pairs = rng.permutation(len(starts) - 1)
    pairs = pairs[: len(pairs) // 2 * 2].reshape(-1, 2)
    step = max(_CELLS // max(width, 1), 1)
    if loops:
        for at in range(0, len(pairs), step):
            place, held, n, bits = loops.unshared_entries(columns, starts, pairs[at : at + step], width)
            loops.deal_entries(columns, place, held, n, subset(bits, n[:, 0].copy(), rng, loops))
        return
    seen = np.empty(step * width, dtype=np.uint8)
    for at in range(0, len(pairs), step):
        _trade(columns, starts, pairs[at : at + step], seen, rng)


def _trade(
    columns: np.ndarray, starts: np.ndarray, pairs: np.ndarray, seen: np.ndarray, rng: np.random.Generator
) -> None:
    """Let pairs trade; `seen` is room for a cell of every pair and column, whatever is in it."""
    rows = pairs.ravel()
    size = starts[rows + 1] - starts[rows]
    ends = np.cumsum(size)
    place = np.arange(ends[-1]) + np.repeat(starts[rows] - ends + size, size)
    held = columns[place]
    cell = held + np.repeat(np.arange(len(pairs)) * (len(seen) // max(len(pairs), 1)), size[::2] + size[1::2])
    side = np.repeat(np.tile(np.array([1, 2], dtype=np.uint8), len(pairs)), size)
    # The second row writes over the first where both have the column; then the first does not find its own mark.
    seen[cell] = side
    seen[cell[seen[cell] != side]] = 3
    only = np.flatnonzero(seen[cell] != 3)
    place, held, side = place[only], held[only], side[only]
    n = np.diff(np.searchsorted(only, ends), prepend=0)
    dealt = _deal(n[::2], n[1::2], rng)
    columns[place[side == 1]] = held[dealt]
    columns[place[side == 2]] = held[~dealt]


def _deal(first: np.ndarray, second: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Choose, of first + second things of each pair, a uniform subset of the size of the first; in one line."""
    n = first + second
    words = int(n.max(initial=0)) // 64 + 1
    room = np.arange(64 * words) < n[:, None]
    bits = np.packbits(room, axis=1, bitorder="little").view("<u8").T.astype(np.uint64)
    chosen = subset(np.ascontiguousarray(bits), first, rng)
    flags = np.unpackbits(np.ascontiguousarray(chosen.T.astype("<u8")).view(np.uint8), axis=1, bitorder="little")
    return flags[room].view(bool)
