"""Uncertain first days spread over periods, in whole numbers as far as they go.

A date whose D possible days lie in several periods adds d/D to each of them. Days are added up as whole numbers for
each D, and each cell is rounded once, so that neither the order of the events nor the engine that counted them
leaves a trace in the last digit.
"""

from __future__ import annotations

from itertools import pairwise
from math import fsum
from typing import NamedTuple

import numpy as np
import pandas as pd

EPOCH = 719_163  # the ordinal of 1 January 1970
PERIODS = {"year": "Y", "quarter": "Q", "month": "M"}
MONTHS = {"year": 12, "quarter": 3, "month": 1}


class Spans(NamedTuple):
    """Dates that are alike, an array each: the periods that they reach over, and what is needed to spread them.

    Attributes
    ----------
    first, last : numpy.ndarray of int
        Number of the first and last period, from that of January 1970 on.
    n_days : numpy.ndarray of int
        Possible days of one date; 1 also where more of them, without a gap, lie in one period.
    n : numpy.ndarray of int
        Events with such a date.
    low, high : numpy.ndarray of int
        Sums, over these events, of the ordinals of the first and last possible day; not read where `n_days` is 1.
    """

    first: np.ndarray
    last: np.ndarray
    n_days: np.ndarray
    n: np.ndarray
    low: np.ndarray
    high: np.ndarray


def periods_of(day: np.ndarray, months: int) -> np.ndarray:
    """Numbers of the periods that days (ordinals) lie in."""
    return (day - EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype("int64") // months


def period_index(begin: int, end: int, freq: str) -> pd.PeriodIndex:
    """Periods from one number up to before another."""
    return pd.PeriodIndex.from_ordinals(np.arange(begin, end), freq=freq, name="period")


def expected(group: np.ndarray, found: Spans, months: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Group, period and expected number of events, for each cell that has any, in order.

    Examples
    --------
    Two events on one of two days, the second of which is in the next month.

    >>> day = 735_963  # 31 December 2015
    >>> found = Spans(*np.array([[551], [552], [2], [2], [2 * day], [2 * (day + 1)]]))
    >>> [cells.tolist() for cells in expected(np.array([0]), found, months=1)]
    [[0, 0], [551, 552], [1.0, 1.0]]
    """
    first, last, n_days, n, low, high = found
    ends = np.flatnonzero(last > first)
    rows, period = _between(first, last)
    in_first = np.where(last > first, n * _start(first + 1, months) - low, high - low + n)
    in_last = high + n - n * _start(last, months)
    length = _start(period + 1, months) - _start(period, months)
    parts = pd.DataFrame({
        "group": np.concatenate([group, group[ends], group[rows]]),
        "period": np.concatenate([first, last[ends], period]),
        "n_days": np.concatenate([n_days, n_days[ends], n_days[rows]]),
        "days": np.concatenate([np.where(n_days == 1, n, in_first), in_last[ends], n[rows] * length]),
    })  # fmt: skip
    return _rounded_once(parts.groupby(["group", "period", "n_days"])["days"].sum().reset_index())


def _between(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each period between a first and a last one, with the row that it is of."""
    n = np.maximum(last - first - 1, 0)
    rows = np.repeat(np.arange(len(n)), n)
    return rows, first[rows] + 1 + np.arange(len(rows)) - np.repeat(np.cumsum(n) - n, n)


def _rounded_once(sums: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    group, period = sums["group"].to_numpy(), sums["period"].to_numpy()
    new = np.r_[True, (np.diff(group) != 0) | (np.diff(period) != 0)][: len(sums)]
    starts = np.flatnonzero(new)
    shares = (sums["days"] / sums["n_days"]).tolist()
    cells = [fsum(shares[a:b]) for a, b in pairwise([*starts.tolist(), len(shares)])]
    return group[starts], period[starts], np.array(cells, dtype="float64")


def _start(period: np.ndarray, months: int) -> np.ndarray:
    return (period * months).astype("datetime64[M]").astype("datetime64[D]").astype("int64") + EPOCH
