"""`nodes.visit` in machine code, by numba where it is installed: word for word what the NumPy lines do.

The machine code is kept in numba's cache; the first call after an installation takes some seconds.
"""

from __future__ import annotations

import numpy as np
from numba import njit

DEAD = -2


@njit(cache=True)
def visit(
    rows, starts, columns, row_starts, price, chosen, free, need, multipliers, limit, highest, half, rounds, again
):
    """Settle a node in place; the choice to branch on, -1 where nothing is left to cover, `DEAD` where no cover is.

    `rows` and `columns` are the entries of the matrix, choice by choice and row by row, the others where each begins.
    """
    n_rows, n_choices = len(need), len(price)
    spare, slope, trial, best = np.empty(n_rows), np.empty(n_rows), np.empty(n_rows), np.empty(n_rows)
    reduced, open_choices = np.empty(n_choices), np.empty(n_choices, dtype=np.int64)
    open_rows, open_starts = np.empty(len(rows), dtype=np.int32), np.empty(n_choices + 1, dtype=np.int64)
    while True:
        slack = limit
        for c in range(n_choices):
            if chosen[c]:
                slack -= price[c]
        if slack < 0:
            return DEAD
        # Entries of open rows and choices, side by side: the steps below pass over them again and again.
        for r in range(n_rows):
            spare[r] = -need[r]
        n_open, n_entries = 0, 0
        for c in range(n_choices):
            if free[c]:
                open_choices[n_open], open_starts[n_open] = c, n_entries
                n_open += 1
                for i in range(starts[c], starts[c + 1]):
                    r = rows[i]
                    spare[r] += 1
                    open_rows[n_entries] = r
                    n_entries += need[r] > 0
        open_starts[n_open] = n_entries
        is_covered, is_forced = True, False
        for r in range(n_rows):
            if need[r] > 0:
                is_covered = False
                if spare[r] < 0:
                    return DEAD
                is_forced = is_forced or spare[r] == 0
        if is_covered:
            return -1
        if is_forced:
            for r in range(n_rows):
                slope[r] = need[r]  # what was open before anything is taken: what is forced hangs on no order
            for r in range(n_rows):
                if slope[r] > 0 and spare[r] == 0:
                    for i in range(row_starts[r], row_starts[r + 1]):
                        if free[columns[i]]:
                            _take(columns[i], rows, starts, chosen, free, need)
            continue

        top, pace = -np.inf, 1.0
        for r in range(n_rows):
            trial[r] = best[r] = multipliers[r]
        for _ in range(rounds):
            value = _bound(open_rows, open_starts, open_choices, n_open, price, need, trial, reduced)
            if value > top:
                top = value
                for r in range(n_rows):
                    best[r] = trial[r]
            else:
                pace /= 2
            for r in range(n_rows):
                slope[r] = need[r]
            for j in range(n_open):
                if reduced[j] < 0:
                    for i in range(open_starts[j], open_starts[j + 1]):
                        slope[open_rows[i]] -= 1
            length = 0.0
            for r in range(n_rows):
                if need[r] > 0:
                    length += slope[r] * slope[r]
            if value > slack or length == 0:
                break
            step = pace * (slack + half - value) / length
            for r in range(n_rows):
                if need[r] > 0:
                    moved = np.floor(trial[r] + step * slope[r])
                    trial[r] = 0.0 if moved < 0 else highest if moved > highest else moved
        rounds = again
        for r in range(n_rows):
            multipliers[r] = best[r]
        room = slack - _bound(open_rows, open_starts, open_choices, n_open, price, need, multipliers, reduced)
        if room < 0:
            return DEAD
        is_moved = False
        for j in range(n_open):
            c = open_choices[j]
            if reduced[j] > room:
                is_moved, free[c] = True, False
            elif -reduced[j] > room:
                is_moved = True
                _take(c, rows, starts, chosen, free, need)
        if not is_moved:
            return _promising(open_rows, open_starts, open_choices, n_open, need, spare, reduced)


@njit(cache=True)
def _take(c, rows, starts, chosen, free, need):
    chosen[c], free[c] = True, False
    for i in range(starts[c], starts[c + 1]):
        need[rows[i]] -= 1


@njit(cache=True)
def _bound(open_rows, open_starts, open_choices, n_open, price, need, multipliers, reduced):
    """Lower bound on the price of covers; writes the reduced prices of what is free."""
    value = 0.0
    for r in range(len(need)):
        if need[r] > 0:
            value += multipliers[r] * need[r]
    for j in range(n_open):
        own = price[open_choices[j]]
        for i in range(open_starts[j], open_starts[j + 1]):
            own -= multipliers[open_rows[i]]
        reduced[j] = own
        if own < 0:
            value += own
    return value


@njit(cache=True)
def _promising(open_rows, open_starts, open_choices, n_open, need, spare, reduced):
    """Of the row that has the fewest choices to spare, the choice with the least reduced price."""
    fewest, row = np.inf, -1
    for r in range(len(need)):
        if need[r] > 0 and spare[r] < fewest:
            fewest, row = spare[r], r
    least, one = np.inf, -1
    for j in range(n_open):
        if reduced[j] < least:
            for i in range(open_starts[j], open_starts[j + 1]):
                if open_rows[i] == row:
                    least, one = reduced[j], open_choices[j]
    return one
