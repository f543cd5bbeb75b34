"""The inner loops of `bits`, `sampler`, `lists` and `fdsm`, compiled by numba where it is installed.

Each does, word for word, what the NumPy lines beside its caller do, and all random words are drawn by the caller in
the same order: with numba and without it the numbers are the same. The machine code is kept in numba's cache; the
first call after an installation takes some seconds. Small jobs do without, since importing numba takes longer.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_1, _2, _4, _56 = (np.uint64(n) for n in (1, 2, 4, 56))
_ODD, _PAIRS, _NIBBLES = (np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F))
# Rows that are compared at once: few enough for the nearest cache.
_TILE = 256
_ONES, _ALL, _NONE = np.uint64(0x0101010101010101), np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(0)


@njit(cache=True, inline="always")
def _popcount(x):
    """Count set bits; compilers know this form and put the processor's own instruction in its place."""
    x = x - ((x >> _1) & _ODD)
    x = (x & _PAIRS) + ((x >> _2) & _PAIRS)
    x = (x + (x >> _4)) & _NIBBLES
    return (x * _ONES) >> _56


@njit(cache=True)
def halve(open_bits, drawn, left, total, taken):
    """Do one digit of `bits.subset` in place, and say how many columns are not finished."""
    words, columns = open_bits.shape
    n, mask = np.zeros(columns, dtype=np.int32), np.empty(columns, dtype=np.uint64)
    for w in range(words):
        bits, digit = open_bits[w], drawn[w]
        for c in range(columns):
            n[c] += np.int32(_popcount(bits[c] & digit[c]))
    going = 0
    for c in range(columns):
        fits = n[c] <= left[c]
        mask[c] = _ALL if fits else _NONE
        left[c] -= n[c] if fits else np.int32(0)
        total[c] = total[c] - n[c] if fits else n[c]
        going += (left[c] > 0) & (left[c] < total[c])
    for w in range(words):
        bits, digit, own = open_bits[w], drawn[w], taken[w]
        for c in range(columns):
            small = bits[c] & digit[c]
            own[c] |= small & mask[c]
            bits[c] = small ^ (bits[c] & mask[c])
    return going


@njit(cache=True)
def finish(result, where, open_bits, left, total, taken):
    """Write the columns to `result`, and return what is still to be done of those that are not finished."""
    words, columns = open_bits.shape
    going, sure = np.empty(columns, dtype=np.int64), np.empty(columns, dtype=np.uint64)
    n = 0
    for c in range(columns):
        sure[c] = _ALL if left[c] == total[c] else _NONE
        going[n] = c
        n += (left[c] > 0) & (left[c] < total[c])
    going = going[:n]
    still_open, still_taken = np.empty((words, n), dtype=np.uint64), np.empty((words, n), dtype=np.uint64)
    for w in range(words):
        bits, own = open_bits[w], taken[w]
        for c in range(columns):
            result[w, where[c]] = own[c] | (bits[c] & sure[c])
        for i in range(n):
            still_open[w, i], still_taken[w, i] = bits[going[i]], own[going[i]]
    return where[going], still_open, left[going], total[going], still_taken


@njit(cache=True)
def unshared(state, one, two):
    """Columns that only one row of each pair has, and how many of them are the first row's."""
    words, pairs = len(state), len(one)
    only, n = np.empty((words, pairs), dtype=np.uint64), np.zeros(pairs, dtype=np.int32)
    for w in range(words):
        row = state[w]
        for p in range(pairs):
            a = row[one[p]]
            only[w, p] = a ^ row[two[p]]
            n[p] += np.int32(_popcount(a & only[w, p]))
    return only, n


@njit(cache=True)
def deal(state, one, two, only, dealt):
    """Give the first row of each pair the columns dealt to it, the second one the others, in place."""
    for w in range(len(state)):
        row = state[w]
        for p in range(len(one)):
            both = row[one[p]] & row[two[p]]
            row[one[p]] = both | dealt[w, p]
            row[two[p]] = both | (only[w, p] ^ dealt[w, p])


@njit(cache=True)
def unshared_entries(columns, starts, pairs, width):
    """Find the entries that only one row of a pair has: where they stand and their columns, in one line, and how many.

    Returned with them are words of bits, one column of words for each pair: as many are set as the pair has entries.
    """
    size = 0
    for p in range(len(pairs)):
        for side in range(2):
            size += starts[pairs[p, side] + 1] - starts[pairs[p, side]]
    place, held, n = np.empty(size, np.int64), np.empty(size, columns.dtype), np.empty((len(pairs), 2), np.int32)
    mark, k, most = np.zeros(width, dtype=np.int32), 0, 0
    for p in range(len(pairs)):
        both = 4 * p + 3
        for i in range(starts[pairs[p, 0]], starts[pairs[p, 0] + 1]):
            mark[columns[i]] = both - 1
        for i in range(starts[pairs[p, 1]], starts[pairs[p, 1] + 1]):
            mark[columns[i]] = both if mark[columns[i]] == both - 1 else both - 2
        begin = k
        for side in range(2):
            before = k
            for i in range(starts[pairs[p, side]], starts[pairs[p, side] + 1]):
                place[k], held[k] = i, columns[i]
                k += mark[columns[i]] != both
            n[p, side] = k - before
        most = max(most, k - begin)
    bits = np.zeros((most // 64 + 1, len(pairs)), dtype=np.uint64)
    for w in range(len(bits)):
        for p in range(len(pairs)):
            here = n[p, 0] + n[p, 1] - 64 * w
            if here > 0:
                bits[w, p] = _ALL if here >= 64 else (_1 << np.uint64(here)) - _1
    return place[:k], held[:k], n, bits


@njit(cache=True)
def deal_entries(columns, place, held, n, chosen):
    """Write the chosen columns of each pair where its first row's stood, the others to the second's, in place."""
    at = 0
    to = np.empty(2, dtype=np.int64)
    for p in range(len(n)):
        to[1], to[0] = at, at + n[p, 0]
        for k in range(n[p, 0] + n[p, 1]):
            side = np.int64(chosen[k // 64, p] >> np.uint64(k % 64) & _1)
            columns[place[to[side]]] = held[at + k]
            to[side] += 1
        at += n[p, 0] + n[p, 1]


@njit(cache=True)
def tally(state, observed, at_least, at_most):
    """Count, above the diagonal, where a sample shares at least, at most, what is observed; words × rows."""
    words, rows = state.shape
    shared = np.empty(_TILE, dtype=np.int32)
    for begin in range(0, rows, _TILE):
        end = min(begin + _TILE, rows)
        for i in range(end):
            first = max(i, begin)
            seen, least, most = observed[i, first:end], at_least[i, first:end], at_most[i, first:end]
            own = shared[: end - first]
            own[:] = 0
            for w in range(words):
                mine, others = state[w, i], state[w, first:end]
                for j in range(len(own)):
                    own[j] += np.int32(_popcount(mine & others[j]))
            for j in range(len(own)):
                least[j] += own[j] >= seen[j]
                most[j] += own[j] <= seen[j]
