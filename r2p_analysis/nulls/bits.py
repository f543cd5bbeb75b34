"""Rows of a 0/1 matrix as 64-bit words: packed, counted, and dealt out at random.

Words come first and rows second: a sum over the words of a row then runs along all rows at once.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np

# Words that a job passes over from which the compiled loops pay: importing numba takes a third of a second.
_WORTH = 1 << 22


def pack(matrix: np.ndarray) -> np.ndarray:
    """Rows as columns of 64-bit words: words × rows."""
    words = -(-matrix.shape[1] // 64)
    wide = np.zeros((len(matrix), words * 8), dtype=np.uint8)
    packed = np.packbits(matrix, axis=1, bitorder="little")
    wide[:, : packed.shape[1]] = packed
    return np.ascontiguousarray(wide.view("<u8").T.astype(np.uint64))


def unpack(state: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Undo `pack` for matrices of one shape that stand side by side: matrices × rows × columns."""
    rows = np.ascontiguousarray(state.T.astype("<u8")).view(np.uint8)
    cells = np.unpackbits(rows, axis=1, count=shape[1], bitorder="little")
    return cells.view(bool).reshape(-1, *shape)


def compiled_loops(words: int) -> ModuleType | None:
    """Give `nulls.compiled` where numba is installed and a job passes over so many words that it pays, else None."""
    if words < _WORTH:
        return None
    try:
        from r2p_analysis.nulls import compiled
    except ImportError:
        return None
    return compiled


def subset(bits: np.ndarray, size: np.ndarray, rng: np.random.Generator, loops: ModuleType | None = None) -> np.ndarray:
    """Draw, in each column of words, a uniform subset of the set bits, of the size wanted.

    Every bit has a random number, written in binary and drawn digit by digit as far as it matters; the smallest
    numbers are taken. `loops` are `compiled_loops`, which give the same.
    """
    result = np.zeros_like(bits)
    where, taken, open_bits = np.arange(bits.shape[1]), np.zeros_like(bits), bits
    left, total = size, count(bits)
    if loops:
        open_bits, left = bits.copy(), size.astype(np.int32)
        while len(where):
            going = loops.halve(open_bits, rng.bit_generator.random_raw(open_bits.shape), left, total, taken)
            if 2 * going <= len(where):
                where, open_bits, left, total, taken = loops.finish(result, where, open_bits, left, total, taken)
        return result
    while len(where):
        small = open_bits & rng.bit_generator.random_raw(open_bits.shape)
        n = count(small)
        fits = n <= left
        mask = np.negative(fits, dtype=np.int64).view(np.uint64)  # all bits, or none
        taken |= small & mask
        open_bits = small ^ (open_bits & mask)
        left = left - n * fits
        total = np.where(fits, total - n, n)
        going = (left > 0) & (left < total)
        if 2 * np.count_nonzero(going) <= len(where):  # finished ones come to no harm meanwhile
            sure = np.negative(total == left, dtype=np.int64).view(np.uint64)
            result[:, where] = taken | (open_bits & sure)
            where, left, total = where[going], left[going], total[going]
            taken, open_bits = np.compress(going, taken, axis=1), np.compress(going, open_bits, axis=1)
    return result


def count(bits: np.ndarray) -> np.ndarray:
    """Set bits of each column of words."""
    return np.add.reduce(np.bitwise_count(bits), axis=0, dtype=np.int32)
