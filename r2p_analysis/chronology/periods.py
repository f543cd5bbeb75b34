"""Periods of a calendar as runs of days, and how the possible first days of events are spread over them.

Days are numbers here, counted from 1970-01-01 as those of a `pandas.PeriodIndex` of days. A period is told by its
place on an axis whose edges are the first days of all its periods and the first day after them.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from r2p_analysis.chronology.firstdays import runs_of_bounds, runs_of_edtf
from r2p_analysis.chronology.spread import EPOCH
from r2p_analysis.schema import one_of

PeriodName = Literal["day", "week", "month", "quarter", "year", "decade"]

_FREQUENCIES = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y", "decade": "10Y"}


class Spread(NamedTuple):
    """For each event and each period that it may begin in: both, and the days that it has there and in all."""

    event: np.ndarray
    place: np.ndarray
    n_days: np.ndarray
    of_days: np.ndarray


def bounded_runs(events: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """First and last day of each run of possible first days, and the row it is of; unbounded events are left out."""
    days, row = runs_of_edtf(events) if "date_edtf" in events else runs_of_bounds(events)
    kept = ~np.isin(row, row[np.isnan(days).any(axis=1)])
    days, row = days[kept].astype("int64") - EPOCH, row[kept]
    empty = np.flatnonzero(days[:, 0] > days[:, 1])
    if len(empty):
        raise ValueError(f"row {events.index[row[empty[0]]]!r} has no day between its first and its last one")
    return days, row


def axis(first: int, last: int, period: PeriodName) -> pd.PeriodIndex:
    """Every period from that of one day to that of another; weeks begin on Monday, decades with a year that ends in 0.

    Examples
    --------
    >>> axis(0, 40, "month").astype("str").tolist()
    ['1970-01', '1970-02']
    """
    frequency = _FREQUENCIES[one_of(period, _FREQUENCIES, "period")]
    ends = pd.PeriodIndex.from_ordinals(np.array([first, last]), freq="D")
    if period == "decade":
        years = ends.year // 10 * 10 - 1970  # by number, since no text names the year 0
        decades = np.arange(years[0], years[1] + 1, 10)
        return pd.PeriodIndex.from_ordinals(decades, freq=frequency, name="period")
    begin, end = ends.asfreq(frequency)
    return pd.period_range(begin, end, name="period")


def no_period(period: PeriodName) -> pd.PeriodIndex:
    """Axis without a period."""
    frequency = _FREQUENCIES[one_of(period, _FREQUENCIES, "period")]
    return pd.PeriodIndex([], freq=frequency, name="period")


def edges(periods: pd.PeriodIndex) -> np.ndarray:
    """First day of each period, and the first day after the last one."""
    if not len(periods):
        return np.zeros(1, dtype="int64")
    begins = periods.asfreq("D", "start").astype("int64").to_numpy()
    return np.append(begins, periods[-1:].asfreq("D", "end").astype("int64").to_numpy() + 1)


def places(days: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Place of the period of each day; -1 before the axis, one too many after it."""
    return np.searchsorted(edges, days, side="right") - 1


def spread(days: np.ndarray, row: np.ndarray, edges: np.ndarray) -> Spread:
    """Spread runs of days, all of them on the axis, over its periods; an event and a period come once."""
    first, last = places(days, edges).T
    n = last - first + 1
    run = np.repeat(np.arange(len(days)), n)
    place = first[run] + np.arange(len(run)) - np.repeat(np.cumsum(n) - n, n)
    n_days = np.minimum(days[run, 1] + 1, edges[place + 1]) - np.maximum(days[run, 0], edges[place])
    # Two runs of one event (a one-of set) may lie in the same period.
    keys, which = np.unique(row[run] * len(edges) + place, return_inverse=True)
    event, place = np.divmod(keys, len(edges))
    of_days = np.bincount(row, weights=days[:, 1] - days[:, 0] + 1)
    return Spread(event, place, np.bincount(which, weights=n_days), of_days[event])


def draw_days(days: np.ndarray, row: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the first day of every event anew, each of its days as likely as another; draws x events."""
    lengths = days[:, 1] - days[:, 0] + 1
    until = np.cumsum(lengths)
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    before = (until - lengths)[starts]
    size = np.append(before[1:], until[-1:]) - before
    chosen = before + rng.integers(0, size, size=(draws, len(starts)))
    run = np.searchsorted(until, chosen, side="right")
    return days[run, 0] + chosen - (until - lengths)[run]
