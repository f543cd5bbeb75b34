"""Events that were under way in each period: those that certainly were, and those that may have been.

The modelling choice: an event with uncertain ends is no fraction of an event. It was certainly under way in a period
if it was on every reading of its date, and possibly if it was on one; how many there were lies between the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Day
from typing import Any, Literal

import numpy as np
import pandas as pd

from r2p_analysis import dates
from r2p_analysis.chronology.alike import are_days, ordinal, period_in_engine, refuse_reversed
from r2p_analysis.chronology.engines import N_ROWS, Held, collected, distinct, held, known, read_each
from r2p_analysis.chronology.groups import every_pair, grouped, key_columns
from r2p_analysis.chronology.spread import MONTHS, PERIODS, period_index, periods_of
from r2p_analysis.schema import one_of

_BEGIN, _END, _WRONG = "_begin", "_end", "_wrong"


def under_way(
    events: Any,
    period: Literal["year", "quarter", "month"] = "year",
    by: str | Sequence[str] | None = None,
    *,
    date: str | tuple[str, str] = "date_edtf",
) -> pd.DataFrame:
    r"""Count the events that were under way in each period: certainly, and possibly.

    Parameters
    ----------
    events : pandas.DataFrame, table of another engine, str or path-like
        As for `counts_by_period`.
    period : {"year", "quarter", "month"}, default "year"
        Length of a period.
    by : str or sequence of str, optional
        Columns to split the counts by.
    date : str or tuple of (str, str), default "date_edtf"
        Column with EDTF dates, or with days; or two columns, of the day on which an event began and of that on which
        it ended, both of a date type or text such as ``2014-09-08``. An empty one of the two is an open end.

    Returns
    -------
    pandas.DataFrame
        Index: the columns of `by`, if any, then ``period``, every one from the first to the last that a date names.
        Columns: ``n_certain`` and ``n_possible``, which includes the certain ones. An open end reaches, possibly,
        over all periods of the table on its side, and no farther.
        ``.attrs["n_left_out"]`` is the number of events without a date, not in the table.

    Raises
    ------
    ValueError, TypeError, ImportError, FileNotFoundError
        As for `counts_by_period`.

    See Also
    --------
    counts_by_period : Count each event once, where it begins.

    Notes
    -----
    With first days in :math:`[a, b]` and last days in :math:`[c, d]`, an event is certainly under way in a period
    that begins no later than :math:`c` and ends no earlier than :math:`b`; possibly in one that begins no later than
    :math:`d` and ends no earlier than :math:`a`. The gap in a set
    (``[2012,2014]``) counts as possible.

    Examples
    --------
    >>> under_way(pd.DataFrame({"date_edtf": ["2011/2013", "2012-05/..", "[2013..2014]"]})).T
    period      2011  2012  2013  2014
    n_certain      1     2     1     0
    n_possible     1     2     3     2
    """
    months = MONTHS[one_of(period, PERIODS, "period")]
    table = held(events)
    keys = key_columns(table, by)
    rows, ends = _ends(table, keys, known([date] if isinstance(date, str) else date, table), months)
    dated = ~np.isnan(ends).all(axis=0)
    group, axis = grouped(rows, keys)
    begin, n_periods = (int(np.nanmin(ends)), int(np.ptp(ends[~np.isnan(ends)])) + 1) if dated.any() else (0, 0)
    earliest, first_latest, last_earliest, latest = ends[:, dated] - begin
    # What is open begins before all periods, or ends after them.
    possible = np.where(np.isnan(earliest), 0, earliest), np.where(np.isnan(latest), n_periods - 1, latest)
    counted = [
        _covering(*span, group[dated], rows.loc[dated, N_ROWS].to_numpy(), (len(axis), n_periods))
        for span in ((first_latest, last_earliest), possible)
    ]
    periods = period_index(begin, begin + n_periods, PERIODS[period])
    columns = {name: n.ravel() for name, n in zip(("n_certain", "n_possible"), counted, strict=True)}
    found = pd.DataFrame(columns, index=every_pair(axis, periods) if keys else periods)
    found.attrs = {**getattr(events, "attrs", {}), "n_left_out": int(rows.loc[~dated, N_ROWS].sum())}
    return found


def _covering(
    first: np.ndarray, last: np.ndarray, group: np.ndarray, n: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    """Events of each group whose span covers a period; a span that runs backwards, or has no end, covers none."""
    real = np.flatnonzero(first <= last)
    steps = np.zeros((shape[0], shape[1] + 1), dtype="int64")
    np.add.at(steps, (group[real], first[real].astype("int64")), n[real])
    np.add.at(steps, (group[real], last[real].astype("int64") + 1), -n[real])
    return steps.cumsum(axis=1)[:, :-1]


def _ends(table: Held, keys: list[str], when: list[str], months: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Groups of rows, and the periods of their four ends since January 1970, NaN where open."""
    if not isinstance(table, pd.DataFrame) and are_days(table, when):
        rows, begin, end = _of_days_in_engine(table, keys, when, months)
        return rows, _both(begin - 1970 * 12 // months, end - 1970 * 12 // months)
    rows = distinct(table, [*dict.fromkeys([*keys, *when])])
    if len(when) == 1:
        values = read_each(rows[when[0]], rows[N_ROWS], _ends_of)
        days = np.array([value or (None,) * 4 for value in values], dtype="float64").reshape(-1, 4)
        return rows, _numbers(days.T, months)
    begin, end = (np.array(read_each(rows[name], rows[N_ROWS], ordinal), dtype="float64") for name in when)
    refuse_reversed(rows.loc[end < begin, N_ROWS], when)
    return rows, _both(_numbers(begin, months), _numbers(end, months))


def _ends_of(value: Any) -> tuple[int | None, ...]:
    if isinstance(value, Day):
        return (ordinal(value),) * 4
    first, last = (parsed := dates.parse(value)).first, parsed.last
    return tuple(day and day.toordinal() for day in (*first, *last))


def _numbers(days: np.ndarray, months: int) -> np.ndarray:
    numbers = np.full(days.shape, np.nan)
    numbers[~np.isnan(days)] = periods_of(days[~np.isnan(days)].astype("int64"), months)
    return numbers


def _both(begin: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Four ends from two: what has no end does not end before it began, and what has no beginning began by its end."""
    return np.array([begin, np.where(np.isnan(begin), end, begin), np.where(np.isnan(end), begin, end), end])


def _of_days_in_engine(table: Any, keys: list[str], when: list[str], months: int) -> tuple:
    import narwhals as nw

    begin, end = when[0], when[-1]
    is_reversed = nw.when(nw.col(end) < nw.col(begin)).then(nw.lit(1)).otherwise(nw.lit(0))
    numbers = {_BEGIN: period_in_engine(begin, months), _END: period_in_engine(end, months), _WRONG: is_reversed}
    rows = collected(table.select(*keys, **numbers).group_by(*keys, *numbers).agg(nw.len().alias(N_ROWS)))
    refuse_reversed(rows.loc[rows[_WRONG] == 1, N_ROWS], when)
    return rows, *(rows[name].to_numpy(dtype="float64", na_value=np.nan) for name in (_BEGIN, _END))
