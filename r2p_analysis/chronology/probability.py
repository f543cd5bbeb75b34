"""Probability of every order of two events, their first days being independent and each of them uniform."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from r2p_analysis.chronology.engines import in_pandas
from r2p_analysis.chronology.firstdays import runs_of_bounds, runs_of_edtf, two_days

_BLOCK = 2**15


def order_probabilities(events: pd.DataFrame, support: tuple[date, date] | None = None) -> np.ndarray:
    r"""Probability, for every pair of events, that one begins on an earlier day than the other.

    Parameters
    ----------
    events : pandas.DataFrame
        Table with ``date_edtf``, or else with ``earliest`` and ``latest`` (of a date type, or text
        such as ``2014-09-08``), which are then taken as one unknown day between the two.
    support : tuple of (datetime.date, datetime.date), optional
        First and last day that an open end may mean. Undated events stay undated.

    Returns
    -------
    numpy.ndarray of float, shape (n_events, n_events)
        P(row before column), in [0, 1], in the order of the table. NaN where a row or a column has no
        date, or an open first day and there is no `support`. The diagonal is 0: nothing begins before
        itself. Off it, P(column before row) is the transpose, and P(same day) = 1 - P - P.T.

    Raises
    ------
    ValueError
        If a date cannot be read, `earliest` is after `latest`, an open date lies outside the support, or
        the columns are missing.

    See Also
    --------
    r2p_analysis.dates.p_before : One pair, as an exact fraction; its formula and what it assumes.
    event_order : Events with their bounds.

    Notes
    -----
    The closed form of `r2p_analysis.dates.p_before`, summed over the runs of one-of sets; numbers of pairs
    of days are exact in float64, so each entry is rounded once. Two reports of one event are not
    independent: merge them first.

    Examples
    --------
    >>> order_probabilities(pd.DataFrame({"date_edtf": ["2012", "2013-04", "2012-12-31", None]})).round(3)
    array([[0.   , 1.   , 0.997,   nan],
           [0.   , 0.   , 0.   ,   nan],
           [0.   , 1.   , 0.   ,   nan],
           [  nan,   nan,   nan,   nan]])
    """
    events = in_pandas(events)
    days, row = runs_of_edtf(events) if "date_edtf" in events else runs_of_bounds(events)
    days = _closed(days, support)
    empty = np.flatnonzero(days[:, 0] > days[:, 1])
    if len(empty):
        raise ValueError(f"row {events.index[row[empty[0]]]!r} has no day between its first and its last one")
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    p = _p_before(days, starts)
    if len(starts) == len(events):
        return p
    square = np.full((len(events), len(events)), np.nan)
    square[np.ix_(row[starts], row[starts])] = p
    return square


def _closed(days: np.ndarray, support: tuple[date, date] | None) -> np.ndarray:
    if support is None:
        return days
    return np.where(np.isnan(days), [day.toordinal() for day in two_days(support)], days)


def _p_before(days: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """P(row before column) of events whose runs of days begin at `starts`."""
    low, high = days.T
    n_events, n_days = len(starts), np.add.reduceat(high - low + 1, starts) if len(starts) else high
    p = np.empty((n_events, n_events))
    # In blocks of rows that stay in the processor's cache.
    step = max(1, _BLOCK // max(1, len(days)))
    for i in range(0, n_events, step):
        own = slice(starts[i], starts[i + step] if i + step < n_events else None)
        pairs = _twice_n_before(low[own, None], high[own, None], low, high)
        if len(days) > n_events:
            pairs = np.add.reduceat(np.add.reduceat(pairs, starts, axis=1), starts[i : i + step] - starts[i], axis=0)
        np.divide(pairs, 2 * n_days[i : i + step, None] * n_days, out=p[i : i + step])
    np.fill_diagonal(p, np.where(np.isnan(n_days), np.nan, 0.0))
    return p


def _twice_n_before(l1: np.ndarray, u1: np.ndarray, l2: np.ndarray, u2: np.ndarray) -> np.ndarray:
    """Twice the number of pairs of days with the first one earlier, see `r2p_analysis.dates.p_before`."""
    n_pairs = _twice_triangle(u2 - l1)
    n_pairs -= _twice_triangle(u2 - (u1 + 1))
    n_pairs -= _twice_triangle((l2 - 1) - l1)
    n_pairs += _twice_triangle((l2 - 2) - u1)
    return n_pairs


def _twice_triangle(x: np.ndarray) -> np.ndarray:
    np.maximum(x, 0, out=x)
    square = x * x
    square += x
    return square
